package redact

import (
	"net/netip"
	"strings"
)

// ats are at signs as they are written: plainly, and escaped for addresses,
// HTML, JSON, mail and regular expressions.
var ats = []string{"@", "%40", "%2540", "&#64;", "&#064;", "&#0064;", "&#x40;", "&#X40;", "&commat;", `\u0040`, `\U0040`, `\x40`, `\@`, "=40"}

const maxLocal, maxDomain = 64, 253

// findEmail finds name@domain.tld around its sign.
func findEmail(t *text, at int) Span {
	for _, sign := range ats {
		if !t.starts(at, sign) {
			continue
		}
		if span := t.emailAround(at, at+len(sign)); span.Until > 0 || sign != "@" {
			return span
		}
		return t.apartEmail(at)
	}
	return Span{}
}

func (t *text) emailAround(local, domain int) Span {
	from := t.localStart(local)
	if t.at(local-1) == '"' {
		from = t.quotedLocal(local)
	}
	until := t.domainEnd(domain)
	if until == 0 {
		until = t.literalDomain(domain)
	}
	if until == 0 {
		until, _ = t.spelledDomain(domain)
	}
	if from == local || until == 0 || isNobody(t.slice(from, local)) {
		return Span{}
	}
	return Span{from, until, email}
}

// localStart is where the name before an at sign begins.
func (t *text) localStart(local int) int {
	from := local
	for from > 0 && local-from < maxLocal {
		size := 1
		if !t.is(from-1, localByte) {
			size = t.letterBefore(from)
		}
		if size == 0 {
			break
		}
		from -= size
	}
	for from < local && strings.IndexByte(".'-", t.at(from)) >= 0 {
		from++ // of the sentence
	}
	if from > 0 && t.at(from-1) == '\\' && local-from > 1 && strings.IndexByte("nrt", t.at(from)) >= 0 {
		from++ // an escaped line's end
	}
	if local-from > 3 && t.at(from) == '%' && t.is(from+1, hexDigit) && t.is(from+2, hexDigit) {
		from += 3 // an escaped sign before it
	}
	return from
}

// isNobody are the accounts of machines.
func isNobody(local string) bool {
	switch strings.ToLower(local) {
	case "git", "noreply", "no-reply", "notifications", "donotreply", "do-not-reply":
		return true
	}
	return false
}

// domainEnd is where a domain that begins here ends; 0 where there is none.
func (t *text) domainEnd(from int) int {
	i, label, dot := from, from, -1
	for i < len(t.s) && i-from < maxDomain {
		size := 1
		switch c := t.at(i); {
		case c == '.' && i > label:
			if next := t.at(i + 1); !(word | nonASCII).has(next) {
				return t.topLevel(dot, i)
			}
			dot, label = i, i+1
		case word.has(c) || c == '-' && i > label:
		default:
			size = t.letterAt(i)
		}
		if size == 0 {
			break
		}
		i += size
	}
	return t.topLevel(dot, i)
}

// topLevel holds the last label to letters, and to what is not a file's name.
func (t *text) topLevel(dot, until int) int {
	if dot < 0 {
		return 0
	}
	end := t.run(dot+1, until-dot-1, upper|lower|nonASCII)
	if !isTopLevel(t.slice(dot+1, end)) || end < until && t.is(end, digit) {
		return 0
	}
	return end
}

// fileEndings are endings of files that would pass for top-level domains.
var fileEndings = map[string]bool{
	"png": true, "jpg": true, "jpeg": true, "gif": true, "svg": true, "webp": true, "service": true, "socket": true, "timer": true, "mount": true,
	"target": true, "json": true, "yml": true, "yaml": true, "toml": true, "lock": true, "tgz": true, "ts": true, "js": true, "css": true, "html": true,
	"cpp": true, "onnx": true, "tsx": true, "jsx": true, "mjs": true, "scss": true, "dll": true, "exe": true, "txt": true, "log": true, "php": true,
}

func isTopLevel(label string) bool {
	return len(label) >= 2 && len(label) <= 24 && !fileEndings[strings.ToLower(label)]
}

