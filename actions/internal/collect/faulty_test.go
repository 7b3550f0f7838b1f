package collect_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// faultyServers are what a server may do in place of an answer.
var faultyServers = map[string]http.HandlerFunc{
	"slow":  func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	"lying": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"surprise":"another shape"}`) },
	"lying with a page": func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<!doctype html><title>Sign in</title>")
	},
	"empty": func(http.ResponseWriter, *http.Request) {},
	"broken off": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"hits":[`)
	},
	"huge":     func(w http.ResponseWriter, _ *http.Request) { endless(w) },
	"refusing": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) },
	"failing":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
}

// endless writes more than any answer may hold.
func endless(w io.Writer) {
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	for range 40 {
		if _, err := w.Write(blanks); err != nil {
			return
		}
	}
}

// Each place of the web that is read may be dead, slow, lying, empty or huge: that
// is one gap, which names the place, and nothing is taken in.
func TestSources_OfTheWebThatAreFaulty(t *testing.T) {
	places := map[string]func(m *collect.Mentions, address string){
		"hackernews": func(m *collect.Mentions, at string) { m.HackerNews = collect.HackerNews{URL: at, Query: "caro cli"} },
		"reddit": func(m *collect.Mentions, at string) {
			m.Reddit = collect.Reddit{URL: at, TokenURL: at + "/token", Subreddits: []string{"rust"}, Query: "caro"}
		},
		"mastodon": func(m *collect.Mentions, at string) { m.Mastodon = collect.Mastodon{URL: at, Query: "caro"} },
		"x":        func(m *collect.Mentions, at string) { m.X = collect.X{URL: at, Query: "caro", Token: fake.XToken} },
		"feeds":    func(m *collect.Mentions, at string) { m.Feeds = []collect.Feed{{Name: "Blog", URL: at + "/feed"}} },
	}
	servers := map[string]string{"dead": "http://127.0.0.1:1"}
	for name, handler := range faultyServers {
		server := httptest.NewServer(handler)
		t.Cleanup(server.CloseClientConnections)
		servers[name] = server.URL
	}
	for fault, address := range servers {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			client := func() *web.Client {
				w := fake.New(fake.Options{})
				t.Cleanup(w.Close)
				return &web.Client{HTTP: &http.Client{Timeout: 2 * time.Second}, Agent: "aftercare test", Sleep: w.Sleep}
			}
			for place, set := range places {
				_, m := elsewhere(t)
				m.Web = client
				set(&m, address)
				found, gaps, _ := m.Read(t.Context())
				if len(found) != 0 || len(gaps) != 1 || gaps[0].Table != place || gaps[0].Reason == "" || len(gaps[0].Reason) > 2000 {
					t.Errorf("%s: found %d, gaps %v", place, len(found), gaps)
				}
			}
			rows, refused, err := collect.SurveyAt(t.Context(), client(), "SURVEY_URL", address+"/s3cret", collect.Columns{At: "Timestamp"})
			if said := fmt.Sprint(refused, err); len(rows) != 0 || err == nil || !strings.Contains(said, "SURVEY_URL") || strings.Contains(said, "s3cret") {
				t.Errorf("survey: %d rows, %s", len(rows), said)
			}
		})
	}
}

// Each file that is read may be missing, lying, empty or huge: that is an error or
// a refusal which names the file, and other files are read.
func TestSources_OfFilesThatAreFaulty(t *testing.T) {
	huge := bytes.Repeat([]byte("x"), 33<<20)
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	const event = `{"id":"7d444840-9dc0-11d1-b245-5ffdce74fa01","session_id":"s","timestamp":"2026-01-26T08:00:00Z","type":"session_end"}`
	for _, c := range []struct {
		name string
		good string
		read func(files fstest.MapFS) (taken int, said string)
	}{
		{"exports", event, func(files fstest.MapFS) (int, string) {
			done, err := collect.Telemetry{Files: files, Pattern: "d/*", Now: now}.Read(t.Context(), func([]model.Row) error { return nil })
			return done.Events, fmt.Sprint(done.Why, err)
		}},
		{"surveys", "Timestamp,Requests\n2026-01-26 10:00:00,more\n", func(files fstest.MapFS) (int, string) {
			rows, refused, err := collect.Surveys(t.Context(), files, "d/*", collect.Columns{At: "Timestamp", Requests: "Requests"})
			return len(rows), fmt.Sprint(refused, err)
		}},
		{"mention files", "source,at,id\nx,2026-01-24,1\n", func(files fstest.MapFS) (int, string) {
			_, m := elsewhere(t)
			m.Files, m.Pattern = files, "d/*"
			found, gaps, refused := m.Read(t.Context())
			return len(found), fmt.Sprint(gaps, refused)
		}},
	} {
		for fault, src := range map[string][]byte{"lying": []byte("PK\x03\x04 \x00\xff no table, and no JSON\n"), "empty": {}, "huge": huge, "packed twice": []byte("\x1f\x8bnonsense")} {
			taken, said := c.read(fstest.MapFS{"d/a": {Data: src}, "d/b": {Data: []byte(c.good)}})
			if taken != 1 || fault != "empty" && !strings.Contains(said, "d/a") {
				t.Errorf("%s, %s: %d taken, %.300s", c.name, fault, taken, said)
			}
		}
		if taken, said := c.read(fstest.MapFS{}); taken != 0 || !strings.Contains(said, "there is no file d/*") {
			t.Errorf("%s, missing: %d taken, %s", c.name, taken, said)
		}
	}
}
