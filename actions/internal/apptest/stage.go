// Package apptest runs whole programs in a simulated world, for their tests.
package apptest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// Stage is a simulated world, a checked-out repository, and a runner on which a
// real program runs.
type Stage struct {
	World *fake.World
	Repo  *fake.Repository
	Dir   string            // the checked-out repository
	Env   map[string]string // of every run
	runs  atomic.Int64
}

// NewStage makes a world whose answers are held to the published descriptions, and
// a repository with rules.yaml.
func NewStage(t testing.TB, rules string) *Stage {
	t.Helper()
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	s := &Stage{World: world, Repo: world.GitHub.Repository, Dir: t.TempDir()}
	s.Env = map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "caro/caro", "GITHUB_API_URL": world.GitHub.URL, "GITHUB_GRAPHQL_URL": world.GitHub.URL + "/graphql",
		"GITHUB_SERVER_URL": "https://github.com", "GITHUB_TOKEN": fake.WorkflowToken, "GITHUB_WORKSPACE": s.Dir,
		"SLACK_API_URL": world.Slack.URL, "SLACK_BOT_TOKEN": fake.SlackToken, "SMTP_URL": world.Mail.URL + "?tls=none&from=aftercare@caro.example",
	}
	s.Put(t, "rules.yaml", rules)
	return s
}

// Put writes a file of the repository.
func (s *Stage) Put(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(s.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Report is a file of the folder of reports as it is committed.
func (s *Stage) Report(name string) string { return string(s.Repo.Files("main")["reports/"+name]) }

// Program is one that a stage runs: its folder in actions, and what it does.
type Program struct {
	Name string
	Run  func(context.Context, *runner.Env) error
}

// Outcome is what a run left on the runner.
type Outcome struct {
	Code                    int
	Stdout, Stderr, Summary string
	Output                  string            // the file of outputs
	Outputs                 map[string]string // the values in it
	Requests                []fake.Request
}

// Log is all that the run wrote, and its outputs.
func (o Outcome) Log() string { return o.Stdout + o.Stderr + o.Output }

// Asked counts the requests to one of the servers.
func (o Outcome) Asked(server string) int {
	n := 0
	for _, r := range o.Requests {
		if r.Server == server {
			n++
		}
	}
	return n
}

// Writes are the requests that change something on GitHub.
func (o Outcome) Writes() []string {
	var all []string
	for _, r := range o.Requests {
		if r.Server == "github" && r.Method != "GET" && r.Path != "/graphql" {
			all = append(all, r.Method+" "+r.Path)
		}
	}
	return all
}

// Run runs a program once, as a workflow run of its own. env goes before that of the
// stage, but for GITHUB_RUN_ID and GITHUB_RUN_ATTEMPT, which the stage may set to
// make it another attempt of a run. Where the context is cancelled, the run is.
func (s *Stage) Run(ctx context.Context, t testing.TB, p Program, env map[string]string, args ...string) Outcome {
	t.Helper()
	files := t.TempDir()
	own := map[string]string{
		"GITHUB_RUN_ID": fmt.Sprint(1000 + s.runs.Add(1)), "GITHUB_RUN_ATTEMPT": "1",
		"GITHUB_STEP_SUMMARY": filepath.Join(files, "summary"), "GITHUB_OUTPUT": filepath.Join(files, "output"),
	}
	getenv := func(name string) string {
		if v, given := env[name]; given {
			return v
		}
		if v, set := s.Env[name]; set && v != "" {
			return v
		}
		return own[name]
	}
	var stdout, stderr bytes.Buffer
	before := len(s.World.Requests())
	o := Outcome{Code: runner.Run(ctx, runner.Program{Manifest: Manifest(t, p.Name), Run: p.Run}, runner.Process{
		Args: append([]string{p.Name}, args...), Getenv: getenv, Environ: func() []string { return nil },
		Clock: s.World.Now, Sleep: s.World.Sleep, Stdout: &stdout, Stderr: &stderr,
	})}
	summary, _ := os.ReadFile(own["GITHUB_STEP_SUMMARY"])
	output, _ := os.ReadFile(own["GITHUB_OUTPUT"])
	o.Stdout, o.Stderr, o.Summary, o.Output, o.Outputs = stdout.String(), stderr.String(), string(summary), string(output), map[string]string{}
	for line := range strings.Lines(o.Output) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			o.Outputs[name] = value
		}
	}
	o.Requests = s.World.Requests()[before:]
	return o
}

// Manifest is the action.yml that a program embeds.
func Manifest(t testing.TB, program string) []byte {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("../../..", program, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	return src
}
