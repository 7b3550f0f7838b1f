package wordlist

import (
	"strings"
	"sync"
	"sync/atomic"

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
	return stems.of(folded)
}

// stems remembers stems, each of which takes a microsecond to find: thousands
// of issues use the same words.
var stems memory

// memory is a bounded map from words to stems; it is safe for concurrent use.
type memory struct {
	known sync.Map
	count atomic.Int64
}

// maxStems bounds the memory, in words; later words are not remembered.
const maxStems = 16384

func (m *memory) of(word string) string {
	if known, ok := m.known.Load(word); ok {
		return known.(string)
	}
	stemmed := english.Stem(word, true)
	if len(word) <= 24 && m.count.Add(1) <= maxStems {
		m.known.Store(strings.Clone(word), strings.Clone(stemmed))
	}
	return stemmed
}
