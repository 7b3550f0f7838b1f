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
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Incident is an alert as pages show it: a metric past a threshold, an urgent
// mail, or a mention that many look at.
type Incident struct {
	Level    verdict.Level
	Sign     string
	Title    string // plain text, "Crash rate 11.3% (6 of 53)"; may hold a stranger's text
	Short    string // the title without the sample: "Crash rate 11.3%"
	Peak     string // when the figure was measured: "in the 24 hours to 5 Feb 18:17", "on 5 Feb"
	Later    bool   // it was measured on a later day than the alert started
	Version  string // that explains it; empty where nobody knows
	Started  string // "4 Feb 18:17"
	Lasted   string // "3d", or "ongoing, 2h 10m"
	Ended    string // "7 Feb 18:17"; empty while it lasts
	Response string // time to the first response: "51m"; "–" where there was none
	// Responder is who responded first, by name; empty where nobody knows. It may hold a
	// stranger's text.
	Responder string
	Notified  string // "alerts and team"; "nobody" where no channel was
	Ongoing   bool
	Metric    string // its id; empty for a mail or a mention
	// Members are the alerts of which people were notified in one message, the worst
	// first; nil for a single one.
	Members []Incident

	since   time.Time
	length  time.Duration // for how long it lasted, or lasts
	message string        // the key of the message by which people heard of it; empty where none did
}

// urgentLabels make a mail an incident.
var urgentLabels = []string{"P0", "critical", "security", "privacy-leak"}

// Urgency is how bad an incident is: a mail with an urgent label is
// critical, a mention is information.
func Urgency(f alert.Fired) verdict.Level {
	switch {
	case f.Notice == nil:
		return f.Level
	case slices.ContainsFunc(f.Notice.Labels, func(l string) bool { return slices.Contains(urgentLabels, l) }):
		return verdict.Critical
	}
	return verdict.OK
}

// incidentsOf describes alerts, the newest first. The entries give titles and
// the worst figure while each lasted; now ends what is ongoing.
func incidentsOf(fired []alert.Fired, entries []Entry, now time.Time) []Incident {
	byID := map[string]Entry{}
	for _, e := range entries {
		if _, taken := byID[e.Definition.ID]; !taken {
			byID[e.Definition.ID] = e
		}
	}
	newest := slices.Clone(fired)
	slices.SortStableFunc(newest, func(a, b alert.Fired) int {
		return cmp.Or(b.Since.Compare(a.Since), cmp.Compare(a.Metric, b.Metric))
	})
	var all []Incident
	for _, f := range newest {
		e := byID[f.Metric]
		in := incidentOf(f, e, now)
		if worst, found := worstOf(f, e, append(e.History[:len(e.History):len(e.History)], e.Reading)); found && in.Version == "" {
			in.Version = firstOf(Entry{Reading: worst}.NameList(), explaining(f.Metric, worst.At, entries))
		}
		all = append(all, in)
	}
	return gathered(all)
}

// About is the version that an incident is about: "1.1.1-beta", or "worst in 1.1.1-beta"
// where its figure is of all versions; empty where no version explains it.
func (in Incident) About() string {
	if in.Version != "" && byVersion[in.Metric] != "" {
		return "worst in " + in.Version
	}
	return in.Version
}

