package redact

import "strings"

// phoneNumber finds a number that begins with a digit: in the North American
// form, abroad by 00, at home by 0, or with a word around it that says what it
// is.
func phoneNumber(n *number, t *text) Span {
	if t.at(n.from-1) == '/' {
		return Span{} // a page's number
	}
	said := -1 // not asked yet
	for parts := n.parts; parts >= 1; parts-- {
		end, ends := n.extension(t, parts)
		if !ends || !n.mayBePhone(parts) {
			continue
		}
		if n.isPhone(t, parts) {
			return Span{n.from, end, phone}
		}
		if said < 0 {
			said = 0
			if t.label(n.from, callWords) || t.labelAfter(end) {
				said = 1
			}
		}
		if said == 1 && (parts > 1 || n.until[0] >= 7) {
			return Span{n.from, end, phone}
		}
	}
	return Span{}
}

// extension is where a number of so many groups ends with its extension (x123),
// and whether it may end there.
func (n *number) extension(t *text, parts int) (int, bool) {
	end := n.ends[parts-1]
	if parts == n.parts && t.at(end) == 'x' && t.is(end+1, digit) {
		end = t.run(end+1, 6, digit)
		return end, !t.is(end, word)
	}
	if parts == n.parts && t.at(end) == '-' && t.is(end+1, upper|lower) {
		return end, t.placeWord(end + 1) // 212-555-0187-Office
	}
	return end, n.endsAt(t, parts)
}

// placeWords say behind a number whose it is.
var placeWords = []string{"office", "fax", "mobile", "cell", "home", "work", "desk", "phone", "tel"}

// placeWord reports whether one of those words stands at a place.
func (t *text) placeWord(at int) bool {
	for _, w := range placeWords {
		if t.startsFold(at, w) && !t.is(at+len(w), word) {
			return true
		}
	}
	return false
}

// labelAfter reports whether what stands behind a number says that it is a
// telephone's.
func (t *text) labelAfter(end int) bool {
	at := t.run(end, 2, blank|dash)
	if t.starts(at, "is my ") {
		at += len("is my ")
	}
	if t.at(at) == '(' {
		at++
	}
	return at > end && t.placeWord(at)
}

// mayBePhone holds the number to the length of telephone numbers, and to what
// is not a date.
func (n *number) mayBePhone(parts int) bool {
	digits := n.first(parts)
	if len(digits) < 6 || len(digits) > 15 || len(digits) == 6 && parts < 2 || n.isDate(parts) {
		return false
	}
	for i := range parts {
		if n.group(i) < 2 && (i > 0 || n.digits[0] != '1') {
			return false
		}
	}
	return true
}

// isPhone reports whether the form alone makes it a telephone number.
func (n *number) isPhone(t *text, parts int) bool {
	if t.is(n.from-2, digit) && t.at(n.from-1) == ' ' {
		return false // in a row of numbers
	}
	digits := n.first(parts)
	if parts == 3 && n.shaped("334", "??") || parts == 4 && n.shaped("1334", "???") && digits[0] == '1' {
		local := digits[len(digits)-10:]
		if n.seps[0] != ' ' && local[0] >= '2' && local[3] >= '2' {
			return true
		}
	}
	if digits[0] != '0' {
		return false
	}
	if digits[1] == '0' {
		return parts > 2 && digits[2] != '0' && len(digits) >= 10
	}
	return parts > 2 && len(digits) >= 9 && len(digits) <= 11 && n.seps[0] != '/' && n.uniform(parts) && n.group(parts-1) <= 5 &&
		(n.seps[0] != '.' || n.group(0) == 2 && n.group(1) == 2 && parts == 5)
}

// uniform reports whether one sign alone stands between the groups.
func (n *number) uniform(parts int) bool {
	for i := range parts - 1 {
		if n.seps[i] != n.seps[0] {
			return false
		}
	}
	return true
}

// isDate tells 2026-01-27 and 27.01.2026, whatever follows, from numbers whose
// groups have the same lengths.
func (n *number) isDate(parts int) bool {
	if parts < 3 {
		return false
	}
	a, b, c := n.value(0), n.value(1), n.value(2)
	switch {
	case n.group(0) == 4 && n.group(1) == 2 && n.group(2) == 2:
		return isYear(a) && isMonth(b) && isDay(c)
	case n.group(0) <= 2 && n.group(1) <= 2 && n.group(2) == 4:
		return isYear(c) && (isDay(a) && isMonth(b) || isMonth(a) && isDay(b))
	}
	return false
}

// value is a group as a number.
func (n *number) value(i int) int {
	v := 0
	for _, d := range n.digits[n.until[i]-n.group(i) : n.until[i]] {
		v = v*10 + int(d-'0')
	}
	return v
}

func isYear(n int) bool  { return n >= 1900 && n <= 2099 }
func isMonth(n int) bool { return n >= 1 && n <= 12 }
func isDay(n int) bool   { return n >= 1 && n <= 31 }

