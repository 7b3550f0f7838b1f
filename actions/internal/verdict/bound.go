package verdict

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/diag"
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

var boundForm = regexp.MustCompile(`^(<=|>=|!=|<|>|=|≤|≥)?\s*(-?[0-9]+(?:\.[0-9]+)?)\s*(%|[A-Za-z]*)(?:\s+(each|any))?$`)

// ParseBound reads what String writes.
func ParseBound(s string) (Bound, error) {
	s = strings.TrimSpace(s)
	if s == "growing" {
		return Bound{Op: "growing"}, nil
	}
	m := boundForm.FindStringSubmatch(s)
	if m == nil {
		return Bound{}, fmt.Errorf("%q is not a bound: expected one such as '< 0.1%%', '>= 80%%', '= 0' or growing", s)
	}
	value, err := strconv.ParseFloat(m[2], 64)
	if err != nil {
		return Bound{}, fmt.Errorf("%q is not a bound: %s is not a number that can be held", s, m[2])
	}
	op := map[string]string{"": "=", "≤": "<=", "≥": ">="}[m[1]]
	if op == "" {
		op = m[1]
	}
	if m[3] == "each" || m[3] == "any" {
		if m[4] != "" {
			return Bound{}, fmt.Errorf("%q is not a bound: it says both %s and %s", s, m[3], m[4])
		}
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

// MarshalYAML writes what UnmarshalYAML reads.
func (b Bound) MarshalYAML() (any, error) { return b.String(), nil }

// Holds reports whether a value meets the condition. growing and a bound that
// asks nothing hold for no value: what they need is not in it.
func (b Bound) Holds(value float64) bool {
	switch b.Op {
	case "<":
		return value < b.Value
	case "<=":
		return value <= b.Value
	case ">":
		return value > b.Value
	case ">=":
		return value >= b.Value
	case "=":
		return value == b.Value
	case "!=":
		return value != b.Value
	}
	return false
}

// holdsFor reports whether the end of an interval that is nearest to the bound
// meets it, and so all of the interval does. Nothing but a point is equal to a
// number: of '=' the value decides, not the interval.
func (b Bound) holdsFor(value, low, high float64) bool {
	switch b.Op {
	case "<", "<=":
		return b.Holds(high)
	case ">", ">=":
		return b.Holds(low)
	case "!=":
		return b.Value < low || b.Value > high
	}
	return b.Holds(value)
}

// Validate finds what is wrong with a bound on a metric of a unit.
func (b Bound) Validate(unit string) []diag.Mistake {
	if b.Unit != "" && unit != "" && b.Unit != unit {
		return []diag.Mistake{diag.At(nil, "the metric is in %s, and %q is in %s%s", unit, b, b.Unit, instead(unit))}
	}
	return nil
}

// instead says in which units a bound on a metric may be.
func instead(unit string) string {
	if lengths[unit] != 0 {
		return ": give it in ms, s, min, h, d or w"
	}
	return ": give it in " + unit + ", or without a unit"
}

// lengths are the units of time that a bound may have, in seconds, by each of
// their names.
var lengths = map[string]float64{
	"ms": 0.001, "milliseconds": 0.001,
	"s": 1, "second": 1, "seconds": 1,
	"m": 60, "min": 60, "minute": 60, "minutes": 60,
	"h": 3600, "hour": 3600, "hours": 3600,
	"d": 86400, "day": 86400, "days": 86400,
	"w": 604800, "week": 604800, "weeks": 604800,
}

// rounded returns a number with four significant digits, as people read it.
func rounded(value float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 4, 64), 64)
	if err != nil {
		return value
	}
	return short
}

// In returns the bound in the unit of a metric: < 1d is < 24 for a metric in
// hours. A bound of a unit that cannot be converted is returned as it is.
func (b Bound) In(unit string) Bound {
	from, to := lengths[b.Unit], lengths[unit]
	if from == 0 || to == 0 {
		return b
	}
	if b.Unit == unit {
		return b
	}
	b.Value = b.Value * from / to
	b.Decimal, b.Unit = strconv.FormatFloat(rounded(b.Value), 'f', -1, 64), ""
	return b
}

// In returns the thresholds in the unit of their metric.
func (t Thresholds) In(unit string) Thresholds {
	t.Target, t.Warning, t.Critical = t.Target.In(unit), t.Warning.In(unit), t.Critical.In(unit)
	t.Bands = slices.Clone(t.Bands)
	for i := range t.Bands {
		t.Bands[i].Is = t.Bands[i].Is.In(unit)
	}
	return t
}
