package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/backtest"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/labelname"
	"github.com/aftercare/aftercare/actions/internal/learn"
	"github.com/aftercare/aftercare/actions/internal/report"
)

// taught is what the past teaches: rules and a card, where people gave enough of
// the plan's labels; and in any case which labels they gave.
func taught(book *config.Book, past []backtest.Past) (*report.Taught, error) {
	var examples []learn.Example
	given, foreign := counts{}, counts{}
	for _, p := range past {
		e := learn.Example{Title: p.Issue.Title, Body: p.Issue.Body}
		for _, theirs := range p.People {
			name := declared(book, theirs)
			if name == "" {
				foreign.add(theirs)
				continue
			}
			given.add(name)
			e.Labels = append(e.Labels, name)
		}
		examples = append(examples, e)
	}
	t := &report.Taught{Needed: learn.Least, Given: given.sorted(), Foreign: foreign.sorted()}
	var names []string
	for _, label := range book.Labels {
		names = append(names, label.Name)
	}
	if t.Enough = slices.ContainsFunc(names, func(label string) bool { return learn.Enough(examples, label) }); !t.Enough {
		return t, nil
	}
	proposals := learn.Propose(examples, names, kinds(book, given))
	if t.Rules = len(proposals.Rules); len(proposals.Card.Rule.Points) > 0 {
		t.Rules++
	}
	if t.Rules == 0 {
		return t, nil
	}
	page, err := proposals.YAML()
	t.Proposed = page
	return t, err
}

// kinds are the labels of which an issue gets one: those of the plan's exclusive
// group, or choice, that people gave most often.
func kinds(book *config.Book, given counts) []string {
	var best []string
	most := 0
	for _, rule := range book.Triage {
		n := 0
		group := slices.Concat(rule.Exclusive, rule.Choose)
		for _, label := range group {
			n += given[strings.ToLower(label)].Issues
		}
		if n > most {
			best, most = nil, n
			for _, label := range group {
				best = append(best, declared(book, label))
			}
		}
	}
	return best
}

// declared is a label as the plan writes it, however the repository does; empty
// where it is none of the plan's.
func declared(book *config.Book, name string) string {
	for _, known := range book.Labels {
		if labelname.Same(known.Name, name) {
			return known.Name
		}
	}
	return ""
}

// counts are labels by their names in small letters: to GitHub they are one.
type counts map[string]report.Count

func (c counts) add(label string) {
	key := strings.ToLower(label)
	if c[key].Label == "" {
		c[key] = report.Count{Label: label}
	}
	c[key] = report.Count{Label: c[key].Label, Issues: c[key].Issues + 1}
}

// sorted has the most frequent first, and of those the first in the alphabet.
func (c counts) sorted() []report.Count {
	var all []report.Count
	for _, count := range c {
		all = append(all, count)
	}
	slices.SortFunc(all, func(a, b report.Count) int {
		return cmp.Or(cmp.Compare(b.Issues, a.Issues), strings.Compare(a.Label, b.Label))
	})
	return all
}
