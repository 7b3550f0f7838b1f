package label

import (
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/urgent"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
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
	Lead  int      // by how many points it was chosen; 0 where none are counted
	// Evidence is what was weighed, the strongest first; empty for a rule of
	// keywords.
	Evidence []urgent.Evidence
}

// Reading is what the words and circumstances of an issue earn by each rule,
// before labels that follow from labels, and before what people decided.
type Reading struct {
	rules   []Rule
	found   []*reason       // by rule: the term that speaks for it; nil where it does not hold
	chosen  map[int]*choice // by rule that adds points up
	weighed map[int]weighed // by rule that weighs
}

// reason is the term by which a rule holds.
type reason struct {
	term  string
	words string
	in    string
	line  int
}

// hit is a term found at a place of the text. Its words are cut out of the text
// where somebody asks for them: most terms only count.
type hit struct {
	term       int // its number
	passage    int // of the document
	from       int // the word that tells the line
	start, end int // what was found, in the text of the passage
}

// search is one reading under way.
type search struct {
	c     *Rules
	doc   *issuetext.Document
	first []int32 // by term: its hit; 0 where it is not found
	hits  []hit   // the first one stands for none
	hitIn []bool  // by rule: whether one of its terms is found, or it has none
	steps int     // how many words were looked at
	p     passage
	known []*known // by word of the passage
}

// passage is one under search; each of its words is stemmed once.
type passage struct {
	issuetext.Passage
	at      int // its number in the document
	isTitle bool
	stems   []string       // by word
	lower   string         // the text in lower case, once it was asked for
	lists   listed         // that rules use
	found   []wordlist.Hit // terms of lists, in the order of the words at which they begin
	begin   []int          // by word: the first of found, and their number; empty where rules use no lists
	opens   int            // how many of its words are of the opening
	shape   *outline       // nil until a rule asks for it
	steps   int            // how many words were looked at: the tests hold it to a bound
}

// OpeningWords is how many words of a body are its opening: there people say why
// they write.
const OpeningWords = 50

// begins makes p the next passage of a text; it keeps the memory of the one before.
func (p *passage) begins(next issuetext.Passage, at int, lists listed) {
	n := len(next.Words)
	*p = passage{Passage: next, at: at, isTitle: next.In == "title", lists: lists, stems: slices.Grow(p.stems[:0], n)[:n], found: p.found[:0], begin: p.begin[:0]}
	clear(p.stems)
}

func (p *passage) stem(i int) string { return p.stems[i] }

// listed returns the terms of lists that begin at a word.
func (p *passage) listed(i int) []wordlist.Hit {
	if len(p.begin) == 0 {
		return nil
	}
	return p.found[p.begin[i]:p.begin[i+1]]
}

// between is what stands after a word, and before the next one.
func (p *passage) between(i int) string {
	if i+1 < len(p.Words) {
		return p.Text[p.Words[i].End:p.Words[i+1].Start]
	}
	return p.Text[p.Words[i].End:]
}

// holds reports whether a text that a pattern needs is there, in any case.
func (p *passage) holds(needed string) bool {
	if needed == "" {
		return true
	}
	if p.lower == "" {
		p.lower = p.Lower()
	}
	return strings.Contains(p.lower, needed)
}

// search looks for every term in a text. Its memory serves another text after
// its end.
func (c *Rules) search(doc *issuetext.Document) *search {
	s, body, lists := c.searches.Get().(*search), 0, c.lists()
	s.doc, s.steps = doc, 0
	clear(s.first)
	copy(s.hitIn, c.wordless)
	s.hits = s.hits[:1]
	p := &s.p
	for i := range doc.Passages {
		p.begins(doc.Passages[i], i, lists)
		if p.In == "body" {
			p.opens = max(0, OpeningWords-body)
			body += len(p.Words)
		}
		s.phrases(p)
		s.patterns(p)
		s.steps += p.steps
	}
	return s
}

// end gives the memory of the search back.
func (s *search) end() {
	s.doc, s.p.Passage, s.p.lower, s.p.shape = nil, issuetext.Passage{}, "", nil
	s.c.searches.Put(s)
}

// Read finds what the words of an issue earn.
func (c *Rules) Read(doc *issuetext.Document, issue model.Issue) Reading {
	s := c.search(doc)
	defer s.end()
	reading := Reading{rules: c.rules[:c.own], found: make([]*reason, c.own), chosen: map[int]*choice{}, weighed: map[int]weighed{}}
	for i, r := range reading.rules {
		if len(r.Points) > 0 {
			if chosen := s.choose(i, doc, issue); chosen != nil {
				reading.chosen[i], reading.found[i] = chosen, &chosen.reason
			}
			continue
		}
		if reading.found[i] = s.judge(i, doc, issue); reading.yields(i) {
			reading.found[i] = nil
		}
		if r.Use != "" && reading.found[i] != nil {
			reading.found[i] = reading.weigh(i, c.weighers[i], doc, issue)
			if reading.weighed[i].doubt && s.isPraise(doc, issue) {
				reading.found[i] = nil
				delete(reading.weighed, i)
			}
		}
	}
	return reading
}

// yields reports whether a rule above gave, for the words, a label that the rule
// makes way for.
func (r Reading) yields(rule int) bool {
	if r.found[rule] == nil || len(r.rules[rule].Unless) == 0 {
		return false
	}
	for i, above := range r.rules[:rule] {
		if r.found[i] != nil && len(above.Labels) == 0 && among(above.Label, r.rules[rule].Unless) {
			return true
		}
	}
	return false
}

// phrases looks at each word once, and at the phrases that begin with it.
func (s *search) phrases(p *passage) {
	s.lookUp(p)
	for i := range p.Words {
		p.steps++
		s.phrasesAt(p, i, s.known[i].phrases)
		for _, h := range p.listed(i) {
			s.phrasesAt(p, i, p.lists.phrases[h.List])
		}
	}
}

