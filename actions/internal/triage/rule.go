// Package triage turns the words of an issue into the labels that they earn by
// the rules of rules.yaml, each with its reason, and decides which of them to
// put on, given what people did before. It reads and decides; it changes
// nothing.
package triage

import (
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/mistake"
	"github.com/aftercare/aftercare/actions/internal/text"
)

// Rule gives labels to an issue whose words and circumstances it describes:
// one of Any and each of All are found, none of None is, When holds, and the
// issue has, or has just earned, one of Labels. What is left out asks nothing.
//
// A rule with Exclusive alone is of another kind: of its labels an issue gets
// only the first one that it earns.
type Rule struct {
	Label     fact.Names `yaml:"label"`
	Any       []Term     `yaml:"any"`
	All       []Term     `yaml:"all"`
	None      []Term     `yaml:"none"`
	In        fact.Names `yaml:"in"` // title, body; both where it is left out
	When      When       `yaml:"when"`
	Labels    fact.Names `yaml:"labels"`
	Exclusive fact.Names `yaml:"exclusive"`
}

// When asks for circumstances; each that is given must hold.
type When struct {
	AuthorAssociation fact.Names            `yaml:"author_association"` // one of these
	Form              map[string]fact.Names `yaml:"form"`               // for each question one of these answers
}

// Term is what a rule looks for, within a sentence:
//
//	crash                            a word, compared by its stem
//	core dumped                      a phrase: words in a row
//	delete|wipe … my … file|home     choices, and gaps of up to five words
//	/thread .* panicked/i            a regular expression of RE2
type Term struct {
	Text    string
	steps   []step // the words of a phrase, in a row
	pattern *regexp.Regexp
	needs   string // a text in lower case that the pattern cannot do without
	wrong   string // why it is no term
}

// UnmarshalYAML takes a scalar. What is wrong with it is told by Validate,
// with the rest.
func (t *Term) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		return fmt.Errorf("a word, a phrase or a /pattern/ is wanted here")
	}
	*t = NewTerm(node.Value)
	return nil
}

// MarshalYAML writes what UnmarshalYAML reads.
func (t Term) MarshalYAML() (any, error) { return t.Text, nil }

var patternForm = regexp.MustCompile(`(?s)^/(.+)/([a-z]*)$`)

// NewTerm reads a term as it stands in rules.yaml.
func NewTerm(s string) Term {
	t := Term{Text: s}
	if m := patternForm.FindStringSubmatch(s); m != nil {
		if t.pattern, t.wrong = compilePattern(m[1], m[2]); t.pattern != nil {
			t.needs = needs(t.pattern.String())
		}
		return t
	}
	gap := false
	for _, chunk := range strings.Fields(strings.NewReplacer("...", " … ", "…", " … ").Replace(s)) {
		if chunk == "…" {
			gap = len(t.steps) > 0
			continue
		}
		t.steps = append(t.steps, steps(chunk, gap)...)
		gap = false
	}
	switch {
	case strings.HasPrefix(s, "'/") || strings.HasPrefix(s, `"/`):
		t.wrong = fmt.Sprintf("%s is quoted twice, so it is no pattern", s)
	case len(t.steps) == 0:
		t.wrong = fmt.Sprintf("there is no word in %q", s)
	case len(t.steps) > mostWords:
		t.wrong = fmt.Sprintf("a phrase has at most %d words", mostWords)
	}
	return t
}

// step is one word of a phrase: one of some stems, next to the word before or
// with a gap.
type step struct {
	stems []string
	gap   bool
}

// steps reads a chunk of a phrase: choices with | between them, or a word that
// the text's own rules may part in several («opt-out»).
func steps(chunk string, gap bool) []step {
	if strings.Contains(chunk, "|") {
		s := step{gap: gap}
		for _, choice := range strings.Split(chunk, "|") {
			for _, w := range text.Words(text.Fold(choice)) {
				s.stems = append(s.stems, stem(w.Folded))
			}
		}
		return []step{s}
	}
	var all []step
	for _, w := range text.Words(text.Fold(chunk)) {
		all = append(all, step{stems: []string{stem(w.Folded)}, gap: gap && len(all) == 0})
	}
	return all
}

// mayBe tells whether the stem of a word can be among them, without stemming.
func (s step) mayBe(folded string) bool {
	p := prefixOf(folded)
	for _, want := range s.stems {
		if prefixOf(want) == p {
			return true
		}
	}
	return false
}

func (s step) has(stemmed string) bool {
	for _, want := range s.stems {
		if want == stemmed {
			return true
		}
	}
	return false
}

// mostWords is the length of the longest phrase, in words.
const mostWords = 12

func compilePattern(expression, flags string) (*regexp.Regexp, string) {
	if strings.Trim(flags, "ims") != "" {
		return nil, fmt.Sprintf("unknown flags %q: i (any case), m (^ and $ at lines) and s (. takes line ends) are known", flags)
	}
	if flags != "" {
		expression = "(?" + flags + ")" + expression
	}
	pattern, err := regexp.Compile(expression)
	if err != nil {
		return nil, fmt.Sprintf("the pattern does not compile: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	if pattern.MatchString("") {
		return nil, "the pattern matches every text, since it matches the empty one"
	}
	return pattern, ""
}

// Validate finds what is wrong with a rule, given the labels of the plan.
func (r Rule) Validate(labels []string) []mistake.Mistake {
	v := &validation{labels: labels}
	if len(r.Exclusive) > 0 {
		v.exclusive(r)
		return v.found
	}
	if len(r.Label) == 0 {
		v.add(nil, "a rule needs `label`: what it gives, or `exclusive`")
	}
	if len(r.Any)+len(r.All)+len(r.Labels)+len(r.When.AuthorAssociation)+len(r.When.Form) == 0 {
		v.add(nil, "a rule needs `any`, `all`, `when` or `labels`: what it is given for")
	}
	v.names("label", r.Label)
	v.names("labels", r.Labels)
	v.terms("any", r.Any)
	v.terms("all", r.All)
	v.terms("none", r.None)
	for _, in := range r.In {
		if in != "title" && in != "body" {
			v.add([]any{"in"}, "%s", mistake.Unknown("place", in, []string{"title", "body"}))
		}
	}
	for i, a := range r.When.AuthorAssociation {
		if !contains(associations, a) {
			v.add([]any{"when", "author_association", i}, "%s", mistake.Unknown("association", a, associations))
		}
	}
	return v.found
}

// associations are GitHub's (the REST description, author-association).
var associations = []string{"COLLABORATOR", "CONTRIBUTOR", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN", "MEMBER", "NONE", "OWNER"}

type validation struct {
	labels []string
	found  []mistake.Mistake
}

func (v *validation) add(path []any, format string, args ...any) {
	v.found = append(v.found, mistake.At(path, format, args...))
}

func (v *validation) names(key string, names fact.Names) {
	for i, name := range names {
		if contains(v.labels, name) {
			continue
		}
		v.add([]any{key, i}, "%s", mistake.Unknown("label", name, v.labels))
	}
}

func (v *validation) terms(key string, terms []Term) {
	for i, t := range terms {
		if t.wrong != "" {
			v.add([]any{key, i}, "%s", t.wrong)
		}
	}
}

func (v *validation) exclusive(r Rule) {
	v.names("exclusive", r.Exclusive)
	if len(r.Exclusive) < 2 {
		v.add([]any{"exclusive"}, "an exclusive group needs two labels at least")
	}
	if len(r.Label)+len(r.Any)+len(r.All)+len(r.None)+len(r.In)+len(r.Labels) > 0 {
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
