package alert

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// What is counted are reports that have notified people: it is an incident, and no
// message. Once anything else is counted there is one.
func TestCover_NotifiesOfWhatNoReportHas(t *testing.T) {
	at := time.Date(2026, 1, 25, 18, 17, 0, 0, time.UTC)
	routes := []Route{{Metric: model.Names{"pii_in_telemetry"}, To: model.Names{"alerts"}}}
	channels := Channels{"alerts": {Slack: "#alerts"}}
	seen := func(m Memory, at time.Time) Memory {
		return m.Observe([]verdict.Verdict{{Metric: "pii_in_telemetry", Level: verdict.Critical}}, nil, at)
	}
	covered := seen(Memory{}, at).Cover("pii_in_telemetry", true)
	if news, _ := covered.Due(routes, channels, "1/1", at); len(news) != 0 {
		t.Errorf("notified of %+v", news)
	}
	if fired := covered.Fired(at.Add(-time.Hour), at.Add(time.Hour)); len(fired) != 1 {
		t.Errorf("%d incidents", len(fired))
	}
	at = at.Add(time.Hour)
	if news, _ := seen(covered, at).Cover("pii_in_telemetry", false).Due(routes, channels, "2/1", at); len(news) != 1 {
		t.Errorf("a finding of the scan notifies %+v", news)
	}
}

// A person is no channel: the bot could not find the message again, and nobody else
// would see it.
func TestChannel_IsNoPerson(t *testing.T) {
	if found := (Channel{Slack: "@ann"}).Validate(); len(found) != 1 || !strings.Contains(found[0].Text, `"@ann" is a person: expected '#name'`) {
		t.Errorf("got %v", found)
	}
}
