// Package verdict holds a reading against its target and thresholds, and says
// how it stands, with the number, the bound and the confidence that decided. It
// keeps its page of rules.yaml: bounds, thresholds, bands and the confidence.
// How a number was measured is package metric's matter; whether a verdict is
// news, package alert's; how it looks on a page, package report's.
package verdict

import "cmp"

// Verdict is how a metric stands, and why.
type Verdict struct {
	Metric string
	Level  Level
	Reason Reason
	Why    string // of an unknown one: what is missing, in words
	Empty  bool   // of an unknown one: its source answered, and there was nothing to measure

	// Name and Bound are what decided: the threshold that the value is past,
	// may be past, or the target; empty where nothing was asked.
	Name  string // target, warning, critical
	Bound Bound
	// Doubt is a critical threshold that a warning's value is past by too few
	// cases to tell; zero where there is none.
	Doubt  Bound
	Target Bound
	Band   string // the name of the value's band; empty where it has none

	Unit string
	// Cases is what the sample is of, as of a Reading.
	Cases string
	Key   string // of a breakdown: the key whose number this is; a stranger may have chosen it
	Keys  int    // of a breakdown: how many there are
	Number
	// Low and High are the interval of a rate, in per cent; nil for all else.
	Low, High  *float64
	Confidence Confidence // of the interval
	Spike      *Spike     // nil where there is none
}

// Reason is why a verdict is what it is.
type Reason string

// The reasons.
const (
	Met       Reason = "met"              // the target is met
	Missed    Reason = "missed"           // the target is missed
	Past      Reason = "past"             // a threshold is passed
	TooFew    Reason = "too few"          // a threshold is passed by too few cases to tell
	Spiked    Reason = "spike"            // the past makes such a count improbable
	NotAsked  Reason = "not asked"        // there is no target, and no threshold is passed
	NoData    Reason = "no data"          // there is no answer
	NoBefore  Reason = "no window before" // the target is to grow, and there is nothing to compare with
	WrongUnit Reason = "wrong unit"       // the bound is in one unit and the reading in another
)

// InDoubt tells a value that is past a threshold, by too few cases to tell: it may
// be so or not. Of a warning that may be critical that is the critical one.
func (v Verdict) InDoubt(threshold string) bool {
	return v.Reason == TooFew && v.Name == threshold || threshold == "critical" && !v.Doubt.IsZero()
}

// Judge says how a reading stands.
//
//   - A threshold is passed when the value is past it; a rate's interval must be
//     past it as a whole, else the verdict is watch, too few to tell. Counts and
//     rates without parts and sample have no interval.
//   - Of a breakdown the furthest key decides. A bound that says neither each nor
//     any is meant for each key as a target, for any as a threshold.
//   - A spike is a warning where less is better. Where it is not, it is noted.
//   - A target is met or missed by the value alone.
//   - What has no answer is unknown, whatever its bounds.
//
// A confidence of 0 is the default.
func Judge(r Reading, t Thresholds, c Confidence) Verdict {
	v := Verdict{Metric: r.Metric, Unit: r.Unit, Cases: r.Cases, Target: t.Target, Keys: len(r.Values), Empty: r.Empty, Confidence: cmp.Or(c, Default)}
	for _, b := range []Bound{t.Target, t.Warning, t.Critical} {
		if b.Unit != "" && r.Unit != "" && b.Unit != r.Unit {
			return v.unknown(WrongUnit, "the bound is in "+b.Unit+" and the reading in "+r.Unit)
		}
	}
	if r.Noun != "" {
		v.Unit = r.Noun
	}
	cells, why := r.cells(c)
	if why == "" && len(cells) == 0 && !t.asksNothing() {
		why = nothingCounted
	}
	if why != "" {
		return v.unknown(NoData, why)
	}
	if r.Values == nil && r.Count {
		v.Spike = spikeIn(cells[0].value, r.Past)
	}
	if past, crossed := v.past(t, cells); crossed {
		return past
	}
	return v.against(t, cells)
}

// past is the verdict where a threshold is passed, or may be, or the count is
// a spike of what should be few.
func (v Verdict) past(t Thresholds, cells []cell) (Verdict, bool) {
	critical, worst := crossed(t.Critical, cells)
	if critical == yes {
		return v.decided(Critical, Past, "critical", t.Critical, worst, t), true
	}
	warning, bad := crossed(t.Warning, cells)
	if warning == yes {
		v = v.decided(Warning, Past, "warning", t.Warning, bad, t)
		if critical == maybe && worst.key == v.Key {
			v.Doubt = t.Critical
		}
		return v, true
	}
	if v.Spike != nil && t.LessIsBetter() {
		return v.decided(Warning, Spiked, "target", t.Target, cells[0], t), true
	}
	if critical == maybe {
		return v.decided(Watch, TooFew, "critical", t.Critical, worst, t), true
	}
	if warning == maybe {
		return v.decided(Watch, TooFew, "warning", t.Warning, bad, t), true
	}
	return v, false
}

// against is the verdict where no threshold is passed: the target decides.
func (v Verdict) against(t Thresholds, cells []cell) Verdict {
	seen, blind := apartFromBlind(cells)
	if t.Target.IsZero() {
		if v.Keys == 0 && len(seen) == 1 {
			return v.decided(OK, NotAsked, "", Bound{}, seen[0], t)
		}
		v.Level, v.Reason = OK, NotAsked
		return v
	}
	if len(seen) == 0 {
		return v.decided(Watch, TooFew, "target", t.Target, blind[0], t)
	}
	if t.Target.Op == "growing" {
		for _, c := range seen {
			if c.Previous == nil {
				return v.decided(Unknown, NoBefore, "target", t.Target, c, t)
			}
		}
	}
	met, key := meets(t.Target, seen)
	if met && len(blind) > 0 && t.Target.Of != "any" {
		return v.decided(Watch, TooFew, "target", t.Target, blind[0], t)
	}
	if met {
		return v.decided(OK, Met, "target", t.Target, key, t)
	}
	return v.decided(Watch, Missed, "target", t.Target, key, t)
}

func (v Verdict) unknown(reason Reason, why string) Verdict {
	v.Level, v.Reason, v.Why = Unknown, reason, why
	return v
}

// decided fills in what decided: the bound, and the number held against it.
func (v Verdict) decided(level Level, reason Reason, name string, b Bound, c cell, t Thresholds) Verdict {
	v.Level, v.Reason, v.Name, v.Bound = level, reason, name, b
	if b.IsZero() {
		v.Name = ""
	}
	v.Key, v.Number = c.key, c.Number
	v.Value = nil
	if !c.blind {
		v.Value, v.Band = &c.value, t.band(c.value)
	}
	if c.share {
		v.Low, v.High = &c.low, &c.high
	}
	return v
}

// apartFromBlind parts the cells that have a value from those that have none.
func apartFromBlind(cells []cell) (seen, blind []cell) {
	for _, c := range cells {
		if c.blind {
			blind = append(blind, c)
		} else {
			seen = append(seen, c)
		}
	}
	return seen, blind
}
