package label

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// Term is what a rule looks for, within a sentence:
//
//	crash                         a word, compared by its stem
//	core dumped                   a phrase: words in a row
//	wipe|erase … file|home        choices, and a gap of up to five words
//	file|home ~ gone|empty        all of them near one another, in any order
//	=wiped|wipes                  these forms alone: not «to wipe», nor «wiping»
//	@secret ~ @exposed            a term of each of two lists
//	/thread .* panicked/i         a regular expression of RE2
type Term struct {
	Text    string
	steps   []step // the words of a phrase, in a row
	near    bool   // the steps stand in any order: the sides of a ~
	pattern *regexp.Regexp
	needs   string // a text in lower case that the pattern cannot do without
	wrong   string // why it is no term
}

// step is one word of a phrase, by its stem or by its form; it stands next to
// the word before, or with a gap.
type step struct {
	list   string // the name of a list, one of whose terms stands here
	stems  []string
	forms  []string
	gap    bool
	dotted bool // a dot of its own stands before the word: .net
}

// maxWords is the length of the longest phrase, in words.
const maxWords = 12

// UnmarshalYAML takes a scalar. What is wrong with it is told by Validate,
// with the rest.
func (t *Term) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		return fmt.Errorf("expected a word, a phrase or a /pattern/ here")
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
	t.read(s)
	switch {
	case t.wrong != "":
	case strings.HasPrefix(s, "'/") || strings.HasPrefix(s, `"/`):
		t.wrong = fmt.Sprintf("%s is quoted twice, so it is not a pattern", s)
	case len(t.steps) == 0:
		t.wrong = fmt.Sprintf("there is no word in %q", s)
	case len(t.steps) > maxWords:
		t.wrong = fmt.Sprintf("a phrase has at most %d words", maxWords)
	}
	return t
}

var signs = strings.NewReplacer("...", " … ", "…", " … ", "~", " ~ ")

// read takes a phrase apart into steps.
func (t *Term) read(s string) {
	gap, all := false, strings.Fields(signs.Replace(s))
	for _, chunk := range all {
		switch chunk {
		case "…":
			gap = len(t.steps) > 0
		case "~":
			t.near = true
		default:
			t.add(chunk, gap)
			gap = false
		}
	}
	if t.wrong == "" && len(t.steps) > 0 && (all[0] == "…" || all[len(all)-1] == "…") {
		t.reject("a gap stands between two words")
	}
	if t.wrong == "" && t.near && !sides(s, len(t.steps)) {
		t.reject("each side of ~ must be one word, or choices with | between them")
	}
}

// reject keeps a term from matching anything; Validate says why.
func (t *Term) reject(why string) { t.wrong, t.steps = why, nil }

// sides reports whether a ~ stands between each two steps, and nothing else.
func sides(s string, steps int) bool {
	return steps > 1 && steps == strings.Count(s, "~")+1 && !strings.ContainsAny(s, "…") && !strings.Contains(s, "...")
}

// add reads a chunk of a phrase: choices with | between them, or a word that
// the text's own rules may part in several («opt-out»).
func (t *Term) add(chunk string, gap bool) {
	if name, ok := strings.CutPrefix(chunk, "@"); ok {
		if !isListName(name) {
			t.reject(fmt.Sprintf("%q: after @ comes the name of a list, alone", chunk))
			return
		}
		t.steps = append(t.steps, step{list: name, gap: gap})
		return
	}
	chunk, exact := strings.CutPrefix(chunk, "=")
	if exact && strings.HasPrefix(chunk, "@") {
		t.reject(fmt.Sprintf("%q: a list is named without =, which its own terms may have", "="+chunk))
		return
	}
	if !strings.Contains(chunk, "|") {
		for i, w := range folded(chunk) {
			s := newStep([]string{w}, exact, gap)
			s.dotted = i == 0 && issuetext.Dotted(chunk, 1)
			t.steps = append(t.steps, s)
			gap = false
		}
		return
	}
	var choices []string
	for _, choice := range strings.Split(chunk, "|") {
		words := folded(choice)
		if len(words) == 0 {
			t.reject(fmt.Sprintf("a choice of %q has no word in it", chunk))
			return
		}
		choices = append(choices, words...)
	}
	if len(choices) > strings.Count(chunk, "|")+1 {
		t.reject(fmt.Sprintf("a choice is one word, and %q has one of several", chunk))
		return
	}
	if len(choices) > 0 {
		s := newStep(choices, exact, gap)
		s.dotted = t.allDotted(chunk)
		t.steps = append(t.steps, s)
	}
}

