package report

import (
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/triage"
	"github.com/aftercare/aftercare/actions/internal/trial"
)

// Checked is what a check of rules.yaml found out.
type Checked struct {
	File       string
	Against    string // what it was compared with; empty where there was nothing
	Issues     map[int]fact.Issue
	Difference trial.Difference
	Rules      []triage.Rule
	Records    []trial.Record
	Together   [][2]int
	Proposed   string // rules that the past proposes, as YAML; empty where they were not asked for
}

// CheckLine says in a line what a change of the rules would have done.
func CheckLine(c Checked) string {
	if len(c.Issues) == 0 {
		return fmt.Sprintf("%s has no mistakes; there are no issues to try it on", c.File)
	}
	d := c.Difference
	if c.Against == "" {
		return fmt.Sprintf("%s has no mistakes; on the last %d issues it tells somebody %s times a month", c.File, len(c.Issues), tenths(d.After))
	}
	if d.Issues == 0 {
		return fmt.Sprintf("%s has no mistakes, and on the last %d issues it changes nothing", c.File, len(c.Issues))
	}
	var parts []string
	for _, l := range d.Labels {
		if len(l.Gain) > 0 {
			parts = append(parts, fmt.Sprintf("%d gain %s", len(l.Gain), l.Label))
		}
		if len(l.Lose) > 0 {
			parts = append(parts, fmt.Sprintf("%d lose %s", len(l.Lose), l.Label))
		}
	}
	return fmt.Sprintf("on the last %d issues: %s; %s", len(c.Issues), strings.Join(parts, ", "), pagesChange(d))
}

func pagesChange(d trial.Difference) string {
	change := d.After - d.Before
	switch {
	case change >= 0.05:
		return fmt.Sprintf("%s more pages a month (%s, after %s)", tenths(change), tenths(d.After), tenths(d.Before))
	case change <= -0.05:
		return fmt.Sprintf("%s fewer pages a month (%s, after %s)", tenths(-change), tenths(d.After), tenths(d.Before))
	}
	return fmt.Sprintf("as many pages a month as before (%s)", tenths(d.After))
}

func tenths(f float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0") }

// Check is the summary of a check: what the change would have done, with the
// issues, and how each rule agrees with people.
func Check(c Checked) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## Check of %s\n\nNo mistakes. ", Code(c.File, 100))
	fmt.Fprintf(&b, "%s.\n", capital(CheckLine(c)))
	for _, l := range c.Difference.Labels {
		fmt.Fprintf(&b, "\n### %s: %s\n\n", l.Label, gainLose(l))
		c.list(&b, "gains it", l.Gain)
		c.list(&b, "loses it", l.Lose)
	}
	c.records(&b)
	if c.Proposed != "" {
		fmt.Fprintf(&b, "\n### Rules that the past proposes\n\nRead them, cut them, and paste what convinces you: nothing is applied.\n\n````yaml\n%s````\n", strings.ReplaceAll(c.Proposed, "````", "```"))
	}
	return b.String()
}

func gainLose(l trial.Change) string {
	return fmt.Sprintf("%d gain it, %d lose it", len(l.Gain), len(l.Lose))
}

// mostListed is how many issues a list names.
const mostListed = 10

func (c Checked) list(b *strings.Builder, what string, numbers []int) {
	for i, n := range numbers {
		if i == mostListed {
			fmt.Fprintf(b, "- and %d more\n", len(numbers)-mostListed)
			return
		}
		fmt.Fprintf(b, "- [issue %d](%s) %s: %s\n", n, c.Issues[n].URL, what, Code(c.Issues[n].Title, 100))
	}
}

func (c Checked) records(b *strings.Builder) {
	if len(c.Issues) == 0 || len(c.Records) == 0 {
		return
	}
	b.WriteString("\n### Each rule against the labels that people gave\n\nPrecision: of what the rule found, the share that people labelled so too. Recall: of what people labelled so, the share that the rule found. An issue that nobody labelled counts against a rule's precision.\n\n")
	b.WriteString("| Rule | Label | Found | Precision | Recall |\n|---:|---|---:|---:|---:|\n")
	for _, r := range c.Records {
		precision, recall := percent(r.Precision()), percent(r.Recall())
		fmt.Fprintf(b, "| %d | %s | %d | %s | %s |\n", r.Rule+1, strings.Join(r.Labels, ", "), r.Found, precision, recall)
	}
	b.WriteString("\n")
	for _, r := range c.Records {
		if rule := c.Rules[r.Rule]; r.Found == 0 && len(rule.Any)+len(rule.All) > 0 {
			fmt.Fprintf(b, "- Rule %d (%s) found nothing in these issues.\n", r.Rule+1, strings.Join(r.Labels, ", "))
		}
	}
	for _, pair := range c.Together {
		fmt.Fprintf(b, "- Rules %d and %d (%s) found their words in the very same issues: one of them is enough.\n", pair[0]+1, pair[1]+1, strings.Join(c.Rules[pair[0]].Label, ", "))
	}
}

func percent(share float64, known bool) string {
	if !known {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
