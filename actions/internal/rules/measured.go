package rules

import (
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Measured are the metrics of the plan, complete: what rules.yaml leaves out
// is as the catalogue says. The windows over which the gate asks are among
// theirs, behind their own.
func (b *Book) Measured() []Metric {
	var all []Metric
	for _, m := range b.Metrics {
		all = append(all, m.whole())
	}
	for _, q := range b.Gate.Questions() {
		at := slices.IndexFunc(all, func(m Metric) bool { return m.ID == q.Metric })
		if at < 0 {
			all = append(all, Metric{Definition: metric.Definition{ID: q.Metric}}.whole())
			at = len(all) - 1
		}
		if window := q.Window.String(); q.Window > 0 && !slices.Contains(all[at].Window, window) {
			all[at].Window = append(slices.Clone(all[at].Window), window)
		}
	}
	return all
}

// whole completes a metric with the catalogue's words and bounds.
func (m Metric) whole() Metric {
	d := m.Definition.Whole()
	m.Definition = d
	t := &m.Thresholds
	for _, bound := range []struct {
		own *verdict.Bound
		is  string
	}{{&t.Target, d.Target}, {&t.Warning, d.Warning}, {&t.Critical, d.Critical}} {
		if bound.own.IsZero() && bound.is != "" {
			*bound.own, _ = verdict.ParseBound(bound.is) // the tests read each
		}
	}
	if len(t.Bands) == 0 && d.Bands != "" {
		for _, band := range strings.Split(d.Bands, ", ") {
			name, is, _ := strings.Cut(band, " ")
			bound, _ := verdict.ParseBound(is)
			t.Bands = append(t.Bands, verdict.Band{Name: name, Is: bound})
		}
	}
	return m
}
