package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// maxHighlights is how many things a digest puts first.
const maxHighlights = 4

// maxTold is how many incidents are among the highlights where other things moved.
const maxTold = 2

// order is 1 for true and 0 for false.
func order(is bool) int {
	if is {
		return 1
	}
	return 0
}

// highlights are the incidents of the week, those that last first and then the worst, then what moved most among the
// metrics that the dashboard has tiles for.
func (w Week) highlights() []string {
	incidents := incidentsOf(w.incidents(), w.Entries, w.Until)
	slices.SortStableFunc(incidents, func(a, b Incident) int {
		return cmp.Or(order(b.Ongoing)-order(a.Ongoing), cmp.Compare(rank(b.Level), rank(a.Level)))
	})
	var all []string
	for _, in := range incidents {
		all = append(all, highlight(in))
	}
	moved := w.moved()
	if n := max(maxTold, maxHighlights-len(moved)); len(all) > n {
		all = all[:n]
	}
	all = append(all, moved...)
	return all[:min(len(all), maxHighlights)]
}

// highlight is an incident in a line of Markdown: "🔴 **Crash rate 11.3%** in the
// 24 hours to 5 Feb 18:17, worst in 1.1.1-beta, alert since 4 Feb, resolved after 2d 15h".
func highlight(in Incident) string {
	line := fmt.Sprintf("%s **%s** %s", in.Sign, Cell(in.Short), in.Peak)
	if about := in.About(); about != "" {
		line += ", " + Cell(about)
	}
	if in.Later {
		line += ", alert since " + in.Started[:strings.LastIndex(in.Started, " ")]
	}
	switch {
	case in.Ongoing:
		line += ", active at the end of the period"
	case in.Ended != "":
		line += ", resolved after " + in.Lasted
	}
	return line
}

// moved are the tiles' metrics that moved by a tenth at least, the most first, as
// lines of Markdown; nil where the week before began before the release.
func (w Week) moved() []string {
	if w.partial(w.From.AddDate(0, 0, -7)) {
		return nil
	}
	moved := slices.DeleteFunc(slices.Clone(w.Entries), func(e Entry) bool { return !e.Definition.Tile || movement(e) < 0.1 })
	slices.SortStableFunc(moved, func(a, b Entry) int { return cmp.Compare(movement(b), movement(a)) })
	var all []string
	for _, e := range moved {
		line := fmt.Sprintf("%s %s %s (%s against the previous week)", e.Sign(), Cell(e.Title()), Cell(e.Amount()), e.Change())
		if e.Sign() == levelSigns[verdict.OK] && worsened(e) {
			line += ", on target and moving away from it"
		}
		all = append(all, line)
	}
	return all
}

// worsened reports whether a value moved away from the target, by its direction.
func worsened(e Entry) bool {
	now, before := e.Verdict.Value, e.Verdict.Previous
	if now == nil || before == nil {
		return false
	}
	switch e.Thresholds.Target.Op {
	case "<", "<=", "=":
		return *now > *before
	case ">", ">=", "growing":
		return *now < *before
	}
	return false
}

// movement is how far a value moved, as a share of what it was; 0 where there is
// nothing to compare, and where so little moved that it says nothing: less than a
// point of a rate, or a few things.
func movement(e Entry) float64 {
	v := e.Verdict
	if v.Value == nil || v.Previous == nil {
		return 0
	}
	now, before := *v.Value, *v.Previous
	if v.Unit == "%" && math.Abs(now-before) < 1 || countUnit(v.Unit) && max(now, before) < minMoved || min(now, before) <= 0 {
		return 0
	}
	return max(now/before, before/now) - 1
}

// minMoved is how many things there must be for their change to be a highlight.
const minMoved = 10
