package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

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

// attention is the list of what is not well, the worst first.
func attention(b *strings.Builder, d Day) {
	bad := ailing(d)
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
