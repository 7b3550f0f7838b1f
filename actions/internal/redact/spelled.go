package redact

import "strings"

// spelledAts and spelledDots are the words that people write for the signs of
// an address, to keep machines from reading it.
var (
	spelledAts = []string{
		"at", "@", "arroba", "ät", "klammeraffe", "chiocciola", "chez", "et", "a", "at sign", "at-sign", "a t", "arobase", "arobas", "ä", "ätt", "собака", "małpa", "malpa",
		"zavináč", "zavinac", "kukac", "snabel-a", "snabela", "alfakrøll", "apenstaartje", "アットマーク", "アット", "골뱅이", "艾特", "在", "παπάκι", "ett",
	}
	spelledDots = []string{"dot", ".", "punkt", "point", "punto", "ponto", "dt", "d0t", "d o t", "kropka", "точка", "tečka", "tecka", "pont", "ドット", "닷", "点", "點", "nokta", "piste", "prick", "τελεία"}
	// bareWords are those that mean a sign without brackets too.
	bareWords = map[string]bool{
		"at": true, "arroba": true, "chiocciola": true, "arobase": true, "zavináč": true, "dot": true, "punkt": true, "ät": true, "собака": true, "małpa": true, "malpa": true, "アットマーク": true, "골뱅이": true,
		"punto": true, "kropka": true, "точка": true, "ドット": true, "at-sign": true,
	}
)

// findSpelledEmail finds name [at] domain [dot] tld, and name at domain dot tld.
func findSpelledEmail(t *text, at int) Span {
	domain, bracketed := t.spelledSign(at, spelledAts)
	if domain == 0 {
		return Span{}
	}
	local := t.back(at, 2, blank)
	from := t.localStart(local)
	if t.at(at) == '_' || t.at(at) == '-' && local == at {
		from = t.back(local, maxLocal, word|dot)
	}
	if from == local || isNobody(t.slice(from, local)) {
		return Span{}
	}
	until, spelled := t.spelledDomain(t.run(domain, 2, blank))
	if until == 0 || !bracketed && !t.endsWithTop(until) {
		return Span{}
	}
	if !bracketed && !spelled && !t.isToldAddress(from, local) {
		return Span{}
	}
	return Span{t.spelledLocal(from, spelled), until, email}
}

// spelledLocalDots stand in the name of an address whose dots are spelled.
var spelledLocalDots = []string{"[dot]", "(dot)", "{dot}", "<dot>", "_dot_", "-dot-", " dot "}

// spelledLocal takes the parts of a name in whose dots are spelled: ann [dot] lee.
// A bare dot is believed where the domain's is spelled too.
func (t *text) spelledLocal(from int, spelled bool) int {
	for range 2 {
		end := t.back(from, 1, blank)
		for _, dot := range spelledLocalDots {
			until := end
			if dot == " dot " {
				until = from
			}
			if !t.startsFold(until-len(dot), dot) || dot == " dot " && !spelled {
				continue
			}
			local := t.back(until-len(dot), 1, blank)
			if start := t.localStart(local); start < local {
				from = start
			}
			break
		}
	}
	return from
}

// mailWords stand before an address.
var mailWords = wordSet(`mail email e-mail mails emails contact reach write mailto correo courriel gmail adresse address`)

// isToldAddress reports whether a name is one of an address, though a plain word or a
// gap stands for its sign: it has a dot, a digit or an underscore, and a word before it says so.
func (t *text) isToldAddress(from, until int) bool {
	return strings.ContainsAny(t.slice(from, until), "._0123456789") && t.label(from, mailWords)
}

// apartEmail finds an address with blanks around its sign: ann.lee @ mail.com.
func (t *text) apartEmail(at int) Span {
	local, domain := t.back(at, 2, blank), t.run(at+1, 2, blank)
	if local == at && domain == at+1 {
		return Span{}
	}
	from := t.localStart(local)
	if from == local || isNobody(t.slice(from, local)) {
		return Span{}
	}
	until := t.domainEnd(domain)
	spelled := false
	if until == 0 {
		until, spelled = t.spelledDomain(domain)
	}
	if until == 0 || !t.endsWithTop(until) || !spelled && !t.isToldAddress(from, local) {
		return Span{}
	}
	return Span{from, until, email}
}

// quotedLocal is where a name in quotes begins: "ann lee"@mail.example.
func (t *text) quotedLocal(local int) int {
	part := t.slice(max(0, local-maxLocal), local-1)
	if i := strings.LastIndexByte(part, '"'); i >= 0 && !strings.Contains(part[i:], "\n") {
		return local - 1 - len(part) + i
	}
	return local
}

// literalDomain is the end of an address in brackets: ann@[58.74.121.78].
func (t *text) literalDomain(from int) int {
	if t.at(from) != '[' {
		return 0
	}
	until := t.run(from+1, 15, digit|dot)
	if until-from < len("[1.2.3.4") || t.at(until) != ']' {
		return 0
	}
	return until + 1
}

// commonTops are the top-level domains that are believed of an address whose
// signs are spelled without brackets: "at" and "dot" are words, too.
var commonTops = wordSet(`com org net io dev edu gov info biz me co uk de fr es it nl be at ch se no dk fi pl cz pt ru ua br mx ar in cn jp kr au nz ca us eu app ai example tr gr hu ro ie`)

func (t *text) endsWithTop(until int) bool { return commonTops[t.wordBefore(until, 8)] }

// closing are the brackets around a spelled sign.
var closing = map[byte]byte{'[': ']', '(': ')', '{': '}', '<': '>', '_': '_', '-': '-', '|': '|', '*': '*'}

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
	from := at + 1
	if t.at(from) == open {
		from++ // ((at))
	}
	from = t.run(from, 2, blank)
	if open != '[' && open != '(' && open != '{' && open != '<' {
		words = words[:1] // signs that stand for much else
	}
	for _, w := range words {
		if !t.startsFold(from, w) {
			continue
		}
		until := t.run(from+len(w), 2, blank)
		if t.at(until) != closed {
			continue
		}
		until++
		if t.at(until) == closed && t.at(at+1) == open {
			until++
		}
		apart := t.is(at-1, blank) && t.is(until, blank)
		return until, (open != '_' && open != '-' || apart) && w != "a"
	}
	return 0, false
}

// maxSpelledLabels is how many labels a domain has at most whose dots are spelled.
const maxSpelledLabels = 6

// spelledDomain is where a domain ends whose dots may be spelled, 0 where there
// is none, and whether one of them is.
func (t *text) spelledDomain(from int) (until int, spelled bool) {
	i, labels, last := from, 0, 0
	loose := false // a dot stands apart, as at the end of a sentence
	for i-from < maxDomain && labels < maxSpelledLabels {
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
		loose = loose || t.starts(end, " . ")
		i = next
	}
	if labels < 2 || until == 0 || !isSpelledTop(t.slice(last, until)) || loose && !t.endsWithTop(until) {
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

// writtenDots are how a dot is written in URLs, expressions and other scripts.
var writtenDots = []string{"%2E", "%2e", `\.`, "。", " . "}

// dotAt is the end of a dot at a place, plain or spelled; 0 where there is none.
func (t *text) dotAt(at int) (end int, spelled bool) {
	if t.at(at) == '.' {
		return at + 1, false
	}
	for _, dot := range writtenDots {
		if t.starts(at, dot) && t.is(at+len(dot), word) {
			return at + len(dot), true
		}
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
