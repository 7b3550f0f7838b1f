package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// script is a server that answers as told, one answer a request, and counts.
type script struct {
	mu      sync.Mutex
	answers []func(http.ResponseWriter)
	got     []string
	bodies  []string
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, r.Method+" "+r.URL.EscapedPath())
	s.bodies = append(s.bodies, string(body))
	if len(s.got) > len(s.answers) {
		http.Error(w, `{"message":"one request too many"}`, http.StatusTeapot)
		return
	}
	s.answers[len(s.got)-1](w)
}

func status(code int, headers ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"message":"status %d","number":7}`, code)
	}
}

func reply(body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { fmt.Fprint(w, body) }
}

// cutOff answers with half of what it announced.
func cutOff(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "1000")
	fmt.Fprint(w, `{"number":`)
	panic(http.ErrAbortHandler)
}

// sent are the requests so far.
func (s *script) sent() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.got...)
}

// start gives a client of the script whose waits are counted, not waited.
func start(t *testing.T, answers ...func(http.ResponseWriter)) (*Client, *script, *[]time.Duration) {
	t.Helper()
	s := &script{answers: answers}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	var waits []time.Duration
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	c, err := New(Options{
		URL: server.URL, Token: "t", Repository: "caro/caro", HTTP: server.Client(), Patience: 3 * time.Minute,
		Clock: func() time.Time { return now },
		Sleep: func(_ context.Context, d time.Duration) error { waits = append(waits, d); now = now.Add(d); return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, s, &waits
}

func TestReadsAreTriedAgain(t *testing.T) {
	for name, bad := range map[string]func(http.ResponseWriter){
		"a bad gateway":             status(502),
		"an answer that breaks":     cutOff,
		"a page instead of JSON":    reply("<html>down for maintenance</html>"),
		"an empty page":             reply(""),
		"a secondary limit":         status(403, "Retry-After", "7"),
		"the primary limit":         status(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1769504440"),
		"too many requests, mutely": status(429),
	} {
		t.Run(name, func(t *testing.T) {
			c, s, waits := start(t, bad, bad, reply(`{"number":7}`))
			issue, _, err := c.Issues.Get(t.Context(), "caro", "caro", 7)
			if err != nil || issue.GetNumber() != 7 {
				t.Fatalf("got %v, %v; want issue 7", issue, err)
			}
			if len(s.sent()) != 3 || len(*waits) != 2 {
				t.Errorf("sent %d requests and waited %v; want 3 and two waits", len(s.sent()), *waits)
			}
		})
	}
}

func TestReadsGiveUp(t *testing.T) {
	bad := status(502)
	c, s, _ := start(t, bad, bad, bad, bad)
	_, _, err := c.Issues.Get(t.Context(), "caro", "caro", 7)
	if Status(err) != 502 || len(s.sent()) != tries {
		t.Errorf("got %v after %d requests; want the 502 after %d", err, len(s.sent()), tries)
	}
}

func TestWritesAreNotRepeated(t *testing.T) {
	body := "hello"
	for name, bad := range map[string]func(http.ResponseWriter){"a bad gateway": status(502), "a lost reply": cutOff} {
		t.Run(name, func(t *testing.T) {
			c, s, _ := start(t, bad, reply(`{"id":1}`))
			_, _, err := c.Issues.CreateComment(t.Context(), "caro", "caro", 7, &gh.IssueComment{Body: &body})
			var unsure *AmbiguousError
			if !errors.As(err, &unsure) || len(s.sent()) != 1 {
				t.Errorf("got %v after %d requests; want an AmbiguousError after one", err, len(s.sent()))
			}
		})
	}
}

func TestRepeatableWritesAreRepeated(t *testing.T) {
	c, s, _ := start(t, status(502), reply(`[{"name":"bug"}]`))
	labels, err := c.AddLabels(Repeatable(t.Context()), 7, []string{"bug"})
	if err != nil || len(labels) != 1 || s.bodies[0] != s.bodies[1] {
		t.Errorf("got %v, %v with bodies %q; want the label, sent twice alike", labels, err, s.bodies)
	}
}

func TestRefusedWritesAreRepeated(t *testing.T) {
	body := "hello"
	c, s, waits := start(t, status(429, "Retry-After", "3"), reply(`{"id":1}`))
	_, _, err := c.Issues.CreateComment(t.Context(), "caro", "caro", 7, &gh.IssueComment{Body: &body})
	if err != nil || len(s.sent()) != 2 || (*waits)[0] != 3*time.Second {
		t.Errorf("got %v after %d requests, waits %v; want success after two and three seconds", err, len(s.sent()), *waits)
	}
}

func TestSecondaryLimitWithoutTimeGrows(t *testing.T) {
	limited := func(w http.ResponseWriter) {
		w.WriteHeader(403)
		fmt.Fprint(w, `{"message":"You have exceeded a secondary rate limit. Please wait."}`)
	}
	c, _, waits := start(t, limited, limited, reply(`{"number":7}`))
	if _, _, err := c.Issues.Get(t.Context(), "caro", "caro", 7); err != nil {
		t.Fatal(err)
	}
	if got := *waits; len(got) != 2 || got[0] != time.Minute || got[1] != 2*time.Minute {
		t.Errorf("waited %v; want a minute, then two", got)
	}
}

func TestPatienceEnds(t *testing.T) {
	c, s, waits := start(t, status(403, "Retry-After", "3600"))
	_, _, err := c.Issues.Get(t.Context(), "caro", "caro", 7)
	var limit *LimitError
	if !errors.As(err, &limit) || limit.What != "secondary" || len(*waits) != 0 || len(s.sent()) != 1 {
		t.Errorf("got %v after %d requests and waits %v; want a LimitError at once", err, len(s.sent()), *waits)
	}
}

func TestForbiddenIsNoLimit(t *testing.T) {
	c, s, _ := start(t, status(403))
	_, _, err := c.Issues.Get(t.Context(), "caro", "caro", 7)
	err = Wrap(err, "issues: read", "read issue #%d", 7)
	var hinting interface{ Hint() string }
	if len(s.sent()) != 1 || !errors.As(err, &hinting) || !strings.Contains(hinting.Hint(), "issues: read") {
		t.Errorf("got %v after %d requests; want one request and a hint", err, len(s.sent()))
	}
	if got := err.Error(); got != "read issue #7: GitHub says 403 status 403" {
		t.Errorf("got %q", got)
	}
}

func TestPagesUntilTheLast(t *testing.T) {
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") != "3" {
			next := map[string]string{"": "2", "1": "2", "2": "3"}[r.URL.Query().Get("page")]
			w.Header().Set("Link", fmt.Sprintf(`<%s/x?page=%s>; rel="next"`, server.URL, next))
		}
		fmt.Fprint(w, `[{"name":"a"},{"name":"b"}]`)
	}))
	defer server.Close()
	c, err := New(Options{URL: server.URL, Token: "x", Repository: "caro/caro", HTTP: server.Client()})
	if err != nil {
		t.Fatal(err)
	}
	labels, err := Pages(func(o gh.ListOptions) ([]*gh.Label, *gh.Response, error) {
		return c.Issues.ListLabels(t.Context(), "caro", "caro", &o)
	})
	if err != nil || len(labels) != 6 {
		t.Errorf("got %d labels, %v; want 6", len(labels), err)
	}
}

func TestNewRefusesWhatIsNoRepository(t *testing.T) {
	for _, bad := range []string{"", "caro", "/caro", "caro/", "a/b/c", "a/b c"} {
		if _, err := New(Options{Token: "x", Repository: bad}); err == nil {
			t.Errorf("New(%q) gave no error", bad)
		}
	}
}
