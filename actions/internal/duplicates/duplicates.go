// Package duplicates finds issues that say nearly the same, by the words that
// matter: those that few issues have, more so in the title, and those of error
// messages and code as well. Each match names the words that made it. What to
// do about a near-duplicate is for others, and for people, to decide.
package duplicates

import (
	"cmp"
	"math"
	"slices"
)

// Doc is an issue as it is compared.
type Doc struct {
	Number int
	Title  string
	Body   string
	Open   bool
}

// Match is an issue that is like another.
type Match struct {
	Number int
	Score  float64  // from 0, no word in common, to 1, the same words
	Words  []string // that both have, those that count most first, as they stand in the asked issue; at most 6
	rank   float64  // by which issues are ordered that are not near
	backed bool     // more than a word or two makes them alike
}

// Near reports whether two issues may well be about the same, so that a person may
// be told: they are near, and not by a word or two. What an author wrote himself
// he knows, unless he says nearly the same again.
func (m Match) Near(sameAuthor bool) bool {
	return m.backed && (m.Score >= Near && !sameAuthor || m.Score >= Same)
}

// Index knows the words of a repository's issues.
type Index struct {
	docs    []Doc
	rare    map[string]float64 // how much a stem matters
	vectors []vector
	in      map[string][]posting // the issues that a stem is in
	numbers []int                // of docs, which rise
	usual   usual
}

// vector holds how much each stem says of a text; the squares add up to 1.
type vector []entry

type entry struct {
	stem   string
	share  float64 // of words; 0 for one that only two words in a row make
	weight float64 // by which issues are ordered
	spoken string  // the stem as it was written
	titled bool    // it stands in the title
	whole  bool    // it is no part of a name of code alone
}

type posting struct {
	doc           int
	share, weight float64
}

// Of indexes issues. Their order does not matter.
func Of(docs []Doc) *Index {
	x := &Index{docs: slices.Clone(docs), rare: map[string]float64{}, in: map[string][]posting{}}
	slices.SortStableFunc(x.docs, func(a, b Doc) int { return cmp.Compare(a.Number, b.Number) })
	x.usual = usualOf(x.docs)
	s := stemmer{}
	bags := make([][]count, len(x.docs))
	for i, d := range x.docs {
		bags[i] = s.bag(d, x.usual)
		x.numbers = append(x.numbers, d.Number)
		for _, c := range bags[i] {
			x.rare[c.stem]++
		}
	}
	for stem, docs := range x.rare {
		x.rare[stem] = rarity(docs, len(x.docs))
	}
	lengths, mean := make([]float64, len(bags)), 0.0
	for i, bag := range bags {
		x.vectors = append(x.vectors, x.vector(bag))
		lengths[i] = x.vectors[i].length()
		mean += lengths[i] / float64(len(bags))
	}
	for i, v := range x.vectors {
		for _, e := range v {
			x.in[e.stem] = append(x.in[e.stem], posting{i, e.share, e.weight / (pivot*lengths[i] + (1-pivot)*mean)})
		}
	}
	return x
}

const (
	// pivot is how far the length of an issue takes from what its words weigh
	// (Singhal, Buckley and Mitra 1996): a long one has more to be found by, and
	// is the original more often.
	pivot = 0.5
	// frequent is the power of the rarity by which issues are ordered: frequent
	// words count somewhat more than for a score.
	frequent = 0.8
	// lately and span say how much more an issue counts that was opened at about the same
	// time, and within how many issues that is down to a third.
	lately = 0.2
	span   = 500.0
)

// length is the Euclidean one, of the weights.
func (v vector) length() float64 {
	sum := 0.0
	for _, e := range v {
		sum += e.weight * e.weight
	}
	return math.Sqrt(sum)
}

// unseen is how many more issues are thought of, in which no stem stands: a word
// that two of three issues have is no common word yet.
const unseen = 50

// rarity is BM25's inverse document frequency (Robertson and Zaragoza 2009),
// of a stem that stands in some of all the issues.
func rarity(in float64, of int) float64 {
	return math.Log(1 + (float64(of+unseen)-in+0.5)/(in+0.5))
}

