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
	usual   usual
}

// vector holds how much each stem says of a text; the squares add up to 1.
type vector []entry

type entry struct {
	stem   string
	share  float64
	spoken string // the stem as it was written
	titled bool   // it stands in the title
	whole  bool   // it is no part of a name of code alone
}

type posting struct {
	doc   int
	share float64
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
		for _, c := range bags[i] {
			x.rare[c.stem]++
		}
	}
	for stem, docs := range x.rare {
		x.rare[stem] = rarity(docs, len(x.docs))
	}
	for i, bag := range bags {
		x.vectors = append(x.vectors, x.vector(bag))
		for _, e := range x.vectors[i] {
			x.in[e.stem] = append(x.in[e.stem], posting{i, e.share})
		}
	}
	return x
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
		share := rare * c.times / (c.times + soon)
		v, sum = append(v, entry{c.stem, share, c.spoken, c.titled, c.whole}), sum+share*share
	}
	for i := range v {
		v[i].share /= math.Sqrt(sum)
	}
	return v
}

// Nearest are the n open issues that are most like one, the likest first, the
// older first of equals. The issue itself, by its number, is not among them,
// whether it is in the index or not; neither is an issue that has no word in
// common with it.
func (x *Index) Nearest(doc Doc, n int) []Match {
	s := stemmer{}
	v := x.vector(s.bag(doc, x.usual))
	scores := x.scores(v)
	var found []Match
	for i, score := range scores {
		if d := x.docs[i]; score > 0 && d.Open && d.Number != doc.Number {
			found = append(found, Match{Number: i, Score: score})
		}
	}
	slices.SortStableFunc(found, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	found = found[:min(max(n, 0), len(found))]
	for k, m := range found {
		other := x.vectors[m.Number]
		found[k].Number, found[k].Words, found[k].backed = x.docs[m.Number].Number, common(v, other), backed(v, other)
		found[k].Score = min(m.Score, 1)
	}
	return found
}

// scores are the cosines of the angles between a text and each issue.
func (x *Index) scores(v vector) []float64 {
	scores := make([]float64, len(x.docs))
	for _, e := range v {
		for _, p := range x.in[e.stem] {
			scores[p.doc] += e.share * p.share
		}
	}
	return scores
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
