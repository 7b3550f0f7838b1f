package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/action"
)

// teller prints the story: a heading for each day, a line for each thing, with
// its time, what kind of thing it is, and the words.
type teller struct {
	out      io.Writer
	coloured bool
	day      string
	first    time.Time // the day of the release
}

// The colours of a terminal.
const (
	plain  = ""
	faint  = "\x1b[2m"
	bold   = "\x1b[1m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
	ended  = "\x1b[0m"
)

// coloured tells whether a person looks at a terminal, and wants colours.
func coloured(out io.Writer, getenv func(string) string) bool {
	f, ok := out.(*os.File)
	if !ok || getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (t *teller) paint(colour, text string) string {
	if !t.coloured || colour == plain {
		return text
	}
	return colour + text + ended
}

// title begins the story.
func (t *teller) title(lines ...string) {
	for i, line := range lines {
		colour := faint
		if i == 0 {
			colour = bold
		}
		fmt.Fprintln(t.out, t.paint(colour, line))
	}
}

// note begins a day with what it is about.
func (t *teller) note(at time.Time, about string) {
	t.begin(at)
	fmt.Fprintf(t.out, "  %s\n", t.paint(bold, about))
}

// line tells one thing that happens at a time.
func (t *teller) line(at time.Time, kind, colour, text string) {
	t.begin(at)
	fmt.Fprintf(t.out, "  %s  %s  %s\n", at.Format("15:04"), t.paint(colour, fmt.Sprintf("%-8s", kind)), text)
}

// more tells what follows from the line above.
func (t *teller) more(kind, colour, text string) {
	fmt.Fprintf(t.out, "         %s  %s\n", t.paint(colour, fmt.Sprintf("%8s", kind)), text)
}

// begin prints the heading of a day, once.
func (t *teller) begin(at time.Time) {
	day := at.Format("Mon 2 Jan 2006")
	if day == t.day {
		return
	}
	t.day = day
	if !t.first.IsZero() {
		day += fmt.Sprintf(" · day %d", 1+int(at.Sub(t.first).Hours()/24))
	}
	fmt.Fprintf(t.out, "\n%s\n", t.paint(bold+cyan, day))
}

// width is how much of a text stands on a line, in characters.
const width = 84

// quoted is a text from outside on one line, cut where it is long.
func quoted(text string) string {
	runes := []rune(action.OneLine(text))
	if len(runes) > width {
		runes = append(runes[:width-1], '…')
	}
	return string(runes)
}

// names joins names with commas.
func names(all []string) string { return strings.Join(all, ", ") }
