package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/learn"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/rules"
	"github.com/aftercare/aftercare/actions/internal/trial"
)

// taught is what the past teaches: rules, where people gave enough of the
// plan's labels; and in any case which labels they gave. Each issue is an
// example of the first of the plan's labels that people gave it.
func taught(book *rules.Book, past []trial.Past) (*report.Taught, error) {
	var examples []learn.Example
	given, foreign := counts{}, counts{}
	for _, p := range past {
		if label := first(book, p.People); label != "" {
			examples = append(examples, learn.Example{Title: p.Issue.Title, Body: p.Issue.Body, Label: label})
			given.add(label)
		}
		for _, label := range p.People {
			if first(book, []string{label}) == "" {
				foreign.add(label)
			}
		}
	}
	t := &report.Taught{Given: given.sorted(), Foreign: foreign.sorted()}
	if !learn.Enough(examples) {
		return t, nil
	}
	proposals := learn.Propose(examples)
	page, err := proposals.YAML()
	t.Proposed, t.Rules = page, len(proposals.Rules)
	return t, err
}

// first is the first of the plan's labels that is among some; empty if none is.
func first(book *rules.Book, some []string) string {
	for _, label := range book.Labels {
		if slices.ContainsFunc(some, func(l string) bool { return strings.EqualFold(l, label.Name) }) {
			return label.Name
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
