package alert

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

var metricChannels = Channels{
	"alerts":     {Slack: "#alerts", Email: []string{"call@caro.example"}},
	"monitoring": {Slack: "#monitoring"},
	"team":       {Email: []string{"team@caro.example"}},
}

// escalate is what a route says that escalates warnings too.
var escalate = true

var metricRoutes = []Route{
	{Label: model.Names{"P0"}, To: model.Names{"team"}},
	{Metric: model.Names{"crash_rate"}, Level: "critical", To: model.Names{"alerts"}, Mention: "engineering", Respond: In(4 * time.Hour), Runbook: "docs/crash.md"},
	{Metric: model.Names{"active_users"}, To: model.Names{"team"}, Continue: true},
	{Metric: model.Names{"memory"}, Level: "warning", To: model.Names{"monitoring"}, Respond: In(8 * time.Hour)},
	{Level: "warning", To: model.Names{"monitoring"}, Respond: In(8 * time.Hour), Escalate: &escalate},
}

// said is news in short: kind, metric, channel, way and what is special of it.
func said(all []MetricNews) string {
	var lines []string
	for _, n := range all {
		s := fmt.Sprintf("%s %s %s/%s", n.Kind, n.Metric, n.Channel, n.By)
		for _, more := range n.With {
			s += "+" + more.Metric
		}
		for _, mark := range []struct {
			on   bool
			word string
		}{{n.Mention != "", " @" + n.Mention}, {n.Over, " over"}, {n.Unconfirmed, " unconfirmed"}, {n.Thread != "", " in " + n.Thread}} {
			if mark.on {
				s += mark.word
			}
		}
		lines = append(lines, s)
	}
	return strings.Join(lines, "; ")
}

// visit is one run that tells all that is due, or as far as its fate lets it.
type visit struct {
	hour  float64
	level verdict.Level
	fate  string // "" sent, failed, dies after the claim
	want  string
}

