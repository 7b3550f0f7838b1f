package duplicates

import (
	"cmp"
	"slices"
)

const (
	// Near is the score from which two issues are thought to say the same. In a
	// recorded repository four pairs of titles in ten thousand reach it.
	Near = 0.45
	// Same is the score from which two issues say nearly the same words.
	Same = 0.7
	// Slight is the score from which it is worth a person's glance.
	Slight = 0.15
)

const (
	// largest is how many issues a group holds at most: single links would
	// chain a whole repository together.
	largest = 12
	// everywhere is the share of issues from which on a word links no two of
	// them, so that a word that all have costs nothing.
	everywhere = 0.1
	// fewest is the number of issues up to which a word always links.
	fewest = 20
)

// Groups puts issues together that say nearly the same, open and closed ones:
// each issue of a group is near another one of it. Nearer issues are joined
// first, and a group that would grow beyond twelve is not joined further.
// Numbers rise within a group; larger groups come first, the older first of
// equals. An issue that is near no other is in no group.
func Groups(docs []Doc) [][]int {
	x := Of(docs)
	c := newChains(len(x.docs))
	for _, l := range x.links() {
		c.join(l.a, l.b)
	}
	return c.groups(x.docs)
}

// link joins two issues, by their places in the index.
type link struct {
	a, b  int
	score float64
}

// links are the pairs of near issues, the nearest first.
func (x *Index) links() []link {
	most := max(fewest, int(everywhere*float64(len(x.docs))))
	scores := make([]float64, len(x.docs))
	var found []link
	for i, v := range x.vectors {
		var touched []int
		for _, e := range v {
			postings := x.in[e.stem]
			if len(postings) > most || e.share == 0 {
				continue
			}
			for _, p := range postings {
				if p.doc >= i {
					break
				}
				if p.share == 0 {
					continue
				}
				if scores[p.doc] == 0 {
					touched = append(touched, p.doc)
				}
				scores[p.doc] += e.share * p.share
			}
		}
		for _, j := range touched {
			if scores[j] >= Near {
				found = append(found, link{j, i, scores[j]})
			}
			scores[j] = 0
		}
	}
	slices.SortFunc(found, func(p, q link) int {
		return cmp.Or(cmp.Compare(q.score, p.score), cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b))
	})
	return found
}

// chains are groups under way: each issue points to another of its group, or
// to itself.
type chains struct{ to, size []int }

func newChains(n int) chains {
	c := chains{make([]int, n), make([]int, n)}
	for i := range n {
		c.to[i], c.size[i] = i, 1
	}
	return c
}

// head is the issue that stands for a group.
func (c chains) head(i int) int {
	for c.to[i] != i {
		c.to[i] = c.to[c.to[i]]
		i = c.to[i]
	}
	return i
}

func (c chains) join(a, b int) {
	a, b = c.head(a), c.head(b)
	if a == b || c.size[a]+c.size[b] > largest {
		return
	}
	c.to[b] = a
	c.size[a] += c.size[b]
}

func (c chains) groups(docs []Doc) [][]int {
	by := map[int][]int{}
	for i, d := range docs {
		if h := c.head(i); c.size[h] > 1 {
			by[h] = append(by[h], d.Number)
		}
	}
	var all [][]int
	for _, numbers := range by {
		all = append(all, numbers)
	}
	slices.SortFunc(all, func(a, b []int) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a[0], b[0])) })
	return all
}
