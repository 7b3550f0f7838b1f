// Package mask hides what is personal or secret before text leaves: addresses,
// numbers, tokens, keys, names in paths. It is the one room that every way out
// goes through (Slack, mail, reports, summary, log, errors). It finds by form
// and by check digits, not by meaning: a name in prose stays.
//
// Everything here is linear in the text.
package mask

import (
	"regexp"
	"sort"
	"strings"
)

// Span is a stretch of text that must not leave, by bytes, Until exclusive.
type Span struct {
	From, Until int
	Kind        string
}

// kind is one thing to hide.
type kind struct {
	name string
	// near are signs of which one must be in the text for the pattern to be
	// tried at all; it keeps texts without any of them cheap.
	near    []string
	pattern *regexp.Regexp
	group   int               // what to hide: 0 is the whole match
	holds   func(string) bool // a check of what was found, such as digits
	before  func(byte) bool   // what may not stand in front
	after   func(byte) bool   // what may not stand behind
}

// kinds are tried in order; where two find the same place the first wins.
var kinds = []kind{
	{name: "private key", near: []string{"-----BEGIN"}, pattern: regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?s:.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)`)},
	{name: "token", near: []string{"gh", "github_pat_"}, pattern: regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{22,})`)},
	{name: "token", near: []string{"xox", "xapp-"}, pattern: regexp.MustCompile(`\b(?:xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,})`)},
	{name: "webhook", near: []string{"hooks."}, pattern: regexp.MustCompile(`https?://hooks\.[a-z.-]+/[^\s"'<>)\]]+`)},
	{name: "token", near: []string{"AKIA", "ASIA"}, pattern: regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`)},
	{name: "token", near: []string{"npm_"}, pattern: regexp.MustCompile(`\bnpm_[A-Za-z0-9]{30,}`)},
	{name: "token", near: []string{"cio"}, pattern: regexp.MustCompile(`\bcio[A-Za-z0-9]{32}\b`)},
	{name: "token", near: []string{"eyJ"}, pattern: regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?`)},
	{name: "token", near: []string{"sk-", "sk_", "pk_", "rk_", "AIza", "glpat-"}, pattern: regexp.MustCompile(`\b(?:sk-[A-Za-z0-9_-]{20,}|[spr]k_(?:live|test)_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{35}|glpat-[A-Za-z0-9_-]{20,})`)},
	{name: "token", near: []string{"earer", "asic", "EARER"}, pattern: regexp.MustCompile(`(?i)\b(?:bearer|basic)[ \t]+([A-Za-z0-9._~+/-]{12,}=*)`), group: 1},
	{name: "password", near: []string{"://"}, pattern: regexp.MustCompile(`\b[a-zA-Z][a-zA-Z0-9+.-]*://([^\s/:@"'<>]*:[^\s/@"'<>]+)@`), group: 1},
	{name: "secret", near: []string{"=", ":"}, pattern: regexp.MustCompile(`(?i)(?:password|passwd|passphrase|pwd|secret|api[_-]?key|apikey|access[_-]?key|auth[_-]?token|access[_-]?token|client[_-]?secret)["']?[ \t]*[=:][ \t]*["']?([^\s"'<>,;&)\]}]{4,})`), group: 1, holds: notMasked},
	{name: "e-mail", near: []string{"@", "%40"}, pattern: regexp.MustCompile(`[A-Za-z0-9._%+'-]{1,64}(?:@|%40)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}`)},
	{name: "home", near: []string{"/home/", "/Users/"}, pattern: regexp.MustCompile(`/(?:home|Users)/([A-Za-z0-9._-]{1,64})`), group: 1, holds: isName},
	{name: "home", near: []string{`\Users\`, `\users\`, `\\Users`, `\Documents and Settings\`}, pattern: regexp.MustCompile(`(?i)\\{1,2}(?:Users|Documents and Settings)\\{1,2}([^\\/:*?"<>|\r\n]{1,64})`), group: 1, holds: isName},
	{name: "IBAN", pattern: regexp.MustCompile(`\b[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}\b`), holds: isIBAN},
	{name: "card", pattern: regexp.MustCompile(`\b[2-6][0-9]{3}(?:[ -]?[0-9]){9,15}\b`), holds: isCard, before: isNumberPart, after: isNumberPart},
	{name: "MAC", near: []string{":", "-"}, pattern: regexp.MustCompile(`\b[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})\b`), before: isHexPart, after: isHexPart},
	{name: "IP", near: []string{"."}, pattern: regexp.MustCompile(`\b[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\b`), holds: isIPv4, before: isVersionPart, after: isVersionTail},
	{name: "IP", near: []string{":"}, pattern: regexp.MustCompile(`(?i)\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}\b|::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}\b`), holds: isIPv6, before: isHexPart, after: isHexPart},
	{name: "national id", pattern: regexp.MustCompile(`\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b`), holds: isSSN, before: isNumberPart, after: isNumberPart},
	{name: "national id", pattern: regexp.MustCompile(`\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\b`)},
	{name: "phone", near: []string{"+", "(", "00"}, pattern: regexp.MustCompile(`(?:\+|\b00)[1-9][0-9]{0,2}[ .-]?(?:\(0?[0-9]{1,4}\)[ .-]?)?[0-9]{2,4}(?:[ .-]?[0-9]{2,4}){1,4}\b|\([2-9][0-9]{2}\) ?[0-9]{3}[ .-][0-9]{4}\b`), holds: isPhone, before: isNumberPart},
	{name: "phone", near: []string{"-", "."}, pattern: regexp.MustCompile(`\b(?:1[-.])?[2-9][0-9]{2}[-.][2-9][0-9]{2}[-.][0-9]{4}\b`), before: isNumberPart, after: isNumberPart},
}

// Kinds are the names of what is hidden, in alphabetical order.
func Kinds() []string {
	seen := map[string]bool{}
	var names []string
	for _, k := range kinds {
		if !seen[k.name] {
			seen[k.name] = true
			names = append(names, k.name)
		}
	}
	sort.Strings(names)
	return names
}

// Find finds what must not leave: sorted, and no two spans share a byte.
func Find(s string) []Span {
	if !worthALook(s) {
		return nil
	}
	var spans []Span
	for _, k := range kinds {
		if k.mayBeIn(s) {
			spans = k.find(spans, s)
		}
	}
	return apart(spans)
}

// worthALook tells texts that could hold anything: every kind needs a digit,
// an @, a sign of assignment, or a path.
func worthALook(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '@', c == '=', c == ':', c == '/', c == '\\', c == '_', c == '-', c == '%':
			return true
		case (c == 'b' || c == 'B') && i+6 < len(s) && strings.EqualFold(s[i:min(i+5, len(s))], "basic"), (c == 'b' || c == 'B') && strings.EqualFold(s[i:min(i+6, len(s))], "bearer"):
			return true
		}
	}
	return false
}

func (k kind) mayBeIn(s string) bool {
	for _, sign := range k.near {
		if strings.Contains(s, sign) {
			return true
		}
	}
	return len(k.near) == 0 && strings.ContainsAny(s, "0123456789")
}

func (k kind) find(spans []Span, s string) []Span {
	for _, m := range k.pattern.FindAllStringSubmatchIndex(s, -1) {
		from, until := m[2*k.group], m[2*k.group+1]
		if from < 0 || k.before != nil && from > 0 && k.before(s[from-1]) || k.after != nil && until < len(s) && k.after(s[until]) {
			continue
		}
		if k.holds == nil || k.holds(s[from:until]) {
			spans = append(spans, Span{from, until, k.name})
		}
	}
	return spans
}

// apart sorts spans and joins those that overlap, under the name of the first
// that begins, the longer before the shorter.
func apart(spans []Span) []Span {
	sort.SliceStable(spans, func(i, j int) bool {
		if spans[i].From != spans[j].From {
			return spans[i].From < spans[j].From
		}
		return spans[i].Until > spans[j].Until
	})
	kept := spans[:0]
	for _, s := range spans {
		if n := len(kept); n > 0 && s.From < kept[n-1].Until {
			kept[n-1].Until = max(kept[n-1].Until, s.Until)
			continue
		}
		kept = append(kept, s)
	}
	return kept
}

// Text is the text with each span replaced by its kind in brackets: [e-mail].
// Text(Text(s)) is Text(s).
func Text(s string) string {
	for range 4 { // what stands around a span may join to a new one
		spans := Find(s)
		if len(spans) == 0 {
			return s
		}
		var b strings.Builder
		last := 0
		for _, span := range spans {
			b.WriteString(s[last:span.From])
			b.WriteString("[" + span.Kind + "]")
			last = span.Until
		}
		b.WriteString(s[last:])
		s = strings.ReplaceAll(b.String(), "](", "] (") // no Markdown link
	}
	return s
}
