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
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/terminal"
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
	collectLate()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := Run(ctx, program, Process{
		Args: os.Args, Getenv: os.Getenv, Environ: os.Environ, Clock: time.Now, Sleep: sleep, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	})
	stop()
	os.Exit(code)
}

// collectLate lets the first garbage collection wait for 32 MB instead of 4: a program that
// looks at one event ends before it. After the first the collector works as usual. It does
// nothing where GOGC or the program says how the collector is to work.
func collectLate() {
	const usual = 100
	if before := debug.SetGCPercent(8 * usual); before != usual || os.Getenv("GOGC") != "" {
		debug.SetGCPercent(before)
		return
	}
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, usual)
}

// Version says in a line which program this is, and what it was built from.
func Version(program string) string {
	line := "aftercare " + program
	build, known := debug.ReadBuildInfo()
	if !known {
		return line
	}
	line += " " + build.Main.Version
	for _, s := range build.Settings {
		if s.Key == "vcs.revision" {
			line += " (" + s.Value + ")"
		}
	}
	return line
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
	own := secretsOf(p)
	passwords := passwordsOf(own)
	secrets, screen := redact.New(append(own, passwords...)...), terminal.NewScreen(p.Stderr)
	stdout, stderr := secrets.Writer(screen.Below(p.Stdout)), secrets.Writer(screen.Below(p.Stderr))
	defer screen.End()
	defer flush(stdout, stderr)

	voice := voice{stderr: stderr, commands: newCommands(p.Getenv, stdout)}
	voice.coloured = !voice.commands.onRunner() && terminal.Coloured(p.Stderr, p.Getenv)
	if voice.commands.onRunner() {
		addMasks(passwords, p.Getenv, screen.Below(p.Stderr))
	}
	m, err := ReadManifest(program.Manifest)
	if err != nil {
		return voice.speak(err)
	}
	name := strings.TrimSuffix(filepath.Base(p.Args[0]), ".exe")
	for _, arg := range p.Args[1:] {
		if arg == "-h" || arg == "-help" || arg == "--help" {
			// No stranger speaks in it, and its examples must stay readable.
			m.Help(screen.Below(p.Stdout), name, program.Lesson)
			return 0
		}
		if arg == "-version" || arg == "--version" {
			fmt.Fprintln(p.Stdout, Version(name))
			return 0
		}
	}
	env, err := open(m, name, p, voice)
	if err != nil {
		return voice.speak(err)
	}
	env.secrets = secrets
	env.HTTP.Transport = &guard{next: http.DefaultTransport, redact: secrets.Known}
	if !voice.commands.onRunner() && terminal.Is(p.Stderr) {
		env.screen = screen
	}
	printed := stdout
	if terminal.Is(p.Stdout) {
		printed = terminal.NewPage(screen.Below(p.Stdout), terminal.Paper{Width: terminal.Width(p.Stdout), Coloured: terminal.Coloured(p.Stdout, p.Getenv), Mask: secrets.Text})
	}
	env.Stdin, env.Stdout = p.Stdin, screen.Below(p.Stdout)
	env.openPage(printed, stdout)
	return voice.speak(program.Run(ctx, env))
}

// secretsOf collects what must never be printed, wherever it turns up.
func secretsOf(p Process) []string {
	names := []string{"GITHUB_TOKEN", "INPUT_GITHUB_TOKEN", "AFTERCARE_TOKEN", "AFTERCARE_KEY", "SLACK_BOT_TOKEN",
		"SLACK_WEBHOOK_URL", "SMTP_URL", "NOTIFY_URL", "IMAP_URL", "TELEMETRY_DSN", "REDDIT_CLIENT_SECRET", "MASTODON_TOKEN", "X_BEARER_TOKEN", "SURVEY_URL"}
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

// open builds the run's Env, without its files.
func open(m Manifest, program string, p Process, voice voice) (*Env, error) {
	inputs, err := m.Values(p.Args[1:], p.Getenv)
	if err != nil {
		return nil, err
	}
	env := &Env{
		Program: program, Clock: p.Clock, Sleep: p.Sleep, Getenv: p.Getenv, inputs: inputs,
		HTTP:     &http.Client{Timeout: 60 * time.Second},
		Log:      slog.New(&lines{to: voice.stderr, coloured: voice.coloured}),
		commands: voice.commands,
	}
	if inputs["github-token"] == "" {
		inputs["github-token"] = p.Getenv("GITHUB_TOKEN")
	}
	if env.Now, err = now(env.Input("as-of"), p.Clock); err != nil {
		return nil, err
	}
	root := contextOf(p.Getenv).Workspace
	if root == "" {
		root = "."
	}
	env.Files, env.root = os.DirFS(root), root
	env.Event, err = readEvent(p.Getenv)
	return env, err
}

// openPage connects the summary to the run's page, which cannot fail a run.
// Outside a runner the summary is printed, and so is text that is no Markdown.
func (e *Env) openPage(printed, stdout io.Writer) {
	e.summary, e.text = printed, stdout
	if e.commands.has(summaryVariable) {
		page := stepSummary{e.commands}
		e.summary, e.text = page, page
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
		return t, usage("input as-of is %q: expected a time such as 2026-01-27T09:00:00Z", asOf)
	}
	return t.UTC(), nil
}

// maxEvent is the largest payload that GitHub delivers, in bytes.
const maxEvent = 25 << 20

func readEvent(getenv func(string) string) (Event, error) {
	event := Event{Name: contextOf(getenv).EventName}
	path := getenv("GITHUB_EVENT_PATH")
	if path == "" {
		return event, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return event, fmt.Errorf("the event's payload, GITHUB_EVENT_PATH: %w", err)
	}
	defer f.Close()
	if event.Raw, err = io.ReadAll(io.LimitReader(f, maxEvent+1)); err != nil {
		return event, fmt.Errorf("the event's payload, GITHUB_EVENT_PATH: %w", err)
	}
	if len(event.Raw) > maxEvent {
		return event, fmt.Errorf("the event's payload is over %d MiB, more than GitHub delivers", maxEvent>>20)
	}
	return event, nil
}
