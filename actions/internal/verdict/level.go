package verdict

import (
	"cmp"
	"math"
	"slices"
)

// Level is how a metric stands.
type Level string

// The levels. A verdict without one counts as unknown.
const (
	OK       Level = "ok"       // meets its target, or has none
	Watch    Level = "watch"    // misses its target, or is past a threshold by too few cases to tell
	Warning  Level = "warning"  // past the warning, or a spike
	Critical Level = "critical" // past the critical threshold
	Unknown  Level = "unknown"  // there is no answer, or nothing to compare it with
)

// urgency orders levels. Unknown stands behind what is known to be past a
// threshold, and before what merely misses its target: what cannot be seen may
// be worse.
func (l Level) urgency() int {
	switch l {
	case OK:
		return 0
	case Watch:
		return 1
	case Warning:
		return 3
	case Critical:
		return 4
	}
	return 2
}

// Worse reports whether l must be looked at before other: critical, warning,
// unknown, watch, ok.
func (l Level) Worse(other Level) bool { return l.urgency() > other.urgency() }

// Worst is the most urgent level of all; unknown where there are no verdicts.
func Worst(all []Verdict) Level {
	if len(all) == 0 {
		return Unknown
	}
	worst := all[0].Level
	for _, v := range all[1:] {
		if v.Level.Worse(worst) {
			worst = v.Level
		}
	}
	return worst
}

// Sort puts verdicts in the order in which people should read them: the most
// urgent level first, in it what is furthest from its target, ties by name.
func Sort(all []Verdict) {
	slices.SortStableFunc(all, func(a, b Verdict) int {
		return cmp.Or(
			b.Level.urgency()-a.Level.urgency(),
			cmp.Compare(b.Distance(), a.Distance()),
			cmp.Compare(a.Metric, b.Metric),
			cmp.Compare(a.Key, b.Key),
		)
	})
}

// Distance is how far the value misses what was asked: 0 where it meets it, and
// where there is no value or nothing to hold it against; else the miss as a
// multiple of the target, so that 0.3 % of crashes against 0.1 % are 2. A share
// that should be high is measured by what is lost: 60 % against 80 % loses 40
// where 20 may be lost, which is 1. Against zero the value itself is the
// distance, and growing is measured against the window before.
func (v Verdict) Distance() float64 {
	if v.Value == nil {
		return 0
	}
	bound, asked := v.Target, v.Target
	if asked.IsZero() {
		bound, asked = v.Bound, v.Bound.opposite()
	}
	if asked.Op == "growing" {
		return v.shrunk()
	}
	if asked.IsZero() || asked.Holds(*v.Value) {
		return 0
	}
	miss, scale := math.Abs(*v.Value-bound.Value), math.Abs(bound.Value)
	if v.Unit == "%" && *v.Value < bound.Value && bound.Value < 100 {
		scale = 100 - bound.Value
	}
	if scale == 0 {
		return miss
	}
	return miss / scale
}

// shrunk is the loss since the window before, as a share of it.
func (v Verdict) shrunk() float64 {
	if v.Previous == nil || *v.Previous <= 0 {
		return 0
	}
	return max(0, (*v.Previous-*v.Value) / *v.Previous)
}

// opposite is what a threshold asks by being one: not to be past it.
func (b Bound) opposite() Bound {
	b.Op = map[string]string{"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}[b.Op]
	return b
}
