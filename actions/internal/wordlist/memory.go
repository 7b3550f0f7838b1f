package wordlist

import (
	"strings"
	"sync"
)

// Memory is a bounded map from words to what was found out about them; it is
// safe for concurrent use.
type Memory[V any] struct {
	mu    sync.RWMutex
	known map[string]V
}

// The bounds of a memory; what lies above them is not remembered.
const (
	maxKnown       = 16384 // words
	maxKnownLength = 24    // bytes of a word
)

// Of returns what is remembered of a word.
func (m *Memory[V]) Of(word string) (V, bool) {
	m.mu.RLock()
	v, ok := m.known[word]
	m.mu.RUnlock()
	return v, ok
}

// Keep remembers something of a word, where the memory is not full.
func (m *Memory[V]) Keep(word string, v V) {
	if len(word) > maxKnownLength {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[string]V{}
	}
	if len(m.known) < maxKnown {
		m.known[strings.Clone(word)] = v
	}
}
