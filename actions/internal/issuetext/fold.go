package issuetext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// clean makes valid UTF-8 of any bytes, straightens typographic quotes and
// takes out what shows nothing: zero-width and soft hyphens, joiners, marks of
// direction, control characters, which become a space where they part words.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\r", " ") // GitHub ends lines with \r\n
	if plain(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xa0 || r == 0x2028 || r == 0x2029:
			return ' '
		case invisible(r):
			return -1
		case r == '‘' || r == '’' || r == 'ʼ' || r == '′' || r == '＇':
			return '\''
		case r == '“' || r == '”' || r == '„' || r == '″':
			return '"'
		}
		return r
	}, s)
}

// plain tells texts in which there is nothing to clean.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 0x80 || c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

func invisible(r rune) bool {
	return r == 0xad || r == 0x34f || r == 0x61c || r == 0x180e || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e ||
		r >= 0x2060 && r <= 0x206f || r >= 0xfe00 && r <= 0xfe0f || r == 0xfeff || r >= 0xe0000 && r <= 0xe0fff
}

// compose brings compatibility forms (full width, ligatures) to their plain
// ones: NFKC.
func compose(s string) string {
	if ascii(s) {
		return s
	}
	return norm.NFKC.String(s)
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Fold is a word as it is compared: cleaned, NFKC, in lower case, and, where
// Latin letters mix with Cyrillic or Greek ones that look alike, all Latin.
// Fold(Fold(s)) is Fold(s).
func Fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	for range maxFolds {
		folded := foldOnce(s)
		if folded == s {
			break
		}
		s = folded
	}
	return s
}

// maxFolds is more than any character needs until it changes no more: what a
// compatibility form is composed of may itself want folding.
const maxFolds = 4

func foldOnce(s string) string {
	s = compose(strings.ToLower(compose(clean(s))))
	if mixed(s) {
		s = strings.Map(latin, s)
	}
	return s
}

// lookalikes are Cyrillic and Greek letters in lower case that print as Latin
// ones do (after Unicode's confusables).
var lookalikes = map[rune]rune{
	'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'у': 'y', 'х': 'x', 'і': 'i', 'ј': 'j', 'ѕ': 's', 'һ': 'h', 'ԁ': 'd', 'ԛ': 'q', 'ԝ': 'w',
	'в': 'b', 'к': 'k', 'м': 'm', 'н': 'h', 'т': 't',
	'α': 'a', 'ο': 'o', 'ρ': 'p', 'ν': 'v', 'ι': 'i', 'κ': 'k', 'υ': 'u', 'χ': 'x',
}

func latin(r rune) rune {
	if l, ok := lookalikes[r]; ok {
		return l
	}
	return r
}

// mixed tells words in which a Latin letter stands beside one that only looks
// so; a word that is Cyrillic or Greek throughout is left alone.
func mixed(s string) bool {
	hasLatin, hasOther := false, false
	for _, r := range s {
		hasLatin = hasLatin || r >= 'a' && r <= 'z'
		_, alike := lookalikes[r]
		hasOther = hasOther || alike
	}
	return hasLatin && hasOther
}

func hasLetter(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return true
		}
	}
	return false
}
