package report

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// measuredOver is a metric with a value over a window.
func measuredOver(id string, value float64, from, until time.Time) Entry {
	of := metric.Definition{ID: id}.Whole()
	return Entry{Definition: of, Reading: metric.Reading{Metric: id, At: now, From: from, Until: until, Value: &value}, Verdict: verdict.Verdict{Metric: id, Level: verdict.OK, Reason: verdict.NotAsked, Unit: of.Counted(), Number: verdict.Number{Value: &value}}}
}

// A whole day has its date, where a day that ends now has its length: the two are not the
// same hours.
func TestWindow_TellsAWholeDayFromTheLast24Hours(t *testing.T) {
	midnight := now.UTC().Truncate(day)
	whole, rolling := measuredOver("installation_failure_rate", 2, midnight.Add(-day), midnight), measuredOver("platform_failures", 2, now.Add(-day), now)
	week := measuredOver("installation_failure_rate", 2, midnight.AddDate(0, 0, -7), midnight)
	for _, c := range []struct {
		e                  Entry
		window, over, each string
	}{
		{whole, "26 Jan", "on 26 Jan", "whole day"},
		{rolling, "24 hours", "last 24 hours", "24 hours"},
		{week, "7 days", "last 7 days", "7 days"},
		{measuredOver("p0_bugs", 0, now, now), "", "", ""},
	} {
		if got := []string{c.e.Window(), c.e.Over(), c.e.eachWindow()}; got[0] != c.window || got[1] != c.over || got[2] != c.each {
			t.Errorf("%s: got %q, want %q, %q, %q", c.e.Title(), got, c.window, c.over, c.each)
		}
	}
	if got := peak(whole.Reading); got != "on 26 Jan" {
		t.Errorf("the peak of a whole day was %q", got)
	}
	part, of := 1.0, 50.0
	whole.Verdict.Part, whole.Verdict.Whole = &part, &of
	if got := MetricMessage(alert.MetricNews{Metric: whole.Definition.ID, Kind: alert.Firing}, whole, Place{}, "", now).Summary; !strings.HasPrefix(got, "1 of 50 on 26 Jan") {
		t.Errorf("the message says %q", got)
	}
}

// A mean a day says so wherever its figure stands: 482 downloads over 7 days are others
// than 482 a day.
func TestMean_IsNoSum(t *testing.T) {
	midnight := now.UTC().Truncate(day)
	e := measuredOver("downloads_per_day", 482, midnight.AddDate(0, 0, -7), midnight)
	if got := e.Value(); got != "482 downloads a day on average" {
		t.Errorf("got %q", got)
	}
	d := Day{Now: now, Entries: []Entry{e}}
	for name, page := range map[string]string{"today": Today(d), "day": DayPage(d), "index": Index(d), "metric": MetricPage(d, "downloads_per_day")} {
		if !strings.Contains(page, "a day on average") {
			t.Errorf("the page %s does not say that 482 is a mean:\n%s", name, page)
		}
	}
	if got := measuredOver("total_sessions", 482, now.AddDate(0, 0, -7), now).Value(); strings.Contains(got, "average") {
		t.Errorf("a sum is %q", got)
	}
}

// Mails and Discussions count as P0 too, so what people read is no number of issues, and
// readings keep the unit that rules.yaml may name.
func TestP0_CountReports(t *testing.T) {
	one := 1.0
	r := metric.Reading{Metric: "p0_bugs", Unit: "issues", At: now, From: now, Until: now, Value: &one}
	v := verdict.Judge(verdict.Of(r, nil, true), verdict.Thresholds{Target: bound(t, "= 0 issues"), Critical: bound(t, ">= 1")}, 0)
	e := Entry{Definition: metric.Definition{ID: "p0_bugs"}.Whole(), Reading: r, Verdict: v}
	if got := e.Value(); v.Level != verdict.Critical || got != "1 report" || e.Definition.Unit != "issues" {
		t.Errorf("%s, %q, in %s", v.Level, got, e.Definition.Unit)
	}
}

