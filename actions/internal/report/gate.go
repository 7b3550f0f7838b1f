package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// GatePage is all that the page of the gate says.
type GatePage struct {
	Release  model.Release
	Now      time.Time
	Decision gate.Decision
	Titles   map[string]string // of metrics that rules.yaml defines or renames, by id
	Issue    string            // where the boxes are checked; empty where there are none
	Others   []string          // titles of metrics that page people and are no criteria
	Measured time.Time         // of the newest reading that was looked at; zero where there is none
	History  string            // the address of the page's history; empty leaves the link out
}

var (
	decisionWords = map[gate.Result]string{gate.Go: "GO", gate.NoGo: "NO-GO", gate.Undecided: "UNDECIDED"}
	stateSigns    = map[gate.State]string{gate.Met: "✅", gate.Missed: "❌", gate.Unknown: "⚪", gate.Waived: "🟦"}
	stateWords    = map[gate.State]string{gate.Met: "met", gate.Missed: "missed", gate.Unknown: "no data", gate.Waived: "waived"}
	gateGroups    = []struct{ part, title, explain string }{
		{"must", "Required", "A criterion that is missed or has no data blocks the release."},
		{"should", "Recommended", "Recommended criteria do not block."},
		{"nice", "Optional", "Optional criteria do not block."},
	}
)

// gateView is what the page shows.
type gateView struct {
	Decision, Name, Line, Decided, GA, Issue string
	Newest                                   string // "newest version v1.1.2-beta (5 Feb)"; empty where it is the watched one
	Next                                     []step
	Todo                                     []string // Markdown; what a decision to go lacks
	Groups                                   []gateGroup
	Others                                   string
	Measured, History                        string
}

type gateGroup struct {
	Title, Explain string
	Rows           []gateRow
}

type gateRow struct{ Sign, Title, Window, Target, Evidence string }

// Gate is reports/gate.md: the decision, then each criterion with its evidence.
func Gate(p GatePage) string {
	v := gateView{
		Decision: GateWord(p.Decision), Name: gateName(p.Release, p.Now), Line: GateLine(p.Decision, p.Titles),
		Decided: humanize.Moment(p.Now), GA: gatePlanned(p.Release, p.Now), Issue: p.Issue, Newest: newestWords(p.Release), Next: p.next(),
		Others: humanize.List(p.Others), History: p.History,
	}
	if !p.Measured.IsZero() {
		v.Measured = humanize.Moment(p.Measured)
	}
	for _, o := range p.Decision.Outcomes {
		if todo := gateTodo(o, p); todo != "" {
			v.Todo = append(v.Todo, todo)
		}
	}
	for _, g := range gateGroups {
		group := gateGroup{Title: g.title, Explain: g.explain}
		for _, o := range p.Decision.Outcomes {
			if o.Part == g.part {
				group.Rows = append(group.Rows, gateRowOf(o, p))
			}
		}
		if len(group.Rows) > 0 {
			v.Groups = append(v.Groups, group)
		}
	}
	return page("gate.md.tmpl", v)
}

// gateTodo says what to do about a required criterion that blocks the release; empty
// for one that does not. It is Markdown.
func gateTodo(o gate.Outcome, p GatePage) string {
	title := "**" + Cell(criterionTitle(o.Criterion, p.Titles)) + "**"
	switch {
	case o.Part != "must" || o.State != gate.Missed && o.State != gate.Unknown:
		return ""
	case o.Criterion.Manual != "" && p.Issue != "":
		return fmt.Sprintf("Check the box %s in [the gate issue](%s) when it is true", title, p.Issue)
	case o.State == gate.Unknown:
		return "Get data for " + title + ", or waive it (`waived:` in `rules.yaml`)"
	}
	if when := windowed(o); when != "" {
		return "Waive " + title + " (`waived:` in `rules.yaml`), or wait: what it counts is " + when
	}
	return "Meet " + title + ", or waive it (`waived:` in `rules.yaml`)"
}

// GateWord is the decision with what was waived: "GO (1 waiver)".
func GateWord(d gate.Decision) string {
	waived := 0
	for _, o := range d.Outcomes {
		if o.Part == "must" && o.State == gate.Waived {
			waived++
		}
	}
	if waived > 0 {
		return fmt.Sprintf("%s (%s)", decisionWords[d.Is], humanize.Count(waived, "waiver"))
	}
	return decisionWords[d.Is]
}

