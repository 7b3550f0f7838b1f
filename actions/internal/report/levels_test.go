package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// crashing is a day of a release with a metric whose readings have the given levels, one
// a day at 18:17, the last one on the day itself.
func crashing(levels ...verdict.Level) Day {
	first := time.Date(2026, 2, 3, 18, 17, 0, 0, time.UTC)
	e := Entry{Definition: metric.Definition{ID: "crash_rate"}.Whole()}
	e.Thresholds = verdict.Thresholds{Target: verdict.Bound{Op: "<", Decimal: "0.1"}, Critical: verdict.Bound{Op: ">", Decimal: "1"}}
	for n, level := range levels {
		value := map[verdict.Level]float64{verdict.OK: 0, verdict.Watch: 0.2, verdict.Warning: 0.7, verdict.Critical: 11}[level]
		at := first.AddDate(0, 0, n)
		e.History = append(e.History, metric.Reading{Metric: "crash_rate", At: at, From: at.Add(-day), Until: at, Unit: "%", Value: &value, Verdict: string(level)})
	}
	last := len(e.History) - 1
	e.Reading, e.History = e.History[last], e.History[:last]
	e.Verdict = verdict.Verdict{Metric: "crash_rate", Level: levels[last], Unit: "%", Number: verdict.Number{Value: e.Reading.Value}}
	return Day{Release: model.Release{Project: "X", Version: "v1", Shipped: model.Date{Time: first.Truncate(day)}}, Now: e.Reading.At, Entries: []Entry{e}}
}

// The strip shows of each day what the page of that day said: the level of an alert as
// it was by then, on each day on which it was active, also where it began and ended
// between two readings.
func TestLevelOfADay_IsOneOnStripAndPage(t *testing.T) {
	levels := []verdict.Level{verdict.OK, verdict.Warning, verdict.Critical, verdict.Watch, verdict.OK, verdict.OK}
	since := time.Date(2026, 2, 4, 18, 17, 0, 0, time.UTC)
	yank := time.Date(2026, 2, 8, 9, 34, 0, 0, time.UTC)
	firedBy := func(now time.Time) []alert.Fired {
		crash := alert.Episode{Began: since, Since: since, Level: verdict.Warning}
		if now.After(since.Add(time.Hour)) {
			crash.Level = verdict.Critical
		}
		if ended := since.Add(63 * time.Hour); now.After(ended) {
			crash.Ended = ended
		}
		var all []alert.Fired
		if !now.Before(since) {
			all = append(all, alert.Fired{Metric: "crash_rate", Episode: crash})
		}
		if now.After(yank) {
			all = append(all, alert.Fired{Metric: "yanked_versions", Episode: alert.Episode{Began: yank, Since: yank, Ended: yank.Add(time.Hour), Level: verdict.Critical}})
		}
		return all
	}
	last := crashing(levels...)
	last.Fired = firedBy(last.Now)
	cells := stripOf(last).Days
	words := map[string]string{"Healthy": "on target", "Off target": "off target", "Warning": "warning", "Critical": "critical"}
	for n := range levels {
		d := crashing(levels[:n+1]...)
		d.Fired = firedBy(d.Now)
		page := DayPage(d)
		m := regexp.MustCompile(`: \*\*\S+ (.+?)\*\*`).FindStringSubmatch(page)
		if m == nil || words[m[1]] == "" {
			t.Fatalf("no status: %.300s", page)
		}
		if want := ": " + words[m[1]]; !strings.Contains(cells[n].Text, want) {
			t.Errorf("the page says %q, and the strip %q", m[1], cells[n].Text)
		}
		if want := n == 4 || n == 5; strings.Contains(page, " on this day, 🟢 Healthy at its end") != want {
			t.Errorf("day %d, says how it ended: want %t: %.200s", n, want, page)
		}
	}
	want := []string{"on target", "warning", "critical", "critical", "critical", "critical"}
	for n, cell := range cells {
		if !strings.HasSuffix(strings.TrimSuffix(cell.Text, ", v1 released"), ": "+want[n]) {
			t.Errorf("day %d: %s, want %s", n, cell.Text, want[n])
		}
	}
}

