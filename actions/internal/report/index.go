package report

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

var dashboard = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(templates, "templates/index.html.tmpl"))
})

// indexView is what the dashboard shows. All texts are plain; the template
// escapes them.
type indexView struct {
	dayView
	Heading string
	Chips   []chip
	Strip   []stripDay
	Tiles   []tile
	All     []indexSection
	Links   []indexLink
	Updated string
	Stamp   string // RFC 3339
}

type (
	chip      struct{ Class, Text string }
	indexLink struct{ URL, Text string }
	stripDay  struct{ Class, Text string }
	tile      struct {
		Entry
		Name, Class, Change, Foot, Chart string
		Line                             *line
	}
	indexSection struct {
		Section
		Rows []tile
	}
	// line is a small picture of the past: a viewBox of 120 by 32.
	line struct {
		Points []string // of each run without a gap
		X, Y   string   // of the last value
		Target string   // the height of the target; empty where it is out of reach
		Label  string
	}
)

// Index is reports/index.html: the dashboard, a page that needs nothing else
// and runs no script.
func Index(d Day) string {
	v := indexView{dayView: d.view("charts/"), Updated: humanize.Moment(d.Now), Stamp: d.Now.UTC().Format(time.RFC3339)}
	s := d.status()
	v.Heading = v.Name
	v.Chips = []chip{{class(s.Level), s.Word + ": " + s.Tally}}
	if d.Gate != "" {
		v.Chips = append(v.Chips, chip{gateClass(d.Gate), "Gate: " + d.Gate})
	}
	v.Links = indexLinks(d)
	v.Strip = stripOf(d)
	for _, e := range d.first() {
		if e.Definition.Tile {
			v.Tiles = append(v.Tiles, tileOf(e, d.Charts))
		}
	}
	for _, section := range v.Sections {
		shown := indexSection{Section: section.Section}
		for _, r := range section.Rows {
			shown.Rows = append(shown.Rows, tileOf(r.Entry, d.Charts))
		}
		v.All = append(v.All, shown)
	}
	for i, e := range v.Attention {
		v.Attention[i].Definition.Title = clean(e.Title(), 120)
	}
	var b strings.Builder
	if err := dashboard().Execute(&b, v); err != nil {
		panic(err) // a template that does not fit its view; the tests render it
	}
	return b.String()
}

// clean is a text that may be a stranger's on one line, without signs that show
// nothing or change the order of reading.
func clean(s string, n int) string { return strings.Map(printable, oneLine(s, n)) }

func class(level verdict.Level) string {
	return map[verdict.Level]string{verdict.Critical: "crit", verdict.Warning: "warn", verdict.Watch: "off", verdict.OK: "ok"}[level]
}

func gateClass(decision string) string {
	switch {
	case strings.HasPrefix(decision, "GO"):
		return "ok"
	case strings.HasPrefix(decision, "NO-GO"):
		return "crit"
	}
	return "none"
}

// indexLinks lead to the pages in the repository: the dashboard may be served
// from elsewhere.
func indexLinks(d Day) []indexLink {
	base, found := strings.CutSuffix(d.Page, "README.md")
	if !found {
		return nil
	}
	all := []indexLink{{d.Page, "Today"}, {base + DayPath(d.Now), "Daily check"}}
	if d.Weekly {
		all = append(all, indexLink{base + WeekPath(d.Now.AddDate(0, 0, -7)), "Last week"})
	}
	if d.Gated {
		all = append(all, indexLink{base + "gate.md", "Gate"})
	}
	return append(all, indexLink{base + "data/readings/" + metric.Month(d.Now) + ".ndjson", "Data"})
}

