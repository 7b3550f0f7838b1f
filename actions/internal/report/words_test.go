package report

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

func TestNewsInAFewWords(t *testing.T) {
	for _, c := range []struct {
		news alert.MetricNews
		want string
	}{
		{alert.MetricNews{Metric: "p0_bugs", Kind: alert.Firing, Level: verdict.Critical}, "Open P0 bugs: critical"},
		{alert.MetricNews{Metric: "p0_bugs", Kind: alert.Reminder, Level: verdict.Critical}, "Open P0 bugs: escalated, no response"},
		{alert.MetricNews{Metric: "p0_bugs", Kind: alert.Recovered}, "Open P0 bugs: resolved"},
		{alert.MetricNews{Metric: "nps", Kind: alert.Blind, With: []alert.MetricNews{{Metric: "satisfaction"}}}, "Net Promoter Score and User satisfaction (1–5): no data for more than a day"},
		{alert.MetricNews{Metric: "mention:hackernews:46000000", Kind: alert.Firing, Notice: &alert.Notice{Score: 286}}, "286 points on Hacker News"},
		{alert.MetricNews{Metric: "mail:7", Kind: alert.Reminder, Notice: &alert.Notice{Labels: []string{"P0", "privacy-leak"}}}, "mail labelled P0, privacy-leak: escalated, no response"},
	} {
		if got := News(c.news); got != c.want {
			t.Errorf("%+v: %q, want %q", c.news, got, c.want)
		}
	}
}

