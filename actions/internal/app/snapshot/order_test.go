package snapshot

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/collect/registry"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// Sources that fail at the same time fail in any order. The order must not show
// in what is committed: a page would change with every run, though nothing did.
func TestSnapshot_SourcesThatFailInAnyOrderGiveTheSameBytes(t *testing.T) {
	failing := func(t *testing.T, delay time.Duration, said string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(delay)
			http.Error(w, said, http.StatusTeapot)
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	rules := strings.Replace(talking, "metrics: [", "  crates: {package: caro}\n  surveys: {files: none/*.csv, columns: {at: Timestamp}}\nmetrics: [{id: yanked_versions}, {id: satisfaction}, ", 1)
	// Each source is once the first to fail, and once the last.
	sources := []string{"AFTERCARE_CRATES_URL", "AFTERCARE_HACKERNEWS_URL", "IMAP_URL"}
	var want map[string][]byte
	for i := range sources {
		s := newStage(t, rules)
		s.env["IMAP_URL"] = "imap://beta:x@127.0.0.1:1/INBOX"
		s.telemetry(t, 40, 0)
		for j, name := range sources[:2] {
			s.env[name] = failing(t, time.Duration((i+j)%len(sources))*150*time.Millisecond, "out of order")
		}
		s.env["AFTERCARE_REDDIT_URL"] = "http://127.0.0.1:1"
		s.must(t)
		before := len(s.repo.Log("main"))
		files := s.repo.Files("main")
		if want == nil {
			want = files
		}
		for name := range files {
			if !slices.Equal(files[name], want[name]) {
				t.Errorf("order %d: %s differs:\n%s\nfrom\n%s", i, name, files[name], want[name])
			}
		}
		if s.must(t); len(s.repo.Log("main")) != before {
			t.Errorf("order %d: a second run without news committed", i)
		}
	}
}

// A source that is read and not listed would never be off in words, and one that is
// listed and not read would be silently without data.
func TestSources_AreThoseThatConfigLists(t *testing.T) {
	env := &runner.Env{Getenv: func(string) string { return "" }, Clock: time.Now}
	var read, listed []string
	for _, group := range (&world{App: &app.App{Env: env, Config: &config.Book{}}}).sources() {
		for _, s := range group {
			read = append(read, s.Name())
		}
	}
	for _, name := range config.SourceNames() {
		if !slices.Contains(registry.Names(), name) { // the source registries reads them all
			listed = append(listed, name)
		}
	}
	slices.Sort(read)
	slices.Sort(listed)
	if !slices.Equal(read, listed) {
		t.Errorf("read are %q, listed %q", read, listed)
	}
}
