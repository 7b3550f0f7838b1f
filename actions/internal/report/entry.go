package report

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Entry is one metric over one window, as it was measured and judged.
type Entry struct {
	Definition metric.Definition
	Thresholds verdict.Thresholds
	Reading    metric.Reading
	Verdict    verdict.Verdict
	// History are the metric's readings of earlier days, the oldest first, one
	// a day, over windows of the same length.
	History []metric.Reading
	SameAge SameAge // what an earlier version had on the same days after its release
	// Aside is set for a window beside the metric's own: its figure is shown, and has
	// no level, for the own window alone is held against target and thresholds.
	Aside bool
	// Named are the issues that the metric counts, with their titles, where there is room
	// for them; nil where nobody looked them up.
	Named   []Recent
	Version string    // what explains the figure: "worst in 1.1.1-beta"; empty where nothing does
	Since   time.Time // when it began to stand as it does; zero where nobody knows
}

// Title returns what people read for a metric; its id where the plan gives it
// no title.
func (e Entry) Title() string { return firstOf(e.Definition.Title, e.Definition.ID) }

// Window returns the window of the reading in words: "24 hours", of a whole day its date:
// "3 Feb"; empty for a state as of now.
func (e Entry) Window() string {
	length := e.Reading.Until.Sub(e.Reading.From)
	switch {
	case length <= 0:
		return ""
	case e.Definition.Days && length == day:
		return humanize.Day(e.Reading.From)
	}
	return humanize.Window(length)
}

// Over returns the window with its preposition: "last 24 hours", "on 3 Feb"; empty for a
// state as of now.
func (e Entry) Over() string {
	switch w := e.Window(); {
	case w == "":
		return ""
	case w == humanize.Day(e.Reading.From):
		return "on " + w
	default:
		return "last " + w
	}
}

// eachWindow is the window of every reading of the metric in words: "24 hours", "whole
// day"; empty for a state as of now.
func (e Entry) eachWindow() string {
	if e.Window() != "" && e.Definition.Days && e.Reading.Until.Sub(e.Reading.From) == day {
		return "whole day"
	}
	return e.Window()
}

// Level returns how the entry stands; one without a verdict has no data.
func (e Entry) Level() verdict.Level {
	if e.Aside && (e.Verdict.Value != nil || e.Reading.Values != nil) {
		return verdict.OK
	}
	if e.Verdict.Level == "" {
		return verdict.Unknown
	}
	return e.Verdict.Level
}

// Judged reports whether the plan holds the figure against anything. What was
// measured without a target, or over a window beside the metric's own, is
// information.
func (e Entry) Judged() bool {
	t := e.Thresholds
	return !e.Aside && (!t.Target.IsZero() || !t.Warning.IsZero() || !t.Critical.IsZero())
}

// Value returns the figure with its unit, for a breakdown the key that decided:
// "6%", "macOS: 22%"; "–" where there is none.
func (e Entry) Value() string {
	if e.Verdict.Value == nil {
		if e.Reading.Values != nil && len(e.Reading.Values) == 0 {
			return "none"
		}
		return "–"
	}
	if e.isMean() {
		return Figure(e.Verdict) + " " + onAverage
	}
	return Figure(e.Verdict)
}

// onAverage is said of a mean over days.
const onAverage = "a day on average"

// isMean reports whether the figure is a mean a day of a number of things.
func (e Entry) isMean() bool {
	return e.Definition.PerDay && countUnit(e.Definition.Unit) && e.Verdict.Key == ""
}

// meanWords say that a figure is a mean; empty for all else.
func (e Entry) meanWords() string {
	if e.isMean() && e.Verdict.Value != nil {
		return onAverage
	}
	return ""
}

// Amount returns the figure for a table or a tile, whose title names what is
// counted: "3", "6%", "1,354 ms"; of a breakdown with the key that decided.
func (e Entry) Amount() string {
	if !counted(e) {
		return e.Value()
	}
	v := e.Verdict
	v.Unit = ""
	return figureOf(v)
}

// uncompared reports whether the entry has a figure that nothing can be compared
// with yet, so that it has no level though it has data.
func (e Entry) uncompared() bool {
	return e.Level() == verdict.Unknown && e.Verdict.Value != nil
}

