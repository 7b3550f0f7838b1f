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

// Day is all that the pages of a day say: facts and figures, and no words yet.
type Day struct {
	Release model.Release
	Now     time.Time
	Entries []Entry // in the order of the plan; of a metric its first window first
	Gaps    []model.Gap
	Notes   []string // what else was not whole: records refused, a synchronisation that goes on
	// Warnings are what people should do that is no matter of a source.
	Warnings []string
	Told     []string // who was notified of what in this run
	// Fired are the alerts of the last 14 days; Besides is what of Told is of
	// none of them.
	Fired []alert.Fired
	// Past are the alerts of the last PastDays days, for the strip, the charts and the
	// readings by day; nil where no more than Fired is known.
	Past    []alert.Fired
	Routes  []alert.Route // which say what to do first about an alert
	Besides []string
	// Silences are those that hold now.
	Silences alert.Silences
	// Waiting is what waits for the hours of its route.
	Waiting []alert.Waiting
	// Inhibited are the metrics that fire, and that another alert keeps quiet.
	Inhibited []alert.Inhibited
	// Inhibits and AllSilences are those of rules.yaml, also those that are over: they say
	// why nobody was notified of what fired.
	Inhibits    alert.Inhibitions
	AllSilences alert.Silences
	// Weeks compares the week of the release that ends with the day with the one before;
	// zero on all other days.
	Weeks  Weeks
	Opened []Recent // issues of the last day, the newest first
	// Unanswered are the issues to which a response is asked for and none has come, by number.
	Unanswered []Unanswered
	Charts     map[string]bool
	Weekly     bool   // there is a digest of the week before
	Gated      bool   // there is a page of the gate
	Judged     bool   // there is the retrospective of the watch
	Gate       string // its decision: "GO (1 waiver)"; empty where there is none
	Lacks      string // what it lacks: "missed: Privacy leak reports"; empty where nothing
	Page       string // where the page of today is, as an address; empty where nobody knows
	// Filled are the days that a first run measured afterwards: "24 Jan – 1 Feb
	// 2026"; Afterwards is when a day that is over was: both empty for a usual run.
	Filled, Afterwards string
}

// Recent is an issue that was opened in the last day. The title is a
// stranger's.
type Recent struct {
	Number   int
	Title    string
	URL      string
	Labels   []string
	Answered bool
	Closed   bool // it waits for nothing
}

// IncidentDays is how many days of alerts the pages of a day list.
const IncidentDays = 14

// PastDays is how many days of alerts the strip, the charts and the pages of metrics
// tell.
const PastDays = maxStrip

var incidentWindow = fmt.Sprintf("last %d days", IncidentDays)

// published returns the versions of the release, the oldest first: the one that is
// watched, and those that followed it.
func (d Day) published() []model.Published {
	all := slices.Clone(d.Release.Family)
	if shipped := d.Release.Shipped.Time; !shipped.IsZero() && !slices.ContainsFunc(all, func(p model.Published) bool { return model.SameVersion(p.Version, d.Release.Version) }) {
		all = append(all, model.Published{Version: d.Release.Version, At: shipped})
	}
	slices.SortStableFunc(all, func(a, b model.Published) int { return a.At.Compare(b.At) })
	return all
}

// first returns the entries that speak for their metric: its first window.
func (d Day) first() []Entry {
	seen := map[string]bool{}
	var all []Entry
	for _, e := range d.Entries {
		if !seen[e.Definition.ID] {
			seen[e.Definition.ID] = true
			all = append(all, e)
		}
	}
	return all
}

// shown returns the entries with those of windows beside a metric's own marked, so
// that the levels on a page are those that its headline counts.
func (d Day) shown() []Entry {
	seen := map[string]bool{}
	all := slices.Clone(d.Entries)
	for i, e := range all {
		all[i].Aside = seen[e.Definition.ID]
		seen[e.Definition.ID] = true
	}
	return all
}

// ongoing returns the alerts that last; mails and mentions are over at once.
func ongoing(fired []alert.Fired) []alert.Fired {
	return slices.DeleteFunc(slices.Clone(fired), func(f alert.Fired) bool { return f.Notice != nil || !f.Ended.IsZero() })
}

// status is how the release stands now: an alert that is over does not count.
func (d Day) status() Status { return statusOf(d.first(), ongoing(d.Fired)) }

const day = 24 * time.Hour

