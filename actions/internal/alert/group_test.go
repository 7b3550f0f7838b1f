package alert

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

var groupRoutes = []Route{
	{Level: "critical", To: model.Names{"alerts"}, Mention: "channel", Respond: In(time.Hour)},
	{Level: "warning", To: model.Names{"monitoring"}, Respond: In(4 * time.Hour), Escalate: &escalate},
}

// fired is a memory in which metrics began to fire: m0, m1, …
func fired(m Memory, at time.Time, levels ...verdict.Level) Memory {
	var all []verdict.Verdict
	for i, l := range levels {
		all = append(all, verdict.Verdict{Metric: fmt.Sprintf("m%d", i), Level: l})
	}
	return m.Observe(all, nil, at)
}

func never(string, string) bool { return false }

func grouped(m Memory, run string, at time.Time) []MetricNews {
	news, _ := m.Due(groupRoutes, metricChannels, run, at)
	return Group(news, never)
}

func levels(n int, l verdict.Level) []verdict.Level {
	all := make([]verdict.Level, n)
	for i := range all {
		all[i] = l
	}
	return all
}

// Five alerts are five messages, six are one for each route.
func TestGroup_MoreThanFive(t *testing.T) {
	if got := grouped(fired(Memory{}, now, levels(5, warn)...), "1/1", now); len(got) != 5 {
		t.Errorf("five alerts: %s", said(got))
	}
	if got := said(grouped(fired(Memory{}, now, levels(6, warn)...), "1/1", now)); got != "firing m0 monitoring/slack+m1+m2+m3+m4+m5" {
		t.Errorf("six alerts: %s", got)
	}
	mixed := fired(Memory{}, now, warn, crit, warn, warn, crit, warn, warn)
	want := "firing m0 monitoring/slack+m2+m3+m5+m6; firing m1 alerts/slack+m4 @channel; firing m1 alerts/email+m4 @channel"
	if got := said(grouped(mixed, "1/1", now)); got != want {
		t.Errorf("two routes:\n got %s\nwant %s", got, want)
	}
	apart := Group(grouped(mixed, "1/1", now), func(_, by string) bool { return by == "email" })
	if news, _ := mixed.Due(groupRoutes, metricChannels, "1/1", now); len(Group(news, func(_, by string) bool { return by == "email" })) != 4 {
		t.Errorf("apart: %s", said(apart))
	}
}

// What an earlier run has claimed keeps its own message and key, and what is over is
// told in its own thread: neither joins others.
func TestGroup_KeepsApartWhatIsClaimedOrInAThread(t *testing.T) {
	m := fired(Memory{}, now, levels(7, warn)...)
	news, _ := m.Due(groupRoutes, metricChannels, "1/1", now)
	news[2].Claimed = now.Add(-time.Hour)
	if got := said(Group(news, never)); got != "firing m0 monitoring/slack+m1+m3+m4+m5+m6; firing m2 monitoring/slack" {
		t.Errorf("claimed: %s", got)
	}
	for i := range news {
		news[i].Claimed, news[i].Kind, news[i].Thread = time.Time{}, Recovered, fmt.Sprint(i%2)
	}
	if got := Group(news, never); len(got) != 2 || len(got[0].With) != 3 || len(got[1].With) != 2 {
		t.Errorf("in two threads: %s", said(got))
	}
}

// A critical alert speaks for the warnings in its message.
func TestGroup_CriticalFirst(t *testing.T) {
	m := fired(Memory{}, now, warn, warn, crit, warn, warn, warn)
	news, _ := m.Due([]Route{{Level: "warning", To: model.Names{"monitoring"}}}, metricChannels, "1/1", now)
	if got := Group(news, never); len(got) != 1 || got[0].Metric != "m2" || len(got[0].With) != 5 || len(got[0].Each()) != 6 {
		t.Errorf("got %s", said(got))
	}
}

// A run that dies between its claim and the record leaves one message in doubt, with
// one key; whoever takes it over sends or finds that one, and each alert has its own
// record: its end, and whether somebody answered.
func TestGroup_IsOneMessageAcrossACrash(t *testing.T) {
	m := fired(Memory{}, now, levels(7, warn)...)
	m, claimed := m.Claim(grouped(m, "1/1", now), "1/1", now)
	if len(claimed) != 1 {
		t.Fatalf("claimed %s", said(claimed))
	}
	if got, left := m.Due(groupRoutes, metricChannels, "2/1", now.Add(time.Minute)); len(got) != 0 || len(left) != 1 {
		t.Errorf("while the claim holds: %s, left %s", said(got), said(left))
	}
	later := now.Add(Hold + time.Minute)
	m = fired(m, later, append(levels(6, warn), ok)...) // one is over meanwhile
	again := grouped(m, "2/1", later)
	if len(again) != 1 || !again[0].Unconfirmed || again[0].Key != claimed[0].Key || len(again[0].Each()) != 7 {
		t.Fatalf("after the crash: %s", said(again))
	}
	m, again = m.Claim(again, "2/1", later)
	m = m.Sent(again[0], "2/1", "ref", later)
	if got := said(grouped(m, "3/1", later.Add(time.Minute))); got != "recovered m6 monitoring/slack in ref" {
		t.Errorf("then: %s", got)
	}
	for _, a := range m.Alerts {
		if told := a.Episodes[0].Told; len(told) != 1 || told[0].State != Sent || told[0].Ref != "ref" || told[0].Kind != Firing {
			t.Errorf("%s has the record %+v", a.Metric, told)
		}
	}
	late := later.Add(5 * time.Hour)
	if got := said(grouped(m.Answer("m1", late, ""), "3/1", late)); strings.Contains(got, "+m1") || !strings.Contains(got, "reminder m0 monitoring/slack @channel in ref") {
		t.Errorf("the reminder: %s", got)
	}
}

// What failed for certain is told again at once, as one.
func TestGroup_FailedIsToldAgain(t *testing.T) {
	m := fired(Memory{}, now, levels(6, warn)...)
	m, claimed := m.Claim(grouped(m, "1/1", now), "1/1", now)
	m = m.Failed(claimed[0], "1/1")
	if got := said(grouped(m, "2/1", now.Add(time.Minute))); got != "firing m0 monitoring/slack+m1+m2+m3+m4+m5" {
		t.Errorf("got %s", got)
	}
}

func levelsOf(words []string) []verdict.Level {
	var all []verdict.Level
	for _, w := range words {
		all = append(all, map[string]verdict.Level{"ok": ok, "warn": warn, "crit": crit}[w])
	}
	return all
}
