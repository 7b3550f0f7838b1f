package redact

import "strings"

// phoneNumber finds a number that begins with a digit: in the North American
// form, abroad by 00, at home by 0, or with a word in front that says what it is.
func phoneNumber(n *number, s string) Span {
	if byteAt(s, n.from-1) == '/' {
		return Span{} // a page's number
	}
	for parts := n.parts; parts >= 1; parts-- {
		end, ends := n.extension(s, parts)
		if ends && n.isPhone(s, parts) {
			return Span{n.from, end, phone}
		}
	}
	return Span{}
}

// extension is where a number of so many groups ends with its extension (x123),
// and whether it may end there.
func (n *number) extension(s string, parts int) (int, bool) {
	end := n.ends[parts-1]
	if parts == n.parts && byteAt(s, end) == 'x' && isDigit(byteAt(s, end+1)) {
		end = run(s, end+1, 6, isDigit)
		return end, !isWordByte(byteAt(s, end))
	}
	return end, n.endsAt(s, parts)
}

func (n *number) isPhone(s string, parts int) bool {
	digits := n.first(parts)
	if len(digits) < 7 || len(digits) > 15 || n.isDate(parts) {
		return false
	}
	for i := range parts {
		if n.group(i) < 2 && (i > 0 || n.digits[0] != '1') {
			return false
		}
	}
	if saidBefore(s, n.from, callWords) {
		return true
	}
	if n.from > 1 && s[n.from-1] == ' ' && isDigit(s[n.from-2]) {
		return false // in a row of numbers
	}
	switch {
	case parts == 3 && n.shaped("334", "??"), parts == 4 && n.shaped("1334", "???") && n.digits[0] == '1':
		local := digits[len(digits)-10:]
		return n.seps[0] != ' ' && local[0] >= '2' && local[3] >= '2'
	case digits[0] == '0' && digits[1] == '0':
		return parts > 2 && digits[2] != '0' && len(digits) >= 10
	case digits[0] == '0':
		return parts > 2 && len(digits) >= 9 && len(digits) <= 11 && n.seps[0] != '.' && n.uniform(parts)
	}
	return false
}

// uniform tells whether one sign alone stands between the groups.
func (n *number) uniform(parts int) bool {
	for i := range parts - 1 {
		if n.seps[i] != n.seps[0] {
			return false
		}
	}
	return true
}

// isDate tells 2026-01-27 and 27.01.2026, whatever follows.
func (n *number) isDate(parts int) bool {
	if parts < 3 {
		return false
	}
	a, b, c := n.group(0), n.group(1), n.group(2)
	return a == 4 && b == 2 && c == 2 || a == 2 && b == 2 && c == 4
}

// callWords stand before numbers that are called.
var callWords = []string{"phone", "telephone", "call", "mobile", "tel", "fax", "whatsapp", "sms", "dial", "cell", "handy", "téléphone", "móvil", "fono"}

// saidBefore tells whether one of the words stands within the few before a
// place, on its line.
func saidBefore(s string, at int, words []string) bool {
	const near = 24
	before := s[max(0, at-near):at]
	if i := strings.LastIndexByte(before, '\n'); i >= 0 {
		before = before[i+1:]
	}
	before = strings.ToLower(before)
	for _, word := range words {
		i := strings.LastIndex(before, word)
		if i < 0 || i == 0 && len(before) == near || isWordByte(byteAt(before, i-1)) {
			continue
		}
		if behind := before[i+len(word):]; !isWordByte(byteAt(behind, 0)) && !strings.ContainsAny(behind, "0123456789") {
			return true
		}
	}
	return false
}

// findPhone finds +49 …, +1 (…) … and (212) 555-….
func findPhone(s string, at int) Span {
	if at > 0 && (isDashed(s[at-1]) || s[at-1] == s[at]) {
		return Span{}
	}
	if s[at] == '(' {
		return findAreaPhone(s, at)
	}
	if c := byteAt(s, at+1); c < '1' || c > '9' {
		return Span{}
	}
	until, digits, groups := phoneEnd(s, at+1)
	if digits < 8 || digits > 15 || groups == 1 && digits < 10 {
		return Span{}
	}
	return phoneSpan(s, at, until)
}

// findAreaPhone finds a number with its area in brackets and two groups more.
func findAreaPhone(s string, at int) Span {
	area := run(s, at+1, 6, isDigit)
	if n := area - at - 1; n < 2 || n > 5 || byteAt(s, area) != ')' || n == 4 && (s[at+1:at+3] == "19" || s[at+1:at+3] == "20") {
		return Span{}
	}
	from := run(s, area+1, 1, isBlank)
	if !isDigit(byteAt(s, from)) {
		return Span{}
	}
	until, digits, groups := phoneEnd(s, from)
	if digits += area - at - 1; digits < 8 || digits > 12 || groups < 2 {
		return Span{}
	}
	return phoneSpan(s, at, until)
}

// phoneSpan takes an extension in, and refuses what goes on as no number does.
func phoneSpan(s string, at, until int) Span {
	if byteAt(s, until) == 'x' && isDigit(byteAt(s, until+1)) {
		until = run(s, until+1, 6, isDigit)
	}
	if c := byteAt(s, until); isWordByte(c) || c == '_' || (c == '.' || c == ':') && isDigit(byteAt(s, until+1)) {
		return Span{}
	}
	return Span{at, until, phone}
}

// phoneEnd reads digits with signs between them, brackets too.
func phoneEnd(s string, from int) (until, digits, groups int) {
	for i := from; ; {
		end := run(s, i, 16, isDigit)
		digits += end - i
		groups++
		next := run(s, end, 2, func(c byte) bool { return strings.IndexByte(" -.()/", c) >= 0 })
		if next == end || !isDigit(byteAt(s, next)) || digits >= 15 {
			return end, digits, groups
		}
		i = next
	}
}
