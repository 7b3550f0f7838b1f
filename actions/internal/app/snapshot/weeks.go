package snapshot

import (
	"time"

	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// maxOverlap is how long two weeks may overlap where runs were late, and still be
// compared.
const maxOverlap = time.Hour

// weeksOf compares the week of the release that ends with a day, by its readings, with
// the week before by the record; zero on all other days. What is a breakdown, or has no
// figure of both weeks, is left out.
func (w *world) weeksOf(plan []config.Metric, readings []metric.Reading, at time.Time) report.Weeks {
	weeks := report.Weeks{Number: report.WeekEnding(w.Config.Release, at)}
	if weeks.Number < 2 {
		return report.Weeks{}
	}
	for _, p := range plan {
		after, found := overWeek(readings, p, at)
		before, known := overWeek(w.readings, p, at.AddDate(0, 0, -7))
		if !found || !known || after.Value == nil || before.Value == nil || before.Values != nil || before.Until.Sub(after.From) > maxOverlap && p.Weekly() > 0 {
			continue
		}
		asMeasured := after
		asMeasured.Reason, asMeasured.Previous = "", before.Value
		e := report.Entry{Definition: p.Definition, Thresholds: p.Thresholds, Reading: after, History: []metric.Reading{before}, Verdict: verdict.Judge(verdict.Of(asMeasured, nil, p.Count), p.Thresholds, w.Config.Confidence)}
		if e.Verdict.Value == nil {
			continue
		}
		weeks.Entries = append(weeks.Entries, e)
		if weeks.After.At.IsZero() || p.Weekly() > 0 {
			weeks.Before, weeks.After = before, after
		}
	}
	return weeks
}

// overWeek is a metric's reading of a UTC day over the window by which weeks are told,
// and reports whether there is one.
func overWeek(readings []metric.Reading, p config.Metric, at time.Time) (metric.Reading, bool) {
	for _, r := range readings {
		if r.Metric == p.ID && !r.OfWeek() && r.Until.Sub(r.From) == p.Weekly() && r.At.UTC().Format(time.DateOnly) == at.UTC().Format(time.DateOnly) {
			return r, true
		}
	}
	return metric.Reading{}, false
}
