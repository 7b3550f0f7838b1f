package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Month is all that a month in review, or the retrospective of a watch, says.
type Month struct {
	Release model.Release
	From    time.Time // the first
	Until   time.Time // the first of the month after
	Metrics []Course
	Fired   []alert.Fired
	Issues  []Urgent
	Days    int      // of which there are readings
	Gate    []string // decisions of the gate in the period: "GO (1 waiver), 14 Feb: 4 of 5 ..."
	Watch   bool     // it is the whole watch of the release, and no month
}

// Course is one metric over a month: a reading a day.
type Course struct {
	Definition metric.Definition
	Thresholds verdict.Thresholds
	Readings   []metric.Reading // in the order of time
}

// Urgent is an issue of the month that somebody was notified of, or should have
// been. The title is a stranger's.
type Urgent struct {
	Number   int
	Title    string
	URL      string
	Labels   []string
	ByPerson bool          // a person set the urgent label: no rule had
	False    bool          // labelled false-alarm
	Told     int           // how many notifications were sent
	Answered time.Duration // from the notification to the team's first response; 0 is not yet
	Opened   time.Time
	Closed   bool // by the end of the month: it waits for nothing
}

// monthView is what the page shows. Texts of issues are strangers'.
type monthView struct {
	Title, Record        string
	Status               Status
	Next                 []step
	Conclusions          []string // Markdown
	Targets              []targetRow
	Fired                []string // Markdown
	Quiet, Still, NoData string
	Unmeasured           int // how many metrics NoData names
	WhatIf               []whatIfRow
	IssuesLine           string
	Routes               []routeRow
	Issues               []urgentRow
	Load, Planned        string
	Lists                []listView
	Month                bool
}

type (
	targetRow struct {
		missed                   float64 // the share of days off target
		action                   string  // what the catalogue says to do
		days                     int     // with a figure
		Title, Window            string
		Share, Low, High, Target string
	}
	whatIfRow struct{ Title, Threshold, Alerts, Other string }
	routeRow  struct{ Label, Issues, Answered, Median, Longest string }
	urgentRow struct {
		Number                   int
		URL, Title, Labels, Told string
		Answered, Note           string
	}
)

// Retrospective is the month's page, or that of the whole watch.
func Retrospective(m Month) string {
	name := releaseName(m.Release.Project, m.Release.Version)
	v := monthView{Month: !m.Watch, Title: fmt.Sprintf("%s: %s in review", name, m.From.Format("January 2006"))}
	if m.Watch {
		v.Title = fmt.Sprintf("%s: retrospective (%s)", name, humanize.Days(m.From, m.Until.Add(-time.Second)))
	}
	v.Record = fmt.Sprintf("From the readings of %s, the alerts and the issues of the period%s.", humanize.Count(m.Days, "day"), m.lastRead())
	if outcome := m.outcome(); outcome != "" {
		v.Record = Cell(outcome) + ".\n\n" + v.Record
	}
	v.Targets, v.WhatIf = m.targets(), m.whatIf()
	m.fired(&v)
	m.issues(&v)
	v.Load, v.Planned = m.load(), plannedTime
	v.Lists = lists(m.last)
	v.Status, v.Conclusions = m.status(v.Targets), m.conclusions(v)
	v.Next = m.next(v)
	return page("month.md.tmpl", v)
}

// outcome says what came of the release by the end of the period: "Newest version v1.1.0
// (15 Feb) · GA: v1.1.0 on 15 Feb, as planned · gate: GO, 14 Feb"; empty where nothing is known.
func (m Month) outcome() string {
	r := m.Release
	r.Family = slices.DeleteFunc(slices.Clone(r.Family), func(p model.Published) bool { return !p.At.Before(m.Until) })
	var all []string
	for _, words := range []string{newestWords(r), gaWords(r, m.Until.Add(-time.Second))} {
		if words != "" {
			all = append(all, words)
		}
	}
	var decisions []string
	for _, d := range m.Gate {
		decision, _, _ := strings.Cut(d, ":")
		decisions = append(decisions, decision)
	}
	if len(decisions) > 0 {
		all = append(all, "gate: "+strings.Join(decisions, "; "))
	}
	return humanize.Capital(strings.Join(all, " · "))
}

