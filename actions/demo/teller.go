package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/terminal"
)

// teller prints the story: a heading for each day, a line for each thing, with
// its time, what kind of thing it is, and the words.
type teller struct {
	out      io.Writer
	coloured bool
	day      string
	first    time.Time // the day of the release
}

const plain = ""

func (t *teller) paint(colour, text string) string {
	return terminal.Paint(t.coloured, colour, text)
}

// title begins the story.
func (t *teller) title(lines ...string) {
	for i, line := range lines {
		colour := terminal.Faint
		if i == 0 {
			colour = terminal.Bold
		}
		fmt.Fprintln(t.out, t.paint(colour, line))
	}
}

// note begins a day with what it is about.
func (t *teller) note(at time.Time, about string) {
	t.begin(at)
	fmt.Fprintf(t.out, "  %s\n", t.paint(terminal.Bold, about))
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
	fmt.Fprintf(t.out, "\n%s\n", t.paint(terminal.Bold+terminal.Cyan, day))
}

// width is how much of a text stands on a line, in characters.
const width = 100

// quoted is a text from outside on one line, cut between words where it is long.
func quoted(text string) string {
	text = runner.OneLine(text)
	runes := []rune(text)
	if len(runes) <= width {
		return text
	}
	cut := string(runes[:width-1])
	if space := strings.LastIndexByte(cut, ' '); space > width/2 {
		cut = cut[:space]
	}
	return cut + " …"
}

// names joins names with commas.
func names(all []string) string { return strings.Join(all, ", ") }
