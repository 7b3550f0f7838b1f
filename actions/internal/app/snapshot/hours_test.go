package snapshot

import (
	"strings"
	"testing"
	"time"
)

// inHours is the small plan with hours for what is not critical.
var inHours = strings.NewReplacer(
	"respond: 4h}", "respond: 4h, hours: Mon–Fri 09:00–18:00 Europe/Berlin}",
	"labels: [{name: P0}", "people: {timezone: Europe/Berlin, hours: Mon–Fri 09:00–18:00}\nlabels: [{name: P1}, {name: P0}",
	"any: [meltdown]}", "any: [meltdown]}, {label: P1, any: [sluggish]}",
	"routes:\n", "routes:\n  - {label: P1, to: [monitoring], respond: end of day, hours: Mon–Fri 09:00–18:00, escalate: true}\n",
).Replace(small)

// at moves the clock of the world to a time.
func (s *stage) at(t *testing.T, when string) {
	t.Helper()
	to, err := time.Parse("2006-01-02 15:04", when)
	if err != nil || to.Before(s.world.Now()) {
		t.Fatalf("%s is before %s (%v)", when, s.world.Now(), err)
	}
	s.world.Advance(to.Sub(s.world.Now()))
}

// A warning and an issue that come at the weekend are on the page at once, and in the
// channel on Monday morning, each once, with a deadline of that day.
func TestSnapshot_WaitsForWorkingHours(t *testing.T) {
	s := newStage(t, inHours)
	s.at(t, "2026-01-31 10:00") // a Saturday
	n := s.repo.OpenIssue("ann", "sluggish start", "")
	if got := s.triage(t, n); got.code != 0 || !strings.Contains(got.summary, "Told later: monitoring by slack, from 2 Feb 2026 08:00 UTC") {
		t.Fatalf("triage: code %d, %s\n%s", got.code, got.summary, got.stderr)
	}
	s.telemetry(t, 400, 3) // a warning: 0.75%, critical is 1%
	s.world.Advance(20 * time.Minute)
	s.must(t)
	if said := s.said("#caro-monitoring"); len(said) > 0 {
		t.Errorf("at the weekend the channel heard %q", said)
	}
	contains(t, "the page", s.report("README.md"), "waiting for working hours: ", "#1 (until 2 Feb 2026 08:00 UTC)")
	s.world.Advance(time.Hour)
	s.must(t)
	contains(t, "the page an hour later", s.report("README.md"), "#1 (until 2 Feb 2026 08:00 UTC)", "Respond to issue #\u20601 of 31 Jan: “sluggish start” (P1, due 2 Feb 17:00 UTC)")
	s.at(t, "2026-02-02 08:05")
	for range 2 {
		s.must(t)
		s.world.Advance(time.Hour)
	}
	said := s.said("#caro-monitoring")
	issue := strings.Join(s.said("#caro-monitoring"), "\n")
	if got := strings.Count(issue, "sluggish start"); got != 1 {
		t.Errorf("the issue was told %d times: %q", got, said)
	}
	contains(t, "the message", s.all("#caro-monitoring"), "17:00 UTC (18:00 Europe/Berlin, end of the day)")
	if page := s.report("README.md"); strings.Contains(page, "waiting for working hours") {
		t.Errorf("the page still says that something waits:\n%.600s", page)
	}
	s.at(t, "2026-02-02 16:55")
	s.must(t, "-priority", "P0")
	if got := strings.Count(strings.Join(s.said("#caro-monitoring"), "\n"), "Escalated"); got != 0 {
		t.Errorf("escalated before the day ended")
	}
	s.at(t, "2026-02-02 17:05")
	s.must(t, "-priority", "P0") // after hours: it waits
	s.at(t, "2026-02-03 08:05")
	s.must(t, "-priority", "P0")
	if got := strings.Join(s.said("#caro-monitoring"), "\n"); strings.Count(got, "Escalated, no response by the end of the day") != 1 {
		t.Errorf("the escalation: %s", got)
	}
}

// all is everything that a channel shows.
func (s *stage) all(channel string) string {
	var b strings.Builder
	for _, m := range s.world.Slack.Messages(channel) {
		b.WriteString(m.Text + "\n" + string(m.Blocks) + "\n")
	}
	return b.String()
}
