package report

import (
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

// Week is all that a week's digest says. Its headline, its action items and its
// tables judge the same entries: each metric over the week, with the week before
// as the previous period. Alerts that fired in the week count also where they
// are over.
type Week struct {
	Release model.Release
	Year    int       // of the ISO week
	Number  int       // of the ISO week
	From    time.Time // Monday 00:00 UTC
	Until   time.Time // the Monday after
	Entries []Entry   // over the week
	Fired   []alert.Fired
	Mail    []alert.Fired // what fired in MailWaits to the end of the week, for the mail that nobody has responded to
	Routes  []alert.Route // of the plan, for what it says to do
	Days    int           // of the week, of which there are readings
	Page    string        // where the page is, as an address
	Since   Since         // what is known beyond the week; zero where nobody has looked
	Gate    []string      // decisions of the gate in the week: "GO (1 waiver), 14 Feb"
}

// Since is what happened after a week and before its digest was written.
type Since struct {
	At       time.Time     // when the digest was written
	Fired    []alert.Fired // began after the week, and is active or not answered at At
	Resolved []alert.Fired // of the week's alerts, those that ended after it
	Entries  []Entry       // of the metrics in Fired, with the readings after the week
}

// words are the line of what happened after the week: "🔴 Crash rate 6% in the 24 hours
// to 16 Feb 05:49, active since 16 Feb 05:49"; empty where nothing did. It is plain text.
func (s Since) words() string {
	var all []string
	for _, in := range incidentsOf(s.Fired, s.Entries, s.At) {
		text := fmt.Sprintf("%s %s %s", in.Sign, in.Short, in.Peak)
		if in.Version != "" {
			text += " in " + oneLine(in.Version, 40)
		}
		if in.Ongoing {
			text += ", active since " + in.Started
		}
		all = append(all, text)
	}
	for _, f := range s.Resolved {
		i := slices.IndexFunc(s.Entries, func(e Entry) bool { return e.Definition.ID == f.Metric })
		var e Entry
		if i >= 0 {
			e = s.Entries[i]
		}
		all = append(all, fmt.Sprintf("🟢 %s resolved %s", inSentence(firstOf(e.Definition.Title, titleOf(f.Metric))), f.Ended.UTC().Format("2 Jan 15:04")))
	}
	return strings.Join(all, "; ")
}

// released names the versions of the release that were published in the week: "v1.1.0
// (15 Feb)"; empty where none was.
func (w Week) released() string {
	var all []string
	for _, p := range w.Release.Family {
		if !p.At.Before(w.From) && p.At.Before(w.Until) {
			all = append(all, fmt.Sprintf("%s (%s)", oneLine(p.Version, 40), humanize.Day(p.At)))
		}
	}
	return strings.Join(all, ", ")
}

// Name is the ISO week: 2026-W05.
func (w Week) Name() string { return fmt.Sprintf("%d-W%02d", w.Year, w.Number) }

// Title names the digest, as its issue does: "Caro v1.1.0-beta: week 2 (26 Jan –
// 1 Feb 2026)". Weeks count from the one in which the release shipped.
func (w Week) Title() string {
	days := humanize.Days(w.From, w.Until.Add(-time.Second))
	name := releaseName(w.Release.Project, w.Release.Version)
	if n := w.ofRelease(); n > 0 {
		return fmt.Sprintf("%s: week %d (%s)", name, n, days)
	}
	return fmt.Sprintf("%s: %s", name, days)
}

// ofRelease is the week's number since the release, the one in which it shipped
// is 1; 0 before it, and where nobody knows when that was.
func (w Week) ofRelease() int {
	shipped := w.Release.Shipped.Time
	if shipped.IsZero() || !shipped.Before(w.Until) {
		return 0
	}
	monday := shipped.AddDate(0, 0, -(int(shipped.Weekday())+6)%7)
	return int(w.From.Sub(monday)/(7*day)) + 1
}

// partial reports whether a period begins before the release shipped, so that
// it covers less than its length.
func (w Week) partial(from time.Time) bool {
	return !w.Release.Shipped.IsZero() && from.Before(w.Release.Shipped.Time)
}

// status judges the week: its entries, and what fired in it.
func (w Week) status() Status { return statusOf(w.Entries, w.Fired) }

// incidents are the alerts of the week that are news: no mentions.
func (w Week) incidents() []alert.Fired {
	return slices.DeleteFunc(slices.Clone(w.Fired), func(f alert.Fired) bool { return Urgency(f) == verdict.OK })
}

// weekView is what a digest shows.
type weekView struct {
	Status                   Status
	Since, Released, Gate    string // plain text
	Counts, Period, Partial  string
	Highlights               []string // Markdown
	Actions                  []Action
	MoreActions, Mail, Phase string
	Load                     string
	Incidents                []Incident
	OffTarget                []rowView
	Sections                 []sectionView
	Lists                    []listView
	Focus                    string
	Todo                     []string
	NoData                   []Entry
	NoDataCount              string
}

type listView struct {
	Title string
	Items []string // Markdown
}

func (w Week) view(mail bool) weekView {
	v := weekView{Status: w.status(), Counts: w.counts(), Period: w.period(), Highlights: w.highlights(), Incidents: incidentsOf(w.incidents(), w.Entries, w.Until), Lists: lists(w.list)}
	v.Actions, v.Load = Actions(w), w.load()
	v.Since, v.Released, v.Gate = w.Since.words(), w.released(), strings.Join(w.Gate, "; ")
	if left := len(w.asked()) - w.room(); left > 0 {
		v.MoreActions = fmt.Sprintf("%d more off target, see the scorecard.", left)
	}
	for _, e := range attention(w.Entries) {
		row := w.score(e)
		for _, words := range []string{w.alerted(e), e.Note()} {
			if words != "" {
				row.Told = append(row.Told, words)
			}
		}
		v.OffTarget = append(v.OffTarget, row)
	}
	if mail {
		v.Mail = fmt.Sprintf("[All metrics](%s)", w.Page)
	}
	for _, s := range sectionsOf(w.Entries, metric.DigestSections(), func(e Entry) string { return e.Definition.Digest }) {
		section := sectionView{Section: s}
		for _, e := range s.Rows {
			if e.Level() != verdict.Unknown || e.uncompared() {
				section.Rows = append(section.Rows, w.score(e))
			}
		}
		if len(section.Rows) > 0 {
			v.Sections = append(v.Sections, section)
		}
	}
	switch {
	case w.Days == 0:
		v.Partial = "No readings of this week: snapshot writes them, and must run first."
	case w.Days < 7:
		v.Partial = fmt.Sprintf("Readings of %d of 7 days.", w.Days)
	}
	if w.partial(w.From.AddDate(0, 0, -7)) {
		v.Partial = strings.TrimSpace(v.Partial + " The previous week began before the release, so changes are left out.")
	}
	v.Phase, v.Focus, v.Todo = w.ahead()
	for _, e := range w.Entries {
		if e.Level() == verdict.Unknown && !e.uncompared() {
			v.NoData = append(v.NoData, e)
		}
	}
	v.NoDataCount = humanize.Count(len(v.NoData), "metric")
	return v
}

// score is a row of the scorecard. Against a week that began before the release
// there is no change to show.
func (w Week) score(e Entry) rowView {
	if w.partial(w.From.AddDate(0, 0, -7)) {
		e.Verdict.Previous = nil
	}
	row := rowOf(e, nil, "")
	row.Sub = joined(row.Sub, complement(e))
	return row
}

// alerted says when a metric that is past a threshold over the week had its last alert, and
// whether that lasts: "alert 4 Feb – 7 Feb 2026, resolved"; empty where it had none.
func (w Week) alerted(e Entry) string {
	if e.Level() != verdict.Critical && e.Level() != verdict.Warning {
		return ""
	}
	text := ""
	for _, f := range w.known() {
		switch {
		case f.Metric != e.Definition.ID:
		case f.Ended.IsZero():
			return "alert since " + humanize.Day(f.Since) + ", active"
		default:
			text = "last alert " + humanize.Days(f.Since, f.Ended) + ", resolved"
		}
	}
	return text
}

// complement is what a share lacks to 100%, where the plan tells it so, with that of the
// week before: "installation success 97.8%, the week before 96%"; empty where it has none.
func complement(e Entry) string {
	rest := func(v float64) string { return humanize.Apart(100-v, 100) + "%" }
	if e.Definition.Complement == "" || e.Verdict.Value == nil {
		return ""
	}
	text := e.Definition.Complement + " " + rest(*e.Verdict.Value)
	if before := e.Verdict.Previous; before != nil {
		text += ", the week before " + rest(*before)
	}
	return text
}

func (w Week) counts() string {
	rows := incidentsOf(w.incidents(), w.Entries, w.Until)
	lasting := len(slices.DeleteFunc(slices.Clone(rows), func(in Incident) bool { return !in.Ongoing }))
	incidents := humanize.Count(len(rows), "incident")
	switch n := len(rows); {
	case n == 0:
		incidents = "no incidents"
	case lasting == 0:
		incidents += " (all resolved)"
	default:
		incidents += fmt.Sprintf(" (%d not over at the end of the week)", lasting)
	}
	return incidents + " · over the week: " + tally(w.Entries)
}

// period says what the title does not: the ISO week and the phase.
func (w Week) period() string {
	parts := []string{"ISO week " + w.Name()}
	if phases := phaseWords(w.Release, w.From, w.Until); phases != "" {
		parts = append(parts, "phase "+Cell(phases))
	}
	return strings.Join(parts, " · ")
}

// ahead are the phases of the week after, with what to look at and to do in them; a
// later phase's with the day on which it begins.
func (w Week) ahead() (name, focus string, todo []string) {
	until := w.Until.AddDate(0, 0, 7)
	var looks []string
	for i, p := range w.Release.PhasesIn(w.Until, until) {
		from := ""
		if i > 0 {
			from = "from " + humanize.Day(p.First.Time) + ": "
		}
		if len(p.Focus) > 0 {
			looks = append(looks, from+strings.Join(p.Focus, ", "))
		}
		for _, task := range p.Todo {
			todo = append(todo, humanize.Capital(from)+task)
		}
	}
	return phaseWords(w.Release, w.Until, until), strings.Join(looks, "; "), todo
}

// phaseWords names the phases of a period, until exclusive, by the days of it that they
// cover: "Launch to 30 Jan, Stabilization from 31 Jan"; one that covers it whole by its
// name alone.
func phaseWords(r model.Release, from, until time.Time) string {
	var all []string
	for _, p := range r.PhasesIn(from, until) {
		words := p.Name
		if p.First.After(from) {
			words += " from " + humanize.Day(p.First.Time)
		}
		if p.Last.AddDate(0, 0, 1).Before(until) {
			words += " to " + humanize.Day(p.Last.Time)
		}
		all = append(all, words)
	}
	return strings.Join(all, ", ")
}

func (w Week) entry(id string) (Entry, bool) {
	for _, e := range w.Entries {
		if e.Definition.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}

func (w Week) list(id string) (metric.Definition, metric.Reading, bool) {
	e, known := w.entry(id)
	return e.Definition, e.Reading, known
}

// maxItems is how many items a list of a digest names.
const maxItems = 5

// lists are the breakdowns that people read as lists: pain points, requests,
// themes of surveys, mentions by site, mail by label. A metric's header says
// which.
func lists(reading func(id string) (metric.Definition, metric.Reading, bool)) []listView {
	var all []listView
	for _, id := range metric.Lists() {
		of, r, known := reading(id)
		if !known || len(r.Values) == 0 {
			continue
		}
		list, most := listView{Title: of.Title}, maxItems
		if of.Items > 0 {
			most = of.Items
		}
		for i, v := range urgentFirst(r.Values) {
			if i == most {
				list.Items = append(list.Items, fmt.Sprintf("%d more", len(r.Values)-most))
				break
			}
			if v.Value != nil {
				list.Items = append(list.Items, fmt.Sprintf("%s: %s", Code(keyName(v.Key), 100), humanize.Value(*v.Value, of.Unit)))
			}
		}
		all = append(all, list)
	}
	return all
}
