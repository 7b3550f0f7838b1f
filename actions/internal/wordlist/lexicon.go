package wordlist

import (
	"strings"
	"sync"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// Lexicon finds the terms of lists in words. Terms are read when a text has a
// word that begins like theirs: most texts need few of them. It is safe for
// concurrent use.
type Lexicon struct {
	names   []string
	begins  [keyHashes]bool // by the hash of the first letters: whether terms may begin so
	mu      sync.RWMutex
	waiting map[string][]raw   // by the first letters of the term
	ready   map[string][]Entry // by the first letters, once they were asked for
}

// raw is a term as its list has it.
type raw struct {
	list uint8
	term string
}

// Entry is a term that is ready to be compared.
type Entry struct {
	list   uint8
	pieces []piece
}

// piece is a word of a term: a stem, a form or a prefix.
type piece struct {
	text string
	kind byte // 's', '=' or '*'
}

func (p *piece) is(folded, stem string) bool {
	switch p.kind {
	case '=':
		return folded == p.text
	case '*':
		return strings.HasPrefix(folded, p.text)
	}
	return stem == p.text
}

// keyLength is how many bytes of a word choose the terms that are compared
// with it. Stems share so many with their words.
const keyLength = 3

func key(word string) string { return word[:min(keyLength, len(word))] }

// NewLexicon makes lists ready to be found.
func NewLexicon(lists Lists) *Lexicon {
	l := &Lexicon{names: lists.Names(), waiting: map[string][]raw{}, ready: map[string][]Entry{}}
	for i, name := range l.names {
		for _, term := range lists[name] {
			first := firstLetters(term)
			l.waiting[first] = append(l.waiting[first], raw{uint8(i), term})
			l.begins[hash(first)] = true
		}
	}
	if len(l.waiting[""]) > 0 {
		for i := range l.begins {
			l.begins[i] = true
		}
	}
	return l
}

const keyHashes = 4096

// hash tells most keys apart, and neither y from i.
func hash(key string) int {
	h := 0
	for i := range len(key) {
		c := key[i]
		if c == 'y' {
			c = 'i'
		}
		h = h*37 + int(c)
	}
	return h % keyHashes
}

// Names returns the names of the lists, in alphabetical order: a Hit has an
// index of them.
func (l *Lexicon) Names() []string { return l.names }

// firstLetters is the key of a term's first word. Of a prefix that is shorter
// than a key it is empty: it is compared with every word.
func firstLetters(term string) string {
	word, _, _ := strings.Cut(strings.TrimPrefix(term, "="), " ")
	prefix := strings.HasSuffix(word, "*")
	word = strings.TrimSuffix(word, "*")
	for i := range min(keyLength, len(word)) {
		if c := word[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '\'' || c >= 0x80) {
			return lettersOf(term)
		}
	}
	if word == "" || prefix && len(word) < keyLength {
		return ""
	}
	if word[0] >= 0xe0 { // CJK: a character is a word
		return word[:min(3, len(word))]
	}
	return strings.ReplaceAll(key(word), "y", "i")
}

// lettersOf is the key of a term that begins with signs, such as "_authtoken":
// they are no part of its first word.
func lettersOf(term string) string {
	all := pieces(term)
	if len(all) == 0 || all[0].kind == '*' && len(all[0].text) < keyLength {
		return ""
	}
	return strings.ReplaceAll(key(all[0].text), "y", "i")
}

// entries returns the terms that a word may begin.
func (l *Lexicon) entries(folded string) []Entry {
	k := key(folded)
	if strings.IndexByte(k, 'y') >= 0 {
		k = strings.ReplaceAll(k, "y", "i")
	}
	l.mu.RLock()
	found, ok := l.ready[k]
	l.mu.RUnlock()
	if ok {
		return found
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.waiting[k] {
		if pieces := pieces(r.term); len(pieces) > 0 {
			found = append(found, Entry{r.list, pieces})
		}
	}
	l.ready[k] = found
	return found
}

// pieces reads a term.
func pieces(term string) []piece {
	var all []piece
	for _, chunk := range strings.Fields(term) {
		chunk, form := strings.CutPrefix(chunk, "=")
		chunk, prefix := strings.CutSuffix(chunk, "*")
		words := issuetext.Words(issuetext.Fold(chunk))
		for i, w := range words {
			switch {
			case prefix && i == len(words)-1:
				all = append(all, piece{w.Folded, '*'})
			case form:
				all = append(all, piece{w.Folded, '='})
			default:
				all = append(all, piece{Stem(w.Folded), 's'})
			}
		}
	}
	return all
}

// Hit is a term of a list in the words of a passage, both ends inclusive.
type Hit struct {
	List     uint8
	From, To int
}

// Entries returns the terms whose first word a word is. Callers remember them:
// texts repeat their words.
func (l *Lexicon) Entries(folded, stem string) []Entry {
	if folded == "" || !l.begins[hash(key(folded))] {
		return nil
	}
	var all []Entry
	for _, some := range [2][]Entry{l.entries(folded), l.entries("")} {
		for _, e := range some {
			if e.pieces[0].is(folded, stem) {
				all = append(all, e)
			}
		}
	}
	return all
}

// Find adds those of a word's entries that stand there. Stems are those of the
// words.
func Find(hits []Hit, entries []Entry, words []issuetext.Word, at int, stems []string) []Hit {
	for i := range entries {
		if e := &entries[i]; len(e.pieces) == 1 || e.at(words, at, stems) {
			hits = append(hits, Hit{e.list, at, at + len(e.pieces) - 1})
		}
	}
	return hits
}

// at reports whether the words of a term after its first stand after a word, in
// its sentence.
func (e *Entry) at(words []issuetext.Word, at int, stems []string) bool {
	if at+len(e.pieces) > len(words) {
		return false
	}
	for i := 1; i < len(e.pieces); i++ {
		w := &words[at+i]
		if w.Sentence != words[at].Sentence || !e.pieces[i].is(w.Folded, stems[at+i]) {
			return false
		}
	}
	return true
}
