package urgent

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
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

// isWritable reports whether a file of weights can hold a feature. One of a word
// with a space in it, such as the name of the site Stack Overflow, would be read
// back as another.
func (f Feature) isWritable() bool { return !strings.Contains(f.A+f.B, " ") }

// isOfStage reports whether a feature is of a word that names the stage of a
// version, as in 1.1.2-beta: it says which version is meant, and nothing about
// what happened.
func (f Feature) isOfStage() bool { return isStage(f.A) || isStage(f.B) }

func isStage(stem string) bool { return stem == "alpha" || stem == "beta" || stem == "rc" }

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

// passage is one under search.
type passage struct {
	issuetext.Passage
	before int // words of the body before it
}

func (p *passage) inTitle() bool { return p.In == "title" }

// emit is called with the number of each feature of a text, perhaps several
// times, and with the words that show it; a sign has no passage. 0 is a feature
// without a weight.
type emit func(n int32, p *passage, from, to int)

// reading is the memory that reading a text takes; it serves many texts.
type reading struct {
	finder
	p       passage
	words   []*word // of the passage
	stems   []string
	counted []bool // by the number of a feature
}

// features calls do with each feature of a text.
func (s *Scorer) features(doc *issuetext.Document, issue model.Issue, r *reading, do emit) {
	families, foreign := s.english, false
	if s.all != nil && isForeign(doc) {
		families, foreign = s.all(), true
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
		r.words, r.stems = r.words[:0], r.stems[:0]
		for k := range p.Words {
			w := families.word(p.Words[k].Folded, s.index)
			r.words, r.stems = append(r.words, w), append(r.stems, w.stem)
		}
		r.find(r)
		s.words(r, do)
	}
	r.signs(s.index)
}

// words finds single words and pairs of words that follow one another.
func (s *Scorer) words(r *reading, do emit) {
	p := &r.p
	inTitle := p.inTitle()
	for i, w := range r.words {
		if w.features.anywhere != 0 {
			do(w.features.anywhere, p, i, i)
		}
		if inTitle {
			do(w.features.title, p, i, i)
			if i == 0 {
				do(w.features.begins, p, i, i)
			}
		}
		if i+1 < len(p.Words) && w.features.first != 0 {
			if next := &p.Words[i+1]; next.Sentence == p.Words[i].Sentence && !next.Break {
				do(s.index.pair(w, r.words[i+1]), p, i, i+1)
			}
		}
	}
}
