package redact

import "strings"

// entities are the names that HTML has for signs of addresses and paths.
var entities = map[string]byte{
	"&commat;": '@', "&period;": '.', "&sol;": '/', "&bsol;": '\\', "&colon;": ':', "&lowbar;": '_', "&equals;": '=', "&hyphen;": '-', "&plus;": '+', "&percnt;": '%',
}

// maxEscape is the length of the longest escape that is read, such as
// &#0000064;.
const maxEscape = 10

// escapes reports whether an escape may begin at a place.
func escapes(s string, at int) bool {
	_, size := unescaped(s, at)
	return size > 1
}

// unescaped is the ASCII character that begins at a place and how many bytes it
// is written with: one, or those of an escape of HTML (&#64; &#x40; &commat;), or of JSON
// and JavaScript (\\u0040) for a sign or a letter that could stand there itself.
func unescaped(s string, at int) (c byte, size int) {
	if at+4 >= len(s) {
		return s[at], 1
	}
	switch {
	case s[at] == '&' && s[at+1] == '#':
		return numbered(s, at)
	case s[at] == '&':
		end := strings.IndexByte(s[at:min(len(s), at+maxEscape)], ';')
		if c, found := entities[s[at:at+end+1]]; found {
			return c, end + 1
		}
	case s[at] == '\\' && s[at+1] == 'u' && s[at+2] == '0' && s[at+3] == '0' && at+5 < len(s):
		if n, ok := hexValue(s[at+4 : at+6]); ok && isPlainSign(n) {
			return byte(n), 6
		}
	case s[at] == '\\' && s[at+1] == 'x':
		if n, ok := hexValue(s[at+2 : at+4]); ok && isPlainSign(n) {
			return byte(n), 4
		}
	}
	return s[at], 1
}

// numbered reads &#64; and &#x40;.
func numbered(s string, at int) (c byte, size int) {
	end := strings.IndexByte(s[at:min(len(s), at+maxEscape)], ';')
	if end < 3 {
		return s[at], 1
	}
	number := s[at+2 : at+end]
	n, ok := 0, true
	if number[0]|0x20 == 'x' {
		n, ok = hexValue(number[1:])
	} else {
		for i := range len(number) {
			ok = ok && digit.has(number[i])
			n = n*10 + int(number[i]-'0')
		}
	}
	if !ok || !isPlainSign(n) {
		return s[at], 1
	}
	return byte(n), end + 1
}

func hexValue(s string) (n int, ok bool) {
	for i := range len(s) {
		c := s[i] | 0x20
		switch {
		case digit.has(s[i]):
			n = n*16 + int(s[i]-'0')
		case c >= 'a' && c <= 'f':
			n = n*16 + int(c-'a') + 10
		default:
			return 0, false
		}
	}
	return n, len(s) > 0
}

// isPlainSign leaves the signs alone that are escaped so that nothing is read into
// them: quotes, brackets and ampersands.
func isPlainSign(n int) bool {
	return n > ' ' && n < 0x7f && strings.IndexByte("\"'<>&`", byte(n)) < 0
}
