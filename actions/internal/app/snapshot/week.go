package snapshot

import (
	"context"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// lastWeek measures the ISO week that is over, from Monday 00:00 UTC to Monday
// 00:00 UTC, once: the digest tells it. What only the present tells is left to
// the readings of the days.
func (w *world) lastWeek(ctx context.Context, facts metric.Facts, plan []config.Metric) []metric.Reading {
	end := metric.Monday(w.Env.Now)
	if w.asked.priority != "" || app.LooksBack(w.Env) || !end.After(w.Config.Release.Shipped.Time) || w.Config.Release.Shipped.IsZero() ||
		slices.ContainsFunc(w.readings, func(r metric.Reading) bool { return r.OfWeek() && r.At.Equal(end) }) {
		return nil
	}
	return w.pastWeek(ctx, facts, plan, end)
}

// pastWeek measures the ISO week that ended with a Monday 00:00 UTC.
func (w *world) pastWeek(ctx context.Context, facts metric.Facts, plan []config.Metric, end time.Time) []metric.Reading {
	var all []metric.Reading
	for _, p := range plan {
		if p.Past != "" {
			continue
		}
		window := "now"
		if length := p.Weekly(); length > 0 {
			window = model.Duration(length).String()
		}
		for _, e := range w.judged(ctx, facts, p, []string{window}, end) {
			all = append(all, e.Reading)
		}
	}
	return all
}