// The status is one word: the worst of the metrics and the alerts, and never
// healthy where a metric of the first priority cannot be seen.
func TestHeadline(t *testing.T) {
	entry := func(id string, level verdict.Level, why string) Entry {
		return Entry{Definition: metric.Definition{ID: id}.Whole(), Verdict: verdict.Verdict{Metric: id, Level: level, Why: why}}
	}
	gone := "telemetry: there is no file telemetry/*.json"
	retention := entry("week_retention", verdict.Unknown, "the id in an export changes daily, so nobody can be followed from week to week")
	for _, c := range []struct {
		entries []Entry
		want    string
	}{
		{[]Entry{entry("nps", verdict.OK, "")}, "X v1: 🟢 Healthy (0 of 1 metric on target · 1 without a target)"},
		{[]Entry{entry("nps", verdict.OK, ""), retention}, "X v1: 🟢 Healthy (0 of 2 metrics on target · 1 without a target · 1 without data)"},
		{[]Entry{entry("nps", verdict.Watch, ""), retention}, "X v1: 🟡 Off target (1 of 2 metrics off target · 1 without data)"},
		{[]Entry{entry("nps", verdict.Watch, ""), entry("crash_rate", verdict.Unknown, gone)}, "X v1: ⚪ No data (1 of 2 metrics off target · 1 without data)"},
		{[]Entry{entry("nps", verdict.Warning, ""), entry("crash_rate", verdict.Unknown, gone)}, "X v1: 🟠 Warning (1 warning · 1 without data)"},
		{[]Entry{entry("nps", verdict.Critical, ""), entry("open_bugs", verdict.Watch, "")}, "X v1: 🔴 Critical (1 critical · 1 more of 2 metrics off target)"},
		{[]Entry{entry("crash_rate", verdict.Unknown, gone)}, "X v1: ⚪ No data (0 of 1 metric on target · 1 without data)"},
	} {
		if got := Headline(Day{Release: model.Release{Project: "X", Version: "v1"}, Entries: c.entries}); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// An alert that fired in the week is in its status, its counts, its highlights
// and its action items also where the metric is on target over the week. Its worst figure
// names the window that it is of, which may end a day after the alert began: the page of
// the first day has another figure.
func TestWeek_ShowsWhatFiredAndIsOver(t *testing.T) {
	zero, many := 0.0, 11.3
	monday := time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC)
	fired := alert.Fired{Metric: "crash_rate", Episode: alert.Episode{Began: monday.Add(66 * time.Hour), Since: monday.Add(66 * time.Hour), Ended: monday.Add(90 * time.Hour), Level: verdict.Critical}}
	e := Entry{Definition: metric.Definition{ID: "crash_rate"}.Whole(), Reading: metric.Reading{Value: &zero, From: monday, Until: monday.AddDate(0, 0, 7)},
		Verdict: verdict.Verdict{Metric: "crash_rate", Level: verdict.OK, Unit: "%", Number: verdict.Number{Value: &zero}},
		History: []metric.Reading{{At: monday.Add(88 * time.Hour), From: monday.Add(64 * time.Hour), Until: monday.Add(88 * time.Hour), Metric: "crash_rate", Value: &many, Verdict: "critical"}}}
	w := Week{Release: model.Release{Project: "X", Version: "v1"}, Year: 2026, Number: 6, From: monday, Until: monday.AddDate(0, 0, 7), Entries: []Entry{e}, Fired: []alert.Fired{fired}, Days: 7}
	page := Digest(w)
	for _, want := range []string{"**Status of the week: 🔴 Critical** — 1 incident (all resolved)", "🔴 **Crash rate 11.3%** in the 24 hours to 5 Feb 16:00, alert since 4 Feb, resolved after 1d", "1. **Note the cause of the alert that is over, and what prevents the next one**: crash rate 11.3% in the 24 hours to 5 Feb 16:00, resolved 5 Feb after 1d, 0% over the week", "| 4\u00a0Feb\u00a018:00 | 🔴 Crash rate 11.3% | 1d | – |"} {
		if !strings.Contains(page, want) {
			t.Errorf("the digest lacks %q:\n%s", want, page)
		}
	}
}

// A week whose predecessor began before the release compares nothing.
func TestWeek_LeavesOutChangesAgainstAPartialWeek(t *testing.T) {
	now, before := 300.0, 60.0
	date := func(s string) model.Date { at, _ := time.Parse(time.DateOnly, s); return model.Date{Time: at} }
	e := Entry{Definition: metric.Definition{ID: "commands_generated"}.Whole(), Verdict: verdict.Verdict{Metric: "commands_generated", Level: verdict.OK, Unit: "commands", Number: verdict.Number{Value: &now, Previous: &before}}}
	w := Week{Release: model.Release{Project: "X", Version: "v1", Shipped: date("2026-01-24")}, Year: 2026, Number: 5, From: date("2026-01-26").Time, Until: date("2026-02-02").Time, Entries: []Entry{e}, Days: 7}
	if page := Digest(w); strings.Contains(page, "+400%") || !strings.Contains(page, "changes are left out") {
		t.Errorf("the digest compares with two days:\n%s", page)
	}
	if got, want := w.Title(), "X v1: week 2 (26 Jan – 1 Feb 2026)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	w.From, w.Until, w.Number = date("2026-02-02").Time, date("2026-02-09").Time, 6
	if page := Digest(w); !strings.Contains(page, "+400%") {
		t.Errorf("the digest of a whole week leaves the change out:\n%s", page)
	}
}

// A resolved message names the worst figure and how long it lasted, and does not
// call on target what is not.
func TestMetricMessage_Resolved(t *testing.T) {
	bound := func(is string) verdict.Bound {
		b, err := verdict.ParseBound(is)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	terms := verdict.Thresholds{Target: bound("< 0.1%"), Warning: bound("> 0.5%"), Critical: bound("> 1%")}
	ended, worst := time.Date(2026, 2, 6, 10, 49, 0, 0, time.UTC), 11.3
	news := alert.MetricNews{Metric: "crash_rate", Kind: alert.Recovered, Level: verdict.Critical, Since: ended.Add(-72 * time.Hour), Ended: ended}
	history := []metric.Reading{{At: ended.Add(-time.Hour), Value: &worst, Verdict: "critical"}}
	for _, c := range []struct {
		crashed, sessions float64
		title, summary    string
	}{
		{0, 78, "🟢 Resolved: Crash rate 0% (was 11.3%), after 3d", "0 of 78 (95% CI 0–4.7%)."},
		{3, 1000, "🟢 Resolved: Crash rate 0.3% (was 11.3%), after 3d", "3 of 1,000 (95% CI 0.1–0.88%) · still off target (< 0.1%)."},
	} {
		v := verdict.Judge(verdict.Reading{Unit: "%", Number: verdict.Number{Part: &c.crashed, Whole: &c.sessions}}, terms, verdict.Default)
		e := Entry{Definition: metric.Definition{ID: "crash_rate"}.Whole(), Thresholds: terms, Verdict: v, History: history}
		if got := metricTitle(news, e); got != c.title {
			t.Errorf("got  %s\nwant %s", got, c.title)
		}
		if got := metricSummary(news, e); got != c.summary {
			t.Errorf("got  %s\nwant %s", got, c.summary)
		}
	}
}

// A number that misses its bound does not look like it.
func TestFigure_DiffersFromItsBound(t *testing.T) {
	bound, err := verdict.ParseBound(">= 3")
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[float64]string{2.96: "2.96 commands", 2.9999: "2.9999 commands", 3: "3 commands", 2.94: "2.9 commands", -0.004: "0 commands"} {
		if got := Figure(verdict.Verdict{Number: verdict.Number{Value: &value}, Unit: "commands", Bound: bound}); got != want {
			t.Errorf("%g: %q, want %q", value, got, want)
		}
	}
}

// A value of a threshold that cannot be, or that changes nothing, is no row of the
// review.
func TestMonth_ReviewsOnlyThresholdsThatMatter(t *testing.T) {
	course := func(id, warning string, values ...float64) Course {
		c := Course{Definition: metric.Definition{ID: id}.Whole()}
		c.Thresholds.Warning, _ = verdict.ParseBound(warning)
		for n, v := range values {
			c.Readings = append(c.Readings, metric.Reading{At: time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC), Metric: id, Value: &v, Verdict: "ok"})
		}
		return c
	}
	strict := course("command_success_rate", "< 50%", 70, 80) // 75% would alert, and is on target
	strict.Thresholds.Target = bound(t, ">= 60%")
	m := Month{Metrics: []Course{strict, course("static_hit_rate", "< 60%", 95, 96), course("crash_rate", "> 1%", 0.2, 0.8, 0.1), course("open_bugs", "> 15", 3, 4)}}
	var got []string
	for _, r := range m.whatIf() {
		got = append(got, r.Title+": "+r.Threshold+": "+r.Alerts+": "+r.Other)
	}
	want := "Crash rate: warning > 1%: 0: 1 at > 0.5%, 1 at > 0.75%"
	if len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Of two waits the median lies between them.
func TestTheMedianOfWaits(t *testing.T) {
	for _, c := range []struct {
		waits []time.Duration
		want  string
	}{
		{[]time.Duration{38 * time.Minute}, "38m 38m"},
		{[]time.Duration{38 * time.Minute, 7 * time.Minute}, "23m 38m"},
		{[]time.Duration{3 * time.Hour, 7 * time.Minute, 38 * time.Minute}, "38m 3h"},
		{[]time.Duration{4, 1, 3, 2}, "0s 0s"},
		{[]time.Duration{10 * time.Minute, 40 * time.Minute, 20 * time.Minute, 2 * time.Hour}, "30m 2h"},
	} {
		if median, longest := waited(c.waits); median+" "+longest != c.want {
			t.Errorf("%v: %s %s, want %s", c.waits, median, longest, c.want)
		}
	}
}

// A digest asks to look at what people vote for, and not at what nobody has voted
// for yet.
func TestAWishWithoutVotesIsNothingToDo(t *testing.T) {
	votes := 0.0
	wish := Entry{Definition: metric.Definition{ID: "feature_requests", Unit: "votes"}, Reading: metric.Reading{Values: []metric.Entry{{Key: "#5 nushell", Value: &votes}}}, Verdict: verdict.Verdict{Metric: "feature_requests", Level: verdict.OK}}
	week := Week{Entries: []Entry{wish}}
	if all := Actions(week); len(all) != 0 {
		t.Errorf("got %v, want nothing", all)
	}
	votes = 4
	if all := Actions(week); len(all) != 1 || !strings.Contains(all[0].Why, "nushell") {
		t.Errorf("got %v, want the wish", all)
	}
}

// The pages of today say the decision that the gate made last.
func TestWithDecision(t *testing.T) {
	d := launch(t)
	d.Gate = "NO-GO"
	waived := gate.Decision{Is: gate.Go, Outcomes: []gate.Outcome{{Part: "must", State: gate.Waived}}}
	for name, page := range map[string]string{"today": Today(d), "the dashboard": Index(d)} {
		got := string(WithDecision([]byte(page), waived, nil, d.Now))
		if strings.Contains(got, "NO-GO") || !strings.Contains(got, "GO (1 waiver)") {
			t.Errorf("%s still says another decision:\n%s", name, got[:min(len(got), 600)])
		}
	}
	want := d
	want.Gate = "GO (1 waiver), " + humanize.Day(d.Now)
	if got := string(WithDecision([]byte(Index(d)), waived, nil, d.Now)); got != Index(want) {
		t.Error("the dashboard differs from the one that a snapshot writes")
	}
	if got := string(WithDecision([]byte("no page of ours"), waived, nil, d.Now)); got != "no page of ours" {
		t.Errorf("got %q", got)
	}
}

// An action item names the issues to act on.
func TestActions_NameTheIssues(t *testing.T) {
	nine := 9.0
	target, _ := verdict.ParseBound("= 0")
	e := Entry{Definition: metric.Definition{ID: "unanswered_issues"}.Whole(), Thresholds: verdict.Thresholds{Target: target},
		Reading: metric.Reading{Value: &nine, Issues: []int{2, 4, 17, 18, 20, 21}}, Verdict: verdict.Verdict{Metric: "unanswered_issues", Level: verdict.Watch, Unit: "issues", Number: verdict.Number{Value: &nine}}}
	want := Action{What: "Triage the issues that wait for a first response", Why: "Unanswered issues (over 24h): 9 (#2, #4, #17, #18, #20, #21, 3 more), target 0"}
	if all := Actions(Week{Entries: []Entry{e}}); len(all) != 1 || all[0] != want {
		t.Errorf("got %+v, want %+v", all, want)
	}
}

// An action item is what the plan's own route says to do, else what the catalogue does;
// after an alert that is over it is never to do again what was done.
func TestActions_AreThoseOfThePlan(t *testing.T) {
	six := 6.0
	above, _ := verdict.ParseBound("> 1%")
	e := Entry{Definition: metric.Definition{ID: "crash_rate", Unit: "%"}.Whole(), Thresholds: verdict.Thresholds{Critical: above},
		Reading: metric.Reading{Value: &six}, Verdict: verdict.Verdict{Metric: "crash_rate", Level: verdict.Critical, Unit: "%", Number: verdict.Number{Value: &six}}}
	routes := []alert.Route{{Metric: []string{"nps"}, Action: "nothing of this"}, {Metric: []string{"crash_rate"}, Level: "critical", Action: "read the debug logs"}, {Level: "warning", Action: "nor this"}}
	own := Entry{Definition: metric.Definition{ID: "own", Title: "Own"}, Verdict: e.Verdict}
	own.Verdict.Metric = "own"
	calm := e
	calm.Verdict.Level = verdict.OK
	fired := []alert.Fired{{Metric: "crash_rate", Episode: alert.Episode{Began: now, Since: now, Ended: now.Add(time.Hour), Level: verdict.Critical}}}
	for _, c := range []struct {
		name, want string
		of         Week
	}{
		{"by the route", "Read the debug logs", Week{Entries: []Entry{e}, Routes: routes}},
		{"by the catalogue", e.Definition.Action, Week{Entries: []Entry{e}}},
		{"of a user's own metric", "Find what keeps own off target", Week{Entries: []Entry{own}}},
		{"past a threshold over the week, after the alert", "Note the cause of the alert that is over, and what prevents the next one", Week{Entries: []Entry{e}, Fired: fired, Routes: routes, From: now, Until: now.Add(day)}},
		{"after the alert, whatever the route", "Note the cause of the alert that is over, and what prevents the next one", Week{Entries: []Entry{calm}, Fired: fired, Routes: routes, From: now, Until: now.Add(day)}},
		{"while the alert lasts", "Read the debug logs", Week{Entries: []Entry{calm}, Fired: []alert.Fired{{Metric: "crash_rate", Episode: alert.Episode{Began: now, Since: now, Level: verdict.Critical}}}, Routes: routes, From: now, Until: now.Add(day)}},
	} {
		if all := Actions(c.of); len(all) != 1 || all[0].What != c.want {
			t.Errorf("%s: got %+v, want %q", c.name, all, c.want)
		}
	}
}

// Once a final version is out, pages about now name it; a hot-fix of a beta leaves
// the name as it is.
func TestHeading(t *testing.T) {
	for newest, want := range map[string]string{"v1.1.0": "Caro v1.1.0 (since v1.1.0-beta)", "v1.1.2-beta": "Caro v1.1.0-beta", "v1.1.0-beta": "Caro v1.1.0-beta"} {
		r := model.Release{Project: "Caro", Version: "v1.1.0-beta", Family: []model.Published{{Version: "v1.1.0-beta"}, {Version: newest}}}
		if got := heading(r); got != want {
			t.Errorf("%s: got %q, want %q", newest, got, want)
		}
	}
	final := model.Release{Project: "Caro", Version: "v1.1.0", Family: []model.Published{{Version: "v1.1.0"}, {Version: "v1.1.1"}}}
	if got := heading(final); got != "Caro v1.1.0" {
		t.Errorf("of a final version: %q", got)
	}
}

// What has no data is nothing to tick: its line has no box.
func TestDayPage_HasNoBoxForWhatHasNoData(t *testing.T) {
	d := wholeDay()
	for i := range d.Entries {
		d.Entries[i].Definition.Daily = true
	}
	boxes, blind := 0, 0
	for line := range strings.Lines(DayPage(d)) {
		if strings.Contains(line, "**: no data") && strings.HasPrefix(line, "- [") {
			t.Errorf("a box without data: %s", line)
		}
		if strings.HasPrefix(line, "- ⚪ **") {
			blind++
		}
		if strings.HasPrefix(line, "- [ ] **") || strings.HasPrefix(line, "- [x] **") {
			boxes++
		}
	}
	if boxes < 10 || blind < 5 {
		t.Errorf("%d boxes, %d without data", boxes, blind)
	}
}

// The page of the crash rate shows it by version, under a link to the breakdown.
func TestMetricPage_ShowsVersions(t *testing.T) {
	two := 2.5
	d := Day{Now: now, Entries: []Entry{
		{Definition: metric.Definition{ID: "crash_rate", Unit: "%"}.Whole(), Reading: metric.Reading{At: now, From: now.Add(-day), Until: now, Value: &two}},
		{Definition: metric.Definition{ID: "crash_rate_by_version", Unit: "%"}.Whole(), Reading: metric.Reading{At: now, From: now.Add(-day), Until: now, Values: []metric.Entry{{Key: "1.1.1-beta", Value: &two}}}},
	}}
	page := MetricPage(d, "crash_rate")
	for _, want := range []string{`<a href="crash_rate_by_version.html">Crash rate by version, last 24 hours</a>`, `<th scope="row">1.1.1-beta</th><td class="n">2.5%</td>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if page := MetricPage(d, "crash_rate_by_version"); strings.Contains(page, "Of version") {
		t.Error("the breakdown shows itself twice")
	}
}

// A title within a sentence begins with a small letter, unless it is a name.
func TestInSentence(t *testing.T) {
	for title, want := range map[string]string{"Crash rate": "crash rate", "Net Promoter Score": "Net Promoter Score", "P0/P1 issues opened": "P0/P1 issues opened", "Open P0 bugs": "open P0 bugs",
		"Apple silicon share of Macs": "Apple silicon share of Macs", "macOS share": "macOS share", "Sessions": "sessions", "": "", "X": "X"} {
		if got := inSentence(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

// A figure that nothing can be compared with yet is not called missing.
func TestEntry_WithoutComparisonHasData(t *testing.T) {
	value := 2163.0
	target, _ := verdict.ParseBound("growing")
	e := Entry{Definition: metric.Definition{ID: "total_sessions"}.Whole(), Thresholds: verdict.Thresholds{Target: target}, Verdict: verdict.Verdict{Level: verdict.Unknown, Unit: "sessions", Number: verdict.Number{Value: &value}}}
	if e.Word() != "no comparison" || e.Sign() != "–" || len(withoutData([]Entry{e})) != 0 {
		t.Errorf("%s %s", e.Word(), e.Sign())
	}
	if got, want := summed([]Entry{e, {}}, verdict.Unknown), "1 no data, 1 with no earlier period"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A value past a threshold by too few cases says so where its day is listed.
func TestMetricPage_SaysWhyADayIsNoAlert(t *testing.T) {
	value := 1.6
	e := Entry{Definition: metric.Definition{ID: "crash_rate", Title: "Crash rate", Unit: "%"}, Verdict: verdict.Verdict{Level: verdict.OK, Unit: "%", Number: verdict.Number{Value: &value}}}
	at := time.Date(2026, 2, 6, 18, 17, 0, 0, time.UTC)
	for i, reason := range []string{"", "too few cases to tell: 1 of 61, 95% CI 0.29–8.7% (critical above 1%)", "1.6% (1 of 61), on target"} {
		e.History = append(e.History, metric.Reading{Metric: "crash_rate", At: at.AddDate(0, 0, i), Unit: "%", Value: &value, Verdict: string(verdict.Watch), Reason: reason})
	}
	e.Reading = e.History[len(e.History)-1]
	var why []string
	for _, row := range pastRows(e, nil) {
		why = append(why, row.Why)
	}
	if got := strings.Join(why, "|"); got != "||too few cases to tell: 1 of 61|" {
		t.Errorf("got %q", got)
	}
}

// What a metric counts by name stands in the message, the action item, the detail and
// the incident, bounded, with how many are not named.
func TestNameList(t *testing.T) {
	three := 3.0
	e := Entry{Definition: metric.Definition{ID: "yanked_versions", Title: "Yanked versions", Unit: "versions"},
		Reading: metric.Reading{Value: &three, Names: []string{"1.1.0", "1.1.1\n" + strings.Repeat("x", 99)}},
		Verdict: verdict.Verdict{Level: verdict.Critical, Unit: "versions", Number: verdict.Number{Value: &three}}}
	got := e.NameList()
	if !strings.HasPrefix(got, "1.1.0, 1.1.1 xxx") || !strings.HasSuffix(got, ", 1 more") || len(got) > 70 {
		t.Errorf("got %q", got)
	}
	for what, text := range map[string]string{"the message": figured(e), "the action item": Week{}.action(e).Why, "the detail": e.Detail()} {
		if !strings.Contains(text, got) {
			t.Errorf("%s lacks the names: %q", what, text)
		}
	}
}
