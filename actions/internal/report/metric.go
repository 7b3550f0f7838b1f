package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
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
	Since   time.Time // when it began to stand as it does; zero where nobody knows
}

// MetricMessage is the message about a piece of news of a metric. The link
// leads to the page of the day.
func MetricMessage(n alert.MetricNews, e Entry, place Place, page string, now time.Time) change.Message {
	m := change.Message{
		Key: n.Key, Channel: n.Channel, By: n.By, Mention: n.Mention, Respond: n.Respond, Thread: n.Thread, Repeat: n.Unconfirmed,
		Title: metricTitle(n, e), Summary: metricSummary(n, e), Link: place.Runbook(page), Runbook: place.Runbook(n.Runbook),
	}
	m.Facts = metricFacts(n, e, now)
	return m
}

func metricTitle(n alert.MetricNews, e Entry) string {
	name := e.Definition.ID
	switch n.Kind {
	case alert.Recovered:
		return "recovered: " + name
	case alert.Reminder:
		return fmt.Sprintf("nobody has answered: %s is %s still", name, n.Level)
	case alert.Flapping:
		return name + " goes up and down"
	case alert.Blind:
		return "unknown for more than a day: " + names(n)
	}
	return fmt.Sprintf("%s: %s is %s", n.Level, name, Figure(e.Verdict))
}

// News is a piece of news in a few words, for lists of who was told what.
func News(n alert.MetricNews) string {
	what := n.Metric
	switch {
	case n.Notice != nil && len(n.Notice.Labels) > 0:
		what = "a mail, " + strings.Join(n.Notice.Labels, ", ")
	case n.Notice != nil:
		source, _, _ := strings.Cut(strings.TrimPrefix(n.Metric, "mention:"), ":")
		what = fmt.Sprintf("%s on %s", withUnit(float64(n.Notice.Score), "points"), placeName(source))
	}
	switch n.Kind {
	case alert.Recovered:
		return what + " has recovered"
	case alert.Reminder:
		return "nobody has answered: " + what
	case alert.Flapping:
		return what + " goes up and down"
	case alert.Blind:
		return names(n) + ": unknown for more than a day"
	}
	if n.Notice != nil {
		return what
	}
	return fmt.Sprintf("%s is %s", what, n.Level)
}

func names(n alert.MetricNews) string {
	all := []string{n.Metric}
	for _, s := range n.With {
		all = append(all, s.Metric)
	}
	if len(all) > 4 {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:3], ", "), len(all)-3)
	}
	return strings.Join(all, ", ")
}

func metricSummary(n alert.MetricNews, e Entry) string {
	question := e.Definition.Title
	switch n.Kind {
	case alert.Recovered:
		return fmt.Sprintf("%s %s: %s.", question, overNow(n, e), e.Verdict.Sentence())
	case alert.Reminder:
		return fmt.Sprintf("%s The time to answer has passed, and it stands as it did: %s.", question, e.Verdict.Sentence())
	case alert.Flapping:
		return fmt.Sprintf("%s It was over and came back within a day: %s. From here on it is told once, when it has been steady for a day.", question, e.Verdict.Sentence())
	case alert.Blind:
		return fmt.Sprintf("Nothing is known of %s: %s. An alert that would be due cannot be raised.", names(n), firstOf(e.Reading.Reason, "no answer"))
	case alert.Worse:
		return fmt.Sprintf("%s It is worse than told before: %s.", question, e.Verdict.Sentence())
	}
	if n.Over {
		return fmt.Sprintf("%s It was past its threshold, and is over already: %s.", question, e.Verdict.Sentence())
	}
	return fmt.Sprintf("%s %s.", question, capital(e.Verdict.Sentence()))
}

// overNow says of what is over how well it is now.
func overNow(n alert.MetricNews, e Entry) string {
	switch level := e.Verdict.Level; {
	case level == verdict.OK:
		return "It is well again"
	case level == verdict.Watch && e.Verdict.Reason == verdict.Missed:
		return "It is past its threshold no longer, and still misses its target"
	}
	return fmt.Sprintf("It was over at %s, and stands like this now", clock(n.Ended, n.Ended))
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func metricFacts(n alert.MetricNews, e Entry, now time.Time) []change.Fact {
	var facts []change.Fact
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, change.Fact{Name: name, Value: value})
		}
	}
	if n.Kind != alert.Blind {
		add("Now", Figure(e.Verdict)+sampleOf(e.Verdict))
		add("Before", trend(e))
		add("Wanted", bounds(e))
	}
	if !n.Since.IsZero() {
		add("Since", clock(n.Since, now))
	}
	if n.Respond > 0 && n.Kind != alert.Recovered {
		add("Answer due", due(n, now))
	}
	return facts
}

// Figure is the number of a verdict, with its unit; of a breakdown the key that
// decided.
func Figure(v verdict.Verdict) string {
	if v.Value == nil {
		return "unknown"
	}
	figure := figureOf(v)
	if v.Key != "" {
		return oneLine(v.Key, 60) + ": " + figure
	}
	return figure
}

