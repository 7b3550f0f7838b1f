package snapshot

import (
	"context"
	"slices"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/report"
)

// compare gives each entry what an earlier version had on the same days after its
// release, as far as the record goes back.
func (w *world) compare(ctx context.Context, view *history.View, m *measured) error {
	base, record, err := app.Baseline(ctx, view, w.Config.Release, w.published, w.readings, w.Env.Now, w.note)
	if err != nil || base.Version == "" {
		return err
	}
	byMetric := map[string][]metric.Reading{}
	for _, r := range record {
		byMetric[r.Metric] = append(byMetric[r.Metric], r)
	}
	for i, e := range m.entries {
		of := report.SameAge{Of: base}
		for _, r := range append(slices.Clone(e.History), e.Reading) {
			if earlier, found := metric.AtAge(byMetric[e.Definition.ID], r, base); found {
				of.Readings = append(of.Readings, earlier)
			}
		}
		m.entries[i].SameAge = of
	}
	return nil
}
