package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// launch is a day of a launch week in which a build went bad: few metrics, as a
// person would read them.
func launch(t testing.TB) Day {
	t.Helper()
	number := func(f float64) *float64 { return &f }
	date := func(s string) model.Date {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return model.Date{Time: at}
	}
	d := Day{Now: now, Weekly: true, Gated: true, Gate: "GO (1 waiver)", Charts: map[string]bool{"crash_rate": true}, Page: "https://github.com/caro/caro/blob/HEAD/reports/README.md", Release: model.Release{
		Project: "Caro", Version: "v1.1.0-beta", Shipped: date("2026-01-24"), GA: date("2026-02-15"),
		Phases: []model.Phase{{Name: "Launch", Until: date("2026-01-30"), Focus: []string{"stability", "installation"}, Todo: []string{"Look at P0 and P1 bugs each morning"}}},
	}}
	add := func(r metric.Reading, past ...float64) {
		definition := metric.Definition{ID: r.Metric}.Whole()
		thresholds := verdict.Thresholds{}
		for bound, is := range map[*verdict.Bound]string{&thresholds.Target: definition.Target, &thresholds.Warning: definition.Warning, &thresholds.Critical: definition.Critical} {
			*bound, _ = verdict.ParseBound(is)
		}
		length, _ := model.ParseDuration(definition.Window[0]) // now has none
		r.At, r.Until, r.From, r.Unit = now, now, now.Add(-length.Duration()), definition.Unit
		e := Entry{Definition: definition, Thresholds: thresholds, Reading: r}
		e.Verdict = verdict.Judge(verdict.Of(r, nil, definition.Count), thresholds, verdict.Default)
		e.Reading.Verdict = string(e.Verdict.Level)
		if e.Verdict.Level != verdict.OK {
			e.Reading.Reason = e.Verdict.Sentence()
		}
		for i, v := range past {
			h := metric.Reading{At: now.AddDate(0, 0, i-len(past)), Metric: r.Metric, Value: number(v), Verdict: string(verdict.OK)}
			if !thresholds.Critical.IsZero() && thresholds.Critical.Holds(v) {
				h.Verdict, h.Reason = string(verdict.Critical), "past critical"
			}
			e.History = append(e.History, h)
		}
		d.Entries = append(d.Entries, e)
	}
	add(metric.Reading{Metric: "crash_rate", Part: number(60), Whole: number(1000), Value: number(6), Previous: number(0.2)}, 0.05, 0.06, 0.2, 5.5)
	d.Entries[0].Since = now.Add(-20 * time.Hour)
	add(metric.Reading{Metric: "p0_bugs", Value: number(0), Previous: number(1)}, 0, 0, 1, 0)
	add(metric.Reading{Metric: "command_success_rate", Part: number(9480), Whole: number(10000), Value: number(94.8), Previous: number(95.1)}, 95, 95.2, 95.1)
	add(metric.Reading{Metric: "daily_active_users", Value: number(1240), Previous: number(980)}, 700, 800, 980)
	add(metric.Reading{Metric: "time_to_first_response", Value: number(30.5), Sample: number(7), Previous: number(12)})
	add(metric.Reading{Metric: "os_distribution", Values: []metric.Entry{{Key: "macOS", Value: number(600)}, {Key: "Linux", Value: number(400)}}})
	add(metric.Reading{Metric: "pain_points", Values: []metric.Entry{{Key: "installation", Value: number(5)}}})
	add(metric.Reading{Metric: "nps", Reason: "nobody answered"})
	d.Gaps = []model.Gap{{Source: "github", Table: "security_alerts", Reason: "the token may not read the alerts about dependencies", Hint: "give the secret AFTERCARE_TOKEN"}}
	d.Told, d.Besides = []string{"alerts by slack: crash_rate is critical", "alerts by slack: issue 42"}, []string{"alerts by slack: issue 42"}
	d.Fired = fired()
	d.Opened = []Recent{{Number: 42, Title: "it crashes @everyone | always", URL: "https://github.com/caro/caro/issues/42", Labels: []string{"crash", "P0"}}, {Number: 41, Title: "how do I undo?", URL: "https://github.com/caro/caro/issues/41", Answered: true}, {Number: 40, Title: "BUY NOW", URL: "https://github.com/caro/caro/issues/40", Closed: true}}
	return d
}

// overTheWeek are entries as a week of them: the crashes of a day among those of
// seven, and the rest as it was over the days of its own window.
func overTheWeek(last []Entry) []Entry {
	all := slices.Clone(last)
	part, whole, value, before := 61.0, 6400.0, 100*61.0/6400, 0.1
	e := &all[0]
	e.Reading.From, e.Reading.Part, e.Reading.Whole, e.Reading.Value, e.Reading.Previous = now.Add(-7*day), &part, &whole, &value, &before
	e.Reading.Reason = ""
	e.Verdict = verdict.Judge(verdict.Of(e.Reading, nil, false), e.Thresholds, verdict.Default)
	return all
}

