package metric

import (
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// AtAge returns the reading of a metric that an earlier version had on the same day
// after its release: the last one of that day, over a window of the same length. It
// reports false where there is none, and where its window begins before the version
// shipped, so that it covers less than its length.
func AtAge(record []Reading, of Reading, b model.Baseline) (Reading, bool) {
	day, known := b.Day(of.At)
	if !known {
		return Reading{}, false
	}
	var found Reading
	shipped := b.Shipped.UTC().Truncate(24 * time.Hour)
	for _, r := range record {
		if r.Metric == of.Metric && !r.OfWeek() && r.Until.Sub(r.From) == of.Until.Sub(of.From) && r.At.UTC().Truncate(24*time.Hour).Equal(day) &&
			r.At.Before(b.Until) && !r.From.Before(shipped) && !r.At.Before(found.At) {
			found = r
		}
	}
	return found, !found.At.IsZero()
}

// Lives reports whether the record has readings of the life of an earlier version.
func Lives(record []Reading, b model.Baseline) bool {
	for _, r := range record {
		if !r.At.Before(b.Shipped) && r.At.Before(b.Until) {
			return true
		}
	}
	return false
}
