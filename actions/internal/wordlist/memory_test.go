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
		v := m.Of(strconv.Itoa(i))
		if v == nil {
			continue
		}
		kept++
		if want := "value " + strconv.Itoa(i); *v != want {
			t.Fatalf("%d: got %q, want %q", i, *v, want)
		}
	}
	if kept == 0 || kept > maxKnown {
		t.Errorf("got %d words, want at most %d and some", kept, maxKnown)
	}
}

func TestMemory_ForgetsLongWords(t *testing.T) {
	var m Memory[int]
	long := strings.Repeat("a", maxKnownLength+1)
	if v := m.Keep(long, 1); *v != 1 {
		t.Errorf("got %d, want 1", *v)
	}
	if m.Of(long) != nil {
		t.Error("a word beyond the bound is remembered")
	}
	m.Keep(long[1:], 2)
	if v := m.Of(long[1:]); v == nil || *v != 2 {
		t.Errorf("got %v, want 2", v)
	}
	if m.Of(long[2:]) != nil {
		t.Error("a word is taken for one that it begins")
	}
}

func TestMemory_MayBeSharedByGoroutines(t *testing.T) {
	var m Memory[int]
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 2000 {
				m.Keep(strconv.Itoa(i%300), i%300)
				if v := m.Of(strconv.Itoa(i % 300)); v != nil && *v != i%300 {
					t.Errorf("got %d, want %d", *v, i%300)
				}
			}
		})
	}
	all.Wait()
}

// Words that take one another's place again and again would be stemmed each time.
func TestMemory_KeepsTwoWordsOfOnePlace(t *testing.T) {
	var m Memory[int]
	first := map[uint64]string{}
	for i := 0; ; i++ {
		word := strconv.Itoa(i)
		at := places(word)[0]
		other, isTaken := first[at]
		if first[at] = word; !isTaken {
			continue
		}
		m.Keep(other, 1)
		m.Keep(word, 2)
		if a, b := m.Of(other), m.Of(word); a == nil || *a != 1 || b == nil || *b != 2 {
			t.Errorf("got %v and %v, want 1 and 2", a, b)
		}
		return
	}
}
