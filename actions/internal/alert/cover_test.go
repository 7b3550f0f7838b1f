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

// A response to the reports is none to what the scan finds beside them: once that is
// counted, the alert asks again.
func TestCover_AResponseToReportsIsNoneToWhatComesBeside(t *testing.T) {
	at := time.Date(2026, 1, 25, 18, 17, 0, 0, time.UTC)
	m := Memory{}.Observe([]verdict.Verdict{{Metric: "pii_in_telemetry", Level: verdict.Critical}}, nil, at)
	m = m.Cover("pii_in_telemetry", true).Answer("pii_in_telemetry", at.Add(time.Minute), "lena")
	if e, _ := m.Cover("pii_in_telemetry", true).Firing("pii_in_telemetry"); e.Answered.IsZero() {
		t.Error("a response to reports alone is forgotten")
	}
	m = m.Cover("pii_in_telemetry", false)
	if e, _ := m.Firing("pii_in_telemetry"); !e.Answered.IsZero() || e.Answerer != "" {
		t.Errorf("it stands as answered at %s by %s", e.Answered, e.Answerer)
	}
	m = m.Answer("pii_in_telemetry", at.Add(time.Hour), "omar").Cover("pii_in_telemetry", false)
	if e, _ := m.Firing("pii_in_telemetry"); e.Answerer != "omar" {
		t.Error("a response to the alert itself is forgotten")
	}
}

// What nobody has responded to is asked about as long as it lasts, with the messages where
// somebody may have; the deadline of a message runs in the hours of its route.
func TestUnanswered_AreThoseThatLast(t *testing.T) {
	at := time.Date(2026, 2, 5, 18, 17, 0, 0, time.UTC) // a Thursday
	hours, err := model.ParseHours("Mon–Fri 09:00–18:00 UTC")
	if err != nil {
		t.Fatal(err)
	}
	routes := []Route{{Level: "warning", To: model.Names{"alerts"}, Respond: In(4 * time.Hour), Hours: hours}}
	channels := Channels{"alerts": {Slack: "#alerts"}}
	m := Memory{}.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: verdict.Warning}}, nil, at)
	news, _ := m.Due(routes, channels, "1/1", at)
	if len(news) != 1 {
		t.Fatalf("the news is %+v", news)
	}
	m, news = m.Claim(news, "1/1", at)
	if len(m.Unanswered(at)) != 0 {
		t.Error("a message that is not sent has an answer")
	}
	m = m.Sent(news[0], "1/1", "C1/2.3", at)
	if got := m.Unanswered(at.AddDate(0, 0, 30)); len(got) != 1 || got[0].Metric != "crash_rate" {
		t.Errorf("got %+v", got)
	}
	if due := m.Unanswered(at)[0].Told[0].Due; !due.Equal(time.Date(2026, 2, 6, 13, 0, 0, 0, time.UTC)) {
		t.Errorf("somebody must respond by %s", due)
	}
	if got := m.Answer("crash_rate", at, "lena").Unanswered(at); len(got) != 0 {
		t.Errorf("answered, and asked about: %+v", got)
	}
	m = m.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: verdict.OK}}, nil, at.Add(time.Hour))
	if got := m.Unanswered(at.Add(time.Hour)); len(got) != 0 {
		t.Errorf("over, and asked about: %+v", got)
	}
}

// When a count is empty by itself is kept with the alert for the digest, which measures
// nothing; it is of the last run that saw it.
func TestEmpties_KeepsTheLastKnownTime(t *testing.T) {
	at := time.Date(2026, 1, 27, 8, 49, 0, 0, time.UTC)
	if m := (Memory{}).Empties("privacy_leaks", at); len(m.Alerts) != 0 {
		t.Errorf("what does not fire is kept: %+v", m)
	}
	m := Memory{}.Observe([]verdict.Verdict{{Metric: "privacy_leaks", Level: verdict.Critical}}, nil, at).Empties("privacy_leaks", at.AddDate(0, 0, 7))
	kept, err := Decode(m.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if e, _ := kept.Firing("privacy_leaks"); !e.Leaves.Equal(at.AddDate(0, 0, 7)) {
		t.Errorf("it is empty from %s on", e.Leaves)
	}
	if e, _ := kept.Empties("privacy_leaks", time.Time{}).Firing("privacy_leaks"); !e.Leaves.IsZero() {
		t.Errorf("an issue is open, and it is empty from %s on", e.Leaves)
	}
}
