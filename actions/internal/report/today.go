package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Day is all that the pages of a day say: facts and figures, and no words yet.
type Day struct {
	Release fact.Release
	Now     time.Time
	Entries []Entry // in the order of the plan; of a metric its first window first
	Gaps    []fact.Gap
	Notes   []string // what else was not whole: records refused, a synchronisation that goes on
	Told    []string // who was told what in this run
	// Fired are the alerts since the day before; Besides is what of Told is of
	// none of them. Where nobody remembers what fired, the readings tell.
	Fired   []alert.Fired
	Besides []string
	Opened  []Recent // issues of the last day, the newest first
	Charts  map[string]bool
	Weekly  bool   // the plan has a digest
	Gated   bool   // the plan has a gate
	Page    string // where the page of today is, as an address; empty where nobody knows
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

// first are the entries that speak for their metric: its first window.
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

// sorted are the entries, the worst first.
func sorted(entries []Entry) []Entry {
	byMetric := map[string]Entry{}
	verdicts := make([]verdict.Verdict, len(entries))
	for i, e := range entries {
		byMetric[e.Definition.ID], verdicts[i] = e, e.Verdict
	}
	verdict.Sort(verdicts)
	all := make([]Entry, len(entries))
	for i, v := range verdicts {
		all[i] = byMetric[v.Metric]
	}
	return all
}

func count(entries []Entry, level verdict.Level) int {
	n := 0
	for _, e := range entries {
		if e.Verdict.Level == level {
			n++
		}
	}
	return n
}

// Headline says in a sentence whether the release is well. It is not said to be
// where something that must be watched most cannot be seen.
func Headline(d Day) string {
	name := strings.TrimSpace(d.Release.Project + " " + d.Release.Version)
	if name == "" {
		name = "The release"
	}
	all := d.first()
	if count(all, verdict.Unknown) == len(all) {
		return name + ": nothing is known."
	}
	state, parts := stateOf(all), counts(all)
	if len(parts) == 0 || count(all, verdict.Unknown) > 0 && len(parts) == 1 && len(blind(all)) == 0 {
		parts = append([]string{"every target that can be measured is met"}, parts...)
	}
	return fmt.Sprintf("%s %s: %s.", name, state, strings.Join(parts, ", "))
}

// stateOf is how the release is, in a few words.
func stateOf(all []Entry) string {
	watch, unknown := count(all, verdict.Watch) > 0, slices.ContainsFunc(all, unseen)
	switch {
	case count(all, verdict.Critical) > 0:
		return "is not well"
	case count(all, verdict.Warning) > 0:
		return "needs attention"
	case len(blind(all)) > 0:
		return "cannot be called well"
	case watch && unknown:
		return "is well, as far as is known, and not all it should be"
	case watch:
		return "is well, and not all it should be"
	case unknown:
		return "is well, as far as is known"
	}
	return "is well"
}

// unseen tells a metric of which nothing is known, though it could be.
func unseen(e Entry) bool {
	return e.Verdict.Level == verdict.Unknown && !e.Definition.NotFromExports(whyUnknown(e))
}

// blind are the metrics of the first priority that cannot be seen. Where the
// source answered and there was nothing to measure, nothing was missed.
func blind(all []Entry) []string {
	var names []string
	for _, e := range all {
		if e.Definition.Priority == "P0" && unseen(e) && !e.Verdict.Empty && !e.Definition.Nothing(whyUnknown(e)) {
			names = append(names, e.Definition.ID)
		}
	}
	return names
}

// whyUnknown is the reason of an unknown entry.
func whyUnknown(e Entry) string { return firstOf(e.Verdict.Why, e.Reading.Reason) }

// counts are how many metrics stand on each level, the worst first. What cannot
// be seen and must be is named.
func counts(all []Entry) []string {
	var parts []string
	note := func(n int, one, many string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+one)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", n, many))
		}
	}
	note(count(all, verdict.Critical), "metric is critical", "metrics are critical")
	note(count(all, verdict.Warning), "metric is past its warning", "metrics are past their warnings")
	unknown, names := count(all, verdict.Unknown), blind(all)
	if len(names) > 0 {
		parts = append(parts, and(few(names))+map[bool]string{true: " is unknown", false: " are unknown"}[len(names) == 1])
	}
	note(count(all, verdict.Watch), "metric misses its target", "metrics miss their targets")
	switch {
	case len(names) > 0:
		note(unknown-len(names), "other is unknown", "others are unknown")
	case len(parts) > 0:
		note(unknown, "metric is unknown", "are unknown")
	default:
		note(unknown, "metric is unknown", "metrics are unknown")
	}
	return parts
}