// Word returns the entry's level as people read it; "–" for what has no target.
func (e Entry) Word() string {
	switch {
	case e.Aside:
		return "–"
	case e.uncompared():
		return "no comparison"
	case !e.Judged() && e.Level() != verdict.Unknown:
		return "–"
	}
	return levelWords[e.Level()]
}

// Figure returns the number of a verdict with its unit; of a breakdown with the
// key that decided. The key may be a stranger's text, on one line.
func Figure(v verdict.Verdict) string {
	if v.Value == nil {
		return "no data"
	}
	figure := figureOf(v)
	if v.Key != "" {
		return oneLine(v.Key, 60) + ": " + figure
	}
	return figure
}

// figureOf writes the number with its unit. Where it would look like the bound
// that it misses, it has as many digits as tell it apart.
func figureOf(v verdict.Verdict) string {
	n := humanize.Number(*v.Value)
	if b := v.Bound; !b.IsZero() && b.Op != "growing" {
		n = humanize.Apart(*v.Value, b.Value)
	}
	return humanize.Unit(n, v.Unit)
}

// Sample returns what the figure rests on: "60 of 1,000", "sample 7"; empty where
// nothing is known of it.
func (e Entry) Sample() string { return e.Verdict.SampleWords() }

// IssueList returns the issues that a metric counts: "#2, #4, #17"; with how many it
// does not name, "#1, #2, #3, #4, #5, #6, 4 more", or with how many things that are no
// issues, such as mail, "#6, 1 not an issue"; empty where it counts none.
func (e Entry) IssueList() string {
	var all []string
	for _, n := range e.Reading.Issues {
		all = append(all, fmt.Sprintf("#%d", n))
	}
	if v := e.Reading.Value; v != nil && len(all) > 0 && int(*v) > len(all) {
		rest := "not an issue"
		if len(all) == metric.MaxIssues {
			rest = "more"
		}
		all = append(all, fmt.Sprintf("%d %s", int(*v)-len(all), rest))
	}
	return strings.Join(all, ", ")
}

// NameList returns what a metric counts by name: "1.1.0, 1.1.1, 1 more"; empty where
// nothing is named.
func (e Entry) NameList() string {
	if e.Link() != "" {
		return ""
	}
	var all []string
	for _, name := range e.Reading.Names {
		all = append(all, oneLine(name, 40))
	}
	if v := e.Reading.Value; v != nil && len(all) > 0 && int(*v) > len(all) {
		all = append(all, fmt.Sprintf("%d more", int(*v)-len(all)))
	}
	return strings.Join(all, ", ")
}

// Link returns the address of the post that the figure is of, fit for Markdown; empty
// where it is of none.
func (e Entry) Link() string {
	if e.Definition.ID != "top_mention" || len(e.Reading.Names) != 1 {
		return ""
	}
	u, err := url.Parse(e.Reading.Names[0])
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return strings.NewReplacer("(", "%28", ")", "%29", "|", "%7C", "<", "%3C", ">", "%3E", " ", "%20").Replace(u.String())
}

// DetailCell returns the detail as a table's cell in Markdown, with the title of each
// issue that the metric counts.
func (e Entry) DetailCell() string {
	if len(e.Named) == 0 {
		return Cell(e.Beside())
	}
	var all []string
	for _, i := range e.Named {
		all = append(all, fmt.Sprintf("[#%d](%s) %s", i.Number, i.URL, Code(i.Title, 60)))
	}
	if v := e.Reading.Value; v != nil && int(*v) > len(all) {
		all = append(all, fmt.Sprintf("%d more", int(*v)-len(all)))
	}
	e.Reading.Issues = nil
	if detail := e.Beside(); detail != "" {
		all = append([]string{Cell(detail)}, all...)
	}
	return strings.Join(all, "<br>")
}

// Interval returns the interval of a rate: "95% CI 3.7–27%"; empty for all else.
func (e Entry) Interval() string {
	if e.Verdict.Low == nil || e.Verdict.High == nil || e.Verdict.Confidence == 0 {
		return ""
	}
	return fmt.Sprintf("%s CI %s–%s%%", e.Verdict.Confidence, humanize.Number(*e.Verdict.Low), humanize.Number(*e.Verdict.High))
}

// Target returns the target: "< 0.1%", "growing"; "–" where there is none.
func (e Entry) Target() string {
	if t := e.Thresholds.Target; !t.IsZero() && !e.Aside {
		return symbol(t, e.Definition.Unit)
	}
	return "–"
}

