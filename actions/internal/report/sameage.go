package report

import (
	"fmt"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// SameAge is what a metric was for an earlier version on the same days after its
// release. The zero value is nothing.
type SameAge struct {
	Of       model.Baseline
	Readings []metric.Reading // of the days that are as old as a day of the entry's past, one a day
}

// on returns the earlier version's reading of the day that is as old as a time, and
// reports whether it has a value.
func (s SameAge) on(at time.Time) (metric.Reading, bool) {
	day, known := s.Of.Day(at)
	if !known {
		return metric.Reading{}, false
	}
	for _, r := range s.Readings {
		if r.At.UTC().Truncate(24 * time.Hour).Equal(day) {
			return r, drawable(r)
		}
	}
	return metric.Reading{}, false
}

// under returns the earlier version's readings at the times of others that are as
// old, so that they stand on one axis of time with those.
func (s SameAge) under(points []metric.Reading) []metric.Reading {
	var all []metric.Reading
	for _, p := range points {
		if r, found := s.on(p.At); found {
			r.At = p.At
			all = append(all, r)
		}
	}
	return all
}

// SameDay returns what the earlier version had on the same day after its release:
// "3%"; "–" where that is not known.
func (e Entry) SameDay() string {
	r, found := e.SameAge.on(e.Reading.At)
	if !found {
		return "–"
	}
	return humanize.Value(*r.Value, e.Definition.Counted())
}

// sameDayOf is the comparison in words: "Same day of v1.0.0 (4 Feb 2026): 3%"; empty
// where there is none.
func (e Entry) sameDayOf() string {
	day, known := e.SameAge.Of.Day(e.Reading.At)
	if e.SameDay() == "–" || !known {
		return ""
	}
	return fmt.Sprintf("Same day of %s (%s): %s", clean(e.SameAge.Of.Version, maxVersion), day.Format("2 Jan 2006"), e.SameDay())
}

// maxVersion is how many characters of a version's name are shown.
const maxVersion = 16

// ageNote says which days are compared: "Day 12 of v1.1.2-beta, published on 5 Feb
// 2026, beside the same day of v1.1.0-beta, published on 24 Jan 2026: 4 Feb 2026.".
func (s SameAge) ageNote(now time.Time) string {
	day, known := s.Of.Day(now)
	if !known {
		return ""
	}
	on := func(t time.Time) string { return t.UTC().Format("2 Jan 2006") }
	return fmt.Sprintf("Day %d of %s, published on %s, beside the same day of %s, published on %s: %s.",
		s.Of.Age(now), clean(s.Of.Newer, maxVersion), on(s.Of.Since), clean(s.Of.Version, maxVersion), on(s.Of.Shipped), on(day))
}
