package urgent

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

// Feature is something that a text may have. A and B are stems of words, or
// names of families with @; B is empty where one word or family is enough. A
// sign, which begins with #, is a property of the whole.
type Feature struct {
	Place Place
	A, B  string
}

// isOfWords reports whether a feature is a word or a pair of words.
func (f Feature) isOfWords() bool { return f.A[0] != '@' && f.A[0] != '#' }

// Place is where a feature stands.
type Place uint8

// The places. Anywhere is the title or the first words of the body.
const (
	Anywhere Place = iota
	Title
	Opening // the first words of the body
	Begins  // the first word of the title
	Denied  // "no data loss", "not leaked"
)

var placeNames = [...]string{Anywhere: "", Title: "title", Opening: "opening", Begins: "begins", Denied: "not"}

// String is the feature as a file of weights writes it: "title @lost",
// "@exposed ~ @secret", "not affected" is a pair of words, "#version" a sign.
func (f Feature) String() string {
	var b strings.Builder
	if f.Place != Anywhere {
		b.WriteString(placeNames[f.Place] + ": ")
	}
	b.WriteString(f.A)
	switch {
	case f.B != "" && f.A[0] == '@':
		b.WriteString(" ~ " + f.B)
	case f.B != "":
		b.WriteString(" " + f.B)
	}
	return b.String()
}

const (
	maxWords     = 260 // of a body that are read: people say early why they write
	openingWords = 50
	maxNear      = 12  // words between two families that are near one another,
	maxNearBytes = 100 // or bytes, where each character is a word
	maxDenial    = 4   // words between a denial and what it denies
)

// passage is one under search, with the stems of its words.
type passage struct {
	issuetext.Passage
	stems  []string // as far as they were asked for, while the passage is read
	before int      // words of the body before it
}

func (p *passage) inTitle() bool { return p.In == "title" }

func (p *passage) stem(i int) string {
	if p.stems[i] == "" {
		p.stems[i] = wordlist.Stem(p.Words[i].Folded)
	}
	return p.stems[i]
}

// emit is called with the number of each feature of a text, perhaps several
// times, and with the words that show it; a sign has no passage. 0 is a feature
// without a weight.
type emit func(n int32, p *passage, from, to int)

// reading is the memory that reading a text takes; it serves many texts.
type reading struct {
	finder
	p       passage
	stems   []string
	words   []word
	counted []bool // by the number of a feature
}

// features calls do with each feature of a text.
func (s *Scorer) features(doc *issuetext.Document, issue model.Issue, r *reading, do emit) {
	families, foreign := s.english, false
	if s.all != nil && isForeign(doc) {
		families, foreign = s.all, true
	}
	s.signs(issue, foreign, do)
	r.begins(families, do)
	read, p := 0, &r.p
	for i := range doc.Passages {
		*p = passage{Passage: doc.Passages[i], before: read}
		if !p.inTitle() {
			if read >= maxWords {
				break
			}
			read += len(p.Words)
		}
		p.Words = p.Words[:min(len(p.Words), maxWords)]
		p.stems = r.stems[:len(p.Words)]
		clear(p.stems)
		if !foreign {
			s.read(r)
		}
		r.find(p)
		if !foreign {
			s.words(r, do)
		}
	}
	r.signs(s.index)
}

// read looks up the words of a passage. Numbers are in no feature.
func (s *Scorer) read(r *reading) {
	p := &r.p
	for i := range p.Words {
		folded := p.Words[i].Folded
		r.words[i] = word{}
		if isDigit(folded[0]) {
			continue
		}
		known, ok := s.known.Of(folded)
		if !ok {
			known = s.index.word(wordlist.Stem(folded))
			s.known.Keep(folded, known)
		}
		r.words[i], p.stems[i] = known, known.stem
	}
}

// words finds single words and pairs of words that follow one another.
func (s *Scorer) words(r *reading, do emit) {
	p := &r.p
	for i := range p.Words {
		w := &r.words[i]
		if w.stem == "" {
			continue
		}
		do(w.anywhere, p, i, i)
		if p.inTitle() {
			do(w.title, p, i, i)
			if i == 0 {
				do(w.begins, p, i, i)
			}
		}
		if i+1 < len(p.Words) && w.first != 0 && r.words[i+1].second != 0 {
			if next := &p.Words[i+1]; next.Sentence == p.Words[i].Sentence && !next.Break {
				do(s.index.pair(w, &r.words[i+1]), p, i, i+1)
			}
		}
	}
}
