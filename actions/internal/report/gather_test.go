package report

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Alerts of which people were notified in one message are one incident on every page,
// with each of them in it; one that has a message of its own stands alone.
func TestPages_ShowAGroupOfAlertsAsOne(t *testing.T) {
	since := now.Add(-3 * time.Hour)
	fired := func(id string, level verdict.Level, key string, began time.Time) alert.Fired {
		return alert.Fired{Metric: id, Episode: alert.Episode{Began: began, Since: began, Level: level, Kind: alert.Firing, Told: []alert.MetricTold{{Key: key, Channel: "alerts", By: "slack", Kind: alert.Firing, State: alert.Sent}}}}
	}
	d := wholeDay()
	d.Fired = []alert.Fired{fired("crash_rate", verdict.Warning, "k1", since), fired("nps", verdict.Critical, "k1", since), fired("open_bugs", verdict.Warning, "k1", since), fired("satisfaction", verdict.Warning, "k2", since)}
	d.Fired[0].Ended = now.Add(-time.Hour)
	got := incidentsOf(d.Fired, d.first(), now)
	if len(got) != 2 || len(got[0].Members) != 3 || got[1].Members != nil {
		t.Fatalf("got %+v", got)
	}
	if g := got[0]; g.Title != "3 alerts in one message: 1 critical, 2 warnings" || g.Level != verdict.Critical || !g.Ongoing || g.Lasted != "ongoing, 3h" || g.Members[0].Metric != "nps" {
		t.Errorf("the group is %+v", g)
	}
	for name, page := range map[string]string{"today": Today(d), "day": DayPage(d), "dashboard": Index(d)} {
		if strings.Count(page, "3 alerts in one message") != 1 {
			t.Errorf("%s does not show one group", name)
		}
		for _, id := range []string{"crash_rate", "nps", "open_bugs", "satisfaction"} {
			if def, _ := metric.Find(id); !strings.Contains(page[strings.Index(page, "3 alerts in one message"):], def.Title) {
				t.Errorf("%s does not name %s in the group", name, id)
			}
		}
	}
	w := Week{Release: d.Release, From: now.AddDate(0, 0, -3), Until: now.AddDate(0, 0, 4), Entries: d.first(), Fired: d.Fired, Days: 7}
	if counts := w.counts(); !strings.HasPrefix(counts, "2 incidents (2 not over at the end of the week)") {
		t.Errorf("the week counts %s", counts)
	}
	if page := MetricPage(d, "open_bugs"); strings.Contains(page, "in one message") {
		t.Error("the page of one metric shows a group")
	}
}

// A window beside a metric's own shows its figure without a level, and the headline
// counts what the tables show.
func TestPages_JudgeAMetricByItsOwnWindowAlone(t *testing.T) {
	number := func(f float64) *float64 { return &f }
	of := func(length time.Duration, value float64, level verdict.Level) Entry {
		e := Entry{Definition: metric.Definition{ID: "crash_rate", Title: "Crash rate", Unit: "%", Known: metric.Known{Section: "System health"}}, Reading: metric.Reading{At: now, Metric: "crash_rate", Unit: "%", From: now.Add(-length), Until: now, Value: number(value)}}
		e.Thresholds.Critical, _ = verdict.ParseBound("> 1%")
		e.Verdict = verdict.Verdict{Metric: "crash_rate", Level: level, Reason: verdict.Past, Name: "critical", Bound: e.Thresholds.Critical, Unit: "%", Number: verdict.Number{Value: number(value)}}
		return e
	}
	d := Day{Release: wholeDay().Release, Now: now, Entries: []Entry{of(day, 0, verdict.OK), of(7*day, 61, verdict.Critical)}}
	for name, page := range map[string]string{"today": Today(d), "day": DayPage(d), "dashboard": Index(d), "metric": MetricPage(d, "crash_rate")} {
		if !strings.Contains(page, "61%") {
			t.Errorf("%s does not show the figure of the other window", name)
		}
		for _, level := range []string{"🔴", `class="level crit"`} {
			if strings.Contains(page, level) {
				t.Errorf("%s shows %q, and counts no critical metric:\n%s", name, level, page)
			}
		}
	}
}

// What needs attention has one row for the alerts of one message that last, on the
// dashboard as on the pages, with the figure of each; the audit reads them there.
func TestPages_GatherWhatNeedsAttention(t *testing.T) {
	number := func(f float64) *float64 { return &f }
	d := Day{Release: wholeDay().Release, Now: now}
	for i, id := range []string{"crash_rate", "command_success_rate", "static_hit_rate"} {
		def, _ := metric.Find(id)
		e := Entry{Definition: def, Since: now.AddDate(0, 0, -i), Reading: metric.Reading{At: now, Metric: id, Unit: "%", From: now.Add(-day), Until: now, Value: number(42)}}
		e.Thresholds.Target, _ = verdict.ParseBound("< 1%")
		e.Verdict = verdict.Verdict{Metric: id, Level: verdict.Warning, Unit: "%", Number: verdict.Number{Value: number(42)}}
		d.Entries = append(d.Entries, e)
		d.Fired = append(d.Fired, alert.Fired{Metric: id, Episode: alert.Episode{Began: now, Since: now, Level: verdict.Warning, Told: []alert.MetricTold{{Key: "k1", Channel: "alerts", Kind: alert.Firing, State: alert.Sent}}}})
	}
	d.Fired[2].Told[0].Key = "k2"
	for name, page := range map[string]string{"today": Today(d), "day": DayPage(d), "dashboard": Index(d)} {
		from := strings.Index(page, "Needs attention")
		needs := page[from : from+strings.Index(page[from:], "Incidents, last")]
		single := "| **Crash rate**"
		member := "<sub>🟠 Crash rate: 42%, last 24 hours, target &lt; 1%</sub>"
		if name == "dashboard" {
			single, member = `html">Crash rate</a>`, `html">Crash rate: 42%, last 24 hours, target &lt; 1%</a>`
		}
		if strings.Count(needs, "2 alerts in one message: 2 warnings") != 1 || strings.Contains(needs, single) || !strings.Contains(needs, member) {
			t.Errorf("%s does not gather the two:\n%s", name, needs)
		}
		if alone := strings.Replace(single, "Crash rate", "Static matcher hit rate", 1); !strings.Contains(needs, alone) || !strings.Contains(needs, now.AddDate(0, 0, -1).Format("2 Jan")) {
			t.Errorf("%s lacks the alert of another message, or the day on which the first of the group began:\n%s", name, needs)
		}
	}
}

// The context notes of the plan's guide stand beside a figure that misses its target, and
// beside no other; the dashboard leaves them to the page of the metric.
func TestPages_ShowTheNotesOfTheGuide(t *testing.T) {
	def, _ := metric.Find("telemetry_opt_out_rate")
	value := 42.0
	e := Entry{Definition: def, Reading: metric.Reading{At: now, Metric: def.ID, Unit: "%", From: now.Add(-7 * day), Until: now, Value: &value}}
	e.Thresholds.Target, _ = verdict.ParseBound("< 30%")
	for level, want := range map[verdict.Level]bool{verdict.Watch: true, verdict.OK: false} {
		e.Verdict = verdict.Verdict{Metric: def.ID, Level: level, Unit: "%", Number: verdict.Number{Value: &value}}
		d := Day{Release: wholeDay().Release, Now: now, Entries: []Entry{e}}
		for name, page := range map[string]string{"today": Today(d), "day": DayPage(d)} {
			if strings.Contains(page, "Security engineers are expected to opt out.") != want {
				t.Errorf("%s, %s: want the note: %v", name, level, want)
			}
		}
	}
}
