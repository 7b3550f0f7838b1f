package model

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// Names is one name or a list of them: in YAML, `to: team` and
// `to: [team, monitoring]`.
type Names []string

// UnmarshalYAML takes a scalar or a list of scalars.
func (n *Names) UnmarshalYAML(node *yaml.Node) error {
	switch node.Kind {
	case yaml.ScalarNode:
		if node.Tag == "!!null" {
			return fmt.Errorf("expected a name or a list of names")
		}
		*n = Names{node.Value}
		return nil
	case yaml.SequenceNode:
		names := make(Names, len(node.Content))
		for i, item := range node.Content {
			if item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
				return fmt.Errorf("expected a list of names; one of them is not a name")
			}
			names[i] = item.Value
		}
		*n = names
		return nil
	}
	return fmt.Errorf("expected a name or a list of names")
}

// Has reports whether the name is among them, to the letter.
func (n Names) Has(name string) bool {
	for _, known := range n {
		if known == name {
			return true
		}
	}
	return false
}
