package wordlist

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// Memory remembers what was found out about words. It has a fixed number of
// places; a word takes the place of another one that has the same. It is safe
// for concurrent use, and readers never wait.
type Memory[V any] struct {
	places [maxKnown]atomic.Pointer[known[V]]
}

// known is a word with what is remembered of it.
type known[V any] struct {
	word  string
	value V
}

// The bounds of a memory; longer words are not remembered.
const (
	maxKnown       = 1 << 15 // words
	maxKnownLength = 24      // bytes of a word
)

var seed = maphash.MakeSeed()

func place(word string) uint64 { return maphash.String(seed, word) % maxKnown }

// Of returns what is remembered of a word.
func (m *Memory[V]) Of(word string) (value V, ok bool) {
	if k := m.places[place(word)].Load(); k != nil && k.word == word {
		return k.value, true
	}
	return value, false
}

// Keep remembers something of a word.
func (m *Memory[V]) Keep(word string, v V) {
	if len(word) <= maxKnownLength {
		m.places[place(word)].Store(&known[V]{strings.Clone(word), v})
	}
}
