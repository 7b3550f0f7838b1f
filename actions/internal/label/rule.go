// Package label turns the words of an issue into the labels that they earn by
// the rules of rules.yaml, each with its reason, and decides which of them to
// put on, given what people did before. It reads and decides; it changes
// nothing.
package label

import (
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Rule gives labels to an issue whose words and circumstances it describes:
// one of Any and each of All are found, none of None is, When holds, and the
// issue has, or has just earned, one of Labels, and no rule above gave one of
// Unless for its words. What is left out asks nothing.
//
// A rule with Exclusive alone is of another kind: of its labels an issue gets
// only the first one that it earns. So is one with Choose: it adds points up, and
// gives the one of its labels that has most (choose.go).
type Rule struct {
	Label      model.Names    `yaml:"label"`
	Any        []Term         `yaml:"any"`
	All        []Term         `yaml:"all"`
	None       []Term         `yaml:"none"`
	In         model.Names    `yaml:"in"`     // title, body; both where it is left out
	Stated     bool           `yaml:"stated"` // Any and All count where they are said to be so: not asked, wished for, supposed, nor done by the writer
	When       When           `yaml:"when"`
	Labels     model.Names    `yaml:"labels"`
	Unless     model.Names    `yaml:"unless"` // not where the words have earned one of these labels by a rule above
	Use        string         `yaml:"use"`    // urgent: the labels follow from weighed evidence (package urgent)
	Doubt      model.Names    `yaml:"doubt"`  // with Use: labels of what does not page, and a person should look at
	Words      map[string]int `yaml:"words"`  // with Use: points of a word, two words, @family or @family ~ @family
	vocabulary *Vocabulary
	Exclusive  model.Names `yaml:"exclusive"`
	Choose     model.Names `yaml:"choose"` // the one of these with most of the points
	Least      int         `yaml:"least"`  // by how many points it must lead; a tie is enough where it is left out
	Card       string      `yaml:"card"`   // kinds: points that ship, for a bug, a feature and a question in the order of Choose
	Points     []Points    `yaml:"points"`
}

// When asks for circumstances; each that is given must hold.
type When struct {
	AuthorAssociation model.Names            `yaml:"author_association"` // one of these
	Form              map[string]model.Names `yaml:"form"`               // for each question one of these answers
	Looks             model.Names            `yaml:"looks"`              // one of the names in looks.go
}

// Validate finds what is wrong with a rule, given the labels of the plan.
func (r Rule) Validate(labels []string) []diag.Mistake {
	v := &validation{labels: labels}
	switch {
	case len(r.Exclusive) > 0:
		v.exclusive(r)
		return v.found
	case len(r.Choose)+len(r.Points)+len(r.Card) > 0 || r.Least != 0:
		v.choose(r)
		return v.found
	}
	if len(r.Label) == 0 {
		v.add(nil, "a rule needs `label`: what it gives, or `exclusive`")
	}
	v.use(r)
	if len(r.Use)+len(r.Any)+len(r.All)+len(r.Labels)+len(r.When.AuthorAssociation)+len(r.When.Form)+len(r.When.Looks) == 0 {
		v.add(nil, "a rule needs `any`, `all`, `when` or `labels`: what it is given for")
	}
	v.names("label", r.Label)
	v.names("labels", r.Labels)
	v.names("unless", r.Unless)
	v.terms("any", r.Any)
	v.terms("all", r.All)
	v.terms("none", r.None)
	v.places(r.In)
	v.when(r.When)
	return v.found
}

// associations are GitHub's (the REST description, author-association).
var associations = []string{"COLLABORATOR", "CONTRIBUTOR", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN", "MEMBER", "NONE", "OWNER"}

// places are where words are looked for. The opening is the first words of the
// body; in line a term is the whole of a line of the body, as the answers of
// forms are.
var places = []string{"title", "opening", "body", "line"}

type validation struct {
	labels []string
	found  []diag.Mistake
}

func (v *validation) add(path []any, format string, args ...any) {
	v.found = append(v.found, diag.At(path, format, args...))
}

func (v *validation) names(key string, names model.Names) {
	for i, name := range names {
		if contains(v.labels, name) {
			continue
		}
		v.add([]any{key, i}, "%s", diag.Unknown("label", name, v.labels))
	}
}

func (v *validation) terms(key string, terms []Term) {
	for i, t := range terms {
		wrong := t.wrong
		if wrong == "" {
			wrong = t.unmatched()
		}
		if wrong != "" {
			v.add([]any{key, i}, "%s", wrong)
		}
	}
}

func (v *validation) places(in model.Names) {
	for i, place := range in {
		if !slices.Contains(places, place) {
			v.add([]any{"in", i}, "%s", diag.Unknown("place", place, places))
		}
	}
}

func (v *validation) when(w When) {
	for question, answers := range w.Form {
		if strings.TrimSpace(question) == "" || len(answers) == 0 {
			v.add([]any{"when", "form"}, "%q: a question of the form and the answers that count are wanted", question)
		}
	}
	for i, a := range w.AuthorAssociation {
		if !contains(associations, a) {
			v.add([]any{"when", "author_association", i}, "%s", diag.Unknown("association", a, associations))
		}
	}
	for i, l := range w.Looks {
		if _, known := looks[l]; !known {
			v.add([]any{"when", "looks", i}, "%s", diag.Unknown("look", l, Looks()))
		}
	}
}

func (v *validation) exclusive(r Rule) {
	v.names("exclusive", r.Exclusive)
	if len(r.Exclusive) < 2 {
		v.add([]any{"exclusive"}, "an exclusive group needs two labels at least")
	}
	if len(r.Label)+len(r.Any)+len(r.All)+len(r.None)+len(r.In)+len(r.Labels)+len(r.Unless) > 0 || r.Stated {
		v.add(nil, "`exclusive` stands alone: make two rules of it")
	}
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}
