package triage

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/apptest"
)

// stage is a stage for runs of triage.
type stage struct{ *apptest.Stage }

type outcome = apptest.Outcome

var shipped = apptest.Program{Name: "triage", Run: Run}

// token is the workflow's token in the simulated world.
const token = "ghs_simulated"

func newStage(t testing.TB, rules string) *stage {
	t.Helper()
	if rules == "" {
		rules = rulesOfProject(t)
	}
	s := &stage{apptest.NewStage(t, rules)}
	s.Env["GITHUB_TOKEN"] = token
	return s
}

// rulesOfProject is the rules.yaml of this repository.
func rulesOfProject(t testing.TB) string {
	t.Helper()
	src, err := os.ReadFile("../../../../rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// eventOf is the environment of a run that an event starts; a nil payload is none.
func eventOf(t testing.TB, name string, payload []byte) map[string]string {
	t.Helper()
	env := map[string]string{"GITHUB_EVENT_NAME": name}
	if payload != nil {
		env["GITHUB_EVENT_PATH"] = filepath.Join(t.TempDir(), "event.json")
		write(t, env["GITHUB_EVENT_PATH"], string(payload))
	}
	return env
}

// event runs the program for an `issues` event about the issue as it is.
func (s *stage) event(t testing.TB, action string, number int, args ...string) outcome {
	t.Helper()
	return s.run(t, "issues", s.Repo.Event(number, action), args...)
}

// run runs the program once, as a workflow run of its own.
func (s *stage) run(t testing.TB, event string, payload []byte, args ...string) outcome {
	t.Helper()
	return s.runIn(t.Context(), t, event, payload, args...)
}

// runIn is run in a context that may be cancelled.
func (s *stage) runIn(ctx context.Context, t testing.TB, event string, payload []byte, args ...string) outcome {
	t.Helper()
	return s.Run(ctx, t, shipped, eventOf(t, event, payload), args...)
}

// labels are the labels of an issue, in order, joined.
func (s *stage) labels(number int) string {
	return strings.Join(s.Repo.Issue(number).Labels, " ")
}

// told are the keys of the messages in a channel.
func (s *stage) told(channel string) []string {
	var keys []string
	for _, m := range s.World.Slack.Messages(channel) {
		var meta struct {
			Payload struct{ Key string } `json:"event_payload"`
		}
		_ = json.Unmarshal(m.Metadata, &meta)
		keys = append(keys, meta.Payload.Key)
	}
	return keys
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
