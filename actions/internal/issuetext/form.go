package issuetext

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"gopkg.in/yaml.v3"
)

// Templates are the words that a repository's issue forms and templates put
// into an issue: no person wrote them.
type Templates struct {
	lines map[string]bool // folded
}

// TemplateFolder is where GitHub looks for issue templates.
const TemplateFolder = ".github/ISSUE_TEMPLATE"

// ReadTemplates reads the forms and templates of a repository. Files that
// cannot be read are named in the error; the others count all the same.
func ReadTemplates(files fs.FS) (*Templates, error) {
	t := &Templates{lines: map[string]bool{}}
	entries, err := fs.ReadDir(files, TemplateFolder)
	if err != nil {
		return t, nil // there are none
	}
	var bad []string
	for _, e := range entries {
		src, err := fs.ReadFile(files, path.Join(TemplateFolder, e.Name()))
		if err != nil || len(src) > 1<<20 {
			bad = append(bad, e.Name())
			continue
		}
		switch path.Ext(e.Name()) {
		case ".yml", ".yaml":
			if err := t.form(src); err != nil {
				bad = append(bad, fmt.Sprintf("%s: %v", e.Name(), err))
			}
		case ".md":
			t.addText(string(src))
		}
	}
	if len(bad) > 0 {
		return t, fmt.Errorf("not understood, so their words count as people's: %s", strings.Join(bad, "; "))
	}
	return t, nil
}

// form takes the questions of an issue form, and what it puts into answers.
func (t *Templates) form(src []byte) error {
	var form struct {
		Body []struct {
			Attributes struct {
				Label       string    `yaml:"label"`
				Placeholder string    `yaml:"placeholder"`
				Value       string    `yaml:"value"`
				Options     yaml.Node `yaml:"options"`
			} `yaml:"attributes"`
		} `yaml:"body"`
	}
	if err := yaml.Unmarshal(src, &form); err != nil {
		return err
	}
	for _, part := range form.Body {
		t.addText(part.Attributes.Label)
		t.addText(part.Attributes.Placeholder)
		t.addText(part.Attributes.Value)
		t.options(&part.Attributes.Options)
	}
	return nil
}

// options adds the words of check boxes: ticking one writes nothing of one's
// own. Their ticks stand in the document's form all the same.
func (t *Templates) options(n *yaml.Node) {
	for _, option := range n.Content {
		for i := 0; option.Kind == yaml.MappingNode && i+1 < len(option.Content); i += 2 {
			if option.Content[i].Value == "label" {
				t.addText(option.Content[i+1].Value)
			}
		}
	}
}

// addText adds each line, as Markdown shows it.
func (t *Templates) addText(s string) {
	d := &Document{}
	readBody(d, bound(clean(s)), nil)
	for _, p := range d.Passages {
		t.addLines(p.Text)
	}
	t.addLines(s)
}

func (t *Templates) addLines(s string) {
	for _, line := range strings.Split(s, "\n") {
		if folded := FoldLine(line); folded != "" {
			t.lines[folded] = true
		}
	}
}

// Knows tells whether a text is one that a template put there, unchanged.
func (t *Templates) Knows(s string) bool {
	if noAnswer(s) {
		return true
	}
	if t == nil {
		return false
	}
	for _, line := range strings.Split(s, "\n") {
		if folded := FoldLine(line); folded != "" && !t.lines[folded] {
			return false
		}
	}
	return true
}

func (t *Templates) hasLines(s string) bool {
	return t != nil && len(t.lines) > 0 && strings.Contains(s, "\n")
}

// without leaves out the lines that a template put there.
func (t *Templates) without(s string) string {
	var kept []string
	for _, line := range strings.Split(s, "\n") {
		if !t.lines[FoldLine(line)] {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// FoldLine is a line as headings and answers are compared: folded, without the
// space, marks and stars around it.
func FoldLine(s string) string {
	s = strings.Join(strings.Fields(Fold(s)), " ")
	return strings.Trim(s, " #*_:?.-")
}
