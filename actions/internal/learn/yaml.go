package learn

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// YAML writes proposals as a page of rules.yaml that a person can read, cut
// and paste: the rules under triage, above each what it is worth. The same
// proposals give the same bytes.
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
	if len(p.Card.Rule.Points) > 0 {
		card, err := p.Card.node()
		if err != nil {
			return "", fmt.Errorf("write the card: %w", err)
		}
		rules.Content = append(rules.Content, card)
	}
	page := &yaml.Node{Kind: yaml.MappingNode, HeadComment: p.head()}
	page.Content = []*yaml.Node{{Kind: yaml.ScalarNode, Value: "triage"}, rules}
	out, err := yaml.Marshal(page)
	if err != nil {
		return "", fmt.Errorf("write the proposed rules: %w", err)
	}
	return string(out), nil
}

// written is a rule in the order in which rules.yaml has it.
type written struct {
	Label string   `yaml:"label"`
	In    string   `yaml:"in"`
	Any   []string `yaml:"any,flow"`
}

// card and points are a rule that chooses, in the order in which rules.yaml has it.
type card struct {
	Choose []string `yaml:"choose,flow"`
	Card   string   `yaml:"card,omitempty"`
	Points []points `yaml:"points"`
}

type points struct {
	For  map[string]int `yaml:"for,flow"`
	In   string         `yaml:"in,omitempty"`
	When *looks         `yaml:"when,omitempty,flow"`
	Any  []string       `yaml:"any,omitempty,flow"`
}

type looks struct {
	Looks string `yaml:"looks"`
}

func (c Card) node() (*yaml.Node, error) {
	out := card{Choose: c.Rule.Choose, Card: c.Rule.Card}
	for _, p := range c.Rule.Points {
		line := points{For: p.For, In: strings.Join(p.In, "")}
		if len(p.When.Looks) > 0 {
			line.When = &looks{strings.Join(p.When.Looks, "")}
		}
		for _, term := range p.Any {
			line.Any = append(line.Any, term.Text)
		}
		out.Points = append(out.Points, line)
	}
	node := &yaml.Node{}
	err := node.Encode(out)
	node.HeadComment = c.worth()
	for _, key := range node.Content {
		for _, line := range key.Content {
			line.Style = yaml.FlowStyle // a line for each line of points
		}
	}
	return node, err
}

func (c Card) worth() string {
	var b strings.Builder
	fmt.Fprintf(&b, "One of these labels by points, learned from %d issues. Of new issues:", c.Issues)
	for _, label := range c.Rule.Choose {
		precision, recall := c.Answers.Of(label)
		fmt.Fprintf(&b, "\n%s: %.0f in 100 should be right, and %.0f in 100 found", onLine(label), 100*precision, 100*recall)
	}
	fmt.Fprintf(&b, "\n(macro-F1 %.2f)", c.Answers.Macro())
	return b.String()
}

func (r Rule) worth() string {
	return fmt.Sprintf("of new issues that it finds, %.0f in 100 should be right; it should find %.0f in 100", 100*r.Precision, 100*r.Recall)
}

func (p Proposals) head() string {
	return fmt.Sprintf("Proposed from %d issues, and applied to none. The shares were measured in\nten folds: on issues that the rules were not made from.", p.Issues)
}

// onLine is a text that ends no comment, and in which all can be seen.
func onLine(s string) string {
	seen := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != utf8.RuneError {
			return r
		}
		return ' '
	}, s)
	return strings.Join(strings.Fields(seen), " ")
}
