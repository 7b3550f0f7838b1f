package registry

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/fake"
)

// lie is an answer that is not what it should be.
type lie struct {
	name    string
	instead []string // what an address begins with, and what is answered there
	fails   string   // the error; "" where the rest is read
	lacks   string   // why something is not known
	at      string   // the package; "" is caro
}

// run reads the package from servers that lie at one address.
func (l lie) run(t *testing.T, r Registry, good map[string]string) {
	t.Run(l.name, func(t *testing.T) {
		server := serve(t, good, l.instead)
		world := fake.New(fake.Options{})
		t.Cleanup(world.Close)
		found, err := read(t, r, world, cmp.Or(l.at, "caro"), server.URL)
		switch {
		case l.fails != "":
			if err == nil || !strings.Contains(err.Error(), l.fails) || len(found.Rows()) > 0 {
				t.Errorf("%d rows, %v; want %q", len(found.Rows()), err, l.fails)
			}
		case err != nil || !strings.Contains(found.Unsure+found.Uncounted, l.lacks) || len(found.Versions)+len(found.Counts) == 0:
			t.Errorf("%d versions, %v, unsure %q, uncounted %q; want %q", len(found.Versions), err, found.Unsure, found.Uncounted, l.lacks)
		case found.Uncounted != "" && len(found.Downloads)+len(found.Counts) > 0:
			t.Error("some downloads are told and others not: their sum would be too small")
		}
	})
}

// serve answers by the longest beginning of the address that is known.
func serve(t *testing.T, good map[string]string, instead []string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(instead) > 0 && strings.HasPrefix(r.URL.Path, instead[0]) {
			fmt.Fprint(w, instead[1])
			return
		}
		best := ""
		for begin := range good {
			if strings.HasPrefix(r.URL.Path, begin) && len(begin) > len(best) {
				best = begin
			}
		}
		if best == "" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, good[best])
	}))
	t.Cleanup(server.Close)
	return server
}

func repo(name, src string) Repo {
	return Repo{Files: fstest.MapFS{name: {Data: []byte(src)}}, Owner: "acme", Name: "rocket"}
}

// Every registry is unknown, with a reason, where it is dead, slow, sends
// something else, sends nothing, sends too much, or has no such package; and
// nothing of a name that a stranger chose changes the address.
func TestEachRegistryThatDoesNotAnswer(t *testing.T) {
	for _, r := range All() {
		for _, c := range []struct {
			name string
			do   http.HandlerFunc
			want string
		}{
			{"slow", func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() }, "does not answer"},
			{"HTML", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!doctype html><p>sorry") }, "invalid"},
			{"empty", func(http.ResponseWriter, *http.Request) {}, ""},
			{"an empty object", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }, ""},
			{"null", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "null") }, ""},
			{"huge", func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write(bytes.Repeat([]byte(" "), 1<<20+1))
			}, "over 1 MiB"},
			{"cut", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100")
				fmt.Fprint(w, "{")
			}, "broke off"},
			{"absent", http.NotFound, "has no package"},
			{"busy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, "429"},
		} {
			t.Run(r.Name+", "+c.name, func(t *testing.T) {
				t.Parallel()
				world := fake.New(fake.Options{})
				t.Cleanup(world.Close)
				server := httptest.NewServer(c.do)
				t.Cleanup(server.Close)
				o := options(world, world.Now(), server.URL)
				patience := time.Minute
				if c.name == "slow" {
					patience = 300 * time.Millisecond
				}
				o.Web = func() *web.Client {
					return &web.Client{HTTP: &http.Client{Timeout: patience}, Agent: "aftercare test", Sleep: world.Sleep, Max: 1 << 20}
				}
				found, err := r.Read(t.Context(), r.Example, o)
				if err == nil || !strings.Contains(err.Error(), c.want) || len(found.Rows()) > 0 {
					t.Errorf("%d rows, %v; want %q", len(found.Rows()), err, c.want)
				}
			})
		}
		world := fake.New(fake.Options{})
		if _, err := r.Read(t.Context(), r.Example, options(world, world.Now(), "http://127.0.0.1:1")); err == nil || !strings.Contains(err.Error(), "does not answer") {
			t.Errorf("%s, dead: %v", r.Name, err)
		}
		world.Close()
	}
}

// The list is well-formed, and the documentation holds it.
func TestTheListIsWhole(t *testing.T) {
	src, err := os.ReadFile("../../../docs/sources.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range All() {
		if seen[r.Name] || r.Title == "" || len(r.Metrics) == 0 || r.Tells == "" || r.Valid == nil || !r.Valid(r.Example) || r.read == nil || len(r.Hosts) == 0 {
			t.Errorf("%s is not complete, or there twice", r.Name)
		}
		seen[r.Name] = true
		for _, h := range r.Hosts {
			if !strings.HasPrefix(h.URL, "https://") || strings.HasSuffix(h.URL, "/") || h.Env == "" {
				t.Errorf("%s: the host %+v", r.Name, h)
			}
		}
		if row := fmt.Sprintf("| `%s` | %s | `%s` | %s |", r.Name, r.Title, r.Example, r.Tells); !strings.Contains(string(src), row) {
			t.Errorf("actions/docs/sources.md lacks the line\n%s", row)
		}
	}
}
