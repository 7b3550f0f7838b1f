package report

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// A day on which an alert began and ended between two readings is not on target:
// the table and the list of alerts of one page agree.
func TestRetrospective_CountsDaysWithAlertsAsMissed(t *testing.T) {
	from := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	m := Month{From: from, Until: from.AddDate(0, 1, 0), Days: 3}
	c := Course{Definition: metric.Definition{ID: "yanked_versions", Title: "Yanked versions", Unit: "versions"}, Thresholds: verdict.Thresholds{Target: zeroTarget(t)}}
	for i := range 3 {
		zero := 0.0
		at := from.AddDate(0, 0, i).Add(18 * time.Hour)
		c.Readings = append(c.Readings, metric.Reading{Metric: "yanked_versions", At: at, From: at, Until: at, Unit: "versions", Value: &zero, Verdict: string(verdict.OK)})
	}
	m.Metrics = []Course{c}
	row := func() string {
		page := Retrospective(m)
		for line := range strings.Lines(page) {
			if strings.HasPrefix(line, "| Yanked versions |") {
				return line
			}
		}
		t.Fatalf("there is no row:\n%s", page)
		return ""
	}
	if got := row(); !strings.Contains(got, "| 3 of 3 |") {
		t.Errorf("without an alert: %s", got)
	}
	began := from.AddDate(0, 0, 1).Add(9 * time.Hour)
	m.Fired = []alert.Fired{{Metric: "yanked_versions", Episode: alert.Episode{Began: began, Since: began, Ended: began.Add(time.Hour), Level: verdict.Critical}}}
	if got := row(); !strings.Contains(got, "| 2 of 3 |") {
		t.Errorf("with an alert of an hour: %s", got)
	}
	// The list of alerts counts the same day, and says that nobody was notified.
	for _, want := range []string{"**Yanked versions**: 1 alert, active on 1 day; ", "1 alert sent no notification: "} {
		if page := Retrospective(m); !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

// The figure of an incident is the highest while it lasted, or the lowest where the
// threshold is a lower bound, whichever reading was first at its level.
func TestWorstOf_IsTheFarthestValue(t *testing.T) {
	since := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	var readings []metric.Reading
	for i, value := range []float64{1, 3, 2} {
		readings = append(readings, metric.Reading{At: since.Add(time.Duration(i) * day), Value: &value, Verdict: string(verdict.Critical)})
	}
	for op, want := range map[string]float64{">": 3, ">=": 3, "<": 1} {
		e := Entry{Thresholds: verdict.Thresholds{Critical: verdict.Bound{Op: op, Decimal: "1"}}}
		worst, found := worstOf(alert.Fired{Episode: alert.Episode{Since: since}}, e, readings)
		if !found || *worst.Value != want {
			t.Errorf("critical %s 1: %v, want %v", op, *worst.Value, want)
		}
	}
}

// The decision of the gate stands with its day, so that it is not taken for one of
// today.
func TestGateHeading(t *testing.T) {
	for page, want := range map[string]string{
		"# Release gate: GO (1 waiver)\n\nCaro v1 · 4 of 5 required criteria met · decided 14 Feb 2026 19:00 UTC · GA planned 15 Feb\n": "GO (1 waiver), 14 Feb",
		"# Release gate: UNDECIDED\n\nCaro v1\n": "UNDECIDED",
		"# Something else\n":                     "",
	} {
		if got := GateHeading([]byte(page)); got != want {
			t.Errorf("%q: got %q, want %q", page, got, want)
		}
	}
}

func zeroTarget(t *testing.T) verdict.Bound {
	t.Helper()
	b, err := verdict.ParseBound("= 0")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A breakdown that counted nothing all month has data; one without a reading has
// none. A list says over which window, and until when, it was read.
func TestRetrospective_TellsNothingFromNoData(t *testing.T) {
	of := func(id, title string, values []metric.Entry) Course {
		c := Course{Definition: metric.Definition{ID: id, Title: title, Unit: "mails"}}
		for n := range 3 {
			at := time.Date(2026, 1, 26+n, 18, 17, 0, 0, time.UTC)
			c.Readings = append(c.Readings, metric.Reading{Metric: id, At: at, From: at.Add(-day), Until: at, Values: values})
		}
		return c
	}
	two := 2.0
	page := Retrospective(Month{From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), Metrics: []Course{
		of("error_types", "Errors by type", []metric.Entry{}), of("x", "Median, of x", nil), of("y", "Share of y", nil), of("mail_by_label", "Mail by label", []metric.Entry{{Key: "bug", Value: &two}}),
	}})
	for _, want := range []string{"or remove them): Median, of x (24 hours); Share of y (24 hours).", "## Mail by label, 3 days to 28 Jan\n\n- `bug`: 6 mails\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "Errors by type") {
		t.Errorf("a breakdown that counted nothing has no data:\n%s", page)
	}
}

// The month begins with its status and what follows from its tables: a critical alert of
// its days makes it critical, though it is over.
func TestRetrospective_ConcludesFirst(t *testing.T) {
	from := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	m := Month{From: from, Until: from.AddDate(0, 1, 0), Days: 3}
	c := Course{Definition: metric.Definition{ID: "crash_rate", Unit: "%"}.Whole(), Thresholds: verdict.Thresholds{Target: zeroTarget(t)}}
	for i, level := range []verdict.Level{verdict.Critical, verdict.Watch, verdict.OK} {
		value := float64(2-i) * 3
		at := from.AddDate(0, 0, i).Add(18 * time.Hour)
		c.Readings = append(c.Readings, metric.Reading{Metric: "crash_rate", At: at, From: at.Add(-day), Until: at, Unit: "%", Value: &value, Verdict: string(level)})
	}
	m.Metrics = []Course{c}
	began := from.Add(18 * time.Hour)
	for _, step := range []struct {
		fired []alert.Fired
		want  []string
	}{
		{nil, []string{"**Worst level of the month: 🟡 Off target** — no alerts · 0 of 1 target met on every day, 1 missed on most days", "- 🟡 Missed on most days: Crash rate (on target on 1 of 3 days)."}},
		{[]alert.Fired{{Metric: "crash_rate", Episode: alert.Episode{Began: began, Since: began, Ended: began.Add(day), Level: verdict.Critical}}},
			[]string{"**Worst level of the month: 🔴 Critical** — 1 alert (all resolved) · ", "- 🔴 **Crash rate 6%** in the 24 hours to 1 Feb 18:00, resolved after 1d"}},
	} {
		m.Fired = step.fired
		page := Retrospective(m)
		for _, want := range step.want {
			if at := strings.Index(page, want); at < 0 || at > strings.Index(page, "## Metrics against targets") {
				t.Errorf("the page does not begin with %q:\n%.1500s", want, page)
			}
		}
	}
}

// What is counted a day is added up over the period, and no limit hides an urgent label.
func TestRetrospective_AddsUpDailyCounts(t *testing.T) {
	one, five := 1.0, 5.0
	c := Course{Definition: metric.Definition{ID: "mail_by_label", Title: "Mail by label", Unit: "mails"}}
	for n, values := range [][]metric.Entry{{{Key: "bug", Value: &five}, {Key: "privacy-leak", Value: &one}, {Key: "P0", Value: &one}}, nil, {}, {{Key: "bug", Value: &one}, {Key: "a", Value: &five}, {Key: "b", Value: &five}, {Key: "c", Value: &five}, {Key: "d", Value: &five}}} {
		at := time.Date(2026, 1, 26+n, 18, 17, 0, 0, time.UTC)
		c.Readings = append(c.Readings, metric.Reading{Metric: c.Definition.ID, At: at, From: at.Add(-day), Until: at, Values: values})
	}
	page := Retrospective(Month{From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), Metrics: []Course{c}})
	// Of one of the four days there is no data.
	if want := "## Mail by label, 3 days to 29 Jan\n\n- `P0`: 1 mail\n- `privacy-leak`: 1 mail\n- `bug`: 6 mails\n- `a`: 5 mails\n- `b`: 5 mails\n- 2 more\n"; !strings.Contains(page, want) {
		t.Errorf("the page lacks %q:\n%s", want, page)
	}
	e := Entry{Definition: c.Definition, Reading: metric.Reading{Values: append(c.Readings[3].Values[1:4:4], c.Readings[3].Values[4], metric.Entry{Key: "e", Value: &one}, metric.Entry{Key: "bug", Value: &one}, metric.Entry{Key: "privacy-leak", Value: &one})}}
	if keys := e.Keys(); keys[0] != "`privacy-leak` 1 (4.3%)" {
		t.Errorf("the table begins with %q", keys)
	}
}
