package report

import (
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// StylePath is the style sheet of the pages of metrics in the folder of reports.
const StylePath = "metrics/style.css"

// Style returns the style sheet of the pages of metrics. It is the same for all of
// them, so that a commit of new readings does not repeat it.
func Style() string {
	var b strings.Builder
	if err := dashboard().ExecuteTemplate(&b, "css", nil); err != nil {
		panic(err) // it shows nothing
	}
	return b.String()
}

// MetricPath is the page of a metric in the folder of reports.
func MetricPath(id string) string { return "metrics/" + id + ".html" }

// ChartPath is the chart of a metric in the folder of reports.
func ChartPath(id string) string { return "charts/" + id + ".svg" }

// metricView is what the page of a metric shows. All texts are plain; the
// template escapes them.
type metricView struct {
	Release, Title, Description    string
	ID, Updated, Stamp, Chart, Alt string
	ChartHeight                    int
	Windows                        []tile
	Before, BeforeNote             string // the earlier version that figures stand beside, and which days are compared; empty where there is none
	Bounds                         []boundRow
	Keys                           []keyRow
	KeysWindow                     string
	VersionsHeading                string // "Crash rate by version, last 24 hours"; empty where there is no such table
	VersionsPage                   string
	VersionKeys                    []keyRow
	Incidents                      []Incident
	IncidentWindow                 string
	Past                           []pastRow
}

type (
	boundRow struct{ Name, Text string }
	keyRow   struct{ Name, Value, Change string }
	pastRow  struct{ Day, Class, Word, Value, Why string }
)

// MetricPage returns the page of a metric: its figures over each window, its
// thresholds, its chart, its incidents and its readings by day. It is empty where
// the day has no such metric.
func MetricPage(d Day, id string) string {
	var of []Entry
	for _, e := range d.shown() {
		if e.Definition.ID == id {
			of = append(of, e)
		}
	}
	if len(of) == 0 {
		return ""
	}
	e := of[0]
	v := metricView{
		Release: clean(heading(d.Release), 120), Title: clean(e.Title(), 120), Description: e.Definition.Description,
		ID: id, Updated: humanize.Moment(d.Now), Stamp: d.Now.UTC().Format(time.RFC3339), IncidentWindow: incidentWindow,
		Bounds: boundRows(e), Keys: keyRows(e), KeysWindow: e.Window(), Past: pastRows(e),
	}
	for _, e := range of {
		v.Windows = append(v.Windows, tileOf(e))
		if e.SameDay() != "–" {
			v.Before, v.BeforeNote = clean(e.SameAge.Of.Version, maxVersion), e.SameAge.ageNote(e.Reading.At)
		}
	}
	if by, known := d.byVersion(id); known {
		v.VersionsHeading, v.VersionsPage, v.VersionKeys = clean(by.Title(), 120)+", last "+by.Window(), by.Definition.ID+".html", keyRows(by)
	}
	if d.Charts[id] {
		v.ChartHeight = ChartHeight(e)
		v.Chart, v.Alt = "../"+ChartPath(id), clean(described(e, drawn(e)), 400)
	}
	for _, in := range incidentsOf(firedOf(d.Fired, id), d.first(), d.Now) {
		in.Title = clean(in.Title, 120)
		v.Incidents = append(v.Incidents, in)
	}
	var b strings.Builder
	if err := dashboard().ExecuteTemplate(&b, "metric.html.tmpl", v); err != nil {
		panic(err) // a template that does not fit its view; the tests render it
	}
	return b.String()
}

// boundRows are the target, the thresholds, the bands with their note and the
// baseline of a metric.
func boundRows(e Entry) []boundRow {
	var all []boundRow
	for _, b := range []namedBound{{"Target", e.Thresholds.Target}, {"Warning", e.Thresholds.Warning}, {"Critical", e.Thresholds.Critical}} {
		if !b.is.IsZero() {
			all = append(all, boundRow{b.name, symbol(b.is, e.Definition.Unit)})
		}
	}
	for _, more := range []boundRow{{"Bands", e.Definition.Bands}, {"Note", e.Definition.Note}, {"Baseline", e.Definition.Baseline}} {
		if more.Text != "" {
			all = append(all, more)
		}
	}
	return all
}

// maxKeyRows is how many keys of a breakdown the page of a metric shows.
const maxKeyRows = 50

func keyRows(e Entry) []keyRow {
	var all []keyRow
	total := e.total()
	for _, v := range e.Reading.Values {
		if v.Value == nil || len(all) == maxKeyRows {
			continue
		}
		row := keyRow{Name: clean(keyName(v.Key), 120), Value: e.keyValue(v, total), Change: "–"}
		if v.Previous != nil {
			row.Change = humanize.Change(*v.Value, v.Previous, e.Definition.Unit)
		}
		all = append(all, row)
	}
	return all
}

// pastRows are the readings of the days that the chart shows, the newest first;
// nil for a breakdown, whose readings have no single value.
func pastRows(e Entry) []pastRow {
	if len(drawn(e)) == 0 {
		return nil
	}
	var all []pastRow
	for _, r := range slices.Backward(append(slices.Clone(e.History), e.Reading)) {
		day := Entry{Definition: e.Definition, Thresholds: e.Thresholds, Reading: r, Verdict: verdict.Verdict{Level: verdict.Level(r.Verdict), Unit: e.Definition.Unit, Number: verdict.Number{Value: r.Value}}}
		t := tileOf(day)
		all = append(all, pastRow{Day: r.At.UTC().Format("2 Jan 2006"), Class: t.Class, Word: t.Word, Value: t.Shown(), Why: doubt(r)})
	}
	return all
}

// doubt says why a value past a threshold is no alert: "too few cases to tell: 1 of
// 61"; empty where nothing is in doubt.
func doubt(r metric.Reading) string {
	if !strings.HasPrefix(r.Reason, "too few cases to tell") {
		return ""
	}
	why, _, _ := strings.Cut(r.Reason, ", ")
	return why
}
