package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Week is all that a week's digest says. Of each metric there are two entries,
// with that of the week before as the previous one, and the same days: how it
// stood last, by which its alerts go, and how it was over the week.
type Week struct {
	Release model.Release
	Year    int // of the ISO week
	Number  int
	From    time.Time // Monday
	Until   time.Time // the Monday after
	Last    []Entry
	Entries []Entry // over the week
	Fired   []alert.Fired
	Days    int    // of the week, of which there are readings
	Page    string // where the page is, as an address
}

// Title names the digest, as its issue does.
func (w Week) Title() string {
	return fmt.Sprintf("%s: week %d summary", strings.TrimSpace(w.Release.Project+" "+w.Release.Version), w.Number)
}

// Name is the ISO week: 2026-W05.
func (w Week) Name() string { return fmt.Sprintf("%d-W%02d", w.Year, w.Number) }

// weekSections are those of the plan's digest, with the metrics that each
// names, in its order.
var weekSections = []struct {
	title   string
	metrics []string
}{
	{"System health", []string{"p0_bugs", "priority_flow", "crash_rate", "command_success_rate", "installation_failure_rate", "platform_failures", "privacy_leaks", "pii_in_telemetry", "yanked_versions", "vulnerabilities", "generation_time_p95"}},
	{"User engagement", []string{"daily_active_users", "total_sessions", "commands_generated", "commands_per_session", "sessions_per_user", "week_retention", "telemetry_opt_out_rate", "downloads_per_day", "downloads_total"}},
	{"Community", []string{"stars_per_week", "forks_per_week", "new_contributors", "first_time_reporters", "bugs_per_week", "open_bugs", "time_to_first_response", "unanswered_issues", "issue_sentiment", "positive_mentions", "top_mention", "nps", "satisfaction", "survey_sentiment", "discussion_engagement", "unanswered_discussions"}},
}

func (w Week) entry(id string) (Entry, bool) {
	for _, e := range w.Entries {
		if e.Definition.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}

// day is how things stood at the end of the week.
func (w Week) day() Day { return Day{Release: w.Release, Now: w.Until, Entries: w.Last} }

// Digest is the week's page, and the text of its issue.
func Digest(w Week) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n%s to %s%s.", Headline(w.day()), w.From.Format("Monday, 2 January"), w.Until.AddDate(0, 0, -1).Format("Monday, 2 January 2006"), phaseOf(Day{Release: w.Release, Now: w.Until.Add(-time.Second)}))
	switch {
	case w.Days == 0:
		b.WriteString(" There are no readings of it: snapshot makes them, and must have run before.")
	case w.Days < 7:
		fmt.Fprintf(&b, " There are readings of %d of its 7 days.", w.Days)
	}
	b.WriteString("\n\n")
	happened(&b, w)
	actions(&b, w)
	for _, s := range weekSections {
		weekTable(&b, w, s.title, s.metrics)
	}
	wishes(&b, w.told)
	todo(&b, w)
	unmeasured(&b, w)
	return b.String()
}

// Action is one thing to do, and why.
type Action struct{ What, Why string }

// mostActions is how many things a digest asks for.
const mostActions = 5

// Actions are what the week asks for: of the verdicts what is furthest from its
// target first, then what hurts most, and what is wanted most.
func Actions(w Week) []Action {
	var all []Action
	for _, e := range sorted(w.Last) {
		v := e.Verdict
		if v.Level == verdict.OK || v.Level == verdict.Unknown || len(all) == mostActions {
			continue
		}
		all = append(all, Action{
			What: fmt.Sprintf("%s (%s)", e.Definition.ID, v.Level),
			Why:  fmt.Sprintf("%s %s%s", e.Definition.Title, capital(sentenceOf(e)), w.trend(e)),
		})
	}
	for _, source := range []struct{ id, what string }{{"pain_points", "what hurts most: "}, {"feature_requests", "what is wanted most: "}} {
		e, known := w.entry(source.id)
		if !known || len(e.Reading.Values) == 0 {
			continue
		}
		// What nobody has voted for yet can wait.
		if top := e.Reading.Values[0]; top.Value != nil && *top.Value > 0 {
			all = append(all, Action{What: source.what + oneLine(top.Key, 80), Why: withUnit(*top.Value, e.Definition.Unit)})
		}
	}
	return all
}

// sentenceOf is what the record says of a reading, or the verdict's own.
func sentenceOf(e Entry) string {
	if e.Reading.Reason != "" {
		return e.Reading.Reason
	}
	return e.Verdict.Sentence()
}

// trend compares the week with the one before.
func (w Week) trend(last Entry) string {
	e, known := w.entry(last.Definition.ID)
	if !known || e.Verdict.Value == nil || e.Reading.Previous == nil {
		return ""
	}
	unit, over := e.Definition.Unit, ""
	if e.Reading.Until.Sub(e.Reading.From) != last.Reading.Until.Sub(last.Reading.From) {
		over = "over the week it is " + figureOf(e.Verdict) + ", "
	}
	return fmt.Sprintf("; %s%s against last week's %s", over, changed(*e.Verdict.Value, *e.Reading.Previous, unit), beforeOf(e.Verdict, *e.Reading.Previous))
}

