package report

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// A rate of all versions is not that of the version that did worst; a withdrawn version
// is what the figure counts.
func TestActiveAlert_NamesTheVersion(t *testing.T) {
	for _, c := range []struct{ metric, version, want string }{
		{"crash_rate", "1.1.1-beta", "Rate 3.5%, worst in 1.1.1-beta"},
		{"yanked_versions", "1.1.1-beta", "Rate 3.5% (1.1.1-beta)"},
		{"crash_rate", "", "Rate 3.5%"},
	} {
		if got := (activeAlert{Incident: Incident{Metric: c.metric, Short: "Rate 3.5%", Version: c.version}}).Name(); got != c.want {
			t.Errorf("%s in %q: got %q, want %q", c.metric, c.version, got, c.want)
		}
	}
}

// An alert that ended at the moment at which a day begins stands on the page of the day
// before alone, and so does a mail of that moment.
func TestToday_BeginsAfterTheDayBefore(t *testing.T) {
	d := Day{Now: now}
	for _, c := range []struct {
		after time.Duration // of the beginning of the day
		want  int
	}{{-time.Minute, 0}, {0, 0}, {time.Minute, 2}} {
		at := now.Add(-day + c.after)
		d.Fired = []alert.Fired{
			{Metric: "crash_rate", Episode: alert.Episode{Since: at.Add(-time.Hour), Ended: at}},
			{Episode: alert.Episode{Began: at}, Notice: &alert.Notice{}},
		}
		if got := len(d.today()); got != c.want {
			t.Errorf("%s after the day began there are %d, want %d", c.after, got, c.want)
		}
	}
}

// What was yanked and given out again is 0 at the end of a week, and was 1 in it.
func TestOfWeek_TellsAStateFromASum(t *testing.T) {
	zero := 0.0
	e := Entry{Definition: metric.Definition{ID: "yanked_versions"}.Whole(), Verdict: verdict.Verdict{Number: verdict.Number{Value: &zero}}, Reading: metric.Reading{Value: &zero, From: now, Until: now}}
	if got := ofWeek(e); got != "0 at the end of the week" {
		t.Errorf("a state: %q", got)
	}
	e.Reading.From = now.AddDate(0, 0, -7)
	if got := ofWeek(e); got != "0 over the week" {
		t.Errorf("a sum: %q", got)
	}
}