// What is past a threshold is counted apart from what misses a target, and the tally says
// so; without the former nothing is apart.
func TestTally_CountsApart(t *testing.T) {
	levels := func(all ...verdict.Level) []Entry {
		var entries []Entry
		for _, l := range all {
			entries = append(entries, Entry{Verdict: verdict.Verdict{Level: l}})
		}
		return entries
	}
	for _, c := range []struct {
		entries []Entry
		want    string
	}{
		{levels(verdict.Critical, verdict.Watch, verdict.OK), "1 critical · 1 more of 3 metrics off target · 1 without a target"},
		{levels(verdict.Warning, verdict.Watch, verdict.Watch), "1 warning · 2 more of 3 metrics off target"},
		{levels(verdict.Watch, verdict.OK), "1 of 2 metrics off target · 1 without a target"},
	} {
		if got := tally(c.entries); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// A response that is missing after its deadline is late, as one that came after it; before
// the deadline, and where the alert was over by then, nothing is missing.
func TestIncidents_MarkAMissingResponse(t *testing.T) {
	at := time.Date(2026, 2, 5, 18, 17, 0, 0, time.UTC)
	f := alert.Fired{Metric: "command_success_rate", Episode: alert.Episode{Began: at, Since: at, Level: verdict.Warning, Told: []alert.MetricTold{
		{Channel: "monitoring", By: "slack", Ref: "C1/2.3", Kind: alert.Firing, State: alert.Sent, At: at, Respond: 4 * time.Hour, Due: at.Add(4 * time.Hour)}}}}
	for _, c := range []struct {
		now, ended time.Time
		due        time.Duration
		want       string
	}{
		{at.Add(3 * time.Hour), time.Time{}, 4 * time.Hour, "–"},
		{at.Add(5 * time.Hour), time.Time{}, 4 * time.Hour, "none (late, limit 4h)"},
		{at.Add(5 * time.Hour), time.Time{}, 15 * time.Hour, "–"}, // in the hours of the route
		{at.Add(20 * time.Hour), time.Time{}, 15 * time.Hour, "none (late, due 6 Feb 09:17 UTC)"},
		{at.Add(20 * time.Hour), at.Add(time.Hour), 4 * time.Hour, "–"},
		{at.Add(20 * time.Hour), at.Add(6 * time.Hour), 4 * time.Hour, "none (late, limit 4h)"},
	} {
		f.Ended, f.Told[0].Due = c.ended, at.Add(c.due)
		if got := incidentOf(f, Entry{}, c.now).Response; got != c.want {
			t.Errorf("at %s, ended %s: got %q, want %q", c.now, c.ended, got, c.want)
		}
	}
	f.Told[0].Ref, f.Ended = "", time.Time{} // a webhook: nobody can read who answered there
	if got := incidentOf(f, Entry{}, at.AddDate(0, 0, 1)).Response; got != "–" {
		t.Errorf("where answers cannot be read: %q", got)
	}
}

// A mention that was noticed a day after it was said says when; the page of a day names
// the decision of the gate.
func TestDayPage_SaysWhatItRestsOn(t *testing.T) {
	said := now.Add(-26 * time.Hour)
	d := Day{Now: now, Gate: "NO-GO, 5 Feb", Fired: []alert.Fired{{Metric: "mention:hackernews:1", Notice: &alert.Notice{Score: 286, At: said}, Episode: alert.Episode{Since: said, Began: now.Add(-time.Hour)}}}}
	page := DayPage(d)
	for _, want := range []string{"286 points on Hacker News |  | noticed\u00a0" + strings.ReplaceAll(d.Fired[0].Began.Format("2 Jan 15:04"), " ", "\u00a0") + " |", "· gate: **NO-GO, 5 Feb**"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

// An alert may be worse than the figure is now: the headline says so beside its counts, which
// have nothing of the status that it names.
func TestDayPage_SaysHowBadAnAlertIs(t *testing.T) {
	e := Entry{Definition: metric.Definition{ID: "crash_rate"}.Whole(), Verdict: verdict.Verdict{Level: verdict.Watch}}
	d := Day{Now: now, Entries: []Entry{e}, Fired: []alert.Fired{{Metric: "crash_rate", Episode: alert.Episode{Began: now, Since: now, Level: verdict.Critical}}}}
	if page := Today(d); !strings.Contains(page, "🔴 Critical") || !strings.Contains(page, "1 active alert, the worst critical<br>") {
		t.Errorf("the page is\n%s", page)
	}
	d.Entries[0].Verdict.Level = verdict.Critical
	if page := Today(d); !strings.Contains(page, "1 active alert<br>") {
		t.Errorf("the page is\n%s", page)
	}
}

// A row that is past a threshold over a week says when its last alert was, so that nobody
// takes it for one that lasts.
func TestWeek_SaysWhenItWasPast(t *testing.T) {
	monday := time.Date(2026, 2, 9, 0, 0, 0, 0, time.UTC)
	e := weekEntry(t, "crash_rate", "< 0.1%", verdict.Critical, 2.8, 0)
	f := alert.Fired{Metric: "crash_rate", Episode: alert.Episode{Began: monday.AddDate(0, 0, -5), Since: monday.AddDate(0, 0, -5), Ended: monday.AddDate(0, 0, -2), Level: verdict.Critical}}
	w := Week{From: monday.AddDate(0, 0, -7), Until: monday, Entries: []Entry{e}, Fired: []alert.Fired{f}}
	if got := w.alerted(e); got != "last alert 4 Feb – 7 Feb 2026, resolved" {
		t.Errorf("got %q", got)
	}
	w.Fired[0].Ended = time.Time{}
	if got := w.alerted(e); got != "alert since 4 Feb, active" {
		t.Errorf("got %q", got)
	}
	if e.Verdict.Level = verdict.Watch; w.alerted(e) != "" {
		t.Error("what is off target alone has an alert")
	}
	if !strings.Contains(Digest(w), "over the week: 1 of 1 metric") && !strings.Contains(Digest(w), "over the week: 1 critical") {
		t.Errorf("the digest does not say that its counts are over the week:\n%s", Digest(w))
	}
}
