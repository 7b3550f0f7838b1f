package runner

import (
	"fmt"
	"io"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"
)

// A Manifest is an action.yml: the one place where a program's inputs are
// declared. Programs embed theirs, so that flags, help and the action cannot
// disagree.
type Manifest struct {
	Name        string           `yaml:"name"`
	Description string           `yaml:"description"`
	Inputs      map[string]Input `yaml:"inputs"`
	Outputs     map[string]Input `yaml:"outputs"`
}

// Input is one input, or output, of an action.yml.
type Input struct {
	Description string `yaml:"description"`
	Default     string `yaml:"default"`
	Required    bool   `yaml:"required"`
}

// ReadManifest reads an action.yml.
func ReadManifest(src []byte) (Manifest, error) {
	var m Manifest
	if err := yaml.Unmarshal(src, &m); err != nil {
		return m, fmt.Errorf("action.yml: %w", err)
	}
	return m, nil
}

// Values takes each declared input from a flag (-name value), else from the
// environment, else from its default. Defaults that only GitHub can expand
// count as none. Words that no input bears are an error.
func (m Manifest) Values(args []string, getenv func(string) string) (map[string]string, error) {
	values := map[string]string{}
	for name, input := range m.Inputs {
		values[name] = inputOf(name, getenv)
		if values[name] == "" && !strings.Contains(input.Default, "${{") {
			values[name] = input.Default
		}
	}
	for len(args) > 0 {
		name, value, rest, err := m.flag(args)
		if err != nil {
			return nil, err
		}
		values[name], args = value, rest
	}
	return values, m.check(values)
}

func (m Manifest) flag(args []string) (name, value string, rest []string, err error) {
	word := args[0]
	name = strings.TrimLeft(word, "-")
	name, value, given := strings.Cut(name, "=")
	_, known := m.Inputs[name]
	switch {
	case !strings.HasPrefix(word, "-") || !known:
		return "", "", nil, usage("unknown argument %q; -h shows the inputs", word)
	case given:
		return name, value, args[1:], nil
	case m.isSwitch(name) && (len(args) == 1 || args[1] != "true" && args[1] != "false"):
		return name, "true", args[1:], nil
	case len(args) == 1:
		return "", "", nil, usage("-%s wants a value", name)
	}
	return name, args[1], args[2:], nil
}

// isSwitch tells inputs that are true or false.
func (m Manifest) isSwitch(name string) bool {
	d := m.Inputs[name].Default
	return d == "true" || d == "false"
}

func (m Manifest) check(values map[string]string) error {
	for name, value := range values {
		if m.isSwitch(name) && value != "true" && value != "false" {
			return usage("input %s is %q: expected true or false", name, value)
		}
	}
	return nil
}

// Help writes what a program does, each of its inputs, and its lesson.
func (m Manifest) Help(w io.Writer, program, lesson string) {
	fmt.Fprintf(w, "%s: %s\n\nInputs, as flags here and as `with:` in a workflow:\n", program, strings.TrimSpace(m.Description))
	for _, name := range sorted(m.Inputs) {
		input := m.Inputs[name]
		fmt.Fprintf(w, "\n  -%s", name)
		if d := input.Default; d != "" && !strings.Contains(d, "${{") {
			fmt.Fprintf(w, " (default %s)", d)
		}
		fmt.Fprintf(w, "\n      %s\n", strings.TrimSpace(input.Description))
	}
	fmt.Fprintf(w, "\nOutputs: %s\n", strings.Join(sorted(m.Outputs), ", "))
	if lesson != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(lesson))
	}
	fmt.Fprint(w, exits)
}

const exits = `
Exit: 0 the work was done, gaps included; 1 it was not; 2 a mistake in
rules.yaml or in the inputs.
`

func sorted(of map[string]Input) []string {
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
