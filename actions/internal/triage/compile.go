package triage

import (
	"regexp/syntax"
	"strings"

	"github.com/kljensen/snowball/english"

	"github.com/aftercare/aftercare/actions/internal/text"
)

// Rules are ready to read issues; they may be used by several goroutines.
type Rules struct {
	rules    []Rule
	phrases  map[string][]phrase // by the stem of their first word
	starts   map[prefix]bool     // how those stems begin
	patterns []pattern
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
	rule int
	list list
	term int
}

type phrase struct {
	place
	steps []step
	near  bool
}

type pattern struct {
	place
	Term
}

// prefix is the beginning of a word, which its stem shares: stemming takes
// endings off, and turns no more than a y into an i («trying» becomes «tri»).
type prefix [3]byte

func prefixOf(word string) prefix {
	var p prefix
	copy(p[:], word)
	for i := 1; i < len(p); i++ {
		if p[i] == 'y' {
			p[i] = 'i'
		}
	}
	return p
}

// Compile makes rules ready. It takes what Validate has passed, and leaves out
// terms that are wrong.
func Compile(rules []Rule) *Rules {
	c := &Rules{rules: rules, phrases: map[string][]phrase{}, starts: map[prefix]bool{}}
	for i, r := range rules {
		c.add(i, anyOf, r.Any)
		c.add(i, allOf, r.All)
		c.add(i, noneOf, r.None)
	}
	return c
}

func (c *Rules) add(rule int, in list, terms []Term) {
	for i, t := range terms {
		at := place{rule, in, i}
		switch {
		case t.pattern != nil:
			c.patterns = append(c.patterns, pattern{at, t})
		case len(t.steps) > 0:
			for _, first := range t.steps[0].firsts() {
				c.phrases[first] = append(c.phrases[first], phrase{at, t.steps, t.near})
				c.starts[prefixOf(first)] = true
			}
		}
	}
}

// shortest is the length below which a word is compared whole: the stemmer
// would make «io» of «ios».
const shortest = 4

// stem is what a folded word is compared by: Snowball's English stem of words
// in ASCII letters, other words whole.
func stem(folded string) string {
	if len(folded) < shortest {
		return folded
	}
	for i := 0; i < len(folded); i++ {
		if c := folded[i]; (c < 'a' || c > 'z') && c != '\'' {
			return folded
		}
	}
	return english.Stem(folded, true)
}

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

// mayBegin tells whether a term may begin with the word, without stemming it.
func (c *Rules) mayBegin(w text.Word) bool { return c.starts[prefixOf(w.Folded)] }
