package triage

import (
	"bytes"
	"context"
	"encoding/json"
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

// stage is a simulated world, a checked-out repository, and a runner on which
// the real program runs.
type stage struct {
	world *fake.World
	repo  *fake.Repository
	dir   string
	env   map[string]string
	runs  atomic.Int64
}

// outcome is what a run left on the runner.
type outcome struct {
	code                    int
	stdout, stderr, summary string
	outputs                 map[string]string
	requests                []fake.Request
}

// token is the workflow's token in the simulated world.
const token = "ghs_simulated"

func newStage(t testing.TB, rules string) *stage {
	t.Helper()
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	s := &stage{world: world, repo: world.GitHub.Repository, dir: t.TempDir(), env: map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "caro/caro", "GITHUB_API_URL": world.GitHub.URL,
		"GITHUB_SERVER_URL": "https://github.com", "GITHUB_TOKEN": token,
		"SLACK_API_URL": world.Slack.URL, "SLACK_BOT_TOKEN": fake.SlackToken, "SMTP_URL": world.Mail.URL + "?tls=none&from=aftercare@caro.example",
	}}
	s.env["GITHUB_WORKSPACE"] = s.dir
	if rules == "" {
		src, err := os.ReadFile("../../../../rules.yaml")
		if err != nil {
			t.Fatal(err)
		}
		rules = string(src)
	}
	write(t, filepath.Join(s.dir, "rules.yaml"), rules)
	return s
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// event runs the program for an `issues` event about the issue as it is.
func (s *stage) event(t testing.TB, action string, number int, args ...string) outcome {
	t.Helper()
	return s.run(t, "issues", s.repo.Event(number, action), args...)
}

// run runs the program once, as a workflow run of its own.
func (s *stage) run(t testing.TB, event string, payload []byte, args ...string) outcome {
	t.Helper()
	return s.runIn(t.Context(), t, event, payload, args...)
}

// runIn is run in a context that may be cancelled. GITHUB_RUN_ID of the stage,
// where it is set, makes it another attempt of that run.
func (s *stage) runIn(ctx context.Context, t testing.TB, event string, payload []byte, args ...string) outcome {
	t.Helper()
	id := 1000 + s.runs.Add(1)
	file := func(name string) string { return filepath.Join(s.dir, fmt.Sprintf("run-%d-%s", id, name)) }
	env := map[string]string{
		"GITHUB_RUN_ID": fmt.Sprint(id), "GITHUB_RUN_ATTEMPT": "1", "GITHUB_EVENT_NAME": event,
		"GITHUB_STEP_SUMMARY": file("summary"), "GITHUB_OUTPUT": file("output"),
	}
	if payload != nil {
		env["GITHUB_EVENT_PATH"] = file("event.json")
		write(t, env["GITHUB_EVENT_PATH"], string(payload))
	}
	getenv := func(name string) string {
		if v, ok := env[name]; ok && (s.env[name] == "" || !strings.HasPrefix(name, "GITHUB_RUN_")) {
			return v
		}
		return s.env[name]
	}
	var stdout, stderr bytes.Buffer
	before := len(s.world.Requests())
	code := runner.Run(ctx, runner.Program{Manifest: manifest(t), Run: Run}, runner.Process{
		Args: append([]string{"triage"}, args...), Getenv: getenv, Environ: func() []string { return nil },
		Clock: s.world.Now, Sleep: s.world.Sleep, Stdout: &stdout, Stderr: &stderr,
	})
	summary, _ := os.ReadFile(env["GITHUB_STEP_SUMMARY"])
	return outcome{code, stdout.String(), stderr.String(), string(summary), outputs(env["GITHUB_OUTPUT"]), s.world.Requests()[before:]}
}

func outputs(path string) map[string]string {
	src, _ := os.ReadFile(path)
	found := map[string]string{}
	for line := range strings.Lines(string(src)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			found[name] = value
		}
	}
	return found
}

// asked counts the requests to one of the servers.
func (o outcome) asked(server string) int {
	n := 0
	for _, r := range o.requests {
		if r.Server == server {
			n++
		}
	}
	return n
}

// labels are the labels of an issue, in order, joined.
func (s *stage) labels(number int) string {
	return strings.Join(s.repo.Issue(number).Labels, " ")
}

// told are the keys of the messages in a channel.
func (s *stage) told(channel string) []string {
	var keys []string
	for _, m := range s.world.Slack.Messages(channel) {
		var meta struct {
			Payload struct{ Key string } `json:"event_payload"`
		}
		_ = json.Unmarshal(m.Metadata, &meta)
		keys = append(keys, meta.Payload.Key)
	}
	return keys
}

// manifest is the action.yml that the program embeds.
func manifest(t testing.TB) []byte {
	t.Helper()
	src, err := os.ReadFile("../../../triage/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	return src
}
