package label

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/labelname"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// History is what happened to the labels of an issue.
type History struct {
	Events []model.LabelEvent      // the oldest first
	Ours   func(actor string) bool // nil: nothing is
}

// Decision is what to do about an issue's labels, and why.
type Decision struct {
	Earned   []Finding // all that the issue earns, in the order of the rules
	Add      []Finding // of these, the ones to put on
	Remove   []string  // labels of ours whose place another of their group takes
	Withheld []Withheld
}

// Withheld is a label that was earned and is left to a person's word.
type Withheld struct {
	Label, Reason string
}

// After is the list of an issue's labels once the decision is carried out.
func (d Decision) After(labels []string) []string {
	var all []string
	for _, l := range labels {
		if !contains(d.Remove, l) {
			all = append(all, l)
		}
	}
	for _, f := range d.Add {
		all = append(all, f.Label)
	}
	return all
}

// Done is the decision with those labels alone that were put on and taken off.
func (d Decision) Done(added, removed []string) Decision {
	d.Add = slices.DeleteFunc(slices.Clone(d.Add), func(f Finding) bool { return !contains(added, f.Label) })
	d.Remove = removed
	return d
}

// Plan carries the decision out on an issue; labels that the repository lacks
// come into being as declared.
func (d Decision) Plan(issue int, declared []change.Label) change.Plan {
	var steps change.Plan
	if names := Names(d.Add); len(names) > 0 {
		steps = append(steps, change.AddLabels{Issue: issue, Labels: names, Declared: declared})
	}
	for _, label := range d.Remove {
		steps = append(steps, change.RemoveLabel{Issue: issue, Label: label})
	}
	return steps
}

// Names are the labels of findings, in their order.
func Names(findings []Finding) []string {
	var names []string
	for _, f := range findings {
		names = append(names, f.Label)
	}
	return names
}

// Found are the rules, by their index, that found words or circumstances they
// ask for; whether the labels that they follow from are held is not asked.
func (r Reading) Found() []int {
	var all []int
	for i, hit := range r.found {
		if rule := r.rules[i]; hit != nil && (len(rule.Any)+len(rule.All)+len(rule.Points)+len(rule.Use) > 0 || !rule.When.isZero()) {
			all = append(all, i)
		}
	}
	return all
}

// Decide finds which labels to put on and which to take off. A person has the
// last word: a label that somebody took off is not put on again, and one that
// somebody put on is never taken off, nor joined by another of its exclusive
// group.
func Decide(reading Reading, issue model.Issue, history History) Decision {
	t := &table{issue: issue, last: lastEvents(history.Events), ours: history.Ours}
	if t.ours == nil {
		t.ours = func(string) bool { return false }
	}
	if len(issue.Labels) > 0 {
		t.bare = map[string]bool{}
	}
	for _, l := range issue.Labels {
		t.bare[labelname.Bare(l)] = true
	}
	t.earn(reading)
	for _, r := range reading.rules {
		if len(r.Exclusive) > 0 {
			t.exclude(r.Exclusive)
		}
	}
	t.loosen()
	return t.d
}

// table is a decision in the making.
type table struct {
	issue model.Issue
	last  map[string]model.LabelEvent // by label, folded
	ours  func(string) bool
	bare  map[string]bool // what the labels of the issue say, however they are written
	d     Decision
}

// hasTwin reports whether the issue has a label under another spelling alone.
func (t *table) hasTwin(label string) bool { return !t.issue.Has(label) && t.has(label) }

// has reports whether the issue has a label, or one that means the same and is
// written differently: "type: bug" for "bug".
func (t *table) has(label string) bool {
	return t.issue.Has(label) || len(t.bare) > 0 && t.bare[labelname.Bare(label)]
}

func lastEvents(events []model.LabelEvent) map[string]model.LabelEvent {
	last := map[string]model.LabelEvent{}
	for _, e := range events {
		last[strings.ToLower(e.Label)] = e
	}
	return last
}

// earn goes over the rules until no label follows from another any more.
func (t *table) earn(reading Reading) {
	held := map[string]bool{}
	for _, l := range t.issue.Labels {
		held[strings.ToLower(l)] = true
	}
	for i := range reading.rules {
		if len(t.issue.Labels) == 0 {
			break
		}
		for _, l := range reading.rules[i].Labels {
			held[strings.ToLower(l)] = held[strings.ToLower(l)] || t.has(l)
		}
	}
	done := map[string]bool{}
	for again := true; again; {
		again = false
		for i, r := range reading.rules {
			if reading.found[i] == nil {
				continue
			}
			from, follows := holds(r.Labels, held)
			if !follows {
				continue
			}
			for _, label := range reading.gives(i) {
				if t.isNoDoubt(reading, i, held) {
					continue
				}
				if key := strings.ToLower(label); !done[key] {
					done[key], again = true, true
					held[key] = t.settle(reading.finding(label, i, from)) || held[key]
				}
			}
		}
	}
	t.inOrder()
}

