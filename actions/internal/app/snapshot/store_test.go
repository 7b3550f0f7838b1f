package snapshot

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/store/sandbox"
)

// TestMain is also the main of the process in which the SQL of rules.yaml runs.
func TestMain(m *testing.M) {
	if code, isChild := sandbox.Main(os.Args, os.Stdin, os.Stdout); isChild {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// runaway is a query that would not end, which DuckDB does not stop by itself, and
// one that would switch on logging for everybody.
const runaway = `
  - {id: endless, title: Endless, unit: x, source: github, sql: "SELECT max(levenshtein(repeat('a', 2000000), repeat('b', 2000000 + i::int))) AS value FROM range(3) t(i)"}
  - {id: logging, title: Logging, unit: x, source: github, sql: "SELECT count(*) AS value FROM enable_logging()"}
gate:`

// A query of rules.yaml that would run for ever must not keep the others from an
// answer, nor anybody from being notified.
func TestOwnQueries_StopNothingElse(t *testing.T) {
	s := newStage(t, strings.Replace(small, "\ngate:", runaway, 1))
	s.telemetry(t, 1000, 60)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	limits := sandbox.DefaultLimits
	limits.Query = 3 * time.Second
	got := s.program(t, "snapshot", Program{Queries: self, Limits: limits}.Run, map[string]string{"GITHUB_EVENT_NAME": "schedule"})
	if got.code != 0 {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
	contains(t, "the page", s.report("README.md"), "**Crash rate**", "oldest", "took longer than 3s and was stopped")
	if said := s.said("#caro-alerts"); len(said) != 1 || !strings.Contains(said[0], "Crash rate 6%: critical") {
		t.Errorf("told %q", said)
	}
}

// A cache that cannot be written must not keep anybody from being notified.
func TestCache_ThatCannotBeWritten(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, s *stage)
	}{
		{"a file in place of the folder", func(t *testing.T, s *stage) { s.put(t, ".aftercare", "not a folder") }},
		{"a full disk", func(t *testing.T, s *stage) { mount(t, filepath.Join(s.dir, ".aftercare"), "size=200k") }},
		{"a disk that a run fills", func(t *testing.T, s *stage) { mount(t, filepath.Join(s.dir, ".aftercare"), "size=8500k") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t, "")
			s.telemetry(t, 1000, 60)
			c.spoil(t, s)
			got := s.must(t)
			if said := s.said("#caro-alerts"); len(said) != 1 || !strings.Contains(said[0], "Crash rate 6%: critical") {
				t.Errorf("told %q\n%s", said, got.stderr)
			}
			if c.name != "a disk that a run fills" {
				contains(t, "the log", got.stdout+got.stderr, "cannot be written")
			}
		})
	}
}

// mount puts a small file system where a folder is; only root may.
func mount(t *testing.T, dir, options string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "none", dir).CombinedOutput(); err != nil {
		t.Skipf("no file system of its own can be mounted: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
}