// lookUp finds the stems of a passage's words, and the terms of lists in them.
func (s *search) lookUp(p *passage) {
	s.known = s.known[:0]
	for i := range p.Words {
		s.known = append(s.known, s.c.known(p.Words[i].Folded))
		p.stems[i] = s.known[i].stem
	}
	if p.lists.Lexicon == nil {
		return
	}
	p.begin = append(p.begin, 0)
	for i := range p.Words {
		if entries := s.known[i].entries; len(entries) > 0 {
			p.found = wordlist.Find(p.found, entries, p.Words, i, p.stems)
		}
		p.begin = append(p.begin, len(p.found))
	}
}

// phrasesAt looks for phrases that may begin at a word.
func (s *search) phrasesAt(p *passage, i int, phrases []phrase) {
	for k := range phrases {
		ph := &phrases[k]
		if s.first[ph.id] != 0 || !ph.where.has(p, i) {
			continue
		}
		if f, ok := ph.find(p, i); ok && s.fits(ph.id, p, f) && s.counts(ph.id, p, f) {
			s.take(ph.id, p, f.first, int(p.Words[f.first].Start), int(p.Words[f.last].End))
		}
	}
}

// patterns runs the regular expressions over a passage.
func (s *search) patterns(p *passage) {
	for _, pt := range s.c.patterns {
		if s.first[pt.id] != 0 || !s.looksIn(pt.id, p, 0) || !p.holds(pt.needs) {
			continue
		}
		at := pt.pattern.FindStringIndex(p.Text)
		if at == nil {
			continue
		}
		if f := within(p.Words, at[0], at[1]); s.looksIn(pt.id, p, f.first) && s.fits(pt.id, p, f) && s.counts(pt.id, p, f) {
			s.take(pt.id, p, f.first, at[0], at[1])
		}
	}
}

// take keeps the first hit of a term.
func (s *search) take(id int, p *passage, from, start, end int) {
	s.first[id], s.hitIn[s.c.terms[id].rule] = int32(len(s.hits)), true
	s.hits = append(s.hits, hit{id, p.at, from, start, end})
}

// words are what was found, as the person wrote it.
func (s *search) words(h *hit) string { return s.doc.Passages[h.passage].Cut(h.start, h.end) }

// reason says by which hit a rule holds.
func (s *search) reason(h *hit) *reason {
	p := &s.doc.Passages[h.passage]
	line := p.Line + strings.Count(p.Text[:p.Words[h.from].Start], "\n")
	return &reason{s.c.terms[h.term].text, s.words(h), p.In, line}
}

// within finds the words that a stretch of text touches; where it touches none,
// as /\?$/ does, the word before it.
func within(words []issuetext.Word, start, end int) found {
	first, last := -1, 0
	for i, w := range words {
		if int(w.Start) >= end {
			break
		}
		last = i
		if first < 0 && int(w.End) > start {
			first = i
		}
	}
	if first < 0 {
		first = last
	}
	return found{first, last, first}
}

// counts reports whether a hit says what the rule asks for. What must not be
// there counts even where it is denied, and so does what is worth points: there
// a word is a sign of what a text is about.
func (s *search) counts(id int, p *passage, f found) bool {
	at := s.c.terms[id]
	if at.list == noneOf || at.rule >= s.c.own {
		return true
	}
	return !denied(p.Words, f.first, f.last) && (!s.c.rules[at.rule].Stated || stated(p, f))
}

// looksIn reports whether a term is looked for where a word of a passage stands.
func (s *search) looksIn(id int, p *passage, word int) bool {
	return s.c.terms[id].where.has(p, word)
}

// has reports whether a word of a passage stands at one of the places.
func (w where) has(p *passage, word int) bool {
	if p.isTitle {
		return w&inTitle != 0
	}
	return w&(inBody|inLine) != 0 || w&inOpening != 0 && word < p.opens
}

// fits reports whether a hit stands where its rule looks for it. That a word
// is looked for there is known; whether it is the whole of a line is not.
func (s *search) fits(id int, p *passage, f found) bool {
	where := s.c.terms[id].where
	return where&inLine == 0 || p.isTitle || where&inBody != 0 || where&inOpening != 0 && f.first < p.opens || p.isLine(f)
}

// isLine reports whether a hit is all that stands on its line: such are the
// answers of forms.
func (p *passage) isLine(f found) bool {
	before, after := "", p.between(f.last)
	if f.first > 0 {
		before = p.between(f.first - 1)
	}
	return (f.first == 0 || strings.Contains(before, "\n")) && (f.last == len(p.Words)-1 || strings.Contains(after, "\n"))
}

// judge reports whether a rule holds, labels apart, and by which hit.
func (s *search) judge(rule int, doc *issuetext.Document, issue model.Issue) *reason {
	r, own := &s.c.rules[rule], &s.c.parts[rule]
	if len(r.Exclusive) > 0 || !r.When.holds(doc, issue) || firstOf(s.first[own.none:own.end]) != 0 {
		return nil
	}
	speaks := int32(0)
	for _, h := range s.first[own.all:own.none] {
		if h == 0 {
			return nil
		}
		speaks = h
	}
	if len(r.Any) > 0 {
		if speaks = firstOf(s.first[own.any:own.all]); speaks == 0 {
			return nil
		}
	}
	if speaks == 0 {
		return &reason{}
	}
	return s.reason(&s.hits[speaks])
}

// firstOf is the first hit of several terms; 0 where none is found.
func firstOf(hits []int32) int32 {
	for _, h := range hits {
		if h != 0 {
			return h
		}
	}
	return 0
}
