package wordlist

import (
	"hash/maphash"
	"sync/atomic"
)

// Memory remembers what was found out about words. It has a fixed number of
// places; a word takes the place of another one that has the same. It is safe
// for concurrent use, and readers never wait.
type Memory[V any] struct {
	places [maxKnown]atomic.Pointer[known[V]]
}

// known is a word with what is remembered of it, side by side, so that comparing
// words reads no other memory.
type known[V any] struct {
	word   [maxKnownLength]byte
	length int
	value  V
}

// The bounds of a memory; longer words are not remembered.
const (
	maxKnown       = 1 << 15 // words
	maxKnownLength = 24      // bytes of a word
)

var seed = maphash.MakeSeed()

func place(word string) uint64 { return maphash.String(seed, word) % maxKnown }

// Of returns what is remembered of a word; nil for nothing. It must not be
// changed.
func (m *Memory[V]) Of(word string) *V {
	if k := m.places[place(word)].Load(); k != nil && string(k.word[:k.length]) == word {
		return &k.value
	}
	return nil
}

// Keep remembers something of a word, and returns it as Of does.
func (m *Memory[V]) Keep(word string, v V) *V {
	k := &known[V]{value: v}
	if len(word) <= maxKnownLength {
		k.length = copy(k.word[:], word)
		m.places[place(word)].Store(k)
	}
	return &k.value
}
