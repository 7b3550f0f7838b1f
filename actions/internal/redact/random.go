package redact

import "strings"

// The bounds of a token that no table knows, in characters: of what stands
// before its underscore, and behind.
const (
	maxTokenName          = 24
	minRandom, maxRandom  = 24, 160
	minRandomSmall        = 28
	maxRunOfSmallInRandom = 8
)

// findRandom finds name_XXXX, the form that services give their tokens today,
// around its last underscore: a short name in small letters, and behind it
// characters that nobody chose. A name of the table of providers is judged there.
func findRandom(t *text, at int) Span {
	if !t.is(at-1, smallWord) || !t.is(at+1, word) {
		return Span{}
	}
	until := t.long(at+1, wordRun)
	n := until - at - 1
	if n < minRandom || n > maxRandom || t.is(until, scored) || t.at(until) == '-' && t.is(until+1, word) {
		return Span{}
	}
	from := t.back(at, maxTokenName+1, smallWord|underscore)
	if at-from > maxTokenName || !t.is(from, lower) || !t.begins(from, dashed) || t.at(from-1) == '.' || t.at(from-1) == '/' && t.is(from-2, word) {
		return Span{}
	}
	if t.knownStart(from) || !isRandom(t.slice(at+1, min(until, at+1+maxJudged))) {
		return Span{}
	}
	return Span{from, until, appToken}
}

// knownStart reports whether the table has the name that begins at a place, with
// more behind it than hexadecimal digits.
func (t *text) knownStart(at int) bool {
	for _, p := range t.providersAt(at) {
		if p.class != hexDigit && strings.Contains(p.starts, "_") && t.starts(at, p.starts) {
			return true
		}
	}
	return false
}

// isRandom reports whether characters were drawn at random: among letters and
// digits the kind changes at two places in five at least, and letters and digits
// stand among each other. Words that are written together change less.
func isRandom(s string) bool {
	changes, digitChanges, capitals, beyondHex, smalls := 0, 0, 0, 0, 0
	for i := range len(s) {
		c := s[i]
		switch {
		case upper.has(c):
			capitals++
		case lower.has(c) && c > 'f':
			beyondHex++
		}
		if smalls = (smalls + 1); !lower.has(c) {
			smalls = 0
		}
		if smalls > maxRunOfSmallInRandom {
			return false
		}
		if i == 0 {
			continue
		}
		before := s[i-1]
		if digit.has(c) != digit.has(before) {
			digitChanges++
			changes++
		} else if upper.has(c) != upper.has(before) {
			changes++
		}
	}
	n := len(s) - 1
	if capitals == 0 {
		return len(s) >= minRandomSmall && beyondHex >= len(s)/6 && digitChanges*4 >= n
	}
	return capitals >= 3 && beyondHex >= 2 && digitChanges >= 3 && changes*5 >= 2*n
}

// findMarkedKey finds the keys of Azure and New Relic, which have no beginning of
// their own: so many characters, and a mark within.
func findMarkedKey(t *text, at int) Span {
	until := t.long(at, wordRun)
	mark, marked := markedKeys[until-at]
	if !marked || !t.begins(at, dashed) || t.is(until, dashed) || !strings.Contains(t.slice(at, until), mark) {
		return Span{}
	}
	return Span{at, until, appToken}
}

// markedKeys are the marks by the length of the key: of Azure's services, Azure
// DevOps, and New Relic's licenses.
var markedKeys = map[int]string{84: "JQQJ99", 76: "JQQJ99", 80: "JQQJ99", 44: "FFFFNRAL", 40: "FFFFNRAL"}
