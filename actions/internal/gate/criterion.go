// Package gate says go or no-go for the next release. So far it keeps its page
// of rules.yaml: the criteria.
package gate

import (
	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/mistake"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Section is the gate of rules.yaml. A must that is missed or unknown stops
// the release.
type Section struct {
	Must   []Criterion `yaml:"must"`
	Should []Criterion `yaml:"should"`
	Nice   []Criterion `yaml:"nice"`
}

// Criterion is one thing that is to be true: a metric over a window, a number
// of days without something, or a box that a person ticks.
type Criterion struct {
	Metric      string        `yaml:"metric"`
	DaysWithout string        `yaml:"days_without"` // a metric that counts what must not be
	Is          verdict.Bound `yaml:"is"`
	Window      fact.Duration `yaml:"window"` // empty is the metric's own
	Manual      string        `yaml:"manual"` // what the person confirms
	Waived      *Waiver       `yaml:"waived"`
}

// Waiver lets a criterion pass for a time; the page shows it.
type Waiver struct {
	Owner  string    `yaml:"owner"`
	Reason string    `yaml:"reason"`
	Until  fact.Date `yaml:"until"` // the last day, inclusive
}

// Validate finds what is wrong with the criteria, given the metrics there are.
func (s Section) Validate(metrics []string) []mistake.Mistake {
	var found []mistake.Mistake
	for _, part := range []struct {
		key      string
		criteria []Criterion
	}{{"must", s.Must}, {"should", s.Should}, {"nice", s.Nice}} {
		for i, c := range part.criteria {
			found = append(found, mistake.Under(c.validate(metrics), part.key, i)...)
		}
	}
	return found
}

func (c Criterion) validate(metrics []string) []mistake.Mistake {
	var found []mistake.Mistake
	kinds := 0
	for _, k := range []struct{ key, name string }{{"metric", c.Metric}, {"days_without", c.DaysWithout}} {
		if k.name == "" {
			continue
		}
		kinds++
		if !known(metrics, k.name) {
			found = append(found, mistake.At([]any{k.key}, "%s", mistake.Unknown("metric", k.name, metrics)))
		}
		if c.Is.IsZero() {
			found = append(found, mistake.At(nil, "a criterion on a metric needs `is`: the bound that it must meet"))
		}
	}
	if c.Manual != "" {
		kinds++
	}
	if kinds != 1 {
		found = append(found, mistake.At(nil, "a criterion is one of `metric`, `days_without` and `manual`"))
	}
	if w := c.Waived; w != nil && (w.Owner == "" || w.Reason == "" || w.Until.IsZero()) {
		found = append(found, mistake.At([]any{"waived"}, "a waiver needs `owner`, `reason` and `until`"))
	}
	return found
}

func known(metrics []string, id string) bool {
	for _, m := range metrics {
		if m == id {
			return true
		}
	}
	return false
}
