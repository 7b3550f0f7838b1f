package redact

import (
	"net/netip"
	"strings"
)

// at signs as they are written: plainly, in an address, in HTML.
var ats = []string{"@", "%40", "&#64;", "&commat;"}

const longestLocal, longestDomain = 64, 253

// findEmail finds name@domain.tld around its sign.
func findEmail(s string, at int) Span {
	for _, sign := range ats {
		if strings.HasPrefix(s[at:], sign) {
			return emailAround(s, at, at+len(sign))
		}
	}
	return Span{}
}

func emailAround(s string, local, domain int) Span {
	from := local
	for from > 0 && local-from < longestLocal {
		size := 1
		if !isLocal(s[from-1]) {
			size = letterBefore(s, from)
		}
		if size == 0 {
			break
		}
		from -= size
	}
	for from < local && strings.IndexByte(".'-", s[from]) >= 0 {
		from++ // of the sentence
	}
	if from > 0 && s[from-1] == '\\' && local-from > 1 && strings.IndexByte("nrt", s[from]) >= 0 {
		from++ // an escaped line's end
	}
	until := domainEnd(s, domain)
	if from == local || until == 0 || isNobody(s[from:local]) {
		return Span{}
	}
	return Span{from, until, email}
}

func isLocal(c byte) bool {
	return isDashed(c) || strings.IndexByte(".%+'", c) >= 0
}

// isNobody are the accounts of machines.
func isNobody(local string) bool {
	switch strings.ToLower(local) {
	case "git", "noreply", "no-reply", "notifications":
		return true
	}
	return false
}

// domainEnd is where a domain that begins here ends; 0 where there is none.
func domainEnd(s string, from int) int {
	i, label, dot := from, from, -1
	for i < len(s) && i-from < longestDomain {
		size := 1
		switch c := s[i]; {
		case c == '.' && i > label:
			if !isWordByte(byteAt(s, i+1)) && byteAt(s, i+1) < 0x80 {
				return topLevel(s, dot, i)
			}
			dot, label = i, i+1
		case isWordByte(c) || c == '-' && i > label:
		default:
			size = letterAt(s, i)
		}
		if size == 0 {
			break
		}
		i += size
	}
	return topLevel(s, dot, i)
}

// topLevel holds the last label to letters, and to what is no file's name.
func topLevel(s string, dot, until int) int {
	if dot < 0 {
		return 0
	}
	end := run(s, dot+1, until-dot-1, func(c byte) bool { return isWordByte(c) && !isDigit(c) || c >= 0x80 })
	label := strings.ToLower(s[dot+1 : end])
	if len(label) < 2 || len(label) > 24 || end < until && isDigit(s[end]) {
		return 0
	}
	switch label {
	case "png", "jpg", "jpeg", "gif", "svg", "webp", "service", "socket", "timer", "mount", "target", "json", "yml", "yaml", "toml", "lock", "tgz", "ts", "js", "css", "html", "cpp", "onnx":
		return 0
	}
	return end
}

// findIPv4 reads an address of somebody in a number: not this machine, nobody,
// a mask, or one that stands in documents only (RFC 5737), and no version.
func findIPv4(s string, at int) Span {
	until := run(s, at, 16, func(c byte) bool { return isDigit(c) || c == '.' })
	for until > at && s[until-1] == '.' {
		until--
	}
	a, err := netip.ParseAddr(s[at:until])
	if err != nil || !a.Is4() || !isSomebody(a) || isVersion(s, at, until) {
		return Span{}
	}
	return Span{at, until, ipv4}
}

// nobodys are the networks of this machine, of documents (RFC 5737, RFC 3849,
// RFC 9637), of forms that are not used any more (RFC 4291, 2.5.5.1), and the
// resolvers that everybody asks.
var nobodys = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("255.0.0.0/8"), netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("1.1.1.1/32"), netip.MustParsePrefix("1.0.0.1/32"), netip.MustParsePrefix("8.8.8.8/32"),
	netip.MustParsePrefix("8.8.4.4/32"), netip.MustParsePrefix("9.9.9.9/32"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("3fff::/20"),
}