// vector weighs the stems of a text: often is more than once, but soon no more
// so. A stem that no issue has counts as the rarest.
func (x *Index) vector(bag []count) vector {
	const soon = 1.5
	v, sum := make(vector, 0, len(bag)), 0.0
	for _, c := range bag {
		rare, known := x.rare[c.stem]
		if !known {
			rare = rarity(0, len(x.docs))
		}
		share, all := rare*c.times/(c.times+soon), c.times+c.pairs
		v, sum = append(v, entry{c.stem, share, math.Pow(rare, frequent) * all / (all + soon), c.spoken, c.titled, c.whole}), sum+share*share
	}
	if sum > 0 {
		for i := range v {
			v[i].share /= math.Sqrt(sum)
		}
	}
	return v
}

// Nearest are the n open issues that are most like one, the likest first, the
// older first of equals. Those that are near go before others; else they are
// ordered by more than the score: by words in a row, how long they are and how
// far apart in time. The issue itself, by its number, is not among them,
// whether it is in the index or not; neither is an issue that has no word in
// common with it.
func (x *Index) Nearest(doc Doc, n int) []Match {
	s := stemmer{}
	v := x.vector(s.bag(doc, x.usual))
	scores, ranks := x.scores(v)
	at, _ := slices.BinarySearch(x.numbers, doc.Number)
	var found []Match
	for i, score := range scores {
		if d := x.docs[i]; score > 0 && d.Open && d.Number != doc.Number {
			gap := math.Abs(float64(i - at))
			found = append(found, Match{Number: i, Score: score, rank: ranks[i] * (1 + lately*math.Exp(-gap/span))})
		}
	}
	slices.SortStableFunc(found, func(a, b Match) int {
		if a.Score >= Near || b.Score >= Near {
			return cmp.Compare(b.Score, a.Score)
		}
		return cmp.Compare(b.rank, a.rank)
	})
	found = found[:min(max(n, 0), len(found))]
	for k, m := range found {
		other := x.vectors[m.Number]
		found[k].Number, found[k].Words, found[k].backed = x.docs[m.Number].Number, common(v, other), backed(v, other)
		found[k].Score = min(m.Score, 1)
	}
	return found
}

// scores are the cosines of the angles between a text and each issue, and ranks
// what orders those that are not near.
func (x *Index) scores(v vector) (scores, ranks []float64) {
	scores, ranks = make([]float64, len(x.docs)), make([]float64, len(x.docs))
	for _, e := range v {
		for _, p := range x.in[e.stem] {
			scores[p.doc] += e.share * p.share
			ranks[p.doc] += e.weight * p.weight
		}
	}
	return scores, ranks
}

// common are the words that two texts share and that matter most.
func common(a, b vector) []string {
	const most = 6
	shares := make(map[string]float64, len(b))
	for _, e := range b {
		shares[e.stem] = e.share
	}
	var both vector
	for _, e := range a {
		if other := shares[e.stem]; other > 0 {
			e.share *= other
			both = append(both, e)
		}
	}
	slices.SortFunc(both, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.spoken, b.spoken))
	})
	var words []string
	for _, concept := range []bool{false, true} { // words say more than what they stand for
		for _, e := range both {
			if len(words) < most && isConcept(e.stem) == concept && !(concept && slices.Contains(words, e.spoken)) {
				words = append(words, e.spoken)
			}
		}
	}
	return words
}

// backed reports whether more than a word or two makes two texts alike: three words
// are in both, two of them in both titles; or one title says all of the other.
func backed(a, b vector) bool {
	titles, inBoth, inTitles := [2]int{a.titled(), b.titled()}, 0, 0
	in := make(map[string]entry, len(b))
	for _, e := range b {
		in[e.stem] = e
	}
	for _, e := range a {
		other, found := in[e.stem]
		if !found || !e.whole || !other.whole {
			continue
		}
		inBoth++
		if e.titled && other.titled {
			inTitles++
		}
	}
	return inTitles >= 2 && (inBoth >= 3 || inTitles == min(titles[0], titles[1]))
}

// titled is how many words stand in the title.
func (v vector) titled() int {
	n := 0
	for _, e := range v {
		if e.titled && e.whole {
			n++
		}
	}
	return n
}