func incidentOf(f alert.Fired, e Entry, now time.Time) Incident {
	level := Urgency(f)
	in := Incident{Level: level, Sign: levelSigns[level], Started: f.Since.UTC().Format("2 Jan 15:04"), Response: "–", Notified: "nobody", Title: incidentTitle(f, e, true), Short: incidentTitle(f, e, false)}
	in.Peak, in.Later = peakOf(f, e)
	in.since, in.message, in.length = f.Since, f.Message(), now.Sub(f.Since)
	if !f.Ended.IsZero() {
		in.length = f.Ended.Sub(f.Since)
	}
	if level == verdict.OK {
		in.Sign = "–"
	}
	if f.Notice == nil {
		in.Metric = f.Metric
	}
	switch {
	case f.Notice != nil:
		in.Lasted = "–"
		if f.Began.Sub(f.Since) > time.Hour {
			in.Lasted = "noticed " + f.Began.UTC().Format("2 Jan 15:04")
		}
	case f.Ended.IsZero():
		in.Ongoing, in.Lasted = true, "ongoing"
		if so := now.Sub(f.Since).Truncate(time.Minute); so > 0 {
			in.Lasted += ", " + humanize.Duration(so)
		}
	default:
		in.Lasted, in.Ended = humanize.Duration(f.Ended.Sub(f.Since).Truncate(time.Minute)), f.Ended.UTC().Format("2 Jan 15:04")
	}
	if f.Flapping {
		in.Lasted += ", flapping"
	}
	switch {
	case f.Answered.IsZero():
		if late := lateness(f, now); late != "" {
			in.Response = noResponse + late
		} else if f.Covered {
			in.Response = perReport
		}
	case f.Answered.After(f.Began):
		in.Response, in.Responder = waitedFor(f)+lateness(f, now), oneLine(f.Answerer, 60)
	default:
		in.Response = answeredBefore
	}
	if channels := f.Channels(); len(channels) > 0 {
		in.Notified = humanize.List(channels)
	}
	return in
}

// waitedFor is how long people took to respond to an alert, from when they heard of it; at
// least a minute. One to which somebody responded before that counts from its start.
func waitedFor(f alert.Fired) string {
	waited := f.Answered.Sub(f.Asked())
	if waited < 0 {
		waited = f.Answered.Sub(f.Began)
	}
	return humanize.Duration(max(waited.Round(time.Minute), time.Minute))
}

// lateness says that no response came in the time in which it was asked for: " (late,
// limit 15m)"; empty where it was in time, may still come, or nobody was asked.
func lateness(f alert.Fired, now time.Time) string {
	limit, due, late := f.Late(now)
	switch {
	case !late:
		return ""
	case !due.IsZero():
		return fmt.Sprintf(" (late, due %s)", shortMoment(due))
	}
	return fmt.Sprintf(" (late, limit %s)", span(limit))
}

// noResponse is the first response of an alert to which nobody responded in time.
const noResponse = "none"

// perReport is the first response of an alert that counts nothing but reports of which
// people were notified one by one.
const perReport = "per report"

// answeredBefore is the first response of an alert that counts issues to which the
// team had responded.
const answeredBefore = "on the report, before the alert"

// incidentTitle is what happened: the metric with its worst figure, or what a
// notice is about; with the sample of the figure or without.
func incidentTitle(f alert.Fired, e Entry, sample bool) string {
	if f.Notice != nil {
		if len(f.Notice.Labels) > 0 {
			return "Mail labelled " + strings.Join(leading(f.Notice.Labels), ", ")
		}
		return noticeTitle(f.Metric, f.Notice)
	}
	title := firstOf(e.Definition.Title, titleOf(f.Metric))
	if worst, found := worstWithin(f, e); found {
		if countUnit(e.Definition.Unit) {
			title += ": " + humanize.Number(*worst.Value)
		} else {
			title += " " + humanize.Value(*worst.Value, e.Definition.Unit)
		}
		if sample && worst.Part != nil && worst.Whole != nil {
			title += fmt.Sprintf(" (%s %s)", verdict.PartOf(*worst.Part, *worst.Whole, e.Definition.Cases), peak(worst))
		}
	}
	return title
}

// worstWithin is the worst reading with a figure while an alert lasted, and reports
// whether there is one.
func worstWithin(f alert.Fired, e Entry) (metric.Reading, bool) {
	worst, found := worstOf(f, e, append(e.History[:len(e.History):len(e.History)], e.Reading))
	return worst, found && worst.Value != nil && f.Notice == nil
}

// peakOf says when the figure of an alert was measured, or when it started where it
// has none, and reports whether that was on a later day.
func peakOf(f alert.Fired, e Entry) (when string, later bool) {
	worst, found := worstWithin(f, e)
	if !found {
		return "on " + humanize.Day(f.Since), false
	}
	return peak(worst), humanize.Day(worst.At) != humanize.Day(f.Since)
}

