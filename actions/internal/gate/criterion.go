// Package gate says go or no-go for the next release: it holds the criteria of
// rules.yaml, whose page it keeps, against what was measured and what people
// confirmed. It measures nothing, reads no issue and posts no status: it gets
// answers and ticks, and returns a decision with its evidence.
package gate

import (
	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Section is the gate of rules.yaml. A must that is missed or unknown stops
// the release.
type Section struct {
	// Must holds the required criteria: one that is missed or has no data blocks the release.
	Must []Criterion `yaml:"must"`
	// Should holds the recommended criteria; they do not block.
	Should []Criterion `yaml:"should"`
	// Nice holds the optional criteria; they do not block.
	Nice []Criterion `yaml:"nice"`
	// Labels are added to the issue in which people check boxes; the first one finds it again; default:
	// aftercare-gate.
	Labels model.Names `yaml:"labels"`
}

// Criterion is one thing that is to be true: a metric over a window, a number
// of days without something, or a box that a person ticks.
type Criterion struct {
	// Metric is the id of the metric to judge.
	Metric string `yaml:"metric"`
	// DaysWithout is the id of a metric that counts incidents: the criterion is the number of days
	// without any.
	DaysWithout string `yaml:"days_without"`
	// Is is the condition to meet, such as '>= 75%'.
	Is verdict.Bound `yaml:"is"`
	// Window is the period to judge; default: the metric's own window.
	Window model.Duration `yaml:"window"`
	// Version is newest: of a metric by version, judge the newest version of the release's family alone.
	Version string `yaml:"version" jsonschema:"enum=newest"`
	// Vs is previous: judge the metric against an earlier release on the same day after release; `is` is
	// then a share of what it was, such as '<= 110%'. The earlier release is the one before, as GitHub's releases
	// name it, by its first version; else, for the newest version of the family, the watched one. Without its
	// readings in reports/data the criterion has no data.
	Vs string `yaml:"vs" jsonschema:"enum=previous"`
	// Manual is the text of a box that a person checks in the issue of the gate.
	Manual string `yaml:"manual"`
	// Waived lets the release go ahead although the criterion is missed, for a time; it is shown.
	Waived *Waiver `yaml:"waived"`
}

// VersionNewest asks for the newest version of the release's family.
const VersionNewest = "newest"

// VsPrevious compares with an earlier release at the same age.
const VsPrevious = "previous"

// Question is what the criterion asks of the record.
func (c Criterion) Question() Question { return Question{c.Metric, c.Window, c.Version} }

// Waiver lets a criterion pass for a time; the page shows it.
type Waiver struct {
	// Owner is the person who decided the waiver. Required.
	Owner string `yaml:"owner"`
	// Reason says why the release may go ahead. Required.
	Reason string `yaml:"reason"`
	// Until is the last day of the waiver, inclusive. Required.
	Until model.Date `yaml:"until"`
}

// Validate finds what is wrong with the criteria, given the metrics there are.
func (s Section) Validate(metrics []string) []diag.Mistake {
	var found []diag.Mistake
	boxes := map[string]bool{}
	for _, part := range s.Groups() {
		for i, c := range part.Criteria {
			found = append(found, diag.Under(c.validate(metrics), part.Key, i)...)
			if c.Manual != "" && boxes[c.Manual] {
				found = append(found, diag.At([]any{part.Key, i, "manual"}, "duplicate box %q", c.Manual))
			}
			boxes[c.Manual] = true
		}
	}
	return found
}

// Group is one of the three groups of criteria, with its key in rules.yaml.
type Group struct {
	Key      string
	Criteria []Criterion
}

// Groups returns the groups of criteria: must, should, nice.
func (s Section) Groups() []Group {
	return []Group{{"must", s.Must}, {"should", s.Should}, {"nice", s.Nice}}
}

func (c Criterion) validate(metrics []string) []diag.Mistake {
	var found []diag.Mistake
	kinds := 0
	for _, k := range []struct{ key, name string }{{"metric", c.Metric}, {"days_without", c.DaysWithout}} {
		if k.name == "" {
			continue
		}
		kinds++
		if !known(metrics, k.name) {
			found = append(found, diag.At([]any{k.key}, "%s", diag.Unknown("metric", k.name, metrics)))
		}
		if c.Is.IsZero() {
			found = append(found, diag.At(nil, "a criterion on a metric needs `is`: the bound that it must meet"))
		}
	}
	if c.Manual != "" {
		kinds++
	}
	if kinds != 1 {
		found = append(found, diag.At(nil, "a criterion is one of `metric`, `days_without` and `manual`"))
	}
	found = append(found, c.misplaced()...)
	return append(found, diag.Under(c.Waived.validate(), "waived")...)
}

// misplaced are keys that mean nothing beside the others.
func (c Criterion) misplaced() []diag.Mistake {
	var found []diag.Mistake
	if c.Window != 0 && c.Metric == "" {
		found = append(found, diag.At([]any{"window"}, "only a `metric` has a window"))
	}
	switch {
	case c.Version != "" && c.Metric == "":
		found = append(found, diag.At([]any{"version"}, "only a `metric` is judged by version"))
	case c.Version != "" && c.Version != VersionNewest:
		found = append(found, diag.At([]any{"version"}, "%s", diag.Unknown("value", c.Version, []string{VersionNewest})))
	}
	found = append(found, c.comparison()...)
	if c.Manual != "" && !c.Is.IsZero() {
		found = append(found, diag.At([]any{"is"}, "a box is ticked or not: it has no bound"))
	}
	if c.DaysWithout == "" {
		return found
	}
	found = append(found, diag.Under(c.Is.Validate("days"), "is")...)
	if c.Is.Op == "growing" || c.Is.Of != "" {
		found = append(found, diag.At([]any{"is"}, "%q is not a number of days: expected one such as '>= 14'", c.Is))
	}
	return found
}

// comparison finds what is wrong with a comparison with an earlier release.
func (c Criterion) comparison() []diag.Mistake {
	switch {
	case c.Vs == "":
		return nil
	case c.Vs != VsPrevious:
		return []diag.Mistake{diag.At([]any{"vs"}, "%s", diag.Unknown("value", c.Vs, []string{VsPrevious}))}
	case c.Metric == "":
		return []diag.Mistake{diag.At([]any{"vs"}, "only a `metric` is compared with an earlier release")}
	case c.Version != "":
		return []diag.Mistake{diag.At([]any{"vs"}, "a part by version is not compared with an earlier release: delete `version` or `vs`")}
	case !c.Is.IsZero() && (c.Is.Unit != "%" || c.Is.Op == "growing" || c.Is.Of != ""):
		return []diag.Mistake{diag.At([]any{"is"}, "%q is no share of an earlier figure: with `vs` expected one such as '<= 110%%'", c.Is)}
	}
	return nil
}

func (w *Waiver) validate() []diag.Mistake {
	if w != nil && (w.Owner == "" || w.Reason == "" || w.Until.IsZero()) {
		return []diag.Mistake{diag.At(nil, "a waiver needs `owner`, `reason` and `until`")}
	}
	return nil
}

func known(metrics []string, id string) bool {
	for _, m := range metrics {
		if m == id {
			return true
		}
	}
	return false
}