// allDotted reports whether each of some choices begins with a dot.
func (t *Term) allDotted(chunk string) bool {
	n := 0
	choices := strings.Split(chunk, "|")
	for _, choice := range choices {
		if issuetext.Dotted(choice, 1) {
			n++
		}
	}
	if n > 0 && n < len(choices) {
		t.reject(fmt.Sprintf("%q mixes names that begin with a dot and others: make two terms of it", chunk))
	}
	return n == len(choices)
}

// folded are the words of a chunk, as they are compared.
func folded(s string) []string {
	if plain(s) {
		return []string{s}
	}
	var all []string
	for _, w := range issuetext.Words(issuetext.Fold(s)) {
		all = append(all, w.Folded)
	}
	return all
}

// plain tells a word that is already as Words would find it: most are, and a
// process that reads one issue spends more on its rules than on the issue.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return s != ""
}

func newStep(words []string, exact, gap bool) step {
	if exact {
		return step{forms: words, gap: gap}
	}
	s := step{gap: gap}
	for _, w := range words {
		s.stems = append(s.stems, stem(w))
	}
	return s
}

// firsts are the stems of the words that a step begins with.
func (s *step) firsts() []string {
	all := append([]string{}, s.stems...)
	for _, form := range s.forms {
		all = append(all, stem(form))
	}
	return all
}

// isStems reports whether a word is the step where it has one of its stems, and
// nothing else is asked of it.
func (s *step) isStems() bool { return s.list == "" && len(s.forms) == 0 && !s.dotted }

// ends returns the last word of the step where it begins at a word of a
// passage, and -1 where it does not: a term of a list may have several words.
func (s *step) ends(p *passage, i int) int {
	if s.list == "" {
		if s.at(p, i) {
			return i
		}
		return -1
	}
	last := -1
	for _, h := range p.listed(i) {
		if p.lists.Names()[h.List] == s.list {
			last = max(last, h.To)
		}
	}
	return last
}

// at reports whether the step is the word of a passage at i.
func (s *step) at(p *passage, i int) bool {
	p.steps++
	if s.dotted && !issuetext.Dotted(p.Text, int(p.Words[i].Start)) {
		return false
	}
	folded := p.Words[i].Folded
	for _, form := range s.forms {
		if form == folded {
			return true
		}
	}
	return len(s.stems) > 0 && s.has(p.stem(i))
}

func (s *step) has(stemmed string) bool {
	for _, want := range s.stems {
		if want == stemmed {
			return true
		}
	}
	return false
}

// unmatched says of each term of a rule by its index why no text can match it, though it is
// written as it should be; a term that is not in it can be matched.
func unmatched(terms []Term) map[int]string {
	var doubtful []Term
	var at []int
	for i, t := range terms {
		if t.wrong == "" && t.pattern == nil && !isPlain(t.Text) && !t.namesList() {
			doubtful, at = append(doubtful, t), append(at, i)
		}
	}
	if len(doubtful) == 0 {
		return nil
	}
	found := map[int]string{}
	c := Compile([]Rule{{None: doubtful}})
	for n, t := range doubtful {
		sample := t.sample()
		s := c.search(issuetext.Read(sample, "", nil))
		if s.first[n] == 0 {
			found[at[n]] = fmt.Sprintf("%q cannot match: its words never stand in one sentence as words", t.Text)
		} else if lost := strings.IndexAny(withoutNames(sample), "+#"); lost >= 0 {
			found[at[n]] = fmt.Sprintf("%q cannot match: the sign %q is not compared here; expected a /pattern/", t.Text, withoutNames(sample)[lost:lost+1])
		}
		s.end()
	}
	return found
}

// isPlain reports whether a term is made of ASCII letters and digits and of the
// signs of terms alone.
func isPlain(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(" |…~=-'", r) {
			return false
		}
	}
	return true
}

// sample is a text that a phrase describes: the first of its choices.
func (t Term) sample() string {
	var words []string
	for _, chunk := range strings.Fields(signs.Replace(t.Text)) {
		if chunk == "…" || chunk == "~" {
			continue
		}
		first, _, _ := strings.Cut(strings.TrimPrefix(chunk, "="), "|")
		words = append(words, first)
	}
	return strings.Join(words, " ")
}

// withoutNames is a text without its words and the signs that belong to them.
func withoutNames(s string) string {
	rest := []byte(s)
	for _, w := range issuetext.Words(s) {
		for i := w.Start; i < w.End; i++ {
			rest[i] = ' '
		}
	}
	return string(rest)
}

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

// isListName reports whether a list may have the name.
func isListName(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// namesList reports whether a term of a list may stand in the term: what it
// can match is known with the vocabulary alone.
func (t Term) namesList() bool {
	return slices.ContainsFunc(t.steps, func(s step) bool { return s.list != "" })
}
