package config

import (
	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/metric"
)

// convert puts thresholds and criteria that are written in another unit of time
// into the unit of their metric: '< 1d' is '< 24' for a metric in hours; and phases
// that are written by their week into days.
func (b *Book) convert() {
	b.Release.Resolve()
	for i := range b.Routes {
		b.Routes[i].Team = b.People.WorkingHours()
	}
	for i := range b.Metrics {
		m := &b.Metrics[i]
		m.Thresholds = m.Thresholds.In(m.unit())
	}
	for _, group := range b.Gate.Groups() {
		for i := range group.Criteria {
			c := &group.Criteria[i]
			if c.Vs == "" { // else it is a share of an earlier figure
				c.Is = c.Is.In(b.unitOf(*c))
			}
		}
	}
}

// unitOf is the unit in which a criterion is judged; empty where it has none.
func (b *Book) unitOf(c gate.Criterion) string {
	if c.DaysWithout != "" {
		return "days"
	}
	for _, m := range b.Metrics {
		if m.ID == c.Metric {
			return m.unit()
		}
	}
	return metric.UnitOf(c.Metric)
}

// checkUnits finds criteria in a unit that their metric does not have.
func (b *Book) checkUnits() []diag.Mistake {
	var found []diag.Mistake
	for _, group := range b.Gate.Groups() {
		for i, c := range group.Criteria {
			if c.Metric != "" && c.Vs == "" {
				found = append(found, diag.Under(c.Is.Validate(b.unitOf(c)), group.Key, i, "is")...)
			}
		}
	}
	return found
}