// An alert that became critical after the page of its day was written is critical on
// that day's cell of every later strip; the page says as of which hour it is.
func TestLevelOfADay_IsTheWorstAtWhateverHour(t *testing.T) {
	d := crashing(verdict.OK, verdict.Warning)
	since := d.Now
	d.Fired = []alert.Fired{{Metric: "crash_rate", Episode: alert.Episode{Began: since, Since: since, Level: verdict.Warning}}}
	if page := DayPage(d); !strings.Contains(page, "**🟠 Warning** at 18:17 UTC · ") {
		t.Errorf("the page does not state its hour: %.300s", page)
	}
	later := crashing(verdict.OK, verdict.Warning, verdict.Critical)
	later.Fired = []alert.Fired{{Metric: "crash_rate", Episode: alert.Episode{Began: since, Since: since, Level: verdict.Critical, Critical: since.Add(47 * time.Minute)}}}
	if cell := stripOf(later).Days[1].Text; cell != "4 Feb: critical" {
		t.Errorf("a later strip has %q", cell)
	}
	later.Fired[0].Critical = since.Add(6 * time.Hour) // on the day after
	if cell := stripOf(later).Days[1].Text; cell != "4 Feb: warning" {
		t.Errorf("a day before it was critical is %q", cell)
	}
}

