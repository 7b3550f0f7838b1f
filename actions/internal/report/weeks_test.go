package report

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

func TestWeekEnding(t *testing.T) {
	shipped := time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC)
	r := model.Release{Shipped: model.Date{Time: shipped}}
	for days, want := range map[int]int{-1: 0, 0: 0, 5: 0, 6: 1, 7: 0, 13: 2, 20: 3} {
		if got := WeekEnding(r, shipped.AddDate(0, 0, days).Add(18*time.Hour)); got != want {
			t.Errorf("day %d ends week %d, want %d", days, got, want)
		}
	}
	if got := WeekEnding(model.Release{}, shipped); got != 0 {
		t.Errorf("a release without a day has week %d", got)
	}
}

// What chance explains is stable; what must not be is not.
func TestTrendOf(t *testing.T) {
	for _, c := range []struct {
		unit, target string
		before, now  float64
		of           float64 // of a rate; 0 for none
		want         string
	}{
		{"%", "< 1%", 1, 2, 100, "stable"},
		{"%", "< 1%", 1, 20, 100, "declining"},
		{"%", ">= 80%", 60, 90, 1000, "improving"},
		{"issues", "< 10", 4, 7, 0, "stable"},
		{"issues", "< 10", 4, 40, 0, "declining"},
		{"issues", "= 0", 1, 0, 0, "improving"},
		{"issues", "= 0", 0, 1, 0, "declining"},
		{"downloads", "growing", 1000, 2000, 0, "improving"},
		{"downloads", "growing", 2000, 1000, 0, "declining"},
		{"ms", "< 2000ms", 1000, 1050, 0, "stable"},
		{"ms", "< 2000ms", 1000, 1200, 0, "declining"},
		{"score", ">= 4", 4, 4.5, 0, "improving"},
		{"issues", "", 4, 40, 0, "–"},
	} {
		reading := func(value float64) metric.Reading {
			r := metric.Reading{Unit: c.unit, Value: &value}
			if c.of > 0 {
				part := value / 100 * c.of
				r.Part, r.Whole = &part, &c.of
			}
			return r
		}
		e := Entry{Definition: metric.Definition{Unit: c.unit}, Reading: reading(c.now)}
		if c.target != "" {
			e.Thresholds.Target, _ = verdict.ParseBound(c.target)
		}
		e.Verdict.Value, e.Verdict.Confidence = &c.now, verdict.Default
		if got := trendOf(e, reading(c.before)); got != c.want {
			t.Errorf("%s %s, from %v to %v: %s, want %s", c.unit, c.target, c.before, c.now, got, c.want)
		}
	}
}

// Of fewer than five cases a median says nothing of a trend.
func TestTrendOf_FewCases(t *testing.T) {
	for sample, want := range map[float64]string{1: "–", 5: "declining"} {
		before, now := 1.0, 9.0
		e := Entry{Definition: metric.Definition{Unit: "hours"}, Reading: metric.Reading{Unit: "hours", Value: &now, Sample: &sample}}
		e.Thresholds.Target, _ = verdict.ParseBound("< 24")
		e.Verdict.Value = &now
		if got := trendOf(e, metric.Reading{Unit: "hours", Value: &before}); got != want {
			t.Errorf("%v cases: %s, want %s", sample, got, want)
		}
	}
}
