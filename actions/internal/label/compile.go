package label

import (
	"regexp/syntax"
	"slices"
	"strings"
	"sync"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

// Rules are ready to read issues; they may be used by several goroutines.
type Rules struct {
	rules    []Rule              // those of rules.yaml, then the lines of their points
	own      int                 // how many are of rules.yaml
	lines    []int               // by rule: where the lines of its points begin
	worth    [][][]int           // by rule: what each of its lines is worth to each label
	terms    []place             // every term of every rule
	parts    []part              // by rule: which of the terms are its own
	wordless []bool              // by rule: whether it has no terms
	phrases  map[string][]phrase // by the stem of a word that they may begin with
	patterns []pattern
	byList   map[string][]phrase // by the list that they begin with
	lists    func() listed       // that terms name
	weighers map[int]*weigher    // by rule with Use
	words    *wordlist.Memory[known]
	searches sync.Pool // *search
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
	id      int // of the term
	steps   []step
	near    bool
	begins  bool  // it begins with any word that has the stem by which it is known
	isShort bool  // no step follows
	where   where // it is looked for
}

func newPhrase(id int, t Term, where where) phrase {
	return phrase{id, t.steps, t.near, t.steps[0].isStems(), len(t.steps) == 1, where}
}

type pattern struct {
	id int // of the term
	Term
}

// listed are the lists that terms name.
type listed struct {
	*wordlist.Lexicon            // nil where terms name none
	phrases           [][]phrase // by the index of the list that they begin with
}

// known is what is remembered of a word.
type known struct {
	stem    string
	phrases []phrase // that may begin with it
	entries []wordlist.Entry
}

// Compile makes rules ready. It takes what Validate has passed, and leaves out
// terms that are wrong.
func Compile(rules []Rule) *Rules {
	c := &Rules{rules: slices.Clone(rules), own: len(rules), lines: make([]int, len(rules)), worth: make([][][]int, len(rules)), byList: map[string][]phrase{}, weighers: map[int]*weigher{}, words: &wordlist.Memory[known]{}}
	for i, r := range rules {
		r.Points = append(r.shipped(), r.Points...)
		c.rules[i] = r
		if len(r.Points) > 0 {
			c.lines[i], c.worth[i] = len(c.rules), worths(r)
			c.rules = slices.Grow(c.rules, len(r.Points))
			c.rules = append(c.rules, r.lines()...)
		}
	}
	terms := 0
	for _, r := range c.rules {
		terms += len(r.Any) + len(r.All) + len(r.None)
	}
	c.terms, c.phrases = make([]place, 0, terms), make(map[string][]phrase, terms)
	c.parts, c.wordless = make([]part, 0, len(c.rules)), make([]bool, 0, len(c.rules))
	for i, r := range c.rules {
		p := part{any: len(c.terms)}
		c.add(i, anyOf, r.Any)
		p.all = len(c.terms)
		c.add(i, allOf, r.All)
		p.none = len(c.terms)
		c.add(i, noneOf, r.None)
		p.end = len(c.terms)
		c.parts, c.wordless = append(c.parts, p), append(c.wordless, p.any == p.end)
	}
	c.vocabulary()
	c.searches.New = func() any {
		return &search{c: c, first: make([]int32, len(c.terms)), hits: make([]hit, 1), hitIn: make([]bool, len(c.rules))}
	}
	return c
}

// Prepare makes ready what the first text would wait for: a program calls it beside
// other work. No other call needs it.
func (c *Rules) Prepare() {
	var all sync.WaitGroup
	all.Go(func() { c.lists() })
	for _, w := range c.weighers {
		all.Go(w.prepare)
	}
	all.Wait()
}

func (c *Rules) add(rule int, in list, terms []Term) {
	for _, t := range terms {
		id := len(c.terms)
		c.terms = append(c.terms, place{rule, in, t.Text, whereOf(c.rules[rule].In)})
		switch {
		case t.pattern != nil:
			c.patterns = append(c.patterns, pattern{id, t})
		case len(t.steps) > 0 && t.steps[0].list != "":
			c.byList[t.steps[0].list] = append(c.byList[t.steps[0].list], newPhrase(id, t, whereOf(c.rules[rule].In)))
		case len(t.steps) > 0:
			for _, first := range t.steps[0].firsts() {
				c.phrases[first] = append(c.phrases[first], newPhrase(id, t, whereOf(c.rules[rule].In)))
			}
		}
	}
}

// known returns the stem of a word, and the phrases that may begin with it.
func (c *Rules) known(folded string) *known {
	if k := c.words.Of(folded); k != nil {
		return k
	}
	k := known{stem: stem(folded)}
	k.phrases = c.phrases[k.stem]
	if lists := c.lists(); lists.Lexicon != nil {
		k.entries = lists.Entries(folded, k.stem)
	}
	return c.words.Keep(folded, k)
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