// few are the first names of a list, and how many there are besides.
func few(names []string) []string {
	const most = 3
	if len(names) <= most+1 {
		return names
	}
	return append(slices.Clone(names[:most]), fmt.Sprintf("%d more", len(names)-most))
}

// marks are the levels in words with a sign that does not rest on its colour.
var marks = map[verdict.Level]string{
	verdict.Critical: "🔴 critical", verdict.Warning: "🟠 warning", verdict.Watch: "🟡 watch", verdict.OK: "🟢 ok", verdict.Unknown: "⚪ unknown",
}

// mark is an entry's level. What was measured and has nothing to meet has none.
func mark(e Entry) string {
	if aimless(e) {
		return "–"
	}
	return marks[e.Verdict.Level]
}

// aimless tells a metric that the plan wants to know, without a target or a
// threshold to hold it against.
func aimless(e Entry) bool {
	return e.Verdict.Level == verdict.OK && bounds(e) == "" && len(e.Thresholds.Bands) == 0
}

// Today is reports/README.md: whether the release is well, what is not, by how
// much, since when, and how sure that is; then every figure.
func Today(d Day) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", Headline(d))
	fmt.Fprintf(&b, "Measured %s%s. %s\n\n", clock(d.Now, time.Time{}), phaseOf(d), links(d))
	attention(&b, d)
	incomplete(&b, d)
	sections(&b, d, "charts/")
	return b.String()
}

// links lead to the other pages that the plan has: a week's and a month's are
// there once they are over.
func links(d Day) string {
	all := []string{fmt.Sprintf("[The day](%s)", DayPath(d.Now))}
	shipped := d.Release.Shipped.Time
	if last := d.Now.AddDate(0, 0, -7); d.Weekly && !shipped.IsZero() && shipped.Before(last) {
		all = append(all, fmt.Sprintf("[last week](%s)", WeekPath(last)))
	}
	if d.Gated {
		all = append(all, "[the gate](gate.md)")
	}
	return strings.Join(append(all, "[the dashboard](index.html)", fmt.Sprintf("[all figures](data/readings/%s.ndjson)", metric.Month(d.Now))), " · ")
}

// DayPath is the page of a day in the folder of reports, by its ISO week.
func DayPath(t time.Time) string {
	year, week := t.UTC().ISOWeek()
	return fmt.Sprintf("%d/W%02d/%s.md", year, week, t.UTC().Format(time.DateOnly))
}

// WeekPath is the page of a time's ISO week.
func WeekPath(t time.Time) string {
	year, week := t.UTC().ISOWeek()
	return fmt.Sprintf("%d/W%02d/README.md", year, week)
}

// MonthPath is the page of a time's month.
func MonthPath(t time.Time) string { return t.UTC().Format("2006/01.md") }

func phaseOf(d Day) string {
	shipped := d.Release.Shipped.Time
	if shipped.IsZero() {
		return ""
	}
	days := int(d.Now.Sub(shipped)/day) + 1
	if d.Now.Before(shipped) {
		return fmt.Sprintf(", %s ships on %s", d.Release.Version, shipped.Format(time.DateOnly))
	}
	text := fmt.Sprintf(", day %d after %s shipped", days, d.Release.Version)
	if p, ok := d.Release.PhaseAt(d.Now); ok {
		text += fmt.Sprintf(", phase %s", p.Name)
		if len(p.Focus) > 0 {
			text += " (" + strings.Join(p.Focus, ", ") + ")"
		}
	}
	return text
}

