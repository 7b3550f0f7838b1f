package label

import (
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

// Rules are ready to read issues; they may be used by several goroutines.
type Rules struct {
	rules    []Rule              // those of rules.yaml, then the lines of their points
	own      int                 // how many are of rules.yaml
	lines    map[int]int         // by rule: where the lines of its points begin
	worth    map[int][][]int     // by rule: what each of its lines is worth to each label
	terms    []place             // every term of every rule
	parts    []part              // by rule: which of the terms are its own
	phrases  map[string][]phrase // by the stem of a word that they may begin with
	starts   map[prefix]bool     // how those stems begin
	patterns []pattern
	lexicon  func() *wordlist.Lexicon // of the lists that terms name; nil where none does
	listed   map[string][]phrase      // by the list that they begin with
	weighers map[int]*weigher         // by rule with Use
}

// list is the part of a rule that a term stands in.
type list uint8

const (
	anyOf list = iota
	allOf
	noneOf
)

// place is a term's place in the rules.
type place struct {
	rule  int
	list  list
	text  string // the term, as rules.yaml writes it
	where where
}

// where is the places in which a term is looked for.
type where uint8

const (
	inTitle where = 1 << iota
	inOpening
	inBody
	inLine
)

// whereOf reads the places of a rule.
func whereOf(in model.Names) where {
	if len(in) == 0 {
		return inTitle | inBody
	}
	var all where
	for i, place := range places {
		if in.Has(place) {
			all |= inTitle << i
		}
	}
	return all
}

// part is where the terms of a rule begin, list after list, and where they end.
type part struct{ any, all, none, end int }

type phrase struct {
	id    int // of the term
	steps []step
	near  bool
}

type pattern struct {
	id int // of the term
	Term
}

// prefix is the beginning of a word, which its stem shares. Stemming takes
// endings off, puts an e in the place of some («having» becomes «have»), and
// turns a y into an i («trying» becomes «tri»): so a stem's prefix is all but
// its last letter, four letters at most.
type prefix [4]byte

func prefixOf(word string, length int) prefix {
	var p prefix
	copy(p[:], word[:min(length, len(word))])
	for i := 1; i < len(p); i++ {
		if p[i] == 'y' {
			p[i] = 'i'
		}
	}
	return p
}

func stemPrefix(stem string) prefix { return prefixOf(stem, max(1, len(stem)-1)) }

// prefixes are those that the stem of a word may have.
func prefixes(word string) [4]prefix {
	return [4]prefix{prefixOf(word, 4), prefixOf(word, 3), prefixOf(word, 2), prefixOf(word, 1)}
}

// Compile makes rules ready. It takes what Validate has passed, and leaves out
// terms that are wrong.
func Compile(rules []Rule) *Rules {
	c := &Rules{rules: slices.Clone(rules), own: len(rules), lines: map[int]int{}, worth: map[int][][]int{}, phrases: map[string][]phrase{}, listed: map[string][]phrase{}, weighers: map[int]*weigher{}, starts: map[prefix]bool{}}
	for i, r := range rules {
		r.Points = append(r.shipped(), r.Points...)
		c.rules[i] = r
		if len(r.Points) > 0 {
			c.lines[i], c.worth[i] = len(c.rules), worths(r)
			c.rules = append(c.rules, r.lines()...)
		}
	}
	for i, r := range c.rules {
		p := part{any: len(c.terms)}
		c.add(i, anyOf, r.Any)
		p.all = len(c.terms)
		c.add(i, allOf, r.All)
		p.none = len(c.terms)
		c.add(i, noneOf, r.None)
		p.end = len(c.terms)
		c.parts = append(c.parts, p)
	}
	c.vocabulary()
	return c
}

func (c *Rules) add(rule int, in list, terms []Term) {
	for _, t := range terms {
		id := len(c.terms)
		c.terms = append(c.terms, place{rule, in, t.Text, whereOf(c.rules[rule].In)})
		switch {
		case t.pattern != nil:
			c.patterns = append(c.patterns, pattern{id, t})
		case len(t.steps) > 0 && t.steps[0].list != "":
			c.listed[t.steps[0].list] = append(c.listed[t.steps[0].list], phrase{id, t.steps, t.near})
		case len(t.steps) > 0:
			for _, first := range t.steps[0].firsts() {
				c.phrases[first] = append(c.phrases[first], phrase{id, t.steps, t.near})
				c.starts[stemPrefix(first)] = true
			}
		}
	}
}

// mayBegin reports whether a term may begin with the word, without stemming it.
func (c *Rules) mayBegin(w issuetext.Word) bool {
	for _, p := range prefixes(w.Folded) {
		if c.starts[p] {
			return true
		}
	}
	return false
}

// stem is what a folded word is compared by.
func stem(folded string) string { return wordlist.Stem(folded) }

// needs is the longest text, in lower case, that every match of an expression
// holds; empty where there is none. Looking for it first spares most passages
// the expression.
func needs(expression string) string {
	tree, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return ""
	}
	return literal(tree.Simplify())
}

func literal(tree *syntax.Regexp) string {
	switch tree.Op {
	case syntax.OpLiteral:
		return strings.ToLower(string(tree.Rune))
	case syntax.OpCapture, syntax.OpPlus:
		return literal(tree.Sub[0])
	case syntax.OpConcat:
		longest := ""
		for _, part := range tree.Sub {
			if l := literal(part); len(l) > len(longest) {
				longest = l
			}
		}
		return longest
	}
	return ""
}
