package audit

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// judged are readings of one moment with these levels, and their metrics.
func judged(levels ...string) (kept []metric.Reading, metrics []Metric) {
	at, value := time.Date(2026, 2, 5, 18, 17, 0, 0, time.UTC), 1.0
	for i, level := range levels {
		id := string(rune('a' + i))
		kept = append(kept, metric.Reading{Metric: id, At: at, From: at, Until: at, Unit: "x", Value: &value, Verdict: level})
		metrics = append(metrics, Metric{ID: id, Title: id})
	}
	return kept, metrics
}

// The counts of a headline are compared in the form in which pages tell those past a
// threshold apart from those off target, and in the one before.
func TestReadings_CountsWhatIsApart(t *testing.T) {
	kept, metrics := judged("critical", "watch", "watch", "ok")
	for counts, findings := range map[string]int{
		"1 critical · 2 more of 4 metrics off target":                      0,
		"1 critical · 2 of 4 metrics off target":                           0,
		"1 critical · 3 more of 4 metrics off target":                      1,
		"1 critical · 2 more of 5 metrics off target":                      1,
		"2 critical · 2 more of 4 metrics off target":                      1,
		"1 critical · 2 more of 4 metrics off target · 1 without a target": 0,
	} {
		a := &audit{record: newRecord(kept, metrics)}
		a.page("README.md", "# Caro: 🔴 Critical\n\n"+counts+"<br>\nUpdated 5 Feb 2026 18:17 UTC\n")
		if len(a.result.Figures) != 3 || len(a.result.Findings) != findings {
			t.Errorf("%s: %d figures, findings %v, want %d", counts, len(a.result.Figures), a.result.Findings, findings)
		}
	}
}

// A window may be a whole day by its date, and that of a state on a page about a week.
func TestLengthOf_ReadsTheWindowsOfPages(t *testing.T) {
	for window, want := range map[string]time.Duration{
		"": 0, "now": 0, "at the end of the week": 0, "24 hours": day, "last 24 hours": day, "3 Feb": day, "28 Jan": day, "whole day": day, "7 days": 7 * day,
	} {
		if got, is := lengthOf(window); !is || got != want {
			t.Errorf("%q: got %s, %t", window, got, is)
		}
	}
	for _, window := range []string{"3", "Feb", "3 Feb 2026", "all"} {
		if got, is := lengthOf(window); is {
			t.Errorf("%q is %s", window, got)
		}
	}
}

// Of those on target a headline counts what has no target apart, or as one with them, as
// earlier versions did.
func TestReadings_CountsWhatHasNoTarget(t *testing.T) {
	kept, metrics := judged("ok", "ok", "ok")
	for counts, findings := range map[string]int{
		"3 of 3 metrics on target":                      0,
		"2 of 3 metrics on target · 1 without a target": 0,
		"3 of 3 metrics on target or without a target":  0,
		"3 of 3 metrics on target · 1 without a target": 1,
		"2 of 3 metrics on target":                      1,
		"2 of 4 metrics on target · 1 without a target": 1,
	} {
		a := &audit{record: newRecord(kept, metrics)}
		a.page("README.md", "# Caro: 🟢 Healthy\n\n"+counts+"<br>\nUpdated 5 Feb 2026 18:17 UTC\n")
		if len(a.result.Figures) == 0 || len(a.result.Findings) != findings {
			t.Errorf("%s: findings %v, want %d", counts, a.result.Findings, findings)
		}
	}
}
