package snapshot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// withAlerts is the small plan with so many metrics that fire, or fire no more.
func withAlerts(n, value int) string {
	var own strings.Builder
	for i := range n {
		fmt.Fprintf(&own, "  - {id: own_%d, title: Own %d, unit: issues, source: github, warning: '>= 1', sql: 'SELECT %d AS value'}\n", i, i, value)
	}
	return strings.Replace(small, "gate:\n", own.String()+"gate:\n", 1)
}

// Seven alerts that begin in one run are one message of their route that lists them,
// also where the reply to it is lost, or Slack refuses it at first; when they are over,
// that is one message in its thread.
func TestSnapshot_GroupsMoreThanFiveAlerts(t *testing.T) {
	for _, do := range []fake.Do{fake.Nothing, fake.LostReply, fake.ServerError} {
		t.Run(do.String(), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, withAlerts(7, 1))
			s.telemetry(t, 400, 0)
			if do != fake.Nothing {
				s.world.Fail(fake.Fault{On: "slack", Path: "chat.postMessage", Times: 1, Do: do})
			}
			for range 3 {
				s.run(t)
				s.world.Advance(20 * time.Minute)
			}
			said := s.said("#caro-monitoring")
			if len(said) != 1 || !strings.Contains(said[0], "7 alerts: 7 warnings") {
				t.Fatalf("the channel heard %q", said)
			}
			for i := range 7 {
				contains(t, "the message", s.all("#caro-monitoring"), fmt.Sprintf("Own %d: 1, warning ≥ 1", i))
			}
			s.put(t, "rules.yaml", withAlerts(7, 0))
			s.must(t)
			messages := s.world.Slack.Messages("#caro-monitoring")
			if len(messages) != 2 || messages[1].Thread != messages[0].TS || !strings.Contains(messages[1].Text, "Resolved: 7 alerts") {
				t.Errorf("the end: %+v", s.said("#caro-monitoring"))
			}
		})
	}
}

// While a version is yanked, what follows from it is on the page and in no channel.
func TestSnapshot_InhibitsWhatAnotherAlertExplains(t *testing.T) {
	rules := strings.Replace(withAlerts(1, 1), "sources:\n", "inhibits: [{while: yanked_versions, quiet: own_0}]\nsources:\n", 1)
	s := newStage(t, rules)
	s.world.Crates.Yank("caro", "1.1.0-beta")
	s.must(t)
	if said := s.said("#caro-monitoring"); len(said) > 0 {
		t.Errorf("the channel heard %q", said)
	}
	contains(t, "the page", s.report("README.md"), "quiet while Yanked versions lasts: Own 0")
	contains(t, "the alerts", strings.Join(s.said("#caro-alerts"), "\n"), "Yanked versions")
}
