package action

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	var log, terminal bytes.Buffer
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
	e.terminal = &terminal
	tell = e.Progress("issues")
	tell(1, 2)
	tell(2, 2)
	if got := terminal.String(); !strings.Contains(got, "███············") || !strings.HasSuffix(got, "2 of 2\x1b[K\n") || strings.Count(got, "\n") != 1 {
		t.Errorf("the terminal shows %q", got)
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
