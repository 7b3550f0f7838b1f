package runner

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
)

// The log's level and an error have their colours; the words have none.
func TestWarningsAndErrorsHaveColours(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(&lines{to: &out, coloured: true})
	log.Info("so \x1b[31mit is")
	log.Warn("careful\x1b[2J", "channel", "a")
	code := voice{stderr: &out, coloured: true}.speak(errors.New("broken\u009b1m"))
	want := "so  [31mit is\n<y>warn:<0> careful [2J channel=a\n<r>error:<0> broken 1m\n"
	got := strings.ReplaceAll(shorthand.Replace(out.String()), "<b>", "")
	if got != want || code != 1 {
		t.Errorf("got %d and\n%s\nwant\n%s", code, got, want)
	}
}

func TestAPageIsMadeOfTheWholeSummary(t *testing.T) {
	var out bytes.Buffer
	hide := strings.NewReplacer("canary", "[secret]")
	e := &Env{summary: page{&out, paper{40, false, hide.Replace}}}
	if err := e.Summary("## A\n\n| a | b |\n|---|---|\n| canary<br>x | `y` |\n"); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "\nA\n\na         b\n────────  ─\n[secret]  y\nx\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A file and a pipe get Markdown, which can be kept.
func TestAFileIsNoTerminal(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close()
	if isTerminal(write) || isTerminal(&bytes.Buffer{}) || Coloured(write, func(string) string { return "" }) {
		t.Error("a pipe is taken for a terminal")
	}
	got := try(t, map[string]string{"GITHUB_ACTIONS": "", "GITHUB_STEP_SUMMARY": ""}, nil, func(_ context.Context, e *Env) error {
		return errors.Join(e.Summary("## a **b**<br>c"), e.Print("  ## as it is"))
	})
	if want := "## a **b**<br>c\n  ## as it is\n"; got.stdout != want {
		t.Errorf("got %q, want %q", got.stdout, want)
	}
}
