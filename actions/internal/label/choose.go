package label

import (
	"math"
	"strings"

	"github.com/kljensen/snowball/english"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Points are a line of a rule with Choose: what each of its terms that is found
// is worth to some labels. A line without terms counts once, where When holds,
// or always where that asks for nothing.
type Points struct {
	// For is the number of points for each label, from -1000 to 1000.
	For map[string]int `yaml:"for"`
	// In is where the terms are looked for: title, opening (the first 50 words), body, line (a whole
	// line); default: title and body.
	In model.Names `yaml:"in"`
	// Any holds the terms; each one that is found earns the points. Without terms the points count
	// once.
	Any []Term `yaml:"any"`
	// When holds conditions besides the text.
	When When `yaml:"when"`
}

// maxPoints is how much one term may be worth, for a label or against it.
const maxPoints = 1000

// choose finds what is wrong with a rule that adds points up.
func (v *validation) choose(r Rule) {
	v.names("choose", r.Choose)
	switch {
	case len(r.Choose) < 2:
		v.add([]any{"choose"}, "a choice needs two labels at least")
	case len(r.Points) == 0 && r.Card == "":
		v.add(nil, "a choice needs `points` or `card`: what speaks for its labels")
	case r.Card != "" && r.Card != KindsName:
		v.add([]any{"card"}, "%s", diag.Unknown("card", r.Card, []string{KindsName}))
	case r.Card != "" && len(r.Choose) != len(Kinds):
		v.add([]any{"choose"}, "the card %q chooses one of three labels, for a bug, a feature and a question in this order, got %d", r.Card, len(r.Choose))
	case r.Least < 0:
		v.add([]any{"least"}, "%d: must be how many points the chosen label leads by", r.Least)
	}
	if len(r.Label)+len(r.Any)+len(r.All)+len(r.None)+len(r.In)+len(r.Labels)+len(r.Unless) > 0 || r.Stated || !r.When.isZero() {
		v.add(nil, "`choose` can be combined with `card`, `points` and `least` only: split the rule in two")
	}
	for i, line := range r.Points {
		under := &validation{labels: r.Choose}
		under.line(line)
		v.found = append(v.found, diag.Under(under.found, "points", i)...)
	}
}

func (v *validation) line(p Points) {
	if len(p.For) == 0 {
		v.add(nil, "points need `for`: how many for which label")
	}
	for label, n := range p.For {
		switch {
		case !contains(v.labels, label):
			v.add([]any{"for", label}, "%s", diag.Unknown("label of the choice", label, v.labels))
		case n < -maxPoints || n > maxPoints:
			v.add([]any{"for", label}, "%d: at most %d points are given", n, maxPoints)
		}
	}
	v.places(p.In)
	v.terms("any", p.Any)
	v.when(p.When)
}

func (w *When) isZero() bool { return len(w.AuthorAssociation)+len(w.Form)+len(w.Looks) == 0 }

// lines are the points of a rule as rules of their own, whose terms are looked
// for with all others.
func (r Rule) lines() []Rule {
	all := make([]Rule, 0, len(r.Points))
	for _, p := range r.Points {
		all = append(all, Rule{In: p.In, Any: p.Any, When: p.When})
	}
	return all
}

// choice is the label that a rule chose, by how much it leads, and what spoke
// most for it.
type choice struct {
	label  string
	lead   int
	reason reason
}

// choose adds up the points of a rule; nil where nothing speaks for a label, or
// none leads by enough. A card that ships says nothing of a text in which no word
// with a meaning of its own speaks for the label, such as an advertisement or a
// text of another language, nor of plain praise. Of labels with as many points
// the first that is named goes before.
func (s *search) choose(rule int, doc *issuetext.Document, issue model.Issue) *choice {
	r, all := &s.c.rules[rule], s.c.worth[rule]
	sums, strongest := make([]int, len(r.Choose)), make([]spoken, len(r.Choose))
	worded := r.Card == ""
	for i, at := 0, s.c.lines[rule]; i < len(r.Points); i++ {
		if !s.hitIn[at+i] {
			continue
		}
		for _, h := range s.candidates(rule, i, doc, issue) {
			if h == 0 {
				continue
			}
			hasWords := len(r.Points[i].Any) > 0
			worded = worded || hasWords
			for k, n := range all[i] {
				sums[k] += n
				if hasWords {
					strongest[k].hear(n, &s.hits[h], s)
				}
			}
		}
	}
	best, second := first(sums)
	if !worded || sums[best] <= 0 || sums[best]-second < r.Least {
		return nil
	}
	if r.Card != "" && (!strongest[best].says || s.isPraise(doc, issue)) {
		return nil
	}
	c := &choice{label: r.Choose[best], lead: sums[best] - second}
	if h := strongest[best].hit; h != nil {
		c.reason = *s.reason(h)
	}
	return c
}

// first is the place of the largest number, the first of several, and the number
// that comes next.
func first(sums []int) (best, second int) {
	second = math.MinInt
	for k, n := range sums {
		if n > sums[best] {
			best = k
		}
	}
	for k, n := range sums {
		if k != best {
			second = max(second, n)
		}
	}
	return best, second
}

// once is the hits of a line without terms: it counts, and has no word.
var once = []int32{1}

// candidates are the hits of the terms of a line, 0 for those that were not
// found; of a line without terms, once where its When holds.
func (s *search) candidates(rule, line int, doc *issuetext.Document, issue model.Issue) []int32 {
	at := s.c.lines[rule] + line
	if !s.hitIn[at] || !s.c.rules[at].When.holds(doc, issue) {
		return nil
	}
	if s.c.wordless[at] {
		return once
	}
	return s.first[s.c.parts[at].any:s.c.parts[at].all]
}

// worths are what each line of a rule is worth to each label that it chooses
// from.
func worths(r Rule) [][]int {
	all := make([][]int, len(r.Points))
	for i, p := range r.Points {
		all[i] = make([]int, len(r.Choose))
		for k, label := range r.Choose {
			all[i][k] = p.of(label)
		}
	}
	return all
}

// Count tells how often each line of a rule's points counts for an issue.
func (c *Rules) Count(rule int, doc *issuetext.Document, issue model.Issue) []int {
	s := c.search(doc)
	defer s.end()
	counts := make([]int, len(c.rules[rule].Points))
	for i := range counts {
		for _, h := range s.candidates(rule, i, doc, issue) {
			if h != 0 {
				counts[i]++
			}
		}
	}
	return counts
}

// of is what a line is worth to a label.
func (p Points) of(label string) int {
	for name, n := range p.For {
		if contains([]string{name}, label) {
			return n
		}
	}
	return 0
}

// spoken is what speaks most for a label so far. Words such as "and" are worth
// points and are no reason to show, unless nothing else speaks for it.
type spoken struct {
	worth int
	hit   *hit // nil where nothing does
	says  bool // the words mean something by themselves
}

func (s *spoken) hear(worth int, h *hit, in *search) {
	if worth <= 0 || s.says && worth <= s.worth {
		return
	}
	words := in.words(h)
	if words == "" {
		return
	}
	says := !english.IsStopWord(strings.ToLower(words))
	if says == s.says && worth <= s.worth || s.says && !says {
		return
	}
	s.worth, s.hit, s.says = worth, h, says
}
