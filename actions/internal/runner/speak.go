package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/terminal"
)

// UsageError is a mistake in the inputs; the run exits with 2.
type UsageError struct{ text string }

func (e *UsageError) Error() string { return e.text }

func usage(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }

// Usage is a mistake in what the person who called gave: a sentence that says
// what is expected.
func Usage(format string, args ...any) error { return usage(format, args...) }

// mistaken is an error that holds several mistakes of a person, each a line
// with its place in a file.
type mistaken interface {
	error
	Mistakes() []string
}

// hinting is an error that knows what to do about it.
type hinting interface {
	error
	Hint() string
}

// voice is how a run speaks to people.
type voice struct {
	stderr   io.Writer
	coloured bool // a person looks at stderr
	commands *commands
}

// speak is the one place that tells people how the run ended, and gives the
// exit code.
func (v voice) speak(err error) int {
	if err == nil {
		return 0
	}
	var many mistaken
	if errors.As(err, &many) {
		v.sayAll(many.Mistakes())
		return 2
	}
	line := OneLine(strings.ReplaceAll(err.Error(), "\n", "; "))
	var hint hinting
	if errors.As(err, &hint) && hint.Hint() != "" {
		line += " (hint: " + OneLine(hint.Hint()) + ")"
	}
	v.say(line)
	var used *UsageError
	if errors.As(err, &used) {
		return 2
	}
	return 1
}

// sayAll tells of several mistakes. GitHub shows the first ten in the file; the
// others are folded in its log.
func (v voice) sayAll(mistakes []string) {
	shown := len(mistakes)
	if v.commands.onRunner() {
		shown = min(shown, maxAnnotations)
	}
	for _, line := range mistakes[:shown] {
		v.say(line)
	}
	rest := make([]string, 0, len(mistakes)-shown)
	for _, line := range mistakes[shown:] {
		rest = append(rest, "error: "+OneLine(line))
	}
	if len(rest) > 0 {
		v.commands.group(fmt.Sprintf("%d more errors", len(rest)), rest)
	}
}

func (v voice) say(line string) {
	line = OneLine(line)
	if v.commands.onRunner() {
		v.commands.fail(line)
		return
	}
	fmt.Fprintln(v.stderr, terminal.Paint(v.coloured, terminal.Bold+terminal.Red, "error:"), line)
}

// lines is a log for people: one line a message, its level in words, its
// attributes behind it; no clock, which the runner's own log shows.
type lines struct {
	to       io.Writer
	coloured bool
	attrs    []slog.Attr
}

func (l *lines) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

func (l *lines) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(r.Message)
	write := func(a slog.Attr) bool {
		fmt.Fprintf(&b, " %s=%s", a.Key, a.Value)
		return true
	}
	for _, a := range l.attrs {
		write(a)
	}
	r.Attrs(write)
	line := OneLine(b.String())
	if r.Level >= slog.LevelWarn {
		line = terminal.Paint(l.coloured, colourOf(r.Level), strings.ToLower(r.Level.String())+":") + " " + line
	}
	_, err := fmt.Fprintln(l.to, line)
	return err
}

func colourOf(level slog.Level) string {
	if level >= slog.LevelError {
		return terminal.Bold + terminal.Red
	}
	return terminal.Bold + terminal.Yellow
}

func (l *lines) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &lines{to: l.to, coloured: l.coloured, attrs: append(append([]slog.Attr{}, l.attrs...), attrs...)}
}

func (l *lines) WithGroup(string) slog.Handler { return l }
