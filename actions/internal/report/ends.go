package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// steadyFor is how long a flapping alert must be below its thresholds before it ends.
const steadyFor = 24 * time.Hour

// Ends says when an alert of the metric ends, as a sentence without its full stop: "Ends
// when it is at most 0.5% over 24 hours", "Ends by itself after 3 Feb 08:45 UTC, unless
// more is counted". The alert may be the zero one. It is empty for a metric without
// thresholds.
func (e Entry) Ends(of alert.Episode) string {
	bound := e.Thresholds.Warning
	if bound.IsZero() {
		bound = e.Thresholds.Critical
	}
	wait := e.Thresholds.Clear.Duration()
	if of.Flapping {
		wait = max(wait, steadyFor)
	}
	leaves := of.Leaves
	if !e.Reading.Leaves.IsZero() || e.Reading.Stays > 0 {
		leaves = e.Reading.Leaves // it was measured in this run
	}
	text := ""
	switch {
	case bound.IsZero():
		return ""
	case e.Definition.Ends == "" || !bound.Holds(1):
		text = "Ends when " + e.within(bound)
	case !leaves.IsZero() && e.Reading.Stays == 0:
		text = fmt.Sprintf("Ends by itself after %s, unless more is counted", shortMoment(leaves))
	default:
		text = "Ends when " + e.emptied()
		if leaves.After(e.Reading.At) {
			text += fmt.Sprintf(", not before %s", shortMoment(leaves))
		}
	}
	if wait > 0 {
		text += fmt.Sprintf(", and has been so for %s", humanize.Duration(wait))
	}
	return text
}

// shortMoment is a time without its year: "3 Feb 08:45 UTC".
func shortMoment(t time.Time) string { return t.UTC().Format("2 Jan 15:04") + " UTC" }

// emptied is when nothing is counted any more, in the words of the catalogue.
func (e Entry) emptied() string { return e.filled(e.Definition.Ends) }

// filled returns words of the catalogue with the figure, the names and the window of the
// entry in their places.
func (e Entry) filled(words string) string {
	n := 1.0
	if v := e.Verdict.Value; v != nil && *v >= 1 {
		n = *v
	}
	names := firstOf(e.NameList(), "each of them")
	return strings.NewReplacer("{n}", humanize.Exact(n), "{more}", humanize.Exact(n+1), "{names}", names, "{window}", e.ownWindow()).Replace(words)
}

// within is when a value is not past a threshold: "it is at most 0.5% over 24 hours".
func (e Entry) within(b verdict.Bound) string {
	back := map[string]string{">": "at most ", ">=": "below ", "<": "at least ", "<=": "above ", "=": "other than ", "!=": ""}[b.Op]
	unit := firstOf(b.Unit, e.Definition.Unit)
	if countUnit(unit) {
		unit = ""
	}
	what := "it"
	switch {
	case b.Of == "each":
		what = "one of them"
	case b.Of == "any" || e.Reading.Values != nil:
		what = "each"
	}
	text := fmt.Sprintf("%s is %s%s", what, back, humanize.Unit(humanize.Exact(b.Value), unit))
	if w := e.ownWindow(); w != "now" {
		text += " over " + w
	}
	return text
}

// ownWindow is the window of the metric by which it alerts: "24 hours"; "now" for a
// state as of now.
func (e Entry) ownWindow() string {
	if len(e.Definition.Window) == 0 {
		return humanize.Window(e.Reading.Until.Sub(e.Reading.From))
	}
	length, err := model.ParseDuration(e.Definition.Window[0])
	if err != nil {
		return "now"
	}
	if e.Definition.Days && length.Duration() == day {
		return "a whole day"
	}
	return humanize.Window(length.Duration())
}
