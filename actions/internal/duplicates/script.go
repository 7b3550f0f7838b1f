package duplicates

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// pairShare is how much a pair of characters counts: a word of such a script is
// several pairs.
const pairShare = 0.5

// isUnspaced reports whether a character is of a script in which words are not,
// or not always, parted by spaces; Korean writes particles onto its nouns.
func isUnspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) || r == 'ー'
}

// unspaced reports whether a stretch of text is no single word; Korean ones are.
func unspaced(word string) bool {
	for _, r := range word {
		if isUnspaced(r) && !unicode.Is(unicode.Hangul, r) {
			return true
		}
	}
	return false
}

// eachRun calls for each stretch of a text that is written in such a script.
func eachRun(s string, call func(run string)) {
	s = norm.NFKC.String(s)
	from := -1
	for i, r := range s {
		is := r >= utf8.RuneSelf && isUnspaced(r)
		if is && from < 0 {
			from = i
		}
		if !is && from >= 0 {
			call(s[from:i])
			from = -1
		}
	}
	if from >= 0 {
		call(s[from:])
	}
}

// eachPair calls for each two characters in a row; for a character that stands
// alone, by itself. Pairs of Hiragana alone are passed over: they are endings
// and particles, which every sentence has.
func eachPair(run string, call func(pair string)) {
	before, size := rune(0), 0
	for i, r := range run {
		width := utf8.RuneLen(r)
		if size > 0 && !(unicode.Is(unicode.Hiragana, before) && unicode.Is(unicode.Hiragana, r)) {
			call(run[i-size : i+width])
		}
		before, size = r, width
	}
	if size == len(run) && unicode.Is(unicode.Han, before) {
		call(run)
	}
}
