package app

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// maxBaseline is how many days of an earlier version are compared with: as many as
// a chart shows.
const maxBaseline = 35

// Baseline finds what the release is compared with at the same age at a time: the
// first of its baselines of whose life there are readings, with these. Recent are readings
// that the run has already. The zero Baseline is none.
func Baseline(ctx context.Context, view *history.View, release model.Release, published []model.Published, recent []metric.Reading, now time.Time, warn func(string, ...any)) (model.Baseline, []metric.Reading, error) {
	for _, b := range release.Baselines(published) {
		if now.Before(b.Since) {
			continue
		}
		from, until := b.Shipped.UTC(), b.Until
		if oldest := b.Shipped.Add(now.Sub(b.Since)).AddDate(0, 0, -maxBaseline); oldest.After(from) {
			from = oldest
		}
		if last := b.Shipped.Add(now.Sub(b.Since)).AddDate(0, 0, 2); last.Before(until) {
			until = last
		}
		if !from.Before(until) {
			continue
		}
		record, err := view.Readings(ctx, from, until, warn)
		if err != nil {
			return model.Baseline{}, nil, err
		}
		// What a first run measured afterwards is not filed yet.
		if record = metric.Merge(record, recent); metric.Lives(record, b) {
			return b, record, nil
		}
	}
	return model.Baseline{}, nil, nil
}
