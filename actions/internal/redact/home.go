package redact

import "strings"

// findHome finds the name in /home/name and /Users/name.
func findHome(s string, at int) Span {
	for _, folder := range []string{"/home/", "/Users/", `/home\/`, `/Users\/`} {
		if strings.HasPrefix(s[at:], folder) && !isAddressPath(s, at) {
			return nameIn(s, at+len(folder), isUnixName)
		}
	}
	return Span{}
}

// isAddressPath tells the path of a page from that of a file: something that
// is no path stands right before it.
func isAddressPath(s string, at int) bool {
	if at == 0 || !isWordByte(s[at-1]) {
		return false
	}
	from := back(s, at, 128, isAddress)
	word := s[from:at]
	return strings.Contains(word, "://") && !strings.Contains(word, "file://") || isWordByte(word[0]) && strings.Contains(word, ".")
}

func isUnixName(c byte) bool {
	return c > ' ' && strings.IndexByte("/\\\"'`:<>|,;()[]{}*?$&=#%@!", c) < 0
}

// findWindowsHome finds the name in C:\Users\name, also with doubled or
// quadrupled strokes.
func findWindowsHome(s string, at int) Span {
	from := run(s, at, 4, isStroke)
	for _, folder := range []string{"users", "documents and settings"} {
		if !hasPrefixFold(s[from:], folder) {
			continue
		}
		name := run(s, from+len(folder), 4, isStroke)
		if name == from+len(folder) {
			return Span{}
		}
		if until := run(s, name, 64, isWindowsName); byteAt(s, until) == '\\' && strings.Count(s[name:until], " ") <= 2 {
			return nameIn(s, name, isWindowsName)
		}
		return nameIn(s, name, isUnixName)
	}
	return Span{}
}

func isStroke(c byte) bool { return c == '\\' }

func isWindowsName(c byte) bool {
	return c >= ' ' && strings.IndexByte("/\\:*?\"<>|$%[]", c) < 0
}

// nameIn is the name of somebody's folder; what is nobody's stays.
func nameIn(s string, from int, class func(byte) bool) Span {
	until := run(s, from, 64, class)
	for until > from && strings.IndexByte(". ", s[until-1]) >= 0 {
		until--
	}
	if until == from {
		return Span{}
	}
	switch strings.ToLower(s[from:until]) {
	case "runner", "user", "username", "you", "me", "name", "shared", "public", "default", "linuxbrew", "root", "...", "runneradmin":
		return Span{}
	}
	return Span{from, until, home}
}
