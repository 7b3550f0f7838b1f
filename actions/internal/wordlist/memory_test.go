package wordlist

import (
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A memory that mixed words up would give one word the stem of another.
func TestMemory_KeepsWordsApartInABoundedSpace(t *testing.T) {
	var m Memory[string]
	kept := 0
	for i := range 2 * maxKnown {
		m.Keep(strconv.Itoa(i), "value "+strconv.Itoa(i))
	}
	for i := range 2 * maxKnown {
		v, ok := m.Of(strconv.Itoa(i))
		if !ok {
			continue
		}
		kept++
		if want := "value " + strconv.Itoa(i); v != want {
			t.Fatalf("%d: got %q, want %q", i, v, want)
		}
	}
	if kept == 0 || kept > maxKnown {
		t.Errorf("got %d words, want at most %d and some", kept, maxKnown)
	}
}

func TestMemory_ForgetsLongWords(t *testing.T) {
	var m Memory[int]
	long := strings.Repeat("a", maxKnownLength+1)
	m.Keep(long, 1)
	if _, ok := m.Of(long); ok {
		t.Error("a word beyond the bound is remembered")
	}
	m.Keep(long[1:], 2)
	if v, ok := m.Of(long[1:]); !ok || v != 2 {
		t.Errorf("got %d, %v", v, ok)
	}
}

func TestMemory_MayBeSharedByGoroutines(t *testing.T) {
	var m Memory[int]
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 2000 {
				m.Keep(strconv.Itoa(i%300), i%300)
				if v, ok := m.Of(strconv.Itoa(i % 300)); ok && v != i%300 {
					t.Errorf("got %d, want %d", v, i%300)
				}
			}
		})
	}
	all.Wait()
}
