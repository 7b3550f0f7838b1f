package triage

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/text"
)

// Finding is a label that an issue earned, and why.
type Finding struct {
	Label string
	Rule  int      // its index in rules.yaml, from 0
	Term  string   // as rules.yaml writes it; empty where no term was asked for
	Words string   // what was found, as the person wrote it: a stranger's text
	In    string   // title or body
	Line  int      // in it, from 1
	From  []string // the labels that it follows from
}

// Reading is what the words and circumstances of an issue earn by each rule,
// before labels that follow from labels, and before what people decided.
type Reading struct {
	rules []Rule
	found []*hit // by rule: the term that speaks for it; nil where it does not hold
}

// hit is a term found at a place of the text.
type hit struct {
	term  string
	words string
	in    string
	line  int
}

// search is one reading under way.
type search struct {
	c     *Rules
	first map[place]hit // the first hit of each term
}

// passage is one under search; each of its words is stemmed once, if at all.
type passage struct {
	text.Passage
	stems []string
	lower string
}

func (p *passage) stem(i int) string {
	if p.stems == nil {
		p.stems = make([]string, len(p.Words))
	}
	if p.stems[i] == "" {
		p.stems[i] = stem(p.Words[i].Folded)
	}
	return p.stems[i]
}

// holds tells whether a text that a pattern needs is there, in any case.
func (p *passage) holds(needed string) bool {
	if needed == "" {
		return true
	}
	if p.lower == "" {
		p.lower = strings.ToLower(p.Text)
	}
	return strings.Contains(p.lower, needed)
}

// Read finds what the words of an issue earn.
func (c *Rules) Read(doc *text.Document, issue fact.Issue) Reading {
	s := &search{c: c, first: map[place]hit{}}
	for i := range doc.Passages {
		p := &passage{Passage: doc.Passages[i]}
		s.phrases(p)
		s.patterns(p)
	}
	reading := Reading{rules: c.rules, found: make([]*hit, len(c.rules))}
	for i := range c.rules {
		reading.found[i] = s.judge(i, doc, issue)
	}
	return reading
}

// phrases looks at each word once, and at the phrases that begin with it.
func (s *search) phrases(p *passage) {
	for i, w := range p.Words {
		if !s.c.mayBegin(w) {
			continue
		}
		for _, ph := range s.c.phrases[p.stem(i)] {
			if _, had := s.first[ph.place]; had || !s.looksIn(ph.place, p.In) {
				continue
			}
			if last := rowed(p, i, ph.steps); last >= 0 {
				s.take(ph.place, p, i, last, s.c.termAt(ph.place).Text)
			}
		}
	}
}

// mostGap is how many words a gap of a phrase may span.
const mostGap = 5

// rowed finds the word with which a phrase ends that begins at the first of
// the words: in one sentence, each gap as short as it can be and without a
// denial in it. It answers -1 where the phrase does not stand there.
func rowed(p *passage, at int, steps []step) int {
	sentence := p.Words[at].Sentence
	for _, next := range steps[1:] {
		reach := at + 1
		if next.gap {
			reach += mostGap
		}
		if at = seek(p, sentence, at+1, reach, next); at < 0 {
			return -1
		}
	}
	return at
}

// seek finds a step among the words from one to another, both inclusive.
func seek(p *passage, sentence, from, to int, s step) int {
	for i := from; i <= to && i < len(p.Words); i++ {
		w := p.Words[i]
		if w.Sentence != sentence {
			return -1
		}
		if s.mayBe(w.Folded) && s.has(p.stem(i)) {
			return i
		}
		if isNot(w.Folded) {
			return -1
		}
	}
	return -1
}

// patterns runs the regular expressions over a passage.
func (s *search) patterns(p *passage) {
	for _, pt := range s.c.patterns {
		if _, had := s.first[pt.place]; had || !s.looksIn(pt.place, p.In) || !p.holds(pt.needs) {
			continue
		}
		at := pt.pattern.FindStringIndex(p.Text)
		if at == nil {
			continue
		}
		from, to := within(p.Words, at[0], at[1])
		if pt.list == noneOf || from < 0 || !denied(p.Words, from, to) {
			s.first[pt.place] = hit{pt.Text, strings.TrimSpace(p.Text[at[0]:at[1]]), p.In, p.Line}
		}
	}
}

// within finds the first and the last word that a stretch of text touches; the
// first is -1 where it touches none.
func within(words []text.Word, start, end int) (int, int) {
	first, last := -1, -1
	for i, w := range words {
		if w.End > start && w.Start < end {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}

// take keeps the first hit of a term that is not denied. What must not be
// there counts even where it is denied.
func (s *search) take(at place, p *passage, first, last int, term string) {
	if at.list != noneOf && denied(p.Words, first, last) {
		return
	}
	s.first[at] = hit{term, p.Quote(first, last), p.In, p.Line + strings.Count(p.Text[:p.Words[first].Start], "\n")}
}

func (s *search) looksIn(at place, in string) bool {
	where := s.c.rules[at.rule].In
	return len(where) == 0 || where.Has(in)
}

func (c *Rules) termAt(at place) Term {
	r := c.rules[at.rule]
	switch at.list {
	case anyOf:
		return r.Any[at.term]
	case allOf:
		return r.All[at.term]
	}
	return r.None[at.term]
}

// judge tells whether a rule holds, labels apart, and by which hit.
func (s *search) judge(rule int, doc *text.Document, issue fact.Issue) *hit {
	r := s.c.rules[rule]
	if len(r.Exclusive) > 0 || !r.When.holds(doc, issue) {
		return nil
	}
	for i := range r.None {
		if _, found := s.first[place{rule, noneOf, i}]; found {
			return nil
		}
	}
	speaks := hit{}
	for i := range r.All {
		h, found := s.first[place{rule, allOf, i}]
		if !found {
			return nil
		}
		speaks = h
	}
	for i := range r.Any {
		if h, found := s.first[place{rule, anyOf, i}]; found {
			return &h
		}
	}
	if len(r.Any) > 0 {
		return nil
	}
	return &speaks
}

func (w When) holds(doc *text.Document, issue fact.Issue) bool {
	if len(w.AuthorAssociation) > 0 && !contains(w.AuthorAssociation, issue.Association) {
		return false
	}
	for question, answers := range w.Form {
		if !answered(doc.Form[text.FoldLine(question)], answers) {
			return false
		}
	}
	return true
}

// answered tells whether one of the answers was given; a list of choices
// stands on one line, with commas.
func answered(given []string, wanted fact.Names) bool {
	for _, line := range given {
		for _, want := range wanted {
			want = text.FoldLine(want)
			if line == want {
				return true
			}
			for _, choice := range strings.Split(line, ",") {
				if text.FoldLine(choice) == want {
					return true
				}
			}
		}
	}
	return false
}
