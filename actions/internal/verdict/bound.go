// Package verdict holds a reading against its target and thresholds. So far it
// keeps their page of rules.yaml: bounds, bands and the confidence.
package verdict

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/mistake"
)

// Bound is a condition on a value: '< 0.1%', '>= 80%', '< 100ms', '0' (which
// is '= 0'), '< 5% each' and '> 20% any' of a breakdown, or 'growing', which
// compares with the window before. The zero Bound asks nothing.
type Bound struct {
	Op      string // <, <=, >, >=, =, != or growing; empty asks nothing
	Value   float64
	Decimal string // the number as it was written
	Unit    string // %, ms, …; empty where none was written
	Of      string // each, any; empty for a single value
}

var boundForm = regexp.MustCompile(`^(<=|>=|!=|<|>|=|≤|≥)?\s*(-?[0-9]+(?:\.[0-9]+)?)\s*([%A-Za-z]*)(?:\s+(each|any))?$`)

// ParseBound reads what String writes.
func ParseBound(s string) (Bound, error) {
	s = strings.TrimSpace(s)
	if s == "growing" {
		return Bound{Op: "growing"}, nil
	}
	m := boundForm.FindStringSubmatch(s)
	if m == nil {
		return Bound{}, fmt.Errorf("%q is no bound: one such as '< 0.1%%', '>= 80%%', '= 0' or growing is wanted", s)
	}
	value, err := strconv.ParseFloat(m[2], 64)
	if err != nil {
		return Bound{}, fmt.Errorf("%q is no bound: %s is no number that can be held", s, m[2])
	}
	op := map[string]string{"": "=", "≤": "<=", "≥": ">="}[m[1]]
	if op == "" {
		op = m[1]
	}
	if m[3] == "each" || m[3] == "any" {
		m[3], m[4] = "", m[3]
	}
	return Bound{Op: op, Value: value, Decimal: m[2], Unit: m[3], Of: m[4]}, nil
}

// IsZero tells a bound that asks nothing.
func (b Bound) IsZero() bool { return b.Op == "" }

// String is the bound as rules.yaml writes it.
func (b Bound) String() string {
	if b.Op == "" || b.Op == "growing" {
		return b.Op
	}
	s := b.Op + " " + b.Decimal + b.Unit
	if b.Of != "" {
		s += " " + b.Of
	}
	return s
}

// UnmarshalYAML reads a scalar.
func (b *Bound) UnmarshalYAML(node *yaml.Node) error {
	got, err := ParseBound(node.Value)
	if err != nil {
		return err
	}
	*b = got
	return nil
}

// Validate finds what is wrong with a bound on a metric of a unit.
func (b Bound) Validate(unit string) []mistake.Mistake {
	if b.Unit != "" && unit != "" && b.Unit != unit {
		return []mistake.Mistake{mistake.At(nil, "the metric is in %s, and %q is in %s", unit, b, b.Unit)}
	}
	return nil
}

// Thresholds are what a metric is held against.
type Thresholds struct {
	Target   Bound         `yaml:"target"`   // what is wanted
	Warning  Bound         `yaml:"warning"`  // past it somebody is told
	Critical Bound         `yaml:"critical"` // past it somebody is woken
	Bands    []Band        `yaml:"bands"`    // names for ranges, the first that holds
	For      fact.Duration `yaml:"for"`      // how long it must be past a threshold to be news
	Clear    fact.Duration `yaml:"clear"`    // how long it must be well again to be over
}

// Band is a name for a range of values.
type Band struct {
	Name string `yaml:"name"`
	Is   Bound  `yaml:"is"`
}

// Validate finds what is wrong with the thresholds of a metric in a unit.
func (t Thresholds) Validate(unit string) []mistake.Mistake {
	var found []mistake.Mistake
	add := func(key string, b Bound, growing bool) {
		found = append(found, mistake.Under(b.Validate(unit), key)...)
		if b.Op == "growing" && !growing {
			found = append(found, mistake.At([]any{key}, "growing is a target, not a threshold"))
		}
	}
	add("target", t.Target, true)
	add("warning", t.Warning, false)
	add("critical", t.Critical, false)
	for i, band := range t.Bands {
		if band.Name == "" || band.Is.IsZero() {
			found = append(found, mistake.At([]any{"bands", i}, "a band needs `name` and `is`"))
		}
		found = append(found, mistake.Under(band.Is.Validate(unit), "bands", i, "is")...)
	}
	return found
}

// Confidence is how sure a rate must be past a threshold, from 0.5 to below 1.
type Confidence float64

// Default is the confidence where rules.yaml names none.
const Default Confidence = 0.95

// UnmarshalYAML reads 95%.
func (c *Confidence) UnmarshalYAML(node *yaml.Node) error {
	text, percent := strings.CutSuffix(strings.TrimSpace(node.Value), "%")
	value, err := strconv.ParseFloat(text, 64)
	if percent {
		value /= 100
	}
	if err != nil || !(value >= 0.5 && value < 1) {
		return fmt.Errorf("%q is no confidence: a share from 50%% to below 100%% is wanted", node.Value)
	}
	*c = Confidence(value)
	return nil
}