// peak names the window of a reading by its end: "in the 24 hours to 5 Feb 18:17";
// that of a figure of the moment is its day.
func peak(r metric.Reading) string {
	length := r.Until.Sub(r.From)
	switch {
	case length == day && r.From.Equal(r.From.UTC().Truncate(day)):
		return "on " + humanize.Day(r.From) // a whole day
	case length > 0:
		return fmt.Sprintf("in the %s to %s", humanize.Window(length), r.Until.UTC().Format("2 Jan 15:04"))
	}
	return "on " + humanize.Day(r.At)
}

// leading are the urgent labels of a mail, or all of them where none is.
func leading(labels []string) []string {
	urgent := slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return !slices.Contains(urgentLabels, l) })
	if len(urgent) > 0 {
		slices.Sort(urgent)
		return urgent
	}
	return labels
}

// noticeTitle is a mention in a few words: "286 points on Hacker News".
func noticeTitle(id string, n *alert.Notice) string {
	source, _, _ := strings.Cut(strings.TrimPrefix(id, "mention:"), ":")
	return fmt.Sprintf("%s on %s", humanize.Value(float64(n.Score), "points"), placeName(source))
}

// worstOf returns the reading that was worst while an alert lasted, by its level and
// then by its value, the first of several, and reports whether there is one that was
// past a threshold of the entry. What the alert itself recorded counts too: runs
// between two readings of a day measure as well.
func worstOf(f alert.Fired, e Entry, readings []metric.Reading) (metric.Reading, bool) {
	worst, found := metric.Reading{}, false
	if r, recorded := peakReading(f); recorded {
		readings = append(slices.Clone(readings), r)
	}
	for _, r := range readings {
		if r.At.Before(f.Since) || !f.Ended.IsZero() && r.At.After(f.Ended) || !alarming(r) {
			continue
		}
		level, before := verdict.Level(r.Verdict), verdict.Level(worst.Verdict)
		if !found || level.Worse(before) || level == before && e.Thresholds.Farther(r.Value, worst.Value) {
			worst, found = r, true
		}
	}
	return worst, found
}

// peakReading is the worst figure that an alert recorded, as a reading, and reports
// whether it has one.
func peakReading(f alert.Fired) (metric.Reading, bool) {
	p := f.Peak
	if p == nil {
		return metric.Reading{}, false
	}
	return metric.Reading{Metric: f.Metric, At: p.At, From: p.From, Until: p.Until, Value: &p.Value, Part: p.Part, Whole: p.Whole, Names: p.Names, Verdict: string(p.Level)}, true
}

// levelOn returns the worst level that an alert had reached by the end of a UTC day,
// and reports whether it was active on that day. An alert that no reading was past a
// threshold with has its own level on each of its days.
func levelOn(f alert.Fired, e Entry, at time.Time) (verdict.Level, bool) {
	from := at.UTC().Truncate(day)
	if f.Notice != nil || !f.Since.Before(from.Add(day)) || !f.Ended.IsZero() && !f.Ended.After(from) {
		return "", false
	}
	if !f.Critical.IsZero() && f.Critical.Before(from.Add(day)) {
		return verdict.Critical, true
	}
	until := f
	until.Peak, until.Ended = nil, from.Add(day-time.Nanosecond)
	if !f.Ended.IsZero() && f.Ended.Before(until.Ended) {
		until.Ended = f.Ended
	}
	if p := f.Peak; p != nil && !p.At.After(until.Ended) {
		until.Peak = p
	}
	readings := append(e.History[:len(e.History):len(e.History)], e.Reading)
	if worst, found := worstOf(until, e, readings); found {
		return verdict.Level(worst.Verdict), true
	}
	return f.Level, true
}

func alarming(r metric.Reading) bool {
	return r.Verdict == string(verdict.Warning) || r.Verdict == string(verdict.Critical)
}

// firedOf returns the alerts of one metric.
func firedOf(all []alert.Fired, metric string) []alert.Fired {
	var some []alert.Fired
	for _, f := range all {
		if f.Metric == metric {
			some = append(some, f)
		}
	}
	return some
}