// lastRead says when the last readings were taken, with which the last windows of the
// tables end: "; the last readings are of 15 Feb 18:17 UTC"; empty without readings.
func (m Month) lastRead() string {
	var last time.Time
	for _, c := range m.Metrics {
		if n := len(c.Readings); n > 0 && c.Readings[n-1].At.After(last) {
			last = c.Readings[n-1].At
		}
	}
	if last.IsZero() {
		return ""
	}
	return "; the last readings are of " + last.UTC().Format("2 Jan 15:04") + " UTC"
}

// alarmed reports whether an alert of a metric was active on the UTC day of a
// time, also where it began and ended between two readings.
func (m Month) alarmed(metric string, at time.Time) bool {
	from := at.UTC().Truncate(day)
	return slices.ContainsFunc(firedOf(m.Fired, metric), func(f alert.Fired) bool {
		return f.Began.Before(from.Add(day)) && (f.Ended.IsZero() || f.Ended.After(from))
	})
}

// targets are the metrics that have a target, with the share of days on which
// they met it without an alert, those that missed it most often first.
func (m Month) targets() []targetRow {
	var all []targetRow
	for _, c := range m.Metrics {
		met, known := 0, 0
		for _, r := range c.Readings {
			if r.Value == nil && r.Values == nil || r.Verdict == string(verdict.Unknown) {
				continue
			}
			known++
			if (r.Verdict == string(verdict.OK) || r.Verdict == "") && !m.alarmed(c.Definition.ID, r.At) {
				met++
			}
		}
		if known == 0 || c.Thresholds.Target.IsZero() {
			continue
		}
		e := Entry{Definition: c.Definition, Thresholds: c.Thresholds}
		row := targetRow{action: c.Definition.Action, days: known, missed: float64(known-met) / float64(known), Title: e.Title(), Window: c.window(), Target: e.Target(), Share: fmt.Sprintf("%d of %d", met, known), Low: "–", High: "–"}
		if low, high, n := extent(append(slices.Clone(c.Readings), m.peaks(c.Definition.ID)...)); n > 0 {
			row.Low, row.High = humanize.Value(low, c.Definition.Counted()), humanize.Value(high, c.Definition.Counted())
		}
		all = append(all, row)
	}
	slices.SortStableFunc(all, func(a, b targetRow) int { return cmp.Compare(b.missed, a.missed) })
	return all
}

// peaks are the worst figures that the alerts of a metric recorded in the period, as
// readings: runs between two readings of a day measure too.
func (m Month) peaks(id string) []metric.Reading {
	var all []metric.Reading
	for _, f := range firedOf(m.Fired, id) {
		if r, found := peakReading(f); found && !r.At.Before(m.From) && r.At.Before(m.Until) {
			all = append(all, r)
		}
	}
	return all
}

// last returns the last reading of a metric that has keys, and the metric under a
// title that names the reading's window: "Themes in survey answers, 7 days to 31 Jan".
// What is counted a day is added up over the period.
func (m Month) last(id string) (metric.Definition, metric.Reading, bool) {
	for _, c := range m.Metrics {
		if r, days := c.sum(); days > 0 && c.Definition.ID == id {
			of := c.Definition
			of.Title += fmt.Sprintf(", %s to %s", humanize.Count(days, "day"), humanize.Day(r.Until))
			return of, r, true
		}
		for _, r := range slices.Backward(c.Readings) {
			if c.Definition.ID != id || len(r.Values) == 0 {
				continue
			}
			of := c.Definition
			if w := (Entry{Definition: c.Definition, Reading: r}).eachWindow(); w != "" {
				of.Title += fmt.Sprintf(", %s to %s", w, humanize.Day(r.Until))
			}
			return of, r, true
		}
	}
	return metric.Definition{}, metric.Reading{}, false
}

// sum adds up the daily readings of a metric that counts by key over 24 hours, and
// returns of how many days it is; 0 where the metric is no such one, or counted nothing.
func (c Course) sum() (metric.Reading, int) {
	var sum metric.Reading
	if len(c.Readings) == 0 || c.Readings[0].Until.Sub(c.Readings[0].From) != day || c.Definition.Unit == "%" || c.Definition.Unit == "score" {
		return sum, 0
	}
	by, days := map[string]float64{}, 0
	for _, r := range c.Readings {
		if r.Values == nil {
			continue // no data
		}
		days++
		sum.At, sum.Until = r.At, r.Until
		for _, v := range r.Values {
			if v.Value != nil {
				by[v.Key] += *v.Value
			}
		}
	}
	for key, n := range by {
		sum.Values = append(sum.Values, metric.Entry{Key: key, Value: &n})
	}
	slices.SortFunc(sum.Values, func(a, b metric.Entry) int {
		return cmp.Or(cmp.Compare(*b.Value, *a.Value), cmp.Compare(a.Key, b.Key))
	})
	if len(by) == 0 {
		return sum, 0
	}
	return sum, days
}

