package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// factors are the values that a threshold might have had, as multiples of what
// it has.
var factors = []float64{0.5, 0.75, 0.9, 1.1, 1.25, 1.5, 2}

// whatIf are the thresholds for which another value, within the metric's range,
// would have changed the number of alerts.
func (m Month) whatIf() []whatIfRow {
	var all []whatIfRow
	for _, c := range m.Metrics {
		for _, t := range []namedBound{{"warning", c.Thresholds.Warning}, {"critical", c.Thresholds.Critical}} {
			if t.is.IsZero() || t.is.Value == 0 || t.is.Op == "growing" || known(c.Readings) == 0 {
				continue
			}
			alerts := m.alertsAt(c, t.is)
			low, high, _ := extent(c.Readings)
			var other []string
			for _, f := range factors {
				at := t.is
				at.Value = rounded(at.Value * f)
				if at.Value < low || at.Value > high || !misses(c.Thresholds.Target, at.Value) || at.Unit == "" && countUnit(c.Definition.Unit) && at.Value != math.Trunc(at.Value) {
					continue
				}
				if n := m.alertsAt(c, at); n != alerts {
					other = append(other, fmt.Sprintf("%d at %s", n, symbol(at, c.Definition.Unit)))
				}
			}
			if len(other) > 0 {
				e := Entry{Definition: c.Definition}
				all = append(all, whatIfRow{Title: e.Title(), Threshold: t.name + " " + symbol(t.is, c.Definition.Unit), Alerts: fmt.Sprint(alerts), Other: strings.Join(other, ", ")})
			}
		}
	}
	return all
}

// misses reports whether a value misses a target, so that a threshold there alerts of
// nothing that is on target; true where no value of the metric is on target or off it.
func misses(target verdict.Bound, value float64) bool {
	return target.IsZero() || target.Op == "growing" || value != target.Value && !target.Holds(value)
}

// rounded is a threshold as a person would write it, of two digits.
func rounded(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-1)
	n, _ := strconv.ParseFloat(strconv.FormatFloat(math.Round(v/scale)*scale, 'g', 12, 64), 64)
	return n
}

// countUnit reports whether a unit counts whole things.
func countUnit(unit string) bool {
	return unit != "%" && unit != "score" && unit != "hours" && unit != "days" && unit != "ms"
}

func (m Month) alertsAt(c Course, at verdict.Bound) int {
	began, _ := episodes(c.Readings, func(r metric.Reading) bool { return r.Value != nil && at.Holds(*r.Value) })
	return began
}

func known(readings []metric.Reading) int {
	_, _, n := extent(readings)
	return n
}