// holds reports whether one of the labels is held, and which; a rule that asks
// for none holds.
func holds(wanted model.Names, held map[string]bool) ([]string, bool) {
	var from []string
	for _, l := range wanted {
		if held[strings.ToLower(l)] {
			from = append(from, l)
		}
	}
	return from, len(wanted) == 0 || len(from) > 0
}

// gives are the labels of a rule that holds.
func (r Reading) gives(rule int) model.Names {
	if c := r.chosen[rule]; c != nil {
		return model.Names{c.label}
	}
	if w, ok := r.weighed[rule]; ok {
		return w.labels
	}
	return r.rules[rule].Label
}

func (r Reading) finding(label string, rule int, from []string) Finding {
	h := r.found[rule]
	f := Finding{Label: label, Rule: rule, Term: h.term, Words: h.words, In: h.in, Line: h.line, From: from}
	if c := r.chosen[rule]; c != nil {
		f.Lead = c.lead
	}
	f.Evidence = r.weighed[rule].evidence
	return f
}

// settle decides on one earned label; it answers whether the issue has it then.
func (t *table) settle(f Finding) bool {
	t.d.Earned = append(t.d.Earned, f)
	if t.has(f.Label) {
		return true
	}
	if e, ok := t.last[strings.ToLower(f.Label)]; ok && !e.Added && !t.ours(e.Actor) {
		t.withhold(f.Label, fmt.Sprintf("%s took it off on %s", whoever(e.Actor), e.At.UTC().Format(time.DateOnly)))
		return false
	}
	t.d.Add = append(t.d.Add, f)
	return true
}

// isNoDoubt reports whether a rule that weighs is only in doubt about an issue
// that is known: it has one of the rule's labels, or a person took one off.
func (t *table) isNoDoubt(reading Reading, rule int, held map[string]bool) bool {
	if w, ok := reading.weighed[rule]; !ok || !w.doubt {
		return false
	}
	for _, l := range reading.rules[rule].Label {
		key := strings.ToLower(l)
		if e, ok := t.last[key]; held[key] || ok && !e.Added && !t.ours(e.Actor) {
			return true
		}
	}
	return false
}

func whoever(login string) string {
	if login == "" {
		return "somebody"
	}
	return login
}

func (t *table) withhold(label, reason string) {
	t.d.Withheld = append(t.d.Withheld, Withheld{label, reason})
}

// inOrder sorts what was found in several rounds by rule, then by label.
func (t *table) inOrder() {
	sortFindings(t.d.Earned)
	sortFindings(t.d.Add)
}

// exclude leaves of a group the one that a person chose, else the first one
// that the issue has or earns.
func (t *table) exclude(group model.Names) {
	chosen, byPerson := t.chosen(group)
	if chosen == "" {
		return
	}
	for _, label := range group {
		if strings.EqualFold(label, chosen) {
			continue
		}
		t.drop(label, chosen, byPerson)
	}
}

// loosen leaves out what follows only from labels that the issue does not get
// after all.
func (t *table) loosen() {
	for again := true; again; {
		again = false
		labels := t.d.After(t.issue.Labels)
		for i, f := range t.d.Add {
			if len(f.From) == 0 || among(f.From, labels) || slices.ContainsFunc(f.From, t.hasTwin) {
				continue
			}
			t.d.Add = append(t.d.Add[:i:i], t.d.Add[i+1:]...)
			t.withhold(f.Label, "it follows from "+strings.Join(f.From, ", ")+", which the issue does not get")
			again = true
			break
		}
	}
}

func among(wanted, labels []string) bool {
	for _, w := range wanted {
		if contains(labels, w) {
			return true
		}
	}
	return false
}

func (t *table) chosen(group model.Names) (string, bool) {
	for _, label := range group {
		if t.has(label) && !t.setByUs(label) {
			return label, true
		}
	}
	for _, label := range group {
		if t.has(label) || indexOf(t.d.Add, label) >= 0 {
			return label, false
		}
	}
	return "", false
}

func (t *table) setByUs(label string) bool {
	e, ok := t.last[strings.ToLower(label)]
	return ok && e.Added && t.ours(e.Actor)
}

// drop keeps a label of a group off the issue, for the sake of the chosen one.
func (t *table) drop(label, chosen string, byPerson bool) {
	if i := indexOf(t.d.Add, label); i >= 0 {
		t.d.Add = append(t.d.Add[:i:i], t.d.Add[i+1:]...)
		if byPerson {
			t.withhold(label, "a person chose "+chosen)
		} else {
			t.withhold(label, chosen+" goes before it")
		}
	}
	if t.issue.Has(label) && t.setByUs(label) {
		t.d.Remove = append(t.d.Remove, label)
	}
}

func indexOf(findings []Finding, label string) int {
	for i, f := range findings {
		if strings.EqualFold(f.Label, label) {
			return i
		}
	}
	return -1
}

func sortFindings(all []Finding) {
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Label, b.Label))
	})
}
