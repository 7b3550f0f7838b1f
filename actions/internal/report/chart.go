package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// The size of a chart and of its plot, in pixels. The labels of the axis stand in
// the left margin, those of bounds in the right one; both grow with their texts.
const (
	chartWidth, chartHeight           = 720, 318
	minLeft, minRight, maxMargin      = 64.0, 132.0, 220.0
	plotTop, plotBottom               = 94.0, 36.0
	plotHeight                        = chartHeight - plotTop - plotBottom
	legendHeight                      = 22
	labelHeight                       = 15.0          // no two labels are closer than this
	charWidth, titleWidth, smallWidth = 7.2, 9.0, 6.8 // of a character at 12, 15 and 11 pixels, at most
	maxTitle                          = 74            // characters of the title and the value
	maxLabel                          = 29            // characters of a label: as many as fit into maxMargin
)

// chartStyle is readable on GitHub's light and dark background; lines differ in
// their dashes too, not by colour alone.
const chartStyle = `<style>
text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#57606a}
.title{font-size:15px;font-weight:600;fill:#1f2328}
.grid{stroke:#d0d7de;stroke-width:1}
.line{fill:none;stroke:#0969da;stroke-width:2;stroke-linejoin:round}
.dot{fill:#0969da}
.base{fill:none;stroke:#8c959f;stroke-width:1.5;stroke-dasharray:5 3;stroke-linejoin:round}.d-base{fill:#8c959f}
.mark{stroke:#8250df;stroke-width:1;stroke-dasharray:2 2}.t-mark{fill:#6639ba;font-size:11px}
.target{stroke:#1a7f37;stroke-width:1.5;stroke-dasharray:6 4}
.warning{stroke:#9a6700;stroke-width:1.5;stroke-dasharray:2 3}
.critical{stroke:#cf222e;stroke-width:1.5}
.t-target{fill:#1a7f37}.t-warning{fill:#7d4e00}.t-critical{fill:#cf222e}
@media (prefers-color-scheme:dark){
text{fill:#9198a1}.title{fill:#f0f6fc}.grid{stroke:#3d444d}.line{stroke:#4493f8}.dot{fill:#4493f8}.base{stroke:#656c76}.d-base{fill:#656c76}
.mark{stroke:#ab7df8}.t-mark{fill:#c297ff}
.target{stroke:#3fb950}.warning{stroke:#d29922}.critical{stroke:#f85149}.t-target{fill:#3fb950}.t-warning{fill:#d29922}.t-critical{fill:#ff7b72}
}
</style>
`

// Mark is a moment on a chart: a release, a yank, an incident.
type Mark struct {
	At   time.Time
	Text string // a few letters; a stranger may have chosen them
}

