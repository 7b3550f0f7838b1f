package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
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

// ailing are the metrics that need attention, the worst first.
func ailing(d Day) []Entry {
	var bad []Entry
	for _, e := range sorted(d.first()) {
		if l := e.Verdict.Level; l == verdict.Critical || l == verdict.Warning || l == verdict.Watch {
			bad = append(bad, e)
		}
	}
	return bad
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

const day = 24 * time.Hour

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
