// Package urgent weighs whether an issue must page people: whether it reports
// lost data, a security hole, leaked personal data or an outage. It adds up
// points for words, for families of words (package wordlist) that stand near
// one another, and for signs such as a question in the title. The points are
// in weights.txt, which learn.go makes and a person can read and correct.
package urgent

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

// Kinds are the kinds of urgent reports, in the order of the columns of a file
// of weights.
var Kinds = []string{"critical", "security", "privacy-leak"}

// Evidence is something in a text with the points that it counts.
type Evidence struct {
	Feature string // as the file of weights writes it
	Words   string // what was found, as the author wrote it; empty for a sign
	In      string // title or body
	Line    int    // in it, from 1
	Points  int
}

// Verdict is what a text adds up to.
type Verdict struct {
	Points   int
	Pages    bool // people are paged
	Doubtful bool // it does not page, and a person should look at it
	Kinds    []string
	Evidence []Evidence // the strongest first; none of a text that neither pages nor is in doubt
}

// Scorer weighs texts; it is safe for concurrent use.
type Scorer struct {
	weights  *Weights
	index    *index
	english  *families
	all      func() *families // English and the other languages; nil where there are none
	readings sync.Pool        // *reading
}

// Config is what a project changes.
type Config struct {
	Languages []string       // codes of the languages besides English
	Lists     wordlist.Lists // added to the lists that ship
	Words     map[string]int // points of a feature, instead of those of weights.txt
}

// New returns a scorer with the weights and lists that ship.
func New(config Config) (*Scorer, error) {
	weights, err := Shipped()
	if err != nil {
		return nil, err
	}
	numbered, err := shippedIndex()
	if err != nil {
		return nil, err
	}
	points, err := pointsOf(config.Words)
	if err != nil {
		return nil, err
	}
	return newScorer(weights, numbered.with(points), config)
}

func newScorer(weights *Weights, numbered *index, config Config) (*Scorer, error) {
	lists, err := wordlist.Read("urgent")
	if err != nil {
		return nil, err
	}
	lists.Add(config.Lists)
	s := &Scorer{weights: weights, index: numbered}
	s.english = newFamilies(lists, s.index)
	s.readings.New = func() any { return &reading{} }
	if len(config.Languages) == 0 {
		return s, nil
	}
	for _, code := range config.Languages {
		if !slices.Contains(wordlist.Languages, code) {
			return nil, fmt.Errorf("no lists of the language %q ship", code)
		}
	}
	s.all = sync.OnceValue(func() *families {
		for _, code := range config.Languages {
			if more, err := wordlist.Read("languages/" + code); err == nil { // a test holds that each can be read
				lists.Add(more)
			}
		}
		return newFamilies(lists, s.index)
	})
	if s.index.grows { // by what learning sees first, so not in an order of the texts
		s.all()
	}
	return s, nil
}

// Weigh adds up the points of a text.
func (s *Scorer) Weigh(doc *issuetext.Document, issue model.Issue) Verdict {
	sums := [1 + kindCount]int{s.weights.Start, s.weights.StartOf[0], s.weights.StartOf[1], s.weights.StartOf[2]}
	s.weighed(doc, issue, func(_ Feature, w *Weight, _ *passage, _, _ int) {
		sums[0] += int(w.Points)
		for k, points := range w.Kinds {
			sums[1+k] += int(points)
		}
	})
	v := Verdict{Points: sums[0], Pages: sums[0] >= s.weights.Page, Kinds: kindsOf(sums[1:], s.weights.Second)}
	v.Doubtful = !v.Pages && v.Points >= s.weights.Look
	if v.Pages || v.Doubtful {
		v.Evidence = s.evidence(doc, issue)
	}
	return v
}

// weighed calls do once with each feature of a text that has a weight.
func (s *Scorer) weighed(doc *issuetext.Document, issue model.Issue, do func(f Feature, w *Weight, p *passage, from, to int)) {
	r := s.readings.Get().(*reading)
	defer s.readings.Put(r)
	n := len(s.index.names)
	r.counted = slices.Grow(r.counted[:0], n)[:n]
	clear(r.counted)
	r.counted[0] = true
	s.features(doc, issue, r, func(n int32, p *passage, from, to int) {
		if !r.counted[n] {
			r.counted[n] = true
			do(s.index.names[n], &s.index.weights[n], p, from, to)
		}
	})
	r.p.Passage = issuetext.Passage{}
}

// evidence is what counts in a text, the strongest first.
func (s *Scorer) evidence(doc *issuetext.Document, issue model.Issue) []Evidence {
	var all []Evidence
	s.weighed(doc, issue, func(f Feature, w *Weight, p *passage, from, to int) {
		if w.Points != 0 {
			all = append(all, evidence(f, p, from, to, int(w.Points)))
		}
	})
	all = joined(all)
	slices.SortStableFunc(all, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(abs(b.Points), abs(a.Points)), cmp.Compare(a.Feature, b.Feature))
	})
	return all
}

// kindsOf returns the kind with the most points, and those that come near it.
func kindsOf(sums []int, second int) []string {
	best := 0
	for k, n := range sums {
		if n > sums[best] {
			best = k
		}
	}
	kinds := []string{Kinds[best]}
	for k, n := range sums {
		if k != best && n >= second {
			kinds = append(kinds, Kinds[k])
		}
	}
	return kinds
}

func evidence(f Feature, p *passage, from, to, points int) Evidence {
	e := Evidence{Feature: f.String(), Points: points}
	if p != nil {
		e.Words, e.In = p.Quote(from, to), p.In
		e.Line = p.Line + strings.Count(p.Text[:p.Words[from].Start], "\n")
	}
	return e
}

// joined makes one piece of evidence of those with the same words, such as a
// word and its family: a person reads each word once.
func joined(all []Evidence) []Evidence {
	var some []Evidence
	at := map[string]int{}
	for _, e := range all {
		if i, ok := at[strings.ToLower(e.Words)]; ok && e.Words != "" {
			some[i].Points += e.Points
			continue
		}
		at[strings.ToLower(e.Words)] = len(some)
		some = append(some, e)
	}
	return some
}

func abs(n int) int { return max(n, -n) }

// String is the evidence in a few words: "leaked token +31".
func (e Evidence) String() string {
	if e.Words == "" {
		return fmt.Sprintf("%s %+d", strings.TrimPrefix(e.Feature, "#"), e.Points)
	}
	return fmt.Sprintf("%s %+d", e.Words, e.Points)
}
