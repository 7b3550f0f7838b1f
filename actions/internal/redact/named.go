package redact

import "strings"

// names are the ends of what people call a secret, by their last letter,
// without what parts their words. A name that is only "token" or "auth" must
// have a value that looks like one.
var names = map[byte][]string{
	'd': {"password", "passwd", "pwd"},
	'e': {"passphrase", "passcode", "cookie"},
	's': {"credentials", "pass", "secrets"},
	't': {"secret"},
	'w': {"pw"},
	'y': {"apikey", "accesskey", "secretkey", "privatekey", "signingkey", "encryptionkey", "masterkey", "authkey", "accountkey", "aftercarekey"},
	'n': {"accesstoken", "authtoken", "refreshtoken", "bottoken", "githubtoken", "apitoken", "sessiontoken", "token", "authorization"},
}

// weak are names that stand before many a value that is no secret.
var weak = map[string]bool{"token": true, "pass": true, "pw": true, "secrets": true, "credentials": true, "authorization": true, "cookie": true}

// longestName bounds how far a name is looked for to the left.
const longestName = 40

func isNamePart(c byte) bool { return isDashed(c) || c == '.' || c == ' ' }

// nameBefore is the secret's name that ends at a place; "" where there is none.
func nameBefore(s string, until int) string {
	if until == 0 {
		return ""
	}
	for _, name := range names[s[until-1]|0x20] {
		if endsWith(s, until, name) {
			return name
		}
	}
	return ""
}

// endsWith compares backwards, without regard to case and to what parts words.
func endsWith(s string, until int, name string) bool {
	n := len(name)
	for i := until - 1; n > 0 && i >= max(0, until-longestName); i-- {
		switch c := s[i]; {
		case c|0x20 == name[n-1]:
			n--
		case n < len(name) && isNamePart(c) && !isWordByte(c):
		default:
			return false
		}
	}
	return n == 0
}

// findAssignment finds the value in password=…, "api_key": "…", and the like.
func findAssignment(s string, at int) Span {
	if c := byteAt(s, at+1); c == '=' || c == ':' {
		return Span{} // a comparison, a path
	}
	until := back(s, at, 4, isBlank)
	until = back(s, until, 4, func(c byte) bool { return c == '"' || c == '\'' || c == '\\' || c == '`' || c == '*' })
	name := nameBefore(s, until)
	if name == "" {
		return Span{}
	}
	from := at + 1
	if s[at] == '=' && byteAt(s, from) == '>' {
		from++
	}
	span := valueAt(s, from, weak[name], s[at] == ':')
	if span.Until > 0 && name == "pwd" && strings.IndexByte("/~", s[span.From]) >= 0 {
		return Span{} // the shell's working folder
	}
	return span
}

// valueAt finds a value, in quotes or up to the next break. A prose value stood
// behind a colon, where many a plain word stands too.
func valueAt(s string, from int, weak, prose bool) Span {
	value := run(s, from, 8, func(c byte) bool { return isBlank(c) || c == '\\' || c == '*' })
	spaced := strings.ContainsAny(s[from:value], " \t")
	quote := byte(0)
	if c := byteAt(s, value); c == '"' || c == '\'' || c == '`' {
		quote = c
		value++
	}
	until := valueEnd(s, value, quote)
	got := s[value:until]
	if len(got) < 4 || !isValue(got) || weak && (len(got) < 8 || !mixed(got) || !strings.ContainsAny(got, "0123456789")) {
		return Span{}
	}
	if quote == 0 && (byteAt(s, until) == '(' || byteAt(s, until) == '<') {
		return Span{} // a call, a type
	}
	if quote == 0 && prose && spaced && isPlain(got) && goesOn(s, until) {
		return Span{}
	}
	return Span{value, until, secret}
}

// longestValue bounds a value.
const longestValue = 4096

// valueEnd is where a value ends: at its quote, or at what parts values.
func valueEnd(s string, from int, quote byte) int {
	end := min(len(s), from+longestValue)
	for i := from; i < end; i++ {
		switch c := s[i]; {
		case c == '\n' || c == '\r':
			return i
		case c == '\\' && i+1 < end && strings.IndexByte(`nrt"'`, s[i+1]) >= 0:
			return i
		case quote != 0 && c == quote:
			return i
		case quote == 0 && strings.IndexByte(" \t\"'`<>(,;&)]}|", c) >= 0:
			return i
		}
	}
	return end
}

// isValue leaves out what is masked already, a reference, or said not to be
// there.
func isValue(s string) bool {
	if strings.IndexByte("[$%{<", s[0]) >= 0 || strings.Trim(s, "*.xX-_#?") == "" || strings.HasPrefix(s, "•") {
		return false
	}
	switch strings.ToLower(strings.Trim(s, ".!?*")) {
	case "none", "null", "true", "false", "undefined", "empty", "string", "required", "optional", "hidden", "redacted", "masked", "missing", "invalid", "unset":
		return false
	}
	return true
}

// isPlain tells a word of prose.
func isPlain(s string) bool {
	s = strings.TrimRight(s, ".!?")
	return run(s, 0, len(s), func(c byte) bool { return isLower(c) || isUpper(c) || c >= 0x80 || c == '\'' || c == '-' }) == len(s)
}

// goesOn tells whether the line has more words.
func goesOn(s string, at int) bool {
	at = run(s, at, 8, isBlank)
	c := byteAt(s, at)
	return isWordByte(c) || c >= 0x80 || c == ',' || c == ';'
}

// findOption finds the value in --password VALUE and in -u name:VALUE.
func findOption(s string, at int) Span {
	if c := byteAt(s, at-1); at > 0 && !isBlank(c) && strings.IndexByte("\n\"'`[(", c) < 0 {
		return Span{}
	}
	if strings.HasPrefix(s[at:], "-u ") {
		until := valueEnd(s, at+3, 0)
		if colon := strings.IndexByte(s[at+3:until], ':'); colon > 0 && until-at-4-colon >= 4 && isValue(s[at+4+colon:until]) {
			return Span{at + 4 + colon, until, password}
		}
		return Span{}
	}
	if !strings.HasPrefix(s[at:], "--") {
		return Span{}
	}
	end := run(s, at+2, longestName, isDashed)
	if byteAt(s, end) != ' ' || byteAt(s, end+1) == '-' {
		return Span{}
	}
	name := nameBefore(s, end)
	if name == "" {
		return Span{}
	}
	span := valueAt(s, end, weak[name], false)
	if span.Until > 0 && isPlain(s[span.From:span.Until]) && s[span.From-1] == ' ' {
		return Span{} // the option is spoken of
	}
	return span
}

// findURLPassword finds name:password, or one long key, between :// and @.
func findURLPassword(s string, at int) Span {
	if !strings.HasPrefix(s[at:], "://") || at == 0 || !isWordByte(s[at-1]) {
		return Span{}
	}
	from := at + len("://")
	end := run(s, from, 512, func(c byte) bool { return c > ' ' && strings.IndexByte("/\"'`<>\\?#", c) < 0 })
	until := strings.LastIndexByte(s[from:end], '@')
	if until < 0 {
		return Span{}
	}
	until += from
	_, word, parted := strings.Cut(s[from:until], ":")
	if parted && (word == "" || !isValue(word)) || !parted && (until-from < 16 || !mixed(s[from:until])) || byteAt(s, from) == '[' {
		return Span{}
	}
	return Span{from, until, password}
}
