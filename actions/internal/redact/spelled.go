package redact

import "strings"

// spelledAts and spelledDots are the words that people write for the signs of
// an address, to keep machines from reading it.
var (
	spelledAts  = []string{"at", "@", "arroba", "ät", "klammeraffe", "chiocciola", "chez", "et", "a"}
	spelledDots = []string{"dot", ".", "punkt", "point", "punto", "ponto", "dt", "d0t"}
	// bareWords are those that mean a sign without brackets too.
	bareWords = map[string]bool{"at": true, "arroba": true, "dot": true, "punkt": true}
)

// findSpelledEmail finds name [at] domain [dot] tld, and name at domain dot tld.
func findSpelledEmail(t *text, at int) Span {
	domain, bracketed := t.spelledSign(at, spelledAts)
	if domain == 0 {
		return Span{}
	}
	local := t.back(at, 2, blank)
	from := t.localStart(local)
	if t.at(at) == '_' {
		from = t.back(local, maxLocal, word|dot)
	}
	if from == local || isNobody(t.slice(from, local)) {
		return Span{}
	}
	until, spelled := t.spelledDomain(t.run(domain, 2, blank))
	if until == 0 || !bracketed && (!spelled || !t.endsWithTop(until)) {
		return Span{}
	}
	return Span{from, until, email}
}

// commonTops are the top-level domains that are believed of an address whose
// signs are spelled without brackets: "at" and "dot" are words, too.
var commonTops = wordSet(`com org net io dev edu gov info biz me co uk de fr es it nl be at ch se no dk fi pl cz pt ru ua br mx ar in cn jp kr au nz ca us eu app ai example tr gr hu ro ie`)

func (t *text) endsWithTop(until int) bool { return commonTops[t.wordBefore(until, 8)] }

// closing are the brackets around a spelled sign.
var closing = map[byte]byte{'[': ']', '(': ')', '{': '}', '<': '>', '_': '_', '-': '-'}

// spelledSign is the end of a sign that is spelled at a place, 0 where there is
// none, and whether it stands in brackets.
func (t *text) spelledSign(at int, words []string) (end int, bracketed bool) {
	open := t.at(at)
	closed, bracketed := closing[open]
	if !bracketed {
		if !t.is(at-1, blank) {
			return 0, false
		}
		for _, w := range words {
			if bareWords[w] && t.startsFold(at, w) && t.is(at+len(w), blank) {
				return at + len(w), false
			}
		}
		return 0, false
	}
	from := t.run(at+1, 2, blank)
	for _, w := range words {
		if !t.startsFold(from, w) {
			continue
		}
		if until := t.run(from+len(w), 2, blank); t.at(until) == closed {
			return until + 1, open != '_' && open != '-' && w != "a"
		}
	}
	return 0, false
}

// spelledDomain is where a domain ends whose dots may be spelled, 0 where there
// is none, and whether one of them is.
func (t *text) spelledDomain(from int) (until int, spelled bool) {
	i, labels, last := from, 0, 0
	for i-from < maxDomain {
		end := t.run(i, maxLocal, word|dash)
		if end == i {
			break
		}
		if n := t.dashedDot(i, end); n > 0 {
			end = n
		}
		labels, last = labels+1, i
		until = end
		next, isSpelled := t.dotAt(end)
		if next == 0 {
			break
		}
		spelled = spelled || isSpelled
		i = next
	}
	if labels < 2 || until == 0 || !isSpelledTop(t.slice(last, until)) {
		return 0, false
	}
	return until, spelled
}

// dashedDot is where a label ends whose dot is spelled with dashes: mail-dot-example.
func (t *text) dashedDot(from, end int) int {
	if i := strings.Index(strings.ToLower(t.slice(from, end)), "-dot-"); i > 0 {
		return from + i
	}
	return 0
}

// dotAt is the end of a dot at a place, plain or spelled; 0 where there is none.
func (t *text) dotAt(at int) (end int, spelled bool) {
	if t.at(at) == '.' {
		return at + 1, false
	}
	sign := t.run(at, 2, blank)
	if end, bracketed := t.spelledSign(sign, spelledDots); end > 0 && (bracketed || sign > at || t.at(sign) == '_' || t.at(sign) == '-') {
		return t.run(end, 2, blank), true
	}
	return 0, false
}

// isSpelledTop holds a top-level domain to letters.
func isSpelledTop(label string) bool {
	for i := range len(label) {
		if digit.has(label[i]) || label[i] == '-' {
			return false
		}
	}
	return isTopLevel(label) && len(label) <= 8
}