// Chart draws the past of a metric as an SVG, with its target, thresholds and
// marks; nil where it has no past of two values at least.
func Chart(e Entry, marks []Mark) []byte {
	points, known := append(slices.Clone(e.History), e.Reading), drawn(e)
	if len(known) < 2 {
		return nil
	}
	beside := e.SameAge.under(points)
	c := newCanvas(known, beside, e)
	height := ChartHeight(e)
	var b strings.Builder
	name := e.Title()
	if w := e.eachWindow(); w != "" {
		name += ", each point: " + w
	}
	value := clean(e.Value(), maxTitle/2)
	name = escaped(clean(name, maxTitle-len([]rune(value))))
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="t d">`+"\n", chartWidth, height, chartWidth, height)
	fmt.Fprintf(&b, "<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n%s", name, escaped(described(e, known)), chartStyle)
	fmt.Fprintf(&b, "<text class=\"title\" x=\"12\" y=\"24\">%s</text>\n", name)
	fmt.Fprintf(&b, "<text class=\"title\" x=\"%d\" y=\"24\" text-anchor=\"end\">%s</text>\n", chartWidth-12, escaped(value))
	c.grid(&b, e.Definition.Unit)
	c.marks(&b, marks)
	c.bounds(&b, chartBounds(e), e.Definition.Unit)
	if len(beside) > 0 {
		c.curve(&b, "base", beside)
		legend(&b, e.SameAge, height)
	}
	c.curve(&b, "line", points)
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// ChartHeight returns how high the chart of an entry is, in pixels: one with the line
// of an earlier version has a legend.
func ChartHeight(e Entry) int {
	if len(e.SameAge.under(append(slices.Clone(e.History), e.Reading))) > 0 {
		return chartHeight + legendHeight
	}
	return chartHeight
}

// legend says which line is which, under the dates.
func legend(b *strings.Builder, of SameAge, height int) {
	y, x := height-9, 12
	for _, l := range []struct{ class, text string }{
		{"line", "measured"},
		{"base", fmt.Sprintf("%s, same day after release", clean(of.Of.Version, maxVersion))},
	} {
		fmt.Fprintf(b, "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n", l.class, x, x+24, y-4, y-4)
		fmt.Fprintf(b, "<text x=\"%d\" y=\"%d\">%s</text>\n", x+30, y, escaped(l.text))
		x += 30 + int(charWidth*float64(len(l.text))) + 20
	}
}

// drawn are the readings of an entry that have a place in its chart, the oldest
// first.
func drawn(e Entry) []metric.Reading {
	return slices.DeleteFunc(append(slices.Clone(e.History), e.Reading), func(r metric.Reading) bool { return !drawable(r) })
}

func drawable(r metric.Reading) bool {
	return r.Value != nil && !math.IsInf(*r.Value, 0) && !math.IsNaN(*r.Value)
}

type namedBound struct {
	name string
	is   verdict.Bound
}

// chartBounds are the bounds that are a height in the chart.
func chartBounds(e Entry) []namedBound {
	var all []namedBound
	for _, b := range []namedBound{{"target", e.Thresholds.Target}, {"warning", e.Thresholds.Warning}, {"critical", e.Thresholds.Critical}} {
		if !b.is.IsZero() && b.is.Op != "growing" {
			all = append(all, b)
		}
	}
	return all
}

// described says in words what the chart shows.
func described(e Entry, known []metric.Reading) string {
	first, last := known[0], known[len(known)-1]
	text := fmt.Sprintf("%s: %s on %s, %s on %s, %s with data.", e.Title(), humanize.Value(*first.Value, e.Definition.Counted()), humanize.Day(first.At),
		humanize.Value(*last.Value, e.Definition.Counted()), humanize.Day(last.At), humanize.Count(len(known), "day"))
	if b := bounds(e); b != "" {
		text += " " + humanize.Capital(b) + "."
	}
	if same := e.sameDayOf(); same != "" {
		text += " " + same + "."
	}
	return text
}

func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(clean(s, 200))
}

// canvas turns times and values into places. Ticks are the heights of the grid.
type canvas struct {
	from, until time.Time
	low, high   float64
	ticks       []float64
	left, right float64 // the ends of the plot
}

func newCanvas(known, beside []metric.Reading, e Entry) canvas {
	c := canvas{from: known[0].At, until: known[len(known)-1].At, low: *known[0].Value, high: *known[0].Value}
	reach := func(v float64) { c.low, c.high = min(c.low, v), max(c.high, v) }
	for _, r := range slices.Concat(known, beside) {
		reach(*r.Value)
	}
	spread := c.high - c.low
	for _, b := range chartBounds(e) {
		// A bound far off would press the curve flat: it is left out.
		if v := b.is.Value; v <= c.high+4*max(spread, math.Abs(c.high)*0.25) && v >= c.low-4*max(spread, math.Abs(c.low)*0.25) {
			reach(v)
		}
	}
	if c.low > 0 && c.low < c.high/2 {
		c.low = 0
	}
	if c.high == c.low {
		c.high++
		if c.low != 0 {
			c.low--
		}
	}
	c.scale(countUnit(e.Definition.Unit))
	c.left, c.right = minLeft, chartWidth-minRight
	for _, v := range c.ticks {
		c.left = max(c.left, charWidth*float64(len([]rune(axis(v, e.Definition.Unit))))+12)
	}
	for _, b := range chartBounds(e) {
		c.right = min(c.right, chartWidth-charWidth*float64(len([]rune(boundLabel(b, e.Definition.Unit))))-10)
	}
	c.left, c.right = min(c.left, maxMargin), max(c.right, chartWidth-maxMargin)
	return c
}

func boundLabel(b namedBound, unit string) string {
	return clean(b.name+" "+symbol(b.is, unit), maxLabel)
}

// scale rounds the ends of the axis to a step of 1, 2 or 5 times a power of ten,
// a whole number where things are counted.
func (c *canvas) scale(whole bool) {
	raw := (c.high - c.low) / 4
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := power * 10
	for _, f := range []float64{1, 2, 5} {
		if power*f >= raw*0.999 {
			step = power * f
			break
		}
	}
	if whole {
		step = max(1, math.Ceil(step))
	}
	c.low, c.high = math.Floor(c.low/step+1e-9)*step, math.Ceil(c.high/step-1e-9)*step
	for i := 0; c.low+float64(i)*step <= c.high+step/2; i++ {
		c.ticks = append(c.ticks, c.low+float64(i)*step)
	}
}

func (c canvas) x(t time.Time) float64 {
	if !c.until.After(c.from) {
		return c.left
	}
	return c.left + (c.right-c.left)*float64(t.Sub(c.from))/float64(c.until.Sub(c.from))
}

func (c canvas) y(v float64) float64 {
	return plotTop + plotHeight*(1-(v-c.low)/(c.high-c.low))
}

// maxDates is how many dates the axis shows.
const maxDates = 5

func (c canvas) grid(b *strings.Builder, unit string) {
	for _, v := range c.ticks {
		fmt.Fprintf(b, "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", c.left, c.right, c.y(v), c.y(v))
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", c.left-6, c.y(v)+4, escaped(axis(v, unit)))
	}
	days := int(c.until.Sub(c.from)/day) + 1
	every := max(1, (days+maxDates-1)/maxDates)
	for at := c.from; !at.After(c.until); at = at.AddDate(0, 0, every) {
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", c.x(at), chartHeight-12, humanize.Day(at))
	}
}

func axis(v float64, unit string) string {
	n := strings.TrimSuffix(humanize.Exact(math.Round(v*1e6)/1e6), ".")
	if unit == "%" || unit == "ms" || unit == "hours" {
		return humanize.Unit(n, unit)
	}
	return n
}

// markRows is how many rows of texts of marks fit above the plot.
const markRows = 4

// maxMark is how much of a mark's text is shown, in characters.
const maxMark = 14

// marks draws vertical lines, with their texts in markRows rows above the plot, where
// there is room; of marks at one place the last has its text. A release on the
// first day stands at the left end, though it shipped before the day's reading.
func (c canvas) marks(b *strings.Builder, marks []Mark) {
	marks = slices.DeleteFunc(slices.Clone(marks), func(m Mark) bool { return m.At.Before(c.from.UTC().Truncate(day)) || m.At.After(c.until) })
	var free [markRows]float64 // where the text of each row may begin, from below
	for row := range free {
		free[row] = c.left - 1
	}
	place := func(m Mark) float64 { return max(c.left, c.x(m.At)) }
	for i, m := range marks {
		x := place(m)
		if i+1 < len(marks) && place(marks[i+1])-x < 3 {
			continue
		}
		fmt.Fprintf(b, "<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", x, x, plotTop, plotTop+plotHeight)
		text := clean(m.Text, maxMark)
		width := smallWidth * float64(len([]rune(text)))
		for row := range free {
			if x >= free[row] && x+width < chartWidth {
				fmt.Fprintf(b, "<text class=\"t-mark\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", x, plotTop-9-13*float64(row), escaped(text))
				free[row] = x + width + 8
				break
			}
		}
	}
}

// bounds draws target and thresholds. Their labels stand in the right margin, a
// line's height apart at least.
func (c canvas) bounds(b *strings.Builder, all []namedBound, unit string) {
	all = slices.DeleteFunc(all, func(n namedBound) bool { return n.is.Value < c.low || n.is.Value > c.high })
	slices.SortStableFunc(all, func(a, b namedBound) int { return cmp.Compare(b.is.Value, a.is.Value) })
	at := make([]float64, len(all)) // the heights of the labels, from the top
	for i, n := range all {
		at[i] = c.y(n.is.Value)
		if i > 0 {
			at[i] = max(at[i], at[i-1]+labelHeight)
		}
	}
	bottom := plotTop + plotHeight
	for i := len(at) - 1; i >= 0; i-- {
		at[i] = min(at[i], bottom-labelHeight*float64(len(at)-1-i))
	}
	for i, n := range all {
		y := c.y(n.is.Value)
		fmt.Fprintf(b, "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", n.name, c.left, c.right, y, y)
		fmt.Fprintf(b, "<text class=\"t-%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", n.name, c.right+6, at[i]+4, escaped(boundLabel(n, unit)))
	}
}

// maxPause is how far apart two readings may be and still be joined by a line: a
// day without a reading is a gap.
const maxPause = 36 * time.Hour

// runs are the readings that have a value, parted at each gap: at one without a
// value, and at a day without a reading.
func runs(points []metric.Reading) [][]metric.Reading {
	var all [][]metric.Reading
	joined := false // to the reading before
	for i, r := range points {
		if !drawable(r) {
			joined = false
			continue
		}
		if !joined || r.At.Sub(points[i-1].At) > maxPause {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], r)
		joined = true
	}
	return all
}

// curve draws the values as a line of a class; a day without data leaves a gap. Of
// many values only those that stand alone have a dot.
func (c canvas) curve(b *strings.Builder, class string, points []metric.Reading) {
	dot := map[string]string{"line": "dot"}[class]
	for _, run := range runs(points) {
		var places []string
		for _, r := range run {
			places = append(places, fmt.Sprintf("%.1f,%.1f", c.x(r.At), c.y(*r.Value)))
		}
		if len(run) > 1 {
			fmt.Fprintf(b, "<polyline class=\"%s\" points=\"%s\"/>\n", class, strings.Join(places, " "))
		}
		for _, r := range run {
			if len(run) == 1 || len(points) <= maxDots && class == "line" {
				fmt.Fprintf(b, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>\n", firstOf(dot, "d-base"), c.x(r.At), c.y(*r.Value))
			}
		}
	}
}

// maxDots is how many values have a dot each.
const maxDots = 60

// MarksOf returns the moments that a metric's chart shows, in order: when versions
// shipped and were yanked, and when the metric's own alerts fired.
func MarksOf(d Day, id string) []Mark {
	var all []Mark
	for _, p := range d.published() {
		all = append(all, Mark{p.At, p.Version})
	}
	if id != yanked {
		for _, f := range firedOf(d.Fired, yanked) {
			all = append(all, Mark{f.Since, "yank"})
		}
	}
	for _, f := range firedOf(d.Fired, id) {
		all = append(all, Mark{f.Since, "incident"})
	}
	slices.SortStableFunc(all, func(a, b Mark) int { return a.At.Compare(b.At) })
	return all
}

// yanked is the metric whose alerts are yanks.
const yanked = "yanked_versions"
