package wordlist

import (
	"hash/maphash"
	"sync/atomic"
)

// Memory remembers what was found out about words. It has a fixed number of
// places, of which each word has two; where both are taken, the word takes the
// place of another one. It is safe for concurrent use, and readers never wait.
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

// places are the two places that a word has.
func places(word string) [2]uint64 {
	at := maphash.String(seed, word) % maxKnown
	return [2]uint64{at, at ^ 1}
}

// Of returns what is remembered of a word; nil for nothing. It must not be
// changed.
func (m *Memory[V]) Of(word string) *V {
	for _, at := range places(word) {
		if k := m.places[at].Load(); k != nil && string(k.word[:k.length]) == word {
			return &k.value
		}
	}
	return nil
}

// Keep remembers something of a word, and returns it as Of does.
func (m *Memory[V]) Keep(word string, v V) *V {
	k := &known[V]{value: v}
	if len(word) > maxKnownLength {
		return &k.value
	}
	k.length = copy(k.word[:], word)
	at := places(word)
	if m.places[at[0]].Load() == nil || m.places[at[1]].Load() != nil {
		m.places[at[0]].Store(k)
	} else {
		m.places[at[1]].Store(k)
	}
	return &k.value
}
