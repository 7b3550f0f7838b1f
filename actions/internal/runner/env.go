// Package runner is one run of a program on a runner, or in a terminal: its
// inputs, event, clock and files on the way in; log, annotations, summary,
// outputs and exit code on the way out. It is the only room that touches the
// process, so everything below it can be handed a world of its own. What the
// programs do with it is theirs.
package runner

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/terminal"
)

// Env is what the outside gives to one run. A test builds one by hand.
type Env struct {
	Program string    // triage, snapshot, …
	Now     time.Time // the one now of the run, in UTC; `as-of` sets it
	// Clock tells the time as it passes, for limits and waits; what the run
	// decides and writes uses Now.
	Clock  func() time.Time
	Sleep  func(context.Context, time.Duration) error
	Getenv func(string) string
	Files  fs.FS // the checked-out repository
	HTTP   *http.Client
	Log    *slog.Logger
	Event  Event
	Stdin  io.Reader // may be nil
	// Stdout is where a program prints what other programs read. It redacts
	// nothing: a stranger's text is redacted before it gets there.
	Stdout io.Writer

	inputs   map[string]string
	commands *commands // what the runner is asked; nil in tests that build an Env by hand
	summary  io.Writer
	text     io.Writer        // where Print goes
	screen   *terminal.Screen // where a bar may move; nil where there is no terminal
	root     string           // the folder of Files
	warned   int
	secrets  *redact.Masker // what must leave by no way; nil in tests that build an Env by hand
}

// Event is what started the run.
type Event struct {
	Name string // issues, workflow_dispatch, schedule, …; empty in a terminal
	Raw  []byte // the payload, JSON as GitHub wrote it; not checked
}

// Input is the value of a declared input, without the space around it; empty
// where it was not given and has no default.
func (e *Env) Input(name string) string { return strings.TrimSpace(e.inputs[name]) }

// DryRun reports whether the run shows its plan and changes nothing.
func (e *Env) DryRun() bool { return e.Input("dry-run") == "true" }

// Path is where a file of the checked-out repository is on this machine.
func (e *Env) Path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(e.root, filepath.FromSlash(file))
}

// Write puts a file into the checked-out repository, with the folders that it
// needs.
func (e *Env) Write(file string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(e.Path(file)), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err := os.WriteFile(e.Path(file), content, 0o644); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}

// Redact hides the run's secrets in what leaves by any way, in all the forms
// that they take. What is personal is found by package redact.
func (e *Env) Redact(s string) string { return e.secrets.Known(s) }

// Repository is the watched repository, "owner/name".
func (e *Env) Repository() string {
	if r := e.Input("repository"); r != "" {
		return r
	}
	return contextOf(e.Getenv).Repository
}

// Home is the repository that the run belongs to, where reports and issues of
// ours go; in a terminal it is the watched one.
func (e *Env) Home() string {
	if r := contextOf(e.Getenv).Repository; r != "" {
		return r
	}
	return e.Repository()
}

// Server is where people look at GitHub, without a slash at its end.
func (e *Env) Server() string {
	return strings.TrimSuffix(contextOf(e.Getenv).ServerURL, "/")
}

// Run names this run and attempt, for claims: "8125551234/1"; "local/1" in a
// terminal. It takes the numbers as text: one that does not parse must not make
// two runs share a name.
func (e *Env) Run() string {
	run, attempt := e.Getenv("GITHUB_RUN_ID"), e.Getenv("GITHUB_RUN_ATTEMPT")
	if run == "" {
		run = "local"
	}
	if attempt == "" {
		attempt = "1"
	}
	return run + "/" + attempt
}

// maxAnnotations is how many warnings GitHub shows for one step.
const maxAnnotations = 10

// Warn says what was not whole about the run. It goes to the log, and the
// first ten become annotations on the run.
func (e *Env) Warn(format string, args ...any) {
	line := OneLine(fmt.Sprintf(format, args...))
	e.Log.Warn(line)
	e.warned++
	if e.warned > maxAnnotations {
		return
	}
	if e.warned == maxAnnotations {
		line = "and more: see the log"
	}
	e.commands.warn(line)
}

// maxSummary is the size of a step summary that GitHub takes, in bytes.
const maxSummary = 1 << 20

// Summary adds Markdown to the run's page. Text from strangers must have been
// neutralised before (package report). On a runner it never returns an error: what
// cannot be written becomes a warning, because the run's work is done by then.
func (e *Env) Summary(markdown string) error {
	if e.summary == nil {
		return nil
	}
	if len(markdown) > maxSummary-1024 {
		markdown = strings.ToValidUTF8(markdown[:maxSummary-1024], "") + "\n\n(cut: the rest was longer than GitHub shows)\n"
	}
	return e.wrote("the step summary", e.summary, markdown+"\n")
}

// wrote writes to a file of the runner, where an error is a warning, or to the
// terminal, where it is returned.
func (e *Env) wrote(what string, to io.Writer, text string) error {
	_, err := io.WriteString(to, e.Redact(text))
	switch {
	case err == nil:
		return nil
	case e.commands.onRunner():
		e.Warn("%s cannot be written: %v", what, err)
		return nil
	}
	return fmt.Errorf("write %s: %w", what, err)
}

// Print shows lines that are no Markdown as they are: in a terminal, and else
// on the run's page.
func (e *Env) Print(lines string) error {
	if e.text == nil {
		return nil
	}
	return e.wrote("the output", e.text, lines+"\n")
}

// plainOutput are the signs, besides letters and digits, that an output holds as
// they are. None of them ends a line, or means anything to a shell in which a
// workflow pastes the output between quotes.
const plainOutput = " ._:/,[]+-=?@#%~"

// maxOutput is the size of an output that GitHub takes, in bytes.
const maxOutput = 1 << 20

// Output sets an output of the step. All other characters of the value become
// JSON escapes (\u0024), so that nothing in it can forge another output or run in a
// shell. It never fails the run: what cannot be written becomes a warning.
func (e *Env) Output(name, value string) { e.output(name, escape(e.Redact(value))) }

// Outputs sets an output of the step to a JSON array, which fromJSON reads back
// as it was.
func (e *Env) Outputs(name string, values []string) {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = `"` + escape(e.Redact(v)) + `"`
	}
	e.output(name, "["+strings.Join(quoted, ",")+"]")
}

func (e *Env) output(name, escaped string) {
	if !e.commands.has(outputVariable) {
		return
	}
	if len(escaped) > maxOutput-1024 {
		e.Warn("output %s is left empty: it is longer than GitHub takes", name)
		escaped = ""
	}
	if err := e.commands.setOutput(name, escaped); err != nil {
		e.Warn("output %s cannot be written: %v", name, err)
	}
}

func escape(value string) string {
	var b strings.Builder
	for _, r := range value {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(plainOutput, r):
			b.WriteRune(r)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, "\\u%04x", unit)
			}
		}
	}
	return b.String()
}

// OneLine makes one printable line of any text: line ends and control
// characters become spaces, and what would be a workflow command at a line's
// start no longer is one.
func OneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029' || isBidi(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.TrimSpace(s)
	for _, command := range []string{"::", "##["} {
		if strings.HasPrefix(s, command) {
			return "\u00b7 " + s
		}
	}
	return s
}

// isBidi tells the controls that make text read in another order than it is
// written, and the ones that show nothing.
func isBidi(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u200e' || r == '\u200f' || r == '\u061c'
}