// stripOf is a cell for each day since the release, at most the days that the
// readings reach back: the worst level of the day, by the first window of each
// metric, and of the alerts that fired.
func stripOf(d Day) []stripDay {
	worst := map[string]verdict.Level{}
	note := func(at time.Time, level verdict.Level) {
		key := at.UTC().Format(time.DateOnly)
		if _, seen := worst[key]; !seen || rank(level) > rank(worst[key]) {
			worst[key] = level
		}
	}
	for _, e := range d.first() {
		for _, r := range e.History {
			note(r.At, verdict.Level(r.Verdict))
		}
		note(d.Now, e.Level())
	}
	for _, f := range d.Fired {
		if f.Notice == nil {
			note(f.Since, f.Level)
		}
	}
	from := d.Release.Shipped.Time
	if from.IsZero() || d.Now.Sub(from) > maxStrip*day {
		from = d.Now.AddDate(0, 0, 1-maxStrip)
	}
	var all []stripDay
	for at := from.UTC().Truncate(day); !at.After(d.Now); at = at.Add(day) {
		level, seen := worst[at.Format(time.DateOnly)]
		cell := stripDay{Text: humanize.Day(at) + ": no readings"}
		if seen {
			cell = stripDay{class(level), humanize.Day(at) + ": " + levelWords[level]}
		}
		all = append(all, cell)
	}
	return all
}

// maxStrip is how many days the strip shows.
const maxStrip = 35

// rank orders levels for the strip: no data does not hide what is known.
func rank(l verdict.Level) int {
	return slices.Index([]verdict.Level{verdict.Unknown, verdict.OK, verdict.Watch, verdict.Warning, verdict.Critical}, l)
}

func tileOf(e Entry, drawn map[string]bool) tile {
	t := tile{Entry: e, Name: clean(e.Title(), 120), Class: class(e.Level()), Change: e.Change(), Line: lineOf(e)}
	if !e.Judged() && e.Level() == verdict.OK {
		t.Class = "none"
	}
	if drawn[e.Definition.ID] {
		t.Chart = "charts/" + e.Definition.ID + ".svg"
	}
	if e.Level() == verdict.Unknown {
		t.Foot = clean("no data: "+e.Detail(), maxCell)
		return t
	}
	var parts []string
	if e.Target() != "–" {
		parts = append(parts, "target "+e.Target())
	}
	if w := e.Window(); w != "" {
		parts = append(parts, "last "+w)
	}
	for _, p := range []string{e.Sample(), e.Band()} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	t.Foot = strings.Join(parts, " · ")
	return t
}

// Shown is the figure of a tile; of a breakdown its first keys.
func (t tile) Shown() string {
	if t.Verdict.Value != nil || len(t.Reading.Values) == 0 {
		return clean(t.Value(), 100)
	}
	var parts []string
	total := t.total()
	for i, v := range t.Reading.Values {
		if i == 3 {
			parts = append(parts, fmt.Sprintf("%d more", len(t.Reading.Values)-3))
			break
		}
		if v.Value != nil {
			parts = append(parts, clean(keyName(v.Key), 40)+" "+t.keyValue(v, total))
		}
	}
	return strings.Join(parts, ", ")
}

// lineOf draws the past of a metric; nil where it has fewer than three values.
func lineOf(e Entry) *line {
	all := append(append([]metric.Reading{}, e.History...), e.Reading)
	low, high, known := extent(all)
	if known < 3 {
		return nil
	}
	if t := e.Thresholds.Target; !t.IsZero() && t.Op != "growing" && t.Value >= low-(high-low) && t.Value <= high+(high-low) {
		low, high = min(low, t.Value), max(high, t.Value)
	}
	if high == low {
		high = low + 1
	}
	y := func(v float64) string { return fmt.Sprintf("%.1f", 29-26*(v-low)/(high-low)) }
	l := &line{Label: fmt.Sprintf("%s, last %s", clean(e.Title(), 80), humanize.Count(len(all), "day"))}
	var run []string
	end := func() {
		if len(run) > 1 {
			l.Points = append(l.Points, strings.Join(run, " "))
		}
		run = nil
	}
	for i, r := range all {
		if r.Value == nil {
			end()
			continue
		}
		l.X, l.Y = fmt.Sprintf("%.1f", 2+116*float64(i)/float64(len(all)-1)), y(*r.Value)
		run = append(run, l.X+","+l.Y)
	}
	end()
	if t := e.Thresholds.Target; !t.IsZero() && t.Op != "growing" && t.Value >= low && t.Value <= high {
		l.Target = y(t.Value)
	}
	return l
}
