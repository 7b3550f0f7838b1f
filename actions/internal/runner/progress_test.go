package runner

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/terminal"
)

func TestProgress(t *testing.T) {
	var log bytes.Buffer
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	e := &Env{Clock: func() time.Time { return now }, Log: slog.New(&lines{to: &log})}
	tell := e.Progress("issues")
	for done := range 31 {
		tell(done, 0)
		now = now.Add(time.Second)
	}
	if want := "issues: 10 so far\nissues: 20 so far\nissues: 30 so far\n"; log.String() != want {
		t.Errorf("the log says %q, want %q", log.String(), want)
	}
}

// A bar moves as it is told, and its line has ended where other words begin,
// also when it was not full.
func TestABarsLineEnds(t *testing.T) {
	var shown bytes.Buffer
	s := terminal.NewScreen(&shown)
	stderr := s.Below(&shown)
	e := &Env{screen: s, Log: slog.New(&lines{to: stderr})}
	tell := e.Progress("issues")
	tell(100, 341)
	if got, want := shown.String(), "\rissues ["+strings.Repeat("█", 8)+strings.Repeat("·", 22)+"] 100 of 341\x1b[K"; got != want {
		t.Errorf("the bar is %q, want %q", got, want)
	}
	tell(200, 341)
	e.Log.Info("a word")
	e.Log.Info("another")
	tell(341, 341)
	voice{stderr: stderr}.say("broken")
	tell(5, 0)
	s.End()
	s.End()
	var got []string
	for _, line := range strings.SplitAfter(shown.String(), "\n") {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\r")
		got = append(got, strings.TrimSuffix(parts[len(parts)-1], "\x1b[K"))
	}
	want := []string{"issues [" + strings.Repeat("█", 17) + strings.Repeat("·", 13) + "] 200 of 341", "a word", "another",
		"issues [" + strings.Repeat("█", 30) + "] 341 of 341", "error: broken", "issues: 5 so far", ""}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the terminal shows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWriteMakesFolders(t *testing.T) {
	e := &Env{root: t.TempDir()}
	if err := e.Write("dry-run/reports/README.md", []byte("well")); err != nil {
		t.Fatal(err)
	}
	if err := e.Write("dry-run/reports/README.md/x", nil); err == nil || !strings.Contains(err.Error(), "write dry-run/reports/README.md/x") {
		t.Errorf("got %v", err)
	}
}