// fired sorts the metrics by what came of them: alerts, a threshold that never
// fired, a value that never changed, no data.
func (m Month) fired(v *monthView) {
	var quiet, still, none []string
	for _, c := range m.Metrics {
		e := Entry{Definition: c.Definition, Thresholds: c.Thresholds}
		low, high, known := extent(c.Readings)
		switch raised := m.raised(c); {
		case raised > 0:
			v.Fired = append(v.Fired, m.firedLine(c, raised))
		case known == 0 && !hasValues(c):
			none = append(none, withWindow(c))
		case !c.Thresholds.Warning.IsZero() || !c.Thresholds.Critical.IsZero():
			quiet = append(quiet, e.Title())
		case known >= 7 && low == high:
			still = append(still, fmt.Sprintf("%s (%s)", e.Title(), humanize.Value(low, c.Definition.Counted())))
		}
	}
	// Titles have commas.
	v.Quiet, v.Still, v.NoData, v.Unmeasured = strings.Join(quiet, "; "), strings.Join(still, "; "), strings.Join(none, "; "), len(none)
}

// raised returns how many alerts of a metric began in the month: those that are
// recorded, also where they ended before the next reading, and at least as many
// as the readings show.
func (m Month) raised(c Course) int {
	recorded := 0
	for _, f := range firedOf(m.Fired, c.Definition.ID) {
		if !f.Began.Before(m.From) {
			recorded++
		}
	}
	read, _ := episodes(c.Readings, alarming)
	return max(recorded, read)
}

// episodes counts how often a metric began to be past a level, and the days on
// which it was.
func episodes(readings []metric.Reading, past func(metric.Reading) bool) (began, days int) {
	was := false
	for _, r := range readings {
		if r.Value == nil && r.Values == nil {
			continue
		}
		is := past(r)
		if is {
			days++
			if !was {
				began++
			}
		}
		was = is
	}
	return began, days
}

// alarmingDays counts the days with a reading that were not on target because of an
// alert: it was active on the day, or the reading is past a threshold.
func (m Month) alarmingDays(c Course) int {
	n := 0
	for _, r := range c.Readings {
		if (r.Value != nil || r.Values != nil) && (alarming(r) || m.alarmed(c.Definition.ID, r.At)) {
			n++
		}
	}
	return n
}

// maxStretches is how many alerts of a metric a month lists with their times.
const maxStretches = 3

func (m Month) firedLine(c Course, raised int) string {
	e := Entry{Definition: c.Definition, Thresholds: c.Thresholds, History: c.Readings}
	text := fmt.Sprintf("**%s**: %s", Cell(e.Title()), humanize.Count(raised, "alert"))
	if days := m.alarmingDays(c); days > 0 {
		text += ", active on " + humanize.Count(days, "day")
	}
	fired := firedOf(m.Fired, c.Definition.ID)
	for i, f := range fired {
		if i == maxStretches {
			return text + fmt.Sprintf("; %d more", len(fired)-maxStretches)
		}
		in := incidentOf(f, e, m.Until)
		text += fmt.Sprintf("; %s %s, %s", in.Sign, in.Started, in.Lasted)
		switch in.Response {
		case "–", perReport:
		case answeredBefore:
			text += ", first response " + in.Response
		case noResponse + lateness(f, m.Until):
			text += ", no response" + lateness(f, m.Until)
		default:
			text += ", first response after " + in.Response
			if in.Responder != "" {
				text += " by " + Cell(in.Responder)
			}
		}
	}
	return text
}

// hasValues reports whether a reading is a breakdown; one without keys counted
// nothing, which is data.
func hasValues(c Course) bool {
	return slices.ContainsFunc(c.Readings, func(r metric.Reading) bool { return r.Values != nil })
}

// window is that of the course's readings: "3 days"; empty for a state as of now.
func (c Course) window() string {
	if len(c.Readings) == 0 {
		return ""
	}
	return Entry{Definition: c.Definition, Reading: c.Readings[0]}.eachWindow()
}

// withWindow is a metric's title with the window of its readings: "Positive
// mentions (3 days)".
func withWindow(c Course) string {
	e := Entry{Definition: c.Definition}
	if w := c.window(); w != "" {
		return fmt.Sprintf("%s (%s)", e.Title(), w)
	}
	return e.Title()
}
