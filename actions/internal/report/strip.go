package report

import (
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// strip is a row of cells, one a day, with the dates under it.
type strip struct {
	Heading string
	Days    []stripDay
	Labels  []stripLabel
}

type (
	stripDay struct{ Class, Text string }
	// stripLabel stands under the cells From to To, the last exclusive, in a line from
	// 1; the first cell is 1. A wide label is left out on a small screen. One at the
	// right end is set against it.
	stripLabel struct {
		From, To, Line int
		Text           string
		Wide, End      bool
	}
)

// maxStrip is how many days the strip shows: as many as the readings of a page
// reach back.
const maxStrip = 35

// stripOf returns a cell for each day since the release, at most maxStrip: the
// worst level of the day, by the first window of each metric, and of the alerts
// that were active, at whatever hour of it; the page of a day is as of its hour. Days on
// which a version shipped say so.
func stripOf(d Day) *strip {
	from := d.Release.Shipped.Time
	s := &strip{Heading: "Since release"}
	if first := d.Now.AddDate(0, 0, 1-maxStrip); from.IsZero() || from.UTC().Truncate(day).Before(first.UTC().Truncate(day)) {
		from, s.Heading = first, fmt.Sprintf("Last %d days", maxStrip)
	}
	from = from.UTC().Truncate(day)
	worst := worstByDay(d)
	for at := from; !at.After(d.Now); at = at.Add(day) {
		level, seen := worst[at.Format(time.DateOnly)]
		cell := stripDay{Text: humanize.Day(at) + ": no readings"}
		if seen {
			cell = stripDay{class(level), humanize.Day(at) + ": " + levelWords[level]}
		}
		for _, r := range d.published() {
			if r.At.UTC().Truncate(day).Equal(at) {
				cell.Text += ", " + clean(r.Version, 40) + " released"
			}
		}
		s.Days = append(s.Days, cell)
	}
	if len(s.Days) == 0 {
		return nil // it ships later
	}
	s.Labels = stripLabels(d, from, len(s.Days))
	return s
}

// worstByDay is the worst level of each day with readings or alerts, by its date.
func worstByDay(d Day) map[string]verdict.Level {
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
	for _, f := range d.since() {
		e, _ := d.entry(f.Metric)
		for at := d.Now; !at.Before(f.Since.UTC().Truncate(day)); at = at.Add(-day) {
			if level, active := levelOn(f, e, at); active {
				note(at, level)
			}
		}
	}
	return worst
}

// since returns the alerts since the first day of the strip.
func (d Day) since() []alert.Fired {
	if d.Past == nil {
		return d.Fired
	}
	return d.Past
}

// entry returns the entry that speaks for a metric: its first window.
func (d Day) entry(id string) (Entry, bool) {
	for _, e := range d.Entries {
		if e.Definition.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}

// rank orders levels for the strip: no data does not hide what is known.
func rank(l verdict.Level) int {
	return slices.Index([]verdict.Level{verdict.Unknown, verdict.OK, verdict.Watch, verdict.Warning, verdict.Critical}, l)
}

// stripLines is how many lines of labels stand under a strip.
const stripLines = 3

// stripLabels name the first day, the days on which versions shipped, each in the first
// line that has room for it, and today. No two of them overlap.
func stripLabels(d Day, from time.Time, days int) []stripLabel {
	room := max(1, (days+5)/6) // the columns of a label, of a strip that has room for six
	if days == 1 {
		return []stripLabel{{From: 1, To: 2, Line: 1, Text: "today"}}
	}
	all := []stripLabel{{From: 1, To: min(days, 1+room), Line: 1, Text: humanize.Day(from)}}
	end := days + 1
	today := stripLabel{From: max(end-room, all[0].To), To: end, Line: 1, Text: "today", End: true}
	for _, r := range d.published() {
		n := int(r.At.UTC().Truncate(day).Sub(from)/day) + 1
		if n == 1 {
			all[0].Text = humanize.Day(from) + " · " + clean(r.Version, 16)
		}
		if n <= 1 {
			continue
		}
		l := stripLabel{From: n, To: n + room, Text: humanize.Day(r.At) + " · " + clean(r.Version, 16), Wide: true}
		if l.To > end {
			l.From, l.To, l.End = max(1, end-room), end, true
		}
		for l.Line = 1; l.Line <= stripLines; l.Line++ {
			if !slices.ContainsFunc(append(all, today), func(o stripLabel) bool { return o.Line == l.Line && o.From < l.To && l.From < o.To }) {
				all = append(all, l)
				break
			}
		}
	}
	return append(all, today)
}