// callWords stand before numbers that are called, in the languages that people
// write most.
var callWords = wordSet(`phone phones telephone call calling mobile tel fax whatsapp sms dial cell cellphone handy telefon telefono teléfono telefone téléphone móvil
	movil celular portable fono mobil mobiel gsm telefoon puhelin telefonu desk office hotline viber signal телефон тел 電話 电话 전화
	answering reach ring text texted calls contact messages registered phonenumber landline handynummer telefonnummer rückruf numéro rufnummer`)

func wordSet(list string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(list) {
		all[w] = true
	}
	return all
}

// maxLabel is how far before a number its label is looked for.
const maxLabel = 40

// label reports whether one of the words, or pairs of words, stands within the
// few before a place: on its line, or on the one above where nothing else
// stands before the place on its own.
func (t *text) label(at int, words map[string]bool) bool {
	before := t.slice(max(0, at-maxLabel), at)
	line := before
	if i := strings.LastIndexByte(before, '\n'); i >= 0 {
		line = before[i+1:]
		if strings.Trim(line, " \t*->|") == "" && i > 0 {
			above := strings.TrimRight(before[:i], "\r\n \t")
			line = above[strings.LastIndexByte(above, '\n')+1:]
			if !strings.HasSuffix(strings.TrimRight(line, "*_ "), ":") {
				return false // a line of its own, no label
			}
		}
	}
	return hasLabel(strings.ToLower(line), words)
}

// maxBetween is how many words may stand between a label and its number.
const maxBetween = 4

// hasLabel reads words backwards from the end of a line, until a number.
func hasLabel(line string, words map[string]bool) bool {
	last := ""
	for n := 0; n <= maxBetween; n++ {
		line = strings.TrimRightFunc(line, func(r rune) bool { return r < 0x80 && !word.has(byte(r)) })
		i := strings.LastIndexFunc(line, func(r rune) bool { return r < 0x80 && !word.has(byte(r)) })
		w := line[i+1:]
		if w == "" || strings.ContainsAny(w, "0123456789") {
			return false
		}
		if words[w] || last != "" && words[w+" "+last] {
			return i >= 0 || len(line) < maxLabel
		}
		last = w
		if i < 0 {
			return false
		}
		if n > 0 && strings.IndexByte(".!?", line[i]) >= 0 {
			return false // another sentence
		}
		line = line[:i]
	}
	return false
}

// findPhone finds +49 …, +1 (…) … and (212) 555-….
func findPhone(t *text, at int) Span {
	if c := t.at(at - 1); at > 0 && (dashed.has(c) || c == t.at(at)) {
		return Span{}
	}
	if t.at(at) == '(' {
		return t.areaPhone(at)
	}
	from := at + 1
	if t.at(from) == ' ' || t.at(from) == '(' {
		from++ // + 49 …, +(49) …
	}
	if c := t.at(from); c < '1' || c > '9' {
		return Span{}
	}
	until, digits, groups := t.phoneEnd(from)
	if digits < 8 || digits > 15 || groups == 1 && (digits < 10 || from > at+1) || from > at+1 && groups < 3 {
		return Span{}
	}
	return t.phoneSpan(at, until)
}

// areaPhone finds a number with its area in brackets and a group more.
func (t *text) areaPhone(at int) Span {
	area := t.run(at+1, 6, digit)
	n := area - at - 1
	if t.at(at+1) == '+' {
		area = t.run(at+2, 4, digit)
		n = area - at - 2
	}
	if n < 2 && t.at(at+1) != '+' || n < 1 || n > 5 || t.at(area) != ')' || n == 4 && (t.starts(at+1, "19") || t.starts(at+1, "20")) {
		return Span{}
	}
	from := t.run(area+1, 1, blank)
	if !t.is(from, digit) {
		return Span{}
	}
	until, digits, groups := t.phoneEnd(from)
	digits += n
	if digits < 8 || digits > 15 || groups < 2 && (t.at(at+1) != '0' && !t.label(at, callWords) || digits < 9) {
		return Span{}
	}
	return t.phoneSpan(at, until)
}

// phoneSpan takes an extension in, and refuses what goes on as no number does.
func (t *text) phoneSpan(at, until int) Span {
	if t.at(until) == 'x' && t.is(until+1, digit) {
		until = t.run(until+1, 6, digit)
	}
	c := t.at(until)
	if scored.has(c) || (c == '.' || c == ':') && t.is(until+1, digit) {
		return Span{}
	}
	return Span{at, until, phone}
}

// phoneEnd reads digits with signs between them, brackets too.
func (t *text) phoneEnd(from int) (until, digits, groups int) {
	for i := from; ; {
		end := t.run(i, 16, digit)
		digits += end - i
		groups++
		next := t.run(end, 3, phoneSign)
		if next == end || !t.is(next, digit) || digits >= 15 {
			return end, digits, groups
		}
		i = next
	}
}