const day = 24 * time.Hour

// attention is the list of what is not well, the worst first.
func attention(b *strings.Builder, d Day) {
	var bad []Entry
	for _, e := range sorted(d.first()) {
		if l := e.Verdict.Level; l == verdict.Critical || l == verdict.Warning || l == verdict.Watch {
			bad = append(bad, e)
		}
	}
	if len(bad) == 0 {
		fmt.Fprintf(b, "%s\n\n", quiet(d))
		return
	}
	b.WriteString("## What needs attention\n\n| | Metric | Now | Against the window before | Why, and how sure | Since |\n|---|---|---:|---|---|---|\n")
	for _, e := range bad {
		since := "–"
		if !e.Since.IsZero() {
			since = clock(e.Since, time.Time{})
		}
		fmt.Fprintf(b, "| %s | **%s**<br>%s | %s | %s | %s | %s |\n", marks[e.Verdict.Level], e.Definition.ID, Cell(e.Definition.Title), figureCell(e.Verdict),
			orDash(trend(e)), Cell(e.Verdict.Sentence()), since)
	}
	b.WriteString("\n")
}

// quiet says that nothing needs attention, as far as is known.
func quiet(d Day) string {
	all := d.first()
	switch unknown := count(all, verdict.Unknown); {
	case unknown == len(all):
		return "Nothing is known, so nothing can be said to be well."
	case unknown > 0:
		return fmt.Sprintf("Nothing that is known needs attention; %s not known.", areUnknown(unknown))
	}
	return "Nothing needs attention."
}

func areUnknown(n int) string {
	if n == 1 {
		return "1 metric is"
	}
	return fmt.Sprintf("%d metrics are", n)
}

// incomplete is what could not be read.
func incomplete(b *strings.Builder, d Day) {
	if len(d.Gaps)+len(d.Notes) == 0 {
		return
	}
	b.WriteString("## What could not be read\n\n")
	for _, g := range d.Gaps {
		source := g.Source
		if g.Table != "" {
			source += ", " + g.Table
		}
		fmt.Fprintf(b, "- **%s**: %s.", Cell(source), Cell(g.Reason))
		if g.Hint != "" {
			fmt.Fprintf(b, " *To do:* %s.", Cell(g.Hint))
		}
		b.WriteString("\n")
	}
	for _, note := range d.Notes {
		fmt.Fprintf(b, "- %s\n", Cell(note))
	}
	b.WriteString("\n")
}

// sections are tables of all figures, by the parts of the plan.
func sections(b *strings.Builder, d Day, charts string) {
	for _, section := range metric.Sections() {
		var some []Entry
		for _, e := range d.Entries {
			if e.Definition.Section == section {
				some = append(some, e)
			}
		}
		if len(some) == 0 {
			continue
		}
		fmt.Fprintf(b, "## %s\n\n| Metric | | Now | Before | Wanted | Trend |\n|---|---|---:|---:|---|---|\n", section)
		for _, e := range some {
			row(b, d, e, charts)
		}
		b.WriteString("\n")
	}
}

func row(b *strings.Builder, d Day, e Entry, charts string) {
	name := e.Definition.ID
	if len(e.Definition.Window) > 1 {
		name += " (" + windowWords(e.Reading) + ")"
	}
	if d.Charts[e.Definition.ID] {
		name = fmt.Sprintf("[%s](%s%s.svg)", name, charts, e.Definition.ID)
	}
	fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", name, mark(e), nowCell(e), beforeCell(e), orDash(Cell(wanted(e))), Spark(e.History, e.Reading))
}

