package verdict

import (
	"math"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Thresholds are what a metric is held against.
type Thresholds struct {
	// Target is the condition that a healthy value meets, such as '< 0.1%', or growing. A miss notifies
	// nobody.
	Target Bound `yaml:"target"`
	// Warning is the condition of a warning, such as '> 0.5%'.
	Warning Bound `yaml:"warning"`
	// Critical is the condition of a critical alert, such as '> 1%'.
	Critical Bound `yaml:"critical"`
	// Bands are names for ranges of values; the first one that holds is shown beside the value.
	Bands []Band `yaml:"bands"`
	// For is how long the value must be past a threshold before an alert fires.
	For model.Duration `yaml:"for"`
	// Clear is how long the value must be back before an alert is resolved.
	Clear model.Duration `yaml:"clear"`
}

// Band is a name for a range of values.
type Band struct {
	// Name of the range, such as excellent.
	Name string `yaml:"name"`
	// Is is the condition of the range, such as '< 5%'.
	Is Bound `yaml:"is"`
}

// Validate finds what is wrong with the thresholds of a metric in a unit.
func (t Thresholds) Validate(unit string) []diag.Mistake {
	var found []diag.Mistake
	add := func(key string, b Bound, growing bool) {
		found = append(found, diag.Under(b.Validate(unit), key)...)
		if b.Op == "growing" && !growing {
			found = append(found, diag.At([]any{key}, "growing is a target, not a threshold"))
		}
	}
	add("target", t.Target, true)
	add("warning", t.Warning, false)
	add("critical", t.Critical, false)
	for i, band := range t.Bands {
		if band.Name == "" || band.Is.IsZero() {
			found = append(found, diag.At([]any{"bands", i}, "a band needs `name` and `is`"))
		}
		if band.Is.Op == "growing" {
			found = append(found, diag.At([]any{"bands", i, "is"}, "growing is a target, not a band"))
		}
		found = append(found, diag.Under(band.Is.Validate(unit), "bands", i, "is")...)
	}
	return append(found, t.contradictions()...)
}

// contradictions are thresholds that cannot be meant: one that a value on
// target is past, and a critical that is not past the warning.
func (t Thresholds) contradictions() []diag.Mistake {
	var found []diag.Mistake
	for _, c := range []struct {
		key string
		b   Bound
	}{{"warning", t.Warning}, {"critical", t.Critical}} {
		if t.Target.overlaps(c.b) {
			found = append(found, diag.At([]any{c.key}, "%s is %q, and what meets the target, %q, can be past it", c.key, c.b, t.Target))
		}
	}
	if !t.Critical.within(t.Warning) {
		found = append(found, diag.At([]any{"critical"}, "critical, %q, is not past the warning, %q", t.Critical, t.Warning))
	}
	return found
}

// overlaps reports whether one value can meet both bounds.
func (b Bound) overlaps(other Bound) bool {
	for _, v := range between(b, other) {
		if b.Holds(v) && other.Holds(v) {
			return true
		}
	}
	return false
}

// within reports whether every value that meets b meets the other; a bound that
// asks nothing, or compares with the past, is within all and holds all.
func (b Bound) within(other Bound) bool {
	if other.IsZero() || other.Op == "growing" {
		return true
	}
	for _, v := range between(b, other) {
		if b.Holds(v) && !other.Holds(v) {
			return false
		}
	}
	return true
}

// between is one value for each stretch on which neither bound changes its
// answer. Between neighbouring whole numbers there is none: they may be
// counts.
func between(a, b Bound) []float64 {
	low, high := min(a.Value, b.Value), max(a.Value, b.Value)
	values := []float64{low - 1, low, high, high + 1}
	if neighbours := high-low <= 1 && low == math.Trunc(low) && high == math.Trunc(high); !neighbours {
		values = append(values, low+(high-low)/2)
	}
	return values
}

// LessIsBetter reports whether the bounds ask for less rather than more.
func (t Thresholds) LessIsBetter() bool {
	switch t.Target.Op {
	case "":
		return t.Warning.Op == ">" || t.Warning.Op == ">=" || t.Critical.Op == ">" || t.Critical.Op == ">="
	case "=":
		return t.Target.Value == 0
	}
	return t.Target.Op == "<" || t.Target.Op == "<="
}

// asksNothing tells thresholds without a target and without a bound to be past.
func (t Thresholds) asksNothing() bool {
	return t.Target.IsZero() && t.Warning.IsZero() && t.Critical.IsZero()
}

// band is the name of the first band that holds the value; empty where none
// does.
func (t Thresholds) band(value float64) string {
	for _, b := range t.Bands {
		if b.Is.Holds(value) {
			return b.Name
		}
	}
	return ""
}

// Farther reports whether a value is farther past the thresholds than another: above
// it where they are upper bounds, below it where they are lower ones. A value that
// is not known is not.
func (t Thresholds) Farther(value, than *float64) bool {
	if value == nil || than == nil {
		return value != nil && than == nil
	}
	bound := t.Critical
	if bound.IsZero() {
		bound = t.Warning
	}
	if strings.HasPrefix(bound.Op, "<") {
		return *value < *than
	}
	return *value > *than
}