// fired are what was past a threshold: a yank that was undone before the next
// reading, crashes that go on, and what many look at elsewhere.
func fired() []alert.Fired {
	told := func(kind alert.Transition, channels ...string) []alert.MetricTold {
		var all []alert.MetricTold
		for _, c := range channels {
			all = append(all, alert.MetricTold{Channel: c, By: "slack", Kind: kind, State: alert.Sent})
		}
		return all
	}
	at := func(hours float64) time.Time { return now.Add(-time.Duration(hours * float64(time.Hour))) }
	return []alert.Fired{
		{Metric: "p0_bugs", Episode: alert.Episode{Began: at(45), Since: at(45), Ended: at(20), Answered: at(44.2), Answerer: "Omar @all | <b>", Level: verdict.Critical, Told: told(alert.Reminder, "alerts")}},
		{Metric: "command_success_rate", Episode: alert.Episode{Began: at(40), Since: at(40), Ended: at(1), Level: verdict.Critical, Kind: alert.Worse, Told: told(alert.Firing, "monitoring")}},
		{Metric: "mail:1", Notice: &alert.Notice{Labels: []string{"P0", "privacy-leak"}}, Episode: alert.Episode{Began: at(3), Since: at(3)}},
		{Metric: "mention:hackernews:1", Notice: &alert.Notice{Score: 286}, Episode: alert.Episode{Began: at(21), Since: at(60), Told: told(alert.Firing, "monitoring")}},
		{Metric: "crash_rate", Episode: alert.Episode{Began: at(20), Since: at(20), Level: verdict.Critical, Told: append(told(alert.Firing, "alerts", "team"), told(alert.Reminder, "alerts")...)}},
		{Metric: "daily_active_users", Episode: alert.Episode{Began: at(2), Since: at(2), Ended: at(1), Level: verdict.Warning, Flapping: true, Told: told(alert.Flapping, "monitoring")}},
	}
}

func TestPages(t *testing.T) {
	d := launch(t)
	golden(t, "today.md", Today(d))
	golden(t, "day.md", DayPage(d))
	golden(t, "index.html", Index(d))
	golden(t, "snapshot.md", Snapshot(d, "0123456789abcdef", "", false))
	golden(t, "crash_rate.svg", string(Chart(d.Entries[0], MarksOf(d, "crash_rate"))))
	week := Week{Release: d.Release, Year: 2026, Number: 5, From: now.AddDate(0, 0, -7).Truncate(day), Until: now.Truncate(day), Entries: overTheWeek(d.Entries), Fired: fired(), Days: 6, Page: "https://github.com/caro/caro/blob/HEAD/reports/2026/W05/README.md"}
	golden(t, "week.md", WeekPage(week))
	var courses []Course
	for _, e := range d.Entries {
		courses = append(courses, Course{e.Definition, e.Thresholds, append(append([]metric.Reading{}, e.History...), e.Reading)})
	}
	golden(t, "month.md", Retrospective(Month{Release: d.Release, From: now.AddDate(0, 0, -26).Truncate(day), Until: now, Metrics: courses, Fired: fired(), Days: 5, Issues: []Urgent{
		{Number: 42, Title: "it crashes", URL: "https://github.com/caro/caro/issues/42", Labels: []string{"P0"}, Told: 1, Answered: 42 * time.Minute},
		{Number: 43, Title: "all is gone", URL: "https://github.com/caro/caro/issues/43", Labels: []string{"P0"}, ByPerson: true},
	}}))
}

