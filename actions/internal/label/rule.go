// Package label turns the words of an issue into the labels that they earn by
// the rules of rules.yaml, each with its reason, and decides which of them to
// put on, given what people did before. It reads and decides; it changes
// nothing.
package label

import (
	"cmp"
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
	// Label is the label that the rule adds, or a list of labels.
	Label model.Names `yaml:"label"`
	// Any holds terms of which at least one must be found.
	Any []Term `yaml:"any"`
	// All holds terms that must all be found.
	All []Term `yaml:"all"`
	// None holds terms that must not be found.
	None []Term `yaml:"none"`
	// In is where the terms are looked for: title, opening (the first 50 words), body, line (a whole
	// line); default: title and body.
	In model.Names `yaml:"in"`
	// Stated counts terms only where the text states them as fact: not in questions, wishes or
	// suppositions.
	Stated bool `yaml:"stated"`
	// When holds conditions besides the text.
	When When `yaml:"when"`
	// Labels are labels of which the issue must have one, or has just earned one.
	Labels model.Names `yaml:"labels"`
	// Unless holds labels: the rule is skipped where a rule above gave one of them for the words of the
	// text.
	Unless model.Names `yaml:"unless"`
	// Use names a built-in classifier. There is one, urgent: it weighs the evidence that the text reports an urgent problem, with weights that
	// ship with Aftercare.
	Use string `yaml:"use"`
	// Doubt is the label for texts that may be urgent, which a person should look at. With use.
	Doubt model.Names `yaml:"doubt"`
	// Words sets the weights of single words, pairs of words or word lists (@name). With use.
	Words      map[string]int `yaml:"words"`
	vocabulary *Vocabulary
	// Exclusive lists labels of which an issue gets only the first one that it earned. Stands alone.
	Exclusive model.Names `yaml:"exclusive"`
	// Choose lists labels of which the issue gets the one with most points. With card, points and
	// least.
	Choose model.Names `yaml:"choose"`
	// Least is the number of points by which the chosen label must lead; default: a tie is decided by
	// the order.
	Least int `yaml:"least"`
	// Card names points that ship with Aftercare. There is one, kinds: for a bug, a feature request and a question in
	// the order of choose.
	Card string `yaml:"card"`
	// Points are what speaks for each label of choose.
	Points []Points `yaml:"points"`
}

// When asks for circumstances; each that is given must hold.
type When struct {
	// AuthorAssociation is the author's association with the repository, one of GitHub's: OWNER,
	// MEMBER, COLLABORATOR, CONTRIBUTOR, FIRST_TIME_CONTRIBUTOR, FIRST_TIMER, MANNEQUIN, NONE.
	AuthorAssociation model.Names `yaml:"author_association"`
	// Form holds, for each question of an issue form, the answers of which one must be given.
	Form map[string]model.Names `yaml:"form"`
	// Looks are properties of the issue, of which one must hold: brief, call, code, comment, heading,
	// image, line-number, link, long, lower-title, number, prefix, question, questions, short,
	// short-title, steps, title-code, trace, version.
	Looks model.Names `yaml:"looks"`
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
	unmatched := unmatched(terms)
	for i, t := range terms {
		if wrong := cmp.Or(t.wrong, unmatched[i]); wrong != "" {
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
			v.add([]any{"when", "form"}, "%q: expected a question of the form and the answers that count", question)
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
		v.add(nil, "`exclusive` cannot be combined with other keys: split the rule in two")
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
