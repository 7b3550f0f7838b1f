package terminal

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
)

func TestAPageIsMadeOfTheWholeText(t *testing.T) {
	var out bytes.Buffer
	hide := strings.NewReplacer("canary", "[secret]")
	page := NewPage(&out, Paper{40, false, hide.Replace})
	if _, err := io.WriteString(page, "## A\n\n| a | b |\n|---|---|\n| canary<br>x | `y` |\n"); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "\nA\n\na         b\n────────  ─\n[secret]  y\nx\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A line that follows <br> does not begin with the space of the source's own break.
func TestPage_BreaksLines(t *testing.T) {
	var out bytes.Buffer
	if _, err := io.WriteString(NewPage(&out, Paper{40, false, func(s string) string { return s }}), "One<br>\ntwo\nthree\n"); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.TrimSpace(out.String()), "One\ntwo three"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAPipeIsNoTerminal(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close()
	if Is(write) || Is(&bytes.Buffer{}) || Coloured(write, func(string) string { return "" }) {
		t.Error("a pipe is taken for a terminal")
	}
}
