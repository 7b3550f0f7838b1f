package runner

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aftercare/aftercare/actions/internal/redact"
)

// Program is what a folder of actions/ holds.
type Program struct {
	Manifest []byte // its action.yml
	Lesson   string // how to try it and what it takes from the environment, for -h
	Run      func(context.Context, *Env) error
}

// Main runs a program and ends the process: 0 when the work was done, 1 when
// it was not, 2 for a mistake in rules.yaml or the inputs. An interrupt cancels
// the context.
func Main(program Program) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := Run(ctx, program, Process{
		Args: os.Args, Getenv: os.Getenv, Environ: os.Environ, Clock: time.Now, Sleep: sleep, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	})
	stop()
	os.Exit(code)
}

// Process is what the operating system gives.
type Process struct {
	Args           []string // the program's name first
	Getenv         func(string) string
	Environ        func() []string // NAME=value of all that Getenv knows
	Clock          func() time.Time
	Sleep          func(context.Context, time.Duration) error
	Stdin          io.Reader // may be nil
	Stdout, Stderr io.Writer
}

// Run is Main within a process: it answers with the exit code.
func Run(ctx context.Context, program Program, p Process) int {
	secrets, screen := redact.New(secretsOf(p)...), &screen{to: p.Stderr}
	stdout, stderr := secrets.Writer(screen.below(p.Stdout)), secrets.Writer(screen.below(p.Stderr))
	defer screen.end()
	defer flush(stdout, stderr)

	voice := voice{stderr: stderr, annotations: commands(p.Getenv, stdout)}
	voice.coloured = voice.annotations == nil && Coloured(p.Stderr, p.Getenv)
	m, err := ReadManifest(program.Manifest)
	if err != nil {
		return voice.speak(err)
	}
	name := strings.TrimSuffix(filepath.Base(p.Args[0]), ".exe")
	for _, arg := range p.Args[1:] {
		if arg == "-h" || arg == "-help" || arg == "--help" {
			// No stranger speaks in it, and its examples must stay readable.
			m.Help(screen.below(p.Stdout), name, program.Lesson)
			return 0
		}
	}
	env, err := open(m, name, p, voice)
	if err != nil {
		return voice.speak(err)
	}
	env.secrets = secrets
	env.HTTP.Transport = &guard{next: http.DefaultTransport, redact: secrets.Known}
	if voice.annotations == nil && isTerminal(p.Stderr) {
		env.screen = screen
	}
	printed := stdout
	if isTerminal(p.Stdout) {
		printed = page{screen.below(p.Stdout), paper{widthOf(p.Stdout), Coloured(p.Stdout, p.Getenv), secrets.Text}}
	}
	env.Stdin, env.Stdout = p.Stdin, screen.below(p.Stdout)
	closeFiles := env.openFiles(p.Getenv, printed, stdout)
	err = program.Run(ctx, env)
	closeFiles()
	return voice.speak(err)
}

// secretsOf collects what must never be printed, wherever it turns up.
func secretsOf(p Process) []string {
	names := []string{"GITHUB_TOKEN", "INPUT_GITHUB_TOKEN", "AFTERCARE_TOKEN", "AFTERCARE_KEY", "SLACK_BOT_TOKEN",
		"SLACK_WEBHOOK_URL", "SMTP_URL", "IMAP_URL", "TELEMETRY_DSN", "REDDIT_CLIENT_SECRET", "MASTODON_TOKEN"}
	for _, pair := range p.Environ() {
		if name, _, _ := strings.Cut(pair, "="); isSecretName(name) {
			names = append(names, name)
		}
	}
	var secrets []string
	for _, name := range names {
		if value := strings.TrimSpace(p.Getenv(name)); value != "" {
			secrets = append(secrets, value)
		}
	}
	return secrets
}

// secretEnds are the ends of the names of variables that hold a secret.
var secretEnds = []string{"_TOKEN", "_SECRET", "_PASSWORD", "_PASSPHRASE", "_KEY", "_DSN", "_WEBHOOK", "_WEBHOOK_URL", "_CREDENTIALS"}

