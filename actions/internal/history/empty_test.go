package history

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/github"
)

// remembered is a cache for one test.
type remembered map[string]string

func (m remembered) Get(key string) (string, bool) { value, found := m[key]; return value, found }
func (m remembered) Set(key, value string)         { m[key] = value }

// An answer without ids is refused and not remembered: the next run reads the
// branch as it is.
func TestOpen_EmptyIDsAreRefusedAndForgotten(t *testing.T) {
	for _, c := range []struct{ path, body string }{
		{"/git/ref/", `{}`}, {"/git/ref/", `{"object":null}`}, {"/git/ref/", `{"object":{"sha":""}}`}, {"/git/ref/", `{"object":{"sha":"main"}}`},
		{"/git/commits/", `{}`}, {"/git/commits/", `{"sha":"","tree":{"sha":""}}`}, {"/git/commits/", `{"tree":null}`},
	} {
		t.Run(c.path+" "+c.body, func(t *testing.T) {
			l, world := newLedger(t)
			to, _ := url.Parse(world.GitHub.URL)
			proxy, broken := httputil.NewSingleHostReverseProxy(to), true
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if broken && strings.Contains(r.URL.Path, c.path) {
					w.Header().Set("ETag", `"e"`)
					fmt.Fprint(w, c.body)
					return
				}
				proxy.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			hub, err := github.New(github.Options{URL: server.URL, Token: "x", Repository: "caro/caro", Clock: world.Now, Sleep: world.Sleep, Patience: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			cache := remembered{}
			l.Hub, l.Cache = hub, cache
			if view, err := l.Open(t.Context()); err == nil {
				t.Fatalf("read as commit %q", view.Commit())
			}
			if len(cache) > 0 {
				t.Errorf("kept in the cache: %v", cache)
			}
			broken = false
			if _, err := l.Open(t.Context()); err != nil {
				t.Errorf("the next run: %v", err)
			}
			cache[headKey+"main"] = `"e"  `
			if _, err := l.Open(t.Context()); err != nil {
				t.Errorf("with an empty id in the cache: %v", err)
			}
		})
	}
}
