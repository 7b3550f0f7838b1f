package label

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// outline holds what stated needs to know about the sentence and the clauses
// around each word. It is computed once for a passage, in time linear in its
// words; without it, each hit would read its whole sentence again, and a text
// of one long sentence would take quadratic time.
type outline struct {
	begins   []int  // by word: the first word of its sentence
	asks     []bool // by word: its sentence ends with a question mark
	restarts []int  // by word: the last word at or before it that begins a clause or is "that"; -1 for none
	whatIf   []bool // by word: a clause before it, in its sentence, opens with "what if" or "what happens"
	wish     []bool // by word: from here to the end of the clause, the first "would" is followed by "be" or "help"
}

// outline returns the outline of a passage; it is computed at the first call.
func (p *passage) outline() *outline {
	if p.shape == nil {
		p.shape = newOutline(p)
	}
	return p.shape
}

func newOutline(p *passage) *outline {
	words := p.Words
	n := len(words)
	o := &outline{begins: make([]int, n), asks: make([]bool, n), restarts: make([]int, n), whatIf: make([]bool, n), wish: make([]bool, n)}
	restart, opened := -1, false
	for i, w := range words {
		p.steps++
		if beginsSentence(words, i) {
			o.begins[i], opened = i, false
		} else {
			o.begins[i] = o.begins[i-1]
		}
		if w.Break || clauses[w.Folded] || w.Folded == "that" {
			restart = i
		}
		o.restarts[i], o.whatIf[i] = restart, opened
		opened = opened || beginsClause(words, o.begins[i], i) && whatIf(words, i)
	}
	for i := n - 1; i >= 0; i-- {
		p.steps++
		if endsSentence(words, i) {
			o.asks[i] = strings.Contains(p.between(i), "?")
		} else {
			o.asks[i] = o.asks[i+1]
		}
		switch {
		case i+1 >= n || words[i].Break:
		case words[i].Folded == "would":
			o.wish[i] = words[i+1].Folded == "be" || words[i+1].Folded == "help"
		case !endsSentence(words, i):
			o.wish[i] = o.wish[i+1]
		}
	}
	return o
}

func beginsSentence(words []issuetext.Word, i int) bool {
	return i == 0 || words[i-1].Sentence != words[i].Sentence
}

func endsSentence(words []issuetext.Word, i int) bool {
	return i+1 == len(words) || words[i+1].Sentence != words[i].Sentence
}

// beginsClause reports whether a clause of the sentence that begins at begin
// opens with the word at i.
func beginsClause(words []issuetext.Word, begin, i int) bool {
	return i == begin || words[i].Break || clauses[words[i-1].Folded]
}

// wished reports whether the clause after the word at last says "... would be
// a nice feature".
func (o *outline) wished(words []issuetext.Word, last int) bool {
	return !endsSentence(words, last) && o.wish[last+1]
}

// opened reports whether a clause before the hit, in its sentence, opens as a
// yes-or-no question or as a wish. An opening holds until another clause
// restarts behind it, so that beside the sentence's first word only the words
// next to the last restart can open the clause of the hit.
func (o *outline) opened(words []issuetext.Word, first int) bool {
	if o.whatIf[first] {
		return true
	}
	begin, restart := o.begins[first], o.restarts[first]
	for _, i := range [...]int{begin, restart - 1, restart, restart + 1} {
		if i < begin || i >= first || i < restart-1 {
			continue
		}
		if beginsClause(words, begin, i) && opens(words, i, o.asks[first]) {
			return true
		}
	}
	return false
}
