package report

import (
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/urgent"
)

// Telling is what became of what was due to people.
type Telling struct {
	Sent       []change.Message
	Left       []string         // another run has claimed them: channel and way
	Elsewhere  []string         // another run has sent them
	Cut        []string         // no way is set up that reaches them
	Waits      []string         // they are sent when the hours of their route begin
	Refused    []label.Withheld // labels that GitHub did not take
	Unrecorded bool             // what was sent could not be recorded
	Archived   bool             // because the repository is archived
}

func (t Telling) isEmpty() bool {
	return len(t.Sent)+len(t.Left)+len(t.Elsewhere)+len(t.Cut)+len(t.Waits)+len(t.Refused) == 0
}

// Near is an issue that says nearly what another says.
type Near struct {
	Number int
	Title  string
	Score  float64  // from 0 to 1
	Words  []string // that both have
}

// Alike is the part of a triage summary that names the issues like this one;
// whole is false where not all open ones were looked at.
func Alike(near []Near, whole, dry bool) string {
	var b strings.Builder
	b.WriteString("\n**May be known already**, the nearest first:\n\n| Issue | Title | Alike | Both say |\n|---|---|---|---|\n")
	for _, n := range near {
		fmt.Fprintf(&b, "| #%d | %s | %.0f %% | %s |\n", n.Number, Code(n.Title, 80), 100*n.Score, Code(strings.Join(n.Words, ", "), 80))
	}
	if !whole {
		b.WriteString("\nOnly the newest open issues were compared: there are too many of them.\n")
	}
	if dry {
		b.WriteString("\nNothing was said about it on the issue.\n")
	}
	return b.String()
}

// AlikeRemark is the comment that names the issues like a new one.
func AlikeRemark(issue int, near []Near) change.Remark {
	var b strings.Builder
	b.WriteString("This may be known already:\n\n")
	for _, n := range near {
		fmt.Fprintf(&b, "- #%d (both say %s)\n", n.Number, Code(strings.Join(n.Words, ", "), 80))
	}
	b.WriteString("\nIf one of them is the same, add what is new there and close this one; if none is, leave it as it is.")
	return change.Remark{Issue: issue, Subject: "similar", Words: b.String()}
}

// Triage is the summary of a triage run: each label with the rule and the
// words that earned it, what was left alone and why, and who was told. Dry
// says that nothing was done.
func Triage(issue model.Issue, d label.Decision, told Telling, dry bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## Triage of %s %d\n\n%s\n\n", issue.Kind(), issue.Number, Code(issue.Title, maxQuoted))
	if dry {
		b.WriteString("A dry run: this is what would be done, and nothing was.\n\n")
	}
	if len(d.Add)+len(d.Remove) == 0 && told.isEmpty() {
		b.WriteString("No changes: there is no label to add or to remove, and nobody to notify.\n\n")
	}
	labelTable(&b, d, told.Refused)
	for _, label := range d.Remove {
		fmt.Fprintf(&b, "- **%s** was taken off: we had put it there, and another of its group goes before it.\n", label)
	}
	for _, w := range d.Withheld {
		fmt.Fprintf(&b, "- **%s** was left alone: %s.\n", w.Label, Code(w.Reason, maxQuoted))
	}
	for _, r := range told.Refused {
		fmt.Fprintf(&b, "- **%s** was not added: %s.\n", r.Label, Code(r.Reason, maxQuoted))
	}
	verb := "Told"
	if dry {
		verb = "Would tell"
	}
	for _, m := range told.Sent {
		fmt.Fprintf(&b, "- %s %s.\n", verb, m.Whom())
	}
	for _, whom := range told.Elsewhere {
		fmt.Fprintf(&b, "- Told by another run: %s.\n", whom)
	}
	for _, whom := range told.Left {
		fmt.Fprintf(&b, "- **Not yet told** by this run: %s. Another run has claimed it.\n", whom)
	}
	for _, whom := range told.Cut {
		fmt.Fprintf(&b, "- **Not told**: %s. Nothing is set up that reaches it.\n", whom)
	}
	for _, whom := range told.Waits {
		fmt.Fprintf(&b, "- Told later: %s.\n", whom)
	}
	switch {
	case told.Unrecorded && told.Archived:
		b.WriteString("- **Not recorded**: the repository is archived and takes no comment, so a later run may send it again.\n")
	case told.Unrecorded:
		fmt.Fprintf(&b, "- **Not recorded**: the %s takes no comment, so a later run may send it again.\n", issue.Kind())
	}
	return b.String()
}

func labelTable(b *strings.Builder, d label.Decision, refused []label.Withheld) {
	if len(d.Earned) == 0 {
		b.WriteString("No rule found its words here.\n")
		return
	}
	state := map[string]string{}
	for _, f := range d.Add {
		state[f.Label] = "added"
	}
	for _, w := range d.Withheld {
		state[w.Label] = "left alone"
	}
	for _, r := range refused {
		state[r.Label] = "refused"
	}
	b.WriteString("| Label | | Because | Rule |\n|---|---|---|---|\n")
	for _, f := range d.Earned {
		what := state[f.Label]
		if what == "" {
			what = "there already"
		}
		fmt.Fprintf(b, "| **%s** | %s | %s | %s |\n", f.Label, what, becauseMarkdown(f), ruleOf(f))
	}
	b.WriteString("\n")
}

func becauseMarkdown(f label.Finding) string {
	if len(f.From) > 0 {
		return "follows from " + strings.Join(f.From, ", ")
	}
	if len(f.Evidence) > 0 {
		return evidenceMarkdown(f.Evidence)
	}
	if f.Words == "" {
		return "what it is, not its words"
	}
	return fmt.Sprintf("%s in the %s", Code(f.Words, 80), placeOf(f))
}

// evidenceMarkdown is the strongest evidence with its points; a sign has a name
// instead of words.
func evidenceMarkdown(all []urgent.Evidence) string {
	var parts []string
	for _, e := range all {
		words := firstOf(signWords[e.Feature], Code(strings.TrimPrefix(e.Feature, "#"), 60))
		if e.Words != "" {
			words = Code(e.Words, 60)
		}
		parts = append(parts, fmt.Sprintf("%s (%+d points)", words, e.Points))
	}
	return strings.Join(parts, ", ")
}

func ruleOf(f label.Finding) string {
	if f.Term == "" {
		return fmt.Sprintf("triage rule %d", f.Rule+1)
	}
	return fmt.Sprintf("triage rule %d, %s", f.Rule+1, Code(f.Term, 60))
}

// Declined is the summary of a run that had nothing to do with its event.
func Declined(why string) string {
	return fmt.Sprintf("## Triage\n\nNothing to do: %s.\n", Code(why, 300))
}
