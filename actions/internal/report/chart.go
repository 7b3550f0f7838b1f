package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// The size of a chart and of its plot, in pixels.
const (
	chartWidth, chartHeight                  = 720, 260
	plotLeft, plotRight, plotTop, plotBottom = 64.0, 16.0, 52.0, 34.0
	plotWidth                                = chartWidth - plotLeft - plotRight
	plotHeight                               = chartHeight - plotTop - plotBottom
)

// chartStyle is readable on GitHub's light and on its dark ground; lines differ
// in their dashes too, not by colour alone.
const chartStyle = `<style>
text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#57606a}
.title{font-size:14px;font-weight:600;fill:#1f2328}
.grid{stroke:#d0d7de;stroke-width:1}
.line{fill:none;stroke:#0969da;stroke-width:2;stroke-linejoin:round}
.dot{fill:#0969da}
.target{stroke:#1a7f37;stroke-width:1.5;stroke-dasharray:6 4}
.warning{stroke:#9a6700;stroke-width:1.5;stroke-dasharray:2 3}
.critical{stroke:#cf222e;stroke-width:1.5}
.t-target{fill:#1a7f37}.t-warning{fill:#7d4e00}.t-critical{fill:#cf222e}
@media (prefers-color-scheme:dark){
text{fill:#9198a1}.title{fill:#f0f6fc}.grid{stroke:#3d444d}.line{stroke:#4493f8}.dot{fill:#4493f8}
.target{stroke:#3fb950}.warning{stroke:#d29922}.critical{stroke:#f85149}.t-target{fill:#3fb950}.t-warning{fill:#d29922}.t-critical{fill:#ff7b72}
}
</style>
`

// Chart is the past of a metric as an SVG, with its target and thresholds; nil
// where it has no past of two values at least.
func Chart(e Entry) []byte {
	points := append(append([]metric.Reading{}, e.History...), e.Reading)
	var known []metric.Reading
	for _, r := range points {
		if r.Value != nil && !math.IsInf(*r.Value, 0) && !math.IsNaN(*r.Value) {
			known = append(known, r)
		}
	}
	if len(known) < 2 {
		return nil
	}
	c := newCanvas(known, e)
	var b strings.Builder
	name := escaped(e.Definition.ID)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="t d">`+"\n", chartWidth, chartHeight, chartWidth, chartHeight)
	fmt.Fprintf(&b, "<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n%s", name, escaped(described(e, known)), chartStyle)
	fmt.Fprintf(&b, "<text class=\"title\" x=\"12\" y=\"22\">%s</text>\n<text x=\"12\" y=\"40\">%s</text>\n", name, escaped(e.Definition.Title))
	fmt.Fprintf(&b, "<text class=\"title\" x=\"%d\" y=\"22\" text-anchor=\"end\">%s</text>\n", chartWidth-12, escaped(Figure(e.Verdict)))
	c.grid(&b, e.Definition.Unit)
	for _, bound := range chartBounds(e) {
		c.bound(&b, bound.name, bound.is, e.Definition.Unit)
	}
	c.curve(&b, points)
	b.WriteString("</svg>\n")
	return []byte(b.String())
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
	text := fmt.Sprintf("%s From %s on %s to %s on %s, %d days.", e.Definition.Title, withUnit(*first.Value, e.Definition.Unit), first.At.UTC().Format(time.DateOnly),
		withUnit(*last.Value, e.Definition.Unit), last.At.UTC().Format(time.DateOnly), len(known))
	if b := bounds(e); b != "" {
		text += " Wanted: " + b + "."
	}
	return text
}

func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(oneLine(strings.Map(printable, s), 200))
}

// canvas turns times and values into places.
type canvas struct {
	from, until time.Time
	low, high   float64
}

func newCanvas(known []metric.Reading, e Entry) canvas {
	c := canvas{from: known[0].At, until: known[len(known)-1].At, low: *known[0].Value, high: *known[0].Value}
	reach := func(v float64) { c.low, c.high = min(c.low, v), max(c.high, v) }
	for _, r := range known {
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
		c.high, c.low = c.high+1, c.low-1
		if *known[0].Value >= 0 {
			c.low = max(c.low, 0)
		}
	}
	return c
}

func (c canvas) x(t time.Time) float64 {
	if !c.until.After(c.from) {
		return plotLeft
	}
	return plotLeft + plotWidth*float64(t.Sub(c.from))/float64(c.until.Sub(c.from))
}

func (c canvas) y(v float64) float64 {
	return plotTop + plotHeight*(1-(v-c.low)/(c.high-c.low))
}

func (c canvas) grid(b *strings.Builder, unit string) {
	for i := range 3 {
		v := c.low + (c.high-c.low)*float64(i)/2
		fmt.Fprintf(b, "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", plotLeft, chartWidth-plotRight, c.y(v), c.y(v))
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", plotLeft-6, c.y(v)+4, escaped(axis(v, unit)))
	}
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%d\">%s</text>\n", plotLeft, chartHeight-10, c.from.UTC().Format("2 Jan"))
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"end\">%s</text>\n", chartWidth-plotRight, chartHeight-10, c.until.UTC().Format("2 Jan 2006"))
}

func axis(v float64, unit string) string {
	if unit == "%" {
		return short(v) + " %"
	}
	return short(v)
}

func (c canvas) bound(b *strings.Builder, name string, is verdict.Bound, unit string) {
	if is.Value < c.low || is.Value > c.high {
		return
	}
	y := c.y(is.Value)
	fmt.Fprintf(b, "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", name, plotLeft, chartWidth-plotRight, y, y)
	fmt.Fprintf(b, "<text class=\"t-%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", name, chartWidth-plotRight-4, y-4, escaped(name+": "+is.Words(unit)))
}

// curve draws the values; a day that is not known leaves a gap.
func (c canvas) curve(b *strings.Builder, points []metric.Reading) {
	var run []string
	flush := func() {
		if len(run) > 1 {
			fmt.Fprintf(b, "<polyline class=\"line\" points=\"%s\"/>\n", strings.Join(run, " "))
		}
		run = nil
	}
	for _, r := range points {
		if r.Value == nil || math.IsInf(*r.Value, 0) || math.IsNaN(*r.Value) {
			flush()
			continue
		}
		run = append(run, fmt.Sprintf("%.1f,%.1f", c.x(r.At), c.y(*r.Value)))
	}
	flush()
	for _, r := range points {
		if r.Value != nil && !math.IsInf(*r.Value, 0) && !math.IsNaN(*r.Value) {
			fmt.Fprintf(b, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>\n", c.x(r.At), c.y(*r.Value))
		}
	}
}
