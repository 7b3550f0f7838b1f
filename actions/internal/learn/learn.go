// Package learn reads a labelled record and proposes what tells the labels
// apart, as rules that rules.yaml knows: keyword rules for one label, and a card
// of points that chooses one of several. What each is worth is measured by
// package triage, on issues that it was not made from. It proposes; whether a
// rule is used is decided by the person who puts it into rules.yaml.
package learn

import (
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Example is an issue with the labels that people gave it; it may have none.
type Example struct {
	Title, Body string
	Labels      []string
}

// bodyReach is how much of a body is read, in bytes.
const bodyReach = 6 << 10

// body is the part of a body that is read.
func (e Example) body() string {
	return strings.ToValidUTF8(e.Body[:min(len(e.Body), bodyReach)], "")
}

func (e Example) read() *issuetext.Document { return issuetext.Read(e.Title, e.body(), nil) }

func (e Example) issue() model.Issue {
	return model.Issue{Title: e.Title, Body: e.body(), State: "open", Association: "NONE"}
}

func (e Example) has(label string) bool { return slices.Contains(e.Labels, label) }

// Least is how many examples of a label there must be, and without it.
const Least = 5

// Enough reports whether a record can teach anything of a label.
func Enough(examples []Example, label string) bool {
	with := 0
	for _, e := range examples {
		if e.has(label) {
			with++
		}
	}
	return with >= Least && len(examples)-with >= Least
}

// folds is in how many parts a record is split to be measured: each part is
// labelled by what was learned from the others.
const folds = 10

// split parts a record into one fold and the rest.
func split[T any](all []T, fold int) (rest, part []T) {
	for i, s := range all {
		if i%folds == fold {
			part = append(part, s)
		} else {
			rest = append(rest, s)
		}
	}
	return rest, part
}

// Proposals are what a record teaches.
type Proposals struct {
	Issues int    // in the record
	Rules  []Rule // by label, title before body
	Card   Card
}

// Propose finds keyword rules for some labels in a record, and a card that
// chooses among a group of them, such as the kinds of issues; and measures them.
// An issue stands in the record once; its order is kept for the folds, so it
// should not follow the labels. What is wrong too often on issues it was not made
// from is left out. For the labels of the card no keyword rules are proposed:
// they would decide before it.
func Propose(examples []Example, labels, group []string) Proposals {
	p := Proposals{Issues: len(examples)}
	shipped, err := label.KindsCard()
	if err != nil {
		shipped = nil // a test holds that it can be read
	}
	p.Card = proposeCard(examples, group, prior{label.KindsName, shipped})
	p.Rules = proposeRules(examples, slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return slices.Contains(p.Card.Rule.Choose, l) }))
	return p
}

// proposeRules finds keyword rules.
func proposeRules(examples []Example, labels []string) []Rule {
	var rules []Rule
	all := terms(examples)
	for _, name := range labels {
		if !Enough(examples, name) {
			continue
		}
		for _, place := range []string{"title", "body"} {
			if r, worth := propose(examples, all, name, place); worth {
				rules = append(rules, r)
			}
		}
	}
	return rules
}
