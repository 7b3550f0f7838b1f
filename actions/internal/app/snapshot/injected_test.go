package snapshot

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/storetest"
)

var namedFaults = []injected{
	{name: "none", inject: func(*testing.T, *stage, int) func() { return nil }},
	{name: "mail that the server never sends to its end", inject: func(t *testing.T, s *stage, _ int) func() {
		url := s.env["IMAP_URL"]
		s.imapProxy(t)
		s.world.Inbox.Deliver(mailOf("hello", "it stalls"))
		return func() { s.env["IMAP_URL"] = url }
	}, differs: "one mail more is counted"},
	{name: "GraphQL answers {}", inject: graphQL(`{}`), blind: ofGitHub},
	{name: "GraphQL answers null", inject: graphQL(`{"data":null}`), blind: ofGitHub},
	{name: "GraphQL answers without data", inject: graphQL(`{"data":{}}`), blind: ofGitHub},
	{name: "GraphQL answers without a repository", inject: graphQL(`{"data":{"repository":null}}`), blind: ofGitHub},
	{name: "a telemetry database that is not there", inject: setting("TELEMETRY_DSN", "postgres://reader:x@127.0.0.1:1/caro"), blind: []string{"Crash rate"}},
	{name: "GitHub redirects to another host", inject: redirecting("GITHUB_API_URL")},
	{name: "Slack redirects to another host", inject: redirecting("SLACK_API_URL")},
	{name: "the registry redirects to another host", inject: redirecting("AFTERCARE_CRATES_URL"), blind: ofRegistry},
	{name: "GitHub's lists do not end", inject: endlessGitHub},
	{name: "a locked issue", inject: func(_ *testing.T, s *stage, n int) func() {
		s.repo.LockIssue("bob", n)
		return func() { s.repo.UnlockIssue("bob", n) }
	}},
	{name: "a token that may only read", inject: func(_ *testing.T, s *stage, _ int) func() {
		s.world.GitHub.Permit("ghs_reader", "issues: read", "contents: read")
		return setting("GITHUB_TOKEN", "ghs_reader")(nil, s, 0)
	}, repeats: []string{"email"}},
	{name: "labels that GitHub refuses", inject: func(_ *testing.T, s *stage, _ int) func() {
		s.repo.RefuseLabel("P0", "name is reserved")
		return func() { s.repo.RefuseLabel("P0", "") }
	}},
	{name: "a mention with an odd address", inject: func(t *testing.T, s *stage, _ int) func() {
		s.put(t, "mentions/a.csv", "source,id,author,at,url,text,score\nforum,https://news.example/?id=1&by=a@b#c,x,"+s.world.Now().Add(-time.Hour).Format(time.RFC3339)+",https://news.example/?id=1&by=a@b#c,Look at caro,9\n")
		return nil
	}, differs: "one mention more is counted"},
	{name: "a cache folder that cannot be written", inject: func(t *testing.T, s *stage, _ int) func() {
		s.put(t, "file", "x")
		return setting("AFTERCARE_CACHE", "file/facts.duckdb")(t, s, 0)
	}},
	{name: "a damaged cache", inject: func(t *testing.T, s *stage, _ int) func() {
		path := filepath.Join(s.dir, ".aftercare/facts.duckdb")
		facts, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := len(facts) / 2; i < len(facts)/2+4096; i++ {
			facts[i] ^= 0x55
		}
		if err := os.WriteFile(path, facts, 0o644); err != nil {
			t.Fatal(err)
		}
		return nil
	}},
	{name: "a head reference that is {}", inject: fault(fake.Fault{On: "github", Path: "/git/ref/", Do: fake.Object})},
	{name: "a branch that takes no commit", inject: func(_ *testing.T, s *stage, _ int) func() {
		s.repo.Protect("main", fake.GH013)
		return func() { s.repo.Protect("main", "") }
	}},
	{name: "a claim that GitHub does not let be changed", inject: fault(fake.Fault{On: "github", Method: "PATCH", Path: "/issues/comments/", Do: fake.Forbidden})},
	{name: "mail answers 421", inject: fault(fake.Fault{On: "mail", Method: "MAIL", Do: fake.Unavailable})},
	{name: "mail takes the message and says nothing", inject: fault(fake.Fault{On: "mail", Method: "DATA", Do: fake.LostReply}), repeats: []string{"email"}},
	{name: "telemetry that is not valid JSON", inject: func(t *testing.T, s *stage, _ int) func() {
		whole, err := os.ReadFile(filepath.Join(s.dir, "telemetry/a.json"))
		if err != nil {
			t.Fatal(err)
		}
		s.put(t, "telemetry/a.json", "<html>")
		return func() { s.put(t, "telemetry/a.json", string(whole)) }
	}, blind: []string{"Crash rate"}},
	{name: "a mail whose attachment repeats a trigger of redaction", inject: func(t *testing.T, s *stage, _ int) func() {
		s.world.Inbox.Deliver(enclosed("Subject: the export\n", "see the export", [2]string{repetitions(t, "token="), "Content-Type: application/gzip; name=b.json.gz"}))
		return nil
	}, differs: "one mail more is counted"},
	{name: "a telemetry database whose user may do everything", inject: func(t *testing.T, s *stage, _ int) func() {
		return setting("TELEMETRY_DSN", storetest.Postgres(t, store.Schema()))(t, s, 0)
	}, blind: []string{"Crash rate"}},
	{name: "a webhook that redirects", inject: webhook(http.StatusFound, "")},
	{name: "a webhook that answers with a page", inject: webhook(http.StatusOK, "<html>Sign in</html>")},
	{name: "GitHub echoes the token", inject: serving("GITHUB_API_URL", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, `{"message":"you sent `+r.Header.Get("Authorization")+`"}`, http.StatusTeapot)
	}), repeats: []string{"email"}, after: func(t *testing.T, s *stage) {
		for name, src := range s.repo.Files("main") {
			if strings.Contains(string(src), token) {
				t.Errorf("the token is in %s", name)
			}
		}
		if strings.Contains(s.printed.String(), token) {
			t.Error("the token is in a log, a summary or an output")
		}
	}},
	{name: "an issue that was deleted", inject: func(_ *testing.T, s *stage, n int) func() {
		s.repo.DeleteIssue(n)
		return nil
	}, undue: "PN", differs: "one issue less is counted"},
	{name: "a sentence of 64 KB", body: strings.Repeat("it would not have leaked if ", 64<<10/28), inject: func(*testing.T, *stage, int) func() { return nil }},
	{name: "a query of the user's own that does not end", inject: func(t *testing.T, s *stage, _ int) func() {
		s.put(t, "rules.yaml", strings.Replace(everything, "\ngate:", runaway, 1))
		return func() { s.put(t, "rules.yaml", everything) }
	}, program: inAProcess, long: true},
}

