package wordlist

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// particles are written onto a Korean noun and say what it does in its
// sentence: subject, object, topic, place, means, company. The longer first.
var particles = []string{"에서는", "으로는", "에서도", "에서", "에게", "으로", "까지", "부터", "처럼", "보다", "이나", "에는", "에도", "이", "가", "을", "를", "은", "는", "에", "의", "도", "로", "와", "과", "만", "나"}

// korean takes the particle off a Korean word that is longer by it than two
// syllables, so that a noun in rules.yaml is found wherever it stands in a
// sentence. Other words stay as they are.
func korean(word string) string {
	if r, _ := utf8.DecodeRuneInString(word); !unicode.Is(unicode.Hangul, r) {
		return word
	}
	for _, p := range particles {
		if noun, ok := strings.CutSuffix(word, p); ok && utf8.RuneCountInString(noun) >= 2 {
			return noun
		}
	}
	return word
}
