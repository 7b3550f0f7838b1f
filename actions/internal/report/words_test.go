package report

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

func TestNewsInAFewWords(t *testing.T) {
	for _, c := range []struct {
		news alert.MetricNews
		want string
	}{
		{alert.MetricNews{Metric: "p0_bugs", Kind: alert.Firing, Level: verdict.Critical}, "p0_bugs is critical"},
		{alert.MetricNews{Metric: "p0_bugs", Kind: alert.Reminder, Level: verdict.Critical}, "nobody has answered: p0_bugs"},
		{alert.MetricNews{Metric: "p0_bugs", Kind: alert.Recovered}, "p0_bugs has recovered"},
		{alert.MetricNews{Metric: "nps", Kind: alert.Blind, With: []alert.Silence{{Metric: "satisfaction"}}}, "nps, satisfaction: unknown for more than a day"},
		{alert.MetricNews{Metric: "mention:hackernews:46000000", Kind: alert.Firing, Notice: &alert.Notice{Score: 286}}, "286 points on Hacker News"},
		{alert.MetricNews{Metric: "mail:7", Kind: alert.Reminder, Notice: &alert.Notice{Labels: []string{"P0", "privacy-leak"}}}, "nobody has answered: a mail, P0, privacy-leak"},
	} {
		if got := News(c.news); got != c.want {
			t.Errorf("%+v: %q, want %q", c.news, got, c.want)
		}
	}
}