// symbol writes a bound in signs, with the metric's unit: "≥ 80%", "0".
func symbol(b verdict.Bound, unit string) string {
	if b.Op == "growing" {
		return "growing"
	}
	if b.Unit != "" {
		unit = b.Unit
	}
	if unit != "%" && unit != "ms" && unit != "hours" {
		unit = "" // the value beside it has the unit
	}
	text := humanize.Unit(humanize.Exact(b.Value), unit)
	if op := map[string]string{"<": "<", "<=": "≤", ">": ">", ">=": "≥", "!=": "≠"}[b.Op]; op != "" {
		text = op + " " + text
	}
	if b.Of != "" {
		text += " " + b.Of
	}
	return text
}

// bounds returns target and thresholds: "target < 0.1%, warning > 0.5%".
func bounds(e Entry) string {
	var parts []string
	for _, b := range []namedBound{{"target", e.Thresholds.Target}, {"warning", e.Thresholds.Warning}, {"critical", e.Thresholds.Critical}} {
		if !b.is.IsZero() {
			parts = append(parts, b.name+" "+symbol(b.is, e.Definition.Unit))
		}
	}
	return strings.Join(parts, ", ")
}

// Change returns how the value moved against the previous period: "+17%",
// "unchanged"; "–" where there is nothing to compare.
func (e Entry) Change() string {
	if e.Verdict.Value == nil || e.Verdict.Previous == nil {
		return "–"
	}
	return humanize.Change(*e.Verdict.Value, e.Verdict.Previous, e.Verdict.Unit)
}

// Band returns the name of the value's band in the plan's interpretation guide:
// "excellent"; empty where it has none.
func (e Entry) Band() string { return e.Verdict.Band }

// Note returns what the plan's interpretation guide says to keep in mind of a value that
// misses its target; empty for all else.
func (e Entry) Note() string {
	if l := e.Level(); l == verdict.Watch || l == verdict.Warning || l == verdict.Critical {
		return e.Definition.Note
	}
	return ""
}

// Detail returns what a person must know beside the figure: the threshold that
// it is past, the sample with its interval, or why there is no figure.
func (e Entry) Detail() string {
	v := e.Verdict
	if e.uncompared() {
		return "no full period before it to compare with"
	}
	if e.Level() == verdict.Unknown {
		return strings.TrimPrefix(firstOf(v.Why, e.Reading.Reason), "unknown: ")
	}
	var parts []string
	reason := v.Reason
	if e.Aside { // it is held against no bound
		reason = verdict.NotAsked
	}
	switch reason {
	case verdict.Past:
		parts = append(parts, v.Name+" "+symbol(v.Bound, v.Unit))
		if !v.Doubt.IsZero() {
			parts = append(parts, "too few cases to tell whether it is critical")
		}
	case verdict.TooFew:
		parts = append(parts, fmt.Sprintf("too few cases to tell (%s %s)", v.Name, symbol(v.Bound, v.Unit)))
	}
	if v.Spike != nil {
		parts = append(parts, fmt.Sprintf("spike: usually %s", humanize.Number(v.Spike.Usual)))
	}
	for _, part := range []string{e.Sample(), e.Interval(), e.NameList(), e.IssueList()} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// Beside returns what stands beside the figure without its unit: that it is a mean, and
// the detail.
func (e Entry) Beside() string { return joined(e.meanWords(), e.Detail()) }

// Sentence returns the entry in a sentence: the title, the figure, the reason.
func (e Entry) Sentence() string {
	if e.Level() == verdict.Unknown {
		return fmt.Sprintf("%s: no data (%s)", e.Title(), e.Detail())
	}
	text := e.Title() + ": " + e.Value()
	if detail := e.Detail(); detail != "" {
		text += " (" + detail + ")"
	}
	if e.Judged() && e.Target() != "–" {
		text += ", target " + e.Target()
	}
	return text
}

// Sign returns the sign of the entry's level; "–" for what has no target.
func (e Entry) Sign() string {
	if e.Aside || !e.Judged() && e.Level() != verdict.Unknown || e.uncompared() {
		return "–"
	}
	return levelSigns[e.Level()]
}

// SinceDay returns the day since which the entry stands as it does; "–" where
// nobody knows.
func (e Entry) SinceDay() string {
	if e.Since.IsZero() {
		return "–"
	}
	return humanize.Day(e.Since)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
