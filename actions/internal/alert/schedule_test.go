package alert

import (
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

const office = "Mon–Fri 09:00–18:00 Europe/Berlin"

// scheduled reads routes as config does, for a team with hours.
func scheduled(t *testing.T, team, src string) []Route {
	t.Helper()
	var routes []Route
	if err := yaml.Unmarshal([]byte(src), &routes); err != nil {
		t.Fatal(err)
	}
	var people model.People
	if err := yaml.Unmarshal([]byte(team), &people); err != nil {
		t.Fatal(err)
	}
	for i := range routes {
		routes[i].Team = people.WorkingHours()
	}
	return routes
}

func clockTime(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// The deadline is where the team expects it: at the end of the working day where the
// team is, or after so many hours of work.
func TestSchedule_Deadline(t *testing.T) {
	const berlin = "{timezone: Europe/Berlin, hours: Mon–Fri 09:00–18:00}"
	for _, c := range []struct{ name, team, route, sent, by string }{
		{"in the day", berlin, "respond: end of day", "2026-01-28 09:00", "2026-01-28 17:00"},
		{"before hours", berlin, "respond: end of day", "2026-01-28 05:00", "2026-01-28 17:00"},
		{"after hours", berlin, "respond: end of day", "2026-01-28 17:01", "2026-01-29 17:00"},
		{"at the weekend", berlin, "respond: end of day", "2026-01-31 09:00", "2026-02-02 17:00"},
		{"on Friday evening", berlin, "respond: end of day", "2026-01-30 20:00", "2026-02-02 17:00"},
		{"in summer", berlin, "respond: end of day", "2026-07-01 09:00", "2026-07-01 16:00"},
		{"over the day on which clocks change", berlin, "respond: end of day", "2026-03-28 09:00", "2026-03-30 16:00"},
		{"a team without hours, in its zone", "{timezone: Asia/Tokyo}", "respond: end of day", "2026-01-28 16:00", "2026-01-29 15:00"},
		{"a team without anything", "{}", "respond: end of day", "2026-01-28 16:00", "2026-01-29 00:00"},
		{"the hours of the route go first", berlin, "respond: end of day, hours: Mon–Sun 08:00–12:00 UTC", "2026-01-31 09:00", "2026-01-31 12:00"},
		{"hours of work", "{}", "respond: 4h, hours: " + office, "2026-01-30 16:00", "2026-02-02 11:00"},
		{"hours of work, in the zone of the team", berlin, "respond: 4h, hours: Mon–Fri 09:00–18:00", "2026-03-27 16:00", "2026-03-30 10:00"},
		{"around the clock", berlin, "respond: 4h", "2026-01-30 16:00", "2026-01-30 20:00"},
	} {
		r := scheduled(t, c.team, "[{label: P1, to: [monitoring], "+c.route+"}]")[0]
		if got := r.schedule().Deadline(clockTime(t, c.sent), r.Respond.Duration()); !got.Equal(clockTime(t, c.by)) {
			t.Errorf("%s: sent %s, respond by %s, want %s", c.name, c.sent, got, c.by)
		}
	}
}

func TestRespondBy_Errors(t *testing.T) {
	var r RespondBy
	for _, bad := range []string{"tomorrow", "end of week", "-1h"} {
		if err := yaml.Unmarshal([]byte(bad), &r); err == nil || !strings.Contains(err.Error(), "end of day") {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

// A warning waits for the hours of its route, what is critical does not, and each is
// news once.
func TestDue_WaitsForHours(t *testing.T) {
	routes := scheduled(t, "{}", "[{metric: memory, to: [monitoring], respond: 4h, escalate: true, hours: '"+office+"'}]")
	m, sunday := Memory{}, clockTime(t, "2026-02-01 12:00")
	run := func(at time.Time, level verdict.Level) (string, []Waiting) {
		m = m.Observe([]verdict.Verdict{{Metric: "memory", Level: level}}, nil, at)
		due, _ := m.Due(routes, metricChannels, "1/1", at)
		news, waiting := Awake(due, at)
		m, news = m.Claim(news, "1/1", at)
		for _, n := range news {
			m = m.Sent(n, "1/1", "ref", at)
		}
		return said(news), waiting
	}
	monday := clockTime(t, "2026-02-02 08:00")
	if news, waiting := run(sunday, warn); news != "" || len(waiting) != 1 || waiting[0] != (Waiting{"memory", monday}) {
		t.Errorf("on Sunday: %q, waiting %v", news, waiting)
	}
	for _, step := range []struct {
		at    time.Time
		level verdict.Level
		want  string
	}{
		{monday.Add(-time.Minute), warn, ""},
		{monday, warn, "firing memory monitoring/slack"},
		{monday.Add(3 * time.Hour), warn, ""},
		{monday.Add(4 * time.Hour), warn, "reminder memory monitoring/slack @channel in ref"},
		{monday.Add(12 * time.Hour), ok, ""},
		{monday.Add(24 * time.Hour), ok, "recovered memory monitoring/slack in ref"},
		{monday.Add(36 * time.Hour), crit, "firing memory monitoring/slack"},
	} {
		if got, _ := run(step.at, step.level); got != step.want {
			t.Errorf("at %s: %q, want %q", step.at, got, step.want)
		}
	}
}

// A reminder counts the hours of work since the message, not those of the night.
func TestReminders_CountHoursOfWork(t *testing.T) {
	routes := scheduled(t, "{}", "[{metric: memory, to: [monitoring], respond: 4h, escalate: true, hours: '"+office+"'}]")
	friday := clockTime(t, "2026-01-30 16:00")
	m := Memory{}.Observe([]verdict.Verdict{{Metric: "memory", Level: warn}}, nil, friday)
	due, _ := m.Due(routes, metricChannels, "1/1", friday)
	m, due = m.Claim(due, "1/1", friday)
	m = m.Sent(due[0], "1/1", "ref", friday)
	for at, want := range map[string]int{"2026-01-30 20:01": 0, "2026-02-02 10:59": 0, "2026-02-02 11:00": 1} {
		now := clockTime(t, at)
		if got, _ := m.Due(routes, metricChannels, "2/1", now); len(got) != want {
			t.Errorf("%s: %d reminders, want %d: %s", at, len(got), want, said(got))
		}
	}
}

// Of an issue, what waits is told apart from what goes out; where two routes lead to
// one channel, the one that does not wait decides.
func TestAwakeIssues(t *testing.T) {
	routes := scheduled(t, "{}", `
- {label: P0, to: [alerts], respond: 1h}
- {label: crash, to: [monitoring], respond: 2d}
- {label: P1, to: [monitoring], respond: end of day, hours: `+office+`}`)
	sunday := clockTime(t, "2026-02-01 12:00")
	for labels, want := range map[string]string{"P1": "0+1", "P0 P1": "2+1", "P1 crash": "1+0"} {
		due := ForIssue(model.Issue{Number: 7, State: "open"}, strings.Fields(labels), model.History{}, routes, metricChannels)
		awake, asleep := AwakeIssues(due, sunday)
		if got := string(rune('0'+len(awake))) + "+" + string(rune('0'+len(asleep))); got != want {
			t.Errorf("%s: %s messages, want %s", labels, got, want)
		}
		if opens := Opens(asleep, sunday); len(asleep) > 0 && !opens.Equal(clockTime(t, "2026-02-02 08:00")) {
			t.Errorf("%s: opens %s", labels, opens)
		}
	}
}

// An issue is escalated when the working day has ended, not eight hours on.
func TestEscalations_AtTheEndOfTheDay(t *testing.T) {
	routes := scheduled(t, "{timezone: Europe/Berlin, hours: Mon–Fri 09:00–18:00}", "[{label: P1, to: [monitoring], respond: end of day, escalate: true}]")
	friday := clockTime(t, "2026-01-30 18:00")
	due := ForIssue(model.Issue{Number: 7, State: "open"}, []string{"P1"}, model.History{}, routes, metricChannels)
	told := Told{Channel: "monitoring", By: "slack", Respond: due[0].Respond, State: Sent, Ref: "ref"}
	markers := []Marker{{Run: "1/1", At: friday, Until: friday, Told: []Told{told}}}
	for at, want := range map[string]int{"2026-01-31 03:00": 0, "2026-02-02 16:59": 0, "2026-02-02 17:00": 1} {
		news, _, deadline := Escalations(due, markers, "2/1", clockTime(t, at))
		if len(news) != want || want == 0 && !deadline.Equal(clockTime(t, "2026-02-02 17:00")) {
			t.Errorf("%s: %d escalations, want %d; deadline %s", at, len(news), want, deadline)
		}
	}
	if again, _ := News(due, markers, "2/1", clockTime(t, "2026-02-02 08:00")); len(again) != 0 {
		t.Errorf("told again: %+v", again)
	}
}