// An alert that somebody has responded to does not ask for the first step again: it says
// who responded and when.
func TestActive_AsksForAFirstStepUntilSomebodyResponds(t *testing.T) {
	since := now.Add(-3 * time.Hour)
	for _, c := range []struct {
		answered time.Time
		by, want string
	}{
		{time.Time{}, "", "no response yet. First step: Find who withdrew the version, and publish one that replaces it."},
		{since.Add(9 * time.Minute), "lena", "; first response " + since.Add(9*time.Minute).Format("2 Jan 15:04") + " UTC by lena, after 9m."},
		{since.Add(9 * time.Minute), "", "; first response " + since.Add(9*time.Minute).Format("2 Jan 15:04") + " UTC, after 9m."},
		{since.Add(-time.Minute), "", "; first response " + since.Add(-time.Minute).Format("2 Jan 15:04") + " UTC, on the report, before the alert."},
	} {
		d := Day{Now: now, Entries: []Entry{{Definition: metric.Definition{ID: yanked}.Whole()}}}
		d.Fired = []alert.Fired{{Metric: yanked, Episode: alert.Episode{Began: since, Since: since, Level: verdict.Critical, Answered: c.answered, Answerer: c.by}}}
		if got := d.active()[0].Text(); !strings.HasSuffix(got, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// The digest asks who responded to follow up, and not for the first step again.
func TestActions_AskForNoFirstStepOfWhatIsAnswered(t *testing.T) {
	two, zero := 2.0, 0.0
	since := now.AddDate(0, 0, -2)
	for _, level := range []verdict.Level{verdict.Critical, verdict.OK} { // over the week
		e := Entry{Definition: metric.Definition{ID: "privacy_leaks"}.Whole(), Verdict: verdict.Verdict{Metric: "privacy_leaks", Level: level, Unit: "reports", Number: verdict.Number{Value: &two}}}
		if level == verdict.OK {
			e.Verdict.Value = &zero
		}
		f := alert.Fired{Metric: "privacy_leaks", Episode: alert.Episode{Began: since, Since: since, Level: verdict.Critical}}
		w := Week{From: now.AddDate(0, 0, -7), Until: now, Entries: []Entry{e}, Fired: []alert.Fired{f}}
		if got := Actions(w)[0]; strings.HasPrefix(got.What, "Follow up") {
			t.Errorf("%s: nobody has responded, and it says %q", level, got)
		}
		w.Fired[0].Answered, w.Fired[0].Answerer = since.Add(time.Hour), "lena"
		if got := Actions(w)[0]; got.What != "Follow up with lena until the alert is resolved" || !strings.HasSuffix(got.Why, "by lena, after 1h") {
			t.Errorf("%s: lena has responded, and it says %q", level, got)
		}
	}
}

// Where there is room, an issue has its title and its link, and the best-rated post its
// address; neither may break the table.
func TestAttention_NamesIssuesAndPosts(t *testing.T) {
	two, many := 2.0, 286.0
	e := Entry{Definition: metric.Definition{ID: "unanswered_issues"}.Whole(), Reading: metric.Reading{Metric: "unanswered_issues", Value: &two, Issues: []int{4}}, Thresholds: verdict.Thresholds{Target: zeroTarget(t)}}
	e.Verdict = verdict.Verdict{Metric: "unanswered_issues", Level: verdict.Watch, Reason: verdict.Missed, Unit: "issues", Number: verdict.Number{Value: &two}}
	e.Named = []Recent{{Number: 4, Title: "a | `b` @all", URL: "https://github.com/o/r/issues/4"}}
	post := Entry{Definition: metric.Definition{ID: "top_mention"}.Whole(), Reading: metric.Reading{Value: &many, Names: []string{"https://news.example/item?id=1(2)|3"}}}
	post.Verdict = verdict.Verdict{Metric: "top_mention", Level: verdict.OK, Reason: verdict.NotAsked, Unit: "points", Number: verdict.Number{Value: &many}}
	page := Today(Day{Now: now, Entries: []Entry{e, post}})
	for _, want := range []string{"| [#4](https://github.com/o/r/issues/4) ``a ¦ `b` @all``<br>1 more |", "| 286<br><sub>[the post](https://news.example/item?id=1%282%29%7C3)</sub> |"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	post.Reading.Names[0] = "javascript:alert(1)"
	if page := Today(Day{Now: now, Entries: []Entry{post}}); strings.Contains(page, "the post") {
		t.Error("an address that is none is linked")
	}
}

// The page of the gate explains its signs, and says of what has no data what to do next.
func TestGate_SaysWhatToDoWithoutData(t *testing.T) {
	page := Gate(GatePage{Now: now, Decision: gate.Decision{Is: gate.Go, Outcomes: []gate.Outcome{
		{Part: "should", State: gate.Unknown, Why: "ids change daily", Criterion: gate.Criterion{Metric: "week_retention"}},
		{Part: "nice", State: gate.Unknown, Why: "no source", Criterion: gate.Criterion{Metric: "satisfaction"}},
	}}})
	for _, want := range []string{"· ➖ not met or not checked, does not block\n", "ids change daily. Next step: connect a telemetry database with lasting user ids (", "no source. Next step: connect its source, or take"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

// An alert that lasts says how it stands now where that is not its worst, and asks nobody
// to answer what people were notified of by report.
func TestActiveAlert_TellsTheFigureOfNowAndWhatCoversIt(t *testing.T) {
	at := time.Date(2026, 2, 6, 18, 17, 0, 0, time.UTC)
	worst, current := 12.8, 1.6
	e := Entry{Definition: metric.Definition{ID: "crash_rate"}.Whole(), Verdict: verdict.Verdict{Unit: "%", Number: verdict.Number{Value: &current}}}
	f := alert.Fired{Metric: "crash_rate", Episode: alert.Episode{Since: at.Add(-time.Hour), Level: verdict.Critical, Peak: &alert.Peak{At: at.Add(-time.Minute), Level: verdict.Critical, Value: worst}}}
	d := Day{Now: at, Entries: []Entry{e}, Fired: []alert.Fired{f}}
	if got := d.active()[0].Text(); !strings.Contains(got, ", now 1.6%; no response yet. First step: ") {
		t.Errorf("got %q", got)
	}
	d.Fired[0].Covered = true
	if got := d.active()[0].Text(); !strings.HasSuffix(got, "; people were notified of each report.") {
		t.Errorf("covered: got %q", got)
	}
	current = worst
	if got := d.active()[0].Text(); strings.Contains(got, "now") {
		t.Errorf("at its worst: got %q", got)
	}
}

// A recovery names the worst figure that the alert recorded between two readings, and the
// metric's page both hours of an alert that became critical.
func TestAlert_TellsItsWorstAndWhenItBecameCritical(t *testing.T) {
	since := time.Date(2026, 2, 4, 18, 17, 0, 0, time.UTC)
	e := Entry{Definition: metric.Definition{ID: "crash_rate", Unit: "%"}}
	peak := &alert.Peak{At: since.Add(time.Hour), Level: verdict.Critical, Value: 12.8}
	if got, found := worstWhile(alert.MetricNews{Metric: "crash_rate", Since: since, Ended: since.Add(day), Peak: peak}, e); !found || got != "12.8%" {
		t.Errorf("got %q, %t", got, found)
	}
	f := alert.Fired{Metric: "crash_rate", Episode: alert.Episode{Since: since, Level: verdict.Critical, Critical: since.Add(47 * time.Minute)}}
	if got := alertsOn([]alert.Fired{f}, e, since); !strings.HasPrefix(got, "warning from 18:17, critical from 19:04") {
		t.Errorf("got %q", got)
	}
}