// decidedForm is where the page of the gate says when it was decided.
var decidedForm = lazyregexp.New(` · decided (\d{1,2}.[A-Z][a-z]{2}).\d{4} `)

// GateHeading is the decision that a gate's page says, with its day: "GO (1 waiver),
// 14 Feb"; empty where the text is no such page.
func GateHeading(page []byte) string {
	first, rest, _ := strings.Cut(string(page), "\n")
	decision, found := strings.CutPrefix(first, "# Release gate: ")
	if !found || len(decision) > 60 {
		return ""
	}
	if m := decidedForm.FindStringSubmatch(rest); m != nil {
		decision += ", " + m[1]
	}
	return decision
}

// lacksForm is where the page of the gate says what a decision lacks.
var lacksForm = lazyregexp.New(` required criteria met, ((?:waived|missed|no data): .*?) · decided `)

// GateLacks is what the decision on a gate's page lacks: "missed: Privacy leak reports";
// empty where nothing, and where the text is no such page.
func GateLacks(page []byte) string {
	if m := lacksForm.FindStringSubmatch(string(page)); m != nil {
		return m[1]
	}
	return ""
}

// decisionForms are the places in which the pages of today name the decision of
// the gate.
var decisionForms = [...]*lazyregexp.Regexp{
	lazyregexp.New(`( · gate: \*\*)[^*\n]*(\*\*)`),
	lazyregexp.New(`(<span class="pill )[a-z]*(">Gate: )[^<]*(</span>)`),
}

// WithDecision returns a page of today with a decision that the gate made at a time, so that
// it says the same as the gate's page until the next snapshot writes it anew. A
// page that names no decision stays as it is.
func WithDecision(page []byte, d gate.Decision, titles map[string]string, at time.Time) []byte {
	word := GateWord(d) + ", " + humanize.Day(at)
	page = decisionForms[0].ReplaceAll(page, []byte("${1}"+word+"${2}"))
	page = decisionForms[1].ReplaceAll(page, []byte("${1}"+gateClass(word)+"${2}"+word+"${3}"))
	_, lacks, _ := strings.Cut(GateLine(d, titles), " met, ")
	return withStep(page, word, lacks)
}

// GateLine is the decision in half a sentence, with what blocks it. A waived
// criterion is not met.
func GateLine(d gate.Decision, titles map[string]string) string {
	required := map[gate.State][]string{}
	all := 0
	for _, o := range d.Outcomes {
		if o.Part == "must" {
			title := criterionTitle(o.Criterion, titles)
			if missed := missedBy(o); missed != "" {
				title += " (" + missed + ")"
			}
			required[o.State] = append(required[o.State], title)
			all++
		}
	}
	met := len(required[gate.Met])
	if all == 0 {
		return "no required criteria"
	}
	line := fmt.Sprintf("%d of %d required criteria met", met, all)
	if met == all {
		line = fmt.Sprintf("all %d required criteria met", all)
	}
	for _, state := range []gate.State{gate.Waived, gate.Missed, gate.Unknown} {
		if some := required[state]; len(some) > 0 {
			line += fmt.Sprintf(", %s: %s", stateWords[state], strings.Join(some, ", "))
		}
	}
	return line
}

// missedBy is the figure of a metric that misses its criterion: "2 reports in 28 days,
// in the window until 24 Feb"; empty for what misses none.
func missedBy(o gate.Outcome) string {
	v := o.Verdict
	if o.State != gate.Missed || v.Value == nil {
		return ""
	}
	text := Figure(v)
	if o.Over > 0 {
		text += " in " + humanize.Window(o.Over.Duration())
	}
	return joined(text, windowed(o))
}

// windowed says until when a count that must be zero is in its window; empty where nobody
// knows.
func windowed(o gate.Outcome) string {
	if o.Leaves.IsZero() {
		return ""
	}
	return inWindow + humanize.Day(o.Leaves)
}

// inWindow is how a page says that nothing but time meets a criterion.
const inWindow = "in the window until "

func criterionTitle(c gate.Criterion, titles map[string]string) string {
	name := func(id string) string {
		if titles[id] != "" {
			return titles[id]
		}
		d, _ := metric.Find(id)
		return firstOf(d.Title, id)
	}
	switch {
	case c.Metric != "":
		return name(c.Metric)
	case c.DaysWithout != "":
		return "Days without: " + name(c.DaysWithout)
	}
	return c.Manual
}

