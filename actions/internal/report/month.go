package report

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Month is all that a month's retrospective says.
type Month struct {
	Release model.Release
	From    time.Time // the first
	Until   time.Time // the first of the month after
	Metrics []Course
	Fired   []alert.Fired
	Issues  []Urgent
	Days    int  // of which there are readings
	Watch   bool // it is the whole watch of the release, and no month
}

// Course is one metric over a month: a reading a day.
type Course struct {
	Definition metric.Definition
	Thresholds verdict.Thresholds
	Readings   []metric.Reading // in the order of time
}

// Urgent is an issue of the month that somebody was told of, or should have
// been. The title is a stranger's.
type Urgent struct {
	Number   int
	Title    string
	URL      string
	Labels   []string
	ByPerson bool          // a person set the urgent label: no rule had
	False    bool          // labelled false-alarm
	Told     int           // how often somebody was told
	Answered time.Duration // from the telling to the first answer of the team; 0 is not yet
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

func alarming(r metric.Reading) bool {
	return r.Verdict == string(verdict.Warning) || r.Verdict == string(verdict.Critical)
}

// Retrospective is the month's page: the plan's questions, answered from the
// record.
func Retrospective(m Month) string {
	var b strings.Builder
	name := m.From.Format("January 2006")
	if m.Watch {
		name = "the watch, from " + m.From.Format("2 January") + " to " + m.Until.AddDate(0, 0, -1).Format("2 January 2006") + ","
	}
	fmt.Fprintf(&b, "# %s: %s in retrospect\n\nThe record has readings of %d days. Each answer below is made of it; what it cannot tell is said.\n\n",
		strings.TrimSpace(m.Release.Project+" "+m.Release.Version), name, m.Days)
	m.metrics(&b)
	m.thresholds(&b)
	m.alerts(&b)
	m.sustainable(&b)
	m.people(&b)
	if !m.Watch {
		b.WriteString("[Today](../README.md)\n")
	}
	return b.String()
}

// people: what did they say, at the end of it?
func (m Month) people(b *strings.Builder) {
	var said strings.Builder
	wishes(&said, m.told)
	if said.Len() > 0 {
		b.WriteString("## What do people say?\n\nAs it stood last:\n\n" + said.String())
	}
}

// told is the last reading of a metric that has an answer.
func (m Month) told(id string) (metric.Definition, metric.Reading, bool) {
	for _, c := range m.Metrics {
		for _, r := range slices.Backward(c.Readings) {
			if c.Definition.ID == id && len(r.Values) > 0 {
				return c.Definition, r, true
			}
		}
	}
	return metric.Definition{}, metric.Reading{}, false
}

// metrics: were the right metrics tracked?
func (m Month) metrics(b *strings.Builder) {
	b.WriteString("## Were the right metrics tracked?\n\n")
	var fired, guards, never, unknown []string
	for _, c := range m.Metrics {
		low, high, known := extent(c.Readings)
		switch raised := m.raised(c); {
		case raised > 0:
			fired = append(fired, m.firedWords(c, raised))
		case known == 0 && !hasValues(c):
			unknown = append(unknown, c.Definition.ID)
		case known >= 7 && low == high && low == 0 && c.Definition.Priority == "P0":
			guards = append(guards, c.Definition.ID)
		case known >= 7 && low == high:
			never = append(never, fmt.Sprintf("%s (%s)", c.Definition.ID, withUnit(low, c.Definition.Unit)))
		}
	}
	list(b, "These led to action", fired, "No metric was past a threshold.")
	inline(b, "These stood guard, and were quiet", guards)
	inline(b, "These never moved, and may be noise", never)
	inline(b, "Of these nothing was known all month: connect their source, or leave them out", unknown)
}

// raised is how many alerts of a metric began in the month: those that are
// remembered, also where they ended before the next reading, and at least as many
// as the readings show.
func (m Month) raised(c Course) int {
	remembered := 0
	for _, f := range firedOf(m.Fired, c.Definition.ID) {
		if !f.Began.Before(m.From) {
			remembered++
		}
	}
	read, _ := episodes(c.Readings, alarming)
	return max(remembered, read)
}

// mostStretches is how many alerts of a metric a month tells the times of.
const mostStretches = 3

// firedWords are the alerts of a metric: how many, on how many days, and when.
func (m Month) firedWords(c Course, raised int) string {
	text := fmt.Sprintf("**%s** raised %s", c.Definition.ID, times(raised, "alert"))
	_, days := episodes(c.Readings, alarming)
	switch {
	case days > 0:
		text += ", past a threshold on " + times(days, "day")
	default:
		text += " between two readings"
	}
	fired := firedOf(m.Fired, c.Definition.ID)
	for i, f := range fired {
		if i == mostStretches {
			return text + fmt.Sprintf("; and %d more", len(fired)-mostStretches)
		}
		text += map[bool]string{true: ": ", false: "; "}[i == 0] + levelWords(f) + " " + calendar(dated).stretch(f)
	}
	return text
}

func hasValues(c Course) bool {
	for _, r := range c.Readings {
		if len(r.Values) > 0 {
			return true
		}
	}
	return false
}

func times(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func list(b *strings.Builder, title string, items []string, none string) {
	if len(items) == 0 {
		fmt.Fprintf(b, "%s\n\n", none)
		return
	}
	fmt.Fprintf(b, "%s:\n\n", title)
	for _, item := range items {
		fmt.Fprintf(b, "- %s\n", item)
	}
	b.WriteString("\n")
}

func inline(b *strings.Builder, title string, items []string) {
	if len(items) > 0 {
		fmt.Fprintf(b, "%s: %s.\n\n", title, strings.Join(items, ", "))
	}
}

// factors are the values that a threshold might have had, as multiples of what
// it has.
var factors = []float64{0.5, 0.75, 1, 1.5, 2}

// thresholds: were they right? For each, what it would have said at other
// values.
func (m Month) thresholds(b *strings.Builder) {
	b.WriteString("## Were the thresholds right?\n\nAlerts a week that each threshold would have raised over this record, at other values. The value alone is looked at: what was too few cases to tell counts here, and what began and ended between two readings does not.\n\n")
	b.WriteString("| Metric | Threshold |")
	for _, f := range factors {
		fmt.Fprintf(b, " × %s |", short(f))
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---:|", len(factors)) + "\n")
	weeks := max(1, float64(m.Days)/7)
	rows := 0
	for _, c := range m.Metrics {
		for _, t := range []namedBound{{"warning", c.Thresholds.Warning}, {"critical", c.Thresholds.Critical}} {
			if t.is.IsZero() || t.is.Value == 0 || known(c.Readings) == 0 {
				continue
			}
			rows++
			fmt.Fprintf(b, "| %s | %s %s |", c.Definition.ID, t.name, Cell(t.is.Words(c.Definition.Unit)))
			for _, f := range factors {
				at := t.is
				at.Value *= f
				began, _ := episodes(c.Readings, func(r metric.Reading) bool { return r.Value != nil && at.Holds(*r.Value) })
				fmt.Fprintf(b, " %s |", short(float64(began)/weeks))
			}
			b.WriteString("\n")
		}
	}
	if rows == 0 {
		b.WriteString("| none can be measured | – |" + strings.Repeat(" – |", len(factors)) + "\n")
	}
	b.WriteString("\n")
}

func known(readings []metric.Reading) int {
	n := 0
	for _, r := range readings {
		if r.Value != nil {
			n++
		}
	}
	return n
}

// alerts: who was woken by issues, and how long they waited.
func (m Month) alerts(b *strings.Builder) {
	b.WriteString("## Urgent issues\n\n")
	if len(m.Issues) == 0 {
		b.WriteString("None was urgent.\n\n")
		return
	}
	wrong, twice, missed, open := 0, 0, 0, 0
	var waits []time.Duration
	for _, i := range m.Issues {
		if i.False {
			wrong++
		}
		if i.Told > 1 {
			twice++
		}
		if i.ByPerson {
			missed++
		}
		if i.Answered > 0 {
			waits = append(waits, i.Answered)
		} else if i.Told > 0 {
			open++
		}
	}
	were := "were"
	if len(m.Issues) == 1 {
		were = "was"
	}
	fmt.Fprintf(b, "%s %s urgent: %s (label `false-alarm`), %d told more than once, %d that a person had to label because no rule had.", times(len(m.Issues), "issue"), were, times(wrong, "false alarm"), twice, missed)
	if len(waits) > 0 {
		median, longest := waited(waits)
		fmt.Fprintf(b, " From the message to the team's first answer: median %s, longest %s.", median, longest)
	}
	if open > 0 {
		fmt.Fprintf(b, " %d have no answer yet.", open)
	}
	b.WriteString("\n\n")
	m.byRoute(b)
	b.WriteString("| Issue | Labels | Told | Answered after | |\n|---|---|---:|---:|---|\n")
	for _, i := range m.Issues {
		answered, remark := "–", ""
		if i.Answered > 0 {
			answered = span(i.Answered.Round(time.Minute))
		}
		switch {
		case i.False:
			remark = "false alarm"
		case i.ByPerson:
			remark = "labelled by a person: which words should have done it?"
		}
		fmt.Fprintf(b, "| [issue %d](%s) %s | %s | %d | %s | %s |\n", i.Number, i.URL, Code(i.Title, 80), Cell(strings.Join(i.Labels, ", ")), i.Told, answered, remark)
	}
	b.WriteString("\n")
}

// waited are the median and the longest of some waits, to the minute. Between two
// in the middle the median is half-way.
func waited(waits []time.Duration) (median, longest string) {
	slices.Sort(waits)
	n := len(waits)
	middle := (waits[(n-1)/2] + waits[n/2]) / 2
	return span(middle.Round(time.Minute)), span(waits[n-1].Round(time.Minute))
}

// byRoute tells for each label that leads to a channel how many issues took its
// route, and how long each took to be answered.
func (m Month) byRoute(b *strings.Builder) {
	waits, count := map[string][]time.Duration{}, map[string]int{}
	var labels []string
	for _, i := range m.Issues {
		for _, l := range i.Labels {
			if count[l] == 0 {
				labels = append(labels, l)
			}
			count[l]++
			if i.Answered > 0 {
				waits[l] = append(waits[l], i.Answered)
			}
		}
	}
	sort.Strings(labels)
	b.WriteString("| Route | Issues | Answered | Median | Longest |\n|---|---:|---:|---:|---:|\n")
	for _, l := range labels {
		median, longest := "–", "–"
		if w := waits[l]; len(w) > 0 {
			median, longest = waited(w)
		}
		fmt.Fprintf(b, "| label %s | %d | %d | %s | %s |\n", Cell(l), count[l], len(waits[l]), median, longest)
	}
	b.WriteString("\n")
}

// sustainable: was it sustainable, and did it drive better decisions?
func (m Month) sustainable(b *strings.Builder) {
	began := 0
	for _, c := range m.Metrics {
		began += m.raised(c)
	}
	weeks := max(1, float64(m.Days)/7)
	fmt.Fprintf(b, "## Was it sustainable?\n\n%s of metrics and %s in the month: %s interruptions a week.\n\n", times(began, "alert"), times(len(m.Issues), "urgent issue"), short(float64(began+len(m.Issues))/weeks))
	b.WriteString("## Did it drive better decisions?\n\nThe record cannot tell. Talk about: which of the alerts above changed the plan of the next version, and which problem was known from elsewhere first?\n\n")
}