func actions(b *strings.Builder, w Week) {
	b.WriteString("### Action items\n\n")
	all := Actions(w)
	if len(all) == 0 {
		fmt.Fprintf(b, "None. %s\n\n", quiet(Day{Entries: w.Last}))
		return
	}
	for i, a := range all {
		fmt.Fprintf(b, "%d. **%s**: %s\n", i+1, Cell(a.What), Cell(a.Why))
	}
	b.WriteString("\n")
}

func weekTable(b *strings.Builder, w Week, title string, metrics []string) {
	var some []Entry
	for _, id := range metrics {
		if e, known := w.entry(id); known && e.Verdict.Level != verdict.Unknown {
			some = append(some, e)
		}
	}
	if len(some) == 0 {
		return
	}
	fmt.Fprintf(b, "### %s\n\n| | Metric | This week | Last week | Change | Wanted | Day by day |\n|---|---|---:|---:|---|---|---|\n", title)
	for _, e := range byLevel(some) {
		last, moved := "–", "–"
		if p := e.Reading.Previous; p != nil {
			last = beforeOf(e.Verdict, *p)
			if e.Verdict.Value != nil {
				moved = changed(*e.Verdict.Value, *p, e.Definition.Unit)
			}
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s |\n", mark(e), e.Definition.ID, weekCell(e), last, moved, orDash(Cell(bounds(e))), weekSpark(e))
	}
	b.WriteString("\n")
}

// weekCell is the figure of the week. One over another time says so.
func weekCell(e Entry) string {
	cell := nowCell(e)
	if length := e.Reading.Until.Sub(e.Reading.From); length > 0 && length != 7*day {
		cell += "<br><sub>" + overWords(length) + "</sub>"
	}
	return cell
}

// weekSpark is the week day by day.
func weekSpark(e Entry) string {
	if len(e.History) == 0 {
		return "–"
	}
	return Spark(e.History[:len(e.History)-1], e.History[len(e.History)-1])
}

// happened is what fired in the week, also where it is over, or began and ended
// between two readings. Where nobody remembers it, the readings tell.
func happened(b *strings.Builder, w Week) {
	var lines []string
	for _, e := range w.Last {
		fired := firedOf(w.Fired, e.Definition.ID)
		for _, f := range fired {
			line := firedLine(f, ofWeek(w))
			if worst, found := worstOf(f, e.History); found {
				line += fmt.Sprintf("; on %s %s", worst.At.UTC().Format("Monday"), Cell(worst.Reason))
			}
			lines = append(lines, line)
		}
		if line := pastByReadings(e); len(fired) == 0 && line != "" {
			lines = append(lines, line)
		}
	}
	for _, f := range w.Fired {
		if f.Notice != nil {
			lines = append(lines, firedLine(f, ofWeek(w)))
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(b, "### What happened\n\n- %s\n\n", strings.Join(lines, "\n- "))
	}
}

// pastByReadings is how often a metric was past a threshold when it was read;
// empty where it never was.
func pastByReadings(e Entry) string {
	worst, top, days := verdict.OK, metric.Reading{}, map[verdict.Level]int{}
	for _, r := range e.History {
		if !alarming(r) {
			continue
		}
		days[verdict.Level(r.Verdict)]++
		if level := verdict.Level(r.Verdict); level.Worse(worst) {
			worst, top = level, r
		}
	}
	if len(days) == 0 {
		return ""
	}
	was := fmt.Sprintf("%s on %s", worst, times(days[worst], "day"))
	if worst == verdict.Critical && days[verdict.Warning] > 0 {
		was += fmt.Sprintf(" and past its warning on %s", times(days[verdict.Warning], "more day"))
	}
	state := "and is so still"
	if !alarming(e.History[len(e.History)-1]) {
		state = "and is over"
	}
	return fmt.Sprintf("**%s** was %s, %s: on %s %s", e.Definition.ID, was, state, top.At.UTC().Format("Monday"), Cell(top.Reason))
}

// byLevel puts the worst first, and leaves the plan's order among equals.
func byLevel(entries []Entry) []Entry {
	var all []Entry
	for _, level := range []verdict.Level{verdict.Critical, verdict.Warning, verdict.Watch, verdict.OK, verdict.Unknown} {
		for _, e := range entries {
			if e.Verdict.Level == level {
				all = append(all, e)
			}
		}
	}
	return all
}

// wishes are the lists that people made: what hurts and what is wanted, what they
// write by mail, and where they talk. Of each metric the reading that tells it.
func wishes(b *strings.Builder, told func(id string) (metric.Definition, metric.Reading, bool)) {
	for _, list := range []struct{ id, title string }{{"pain_points", "What hurts"}, {"feature_requests", "What is wanted"}, {"mail_by_label", "What comes by mail"}, {"mentions_by_place", "Where they talk"}} {
		of, reading, known := told(list.id)
		if !known || len(reading.Values) == 0 {
			continue
		}
		var parts []string
		for i, v := range reading.Values {
			if i == 4 || v.Value == nil {
				break
			}
			parts = append(parts, fmt.Sprintf("%s (%s)", Code(listed(v.Key), 80), withUnit(*v.Value, of.Unit)))
		}
		fmt.Fprintf(b, "**%s:** %s\n\n", list.title, strings.Join(parts, ", "))
	}
}

// told is the reading of a metric in the week.
func (w Week) told(id string) (metric.Definition, metric.Reading, bool) {
	e, known := w.entry(id)
	return e.Definition, e.Reading, known
}

// listed is a key of a list; the places where people talk have names.
func listed(key string) string {
	if name, known := places[key]; known {
		return name
	}
	return key
}

// todo is what is to be done in the phase of the week that begins.
func todo(b *strings.Builder, w Week) {
	phase, ok := w.Release.PhaseAt(w.Until)
	if !ok {
		return
	}
	fmt.Fprintf(b, "### Next week: %s\n\n", Cell(phase.Name))
	if len(phase.Focus) > 0 {
		fmt.Fprintf(b, "Focus: %s.\n\n", Cell(strings.Join(phase.Focus, ", ")))
	}
	for _, what := range phase.Todo {
		fmt.Fprintf(b, "- [ ] %s\n", Cell(what))
	}
	b.WriteString("\n")
}

func unmeasured(b *strings.Builder, w Week) {
	var parts []string
	for _, e := range w.Last {
		if e.Verdict.Level == verdict.Unknown {
			parts = append(parts, fmt.Sprintf("%s (%s)", e.Definition.ID, Cell(firstOf(e.Reading.Reason, e.Verdict.Why))))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(b, "<details><summary>Not known: %s</summary>\n\n%s.\n\n</details>\n", times(len(parts), "metric"), strings.Join(parts, "; "))
	}
}

// mostBody is how long the text of an issue may be: GitHub takes 65,536
// characters.
const mostBody = 60_000

// IssueBody cuts a text at a section where GitHub would not take it, and says
// where the whole is.
func IssueBody(text, page string) string {
	link := fmt.Sprintf("\n[The page with all of it](%s)\n", page)
	if len(text)+len(link) <= mostBody {
		return text + link
	}
	cut := strings.ToValidUTF8(text[:mostBody-len(link)-200], "")
	if at := strings.LastIndex(cut, "\n### "); at > 0 {
		cut = cut[:at]
	}
	return cut + "\n\n*The rest is longer than an issue may be.*\n" + link
}

// WeekPage is the page of a week in the folder of reports.
func WeekPage(w Week) string {
	return fmt.Sprintf("# %s\n\n%s\n[Today](../../README.md)\n", w.Title(), Digest(w))
}

// mostPictures is how many charts a mail brings.
const mostPictures = 6

// weekPictures are the charts of what was past a threshold in the week, or is off
// its target, the worst first.
func weekPictures(w Week) []change.Picture {
	var all []change.Picture
	for _, e := range sorted(w.Last) {
		bad := e.Verdict.Level != verdict.OK && e.Verdict.Level != verdict.Unknown
		for _, r := range e.History {
			bad = bad || alarming(r)
		}
		if !bad || len(all) == mostPictures {
			continue
		}
		if picture := Picture(e); picture != nil {
			all = append(all, change.Picture{Name: e.Definition.ID, Alt: fmt.Sprintf("%s day by day: %s", e.Definition.ID, Spark(e.History, metric.Reading{})), PNG: picture})
		}
	}
	return all
}

// DigestMessage is the week for a channel: by mail all of it, in Slack the
// headline and what is to be done.
func DigestMessage(d alert.Due, w Week, to alert.Channel, issue string, place Place) change.Message {
	m := change.Message{
		Key:     fmt.Sprintf("%s/%s/%s/digest/%s", place.Repository, d.Channel, d.By, w.Name()),
		Channel: d.Channel, By: d.By, Title: w.Title(), Summary: Headline(w.day()), Link: issue,
	}
	m.Record, m.Failing = fmt.Sprintf("The digest was sent to `%s`.", to.Slack), fmt.Sprintf("The digest could not be sent to `%s` yet; a later run tries again.", to.Slack)
	m.Unsure = fmt.Sprintf("The delivery of the digest to `%s` is unconfirmed; a later run checks it, or sends it again.", to.Slack)
	if d.By == "email" {
		m.Record, m.Failing = "The digest was sent by mail.", "The digest could not be sent by mail yet; a later run tries again."
		m.Unsure = "The delivery of the digest by mail is unconfirmed; a later run sends it again."
		m.Summary, m.Body, m.List = "", Digest(w), w.Release.Project+" digest"
		m.Pictures = weekPictures(w)
		return m
	}
	for i, a := range Actions(w) {
		m.Facts = append(m.Facts, change.Fact{Name: fmt.Sprintf("%d. %s", i+1, a.What), Value: a.Why})
	}
	return m
}