// gateName is what a decision is about: the release, and while its general availability
// is to come, that.
func gateName(r model.Release, now time.Time) string {
	if ga := r.GA.Time; isPreview(r.Version) && isPreview(r.Newest().Version) && !ga.IsZero() && now.Before(ga.Add(day)) {
		return heading(r) + ", decision on its general availability"
	}
	return heading(r)
}

// gatePlanned is the day of general availability by the plan, or that on which the
// version was out. The page stays as it is after its day, so it counts no days from now;
// empty where none is planned.
func gatePlanned(r model.Release, now time.Time) string {
	ga := r.GA.Time
	if _, isOut := finalOf(r, now); isOut {
		return gaWords(r, now)
	}
	switch {
	case ga.IsZero():
		return ""
	case now.Before(ga.Add(day)):
		return "GA planned " + humanize.Day(ga)
	default:
		return "GA was planned for " + humanize.Day(ga)
	}
}

// plannedForm is where the page of the gate says when general availability is planned,
// with the next step after it.
var plannedForm = lazyregexp.New(`(\A# Release gate: [^\n]*\n\n[^\n]*) · GA (?:planned|was planned for) [^\n]*\n(?:\n\*\*Next step[^\n]*\n)?(?:\*\*Then[^\n]*\n)?`)

// GateAfter returns the page of a decision on general availability with that version in
// it, once it is out, in place of the next step; nil where there is nothing to change.
func GateAfter(page []byte, r model.Release, now time.Time) []byte {
	final, isOut := finalOf(r, now)
	if !isOut || !plannedForm.Match(page) {
		return nil
	}
	after := fmt.Sprintf("None: %s was published on %s", oneLine(final.Version, 60), humanize.Day(final.At))
	return plannedForm.ReplaceAllFunc(page, func(found []byte) []byte {
		first := plannedForm.FindSubmatch(found)[1]
		return []byte(fmt.Sprintf("%s · %s\n\n**Next step:** %s.\n", first, gaWords(r, now), Cell(after)))
	})
}

// beyond says by how much a window began before the release; empty where it did not, or
// by less than a day.
func beyond(p GatePage, window time.Duration) string {
	shipped := p.Release.Shipped.Time
	early := shipped.Sub(p.Now.Add(-window))
	if shipped.IsZero() || window == 0 || early < day {
		return ""
	}
	return fmt.Sprintf("; the window began %s before the release", humanize.Count(int(early/day), "day"))
}

func gateRowOf(o gate.Outcome, p GatePage) gateRow {
	row := gateRow{Sign: stateSigns[o.State], Title: criterionTitle(o.Criterion, p.Titles), Target: "checked"}
	unit := o.Verdict.Unit
	if o.Criterion.DaysWithout != "" {
		unit = "days"
	}
	if o.Part != "must" && o.State == gate.Missed {
		row.Sign = "➖" // nothing outside the required group blocks
	}
	if !o.Criterion.Is.IsZero() {
		row.Target = symbol(o.Criterion.Is, unit)
		if o.Criterion.Vs != "" {
			row.Target += " of " + firstOf(o.Previous.Version, "the release before") + ", same day"
		}
	}
	if o.Criterion.Metric != "" {
		row.Window = humanize.Window(o.Over.Duration())
		if o.Criterion.Version == gate.VersionNewest {
			row.Window = joined("newest version", row.Window)
		}
	}
	// The state is in the first column.
	row.Evidence = strings.TrimPrefix(strings.TrimPrefix(o.Sentence(), string(o.State)+": "), "unknown: ")
	if o.Part != "must" && o.State == gate.Unknown { // what is required stands at the top
		row.Evidence += ". Next step: " + dataStep(o.Criterion)
	}
	if o.Criterion.Metric != "" && o.State != gate.Unknown {
		row.Evidence += beyond(p, o.Over.Duration())
	}
	return row
}

// dataStep is what to do about a criterion that has no data.
func dataStep(c gate.Criterion) string {
	if of, known := metric.Find(c.Metric); known && of.Exports != "" {
		return "connect a telemetry database with lasting user ids (secret TELEMETRY_DSN), or take the criterion out of rules.yaml"
	}
	return "connect its source, or take the criterion out of rules.yaml"
}

// GateBoxes is the text of the issue in which people check manual criteria; boxes
// are its lines.
func GateBoxes(release model.Release, boxes string) string {
	return fmt.Sprintf("Manual criteria of the release gate of %s. Check a box when its criterion is met: only people with write access count, and the gate's page says who checked it, and when.\n\n%s",
		strings.TrimSpace(release.Project+" "+release.Version), boxes)
}
