package wordlist

import (
	"github.com/kljensen/snowball/english"
)

// minStemmed is the length below which a word is compared whole: the stemmer
// would make "io" of "ios".
const minStemmed = 4

// Stem returns what a folded word is compared by: Snowball's English stem of
// words in ASCII letters, a Korean noun without its particle, other words
// whole.
func Stem(folded string) string {
	if len(folded) < minStemmed {
		return folded
	}
	for i := 0; i < len(folded); i++ {
		if c := folded[i]; (c < 'a' || c > 'z') && c != '\'' {
			return korean(folded)
		}
	}
	return stemmed(folded)
}

// stems remembers stems, each of which takes a microsecond to find: thousands
// of issues use the same words.
var stems Memory[string]

func stemmed(word string) string {
	if stem := stems.Of(word); stem != nil {
		return *stem
	}
	return *stems.Keep(word, english.Stem(word, true))
}
