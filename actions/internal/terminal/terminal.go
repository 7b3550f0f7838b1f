// Package terminal shows a page of Markdown, colours and progress to a person
// at a terminal. It decides nothing about when a terminal is used; its callers
// do.
package terminal

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// The colours of a terminal.
const (
	Bold   = "\x1b[1m"
	Faint  = "\x1b[2m"
	Red    = "\x1b[31m"
	Green  = "\x1b[32m"
	Yellow = "\x1b[33m"
	Cyan   = "\x1b[36m"
	ended  = "\x1b[0m"
)

// Is reports whether a writer is a terminal, and no file or pipe.
func Is(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Coloured reports whether a person looks at a terminal, and wants colours
// (no-color.org).
func Coloured(w io.Writer, getenv func(string) string) bool {
	return Is(w) && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}

// Paint puts text into a colour, where one is asked for.
func Paint(wanted bool, colour, text string) string {
	if !wanted || colour == "" || text == "" {
		return text
	}
	return colour + text + ended
}

// minWidth and maxWidth bound the lines of a page, in columns: a narrower one
// holds no table, and a wider one is hard to read.
const minWidth, maxWidth = 40, 120

// Width returns how wide a page on a terminal may be, in columns.
func Width(w io.Writer) int {
	columns := 0
	if f, ok := w.(*os.File); ok {
		columns, _, _ = term.GetSize(int(f.Fd()))
	}
	if columns <= 0 {
		return maxWidth
	}
	return max(minWidth, min(columns, maxWidth))
}

// NewPage returns a writer to a terminal that a person reads: each Write is
// Markdown as a whole, and is shown as what it means, below an empty line.
func NewPage(to io.Writer, paper Paper) io.Writer { return page{to, paper} }

type page struct {
	to    io.Writer
	paper Paper
}

func (p page) Write(markdown []byte) (int, error) {
	_, err := io.WriteString(p.to, "\n"+p.paper.Show(string(markdown)))
	return len(markdown), err
}

// Screen is where a bar moves. What is printed above or below it goes through
// Below, so that nothing is ever written onto the bar's line.
type Screen struct {
	mu   sync.Mutex
	to   io.Writer
	open bool // the last line is a bar
}

// NewScreen returns the screen of a terminal.
func NewScreen(to io.Writer) *Screen { return &Screen{to: to} }

// draw puts a bar in the place of the one before.
func (s *Screen) draw(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.to, "\r%s\x1b[K", line)
	s.open = true
}

// End ends the line of a bar, if there is one.
func (s *Screen) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endLine()
}

func (s *Screen) endLine() {
	if s.open {
		fmt.Fprintln(s.to)
	}
	s.open = false
}

// Below returns an output whose lines stand below the bar.
func (s *Screen) Below(to io.Writer) io.Writer { return lower{s, to} }

type lower struct {
	screen *Screen
	to     io.Writer
}

func (l lower) Write(p []byte) (int, error) {
	l.screen.mu.Lock()
	defer l.screen.mu.Unlock()
	l.screen.endLine()
	return l.to.Write(p)
}

// barWidth is that of a bar, in columns.
const barWidth = 30

// bar is a line that shows how far something is; of what has no known end,
// how much is done.
func bar(what string, done, total int) string {
	if total <= 0 {
		return fmt.Sprintf("%s: %s", what, share(done, total))
	}
	full := max(0, min(barWidth, barWidth*done/total))
	return fmt.Sprintf("%s [%s%s] %s", what, strings.Repeat("█", full), strings.Repeat("·", barWidth-full), share(done, total))
}