// findIPv4 reads an address of somebody in a number: not this machine, nobody,
// a mask, or one that stands in documents only (RFC 5737), and no version.
func findIPv4(t *text, at int) Span {
	until := t.run(at, 16, digit|dot)
	until = t.trim(at, until, ".")
	a, err := netip.ParseAddr(t.slice(at, until))
	if err != nil || !a.Is4() || !isSomebody(a) || t.isVersion(a, at, until) {
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
	switch {
	case bytes[2] == 0 && bytes[3] == 0, bytes[2] == 255 && bytes[3] == 255:
		return false // a network's first or last, or a browser's version
	}
	return true
}

// versionWords stand before the number of a version, hostWords before an
// address.
var (
	versionWords = map[string]bool{
		"v": true, "ver": true, "version": true, "versions": true, "release": true, "firmware": true, "build": true, "driver": true, "to": true, "than": true,
		"upgrade": true, "update": true, "since": true, "tag": true, "jdk": true, "java": true, "chrome": true, "office": true, "revision": true, "rev": true,
	}
	hostWords = map[string]bool{
		"ip": true, "ips": true, "addr": true, "address": true, "addresses": true, "host": true, "from": true, "server": true, "client": true, "peer": true, "ping": true, "ssh": true,
		"gateway": true, "dns": true, "router": true, "at": true, "by": true, "node": true, "inet": true, "src": true, "dst": true, "source": true, "remote": true, "connect": true,
		"listening": true, "bind": true, "via": true, "route": true, "user": true, "visitor": true, "login": true, "nameserver": true, "proxy": true,
	}
)

// maxFirstOfVersion is the largest first part of a version of four that stands
// alone. Addresses that begin so low are rare.
const maxFirstOfVersion = 31

// isVersion tells four numbers of a version from an address by what stands
// around them. Where no word says which, small numbers are a version.
func (t *text) isVersion(a netip.Addr, at, until int) bool {
	after := t.at(until)
	if dashed.has(after) || after == '+' || after == '/' && isNetwork(a) && t.is(until+1, digit) {
		return true
	}
	switch c := t.at(at - 1); {
	case c == '.' || c == '-' || c == '_' || c == '/' && t.is(at-2, word):
		return true // a longer number, Name/1.2.3.4
	case c == '=' && at > 1 && strings.IndexByte("=<>~^!", t.at(at-2)) >= 0:
		return true // name==1.2.3.4
	}
	end := at
	for n := 0; n < 8 && strings.IndexByte(" \t=:\"'`(^~<>*|[", t.at(end-1)) >= 0 && end > 0; n++ {
		end--
	}
	before := t.wordBefore(end, 16)
	switch {
	case hostWords[before]:
		return false
	case versionWords[before]:
		return true
	case after == ':' && t.is(until+1, digit), t.starts(at-2, "//"), t.at(at-1) == '@', t.at(at-1) == '[':
		return false // a port, a URL, a host of a user, a list of addresses
	}
	bytes := a.As4()
	if until-at == len("1.2.3.4") {
		return after != '/'
	}
	if a.IsPrivate() && bytes[0] != 10 {
		return false
	}
	return bytes[0] <= maxFirstOfVersion && !isLarge(bytes[1:])
}

// isNetwork reports whether the last part is that of a network: with its
// length behind it, it is nobody's address.
func isNetwork(a netip.Addr) bool { return a.As4()[3] == 0 }

// isLarge reports whether two parts or more are larger than those of versions.
func isLarge(parts []byte) bool {
	n := 0
	for _, p := range parts {
		if p >= 100 {
			n++
		}
	}
	return n >= 2
}

// findIPv6 finds an address around its first colon.
func findIPv6(t *text, at int) Span {
	from := t.back(at, 4, hexDigit)
	c := t.at(from - 1)
	if from > 0 && dotted.has(c) || c == ':' && (t.is(from-2, hexDigit) || t.at(from-2) == ':') {
		return Span{}
	}
	until := t.run(from, 46, hexDigit|colon1|dot)
	for until > at && (t.at(until-1) == '.' || t.at(until-1) == ':' && t.at(until-2) != ':') {
		until--
	}
	written := t.slice(from, until)
	if t.is(until, dashed) || strings.Count(written, ":") != 7 && !strings.Contains(written, "::") {
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
func findMAC(t *text, at int) Span {
	const length = len("01:23:45:67:89:ab")
	from := at - 2
	if from < 0 || from+length > len(t.s) || from > 0 && (t.is(from-1, dashed) || t.at(from-1) == ':') {
		return Span{}
	}
	sign := t.at(at)
	for i := range length {
		if c := t.at(from + i); i%3 == 2 && c != sign || i%3 != 2 && !hexDigit.has(c) {
			return Span{}
		}
	}
	if c := t.at(from + length); dashed.has(c) || c == ':' && t.is(from+length+1, hexDigit) {
		return Span{}
	}
	if pairs := t.slice(from, from+length); strings.Count(pairs, "0") == 12 || strings.Count(strings.ToLower(pairs), "f") == 12 {
		return Span{} // no device's
	}
	return Span{from, from + length, mac}
}

// findDottedMAC finds the address of a device as Cisco's programs write it, by
// letters and digits in three groups: 00ab.1234.56cd.
func findDottedMAC(t *text, at int) Span {
	const group = 4
	from, until := at-group, at+2*group+2
	if from < 0 || t.at(at+group+1) != '.' || t.is(from-1, dashed|dot) || t.is(until, dashed) || t.at(until) == '.' && t.is(until+1, word) {
		return Span{}
	}
	digits, others := 0, 0
	for i := from; i < until; i++ {
		switch c := t.at(i); {
		case i == at || i == at+group+1:
		case digit.has(c):
			digits++
		case hexDigit.has(c):
			others++
		default:
			return Span{}
		}
	}
	if digits < 3 || others == 0 {
		return Span{} // a date and a time, a version
	}
	return Span{from, until, mac}
}