// figureOf is the number with its unit. Where it would look like the bound that
// it misses, it has as many digits as tell it apart.
func figureOf(v verdict.Verdict) string { return unitBehind(digitsOf(v), v.Unit) }

func digitsOf(v verdict.Verdict) string {
	if b := v.Bound; !b.IsZero() && b.Op != "growing" && *v.Value != b.Value && short(*v.Value) == short(b.Value) {
		return verdict.Apart(*v.Value, b.Value)
	}
	return short(*v.Value)
}

// beforeOf is a number of before, with at least as many digits as that of now, so
// that the two can be compared.
func beforeOf(v verdict.Verdict, before float64) string {
	text := short(before)
	if v.Value == nil {
		return unitBehind(text, v.Unit)
	}
	_, now, _ := strings.Cut(digitsOf(v), ".")
	if _, digits, _ := strings.Cut(text, "."); len(digits) < len(now) {
		text = exactly(before, len(now))
	}
	return unitBehind(text, v.Unit)
}

// withUnit writes a number as people do: four digits that say something.
func withUnit(value float64, unit string) string {
	return unitBehind(short(value), unit)
}

func unitBehind(n, unit string) string {
	switch unit {
	case "%":
		return n + " %"
	case "", "score":
		return n
	case "ms", "hours":
		return n + " " + map[string]string{"ms": "ms", "hours": "h"}[unit]
	}
	if n == "1" {
		unit = singular(unit)
	}
	return n + " " + unit
}

// singular is a unit for one of it.
func singular(unit string) string {
	switch {
	case unit == "people":
		return "person"
	case strings.HasSuffix(unit, "s"):
		return strings.TrimSuffix(unit, "s")
	}
	return unit
}

func short(f float64) string {
	abs := f
	if abs < 0 {
		abs = -abs
	}
	digits := 0
	switch {
	case f == float64(int64(f)):
	case abs < 1:
		digits = 2
	case abs < 100:
		digits = 1
	}
	return exactly(f, digits)
}

// exactly writes so many digits behind the point, without zeros at the end.
func exactly(f float64, digits int) string {
	text := fmt.Sprintf("%.*f", digits, f)
	if digits > 0 {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		text = "0"
	}
	return grouped(text)
}

// grouped puts a comma between thousands, as verdicts do.
func grouped(s string) string {
	whole, rest, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		return sign + whole + "." + rest
	}
	return sign + whole
}

// sampleOf says how much the number rests on, and how sure it is.
func sampleOf(v verdict.Verdict) string {
	switch {
	case v.Part != nil && v.Whole != nil && v.Low != nil && v.High != nil:
		return fmt.Sprintf(" (%s of %s; between %s and %s %%)", short(*v.Part), short(*v.Whole), short(*v.Low), short(*v.High))
	case v.Part != nil && v.Whole != nil:
		return fmt.Sprintf(" (%s of %s)", short(*v.Part), short(*v.Whole))
	case v.Sample != nil:
		return fmt.Sprintf(" (of %s)", short(*v.Sample))
	}
	return ""
}

// trend compares with the window before, in words.
func trend(e Entry) string {
	v := e.Verdict
	if v.Value == nil || v.Previous == nil {
		return ""
	}
	return fmt.Sprintf("%s in the window before: %s", beforeOf(v, *v.Previous), changed(*v.Value, *v.Previous, v.Unit))
}

// changed is the direction in words, and by how much: of a share in points, of a
// score as it is, of all else by its part.
func changed(now, before float64, unit string) string {
	switch {
	case now == before:
		return "the same"
	case (unit == "%" || unit == "score") && short(max(now-before, before-now)) == "0":
		return "about the same"
	case unit == "%" || unit == "score":
		return map[bool]string{true: "up by ", false: "down by "}[now > before] + apart(now, before, unit)
	case before == 0 && now > 0:
		return "up from nothing"
	case before > 0 && now/before >= 11:
		return fmt.Sprintf("up to %s times as much", short(now/before))
	case now > before:
		return fmt.Sprintf("up by %s", relative(now, before))
	}
	return fmt.Sprintf("down by %s", relative(now, before))
}

// apart is how far two shares or scores are apart.
func apart(now, before float64, unit string) string {
	d := short(max(now-before, before-now))
	switch {
	case unit != "%":
		return d
	case d == "1":
		return d + " point"
	}
	return d + " points"
}

func relative(now, before float64) string {
	d := now - before
	if d < 0 {
		d = -d
	}
	if before < 0 {
		before = -before
	}
	if before == 0 {
		return short(d)
	}
	if share := 100 * d / before; share < 1000 {
		return short(share) + " %"
	}
	return short(d)
}

// bounds are what is wanted and what is not.
func bounds(e Entry) string {
	var parts []string
	if t := e.Thresholds.Target; !t.IsZero() {
		parts = append(parts, t.Words(e.Definition.Unit))
	}
	if t := e.Thresholds.Warning; !t.IsZero() {
		parts = append(parts, "warning "+t.Words(e.Definition.Unit))
	}
	if t := e.Thresholds.Critical; !t.IsZero() {
		parts = append(parts, "critical "+t.Words(e.Definition.Unit))
	}
	return strings.Join(parts, "; ")
}
