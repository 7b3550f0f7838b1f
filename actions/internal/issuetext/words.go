package issuetext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// signBehind is the sign that belongs to a word, in names such as C++ and C#;
// empty where none does. Rest is what stands behind the word.
func signBehind(rest, word string) string {
	if rest == "" || rest[0] != '+' && rest[0] != '#' || !isLetter(word[0]) {
		return ""
	}
	if after, found := strings.CutPrefix(rest, "++"); found && !strings.HasPrefix(after, "+") {
		return "++"
	}
	after, found := strings.CutPrefix(rest, "#")
	if !found || strings.HasPrefix(after, "#") || len(word) > 1 && startsWord(after) {
		return ""
	}
	if len(word) == 1 && after != "" && (after[0] >= 'a' && after[0] <= 'z' || after[0] >= 'A' && after[0] <= 'Z') {
		return ""
	}
	return "#"
}

func startsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// Dotted reports whether the word that begins at an offset of a text has a dot
// of its own before it: .NET, .env.
func Dotted(s string, start int) bool { return start > 0 && dotted(s, start-1) }

// dotted reports whether the dot at an offset belongs to the word behind it.
func dotted(s string, at int) bool {
	if at < 0 || at+1 >= len(s) || s[at] != '.' || !isLetter(s[at+1]) || s[at+1] >= '0' && s[at+1] <= '9' {
		return false
	}
	return at == 0 || !isLetter(s[at-1]) && s[at-1] != '.' && s[at-1] != ')' && s[at-1] != '!' && s[at-1] != '?'
}
