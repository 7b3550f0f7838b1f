package duplicates

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// count is how often a stem stands in a text, the title's counting more.
type count struct {
	stem   string
	spoken string // as it stood there first
	times  float64
	pairs  float64 // how often two words in a row, written as one, have it
	titled bool    // it stands in the title
	whole  bool    // it is no part of a name of code alone
}

const (
	titleCounts = 4.0
	bodyCounts  = 1.0

	// Two words in a row say more than each of them, so that they count beside
	// them. In a title, which has few, they count less.
	titlePairs = 1.0
	bodyPairs  = 0.4

	// bodyReach is how much of a body is read, in bytes: what people say comes
	// before the log that they attach.
	bodyReach = 8 << 10
	// maxWord is the longest word that is compared, in bytes: what is longer
	// is a key or a checksum.
	maxWord = 40
)

// stemmer remembers stems: issues repeat their words.
type stemmer map[string]stemmed

// stemmed is a word by its stem. A word that says nothing by itself may still
// be part of a phrase that names a concept.
type stemmed struct {
	stem  string
	empty bool
}

// bag counts the stems of an issue, sorted by stem, and the concepts that its
// words name; its body is without the lines that are nobody's own.
func (s stemmer) bag(d Doc, usual usual) []count {
	b := &bag{s: s, places: map[string]int{}}
	if issuetext.OnlyKind(d.Title) {
		b.read(d.Title, bodyCounts) // it tells nothing of this issue
	} else {
		b.read(d.Title, titleCounts)
	}
	b.read(usual.without(withoutComments(reach(d.Body))), bodyCounts)
	slices.SortFunc(b.counts, func(a, b count) int { return cmp.Compare(a.stem, b.stem) })
	return b.counts
}

// bag is a count under way.
type bag struct {
	s      stemmer
	places map[string]int // in counts, by stem
	counts []count
}

// read counts the words of a part of an issue.
func (b *bag) read(part string, counts float64) {
	var behind phrase
	pairs, before := bodyPairs, ""
	if counts == titleCounts {
		pairs = titlePairs
	}
	eachWord(part, func(word string, whole bool) {
		w := b.s.stem(word)
		if !w.empty {
			b.add(w.stem, word, counts, counts == titleCounts, whole)
		}
		if !whole {
			return
		}
		if !w.empty {
			if before != "" && len(before)+len(word) <= maxWord {
				b.at(b.s.stem(before+word).stem, word).pairs += pairs
			}
			before = word
		}
		for _, c := range behind.concepts(w.stem) {
			b.add(c, word, counts*conceptShare, false, false)
		}
	})
	eachRun(part, func(run string) {
		eachPair(run, func(pair string) { b.add(pair, pair, counts*pairShare, counts == titleCounts, true) })
		eachConcept(run, func(concept, term string) { b.add(concept, term, counts*conceptShare, false, false) })
	})
}

func (b *bag) add(stem, spoken string, counts float64, titled, whole bool) {
	c := b.at(stem, spoken)
	c.times, c.titled, c.whole = c.times+counts, c.titled || titled, c.whole || whole
}

// at is the count of a stem, which begins at nothing.
func (b *bag) at(stem, spoken string) *count {
	i, known := b.places[stem]
	if !known {
		i = len(b.counts)
		b.places[stem] = i
		b.counts = append(b.counts, count{stem: stem, spoken: spoken})
	}
	return &b.counts[i]
}

// reach is the part of a body that is read.
func reach(body string) string {
	if len(body) <= bodyReach {
		return body
	}
	cut := bodyReach
	for cut > 0 && !utf8.RuneStart(body[cut]) {
		cut--
	}
	return body[:cut]
}

// withoutComments takes out the comments of HTML, in which templates tell
// people what to write. One that is never closed ends the text, as on GitHub.
func withoutComments(body string) string {
	if !strings.Contains(body, "<!--") {
		return body
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(body, "<!--")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		out.WriteByte(' ')
		_, body, _ = strings.Cut(rest, "-->")
	}
}

func (s stemmer) stem(word string) stemmed {
	if known, found := s[word]; found {
		return known
	}
	folded := issuetext.Fold(word)
	w := stemmed{stem: english.Stem(folded, false)}
	w.empty = len(folded) < 2 || english.IsStopWord(folded) || strings.Trim(folded, "0123456789") == ""
	s[word] = w
	return w
}

// eachWord calls for the words of a text, code and all: names of code count as
// a whole and by their parts (some_name, someName). Addresses are passed over,
// and so are scripts that are written without spaces: see eachRun.
func eachWord(s string, call func(word string, whole bool)) {
	for chunk := range strings.FieldsSeq(s) {
		if strings.Contains(chunk, "://") || strings.HasPrefix(chunk, "www.") {
			chunk = beforeAddress(chunk)
		}
		for word := range strings.FieldsFuncSeq(chunk, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && !unicode.Is(unicode.Mn, r)
		}) {
			if word = strings.Trim(word, "_"); len(word) > 0 && len(word) <= maxWord && !unspaced(word) {
				call(word, true)
				parts(word, func(part string) { call(part, false) })
			}
		}
	}
}

// beforeAddress is what stands before an address in a chunk: the words of a
// link, [words](https://…).
func beforeAddress(chunk string) string {
	before, _, _ := strings.Cut(chunk, "](")
	if strings.Contains(before, "://") || strings.HasPrefix(before, "www.") {
		return ""
	}
	return before
}

// parts calls for the parts of a name of code, where it has some.
func parts(word string, call func(string)) {
	from, lower := 0, false
	for i, r := range word {
		if r == '_' || lower && unicode.IsUpper(r) {
			if i-from > 2 {
				call(strings.Trim(word[from:i], "_"))
			}
			from = i
		}
		lower = unicode.IsLower(r)
	}
	if from > 0 && len(word)-from > 2 {
		call(strings.Trim(word[from:], "_"))
	}
}
