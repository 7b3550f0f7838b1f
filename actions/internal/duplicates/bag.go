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
	titled bool // it stands in the title
	whole  bool // it is no part of a name of code alone
}

const (
	titleCounts = 4.0
	bodyCounts  = 1.0

	// bodyReach is how much of a body is read, in bytes: what people say comes
	// before the log that they attach.
	bodyReach = 8 << 10
	// longestWord is the longest word that is compared, in bytes: what is longer
	// is a key or a checksum.
	longestWord = 40
)

// stemmer remembers stems: issues repeat their words. An empty string stands
// for a word that does not matter.
type stemmer map[string]string

// bag counts the stems of an issue, sorted by stem; its body is without the
// lines that are nobody's own.
func (s stemmer) bag(d Doc, usual usual) []count {
	at := map[string]int{}
	var bag []count
	add := func(part string, counts float64) {
		eachWord(part, func(word string, whole bool) {
			stem := s.stem(word)
			if stem == "" {
				return
			}
			i, known := at[stem]
			if !known {
				i = len(bag)
				at[stem] = i
				bag = append(bag, count{stem: stem, spoken: word})
			}
			bag[i].times += counts
			bag[i].titled = bag[i].titled || counts == titleCounts
			bag[i].whole = bag[i].whole || whole
		})
	}
	add(d.Title, titleCounts)
	add(usual.without(withoutComments(reach(d.Body))), bodyCounts)
	slices.SortFunc(bag, func(a, b count) int { return cmp.Compare(a.stem, b.stem) })
	return bag
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

func (s stemmer) stem(word string) string {
	if stem, known := s[word]; known {
		return stem
	}
	folded := issuetext.Fold(word)
	stem := folded
	switch {
	case len(folded) < 2 || english.IsStopWord(folded) || strings.Trim(folded, "0123456789") == "":
		stem = ""
	default:
		stem = english.Stem(folded, false)
	}
	s[word] = stem
	return stem
}

// eachWord calls for the words of a text, code and all: names of code count as
// a whole and by their parts (some_name, someName). Addresses are passed over.
func eachWord(s string, call func(word string, whole bool)) {
	for chunk := range strings.FieldsSeq(s) {
		if strings.Contains(chunk, "://") || strings.HasPrefix(chunk, "www.") {
			chunk = beforeAddress(chunk)
		}
		for word := range strings.FieldsFuncSeq(chunk, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && !unicode.Is(unicode.Mn, r)
		}) {
			if word = strings.Trim(word, "_"); len(word) > 0 && len(word) <= longestWord {
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
