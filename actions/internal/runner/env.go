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
	"regexp"
	"strings"
	"time"
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

	inputs      map[string]string
	annotations io.Writer // workflow commands; nil in a terminal
	summary     io.Writer
	text        io.Writer // where Print goes
	outputs     io.Writer
	screen      *screen // where a bar may move; nil where there is no terminal
	root        string  // the folder of Files
	warned      int
}

// Event is what started the run.
type Event struct {
	Name string // issues, workflow_dispatch, schedule, …; empty in a terminal
	Raw  []byte // the payload, JSON as GitHub wrote it; not checked
}

// Input is the value of a declared input, without the space around it; empty
// where it was not given and has no default.
func (e *Env) Input(name string) string { return strings.TrimSpace(e.inputs[name]) }

// DryRun tells whether the run shows its plan and touches nothing.
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

// Repository is the watched repository, "owner/name".
func (e *Env) Repository() string {
	if r := e.Input("repository"); r != "" {
		return r
	}
	return e.Getenv("GITHUB_REPOSITORY")
}

// Home is the repository that the run belongs to, where reports and issues of
// ours go; in a terminal it is the watched one.
func (e *Env) Home() string {
	if r := e.Getenv("GITHUB_REPOSITORY"); r != "" {
		return r
	}
	return e.Repository()
}

// Server is where people look at GitHub, without a slash at its end.
func (e *Env) Server() string {
	if s := e.Getenv("GITHUB_SERVER_URL"); s != "" {
		return strings.TrimSuffix(s, "/")
	}
	return "https://github.com"
}

// Run names this run and attempt, for claims: "8125551234/1"; "local/1" in a
// terminal.
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

// mostAnnotations is how many warnings GitHub shows for one step.
const mostAnnotations = 10

// Warn says what was not whole about the run. It goes to the log, and the
// first ten become annotations on the run.
func (e *Env) Warn(format string, args ...any) {
	line := OneLine(fmt.Sprintf(format, args...))
	e.Log.Warn(line)
	e.warned++
	if e.annotations == nil || e.warned > mostAnnotations {
		return
	}
	if e.warned == mostAnnotations {
		line = "and more: see the log"
	}
	annotate(e.annotations, "warning", line)
}

// mostSummary is the size of a step summary that GitHub takes, in bytes.
const mostSummary = 1 << 20

// Summary adds Markdown to the run's page. What strangers wrote must have been
// tamed before (package report).
func (e *Env) Summary(markdown string) error {
	if e.summary == nil {
		return nil
	}
	if len(markdown) > mostSummary-1024 {
		markdown = strings.ToValidUTF8(markdown[:mostSummary-1024], "") + "\n\n(cut: the rest was longer than GitHub shows)\n"
	}
	if _, err := io.WriteString(e.summary, markdown+"\n"); err != nil {
		return fmt.Errorf("write the step summary: %w", err)
	}
	return nil
}

// Print shows lines that are no Markdown as they are: in a terminal, and else
// on the run's page.
func (e *Env) Print(lines string) error {
	if e.text == nil {
		return nil
	}
	if _, err := io.WriteString(e.text, lines+"\n"); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

var safeOutput = regexp.MustCompile(`^[A-Za-z0-9 ._:/,"\[\]+-]*$`)

// Output sets an output of the step. A value is made of letters, digits,
// spaces and ._:/,"[]+- alone, so that nothing in it can forge another output.
func (e *Env) Output(name, value string) error {
	if !safeOutput.MatchString(value) {
		return fmt.Errorf("output %s: %q holds a character that outputs may not have", name, value)
	}
	if e.outputs == nil {
		return nil
	}
	if _, err := fmt.Fprintf(e.outputs, "%s=%s\n", name, value); err != nil {
		return fmt.Errorf("write the output %s: %w", name, err)
	}
	return nil
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

// annotate writes a workflow command; the message is one line already.
func annotate(w io.Writer, kind, message string) {
	fmt.Fprintf(w, "::%s::%s\n", kind, strings.ReplaceAll(message, "%", "%25"))
}
