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
	s.World.Slack.Channels("#caro-alerts", "#caro-monitoring")
	enough := 150
	if testing.Short() {
		enough = 40
	}
	events, added, told := 0, 0, 0
	err = s.Repo.Replay(src, func(step fake.Step) error {
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
		messages := len(s.World.Slack.Messages("#caro-alerts")) + len(s.World.Slack.Messages("#caro-monitoring"))
		got := s.event(t, step.Action, step.Number)
		if got.Code != 0 || plan.Code != 0 {
			return fmt.Errorf("exit %d and %d: %s", plan.Code, got.Code, got.Stdout)
		}
		for _, name := range []string{"labels", "removed", "alerts"} {
			if foretold && plan.Outputs[name] != got.Outputs[name] {
				return fmt.Errorf("%s: foretold %s, done %s", name, plan.Outputs[name], got.Outputs[name])
			}
		}
		labels, alerts := arrayOf(got.Outputs["labels"]), arrayOf(got.Outputs["alerts"])
		if now := strings.Fields(s.labels(step.Number)); len(now) != len(before)+len(labels)-len(arrayOf(got.Outputs["removed"])) {
			return fmt.Errorf("labels %q became %q, foretold %v", before, now, labels)
		}
		after := len(s.World.Slack.Messages("#caro-alerts")) + len(s.World.Slack.Messages("#caro-monitoring"))
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
	for _, i := range s.Repo.Issues() {
		if i.PullRequest {
			continue
		}
		got := s.event(t, "edited", i.Number)
		for _, r := range got.Requests {
			if r.Method != "GET" {
				t.Fatalf("the second replay of #%d sent %s %s", i.Number, r.Method, r.Path)
			}
		}
		if got.Code != 0 || got.Outputs["labels"] != "[]" || got.Outputs["alerts"] != "[]" {
			t.Fatalf("the second replay of #%d: exit %d, %v", i.Number, got.Code, got.Outputs)
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
			said := got.Stdout + got.Stderr + got.Summary
			if got.Code > 1 || strings.TrimSpace(said) == "" || strings.Contains(said, "panic") {
				t.Errorf("%s %d: exit %d: %s", event, i, got.Code, said)
			}
			if event != "issues" && (got.Code != 0 || len(got.Requests) > 0 || !strings.Contains(said, "triage acts on") && event != "discussion") {
				t.Errorf("%s %d was not declined: exit %d: %s", event, i, got.Code, said)
			}
		}
	}
	t.Logf("%d payloads", n)
}
