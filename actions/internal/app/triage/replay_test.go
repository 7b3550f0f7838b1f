package triage

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
)

// data opens a file of real data, or skips the test with a sentence.
func data(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(contract.Folder(), name))
	if err != nil {
		t.Skipf("no real data here: AFTERCARE_DATA names the folder that holds %s", name)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// errEnough ends a replay.
var errEnough = errors.New("enough")

// The first years of a real repository happen again, each issue event through
// the program. What a dry run foretells of an event is what the event leaves,
// and a second replay of all issues changes nothing.
func TestAHistoryIsReplayed(t *testing.T) {
	src, err := gzip.NewReader(data(t, "issues/bitcoin-core-gui.issues.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, "")
	s.world.Slack.Channels("#caro-alerts", "#caro-monitoring")
	enough := 150
	if testing.Short() {
		enough = 40
	}
	events, added, told := 0, 0, 0
	err = s.repo.Replay(src, func(step fake.Step) error {
		if !acted[step.Action] {
			return nil
		}
		events++
		before := strings.Fields(s.labels(step.Number))
		foretold := events%4 == 0
		var plan outcome
		if foretold {
			plan = s.event(t, step.Action, step.Number, "-dry-run")
		}
		messages := len(s.world.Slack.Messages("#caro-alerts")) + len(s.world.Slack.Messages("#caro-monitoring"))
		got := s.event(t, step.Action, step.Number)
		if got.code != 0 || plan.code != 0 {
			return fmt.Errorf("exit %d and %d: %s", plan.code, got.code, got.stdout)
		}
		for _, name := range []string{"labels", "removed", "alerts"} {
			if foretold && plan.outputs[name] != got.outputs[name] {
				return fmt.Errorf("%s: foretold %s, done %s", name, plan.outputs[name], got.outputs[name])
			}
		}
		labels, alerts := arrayOf(got.outputs["labels"]), arrayOf(got.outputs["alerts"])
		if now := strings.Fields(s.labels(step.Number)); len(now) != len(before)+len(labels)-len(arrayOf(got.outputs["removed"])) {
			return fmt.Errorf("labels %q became %q, foretold %v", before, now, labels)
		}
		after := len(s.world.Slack.Messages("#caro-alerts")) + len(s.world.Slack.Messages("#caro-monitoring"))
		if after-messages != len(alerts) {
			return fmt.Errorf("%d messages, foretold %v", after-messages, alerts)
		}
		added, told = added+len(labels), told+len(alerts)
		if events == enough {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	t.Logf("%d events, %d labels added, %d messages", events, added, told)
	if events < enough || added == 0 {
		t.Fatal("the history is not what it was")
	}
	s.again(t)
}

// again runs every issue once more and finds nothing to do.
func (s *stage) again(t *testing.T) {
	t.Helper()
	for _, i := range s.repo.Issues() {
		if i.PullRequest {
			continue
		}
		got := s.event(t, "edited", i.Number)
		for _, r := range got.requests {
			if r.Method != "GET" {
				t.Fatalf("the second replay of #%d sent %s %s", i.Number, r.Method, r.Path)
			}
		}
		if got.code != 0 || got.outputs["labels"] != "[]" || got.outputs["alerts"] != "[]" {
			t.Fatalf("the second replay of #%d: exit %d, %v", i.Number, got.code, got.outputs)
		}
	}
}

func arrayOf(s string) []string {
	var all []string
	_ = json.Unmarshal([]byte(s), &all)
	return all
}

// Each payload that GitHub is known to send is acted on, or declined in a
// sentence.
func TestRecordedPayloads(t *testing.T) {
	var examples map[string][]json.RawMessage
	if err := json.NewDecoder(data(t, "webhooks/examples.json")).Decode(&examples); err != nil {
		t.Fatal(err)
	}
	n := 0
	for event, payloads := range examples {
		for i, payload := range payloads {
			n++
			s := newStage(t, "")
			got := s.run(t, event, payload, "-repository", "Codertocat/Hello-World")
			said := got.stdout + got.stderr + got.summary
			if got.code > 1 || strings.TrimSpace(said) == "" || strings.Contains(said, "panic") {
				t.Errorf("%s %d: exit %d: %s", event, i, got.code, said)
			}
			if event != "issues" && (got.code != 0 || len(got.requests) > 0 || !strings.Contains(said, "triage acts on") && event != "discussion") {
				t.Errorf("%s %d was not declined: exit %d: %s", event, i, got.code, said)
			}
		}
	}
	t.Logf("%d payloads", n)
}
