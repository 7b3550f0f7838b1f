package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
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
	Days    int    // of the week, of which there are readings
	Page    string // where the page is, as an address
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
	return slices.DeleteFunc(slices.Clone(w.Fired), func(f alert.Fired) bool { return incidentLevel(f) == verdict.OK })
}

// weekView is what a digest shows.
type weekView struct {
	Status                   Status
	Counts, Period, Partial  string
	Highlights               []string // Markdown
	Actions                  []Action
	MoreActions, Mail, Phase string
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
	v.Actions = Actions(w)
	if left := w.actionable() - len(v.Actions); left > 0 {
		v.MoreActions = fmt.Sprintf("%d more off target, see the scorecard.", left)
	}
	for _, e := range attention(w.Entries) {
		v.OffTarget = append(v.OffTarget, w.score(e))
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
	if phase, ok := w.Release.PhaseAt(w.Until); ok {
		v.Phase, v.Focus, v.Todo = phase.Name, strings.Join(phase.Focus, ", "), phase.Todo
	}
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
	return rowOf(e, nil, "")
}

func (w Week) counts() string {
	lasting := len(ongoing(w.incidents()))
	incidents := humanize.Count(len(w.incidents()), "incident")
	switch n := len(w.incidents()); {
	case n == 0:
		incidents = "no incidents"
	case lasting == 0:
		incidents += " (all resolved)"
	default:
		incidents += fmt.Sprintf(" (%d ongoing)", lasting)
	}
	return incidents + " · " + tally(w.Entries)
}

// period says what the title does not: the ISO week and the phase.
func (w Week) period() string {
	parts := []string{"ISO week " + w.Name()}
	if phase, ok := w.Release.PhaseAt(w.Until.Add(-time.Second)); ok {
		parts = append(parts, "phase "+Cell(phase.Name))
	}
	return strings.Join(parts, " · ")
}

// maxHighlights is how many things a digest puts first.
const maxHighlights = 4

// maxTold is how many incidents are among the highlights where other things moved.
const maxTold = 2

// highlights are the worst incidents of the week, then what moved most among the
// metrics that the dashboard has tiles for.
func (w Week) highlights() []string {
	incidents := incidentsOf(w.incidents(), w.Entries, w.Until)
	slices.SortStableFunc(incidents, func(a, b Incident) int { return cmp.Compare(rank(b.Level), rank(a.Level)) })
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

// highlight is an incident in a line of Markdown: "🔴 **Crash rate 11.3%** on
// 4 Feb in 1.1.1-beta, resolved after 2d 15h".
func highlight(in Incident) string {
	line := fmt.Sprintf("%s **%s** on %s", in.Sign, Cell(in.Short), in.Started[:strings.LastIndex(in.Started, " ")])
	if in.Version != "" {
		line += " in " + Cell(in.Version)
	}
	switch {
	case in.Ongoing:
		line += ", still active"
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
		all = append(all, fmt.Sprintf("%s %s %s (%s against the previous week)", e.Sign(), Cell(e.Title()), Cell(e.Amount()), e.Change()))
	}
	return all
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

// Action is one thing to do, and why. Both are plain text.
type Action struct{ What, Why string }

// maxActions is how many things a digest asks for.
const maxActions = 5

// Actions are what the week asks for: first what fired and what is off target,
// the worst first, then the top pain point and the top request.
func Actions(w Week) []Action {
	var all []Action
	for _, e := range attention(w.Entries) {
		if len(all) < maxActions {
			all = append(all, w.action(e))
		}
	}
	for _, f := range w.incidents() {
		if e, known := w.entry(f.Metric); f.Notice == nil && known && e.Level() == verdict.OK && len(all) < maxActions && !slices.ContainsFunc(all, func(a Action) bool { return strings.HasSuffix(a.What, " "+inSentence(e.Title())) }) {
			in := incidentOf(f, e, w.Until)
			all = append(all, Action{What: "Review " + inSentence(e.Title()), Why: fmt.Sprintf("%s on %s, resolved after %s, %s over the week", firstOf(strings.TrimLeft(strings.TrimPrefix(in.Short, e.Title()), ": "), levelWords[in.Level]), in.Started, in.Lasted, e.Amount())})
		}
	}
	for _, source := range []struct{ id, what string }{{"pain_points", "Fix the top pain point"}, {"feature_requests", "Plan the top request"}} {
		e, known := w.entry(source.id)
		if !known || len(e.Reading.Values) == 0 {
			continue
		}
		// A request without votes can wait.
		if top := e.Reading.Values[0]; top.Value != nil && *top.Value > 0 {
			all = append(all, Action{What: source.what, Why: fmt.Sprintf("%s (%s)", oneLine(top.Key, 80), humanize.Value(*top.Value, e.Definition.Unit))})
		}
	}
	return all
}

// actionable is how many metrics of the week ask for something.
func (w Week) actionable() int {
	return len(attention(w.Entries)) + len(Actions(w)) - min(len(attention(w.Entries)), maxActions)
}

// verbs begin the action item of a metric whose next step is known.
var verbs = map[string]string{
	"unanswered_issues": "Triage", "unanswered_discussions": "Answer", "p0_bugs": "Fix", "open_p1_bugs": "Fix",
	"privacy_leaks": "Answer", "vulnerabilities": "Fix", "pii_in_telemetry": "Remove",
}

// action is what to do about a metric: "Triage unanswered issues (over 24h)", and
// why: "3 (#2, #4, #17), target 0".
func (w Week) action(e Entry) Action {
	verb := "Review"
	if e.Level() == verdict.Critical || e.Level() == verdict.Warning {
		verb = "Investigate"
	}
	why := joined(e.Amount(), e.Detail())
	if issues := e.IssueList(); issues != "" {
		why = fmt.Sprintf("%s (%s)", e.Amount(), issues)
	}
	if e.Target() != "–" {
		why += ", target " + e.Target()
	}
	return Action{What: firstOf(verbs[e.Definition.ID], verb) + " " + inSentence(e.Title()), Why: why}
}

// properNames begin with a capital letter within a sentence too.
var properNames = []string{"Apple", "Windows", "Linux", "Slack", "Mastodon", "Reddit", "Discord", "Python", "Rust", "Go"}

// inSentence is a title within a sentence: "crash rate", "Net Promoter Score".
func inSentence(title string) string {
	first, rest, _ := strings.Cut(title, " ")
	tail := strings.TrimLeft(first, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if len(first)-len(tail) != 1 || tail == "" || tail != strings.ToLower(tail) || slices.Contains(properNames, first) || len(rest) > 1 && rest[0] >= 'A' && rest[0] <= 'Z' && rest[1] >= 'a' {
		return title
	}
	return strings.ToLower(title[:1]) + title[1:]
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
		for i, v := range r.Values {
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

// Digest is the week's page, and the text of its issue.
func Digest(w Week) string { return page("week.md.tmpl", w.view(false)) }

// maxBody is how long the text of an issue may be: GitHub takes 65,536
// characters.
const maxBody = 60_000

// IssueBody cuts a text at a section where GitHub would not take it, and links
// to the whole.
func IssueBody(text, page string) string {
	link := fmt.Sprintf("\n[Full digest](%s)\n", page)
	if len(text)+len(link) <= maxBody {
		return text + link
	}
	cut := strings.ToValidUTF8(text[:maxBody-len(link)-200], "")
	if at := strings.LastIndex(cut, "\n### "); at > 0 {
		cut = cut[:at]
	}
	return cut + "\n\n*Shortened: the full text exceeds the size limit of an issue.*\n" + link
}

// WeekPage is the page of a week in the folder of reports.
func WeekPage(w Week) string {
	return fmt.Sprintf("# %s\n\n%s\n[Today](../../README.md)\n", w.Title(), Digest(w))
}

// maxSlackActions is how many things a digest asks for in Slack.
const maxSlackActions = 3

// DigestMessage is the week for a channel: by mail down to the scorecard, in
// Slack the status and what is to be done.
func DigestMessage(d alert.Due, w Week, to alert.Channel, issue string, place Place) change.Message {
	s := w.status()
	m := change.Message{
		Key:     fmt.Sprintf("%s/%s/%s/digest/%s", place.Repository, d.Channel, d.By, w.Name()),
		Channel: d.Channel, By: d.By, Title: w.Title(), Summary: fmt.Sprintf("%s %s: %s", s.Sign, s.Word, w.counts()), Link: issue,
	}
	where := "to `" + to.Slack + "`"
	if d.By != "slack" {
		where = to.Where(d.By)
	}
	m.Record, m.Failing = fmt.Sprintf("The digest was sent %s.", where), fmt.Sprintf("The digest could not be sent %s yet; a later run retries.", where)
	m.Unsure = fmt.Sprintf("The delivery of the digest %s is unconfirmed; a later run checks it, or sends it again.", where)
	if d.By == "email" {
		m.Record, m.Failing = "The digest was sent by mail.", "The digest could not be sent by mail yet; a later run retries."
		m.Unsure = "The delivery of the digest by mail is unconfirmed; a later run sends it again."
		m.Summary, m.Body, m.List = "", page("week.md.tmpl", w.view(true)), w.Release.Project+" digest"
		return m
	}
	for i, a := range Actions(w)[:min(len(Actions(w)), maxSlackActions)] {
		m.Facts = append(m.Facts, change.Fact{Name: fmt.Sprintf("%d. %s", i+1, a.What), Value: a.Why})
	}
	return m
}
