package urgent

import (
	"slices"
	"strings"
	"sync"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

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

// family is a list of words with its roles.
type family struct {
	name, at                                               string // at is the name with @
	harmless, masked, deniable, maybe, ask, silent, strong bool
	calm                                                   bool // how wishes, questions and stories of the past are worded

	alone, title, opening, denied int32   // the numbers of its features
	near, nearTitle               []int32 // those with another family, by its index; 0 for one that it does not join
}

// families are lists that are ready to be found, with their roles.
type families struct {
	lexicon *wordlist.Lexicon
	names   []family
	known   wordlist.Memory[word]
}

func newFamilies(lists wordlist.Lists, x *index) *families {
	f, r := &families{lexicon: wordlist.NewLexicon(lists)}, roles()
	names := f.lexicon.Names()
	for _, n := range names {
		one := family{name: n, at: "@" + n, harmless: n == "harmless", masked: r.masked[n], deniable: r.deniable[n], maybe: n == "maybe", ask: n == "ask", strong: r.strong[n], calm: r.calm[n], near: make([]int32, len(names)), nearTitle: make([]int32, len(names))}
		one.silent = one.maybe || one.ask
		one.alone, one.title = x.number(Feature{A: one.at}), x.number(Feature{Place: Title, A: one.at})
		one.opening, one.denied = x.number(Feature{Place: Opening, A: one.at}), x.number(Feature{Place: Denied, A: one.at})
		for i, other := range names {
			if a, b := min(n, other), max(n, other); a != b && joins(n, other) {
				one.near[i], one.nearTitle[i] = x.number(Feature{A: "@" + a, B: "@" + b}), x.number(Feature{Title, "@" + a, "@" + b})
			}
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

// begins makes the finder ready for another text.
func (f *finder) begins(families *families, do emit) {
	f.families, f.do = families, do
	n := len(families.names)
	f.title, f.body = slices.Grow(f.title[:0], n)[:n], slices.Grow(f.body[:0], n)[:n]
	clear(f.title)
	clear(f.body)
}

// word returns what is known of a word. Numbers are in no feature of their own.
func (f *families) word(folded string, x *index) *word {
	if w := f.known.Of(folded); w != nil {
		return w
	}
	stem := wordlist.Stem(folded)
	w := word{stem: stem, entries: f.lexicon.Entries(folded, stem)}
	if !isDigit(folded[0]) {
		w.features = x.word(stem)
	}
	return f.known.Keep(folded, w)
}

func (f *finder) find(r *reading) {
	p := &r.p
	f.hits = f.hits[:0]
	for i, w := range r.words {
		if len(w.entries) > 0 {
			f.hits = wordlist.Find(f.hits, w.entries, p.Words, i, r.stems)
		}
	}
	if len(f.hits) == 0 {
		return
	}
	f.kept = f.kept[:0]
	for _, h := range f.hits {
		if n := &f.names[h.List]; !n.masked || !f.isMasked(h) {
			if n.deniable && isDenied(p.Words, h.From) {
				f.do(n.denied, p, h.From, h.To)
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
			f.do(n.title, p, h.From, h.To)
		}
		return
	}
	f.do(n.alone, p, h.From, h.To)
	switch {
	case p.inTitle():
		f.do(n.title, p, h.From, h.To)
	case p.before+h.From < openingWords:
		f.do(n.opening, p, h.From, h.To)
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
	if y.maybe || x.maybe && b.From-a.To > 6 {
		return
	}
	f.do(x.near[b.List], p, a.From, b.To)
	if p.inTitle() {
		f.do(x.nearTitle[b.List], p, a.From, b.To)
	}
}

// isDenied reports whether a denial stands right before a word, in its clause.
func isDenied(words []issuetext.Word, at int) bool {
	for i := at - 1; i >= 0 && i >= at-maxDenial; i-- {
		if words[i].Sentence != words[at].Sentence || words[i+1].Break {
			return false
		}
		w := words[i].Folded
		if isDenial(w) || strings.HasSuffix(w, "n't") || i == at-1 && isWithout(w) {
			return true
		}
	}
	return false
}

func isDenial(word string) bool {
	switch word {
	case "no", "not", "never", "without", "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "wasnt", "wont", "neither", "nor", "none", "nothing", "zero", "non",
		"kein", "keine", "keinen", "keinem", "keiner", "keinerlei", "nicht", "nichts", "nie", "niemals",
		"pas", "aucun", "aucune", "jamais", "rien",
		"nunca", "ningún", "ninguna", "nada", "tampoco",
		"não", "nao", "nenhum", "nenhuma",
		"не", "ни", "никаких", "никакой", "никогда", "нет", "ничего":
		return true
	}
	return false
}

// isWithout reports whether a word denies the one behind it alone, in languages
// in which a verb ends its clause or comes after how it was done: "ohne
// Datenverlust" denies a loss, "ohne Warnung gelöscht" does not.
func isWithout(word string) bool {
	switch word {
	case "ohne", "sans", "sin", "sem", "без":
		return true
	}
	return false
}
