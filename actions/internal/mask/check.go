package mask

import (
	"net/netip"
	"strings"
)

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// isCard checks the length and the Luhn digit (ISO/IEC 7812-1) of a card.
func isCard(s string) bool {
	d := digits(s)
	if len(d) < 13 || len(d) > 19 || strings.Count(d, d[:1]) == len(d) {
		return false
	}
	sum := 0
	for i := range len(d) {
		n := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// isIBAN checks the length and the remainder by 97 (ISO 13616).
func isIBAN(s string) bool {
	s = strings.NewReplacer(" ", "", "-", "").Replace(s)
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	remainder := 0
	for _, c := range []byte(s[4:] + s[:4]) {
		switch {
		case c >= '0' && c <= '9':
			remainder = (remainder*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			remainder = (remainder*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return remainder == 1
}

// isIPv4 tells addresses of somebody: not this machine, nobody, a mask, or one
// that stands in documents only (RFC 5737).
func isIPv4(s string) bool {
	a, err := netip.ParseAddr(s)
	if err != nil || a.IsLoopback() || a.IsUnspecified() || a.IsMulticast() {
		return false
	}
	for _, nobody := range []string{"255.", "192.0.2.", "198.51.100.", "203.0.113."} {
		if strings.HasPrefix(s, nobody) {
			return false
		}
	}
	return !strings.HasSuffix(s, ".0.0.0") && !strings.HasSuffix(s, ".0.0")
}

func isIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	if err != nil || a.IsLoopback() || a.IsUnspecified() || a.IsMulticast() {
		return false
	}
	return strings.Count(s, ":") == 7 || strings.Contains(s, "::") && len(s) > 6 && strings.ContainsAny(s, "0123456789") && !strings.HasPrefix(strings.ToLower(s), "2001:db8")
}

// isSSN leaves out numbers that are never given (SSA: areas 000, 666, 900–999).
func isSSN(s string) bool {
	return s[:3] != "000" && s[:3] != "666" && s[0] != '9' && s[4:6] != "00" && s[7:] != "0000"
}

func isPhone(s string) bool {
	n := len(digits(s))
	return n >= 8 && n <= 15
}

// isName leaves out folders that are nobody's, and what is masked already.
func isName(s string) bool {
	switch strings.ToLower(s) {
	case "runner", "user", "username", "you", "me", "name", "shared", "public", "default", "linuxbrew", "root":
		return false
	}
	return true
}

// notMasked leaves out values that are masked, empty or a reference.
func notMasked(s string) bool {
	return !strings.HasPrefix(s, "[") && !strings.HasPrefix(s, "$") && !strings.HasPrefix(s, "*") && strings.Trim(s, "*.x") != ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isNumberPart(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '.' || c == '#'
}

func isHexPart(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == ':' || c == '-' || c == '_'
}

// isVersionPart and isVersionTail stand around versions, not addresses.
func isVersionPart(c byte) bool {
	return isDigit(c) || c == 'v' || c == 'V' || c == '.' || c == '-' || c == '_' || c == '='
}

func isVersionTail(c byte) bool { return c == '-' || c == '+' || c == '_' }
