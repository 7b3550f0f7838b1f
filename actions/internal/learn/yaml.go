package learn

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// YAML writes proposals as a page of rules.yaml that a person can read, cut
// and paste: the rules under triage, above each what it is worth. The choice by
// weighed words, which rules.yaml does not know, stands in comments below. The
// same proposals give the same bytes.
func (p Proposals) YAML() (string, error) {
	rules := &yaml.Node{Kind: yaml.SequenceNode}
	for _, r := range p.Rules {
		node := &yaml.Node{}
		if err := node.Encode(written{r.Label, r.In, r.Any}); err != nil {
			return "", fmt.Errorf("write the rule for %q: %w", r.Label, err)
		}
		node.HeadComment = r.worth()
		rules.Content = append(rules.Content, node)
	}
	page := &yaml.Node{Kind: yaml.MappingNode, HeadComment: p.head()}
	page.Content = []*yaml.Node{{Kind: yaml.ScalarNode, Value: "triage"}, rules}
	out, err := yaml.Marshal(page)
	if err != nil {
		return "", fmt.Errorf("write the proposed rules: %w", err)
	}
	return string(out) + p.weighed(), nil
}

// written is a rule in the order in which rules.yaml has it.
type written struct {
	Label string   `yaml:"label"`
	In    string   `yaml:"in"`
	Any   []string `yaml:"any,flow"`
}

func (r Rule) worth() string {
	return fmt.Sprintf("of new issues that it finds, %.0f in 100 should be right; it should find %.0f in 100", 100*r.Precision, 100*r.Recall)
}

func (p Proposals) head() string {
	return fmt.Sprintf("Proposed from %d labelled issues, and applied to none. The shares were\nmeasured in five folds: on issues that the rules were not made from.", p.Issues)
}

// weighed lists the strongest words of each label, as comments.
func (p Proposals) weighed() string {
	if len(p.Words) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n# A choice of one label by summed weights of words has a macro-F1 of %.2f\n# (five folds). These speak most for a label; words are given by their stems:\n", p.Answers.Macro())
	for _, label := range slices.Sorted(maps.Keys(p.Words)) {
		fmt.Fprintf(&b, "#\n# %s\n", line(label))
		for _, w := range p.Words[label] {
			fmt.Fprintf(&b, "#   %+5.2f  %s\n", w.Weight, line(w.Feature))
		}
	}
	return b.String()
}

// line is a text that ends no comment, and in which all can be seen.
func line(s string) string {
	seen := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != utf8.RuneError {
			return r
		}
		return ' '
	}, s)
	return strings.Join(strings.Fields(seen), " ")
}
