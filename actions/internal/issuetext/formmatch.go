package issuetext

import (
	"github.com/yuin/goldmark/ast"
)

// section is a heading of a body that may ask a question of a form.
type section struct {
	node   ast.Node
	folded string
	answer string // under it, where that is one paragraph
	single bool
}

// maxSections bounds the headings that are compared with the questions of a
// form.
const maxSections = 300

// match finds the form of which a body is the answers, and which heading asks
// which of its questions; nil where there is none.
func (w *walker) match(root ast.Node) map[ast.Node]*question {
	if w.templates == nil || len(w.templates.forms) == 0 {
		return nil
	}
	sections := w.sections(root)
	if len(sections) == 0 {
		return nil
	}
	var best map[ast.Node]*question
	least := 0
	for i := range w.templates.forms {
		f := w.templates.forms[i]
		found, cost := f.match(sections)
		if 2*len(found) > len(f) && (best == nil || cost < least || cost == least && len(found) > len(best)) {
			best, least = found, cost
		}
	}
	return best
}

// sections are the headings as GitHub writes those of forms: of the third
// level, and in no other block.
func (w *walker) sections(root ast.Node) []section {
	var all []section
	for n := root.FirstChild(); n != nil && len(all) < maxSections; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); !ok || h.Level != 3 {
			continue
		}
		s := section{node: n, folded: FoldLine(w.inline(n))}
		if p := n.NextSibling(); p != nil && p.Kind() == ast.KindParagraph {
			after := p.NextSibling()
			s.single = after == nil || after.Kind() == ast.KindHeading
			s.answer = w.inline(p)
		}
		all = append(all, s)
	}
	return all
}

// What speaks against a reading of a body as the answers of a form.
const (
	costStray  = 10 // a heading in the answer to a question that takes one line
	costWrong  = 10 // an answer that a dropdown does not offer
	costAbsent = 3  // a question that is not there: forms change
)

// match assigns the questions to headings, in order, by the least cost. Of
// readings that cost as much the one is taken in which questions come later:
// what is pasted into an answer stands before the question that follows it.
func (f issueForm) match(sections []section) (map[ast.Node]*question, int) {
	n, m := len(f), len(sections)
	// cost[i][j][k] is that of the questions from i on and the headings from j
	// on, where the question before takes one line (0) or many (1).
	cost := make([][][2]int, n+1)
	for i := n; i >= 0; i-- {
		cost[i] = make([][2]int, m+1)
		for j := m; j >= 0; j-- {
			for k := range 2 {
				cost[i][j][k], _ = f.step(cost, sections, i, j, k)
			}
		}
	}
	found := map[ast.Node]*question{}
	for i, j, k := 0, 0, 0; i < n || j < m; {
		switch _, how := f.step(cost, sections, i, j, k); how {
		case strays:
			j++
		case absent:
			i++
		case placed:
			found[sections[j].node] = &f[i]
			k = 0
			if f[i].long {
				k = 1
			}
			i, j = i+1, j+1
		}
	}
	return found, cost[0][0][0]
}

// reading is what a heading is taken for.
type reading int

const (
	ended reading = iota
	strays
	absent
	placed
)

// step is the least cost from a place on, and what to do there.
func (f issueForm) step(cost [][][2]int, sections []section, i, j, long int) (int, reading) {
	least, how := 0, ended
	consider := func(c int, r reading) {
		if how == ended || c < least {
			least, how = c, r
		}
	}
	if j < len(sections) {
		c := cost0(cost, i, j+1, long)
		if long == 0 {
			c += costStray
		}
		consider(c, strays)
	}
	if i < len(f) {
		if j < len(sections) && f[i].folded == sections[j].folded {
			next, c := 0, 0
			if f[i].long {
				next = 1
			}
			if !f[i].takes(sections[j]) {
				c = costWrong
			}
			consider(c+cost0(cost, i+1, j+1, next), placed)
		}
		consider(costAbsent+cost0(cost, i+1, j, long), absent)
	}
	return least, how
}

func cost0(cost [][][2]int, i, j, long int) int { return cost[i][j][long] }

// takes reports whether a question may have the answer under a heading.
func (q *question) takes(s section) bool {
	if len(q.options) == 0 || !s.single || noAnswer(s.answer) {
		return true
	}
	return q.choices(s.answer) != nil
}