func isSomebody(a netip.Addr) bool {
	a = a.Unmap()
	if a.IsLoopback() || a.IsUnspecified() || a.IsMulticast() {
		return false
	}
	for _, p := range nobodys {
		if p.Contains(a) {
			return false
		}
	}
	if a.Is6() {
		return true
	}
	bytes := a.As4()
	return bytes[2] != 0 || bytes[3] != 0 // a network, or a browser's version
}

// isVersion tells four numbers of a version from an address by what stands
// around them. Four numbers of one digit are one, if no word says otherwise.
func isVersion(s string, at, until int) bool {
	if c := byteAt(s, until); isDashed(c) || c == '+' {
		return true
	}
	switch c := byteAt(s, at-1); {
	case c == '.' || c == '-' || c == '_' || c == '/' && isWordByte(byteAt(s, at-2)):
		return true // a longer number, Name/1.2.3.4
	case c == '=' && at > 1 && strings.IndexByte("=<>~^!", s[at-2]) >= 0:
		return true // name==1.2.3.4
	}
	before := strings.TrimRight(s[max(0, at-16):at], " \t=:\"'`(^~<>")
	before = strings.ToLower(before[back(before, len(before), 16, isWordByte):])
	switch before {
	case "v", "ver", "version", "release", "firmware", "build", "driver":
		return true
	case "ip", "addr", "address", "host", "from", "server", "client", "peer":
		return false
	}
	return until-at == len("1.2.3.4") && byteAt(s, until) != ':' && byteAt(s, until) != '/'
}

func isColonHex(c byte) bool { return isHex(c) || c == ':' || c == '.' }

// findIPv6 finds an address around its first colon.
func findIPv6(s string, at int) Span {
	from := back(s, at, 4, isHex)
	c := byteAt(s, from-1)
	if from > 0 && (isDashed(c) || c == '.') || c == ':' && (isHex(byteAt(s, from-2)) || byteAt(s, from-2) == ':') {
		return Span{}
	}
	until := run(s, from, 46, isColonHex)
	for until > at && (s[until-1] == '.' || s[until-1] == ':' && byteAt(s, until-2) != ':') {
		until--
	}
	written := s[from:until]
	if isDashed(byteAt(s, until)) || strings.Count(written, ":") != 7 && !strings.Contains(written, "::") {
		return Span{} // most are a time of day: to ask for an address would cost more
	}
	a, err := netip.ParseAddr(written)
	if err != nil || !a.Is6() || !isSomebody(a) || !isWritten(written) {
		return Span{}
	}
	return Span{from, until, ipv6}
}

// isWritten tells an address from a path of a program such as a::b, which has
// its form, and from a fingerprint: one of its groups has three or more
// characters and a digit, and it is not the only one.
func isWritten(s string) bool {
	groups, long := 0, false
	for _, group := range strings.Split(s, ":") {
		if group != "" {
			groups++
		}
		long = long || len(group) >= 3 && strings.ContainsAny(group, "0123456789")
	}
	return long && groups > 1
}

// findMAC finds six pairs around their first sign.
func findMAC(s string, at int) Span {
	const length = len("01:23:45:67:89:ab")
	from := at - 2
	if from < 0 || from+length > len(s) || from > 0 && (isDashed(s[from-1]) || s[from-1] == ':') {
		return Span{}
	}
	for i := range length {
		c := s[from+i]
		if i%3 == 2 && c != s[at] || i%3 != 2 && !isHex(c) {
			return Span{}
		}
	}
	if c := byteAt(s, from+length); isDashed(c) || c == ':' && isHex(byteAt(s, from+length+1)) {
		return Span{}
	}
	if pairs := s[from : from+length]; strings.Count(pairs, "0") == 12 || strings.Count(strings.ToLower(pairs), "f") == 12 {
		return Span{} // no device's
	}
	return Span{from, from + length, mac}
}
