package runner

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/terminal"
)

// The log's level and an error have their colours; the words have none.
func TestWarningsAndErrorsHaveColours(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(&lines{to: &out, coloured: true})
	log.Info("so \x1b[31mit is")
	log.Warn("careful\x1b[2J", "channel", "a")
	code := voice{stderr: &out, coloured: true}.speak(errors.New("broken\u009b1m"))
	want := "so  [31mit is\n<y>warn:<0> careful [2J channel=a\n<r>error:<0> broken 1m\n"
	shorthand := strings.NewReplacer(terminal.Bold, "", terminal.Red, "<r>", terminal.Yellow, "<y>", "\x1b[0m", "<0>")
	got := shorthand.Replace(out.String())
	if got != want || code != 1 {
		t.Errorf("got %d and\n%s\nwant\n%s", code, got, want)
	}
}

// A file and a pipe get Markdown, which can be kept.
func TestAFileGetsMarkdown(t *testing.T) {
	got := try(t, map[string]string{"GITHUB_ACTIONS": "", "GITHUB_STEP_SUMMARY": ""}, nil, func(_ context.Context, e *Env) error {
		return errors.Join(e.Summary("## a **b**<br>c"), e.Print("  ## as it is"))
	})
	if want := "## a **b**<br>c\n  ## as it is\n"; got.stdout != want {
		t.Errorf("got %q, want %q", got.stdout, want)
	}
}