// The days on target that the retrospective counts are those of the page of the metric:
// days with an alert are none, and both say so.
func TestDaysOnTarget_AreOneOnMetricPageAndRetrospective(t *testing.T) {
	d := crashing(verdict.OK, verdict.OK, verdict.Critical, verdict.OK, verdict.Watch)
	since := time.Date(2026, 2, 4, 9, 0, 0, 0, time.UTC)
	d.Fired = []alert.Fired{{Metric: "crash_rate", Episode: alert.Episode{Began: since, Since: since, Ended: since.Add(49 * time.Hour), Level: verdict.Critical}}}
	m := Month{From: d.Now.AddDate(0, 0, -10), Until: d.Now.Add(time.Hour), Days: 5, Fired: d.Fired}
	e := d.Entries[0]
	m.Metrics = []Course{{e.Definition, e.Thresholds, append(e.History[:len(e.History):len(e.History)], e.Reading)}}
	if page := Retrospective(m); !strings.Contains(page, "| Crash rate<br><sub>24 hours</sub> | 1 of 5 |") || !strings.Contains(page, "| Days on target without an alert |") {
		t.Errorf("the retrospective counts otherwise:\n%s", page)
	}
	page := MetricPage(d, "crash_rate")
	if !strings.Contains(page, "5 days, the newest first; on target without an alert on 1 of 5") {
		t.Errorf("the page of the metric counts otherwise:\n%s", page)
	}
	for _, want := range []string{">critical from 09:00<", ">critical, all day<", ">critical until 10:00<"} {
		if strings.Count(page, want) != 1 {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// What was past a threshold between two readings has its figure and its version on every
// page: in the incident, on the page of the metric, and as the highest of the
// retrospective.
func TestPeak_IsToldThoughNoReadingHasIt(t *testing.T) {
	now := time.Date(2026, 2, 1, 18, 17, 0, 0, time.UTC)
	zero := 0.0
	e := Entry{Definition: metric.Definition{ID: yanked}.Whole(), Thresholds: verdict.Thresholds{Target: zeroTarget(t), Critical: verdict.Bound{Op: ">=", Decimal: "1"}}}
	e.Reading = metric.Reading{Metric: yanked, At: now, From: now, Until: now, Value: &zero, Verdict: string(verdict.OK)}
	e.Verdict = verdict.Verdict{Metric: yanked, Level: verdict.OK, Unit: "versions", Number: verdict.Number{Value: &zero}}
	began := now.Add(-9 * time.Hour)
	peak := &alert.Peak{At: began, From: began, Until: began, Level: verdict.Critical, Value: 1, Names: []string{"1.1.0-beta"}}
	d := Day{Now: now, Entries: []Entry{e}, Fired: []alert.Fired{{Metric: yanked, Episode: alert.Episode{Began: began, Since: began, Ended: began.Add(time.Hour), Level: verdict.Critical, Peak: peak}}}}
	if page := DayPage(d); !strings.Contains(page, "🔴 Yanked versions: 1 | 1.1.0-beta |") {
		t.Errorf("the incident has no figure or no version:\n%s", page)
	}
	if page := MetricPage(d, yanked); !strings.Contains(page, "critical 09:17–10:17: 1 (1.1.0-beta)") {
		t.Errorf("the page of the metric does not tell of it:\n%s", page)
	}
	m := Month{From: now.AddDate(0, 0, -1), Until: now.Add(time.Hour), Days: 1, Fired: d.Fired, Metrics: []Course{{e.Definition, e.Thresholds, []metric.Reading{e.Reading}}}}
	if page := Retrospective(m); !strings.Contains(page, "| Yanked versions | 0 of 1 | 0 versions | 1 version | 0 |") {
		t.Errorf("the highest leaves it out:\n%s", page)
	}
}

// An alert that lasts says on the page of today, on that of the day and on the dashboard
// who responded, and what to do first: as its route says, or else the catalogue.
func TestActive_SaysWhoRespondedAndWhatToDo(t *testing.T) {
	d := crashing(verdict.OK, verdict.Critical)
	since := d.Now.Add(-2 * time.Hour)
	d.Fired = []alert.Fired{{Metric: "crash_rate", Episode: alert.Episode{Began: since, Since: since, Level: verdict.Critical}}}
	for _, step := range []struct {
		do   func()
		want string
	}{
		{func() {
			d.Routes = []alert.Route{{Metric: model.Names{"crash_rate"}, Action: "yank the version"}}
		}, "no response yet. First step: Yank the version."},
		{func() { d.Routes = nil }, "active since 4 Feb 16:17 UTC (2h); no response yet. First step: Read the errors of the version that crashes, and fix or withdraw it."},
		{func() {
			d.Fired[0].Answered, d.Fired[0].Answerer = since.Add(9*time.Minute), "omar"
		}, "first response 4 Feb 16:26 UTC by omar, after 9m."},
	} {
		step.do()
		for name, page := range map[string]string{"today": Today(d), "the day": DayPage(d), "the dashboard": Index(d)} {
			if !strings.Contains(page, step.want) {
				t.Errorf("%s lacks %q:\n%.2500s", name, step.want, page)
			}
		}
	}
	d.Fired[0].Ended = d.Now.Add(-time.Hour)
	if page := Today(d); strings.Contains(page, "## Active alerts") {
		t.Error("an alert that is over is active")
	}
}

// A figure that nothing can be compared with yet stands in the daily check, and a
// metric without a target is not ticked off.
func TestMetricBoxes_ShowWhatHasNoLevel(t *testing.T) {
	three := 3.0
	box := func(t verdict.Thresholds, v verdict.Verdict) string {
		def := metric.Definition{ID: "x", Title: "Downloads per day", Unit: "downloads"}
		def.Daily = true
		v.Unit, v.Number = "downloads", verdict.Number{Value: &three}
		page := DayPage(Day{Now: now, Entries: []Entry{{Definition: def, Thresholds: t, Verdict: v}}})
		for line := range strings.Lines(page) {
			if strings.Contains(line, "**Downloads per day**, now: ") && strings.HasPrefix(line, "- ") {
				return strings.TrimSpace(line)
			}
		}
		return page
	}
	for want, got := range map[string]string{
		"- – **Downloads per day**, now: 3 downloads, no full period before it to compare with, target growing": box(verdict.Thresholds{Target: verdict.Bound{Op: "growing"}}, verdict.Verdict{Level: verdict.Unknown}),
		"- – **Downloads per day**, now: 3 downloads":                                                           box(verdict.Thresholds{}, verdict.Verdict{Level: verdict.OK}),
	} {
		if got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

// A version that is yanked says so and since when, whatever its share.
func TestVersions_NameTheYankedOnes(t *testing.T) {
	one, many := 1.0, 200.0
	d := Day{Now: now, Entries: []Entry{
		{Definition: metric.Definition{ID: "sessions_by_version"}, Reading: metric.Reading{Values: []metric.Entry{{Key: "1.1.2-beta", Value: &many}, {Key: "1.1.1-beta", Value: &one}}}},
		{Definition: metric.Definition{ID: yanked}, Reading: metric.Reading{Value: &one, Names: []string{"1.1.1-beta"}}},
	}}
	state := func() string { return fmt.Sprint(d.versions()[0].Adoption, ", ", d.versions()[1].Adoption) }
	if got := state(); got != "adopted, yanked" {
		t.Errorf("got %s", got)
	}
	d.Fired = []alert.Fired{{Metric: yanked, Episode: alert.Episode{Began: now.Add(-day), Since: now.Add(-day), Level: verdict.Critical}}}
	if got := state(); got != "adopted, yanked 26 Jan" {
		t.Errorf("got %s", got)
	}
}

// Once a final version is out, the page says so, and no longer that one was planned.
func TestGAWords_NameTheFinalVersion(t *testing.T) {
	on := func(d int) time.Time { return time.Date(2026, 2, d, 9, 0, 0, 0, time.UTC) }
	r := model.Release{Version: "v1.1.0-beta", Shipped: model.Date{Time: on(1)}, GA: model.Date{Time: on(15).Truncate(day)}}
	r.Family = []model.Published{{Version: "v1.1.0-beta", At: on(1)}, {Version: "v1.1.0", At: on(15)}}
	for at, want := range map[time.Time]string{on(14): "GA planned 15 Feb (tomorrow)", on(16): "GA: v1.1.0 on 15 Feb, as planned"} {
		if got := gaWords(r, at); got != want {
			t.Errorf("on %s: got %q, want %q", at, got, want)
		}
	}
	r.Family[1].At = on(17)
	if got := gaWords(r, on(18)); got != "GA: v1.1.0 on 17 Feb, planned for 15 Feb" {
		t.Errorf("got %q", got)
	}
}

// Three versions within a few days, an incident and a yank all have their labels.
func TestChart_LabelsEachMark(t *testing.T) {
	d := crashing(verdict.OK, verdict.OK, verdict.OK, verdict.OK, verdict.OK, verdict.OK, verdict.OK, verdict.OK, verdict.OK, verdict.OK, verdict.OK, verdict.OK)
	from := d.Entries[0].History[0].At
	var marks []Mark
	for n, text := range []string{"v1.1.1-beta", "incident", "v1.1.2-beta", "yank"} {
		marks = append(marks, Mark{from.Add(time.Duration(24+8*n) * time.Hour), text})
	}
	svg := string(Chart(d.Entries[0], marks))
	for _, m := range marks {
		if !strings.Contains(svg, ">"+m.Text+"</text>") {
			t.Errorf("the chart lacks the label of %s", m.Text)
		}
	}
}

// The ages of open bugs have their unit, move by days, and lead to their issues.
func TestMetricPage_LinksIssuesAndNamesUnits(t *testing.T) {
	age, before := 23.0, 22.0
	d := Day{Now: now, Page: "https://github.com/caro/caro/blob/HEAD/reports/README.md", Entries: []Entry{{
		Definition: metric.Definition{ID: "open_bugs_list"}.Whole(),
		Reading:    metric.Reading{Values: []metric.Entry{{Key: "#1 Installation fails on Ubuntu 22.04", Value: &age, Previous: &before}}},
	}}}
	page := MetricPage(d, "open_bugs_list")
	if want := `<a href="https://github.com/caro/caro/issues/1">#1 Installation fails on Ubuntu 22.04</a></th><td class="n">23 days</td><td class="n">&#43;1 day</td>`; !strings.Contains(page, want) {
		t.Errorf("the page lacks %s:\n%s", want, page)
	}
}