// overWords is a window in words: now, or over so long.
func overWords(length time.Duration) string {
	switch {
	case length <= 0:
		return "now"
	case length%day == 0:
		return "over " + times(int(length/day), "day")
	case length%time.Hour == 0:
		return "over " + times(int(length/time.Hour), "hour")
	}
	return "over " + span(length)
}

func windowWords(r metric.Reading) string {
	length := r.Until.Sub(r.From)
	if length <= 0 {
		return "now"
	}
	return span(length)
}

// wanted are the bounds of an entry; of an unknown one, why it is.
func wanted(e Entry) string {
	if e.Verdict.Level == verdict.Unknown {
		return whyUnknown(e)
	}
	return bounds(e)
}

func figureCell(v verdict.Verdict) string {
	if v.Value == nil {
		return "–"
	}
	text := figureOf(v)
	if v.Key != "" {
		text = Cell(oneLine(v.Key, 60)) + ": " + text
	}
	if v.Part != nil && v.Whole != nil {
		text += fmt.Sprintf("<br><sub>%s of %s</sub>", short(*v.Part), short(*v.Whole))
	} else if v.Sample != nil {
		text += fmt.Sprintf("<br><sub>of %s</sub>", short(*v.Sample))
	}
	return text
}

// mostKeys is how many keys of a breakdown a table shows.
const mostKeys = 5

func breakdownCell(e Entry) string {
	if len(e.Reading.Values) == 0 {
		if e.Reading.Values != nil {
			return "none"
		}
		return ""
	}
	var parts []string
	for i, v := range e.Reading.Values {
		if i == mostKeys {
			parts = append(parts, fmt.Sprintf("%d more", len(e.Reading.Values)-mostKeys))
			break
		}
		if v.Value != nil {
			parts = append(parts, fmt.Sprintf("%s %s", Code(v.Key, 60), short(*v.Value)))
		}
	}
	if e.Verdict.Value != nil {
		return "<br><sub>" + strings.Join(parts, ", ") + "</sub>"
	}
	return strings.Join(parts, "<br>")
}

// nowCell is the figure, and what a breakdown holds.
func nowCell(e Entry) string {
	keys := breakdownCell(e)
	if keys != "" && e.Verdict.Value == nil {
		return keys
	}
	return figureCell(e.Verdict) + keys
}

