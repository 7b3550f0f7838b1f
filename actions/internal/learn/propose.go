package learn

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/kljensen/snowball/english"

	"github.com/aftercare/aftercare/actions/internal/text"
)

// Rule is a keyword rule that is proposed: the label for an issue in whose
// title, or body, one of the terms stands. Terms are words and phrases as
// rules.yaml writes them, those that find most first.
type Rule struct {
	Label string
	In    string // title or body
	Any   []string

	// Precision is the share of the issues found that people gave the label,
	// Recall the share of the label's issues that are found. Both are of rules
	// made in the same way from four fifths of the record and applied to the
	// last fifth, five times: what to expect of new issues.
	Precision, Recall float64
}

// Proposals are what a record teaches.
type Proposals struct {
	Issues  int    // in the record
	Rules   []Rule // by label, title before body
	Answers Tally  // of the choice by weighed words, cross-validated
	Words   map[string][]Weighed
}

const (
	mostTerms  = 15  // of a rule: a person reads them all
	leastGain  = 4   // issues that a term must win, misses counted threefold
	missCosts  = 3   // a term is worth having from three hits for a miss
	leastRight = 0.6 // the precision, cross-validated, below which a rule is not proposed
	shownWords = 12  // of a label's weighed words
)

// Propose finds rules in a record, and measures them. An issue stands in it
// once; its order is kept for the folds, so it should not follow the labels. A
// rule that is wrong too often on issues it was not made from is left out.
func Propose(examples []Example) Proposals {
	p := Proposals{Issues: len(examples), Answers: Measure(examples), Words: map[string][]Weighed{}}
	all, choice := terms(examples), Train(examples)
	for _, label := range labelsIn(examples) {
		p.Words[label] = choice.Words(label, shownWords)
		for _, part := range []string{"title", "body"} {
			r := Rule{Label: label, In: part, Any: spell(pick(all, label, part), all)}
			answers := crossed(all, label, part)
			r.Precision, r.Recall = answers.Of(label)
			if len(r.Any) > 0 && r.Precision >= leastRight && answers.beats(label) {
				p.Rules = append(p.Rules, r)
			}
		}
	}
	return p
}

func labelsIn(examples []Example) []string {
	var labels []string
	for _, e := range examples {
		labels = append(labels, e.Label)
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

// termed is an example as the terms that a rule could look for: stems, and two
// in a row, each with how it was written.
type termed struct {
	label string
	in    map[string]map[string]string // by part, by stems
}

func terms(examples []Example) []termed {
	all := make([]termed, len(examples))
	for i, e := range examples {
		body := strings.ToValidUTF8(e.Body[:min(len(e.Body), bodyReach)], "")
		t := termed{e.Label, map[string]map[string]string{"title": {}, "body": {}}}
		for _, p := range text.Read(e.Title, body, nil).Passages {
			t.add(p)
		}
		all[i] = t
	}
	return all
}

// add notes the terms of a passage. Pairs do not run from one sentence into
// the next.
func (t termed) add(p text.Passage) {
	stems := stemsOf(p.Words)
	for i, w := range p.Words {
		if !isPlain(w.Folded) {
			continue
		}
		if says(w.Folded) {
			note(t.in[p.In], stems[i], w.Folded)
		}
		if i == 0 || w.Break || p.Words[i-1].Sentence != w.Sentence || !isPlain(p.Words[i-1].Folded) {
			continue
		}
		if before := p.Words[i-1].Folded; says(before) || says(w.Folded) {
			note(t.in[p.In], stems[i-1]+" "+stems[i], before+" "+w.Folded)
		}
	}
}

// asking are words that stand in nearly every text, and still tell a question.
var asking = []string{"can", "could", "does", "how", "should", "what", "when", "where", "which", "why"}

// says tells whether a word means something by itself. A rule for «the» may
// fit a record; no person would keep it.
func says(word string) bool {
	return !english.IsStopWord(word) || slices.Contains(asking, word)
}

func note(terms map[string]string, stem, written string) {
	if _, known := terms[stem]; !known {
		terms[stem] = written
	}
}

// isPlain tells whether a word can stand in a term as it is: no number, and no
// sign that means something in rules.yaml.
func isPlain(word string) bool {
	letters := false
	for _, r := range word {
		switch {
		case r >= 'a' && r <= 'z', r > 0x7f:
			letters = true
		case r != '\'':
			return false
		}
	}
	return letters && len(word) > 1 && word[0] != '\''
}

// pick chooses stems greedily: each time the one that wins most issues of the
// label that none before it found, less the threefold of others' issues.
func pick(all []termed, label, part string) []string {
	open := make([]bool, len(all))
	gain := map[string]float64{}
	for i, t := range all {
		open[i] = true
		score(gain, t, label, part, 1)
	}
	var picked []string
	for len(picked) < mostTerms {
		best, most := "", math.Inf(-1)
		for stem, g := range gain {
			if g > most || g == most && before(stem, best) {
				best, most = stem, g
			}
		}
		if most < leastGain {
			break
		}
		picked = append(picked, best)
		for i, t := range all {
			if _, has := t.in[part][best]; open[i] && has {
				open[i] = false
				score(gain, t, label, part, -1)
			}
		}
	}
	return picked
}

// before orders terms that win as much: the shorter, then by the alphabet.
func before(a, b string) bool {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) < 0
}

// score adds what finding an example is worth to its terms, or takes it away.
func score(gain map[string]float64, t termed, label, part string, sign float64) {
	worth := sign
	if t.label != label {
		worth = -missCosts * sign
	}
	for stem := range t.in[part] {
		gain[stem] += worth
	}
}

// crossed counts the answers of rules made from four fifths, on the last, over
// the five of them. No label is the answer for what they do not find.
func crossed(all []termed, label, part string) Tally {
	answers := Tally{}
	for fold := range folds {
		rest, held := split(all, fold)
		picked := pick(rest, label, part)
		for _, t := range held {
			answer := ""
			if slices.ContainsFunc(picked, func(stem string) bool { _, has := t.in[part][stem]; return has }) {
				answer = label
			}
			answers.add(t.label, answer)
		}
	}
	return answers
}

// spell writes stems as people wrote them most often, the first in the
// alphabet of several.
func spell(stems []string, all []termed) []string {
	var out []string
	for _, stem := range stems {
		forms := map[string]int{}
		for _, t := range all {
			for _, part := range t.in {
				if written, has := part[stem]; has {
					forms[written]++
				}
			}
		}
		best := ""
		for form, n := range forms {
			if n > forms[best] || n == forms[best] && form < best {
				best = form
			}
		}
		out = append(out, best)
	}
	return out
}
