package report

import (
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Checked is what a check of rules.yaml found out.
type Checked struct {
	File       string
	Warnings   []string // each a line with its place
	Untried    string   // why the rules were not tried on past issues; empty where they were
	Against    string   // what it was compared with; empty where there was nothing
	Issues     map[int]model.Issue
	Difference Difference
	Rules      []label.Rule
	Records    []RuleRecord
	Together   [][2]int
	Taught     *Taught // nil where it was not asked what the past teaches
}

// Difference is what a version of the rules changes against another.
type Difference struct {
	Issues        int // that get other labels
	Labels        []LabelChange
	Before, After float64 // messages a month
}

// LabelChange is what becomes of one label: the issues that gain it and those
// that lose it, by number, the newest first.
type LabelChange struct {
	Label      string
	Gain, Lose []int
}

// RuleRecord is how one rule agrees with the labels that people gave.
type RuleRecord struct {
	Rule   int // its index in rules.yaml, from 0
	Labels []string
	Found  int // issues in which it found its words
	Right  int // of these, the ones that people gave one of its labels
	Given  int // issues that people gave one of its labels
}

// Taught is what the labels that people gave in the past teach.
type Taught struct {
	Given    []Count // the plan's labels, with their examples, the most frequent first
	Foreign  []Count // labels that the plan does not declare, likewise
	Needed   int     // issues with a label, and without it, that are needed to learn it
	Enough   bool    // of one of them there are enough to learn from
	Rules    int
	Proposed string // rules as YAML; empty where there are none
}

// Count is in how many issues people gave a label.
type Count struct {
	Label  string
	Issues int
}

// CheckLine says in a line that the rules have no mistakes, and what a change
// of them would have done.
func CheckLine(c Checked) string { return c.File + " has no mistakes; " + c.outcome() }

func (c Checked) outcome() string {
	d := c.Difference
	switch {
	case c.Untried != "":
		return "not tried on past issues (" + c.Untried + ")"
	case len(c.Issues) == 0:
		return "there are no issues to try it on"
	case c.Against == "":
		return fmt.Sprintf("on the last %s: %s", c.last(), notifications(d.After))
	case d.Issues == 0:
		return fmt.Sprintf("on the last %s it changes nothing", c.last())
	}
	var parts []string
	for _, l := range d.Labels {
		if n := len(l.Gain); n > 0 {
			parts = append(parts, gain(n)+" "+l.Label)
		}
		if n := len(l.Lose); n > 0 {
			parts = append(parts, lose(n)+" "+l.Label)
		}
	}
	return fmt.Sprintf("on the last %s: %s; %s", c.last(), strings.Join(parts, ", "), pagesChange(d))
}

func (c Checked) last() string {
	if len(c.Issues) == 1 {
		return "issue"
	}
	return fmt.Sprintf("%d issues", len(c.Issues))
}

func gain(n int) string { return withVerb(n, "gains", "gain") }
func lose(n int) string { return withVerb(n, "loses", "lose") }

func withVerb(n int, one, several string) string {
	switch n {
	case 0:
		return "none " + one
	case 1:
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}

// notifications says how many there are in a month.
func notifications(monthly float64) string {
	switch often := tenths(monthly); often {
	case "0":
		return "no notifications"
	case "1":
		return "1 notification a month"
	default:
		return often + " notifications a month"
	}
}

func pagesChange(d Difference) string {
	change := d.After - d.Before
	switch {
	case change >= 0.05:
		return fmt.Sprintf("%s a month (%s, was %s)", pages(change, "more"), tenths(d.After), tenths(d.Before))
	case change <= -0.05:
		return fmt.Sprintf("%s a month (%s, was %s)", pages(-change, "fewer"), tenths(d.After), tenths(d.Before))
	}
	return fmt.Sprintf("as many pages a month as before (%s)", tenths(d.After))
}

func pages(n float64, what string) string {
	if tenths(n) == "1" {
		return "1 " + what + " page"
	}
	return tenths(n) + " " + what + " pages"
}

func tenths(f float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0") }

// Check is the summary of a check: what the change would have done, with the
// issues, and how each rule agrees with people.
func Check(c Checked) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## Check of %s\n\nNo mistakes. %s.\n", Code(c.File, 100), humanize.Capital(c.outcome()))
	b.WriteString(lines("Warnings", c.Warnings))
	for _, l := range c.Difference.Labels {
		fmt.Fprintf(&b, "\n### %s: %s it, %s it\n\n", l.Label, gain(len(l.Gain)), lose(len(l.Lose)))
		c.list(&b, "gains it", l.Gain)
		c.list(&b, "loses it", l.Lose)
	}
	c.records(&b)
	if c.Taught != nil {
		c.Taught.write(&b)
	}
	return b.String()
}

// CheckMistakes is the summary of a check that found mistakes: all of them, where
// annotations are at most ten.
func CheckMistakes(file string, err error) string {
	found := strings.Split(err.Error(), "\n")
	return fmt.Sprintf("## Check of %s\n\n%s.\n", Code(file, 100), humanize.Count(len(found), "mistake")) + lines("", found)
}

// lines lists lines of the form "rules.yaml:14:7: what is wrong".
func lines(title string, all []string) string {
	if len(all) == 0 {
		return ""
	}
	var b strings.Builder
	if title != "" {
		fmt.Fprintf(&b, "\n### %s\n", title)
	}
	b.WriteString("\n")
	for _, line := range all {
		place, text, found := strings.Cut(line, ": ")
		if !found {
			place, text = "", line
		}
		fmt.Fprintf(&b, "- %s %s\n", Code(place, 200), Code(text, 1000))
	}
	return b.String()
}

func (t *Taught) write(b *strings.Builder) {
	b.WriteString("\n### Rules that the past proposes\n\n")
	switch {
	case t.Rules == 0 && t.Enough:
		b.WriteString("None: no rule that could be made would be right often enough on new issues.\n")
	case t.Rules == 0:
		fmt.Fprintf(b, "None: a rule tells issues with a label from others, so a label of rules.yaml is needed that people gave to %d issues or more, and not to %d. %s.\n", t.Needed, t.Needed, t.given())
	default:
		b.WriteString("Read them, cut them, and paste what convinces you: nothing is applied.\n")
	}
	if t.Proposed != "" {
		fmt.Fprintf(b, "\n````yaml\n%s````\n", strings.ReplaceAll(t.Proposed, "````", "```"))
	}
	if len(t.Foreign) > 0 {
		fmt.Fprintf(b, "\nPeople gave these labels too, which rules.yaml does not declare, so nothing is learned of them: %s.\n", listedLabels(t.Foreign))
	}
}

// given says which of the plan's labels there are examples of.
func (t *Taught) given() string {
	if len(t.Given) == 0 {
		return "In these issues people gave none of its labels"
	}
	return "Of its labels people gave " + listedLabels(t.Given)
}

// maxCounted is how many labels a sentence names.
const maxCounted = 15

// listedLabels are labels with the number of their issues. Strangers may have named
// them.
func listedLabels(labels []Count) string {
	var parts []string
	for i, l := range labels {
		if i == maxCounted {
			parts = append(parts, fmt.Sprintf("and %d more", len(labels)-maxCounted))
			break
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", Code(l.Label, 50), humanize.Count(l.Issues, "issue")))
	}
	return strings.Join(parts, ", ")
}

// maxIssues is how many issues a list names.
const maxIssues = 10

func (c Checked) list(b *strings.Builder, what string, numbers []int) {
	for i, n := range numbers {
		if i == maxIssues {
			fmt.Fprintf(b, "- and %d more\n", len(numbers)-maxIssues)
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
	rows, notes := c.judged()
	if len(rows) > 0 {
		b.WriteString("| Rule | Label | Found | Precision | Recall |\n|---:|---|---:|---:|---:|\n" + strings.Join(rows, "") + "\n")
	}
	b.WriteString(strings.Join(notes, ""))
	for _, pair := range c.Together {
		fmt.Fprintf(b, "- Rules %d and %d (%s) found their words in the very same issues: one of them is enough.\n", pair[0]+1, pair[1]+1, strings.Join(c.Rules[pair[0]].Label, ", "))
	}
}

// judged are a row for each rule that has something to find, and what is to be
// said about rules beside.
func (c Checked) judged() (rows, notes []string) {
	var following []string
	for _, r := range c.Records {
		rule, name := c.Rules[r.Rule], fmt.Sprintf("Rule %d (%s)", r.Rule+1, strings.Join(r.Labels, ", "))
		if follows(rule) {
			following = append(following, fmt.Sprintf("- %s follows from %s, and has nothing of its own to find.\n", name, strings.Join(rule.Labels, ", ")))
			continue
		}
		rows = append(rows, fmt.Sprintf("| %d | %s | %d | %s |\n", r.Rule+1, strings.Join(r.Labels, ", "), r.Found, agreement(r)))
		if r.Found == 0 && len(rule.Any)+len(rule.All) > 0 {
			notes = append(notes, fmt.Sprintf("- %s found nothing in these issues.\n", name))
		}
	}
	return rows, append(notes, following...)
}

// follows tells a rule that looks at an issue's other labels alone.
func follows(r label.Rule) bool {
	return len(r.Labels) > 0 && len(r.Any)+len(r.All)+len(r.When.Form)+len(r.When.AuthorAssociation) == 0
}

// agreement is how far a rule and people agree, in two cells.
func agreement(r RuleRecord) string {
	if r.Given == 0 {
		return "nobody gives this label | –"
	}
	return percent(r.Right, r.Found) + " | " + percent(r.Right, r.Given)
}

// percent is a share of a whole; of nothing there is none.
func percent(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*(float64(part)/float64(whole)))
}
