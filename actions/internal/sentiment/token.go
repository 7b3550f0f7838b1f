package sentiment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word in lower case, a face such as :), a sign such as "!!", or an
// end, at which a sentence or a thought may stop.
type token struct {
	text string
	kind kind
	loud bool // written in capitals
}

type kind byte

const (
	word kind = iota
	sign
	end
)

// tokens splits a text that was cut. Names of code (some_name, someName,
// call()) are ends: they say nothing of a mood.
func tokens(s string) []token {
	out := make([]token, 0, len(s)/5+1)
	for at := 0; at < len(s); {
		t, n := next(s[at:])
		if t.text != "" {
			out = append(out, t)
		}
		at += n
	}
	return out
}

// next is the token at the start, and how long it is; without text where
// nothing of interest is there.
func next(s string) (token, int) {
	if s[0] < utf8.RuneSelf && !isLetter(s[0]) && !isDigit(s[0]) {
		if f, n := face(s); n > 0 {
			return token{text: same(f), kind: sign}, n
		}
		return mark(s)
	}
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case unicode.IsLetter(r) || isDigit(s[0]):
		return wordOf(s)
	case unicode.Is(unicode.So, r):
		return token{text: same(string(r)), kind: sign}, n
	}
	return token{}, n
}

// wordOf reads the word at the start, with the apostrophes within it.
func wordOf(s string) (token, int) {
	n, code, lower, upper := 0, false, false, 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		switch {
		case unicode.IsLetter(r):
			if unicode.IsUpper(r) {
				code = code || lower
				upper++
			} else {
				lower = true
			}
		case r == '_' || r >= '0' && r <= '9':
			code = true
		case (r == '\'' || r == '’') && n+size < len(s) && isLetter(s[n+size]):
		default:
			return finish(s, n, code, !lower && upper > 1)
		}
		n += size
	}
	return finish(s, n, code, !lower && upper > 1)
}

func finish(s string, n int, code, loud bool) (token, int) {
	if code || strings.HasPrefix(s[n:], "(") {
		return token{text: ".", kind: end}, n
	}
	w := strings.ToLower(s[:n])
	if strings.Contains(w, "’") {
		w = strings.ReplaceAll(w, "’", "'")
	}
	return token{text: shorten(w), kind: word, loud: loud}, n
}

// shorten leaves two of a letter that is held for long: sooooo is soo.
func shorten(w string) string {
	held := false
	for i := 2; i < len(w) && !held; i++ {
		held = w[i] == w[i-1] && w[i] == w[i-2]
	}
	if !held {
		return w
	}
	out := make([]byte, 0, len(w))
	for i := range len(w) {
		if i < 2 || w[i] != w[i-1] || w[i] != w[i-2] || w[i] >= utf8.RuneSelf {
			out = append(out, w[i])
		}
	}
	return string(out)
}

// mark reads signs that carry a mood, and ends.
func mark(s string) (token, int) {
	n := len(s) - len(strings.TrimLeft(s, s[:1]))
	switch s[0] {
	case '!', '?':
		return token{text: s[:min(n, 3)], kind: sign}, n
	case '.':
		if n > 1 {
			return token{text: "...", kind: sign}, n
		}
		return token{text: ".", kind: end}, n
	case ';', ':', '\n', '(', ')':
		return token{text: ".", kind: end}, n
	}
	return token{}, n
}

// face is a face at the start, without its nose, or a :name: of an emoji, and
// how long it is; 0 where there is none.
func face(s string) (string, int) {
	switch s[0] {
	case '<':
		if strings.HasPrefix(s, "<3") {
			return "<3", 2
		}
	case '^':
		if strings.HasPrefix(s, "^^") || strings.HasPrefix(s, "^_^") {
			return "^^", 2 + strings.Index(s[1:], "^")
		}
	case '-':
		if strings.HasPrefix(s, "-_-") {
			return "-_-", 3
		}
	case ':', ';', '=':
		if f, n := mouth(s); n > 0 {
			return f, n
		}
		return named(s)
	}
	return "", 0
}

// mouth reads a face that begins with its eyes.
func mouth(s string) (string, int) {
	at := 1
	for at < len(s) && (s[at] == '-' || s[at] == '\'' || s[at] == 'o' && at+1 < len(s) && s[at+1] == ')') {
		at++
	}
	if at == len(s) {
		return "", 0
	}
	m := s[at]
	alone := at+1 == len(s) || !isLetter(s[at+1]) && !isDigit(s[at+1]) && s[at+1] != '/'
	switch {
	case m == ')' || m == ']' || m == '}':
		m = ')'
	case m == '(' || m == '[':
		m = '('
	case (m == 'D' || m == 'P' || m == 'p' || m == 'O' || m == 'o' || m == 'S' || m == '/' || m == '\\' || m == '|') && alone:
		m = upperMouths[m]
	default:
		return "", 0
	}
	eyes := byte(':')
	if s[0] == ';' {
		eyes = ';'
	}
	return string([]byte{eyes, m}), at + 1
}

// upperMouths are mouths as they are named in the lexicon.
var upperMouths = map[byte]byte{'D': 'D', 'P': 'P', 'p': 'P', 'O': 'O', 'o': 'O', 'S': '/', '/': '/', '\\': '/', '|': '/'}

// named reads the name of an emoji between colons.
func named(s string) (string, int) {
	if s[0] != ':' {
		return "", 0
	}
	n := 1
	for n < len(s) && n < 30 && (s[n] >= 'a' && s[n] <= 'z' || isDigit(s[n]) || s[n] == '_' || s[n] == '+' || s[n] == '-') {
		n++
	}
	if n > 2 && n < len(s) && s[n] == ':' {
		return s[:n+1], n + 1
	}
	return "", 0
}
