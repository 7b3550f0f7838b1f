package urgent

import (
	"strings"
	"sync"

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

// roles say what families are for. Core families say what happened to whom; a modifier
// says how it is meant, and counts near a strong one. What is deniable counts
// otherwise where it is denied; what is masked does not count inside a harmless
// name, such as the leak of "memory leak".
var roles = sync.OnceValue(func() (r struct{ core, modifiers, strong, calm, deniable, masked map[string]bool }) {
	r.core = set("secret personal exposed sent sink others anyone reach asset lost altered forever whole attack vulnerability attacker guard unguarded outage stuck everyone release harm alarm")
	r.modifiers = set("wish question suppose maybe past self chore minor witness")
	r.strong = set("secret personal exposed lost attack vulnerability attacker outage unguarded others anyone harm")
	r.calm = set("wish ask question suppose past chore")
	r.deniable = set("lost altered exposed sent attack vulnerability attacker outage stuck harm alarm")
	r.masked = set("secret personal exposed sent lost altered attack vulnerability attacker outage stuck alarm harm guard asset sink unguarded forever")
	return r
})

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// joins reports whether two families that stand near one another are a feature.
func joins(a, b string) bool {
	r := roles()
	core, modifiers, strong := r.core, r.modifiers, r.strong
	return core[a] && core[b] || modifiers[a] && strong[b] || modifiers[b] && strong[a]
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
	stems   []string // as far as they were asked for, while the passage is read
	before  int      // words of the body before it
	foreign bool
}

func (p *passage) inTitle() bool { return p.In == "title" }

func (p *passage) stem(i int) string {
	if p.stems[i] == "" {
		p.stems[i] = wordlist.Stem(p.Words[i].Folded)
	}
	return p.stems[i]
}

// emit is called with each feature of a text, perhaps several times, and with
// the words that show it; a sign has no passage.
type emit func(f Feature, p *passage, from, to int)

// features calls do with each feature of a text.
func (s *Scorer) features(doc *issuetext.Document, issue model.Issue, do emit) {
	families, foreign := s.english, false
	if s.all != nil && isForeign(doc) {
		families, foreign = s.all, true
	}
	signs(issue, foreign, do)
	f := finder{families: families, do: do, title: make([]bool, len(families.names)), body: make([]bool, len(families.names))}
	read, stems := 0, make([]string, maxWords)
	for i := range doc.Passages {
		p := &passage{Passage: doc.Passages[i], before: read, foreign: foreign}
		if !p.inTitle() {
			if read >= maxWords {
				break
			}
			read += len(p.Words)
		}
		p.Words = p.Words[:min(len(p.Words), maxWords)]
		p.stems = stems[:len(p.Words)]
		clear(p.stems)
		f.find(p)
		if !foreign {
			s.words(p, do)
		}
	}
	f.signs()
}

// family is a list of words with its roles.
type family struct {
	name, at                                               string // at is the name with @
	harmless, masked, deniable, maybe, ask, silent, strong bool
	calm                                                   bool   // how wishes, questions and stories of the past are worded
	joins                                                  []bool // by the index of another family
}

// families are lists that are ready to be found, with their roles.
type families struct {
	lexicon *wordlist.Lexicon
	names   []family
}

func newFamilies(lists wordlist.Lists) *families {
	f, r := &families{lexicon: wordlist.NewLexicon(lists)}, roles()
	names := f.lexicon.Names()
	for _, n := range names {
		one := family{name: n, at: "@" + n, harmless: n == "harmless", masked: r.masked[n], deniable: r.deniable[n], maybe: n == "maybe", ask: n == "ask", strong: r.strong[n], calm: r.calm[n], joins: make([]bool, len(names))}
		one.silent = one.maybe || one.ask
		for i, other := range names {
			one.joins[i] = joins(n, other)
		}
		f.names = append(f.names, one)
	}
	return f
}

// finder finds the families in passages.
type finder struct {
	*families
	do   emit
	hits []wordlist.Hit
	kept []wordlist.Hit // of hits, those that count

	title, body []bool // by family: whether it counted there
}

func (f *finder) find(p *passage) {
	f.hits = f.hits[:0]
	stem := p.stem
	for i := range p.Words {
		f.hits = f.lexicon.Find(f.hits, p.Words, i, stem)
	}
	if len(f.hits) == 0 {
		return
	}
	f.kept = f.kept[:0]
	for _, h := range f.hits {
		if n := &f.names[h.List]; !n.masked || !f.isMasked(h) {
			if n.deniable && isDenied(p.Words, h.From) {
				f.do(Feature{Place: Denied, A: n.at}, p, h.From, h.To)
				continue
			}
			f.kept = append(f.kept, h)
			f.mark(p, h)
			f.alone(p, h)
		}
	}
	f.near(p, f.kept)
}

// isMasked reports whether a hit lies within a harmless name.
func (f *finder) isMasked(h wordlist.Hit) bool {
	for _, m := range f.hits {
		if f.names[m.List].harmless && m.From <= h.To && h.From <= m.To {
			return true
		}
	}
	return false
}

func (f *finder) alone(p *passage, h wordlist.Hit) {
	n := &f.names[h.List]
	if n.silent {
		if n.ask && p.inTitle() && h.From == 0 {
			f.do(Feature{Place: Title, A: n.at}, p, h.From, h.To)
		}
		return
	}
	f.do(Feature{A: n.at}, p, h.From, h.To)
	switch {
	case p.inTitle():
		f.do(Feature{Place: Title, A: n.at}, p, h.From, h.To)
	case p.before+h.From < openingWords:
		f.do(Feature{Place: Opening, A: n.at}, p, h.From, h.To)
	}
}

// near finds two families that stand near one another in a sentence.
func (f *finder) near(p *passage, hits []wordlist.Hit) {
	for i, a := range hits {
		for _, b := range hits[i+1:] {
			between := b.From - a.To
			if p.Words[b.From].Sentence != p.Words[a.From].Sentence || between > maxNear && p.Words[b.From].Start-p.Words[a.To].End > maxNearBytes {
				break
			}
			if a.List == b.List || b.From <= a.To {
				continue
			}
			f.pair(p, a, b)
		}
	}
}

func (f *finder) pair(p *passage, a, b wordlist.Hit) {
	x, y := &f.names[a.List], &f.names[b.List]
	if y.maybe || x.maybe && b.From-a.To > 6 || !x.joins[b.List] {
		return
	}
	if x.name > y.name {
		x, y = y, x
	}
	f.do(Feature{A: x.at, B: y.at}, p, a.From, b.To)
	if p.inTitle() {
		f.do(Feature{Title, x.at, y.at}, p, a.From, b.To)
	}
}

// words finds single words and pairs of words that follow one another. Where
// the scorer has weights, it leaves out what none of them is about.
func (s *Scorer) words(p *passage, do emit) {
	uses := s.usesOf(p)
	for i, w := range p.Words {
		stem, use := uses[i].stem, uses[i].use
		if use == 0 {
			continue
		}
		if use&anywhere != 0 {
			do(Feature{A: stem}, p, i, i)
		}
		if use&inTitle != 0 && p.inTitle() {
			do(Feature{Place: Title, A: stem}, p, i, i)
		}
		if use&begins != 0 && i == 0 && p.inTitle() {
			do(Feature{Place: Begins, A: stem}, p, i, i)
		}
		if use&first != 0 && i+1 < len(p.Words) && uses[i+1].use&second != 0 {
			if next := p.Words[i+1]; next.Sentence == w.Sentence && !next.Break {
				do(Feature{A: stem, B: uses[i+1].stem}, p, i, i+1)
			}
		}
	}
}

// use tells in which features a stem is.
type use uint8

const (
	anywhere use = 1 << iota
	inTitle
	begins
	first
	second

	everyUse = anywhere | inTitle | begins | first | second
)

// used is a word's stem, and in which features it is.
type used struct {
	stem string
	use  use
}

// usesOf returns the stems of a passage's words, and in which features they may
// be: where nothing has weights yet, in all. Numbers are in none.
func (s *Scorer) usesOf(p *passage) []used {
	all := make([]used, len(p.Words))
	for i, w := range p.Words {
		if isDigit(w.Folded[0]) {
			continue
		}
		known, ok := s.used.Of(w.Folded)
		if !ok {
			known = used{stem: p.stem(i), use: everyUse}
			if s.stems != nil {
				known.use = s.stems[known.stem]
			}
			s.used.Keep(w.Folded, known)
		}
		all[i] = known
	}
	return all
}

// weighedStems tells for each stem in which features with weights it is; nil
// where there are no weights.
func weighedStems(w *Weights) map[string]use {
	if len(w.Of) == 0 {
		return nil
	}
	of := map[Place]use{Anywhere: anywhere, Title: inTitle, Begins: begins}
	all := make(map[string]use, len(w.Of))
	for f := range w.Of {
		switch {
		case f.A[0] == '@' || f.A[0] == '#':
		case f.B == "":
			all[f.A] |= of[f.Place]
		default:
			all[f.A] |= first
			all[f.B] |= second
		}
	}
	return all
}

// isDenied reports whether a denial stands right before a word, in its clause.
func isDenied(words []issuetext.Word, at int) bool {
	for i := at - 1; i >= 0 && i >= at-maxDenial; i-- {
		if words[i].Sentence != words[at].Sentence || words[i+1].Break {
			return false
		}
		if isDenial(words[i].Folded) || strings.HasSuffix(words[i].Folded, "n't") {
			return true
		}
	}
	return false
}

func isDenial(word string) bool {
	switch word {
	case "no", "not", "never", "without", "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "wasnt", "wont", "neither", "nor", "none", "nothing", "zero", "non":
		return true
	}
	return false
}