// A gate with a criterion of each kind, and in each state.
func TestTheGatesPage(t *testing.T) {
	d := launch(t)
	bound := func(is string) verdict.Bound {
		b, err := verdict.ParseBound(is)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	one, weeks := 1.0, model.Duration(21*day)
	waived := &gate.Waiver{Owner: "lena", Reason: "the export leaves paths out since 1.1.1-beta, and both people were told", Until: model.Date{Time: now.Truncate(day).AddDate(0, 0, 30)}}
	section := gate.Section{
		Must: []gate.Criterion{
			{Metric: "command_success_rate", Is: bound(">= 75%")}, {Metric: "p0_bugs", Is: bound("= 0")}, {Metric: "nps", Is: bound(">= 75"), Window: weeks},
			{Metric: "privacy_leaks", Is: bound("= 0"), Window: weeks, Waived: waived}, {DaysWithout: "p0_bugs", Is: bound(">= 3")},
		},
		Nice: []gate.Criterion{{Manual: "Featured on the front page"}},
	}
	answers := gate.Answers{
		Readings: map[gate.Question]verdict.Reading{
			{Metric: "command_success_rate"}:         verdict.Of(d.Entries[2].Reading, nil, false),
			{Metric: "p0_bugs"}:                      verdict.Of(d.Entries[1].Reading, nil, true),
			{Metric: "privacy_leaks", Window: weeks}: {Unit: "issues", Count: true, Number: verdict.Number{Value: &one}},
		},
		Windows: map[gate.Question]model.Duration{{Metric: "command_success_rate"}: model.Duration(3 * day), {Metric: "nps"}: model.Duration(7 * day)},
		Without: map[string]gate.Without{"p0_bugs": {Since: now.AddDate(0, 0, -3)}},
	}
	ticks := map[string]gate.Tick{"Featured on the front page": {Ticked: true, By: "bob", At: now, MayWrite: true}}
	golden(t, "gate.md", Gate(GatePage{Release: d.Release, Now: now, Decision: gate.Decide(section, answers, ticks, now), Issue: "https://github.com/caro/caro/issues/9"}))
	section.Must = section.Must[3:]
	golden(t, "gate-waived.md", Gate(GatePage{Release: d.Release, Now: now, Decision: gate.Decide(section, answers, ticks, now)}))
}

func TestMetricMessages(t *testing.T) {
	d := launch(t)
	place := Place{Server: "https://github.com", Repository: "caro/caro"}
	var all strings.Builder
	for _, kind := range []alert.Transition{alert.Firing, alert.Worse, alert.Recovered, alert.Reminder, alert.Flapping, alert.Blind} {
		n := alert.MetricNews{Key: "k", Metric: "crash_rate", Kind: kind, Level: verdict.Critical, Since: now.Add(-20 * time.Hour), Channel: "alerts", By: "slack", Mention: "channel", Respond: time.Hour, Runbook: "docs/run.md"}
		if kind == alert.Worse {
			n.Critical = now.Add(-time.Hour)
		}
		e := d.Entries[0]
		if kind == alert.Recovered {
			none, all := 0.0, 1000.0
			e.Verdict = verdict.Judge(verdict.Reading{Unit: "%", Number: verdict.Number{Part: &none, Whole: &all, Previous: e.Verdict.Value}}, e.Thresholds, verdict.Default)
		}
		m := MetricMessage(n, e, place, "reports/2026/W05/2026-01-27.md", now)
		fmt.Fprintf(&all, "%s\n%s\n", m.Title, m.Summary)
		for _, f := range m.Facts {
			fmt.Fprintf(&all, "  %s: %s\n", f.Name, f.Value)
		}
		fmt.Fprintf(&all, "  %s, %s\n\n", m.Link, m.Runbook)
	}
	golden(t, "metric-messages.txt", all.String())
}

// What is news once, and what may be known already.
func TestNoticesAndWhatIsAlike(t *testing.T) {
	place := Place{Server: "https://github.com", Repository: "caro/caro"}
	at := now.Add(-30 * time.Minute)
	var all strings.Builder
	for _, c := range []struct {
		news alert.MetricNews
		of   Heard
	}{
		{alert.MetricNews{Key: "k1", Channel: "monitoring", By: "slack", Kind: alert.Firing, Notice: &alert.Notice{Score: 512, At: at}},
			Heard{Source: "hackernews", Line: "Show HN: Caro <b>@everyone</b>, jane.doe@example.org", URL: "https://news.ycombinator.com/item?id=1"}},
		{alert.MetricNews{Key: "k2", Channel: "monitoring", By: "slack", Kind: alert.Firing, Notice: &alert.Notice{Score: 100, At: at.AddDate(0, 0, -2)}}, Heard{Source: "lobste.rs"}},
		{alert.MetricNews{Key: "k3", Channel: "alerts", By: "slack", Mention: "team", Respond: 15 * time.Minute, Runbook: "docs/incident-response.md", Kind: alert.Firing, Labels: []string{"P0", "privacy-leak"}, Notice: &alert.Notice{At: at}},
			Heard{Source: "mail"}},
		{alert.MetricNews{Key: "k4", Channel: "alerts", By: "slack", Mention: "channel", Respond: 15 * time.Minute, Kind: alert.Reminder, Labels: []string{"P0"}, Notice: &alert.Notice{At: at}}, Heard{Source: "mail"}},
	} {
		m := NoticeMessage(c.news, c.of, place, now)
		fmt.Fprintf(&all, "%s\n%s\n%s\n", m.Whom(), m.Title, m.Summary)
		for _, f := range m.Facts {
			fmt.Fprintf(&all, "  %s: %s\n", f.Name, f.Value)
		}
		fmt.Fprintf(&all, "  %s %s\n\n", m.Link, m.Runbook)
	}
	near := []Near{{12, "Support for nushell | @octocat", 0.5, []string{"nushell", "support"}}, {3, "A shell <b>", 0.2, []string{"shell"}}}
	all.WriteString(Alike(near, false, true) + "\n" + AlikeRemark(14, near).Words + "\n")
	golden(t, "notices.txt", all.String())
}