// unconfirmable are the faults after which nobody knows whether a mail arrived.
var unconfirmable = map[fake.Do]bool{fake.LostReply: true, fake.LostGateway: true, fake.Empty: true, fake.Truncated: true}

// ofServer is each fault of the simulated servers, at every request to one of them.
func ofServer(server string, blind []string) []injected {
	var all []injected
	for _, do := range fake.Faults() {
		f := injected{name: fmt.Sprintf("%s: %v", server, do), inject: fault(fake.Fault{On: server, Do: do, Delay: time.Millisecond})}
		if do != fake.Slow {
			f.blind = blind
		}
		if server == "github" && do == fake.Forbidden {
			f.repeats = []string{"email"}
		}
		if server == "mail" && unconfirmable[do] {
			f.repeats = []string{"email"}
		}
		all = append(all, f)
	}
	return all
}

func fault(f fake.Fault) func(*testing.T, *stage, int) func() {
	return func(_ *testing.T, s *stage, _ int) func() { s.world.Fail(f); return s.world.Heal }
}

func setting(name, value string) func(*testing.T, *stage, int) func() {
	return func(_ *testing.T, s *stage, _ int) func() {
		before, was := s.env[name]
		s.env[name] = value
		return func() {
			if s.env[name] = before; !was {
				delete(s.env, name)
			}
		}
	}
}

func serving(name string, handler http.HandlerFunc) func(*testing.T, *stage, int) func() {
	return func(t *testing.T, s *stage, _ int) func() {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		return setting(name, server.URL)(t, s, 0)
	}
}

func graphQL(body string) func(*testing.T, *stage, int) func() {
	return serving("GITHUB_GRAPHQL_URL", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, body)
	})
}

// redirecting answers each request of a client with a redirect to another host,
// which must not see a credential.
func redirecting(name string) func(*testing.T, *stage, int) func() {
	return func(t *testing.T, s *stage, _ int) func() {
		other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				t.Errorf("a credential went to another host: %s %s", r.Method, r.URL)
			}
		}))
		t.Cleanup(other.Close)
		return serving(name, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
		})(t, s, 0)
	}
}

func endlessGitHub(t *testing.T, s *stage, _ int) func() {
	address, stop, err := fake.Endless(s.env["GITHUB_API_URL"])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return setting("GITHUB_API_URL", address)(t, s, 0)
}

// webhook has the channels of Slack reached by webhooks, which answer so.
func webhook(status int, body string) func(*testing.T, *stage, int) func() {
	return func(t *testing.T, s *stage, _ int) func() {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://login.example/")
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		t.Cleanup(server.Close)
		var lifts []func()
		for _, name := range []string{"SLACK_WEBHOOK_URL_ALERTS", "SLACK_WEBHOOK_URL_MONITORING"} {
			lifts = append(lifts, setting(name, server.URL)(t, s, 0))
		}
		lifts = append(lifts, setting("SLACK_BOT_TOKEN", "")(t, s, 0))
		return func() {
			for _, lift := range lifts {
				lift()
			}
		}
	}
}

// repetitions is an export of four events with a megabyte of one text each, which
// packs to some kilobytes.
func repetitions(t *testing.T, text string) string {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	for i := range 4 {
		fmt.Fprintf(z, `{"id":"00000000-0000-4000-8000-%012x","session_id":"%016x","timestamp":"2026-01-20T10:00:00Z","type":"backend_error","error":"%s"}`+"\n", i, i, strings.Repeat(text, 1<<20/len(text)))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// inAProcess is the program that answers users' own queries in a process of its
// own, as the shipped one does.
func inAProcess(t *testing.T) Program {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Program{Queries: self, OpenDatabase: shipped.OpenDatabase}
}
