package urgent

import (
	"maps"
	"slices"

	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

// index numbers features from 1: those that have weights, or, while weights
// are found, each that is seen. Texts are read with numbers, since most of what
// they show has no weight. An index that grows serves one goroutine.
type index struct {
	grows   bool
	numbers map[Feature]int32
	names   []Feature // by number
	weights []Weight  // by number
	stems   map[string]int32
	first   []bool             // by the number of a stem: whether pairs with weights begin with it
	second  []bool             // whether they end with it
	pairs   map[[2]int32]int32 // the numbers of pairs, by those of their stems
}

// newIndex numbers the features of weights; without any it grows.
func newIndex(w *Weights) *index {
	x := &index{grows: len(w.Of) == 0, numbers: make(map[Feature]int32, len(w.Of)), names: make([]Feature, 1, len(w.Of)+1), weights: make([]Weight, 1, len(w.Of)+1),
		stems: make(map[string]int32, len(w.Of)/2), first: make([]bool, 1), second: make([]bool, 1), pairs: make(map[[2]int32]int32, len(w.Of)/2)}
	for f, weight := range w.Of {
		x.take(f, weight)
	}
	return x
}

// with returns the index with other points for some features. What the two share is not
// changed by either.
func (x *index) with(points map[Feature]int16) *index {
	y := *x
	y.weights = slices.Clone(x.weights)
	for f, n := range points {
		if at := y.numbers[f]; at > 0 {
			y.weights[at].Points = n
			continue
		}
		if len(y.names) == len(x.names) { // the first that is new
			y.numbers, y.names, y.stems, y.first, y.second, y.pairs = maps.Clone(x.numbers), slices.Clone(x.names), maps.Clone(x.stems), slices.Clone(x.first), slices.Clone(x.second), maps.Clone(x.pairs)
		}
		y.take(f, Weight{Points: n})
	}
	return &y
}

// take adds a feature with its weight, and of a pair its words.
func (x *index) take(f Feature, w Weight) {
	n := x.add(f, w)
	if f.B != "" && f.isOfWords() {
		a, b := x.stem(f.A), x.stem(f.B)
		x.first[a], x.second[b], x.pairs[[2]int32{a, b}] = true, true, n
	}
}

func (x *index) add(f Feature, w Weight) int32 {
	n := int32(len(x.names))
	x.numbers[f], x.names, x.weights = n, append(x.names, f), append(x.weights, w)
	return n
}

func (x *index) stem(s string) int32 {
	n, ok := x.stems[s]
	if !ok {
		n = int32(len(x.first))
		x.stems[s], x.first, x.second = n, append(x.first, x.grows), append(x.second, x.grows)
	}
	return n
}

// number is that of a feature; 0 for one without a weight.
func (x *index) number(f Feature) int32 {
	n := x.numbers[f]
	if n == 0 && x.grows {
		n = x.add(f, Weight{})
	}
	return n
}

// word is what is known of a word.
type word struct {
	stem     string
	entries  []wordlist.Entry // that begin with it
	features features
}

// features are those about a word, by their numbers; 0 is none.
type features struct {
	anywhere, title, begins int32
	first, second           int32 // the number of the stem, where it may be the first or the second of a pair
}

// word returns the features of a stem.
func (x *index) word(stem string) features {
	f := features{anywhere: x.number(Feature{A: stem}), title: x.number(Feature{Place: Title, A: stem}), begins: x.number(Feature{Place: Begins, A: stem})}
	n := x.stems[stem]
	if x.grows {
		n = x.stem(stem)
	}
	if x.first[n] {
		f.first = n
	}
	if x.second[n] {
		f.second = n
	}
	return f
}

// pair is the number of two words in a row; 0 where they have no weight.
func (x *index) pair(a, b *word) int32 {
	at := [2]int32{a.features.first, b.features.second}
	if at[0] == 0 || at[1] == 0 {
		return 0
	}
	n := x.pairs[at]
	if n == 0 && x.grows {
		n = x.number(Feature{A: a.stem, B: b.stem})
		x.pairs[at] = n
	}
	return n
}