// dayView is what the pages of a day show.
type dayView struct {
	Name, Date, Updated, Stale, Age, Links, Alerts, Gate, Quiet string
	Filled, Afterwards                                          string
	Next                                                        []step
	Status                                                      Status
	Ended                                                       string // of a day that was worse than its end: how it stood then
	Hour                                                        string // as of which a page judges its day, which goes on: "18:17 UTC"; empty of a whole day
	Active                                                      []activeAlert
	Attention                                                   []need
	Incidents                                                   []Incident
	IncidentWindow                                              string
	Versions                                                    []Version
	Gaps                                                        []model.Gap
	Notes, Warnings                                             []string
	Sections                                                    []sectionView
	Boxes                                                       []box
	Phase                                                       string
	Todo                                                        []string
	Weeks                                                       *weeksView
}

type sectionView struct {
	Section
	Rows []rowView
}

// rowView is an entry as a table's row: with its chart, sample and trend.
type rowView struct {
	Entry
	Chart      string // path of the metric's chart; empty where it has none
	Sub        string // sample, band, or why there is no figure
	Thresholds string
	List       []string // of a breakdown, each key as Markdown
	Spark      string
	Told       []string // of a week: when its alerts were, and what to keep in mind
}

func (d Day) view(charts string) dayView {
	all := d.first()
	v := dayView{
		Name: heading(d.Release), Date: d.Now.UTC().Format("Monday, 2 January 2006"),
		Updated: humanize.Moment(d.Now), Stale: humanize.Moment(d.Now.Add(StaleAfter)), Age: ageOf(d.Release, d.Now), Links: links(d), Gate: d.Gate, Filled: d.Filled, Afterwards: d.Afterwards,
		Status: d.status(), Next: d.next(), Attention: d.needs(), Gaps: d.Gaps, Notes: d.Notes, Warnings: d.Warnings, Quiet: quiet(all),
		Incidents: incidentsOf(d.Fired, all, d.Now), IncidentWindow: incidentWindow, Versions: d.versions(), Active: d.active(),
	}
	switch n := len(ongoing(d.Fired)); n {
	case 0:
		v.Alerts = "no active alerts"
	default:
		v.Alerts = humanize.Count(n, "active alert") + worstAlert(ongoing(d.Fired), all)
	}
	for _, words := range []string{d.silenced(), d.inhibited(), d.waiting()} {
		if words != "" {
			v.Alerts += " · " + words
		}
	}
	for _, s := range sectionsOf(d.shown(), metric.Sections(), func(e Entry) string { return e.Definition.Section }) {
		section := sectionView{Section: s}
		for _, e := range s.Rows {
			section.Rows = append(section.Rows, rowOf(e, d.Charts, charts))
		}
		v.Sections = append(v.Sections, section)
	}
	return v
}

// worstAlert says how bad the worst of the alerts that last is, where no metric is so bad
// now: ", the worst critical"; else it is empty, for the counts say it.
func worstAlert(fired []alert.Fired, now []Entry) string {
	for _, level := range []verdict.Level{verdict.Critical, verdict.Warning} {
		if slices.ContainsFunc(fired, func(f alert.Fired) bool { return f.Level == level }) {
			if count(now, level) > 0 {
				return ""
			}
			return ", the worst " + levelWords[level]
		}
	}
	return ""
}

// VersionsNote says of which time the columns of the table of versions are.
func (dayView) VersionsNote() string {
	return "Sessions, crashes, commands and downloads are of the last 7 days; problems are all issues since the release that name the version. The state goes by the sessions of the last 24 hours: of the newest version, low below 10% of them, else adopted; of an older one, replaced below 10%, else in use. Sessions that crashed are told apart by their ids; in exports an id stands for one user on one day."
}

func rowOf(e Entry, drawn map[string]bool, charts string) rowView {
	r := rowView{Entry: e, Spark: Spark(e.History, e.Reading)}
	if drawn[e.Definition.ID] {
		r.Chart = charts + e.Definition.ID + ".svg"
	}
	if e.Level() == verdict.Unknown {
		r.Sub = e.Detail()
	} else {
		r.Sub = joined(e.meanWords(), e.Sample(), e.Band())
	}
	if e.Verdict.Value == nil || e.Verdict.Key != "" {
		r.List = e.Keys()
	}
	for _, b := range []namedBound{{"warning", e.Thresholds.Warning}, {"critical", e.Thresholds.Critical}} {
		if !b.is.IsZero() && !e.Aside {
			r.Thresholds = joined(r.Thresholds, b.name+" "+symbol(b.is, e.Definition.Unit))
		}
	}
	if e.Definition.Baseline != "" {
		r.Thresholds = joined(r.Thresholds, "baseline "+e.Definition.Baseline)
	}
	return r
}

