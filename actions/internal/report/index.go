package report

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

var dashboard = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{"changeNote": func() string { return changeNote }, "responseNote": func() string { return responseNote }}).ParseFS(templates, "templates/*.html.tmpl"))
})

// indexView is what the dashboard shows. All texts are plain; the template
// escapes them.
type indexView struct {
	dayView
	Heading string
	Chips   []chip
	Strip   *strip // nil before the release ships
	Tiles   []tile
	Bad     []needTile // what needs attention
	// Happened are the incidents, each with the page of its metric.
	Happened []happened
	All      []indexSection
	Links    []indexLink
	Updated  string
	Stamp    string // RFC 3339
}

type (
	chip      struct{ Class, Text string }
	indexLink struct{ URL, Text string }
	tile      struct {
		Entry
		Name, Class, Word, Change, Foot, Page string
		Line                                  *line
	}
	needTile struct {
		tile
		Group string // the name of a group; empty for a single metric
		Each  []tile
	}
	happened struct {
		Incident
		Page, Class, Word string
		Each              []happened // the members of a group
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
	if bad := attention(d.first()); len(bad) > 0 && (bad[0].Level() == verdict.Critical || bad[0].Level() == verdict.Warning) {
		v.Chips = append(v.Chips, chip{class(bad[0].Level()), figured(bad[0])})
	}
	if d.Gate != "" {
		v.Chips = append(v.Chips, chip{gateClass(d.Gate), "Gate: " + d.Gate})
	}
	v.Links = indexLinks(d)
	v.Strip = stripOf(d)
	v.Tiles = tilesOf(d.first())
	for _, section := range v.Sections {
		shown := indexSection{Section: section.Section}
		for _, r := range section.Rows {
			shown.Rows = append(shown.Rows, tileOf(r.Entry))
		}
		v.All = append(v.All, shown)
	}
	pages := map[string]bool{}
	for _, e := range d.Entries {
		pages[e.Definition.ID] = true
	}
	for _, e := range v.Attention {
		one := needTile{tile: tileOf(e.Entry), Group: e.Group}
		for _, member := range e.Each {
			one.Each = append(one.Each, tileOf(member))
		}
		v.Bad = append(v.Bad, one)
	}
	v.Happened = happenings(v.Incidents, pages)
	var b strings.Builder
	if err := dashboard().ExecuteTemplate(&b, "index.html.tmpl", v); err != nil {
		panic(err) // a template that does not fit its view; the tests render it
	}
	return b.String()
}

// happenings are incidents with the pages of their metrics, of which there are some.
func happenings(incidents []Incident, pages map[string]bool) []happened {
	var all []happened
	for _, in := range incidents {
		h := happened{Incident: in, Class: class(in.Level), Word: levelWords[in.Level], Each: happenings(in.Members, pages)}
		h.Title = clean(in.Title, 120)
		if pages[in.Metric] {
			h.Page = MetricPath(in.Metric)
		}
		all = append(all, h)
	}
	return all
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

// tilesOf are the key metrics and those past a threshold, the latter first, the worst
// before the others.
func tilesOf(entries []Entry) []tile {
	var past, rest []tile
	for _, e := range attention(entries) {
		if e.Level() == verdict.Critical || e.Level() == verdict.Warning {
			past = append(past, tileOf(e))
		}
	}
	for _, e := range entries {
		if e.Definition.Tile && e.Level() != verdict.Critical && e.Level() != verdict.Warning {
			rest = append(rest, tileOf(e))
		}
	}
	return append(past, rest...)
}

// indexLinks lead to the pages in the repository: the dashboard may be served
// from elsewhere.
func indexLinks(d Day) []indexLink {
	base, found := strings.CutSuffix(d.Page, "README.md")
	if !found {
		return nil
	}
	all := []indexLink{{d.Page, "Current status"}}
	for _, l := range pageLinks(d) {
		all = append(all, indexLink{base + l.URL, l.Text})
	}
	return all
}

func tileOf(e Entry) tile {
	t := tile{Entry: e, Name: clean(e.Title(), 120), Class: class(e.Level()), Word: e.Word(), Change: e.Change(), Line: lineOf(e), Page: MetricPath(e.Definition.ID)}
	if !e.Judged() && e.Level() == verdict.OK {
		t.Class = "none"
	}
	if e.Level() == verdict.Unknown {
		t.Foot = clean(e.Word()+": "+e.Detail(), maxCell)
		return t
	}
	var parts []string
	if e.Target() != "–" {
		parts = append(parts, "target "+e.Target())
	}
	if w := e.Over(); w != "" {
		parts = append(parts, w)
	}
	for _, p := range []string{e.meanWords(), e.Sample(), e.Band()} {
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
		return clean(t.Amount(), 100)
	}
	var parts []string
	values, total := t.worstFirst(), t.total()
	for i, v := range values {
		if i == 3 {
			parts = append(parts, fmt.Sprintf("%d more", len(values)-3))
			break
		}
		parts = append(parts, clean(keyName(v.Key), 40)+" "+t.keyValue(v, total))
	}
	return strings.Join(parts, ", ")
}

// Long reports whether what is shown may break over several lines.
func (t tile) Long() bool { return len(t.Shown()) > 12 }

// maxLine is how many days a small picture of the past shows.
const maxLine = 60

// lineOf draws the past of a metric; nil where it has fewer than three values.
func lineOf(e Entry) *line {
	all := daily(append(slices.Clone(e.History), e.Reading))
	all = all[max(0, len(all)-maxLine):]
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
