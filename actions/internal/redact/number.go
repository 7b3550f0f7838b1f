package redact

import "strings"

const maxDigits, maxGroups = 20, 8

// number is a stretch of digits in groups with single signs between them, as
// people write cards, phones and the numbers of offices.
type number struct {
	from   int
	count  int             // of digits
	parts  int             // of groups
	digits [maxDigits]byte //
	ends   [maxGroups]int  // where each group ends in the text
	until  [maxGroups]int  // and how many digits there are by then
	seps   [maxGroups]byte // what follows each group, if another does
}

// numberAt reads digits with single signs from " -./" between them. It answers
// with false where the digits go on beyond what it reads.
func (t *text) numberAt(at int) (n number, ok bool) {
	n.from = at
	for i := at; ; i++ {
		for t.is(i, digit) {
			if n.count == maxDigits {
				return n, false
			}
			n.digits[n.count] = t.at(i)
			n.count++
			i++
		}
		n.ends[n.parts], n.until[n.parts] = i, n.count
		n.parts++
		sep := t.at(i)
		if n.parts == maxGroups || sep == 0 || strings.IndexByte(" -./", sep) < 0 || !t.is(i+1, digit) {
			return n, true
		}
		n.seps[n.parts-1] = sep
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

// shaped reports whether the first groups have these lengths and signs between
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

// endsAt reports whether the number may end with a group: nothing that belongs
// to it follows.
func (n *number) endsAt(t *text, parts int) bool {
	end := n.ends[parts-1]
	if parts < n.parts {
		return n.seps[parts-1] == ' '
	}
	c := t.at(end)
	if scored.has(c) {
		return false
	}
	return !(c == '-' || c == '.') || !t.is(end+1, word)
}

// glued reports whether a number goes on to the left: a part of a version, a
// hash, a date.
func (t *text) glued(at int) bool {
	switch c := t.at(at - 1); c {
	case '-', '.', '_':
		return t.is(at-2, word)
	case ':', ',':
		return t.is(at-2, digit)
	}
	return false
}

// findNumber finds what begins with a digit.
func findNumber(t *text, at int) Span {
	end := t.run(at, maxDigits+1, digit)
	c := t.at(end)
	grouped := c != 0 && strings.IndexByte(" -./", c) >= 0 && t.is(end+1, digit)
	if grouped && c == '.' && end-at <= 3 {
		if span := findIPv4(t, at); span.Until > 0 {
			return span
		}
	}
	if t.glued(at) || !grouped && end-at < 7 {
		return Span{}
	}
	if span := t.findSpanishNumber(at); span.Until > 0 {
		return span
	}
	n, ok := t.numberAt(at)
	if !ok {
		return Span{}
	}
	for _, look := range []func(*number, *text) Span{nationalNumber, cardNumber, phoneNumber} {
		if span := look(&n, t); span.Until > 0 {
			return span
		}
	}
	return Span{}
}

// span is the find that takes the first groups.
func (n *number) span(parts int, kind string) Span { return Span{n.from, n.ends[parts-1], kind} }

// cardShapes are how the issuers print their numbers.
var cardShapes = []string{"4444", "44443", "465", "464", "444", "4443", "4445", "4442", "45", "4446"}

func cardNumber(n *number, t *text) Span {
	if t.at(n.from-1) == '/' && t.is(n.from-2, word) {
		return Span{} // a page's number
	}
	if n.group(0) >= 12 && n.endsAt(t, 1) && isCard(n.first(1)) && !t.isOtherNumber(n.from) {
		return n.span(1, card)
	}
	for _, shape := range cardShapes {
		if n.shaped(shape, "?????"[:len(shape)]) && (n.seps[0] == ' ' || n.seps[0] == '-') && n.endsAt(t, len(shape)) && n.until[len(shape)-1] >= 12 && isCard(n.first(len(shape))) {
			return n.span(len(shape), card)
		}
	}
	return Span{}
}

// isOtherNumber reports whether the word before a number says that it is an id,
// a time or a count.
func (t *text) isOtherNumber(at int) bool {
	end := t.back(at, 4, blank|colon1|quoteByte)
	end = t.trim(max(0, end-8), end, "=#:")
	return notCards[t.wordBefore(end, 16)]
}

// notCards stand before numbers that are no cards.
var notCards = map[string]bool{
	"id": true, "ids": true, "timestamp": true, "time": true, "ts": true, "run": true, "job": true, "build": true, "size": true, "bytes": true, "offset": true, "pid": true,
	"seed": true, "nonce": true, "block": true, "height": true, "satoshis": true, "sat": true, "row": true, "version": true, "serial": true, "isbn": true, "ean": true,
	"upc": true, "imei": true, "status": true, "hash": true, "key": true, "length": true, "duration": true, "ns": true, "us": true, "ms": true,
}

// isCard checks the issuer, the length and the last digit (ISO/IEC 7812-1).
func isCard(digits []byte) bool {
	return isIssued(string(digits[:4]), len(digits)) && luhn(digits) && !repeated(digits)
}

// repeated reports whether a number is one digit, or little else.
func repeated(digits []byte) bool {
	var counts [10]int
	for _, d := range digits {
		counts[d-'0']++
	}
	for _, n := range counts {
		if n > len(digits)-2 {
			return true
		}
	}
	return false
}

// isIssued reports whether cards begin so and have this length.
func isIssued(start string, length int) bool {
	in := func(from, until string) bool { return start[:len(from)] >= from && start[:len(until)] <= until }
	switch {
	case start[0] == '4':
		return length == 13 || length == 16 || length == 19
	case in("51", "55"), in("2221", "2720"):
		return length == 16
	case in("34", "34"), in("37", "37"):
		return length == 15
	case in("2131", "2131"), in("1800", "1800"):
		return length == 15
	case in("300", "305"), in("3095", "3095"), in("36", "36"), in("38", "39"):
		return length == 14 || length >= 16
	case in("6011", "6011"), in("62", "62"), in("644", "659"), in("60", "60"), in("81", "82"), in("35", "35"), in("2200", "2204"):
		return length >= 16
	case in("50", "50"), in("56", "58"), in("63", "63"), in("67", "67"), in("0604", "0604"):
		return length >= 12
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