func beforeCell(e Entry) string {
	if e.Verdict.Value == nil || e.Verdict.Previous == nil {
		return "–"
	}
	return fmt.Sprintf("%s<br><sub>%s</sub>", beforeOf(e.Verdict, *e.Verdict.Previous), change(*e.Verdict.Value, *e.Verdict.Previous, e.Verdict.Unit))
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// sparks are the eight heights of a line of text.
var sparks = []rune("▁▂▃▄▅▆▇█")

// Spark is the last two weeks of a metric as a line of text: one sign a day, a
// dot where a day is not known; empty where there is no past.
func Spark(history []metric.Reading, now metric.Reading) string {
	all := append(append([]metric.Reading{}, history...), now)
	if len(all) > 14 {
		all = all[len(all)-14:]
	}
	low, high, known := 0.0, 0.0, 0
	for _, r := range all {
		if r.Value == nil {
			continue
		}
		if known == 0 || *r.Value < low {
			low = *r.Value
		}
		if known == 0 || *r.Value > high {
			high = *r.Value
		}
		known++
	}
	if known < 2 {
		return "–"
	}
	var line []rune
	for _, r := range all {
		switch {
		case r.Value == nil:
			line = append(line, '·')
		case high == low:
			line = append(line, sparks[3])
		default:
			line = append(line, sparks[int((*r.Value-low)/(high-low)*7+0.5)])
		}
	}
	return string(line)
}

// DayPage is the page of a day: the plan's daily check, filled in.
func DayPage(d Day) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: the daily check\n\n%s\n\n", d.Now.UTC().Format("Monday, 2 January 2006"), Headline(d))
	fmt.Fprintf(&b, "Measured %s%s.\n\n", clock(d.Now, time.Time{}), phaseOf(d))
	b.WriteString("## The check\n\n")
	all := d.first()
	alertsOfDay(&b, d)
	waiting := 0
	for _, i := range d.Opened {
		if !i.Answered && !i.Closed {
			waiting++
		}
	}
	tick(&b, waiting == 0, "Issues of the last 24 hours", fmt.Sprintf("%d opened, %d of them not answered yet", len(d.Opened), waiting))
	for n, i := range d.Opened {
		if n == 20 {
			fmt.Fprintf(&b, "  - and %d more\n", len(d.Opened)-n)
			break
		}
		state := "waits for an answer"
		switch {
		case i.Answered:
			state = "answered"
		case i.Closed:
			state = "closed without an answer"
		}
		labels := ""
		if len(i.Labels) > 0 {
			labels = " (" + Cell(strings.Join(i.Labels, ", ")) + ")"
		}
		fmt.Fprintf(&b, "  - [issue %d](%s) %s%s: %s\n", i.Number, i.URL, Code(i.Title, 100), labels, state)
	}
	for _, line := range []struct{ name, id string }{{"Crash rate", "crash_rate"}, {"Installation", "installation_failure_rate"}, {"The release in the registry", "yanked_versions"}, {"Personal data in telemetry", "pii_in_telemetry"}, {"Vulnerabilities", "vulnerabilities"}, {"What is said elsewhere", "positive_mentions"}, {"What came by mail", "mail_by_label"}} {
		for _, e := range all {
			if e.Definition.ID == line.id {
				tick(&b, e.Verdict.Level == verdict.OK, line.name, checked(e))
			}
		}
	}
	b.WriteString("\n")
	attention(&b, d)
	incomplete(&b, d)
	sections(&b, d, "../../charts/")
	return b.String()
}

// alertsOfDay is what fires, and what fired since the day before, also where it
// began and ended between two readings.
func alertsOfDay(b *strings.Builder, d Day) {
	past := count(d.first(), verdict.Critical) + count(d.first(), verdict.Warning)
	stand, over := 0, 0
	for _, f := range d.Fired {
		switch {
		case f.Notice != nil:
		case f.Ended.IsZero():
			stand++
		default:
			over++
		}
	}
	switch {
	case past > 0:
		tick(b, false, "Alerts", fmt.Sprintf("%d past a threshold, see below", past))
	case stand > 0:
		tick(b, false, "Alerts", fmt.Sprintf("none is past a threshold for certain, and %s", standing(stand)))
	case over > 0:
		tick(b, false, "Alerts", fmt.Sprintf("none fires any more; %d did since the day before", over))
	default:
		tick(b, true, "Alerts", "none fires")
	}
	for _, f := range d.Fired {
		fmt.Fprintf(b, "  - %s\n", firedLine(f, ofDay(d.Now)))
	}
	told := d.Told
	if len(d.Fired) > 0 {
		told = d.Besides
	}
	for _, t := range told {
		fmt.Fprintf(b, "  - told %s\n", Cell(t))
	}
}

func standing(n int) string {
	if n == 1 {
		return "1 alert stands"
	}
	return fmt.Sprintf("%d alerts stand", n)
}

// checked is what a line of the check says of a metric: its sentence, or the list
// that it is.
func checked(e Entry) string {
	if e.Verdict.Value != nil || e.Reading.Values == nil {
		return e.Verdict.Sentence()
	}
	var parts []string
	for _, v := range e.Reading.Values {
		if v.Value != nil {
			parts = append(parts, fmt.Sprintf("%s %s", listed(v.Key), short(*v.Value)))
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

func tick(b *strings.Builder, done bool, name, what string) {
	mark := " "
	if done {
		mark = "x"
	}
	fmt.Fprintf(b, "- [%s] **%s**: %s\n", mark, name, Cell(what))
}