// A release is called well as far as it can be seen, and not where what matters
// most cannot.
func TestHeadlines(t *testing.T) {
	entry := func(id string, level verdict.Level, why string) Entry {
		e := Entry{Definition: metric.Definition{ID: id}.Whole(), Verdict: verdict.Verdict{Metric: id, Level: level, Why: why}}
		return e
	}
	gone := "telemetry: there is no file telemetry/*.json"
	retention := entry("week_retention", verdict.Unknown, "the id in an export changes daily, so nobody can be followed from week to week")
	kept := retention // as a reading says it that was judged
	kept.Verdict.Why = "unknown: " + kept.Verdict.Why
	for _, c := range []struct {
		entries []Entry
		want    string
	}{
		{[]Entry{entry("nps", verdict.OK, "")}, "X v1 is well: every target that can be measured is met."},
		{[]Entry{entry("nps", verdict.OK, ""), retention}, "X v1 is well: every target that can be measured is met, 1 metric is unknown."},
		{[]Entry{entry("nps", verdict.Watch, ""), retention, kept}, "X v1 is well, and not all it should be: 1 metric misses its target, 1 metric is unknown."},
		{[]Entry{entry("nps", verdict.OK, ""), entry("satisfaction", verdict.Unknown, "nobody answered")}, "X v1 is well, as far as is known: every target that can be measured is met, 1 metric is unknown."},
		{[]Entry{entry("nps", verdict.Watch, ""), entry("satisfaction", verdict.Unknown, "nobody answered"), entry("privacy_concern_rate", verdict.Unknown, "there is nothing to take a share of")}, "X v1 is well, as far as is known, and not all it should be: 1 metric misses its target, 2 are unknown."},
		{[]Entry{entry("nps", verdict.OK, ""), entry("crash_rate", verdict.Unknown, gone)}, "X v1 cannot be called well: crash_rate is unknown."},
		{[]Entry{entry("nps", verdict.OK, ""), entry("crash_rate", verdict.Unknown, "there is nothing to take a share of")}, "X v1 cannot be called well: crash_rate is unknown."},
		{[]Entry{entry("nps", verdict.Watch, ""), entry("crash_rate", verdict.Unknown, gone), entry("yanked_versions", verdict.Unknown, "crates: it answers 502"), retention}, "X v1 cannot be called well: crash_rate and yanked_versions are unknown, 1 metric misses its target, 1 other is unknown."},
		{[]Entry{entry("nps", verdict.Critical, ""), entry("crash_rate", verdict.Unknown, gone)}, "X v1 is not well: 1 metric is critical, crash_rate is unknown."},
		{[]Entry{entry("crash_rate", verdict.Unknown, gone)}, "X v1: nothing is known."},
	} {
		if got := Headline(Day{Release: model.Release{Project: "X", Version: "v1"}, Entries: c.entries}); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// Only what meets its target is well again.
func TestWhatIsOverIsNotAlwaysWell(t *testing.T) {
	bound := func(is string) verdict.Bound {
		b, err := verdict.ParseBound(is)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	terms := verdict.Thresholds{Target: bound("< 0.1%"), Warning: bound("> 0.5%"), Critical: bound("> 1%")}
	news := alert.MetricNews{Metric: "crash_rate", Kind: alert.Recovered, Level: verdict.Critical, Ended: time.Date(2026, 2, 6, 10, 49, 0, 0, time.UTC)}
	for _, c := range []struct {
		crashed, sessions float64
		want              string
	}{
		{0, 78, "Crashes? It is well again: 0 % (0 of 78, 0–4.7 %): on target, under 0.1 %."},
		{3, 1000, "Crashes? It is past its threshold no longer, and still misses its target: 0.3 % (3 of 1,000, 0.1–0.9 %): off target, under 0.1 %."},
		{1, 67, "Crashes? It was over at 10:49 UTC, and stands like this now: too few to tell: 1 of 67, 0.3–8 %, against critical, over 1 %."},
	} {
		v := verdict.Judge(verdict.Reading{Unit: "%", Number: verdict.Number{Part: &c.crashed, Whole: &c.sessions}}, terms, verdict.Default)
		if got := metricSummary(news, Entry{Definition: metric.Definition{ID: "crash_rate", Title: "Crashes?"}, Verdict: v}); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// A number that misses its bound does not look like it.
func TestAFigureIsToldApartFromItsBound(t *testing.T) {
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

// Two numbers that are compared have the same digits.
func TestNowAndBeforeHaveTheSameDigits(t *testing.T) {
	bound, err := verdict.ParseBound(">= 3")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		now, before float64
		want        string
	}{
		{3.0400, 3.0421, "3.04 commands<br><sub>down by 0.07 %</sub>"},
		{2.9999, 2.5, "2.5 commands<br><sub>up by 20 %</sub>"},
		{2.96, 3, "3 commands<br><sub>down by 1.3 %</sub>"},
		{3.6, 3.04, "3 commands<br><sub>up by 18.4 %</sub>"},
		{4, 3.52, "3.5 commands<br><sub>up by 13.6 %</sub>"},
	} {
		e := Entry{Verdict: verdict.Verdict{Number: verdict.Number{Value: &c.now, Previous: &c.before}, Unit: "commands", Bound: bound}}
		if got := beforeCell(e); got != c.want {
			t.Errorf("%g after %g: %q, want %q", c.now, c.before, got, c.want)
		}
	}
}

// A day past the warning is none past critical.
func TestWhatHappenedCountsEachLevel(t *testing.T) {
	monday := time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC)
	var history []metric.Reading
	for i, level := range []verdict.Level{verdict.OK, verdict.OK, verdict.Warning, verdict.Critical, verdict.OK} {
		history = append(history, metric.Reading{At: monday.AddDate(0, 0, i), Verdict: string(level), Reason: "so it is"})
	}
	var b strings.Builder
	happened(&b, Week{Last: []Entry{{Definition: metric.Definition{ID: "crash_rate"}, History: history}}})
	if want := "**crash_rate** was critical on 1 day and past its warning on 1 more day, and is over: on Thursday so it is"; !strings.Contains(b.String(), want) {
		t.Errorf("%s\nwant %s", b.String(), want)
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

// What guards against the worst and stays at nothing is no noise.
func TestGuardsAreNoNoise(t *testing.T) {
	flat := func(id string, value float64) Course {
		c := Course{Definition: metric.Definition{ID: id}.Whole()}
		for n := range 7 {
			c.Readings = append(c.Readings, metric.Reading{At: time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC), Metric: id, Value: &value, Verdict: "ok"})
		}
		return c
	}
	var b strings.Builder
	Month{Metrics: []Course{flat("crash_rate", 0), flat("vulnerabilities", 0), flat("telemetry_opt_out_rate", 7), flat("power_users", 0)}}.metrics(&b)
	for _, want := range []string{"These stood guard, and were quiet: crash_rate, vulnerabilities.\n", "These never moved, and may be noise: telemetry_opt_out_rate (7 %), power_users (0 users).\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("it lacks %q:\n%s", want, b.String())
		}
	}
}

// A digest asks to look at what people vote for, and not at what nobody has voted
// for yet.
func TestAWishWithoutVotesIsNothingToDo(t *testing.T) {
	votes := 0.0
	wish := Entry{Definition: metric.Definition{ID: "feature_requests", Unit: "votes"}, Reading: metric.Reading{Values: []metric.Entry{{Key: "#5 nushell", Value: &votes}}}, Verdict: verdict.Verdict{Metric: "feature_requests", Level: verdict.OK}}
	week := Week{Last: []Entry{wish}, Entries: []Entry{wish}}
	if all := Actions(week); len(all) != 0 {
		t.Errorf("got %v, want nothing", all)
	}
	votes = 4
	if all := Actions(week); len(all) != 1 || !strings.Contains(all[0].What, "nushell") {
		t.Errorf("got %v, want the wish", all)
	}
}
