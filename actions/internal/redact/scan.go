package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// finder looks for one thing at a place where its first byte, or the byte that
// gives it away, stands. The zero Span is no find.
type finder func(s string, at int) Span

// callers are the finders by the byte that calls them, in the order in which
// they are asked.
var callers = func() (table [256][]finder) {
	call := func(bytes string, f finder) {
		for i := range len(bytes) {
			table[bytes[i]] = append(table[bytes[i]], f)
		}
	}
	for _, p := range prefixes {
		call(p.starts[:1], p.find)
	}
	call("e", findJWT)
	call("bBtT", findScheme)
	call("hd", findWebhook)
	call("-", findPrivateKey)
	call("-", findOption)
	call(":", findURLPassword)
	call(":=", findAssignment)
	call("@%&", findEmail)
	call("/", findHome)
	call(`\`, findWindowsHome)
	call(":-", findMAC)
	call(":", findIPv6)
	call("ABCDEFGHIJKLMNOPQRSTUVWXYZ", findIBAN)
	call("ABCDEFGHIJKLMNOPQRSTUVWXYZ", findNINO)
	call("ABCDEFGHIJKLMNOPQRSTUVWXYZ", findFiscalCode)
	call("XYZ", findDNI)
	call("0123456789", findNumber)
	call("+(", findPhone)
	return table
}()

// Find finds what must not leave: sorted, and no two spans share a byte.
func Find(s string) []Span {
	var found []Span
	for i := 0; i < len(s); i++ {
		finders := callers[s[i]]
		if len(finders) == 0 || isWordByte(s[i]) && i > 0 && isWordByte(s[i-1]) && !escaped(s, i) {
			continue
		}
		for _, find := range finders {
			span := find(s, i)
			if span.Until == 0 || len(found) > 0 && span.From < i && found[len(found)-1].Until == i {
				continue // nothing, or what makes it up is hidden already
			}
			found = join(found, span)
			if span.Kind == accessKey {
				found = append(found, secretAfter(s, span.Until)...)
			}
			i = max(i, found[len(found)-1].Until-1)
			break
		}
	}
	return found
}

// join appends a span, and takes in those that it overlaps.
func join(found []Span, span Span) []Span {
	for n := len(found); n > 0 && span.From < found[n-1].Until; n = len(found) {
		span.From = min(span.From, found[n-1].From)
		span.Until = max(span.Until, found[n-1].Until)
		found = found[:n-1]
	}
	return append(found, span)
}

// escaped tells a word that begins behind \n, \r or \t as JSON and logs write
// them.
func escaped(s string, at int) bool {
	return at >= 2 && s[at-2] == '\\' && strings.IndexByte("nrt", s[at-1]) >= 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }

func isWordByte(c byte) bool { return isDigit(c) || isLower(c) || isUpper(c) }

func isHex(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

// byteAt is the byte at a place; 0 outside the text.
func byteAt(s string, at int) byte {
	if at < 0 || at >= len(s) {
		return 0
	}
	return s[at]
}

// run is the end of the stretch from a place on that a class holds, at most
// most bytes further.
func run(s string, from, most int, class func(byte) bool) int {
	end := min(len(s), from+most)
	for from < end && class(s[from]) {
		from++
	}
	return from
}

// back is the beginning of the stretch up to a place that a class holds.
func back(s string, until, most int, class func(byte) bool) int {
	end := max(0, until-most)
	for until > end && class(s[until-1]) {
		until--
	}
	return until
}

// letterBefore and letterAt read one letter of any script whose words are
// written apart; its size is 0 where there is none.
func letterBefore(s string, until int) int {
	r, size := utf8.DecodeLastRuneInString(s[:until])
	return letterSize(r, size)
}

func letterAt(s string, at int) int {
	r, size := utf8.DecodeRuneInString(s[at:])
	return letterSize(r, size)
}

func letterSize(r rune, size int) int {
	const firstEastAsian = 0x2E80
	if r == utf8.RuneError || r >= firstEastAsian || !unicode.IsLetter(r) && !unicode.IsMark(r) {
		return 0
	}
	return size
}

// hasPrefixFold is strings.HasPrefix without regard to case; prefix is lower
// case and ASCII.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// mixed tells what looks made by a machine: letters and digits, or both cases
// within a word.
func mixed(s string) bool {
	var digit, lower, inner bool
	for i := range len(s) {
		switch {
		case isDigit(s[i]):
			digit = true
		case isLower(s[i]):
			lower = true
		case isUpper(s[i]) && i > 0:
			inner = true
		}
	}
	return digit && (lower || inner) || lower && inner && len(s) >= 16
}
