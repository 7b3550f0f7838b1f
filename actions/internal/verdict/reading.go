package verdict

import (
	"fmt"
	"math"
	"slices"

	"github.com/aftercare/aftercare/actions/internal/humanize"
)

// Reading is what a metric answered over its window.
type Reading struct {
	Metric string // its id
	Unit   string // %, ms, hours, issues, …
	Noun   string // what people read for the unit; empty for the unit itself
	Cases  string // what a share or a mean is of: "commands"; of a quotient "commands, sessions"; empty where nobody says
	Number        // the answer; not used where there are Values

	Values map[string]Number // a breakdown; nil for a single answer, empty where nothing was found
	Past   []float64         // of a count: its values in the windows before it that cover four weeks; empty where one of them is unknown
	Count  bool              // counts things of which one is one: no interval, and a spike is looked for
	Reason string            // why it is unknown; empty where it is known
	Empty  bool              // it is unknown because there was nothing to measure
}

// Number is one answer, as a value or as part and whole. Where both are given,
// part and whole are right: the value is made of them.
type Number struct {
	Value       *float64 // of a rate in per cent; nil is unknown
	Part, Whole *float64 // of a rate, or of any other quotient
	Sample      *float64 // how many cases a value without parts rests on; nil where that says nothing
	Previous    *float64 // the value in the previous period; nil where it is unknown
}

// cell is a number made ready: one value, and its interval where it is a share.
type cell struct {
	Number
	key       string
	value     float64
	low, high float64 // in per cent, where share
	share     bool
	blind     bool // some of nothing: it has no value, and may be anything
}

// cells are the reading's numbers, ordered by key, or why there are none. A key
// of which nothing was counted is left out.
func (r Reading) cells(c Confidence) ([]cell, string) {
	if r.Reason != "" {
		return nil, r.Reason
	}
	if r.Values == nil {
		one, why := r.cell("", r.Number, c)
		if one.blind {
			why = fmt.Sprintf("%s of nothing is not a share", humanize.Number(*r.Part))
		}
		if why != "" {
			return nil, why
		}
		return []cell{one}, ""
	}
	var all []cell
	for key, n := range r.Values {
		one, why := r.cell(key, n, c)
		if why == nothingCounted {
			continue
		}
		if why != "" {
			return nil, fmt.Sprintf("%s: %s", key, why)
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b cell) int {
		if a.key < b.key {
			return -1
		}
		return 1
	})
	return all, ""
}

const nothingCounted = "nothing was counted"

func (r Reading) cell(key string, n Number, c Confidence) (cell, string) {
	if n.Previous != nil && !finite(*n.Previous) {
		n.Previous = nil
	}
	if n.Sample != nil && (!finite(*n.Sample) || *n.Sample < 1) {
		n.Sample = nil
	}
	one := cell{Number: n, key: key}
	switch {
	case n.Part != nil && n.Whole != nil:
		if why := one.divide(r.Unit); why != "" {
			return one, why
		}
	case n.Value != nil:
		one.value = *n.Value
	default:
		return one, "there is no value"
	}
	if !finite(one.value) {
		return one, "the value is not a number"
	}
	if one.value < 0 && (r.Count || r.Unit == "%") {
		return one, fmt.Sprintf("%s is less than nothing", humanize.Number(one.value))
	}
	if r.Unit == "%" && !r.Count {
		one.doubt(c)
	}
	return one, ""
}

// divide makes the value of part and whole. Multiplied before it is divided, a
// share such as 1 of 1,000 equals the 0.1 that a person wrote.
func (c *cell) divide(unit string) string {
	part, whole := *c.Part, *c.Whole
	if !finite(part) || !finite(whole) || part < 0 || whole < 0 {
		return fmt.Sprintf("%s of %s is not a share", humanize.Number(part), humanize.Number(whole))
	}
	if whole == 0 && part == 0 {
		return nothingCounted
	}
	if whole == 0 {
		c.blind = true
		return ""
	}
	if unit == "%" {
		part *= 100
	}
	c.value = part / whole
	return ""
}

// doubt gives a share its interval. A part greater than the whole (reports from
// people whose attempts were not counted) stretches it up to the value.
func (c *cell) doubt(confidence Confidence) {
	part, whole := 0.0, 0.0
	switch {
	case c.Part != nil && c.Whole != nil:
		part, whole = *c.Part, *c.Whole
	case c.Sample != nil:
		part, whole = c.value/100**c.Sample, *c.Sample
	default:
		return
	}
	low, high := Wilson(part, whole, confidence)
	c.share, c.low, c.high = true, 100*low, max(100*high, c.value)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
