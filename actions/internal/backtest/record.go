package backtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Record is how one rule did against the labels that people gave.
type Record struct {
	Rule   int // its index in rules.yaml, from 0
	Labels []string
	Found  int // issues in which it found its words
	Right  int // of these, the ones that people gave one of its labels
	Given  int // issues that people gave one of its labels
}

// Records are those of all rules that give labels, in the order of rules.yaml.
func Records(rules []label.Rule, past []Past, results []Result) []Record {
	var all []Record
	for n, rule := range rules {
		for _, labels := range answers(rule) {
			r := Record{Rule: n, Labels: labels}
			for i, p := range past {
				given := slices.ContainsFunc(labels, func(l string) bool { return has(p.People, l) })
				found := slices.Contains(results[i].Rules, n) && (len(rule.Choose) == 0 || has(results[i].Labels, labels[0]))
				if given {
					r.Given++
				}
				if found {
					r.Found++
				}
				if given && found {
					r.Right++
				}
			}
			all = append(all, r)
		}
	}
	return all
}

// answers are what a rule is judged by: all of its labels together, or each that
// it may choose.
func answers(rule label.Rule) []model.Names {
	var all []model.Names
	if len(rule.Label) > 0 {
		all = append(all, rule.Label)
	}
	for _, label := range rule.Choose {
		all = append(all, model.Names{label})
	}
	return all
}

// minTogether is how many issues two rules must share for it to be no
// accident.
const minTogether = 5

// Together are pairs of rules of one label that found their words in the very
// same issues, at least five: one of them says nothing new.
func Together(rules []label.Rule, results []Result) [][2]int {
	in := make([]string, len(rules))
	count := make([]int, len(rules))
	for i, r := range results {
		for _, n := range r.Rules {
			in[n] += " " + strconv.Itoa(i)
			count[n]++
		}
	}
	var pairs [][2]int
	for a := range rules {
		for b := a + 1; b < len(rules); b++ {
			if count[a] >= minTogether && in[a] == in[b] && strings.EqualFold(strings.Join(rules[a].Label, ","), strings.Join(rules[b].Label, ",")) {
				pairs = append(pairs, [2]int{a, b})
			}
		}
	}
	return pairs
}
