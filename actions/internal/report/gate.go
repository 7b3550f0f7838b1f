package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// GatePage is all that the page of the gate says.
type GatePage struct {
	Release  model.Release
	Now      time.Time
	Decision gate.Decision
	Issue    string // where the boxes are ticked; empty where there are none
}

var (
	resultWords = map[gate.Result]string{gate.Go: "go", gate.NoGo: "no-go", gate.Undecided: "unknown, which is not go"}
	stateMarks  = map[gate.State]string{gate.Met: "✅ met", gate.Missed: "❌ missed", gate.Unknown: "⚪ unknown", gate.Waived: "🟦 waived"}
	partWords   = []struct{ part, title, what string }{
		{"must", "Must", "one that is missed stops the release, and so does one that is unknown"},
		{"should", "Should", "strong signs; they decide nothing"},
		{"nice", "Nice to have", "they decide nothing"},
	}
)

// Gate is reports/gate.md: the decision, what stands in its way first, then each
// criterion with its evidence.
func Gate(p GatePage) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# The gate of %s: %s\n\n%s\n\n", strings.TrimSpace(p.Release.Project+" "+p.Release.Version), resultOf(p.Decision), capital(GateLine(p.Decision))+".")
	fmt.Fprintf(&b, "Decided %s%s.\n\n", clock(p.Now, time.Time{}), gaWords(p))
	for _, part := range partWords {
		gatePart(&b, p, part.part, part.title, part.what)
	}
	if p.Issue != "" {
		fmt.Fprintf(&b, "Boxes are ticked in [the gate's issue](%s), by people who may write to the repository.\n\n", p.Issue)
	}
	b.WriteString("[Today](README.md)\n")
	return b.String()
}

func gaWords(p GatePage) string {
	ga := p.Release.GA.Time
	if ga.IsZero() {
		return ""
	}
	days := int(ga.Sub(p.Now.Truncate(day)) / day)
	switch {
	case days > 1:
		return fmt.Sprintf("; general availability is planned for %s, in %d days", ga.Format(time.DateOnly), days)
	case days == 1:
		return fmt.Sprintf("; general availability is planned for %s, tomorrow", ga.Format(time.DateOnly))
	case days == 0:
		return "; general availability is planned for today"
	}
	return fmt.Sprintf("; general availability was planned for %s", ga.Format(time.DateOnly))
}

// GateLine is the decision in half a sentence, with what stands in its way. What
// is waived is not met.
func GateLine(d gate.Decision) string {
	musts := map[gate.State][]string{}
	all := 0
	for _, o := range d.Outcomes {
		if o.Part == "must" {
			musts[o.State] = append(musts[o.State], criterionName(o.Criterion))
			all++
		}
	}
	met := len(musts[gate.Met])
	switch {
	case all == 0:
		return "nothing is asked that must be, so there is nothing to decide on"
	case met == all:
		return fmt.Sprintf("all %d that must be are met", all)
	}
	line := fmt.Sprintf("%d of %d that must be are met", met, all)
	if waived := musts[gate.Waived]; len(waived) > 0 {
		line += fmt.Sprintf(", %d waived: %s", len(waived), strings.Join(waived, ", "))
	}
	for _, state := range []gate.State{gate.Missed, gate.Unknown} {
		if some := musts[state]; len(some) > 0 {
			line += fmt.Sprintf("; %s: %s", state, strings.Join(some, ", "))
		}
	}
	return line
}

// resultOf is the decision for the heading, which does not hide that somebody
// waived what must be.
func resultOf(d gate.Decision) string {
	waived := 0
	for _, o := range d.Outcomes {
		if o.Part == "must" && o.State == gate.Waived {
			waived++
		}
	}
	if d.Is == gate.Go && waived > 0 {
		return fmt.Sprintf("%s, with %d waived", resultWords[d.Is], waived)
	}
	return resultWords[d.Is]
}

func criterionName(c gate.Criterion) string {
	switch {
	case c.Metric != "":
		return c.Metric
	case c.DaysWithout != "":
		return "days without " + c.DaysWithout
	}
	return c.Manual
}

func gatePart(b *strings.Builder, p GatePage, part, title, what string) {
	rows := ""
	for _, o := range p.Decision.Outcomes {
		if o.Part == part {
			rows += gateRow(o)
		}
	}
	if rows == "" {
		return
	}
	fmt.Fprintf(b, "## %s\n\n%s.\n\n| | Criterion | Wanted | Evidence |\n|---|---|---|---|\n%s\n", title, capital(what), rows)
}

func gateRow(o gate.Outcome) string {
	wanted, unit := "ticked", o.Verdict.Unit
	if o.Criterion.DaysWithout != "" {
		unit = "days"
	}
	if !o.Criterion.Is.IsZero() {
		wanted = o.Criterion.Is.Words(unit)
	}
	if o.Criterion.Metric != "" {
		wanted += " " + overWords(o.Over.Duration())
	}
	// How it stands is in the first column, and in its colour.
	evidence := Cell(strings.TrimPrefix(strings.TrimPrefix(o.Sentence(), string(o.State)+": "), "unknown: "))
	return fmt.Sprintf("| %s | **%s** | %s | %s |\n", stateMarks[o.State], Cell(criterionName(o.Criterion)), Cell(wanted), evidence)
}

// GateBoxes is the text of the issue in which people tick what no metric tells;
// boxes are its lines.
func GateBoxes(release model.Release, boxes string) string {
	return fmt.Sprintf("What no metric tells of %s: tick a box when it is so. Who ticked it, and when, stands on the gate's page; a tick by somebody without write access does not count.\n\n%s",
		strings.TrimSpace(release.Project+" "+release.Version), boxes)
}