// joined joins what is not empty.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// Today is reports/README.md: how the release stands now, what needs attention,
// then every figure.
func Today(d Day) string { return page("today.md.tmpl", d.view("charts/")) }

// silenced says what nobody is notified of, until when, by whom and why: "silenced:
// Crash rate until 10 Feb (lena: known)"; empty where nothing is.
func (d Day) silenced() string {
	var all []string
	for _, s := range d.Silences {
		var names []string
		for _, id := range s.Metric {
			names = append(names, d.titleOf(id))
		}
		names = append(names, s.Label...)
		all = append(all, fmt.Sprintf("%s until %s (%s: %s)", strings.Join(names, ", "), humanize.Day(s.Until.Time), Cell(s.Who), Cell(s.Reason)))
	}
	if len(all) == 0 {
		return ""
	}
	return "silenced: " + strings.Join(all, "; ")
}

// inhibited says which alerts another one keeps quiet: "quiet while Yanked versions
// lasts: Downloads per day"; empty where none does.
func (d Day) inhibited() string {
	var all []string
	by := map[string][]string{}
	for _, i := range d.Inhibited {
		if by[i.While] == nil {
			all = append(all, i.While)
		}
		by[i.While] = append(by[i.While], d.titleOf(i.Metric))
	}
	for i, while := range all {
		all[i] = fmt.Sprintf("quiet while %s lasts: %s", d.titleOf(while), humanize.List(by[while]))
	}
	return strings.Join(all, "; ")
}

// titleOf is what people read for a metric's id, also for one of the user's own.
func (d Day) titleOf(id string) string {
	for _, e := range d.Entries {
		if e.Definition.ID == id {
			return e.Title()
		}
	}
	return titleOf(id)
}

// waiting says which notifications wait for the hours of their route: "waiting for
// working hours: Install script error rate (2 Feb, 08:00 UTC)"; empty where none does.
func (d Day) waiting() string {
	var all []string
	for _, w := range d.Waiting {
		name := w.What
		switch {
		case name == "":
			name = "a mail or mention"
		case !strings.HasPrefix(name, "#"):
			name = d.titleOf(name)
		}
		if words := fmt.Sprintf("%s (until %s)", name, humanize.Moment(w.Until)); !slices.Contains(all, words) {
			all = append(all, words)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "waiting for working hours: " + humanize.Few(all, 5)
}

// Besides is what the page of today says that does not follow from the readings: the
// newest version of the release, what is silenced, and what waits.
func Besides(d Day) []string {
	return slices.DeleteFunc([]string{newestWords(d.Release), d.silenced(), d.inhibited(), d.waiting()}, func(words string) bool { return words == "" })
}

// NextSteps are the next steps as the page of today says them.
func NextSteps(d Day) string { return page("next", d.next()) }

// pageLinks lead to the other pages, by their paths in the folder of reports; a
// week's page is there once it is over.
func pageLinks(d Day) []indexLink {
	all := []indexLink{{DayPath(d.Now), "Daily check"}}
	if d.Weekly {
		all = append(all, indexLink{WeekPath(d.Now.AddDate(0, 0, -7)), "Last week"})
	}
	if d.Gated {
		all = append(all, indexLink{"gate.md", "Gate"})
	}
	if d.Judged {
		all = append(all, indexLink{"retrospective.md", "Retrospective"})
	}
	return append(all, indexLink{"data/readings/" + metric.Month(d.Now) + ".ndjson", "Data"})
}

// links are those of the page of today, in Markdown.
func links(d Day) string {
	all := []string{"[Dashboard](index.html)"}
	for _, l := range pageLinks(d) {
		all = append(all, fmt.Sprintf("[%s](%s)", l.Text, l.URL))
	}
	return strings.Join(all, " · ")
}

// quiet says that nothing needs attention, as far as there are data.
func quiet(all []Entry) string {
	switch unknown := len(withoutData(all)); {
	case unknown == len(all):
		return "No metric has data yet."
	case unknown > 0:
		return fmt.Sprintf("Nothing: every metric with data is on target (%d without data).", unknown)
	}
	return "Nothing: every metric is on target."
}
