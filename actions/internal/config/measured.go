package config

import (
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Measured are the metrics of the plan, complete: what rules.yaml leaves out
// is as the catalogue says. The windows over which the gate asks, and that of
// the weekly digest, stand beside their own.
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
		if q.Window > 0 {
			all[at].need(q.Window.Duration())
		}
	}
	if b.countsTotals(all) {
		all = append(all, Metric{Definition: metric.Definition{ID: "downloads_by_registry"}}.whole())
	}
	for i := range all {
		all[i].need(all[i].Weekly())
	}
	return all
}

// countsTotals reports whether days of downloads are told from the running totals
// that the readings of downloads_by_registry keep, which no metric measures yet.
func (b *Book) countsTotals(all []Metric) bool {
	return b.Sources.tellTotals() &&
		slices.ContainsFunc(all, func(m Metric) bool { return m.Source == "registries" }) &&
		!slices.ContainsFunc(all, func(m Metric) bool { return m.ID == "downloads_by_registry" })
}

// Titles returns the titles of the metrics that the plan measures, by id.
func (b *Book) Titles() map[string]string {
	titles := map[string]string{}
	for _, m := range b.Metrics {
		titles[m.ID] = m.whole().Title
	}
	return titles
}

const week = 7 * 24 * time.Hour

// Weekly is the window by which the digest tells a week: seven days, also of
// what is measured over a few; of a state, and of what looks back further than
// that, the metric's own.
func (m Metric) Weekly() time.Duration {
	lengths := lengthsOf(m.Window)
	if first := lengths[0]; (first == 0 || first > week) && !slices.Contains(lengths, week) {
		return first
	}
	return week
}

// Own is the first of the metric's windows: the one that its alerts go by.
func (m Metric) Own() time.Duration { return lengthsOf(m.Window)[0] }

// need sees that a window is among those that are measured.
func (m *Metric) need(length time.Duration) {
	if !slices.Contains(lengthsOf(m.Window), length) && !slices.Contains(lengthsOf(m.Beside), length) {
		m.Beside = append(m.Beside, model.Duration(length).String())
	}
}

// lengthsOf are windows as lengths of time; now has none.
func lengthsOf(windows []string) []time.Duration {
	all := make([]time.Duration, len(windows))
	for i, w := range windows {
		if d, err := model.ParseDuration(w); err == nil {
			all[i] = d.Duration()
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