func TestDue(t *testing.T) {
	for _, c := range []struct {
		name   string
		metric string // crash_rate where it is empty
		visits []visit
	}{
		{"a warning goes to the route of warnings, once", "", []visit{
			{0, warn, "", "firing crash_rate monitoring/slack"},
			{1, warn, "", ""},
		}},
		{"recovered goes to those who heard, in their thread", "", []visit{
			{0, warn, "", "firing crash_rate monitoring/slack"},
			{1, ok, "", "recovered crash_rate monitoring/slack in firing/0"},
			{2, ok, "", ""},
		}},
		{"critical goes to its own route, and the end to both", "", []visit{
			{0, warn, "", "firing crash_rate monitoring/slack"},
			{1, crit, "", "firing crash_rate alerts/slack @engineering; firing crash_rate alerts/email @engineering"},
			{2, ok, "", "recovered crash_rate monitoring/slack in firing/0; recovered crash_rate alerts/slack in firing/1; recovered crash_rate alerts/email in firing/1"},
		}},
		{"nobody answered: once more, louder", "", []visit{
			{0, crit, "", "firing crash_rate alerts/slack @engineering; firing crash_rate alerts/email @engineering"},
			{3.9, crit, "", ""},
			{4, crit, "", "reminder crash_rate alerts/slack @channel in firing/0; reminder crash_rate alerts/email @channel in firing/0"},
			{9, crit, "", ""},
		}},
		{"no reminder of what is below the warning, or unknown", "", []visit{
			{0, crit, "", "firing crash_rate alerts/slack @engineering; firing crash_rate alerts/email @engineering"},
			{5, blind, "", ""},
			{6, crit, "", "reminder crash_rate alerts/slack @channel in firing/0; reminder crash_rate alerts/email @channel in firing/0"},
		}},
		{"too few to tell is no end and no reminder", "", []visit{
			{0, crit, "", "firing crash_rate alerts/slack @engineering; firing crash_rate alerts/email @engineering"},
			{5, few, "", ""},
			{30, few, "", ""},
			{31, ok, "", "recovered crash_rate alerts/slack in firing/0; recovered crash_rate alerts/email in firing/0"},
		}},
		{"what failed is told by the next run as new", "", []visit{
			{0, warn, "failed", "firing crash_rate monitoring/slack"},
			{0.1, warn, "", "firing crash_rate monitoring/slack"},
		}},
		{"what ended before it could be told is one message", "", []visit{
			{0, warn, "failed", "firing crash_rate monitoring/slack"},
			{1, ok, "", "firing crash_rate monitoring/slack over"},
			{2, ok, "", ""},
		}},
		{"a claim that ran out is unconfirmed, and the end waits for it", "", []visit{
			{0, warn, "dies", "firing crash_rate monitoring/slack"},
			{1, ok, "", "firing crash_rate monitoring/slack unconfirmed"},
			{2, ok, "", "recovered crash_rate monitoring/slack in firing/0"},
		}},
		{"what is unconfirmed stays so when it fails", "", []visit{
			{0, warn, "dies", "firing crash_rate monitoring/slack"},
			{1, warn, "failed", "firing crash_rate monitoring/slack unconfirmed"},
			{2, warn, "", "firing crash_rate monitoring/slack unconfirmed"},
		}},
		{"a live claim keeps others away", "", []visit{
			{0, warn, "dies", "firing crash_rate monitoring/slack"},
			{0.1, warn, "", ""},
			{0.2, warn, "", "firing crash_rate monitoring/slack unconfirmed"},
		}},
		{"flapping is told once and held back", "", []visit{
			{0, warn, "", "firing crash_rate monitoring/slack"},
			{1, ok, "", "recovered crash_rate monitoring/slack in firing/0"},
			{2, warn, "", "flapping crash_rate monitoring/slack"},
			{3, ok, "", ""},
			{4, warn, "", ""},
			{5, ok, "", ""},
			{29, ok, "", "recovered crash_rate monitoring/slack in flapping/0"},
		}},
		{"a channel that heard of the warning hears that it is worse, in the thread", "latency", []visit{
			{0, warn, "", "firing latency monitoring/slack"},
			{1, crit, "", "worse latency monitoring/slack in firing/0"},
			{2, crit, "", ""},
			{3, ok, "", "recovered latency monitoring/slack in firing/0"},
		}},
		{"worse does not wait for what is unconfirmed", "latency", []visit{
			{0, warn, "dies", "firing latency monitoring/slack"},
			{0.1, crit, "", "worse latency monitoring/slack"},
			{1, crit, "failed", "firing latency monitoring/slack unconfirmed in worse/1"},
			{2, ok, "failed", "firing latency monitoring/slack unconfirmed in worse/1"},
			{3, ok, "", "firing latency monitoring/slack unconfirmed in worse/1"},
			{4, ok, "", "recovered latency monitoring/slack in firing/0"},
		}},
		{"what failed at a warning is told as it stands now", "latency", []visit{
			{0, warn, "failed", "firing latency monitoring/slack"},
			{1, crit, "", "firing latency monitoring/slack"},
			{2, crit, "", ""},
		}},
		{"the end waits until the beginning is sure", "latency", []visit{
			{0, warn, "dies", "firing latency monitoring/slack"},
			{0.1, ok, "", ""},
			{1, ok, "", "firing latency monitoring/slack unconfirmed"},
			{2, ok, "", "recovered latency monitoring/slack in firing/0"},
		}},
		{"a warning is not escalated where its route does not say so", "memory", []visit{
			{0, warn, "", "firing memory monitoring/slack"},
			{9, warn, "", ""},
			{10, ok, "", "recovered memory monitoring/slack in firing/0"},
		}},
		{"a reminder that is unconfirmed is not repeated when it is over", "latency", []visit{
			{0, warn, "", "firing latency monitoring/slack"},
			{8, warn, "dies", "reminder latency monitoring/slack @channel in firing/0"},
			{9, ok, "", "recovered latency monitoring/slack in firing/0"},
		}},
		{"no reminder of what was not surely heard", "latency", []visit{
			{0, warn, "dies", "firing latency monitoring/slack"},
			{8, warn, "", "firing latency monitoring/slack unconfirmed"},
			{15.9, warn, "", ""},
			{16, warn, "", "reminder latency monitoring/slack @channel in firing/0"},
		}},
		{"a silence that is unconfirmed is not repeated when it is over", "", []visit{
			{0, ok, "", ""},
			{1, blind, "", ""},
			{27, blind, "dies", "silent-source crash_rate monitoring/slack"},
			{28, ok, "", ""},
		}},
		{"a silence is told once, to the route of warnings", "", []visit{
			{0, ok, "", ""},
			{1, blind, "", ""},
			{27, blind, "", "silent-source crash_rate monitoring/slack"},
			{30, blind, "", ""},
			{31, ok, "", ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var m Memory
			metric := firstOf(c.metric, "crash_rate")
			for i, visit := range c.visits {
				now, run := hours(visit.hour), fmt.Sprintf("%d/1", i)
				m = m.Observe([]verdict.Verdict{judged(metric, visit.level)}, nil, now)
				news, _ := m.Due(metricRoutes, metricChannels, run, now)
				if got := said(news); got != visit.want {
					t.Errorf("hour %v\ngot  %s\nwant %s", visit.hour, got, visit.want)
				}
				m, news = m.Claim(news, run, now)
				for _, n := range news {
					switch visit.fate {
					case "":
						m = m.Sent(n, run, fmt.Sprintf("%s/%d", n.Kind, n.Turn), now)
					case "failed":
						m = m.Failed(n, run)
					}
				}
			}
		})
	}
}

func TestSilencesAreOneMessage(t *testing.T) {
	all := []verdict.Verdict{{Metric: "a", Level: ok}, {Metric: "b", Level: ok}, {Metric: "c", Level: ok}}
	m := Memory{}.Observe(all, nil, hours(0))
	for i := range all {
		all[i].Level = blind
	}
	m = m.Observe(all, nil, hours(1)).Observe(all[:2], nil, hours(27))
	news, _ := m.Due(metricRoutes, metricChannels, "1/1", hours(27))
	if got, want := said(news), "silent-source a monitoring/slack+b"; got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	m, news = m.Claim(news, "1/1", hours(27))
	m = m.Observe(all, nil, hours(28))
	again, _ := m.Due(metricRoutes, metricChannels, "2/1", hours(28))
	if got, want := said(again), "silent-source a monitoring/slack+b unconfirmed; silent-source c monitoring/slack"; got != want || again[0].Key != news[0].Key {
		t.Errorf("got  %s\nwant %s, and the same key", got, want)
	}
	m = m.Sent(again[0], "2/1", "x", hours(28)).Sent(again[1], "2/1", "y", hours(28))
	if rest, _ := m.Due(metricRoutes, metricChannels, "3/1", hours(29)); len(rest) > 0 {
		t.Errorf("told, and still due: %s", said(rest))
	}
}

func TestClaims(t *testing.T) {
	m := watch(0, 0, seen{0, warn})
	first, _ := m.Due(metricRoutes, metricChannels, "7/1", hours(0))
	m, first = m.Claim(first, "7/1", hours(0))
	for _, c := range []struct {
		name, run  string
		hour       float64
		news, left int
		sure       bool
	}{
		{"another run leaves it", "8/1", 0.1, 0, 1, false},
		{"the run itself, whose commit's answer was lost, sends it", "7/1", 0.1, 1, 0, true},
		{"a later attempt of the run takes over at once", "7/2", 0.1, 1, 0, false},
		{"anybody does when it has run out", "8/1", 0.2, 1, 0, false},
		{"the run itself is no surer then", "7/1", 0.2, 1, 0, false},
	} {
		news, left := m.Due(metricRoutes, metricChannels, c.run, hours(c.hour))
		if len(news) != c.news || len(left) != c.left || len(news) == 1 && (news[0].Unconfirmed == c.sure || news[0].Key != first[0].Key || !news[0].Claimed.Equal(hours(0))) {
			t.Errorf("%s: got %+v, left %+v", c.name, news, left)
		}
	}
	taken, _ := m.Due(metricRoutes, metricChannels, "8/1", hours(1))
	m, _ = m.Claim(taken, "8/1", hours(1))
	if got := m.Failed(first[0], "7/1"); !reflect.DeepEqual(got, m) {
		t.Errorf("a run recorded as failed what another had taken over: %+v", got)
	}
	m = m.Sent(first[0], "7/1", "a", hours(1))
	if got := m.Sent(taken[0], "8/1", "b", hours(2)); !reflect.DeepEqual(got, m) {
		t.Errorf("of two records the first must stand: %+v", got)
	}
}

func TestInTime(t *testing.T) {
	_, claimed := watch(0, 0, seen{0, warn}).Claim([]MetricNews{{Metric: "crash_rate", Episode: hours(0)}}, "1/1", hours(0))
	if err := InTime(claimed[0].Until, hours(0).Add(Hold-time.Minute)); err != nil {
		t.Errorf("a minute before the end: %v", err)
	}
	if err := InTime(claimed[0].Until, hours(0).Add(Hold-time.Minute+time.Second)); err == nil {
		t.Error("less than a minute before the end: no error")
	}
}

func TestAnsweredAndRetired(t *testing.T) {
	m := watch(0, 0, seen{0, crit})
	news, _ := m.Due(metricRoutes, metricChannels, "1/1", hours(0))
	m, news = m.Claim(news, "1/1", hours(0))
	for _, n := range news {
		m = m.Sent(n, "1/1", "", hours(0))
	}
	if due, _ := m.Due(metricRoutes, metricChannels, "2/1", hours(5)); len(due) != 2 {
		t.Fatalf("nobody answered, and due is %s", said(due))
	}
	answered := m.Answer("crash_rate", hours(1), "")
	if due, _ := answered.Due(metricRoutes, metricChannels, "2/1", hours(5)); len(due) != 0 {
		t.Errorf("answered, and due is %s", said(due))
	}
	reminded, _ := m.Due(metricRoutes, metricChannels, "2/1", hours(5))
	unsure, _ := m.Claim(reminded, "2/1", hours(5))
	if due, _ := unsure.Answer("crash_rate", hours(6), "").Due(metricRoutes, metricChannels, "3/1", hours(7)); len(due) != 0 {
		t.Errorf("answered after a reminder that is unconfirmed, and due is %s", said(due))
	}
	if e, firing := answered.Firing("crash_rate"); !firing || !e.Answered.Equal(hours(1)) {
		t.Errorf("firing %v: %+v", firing, e)
	}
	if got := m.Retire([]string{"other"}); len(got.Alerts) != 0 {
		t.Errorf("retired, and there: %+v", got)
	}
	if got := m.Retire([]string{"crash_rate"}); !reflect.DeepEqual(got, m) {
		t.Errorf("kept, and other: %+v", got)
	}
}

func TestRoutesOfMetrics(t *testing.T) {
	for _, c := range []struct {
		name, metric string
		level        verdict.Level
		want         string
	}{
		{"the first that matches", "crash_rate", crit, "alerts/slack alerts/email"},
		{"a lesser level goes on to the next", "crash_rate", warn, "monitoring/slack"},
		{"critical takes the route of warnings, too", "other", crit, "monitoring/slack"},
		{"continue looks further", "active_users", warn, "team/email monitoring/slack"},
		{"what does not fire goes nowhere", "active_users", ok, ""},
	} {
		var got []string
		for _, n := range demand(metricRoutes, metricChannels, c.metric, c.level) {
			got = append(got, n.Channel+"/"+n.By)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: got %q, want %q", c.name, s, c.want)
		}
	}
}

func TestTwoRoutesToOneChannelAreOneMessage(t *testing.T) {
	routes := []Route{
		{Level: "warning", To: model.Names{"monitoring"}, Mention: "here", Respond: In(8 * time.Hour), Runbook: "docs/slow.md", Continue: true},
		{Level: "critical", To: model.Names{"monitoring"}, Mention: "channel", Respond: In(time.Hour), Continue: true},
		{Metric: model.Names{"latency"}, To: model.Names{"monitoring"}},
	}
	got := demand(routes, metricChannels, "latency", crit)
	want := []MetricNews{{Channel: "monitoring", By: "slack", Mention: "channel", Respond: time.Hour, Runbook: "docs/slow.md"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestWhatIsWorseIsToBeAnsweredAnew(t *testing.T) {
	m := watch(0, 0, seen{0, warn}).Answer("crash_rate", hours(1), "")
	m = m.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: crit}}, nil, hours(2))
	if e, firing := m.Firing("crash_rate"); !firing || !e.Answered.IsZero() {
		t.Errorf("firing %v, and answered at %s", firing, e.Answered)
	}
}
