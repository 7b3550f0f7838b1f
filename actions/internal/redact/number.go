package redact

import "strings"

const mostDigits, mostGroups = 20, 8

// number is a stretch of digits in groups with single signs between them, as
// people write cards, phones and the numbers of offices.
type number struct {
	from   int
	count  int              // of digits
	parts  int              // of groups
	digits [mostDigits]byte //
	ends   [mostGroups]int  // where each group ends in the text
	until  [mostGroups]int  // and how many digits there are by then
	seps   [mostGroups]byte // what follows each group, if another does
}

// numberAt reads digits with single signs from " -." between them. It answers
// with false where the digits go on beyond what it reads.
func numberAt(s string, at int) (n number, ok bool) {
	n.from = at
	for i := at; ; i++ {
		for i < len(s) && isDigit(s[i]) {
			if n.count == mostDigits {
				return n, false
			}
			n.digits[n.count] = s[i]
			n.count++
			i++
		}
		n.ends[n.parts], n.until[n.parts] = i, n.count
		n.parts++
		if n.parts == mostGroups || i+1 >= len(s) || strings.IndexByte(" -.", s[i]) < 0 || !isDigit(s[i+1]) {
			return n, true
		}
		n.seps[n.parts-1] = s[i]
	}
}

// group is the number of digits in a group.
func (n *number) group(i int) int {
	if i == 0 {
		return n.until[0]
	}
	return n.until[i] - n.until[i-1]
}

// first is the number with its first groups only.
func (n *number) first(parts int) []byte { return n.digits[:n.until[parts-1]] }

// shaped tells whether the first groups have these lengths and signs between
// them, a byte less. A sign of ? stands for any, if they are all the same.
func (n *number) shaped(lengths string, seps string) bool {
	if n.parts < len(lengths) {
		return false
	}
	for i := range len(lengths) {
		if n.group(i) != int(lengths[i]-'0') {
			return false
		}
		if i < len(lengths)-1 && seps[i] != n.seps[i] && (seps[i] != '?' || n.seps[i] != n.seps[0]) {
			return false
		}
	}
	return true
}

// endsAt tells whether the number may end with a group: nothing that belongs
// to it follows.
func (n *number) endsAt(s string, parts int) bool {
	end := n.ends[parts-1]
	if parts < n.parts {
		return n.seps[parts-1] == ' '
	}
	c := byteAt(s, end)
	if isWordByte(c) || c == '_' {
		return false
	}
	return !(c == '-' || c == '.') || !isWordByte(byteAt(s, end+1))
}

// glued tells a number that goes on to the left: a part of a version, a hash,
// a date.
func glued(s string, at int) bool {
	switch byteAt(s, at-1) {
	case '-', '.', '_', ':', ',':
		return at > 1 && isWordByte(s[at-2]) && (s[at-1] != ':' || isDigit(s[at-2])) && (s[at-1] != ',' || isDigit(s[at-2]))
	}
	return false
}

// findNumber finds what begins with a digit.
func findNumber(s string, at int) Span {
	end := run(s, at, mostDigits+1, isDigit)
	c := byteAt(s, end)
	grouped := strings.IndexByte(" -.", c) >= 0 && isDigit(byteAt(s, end+1))
	if grouped && c == '.' && end-at <= 3 {
		if span := findIPv4(s, at); span.Until > 0 {
			return span
		}
	}
	if glued(s, at) || !grouped && end-at < 7 {
		return Span{}
	}
	if span := findSpanishNumber(s, at); span.Until > 0 {
		return span
	}
	n, ok := numberAt(s, at)
	if !ok {
		return Span{}
	}
	for _, look := range []func(*number, string) Span{nationalNumber, cardNumber, phoneNumber} {
		if span := look(&n, s); span.Until > 0 {
			return span
		}
	}
	return Span{}
}

// span is the find that takes the first groups.
func (n *number) span(parts int, kind string) Span { return Span{n.from, n.ends[parts-1], kind} }

// cardShapes are how the issuers print their numbers.
var cardShapes = []string{"4444", "44443", "465", "464"}

func cardNumber(n *number, s string) Span {
	if n.group(0) >= 13 && n.endsAt(s, 1) && isCard(n.first(1)) {
		return n.span(1, card)
	}
	for _, shape := range cardShapes {
		if n.shaped(shape, "????") && n.seps[0] != '.' && n.endsAt(s, len(shape)) && isCard(n.first(len(shape))) {
			return n.span(len(shape), card)
		}
	}
	return Span{}
}

// isCard checks the issuer, the length and the last digit (ISO/IEC 7812-1).
func isCard(digits []byte) bool {
	return isIssued(string(digits[:4]), len(digits)) && luhn(digits)
}

// isIssued tells the beginnings that cards have, and their lengths.
func isIssued(start string, length int) bool {
	in := func(from, until string) bool { return start[:len(from)] >= from && start[:len(until)] <= until }
	switch {
	case start[0] == '4':
		return length == 13 || length == 16 || length == 19
	case in("51", "55"), in("2221", "2720"):
		return length == 16
	case in("34", "34"), in("37", "37"):
		return length == 15
	case in("300", "305"), in("36", "36"), in("38", "39"):
		return length >= 14
	case in("3528", "3589"), in("6011", "6011"), in("62", "62"), in("644", "659"), in("60", "60"), in("81", "82"):
		return length >= 16
	case in("50", "50"), in("56", "58"), in("63", "63"), in("67", "67"):
		return length >= 13
	}
	return false
}

// luhn is the check by doubled digits (ISO/IEC 7812-1, annex B).
func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
