package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
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
	Next                           []step
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
	PastSummary                    string // "23 days, the newest first; on target without an alert on 18"
}

type (
	boundRow struct{ Name, Text string }
	keyRow   struct{ Name, URL, Value, Change string }
	// pastRow is a day with its reading, and the alerts that were active on it: "critical
	// 09:34–10:49: 1 (1.1.0-beta)".
	pastRow struct{ Day, Class, Word, Value, Why, Alerts string }
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
		ID: id, Next: d.nextOf(e), Updated: humanize.Moment(d.Now), Stamp: d.Now.UTC().Format(time.RFC3339), IncidentWindow: incidentWindow,
		Bounds: boundRows(e), Keys: d.keyRows(e), KeysWindow: e.Over(), Past: pastRows(e, firedOf(d.since(), id)),
	}
	v.PastSummary = pastSummary(e, v.Past)
	for _, e := range of {
		v.Windows = append(v.Windows, tileOf(e))
		if e.SameDay() != "–" {
			v.Before, v.BeforeNote = clean(e.SameAge.Of.Version, maxVersion), e.SameAge.ageNote(e.Reading.At)
		}
	}
	if by, known := d.byVersion(id); known {
		v.VersionsHeading, v.VersionsPage, v.VersionKeys = clean(by.Title(), 120)+", "+by.Over(), by.Definition.ID+".html", d.keyRows(by)
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
	if ends := e.Ends(alert.Episode{}); ends != "" {
		all = append(all, boundRow{"End of an alert", ends})
	}
	for _, more := range []boundRow{{"Bands (names of values, not alert levels)", e.Definition.Bands}, {"Note", e.Definition.Note}, {"Baseline", e.Definition.Baseline}} {
		if more.Text != "" {
			all = append(all, more)
		}
	}
	return all
}

var issueKey = regexp.MustCompile(`^#([1-9][0-9]{0,8})(?: |$)`)

// issueURL is where the issue is with whose number a key begins, as in "#1 It
// crashes"; empty where it begins with none, or nobody knows the repository.
func (d Day) issueURL(key string) string {
	m := issueKey.FindStringSubmatch(key)
	repository, _, known := strings.Cut(d.Page, "/blob/")
	if m == nil || !known {
		return ""
	}
	return repository + "/issues/" + m[1]
}

// maxKeyRows is how many keys of a breakdown the page of a metric shows.
const maxKeyRows = 50

func (d Day) keyRows(e Entry) []keyRow {
	var all []keyRow
	total := e.total()
	for _, v := range e.Reading.Values {
		if v.Value == nil || len(all) == maxKeyRows {
			continue
		}
		row := keyRow{Name: clean(keyName(v.Key), 120), URL: d.issueURL(v.Key), Value: e.keyValue(v, total), Change: "–"}
		if v.Previous != nil {
			row.Change = humanize.Change(*v.Value, v.Previous, e.Definition.Unit)
		}
		all = append(all, row)
	}
	return all
}

// pastRows are the readings of the days that the chart shows, the newest first;
// nil for a breakdown, whose readings have no single value. Fired are the metric's alerts.
func pastRows(e Entry, fired []alert.Fired) []pastRow {
	if len(drawn(e)) == 0 {
		return nil
	}
	var all []pastRow
	for _, r := range slices.Backward(append(slices.Clone(e.History), e.Reading)) {
		day := Entry{Definition: e.Definition, Thresholds: e.Thresholds, Reading: r, Verdict: verdict.Verdict{Level: verdict.Level(r.Verdict), Unit: e.Definition.Unit, Number: verdict.Number{Value: r.Value}}}
		t := tileOf(day)
		all = append(all, pastRow{Day: r.At.UTC().Format("2 Jan 2006"), Class: t.Class, Word: t.Word, Value: t.Shown(), Why: doubt(r), Alerts: alertsOn(fired, e, r.At)})
	}
	return all
}

// pastSummary says how many days are listed, and on how many of them the metric was on
// target without an alert, which is how the retrospective counts.
func pastSummary(e Entry, past []pastRow) string {
	text := humanize.Count(len(past), "day") + ", the newest first"
	if e.Definition.Days && e.Reading.Until.Sub(e.Reading.From) == day {
		text += ", each with the figure of the whole day before it"
	}
	if e.Thresholds.Target.IsZero() {
		return text
	}
	met, known := 0, 0
	for _, p := range past {
		if p.Class == "" {
			continue // no data, or nothing to compare with
		}
		known++
		if p.Class == "ok" && p.Alerts == "" {
			met++
		}
	}
	return fmt.Sprintf("%s; on target without an alert on %d of %d", text, met, known)
}

// alertsOn says which alerts of a metric were active on the UTC day of a time, with the
// hours of those that began or ended on it and the worst figure: "critical 09:34–10:49:
// 1 (1.1.0-beta)"; empty where none was.
func alertsOn(fired []alert.Fired, e Entry, at time.Time) string {
	var all []string
	from := at.UTC().Truncate(day)
	for _, f := range fired {
		level, active := levelOn(f, e, at)
		if !active {
			continue
		}
		text := levelWords[level]
		switch begins, ends := !f.Since.Before(from), !f.Ended.IsZero() && f.Ended.Before(from.Add(day)); {
		case begins && ends:
			text += fmt.Sprintf(" %s–%s", f.Since.UTC().Format("15:04"), f.Ended.UTC().Format("15:04"))
		case begins && f.Critical.After(f.Since) && f.Critical.Before(from.Add(day)):
			text = fmt.Sprintf("%s from %s, %s from %s", levelWords[verdict.Warning], f.Since.UTC().Format("15:04"), text, f.Critical.UTC().Format("15:04"))
		case begins:
			text += " from " + f.Since.UTC().Format("15:04")
		case ends:
			text += " until " + f.Ended.UTC().Format("15:04")
		default:
			text += ", all day"
		}
		if r, found := peakReading(f); found && r.At.UTC().Truncate(day).Equal(from) {
			text += ": " + Entry{Definition: e.Definition, Verdict: verdict.Verdict{Unit: e.Definition.Unit, Number: verdict.Number{Value: r.Value}}}.Amount()
			if names := (Entry{Reading: r}).NameList(); names != "" {
				text += " (" + clean(names, 80) + ")"
			}
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
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