func isSecretName(name string) bool {
	if strings.HasPrefix(name, "SLACK_WEBHOOK_URL_") || strings.HasPrefix(name, "NOTIFY_") {
		return true
	}
	for _, end := range secretEnds {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

func flush(writers ...io.Writer) {
	for _, w := range writers {
		if f, ok := w.(interface{ Flush() error }); ok {
			_ = f.Flush()
		}
	}
}

// commands is where workflow commands go: standard output on a runner, nowhere
// in a terminal.
func commands(getenv func(string) string, stdout io.Writer) io.Writer {
	if getenv("GITHUB_ACTIONS") == "true" {
		return stdout
	}
	return nil
}

// open builds the run's Env, without its files.
func open(m Manifest, program string, p Process, voice voice) (*Env, error) {
	inputs, err := m.Values(p.Args[1:], p.Getenv)
	if err != nil {
		return nil, err
	}
	env := &Env{
		Program: program, Clock: p.Clock, Sleep: p.Sleep, Getenv: p.Getenv, inputs: inputs,
		HTTP:        &http.Client{Timeout: 60 * time.Second},
		Log:         slog.New(&lines{to: voice.stderr, coloured: voice.coloured}),
		annotations: voice.annotations,
	}
	if inputs["github-token"] == "" {
		inputs["github-token"] = p.Getenv("GITHUB_TOKEN")
	}
	if env.Now, err = now(env.Input("as-of"), p.Clock); err != nil {
		return nil, err
	}
	root := p.Getenv("GITHUB_WORKSPACE")
	if root == "" {
		root = "."
	}
	env.Files, env.root = os.DirFS(root), root
	env.Event, err = readEvent(p.Getenv)
	return env, err
}

// openFiles connects the summary and the outputs to the runner's files; the
// returned function closes them. None of these files can fail a run. Outside a runner the summary is printed, and
// so is text that is no Markdown.
func (e *Env) openFiles(getenv func(string) string, printed, stdout io.Writer) func() {
	var files []*os.File
	open := func(variable string) io.Writer {
		path := getenv(variable)
		if path == "" {
			return nil
		}
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			e.Warn("%s cannot be written: %v", variable, err)
			return nil
		}
		files = append(files, f)
		return f
	}
	e.summary = open("GITHUB_STEP_SUMMARY")
	e.text = e.summary
	if e.summary == nil && e.annotations == nil {
		e.summary, e.text = printed, stdout
	}
	e.outputs = open("GITHUB_OUTPUT")
	return func() {
		for _, f := range files {
			if err := f.Close(); err != nil {
				e.Warn("%s cannot be written: %v", f.Name(), err)
			}
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func now(asOf string, clock func() time.Time) (time.Time, error) {
	if asOf == "" {
		return clock().UTC(), nil
	}
	t, err := time.Parse(time.RFC3339, asOf)
	if err != nil {
		return t, usage("input as-of is %q: a time such as 2026-01-27T09:00:00Z is wanted", asOf)
	}
	return t.UTC(), nil
}

// mostEvent is the largest payload that GitHub delivers, in bytes.
const mostEvent = 25 << 20

func readEvent(getenv func(string) string) (Event, error) {
	event := Event{Name: getenv("GITHUB_EVENT_NAME")}
	path := getenv("GITHUB_EVENT_PATH")
	if path == "" {
		return event, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return event, fmt.Errorf("the event's payload, GITHUB_EVENT_PATH: %w", err)
	}
	defer f.Close()
	if event.Raw, err = io.ReadAll(io.LimitReader(f, mostEvent+1)); err != nil {
		return event, fmt.Errorf("the event's payload, GITHUB_EVENT_PATH: %w", err)
	}
	if len(event.Raw) > mostEvent {
		return event, fmt.Errorf("the event's payload is over %d MiB, more than GitHub delivers", mostEvent>>20)
	}
	return event, nil
}
