package issuetext

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Templates are the words that a repository's issue forms and templates put
// into an issue, which no person wrote, and the questions that the forms ask.
type Templates struct {
	lines   map[string]bool // folded
	openers map[string]bool // of these, the ones behind which people answer on the same line
	forms   []issueForm
}

// TemplateFolder is where GitHub looks for issue templates.
const TemplateFolder = ".github/ISSUE_TEMPLATE"

// templateFolders are where GitHub has looked for issue templates.
var templateFolders = []string{TemplateFolder, "docs/ISSUE_TEMPLATE", "ISSUE_TEMPLATE"}

// singleFolders are where GitHub looks for a template that is the only one.
var singleFolders = []string{".github", ".", "docs"}

// maxTemplate is the largest template that is read, in bytes.
const maxTemplate = 1 << 20

// ReadTemplates reads the forms and templates of a repository. Files that
// cannot be read are named in the error; the others count all the same.
func ReadTemplates(files fs.FS) (*Templates, error) {
	t := &Templates{lines: map[string]bool{}, openers: map[string]bool{}}
	var bad []string
	for _, name := range templateFiles(files) {
		if err := t.file(files, name); err != nil {
			bad = append(bad, fmt.Sprintf("%s: %v", path.Base(name), err))
		}
	}
	if len(bad) > 0 {
		return t, fmt.Errorf("invalid issue templates, whose words count as the reporter's: %s", strings.Join(bad, "; "))
	}
	return t, nil
}

// templateFiles are the files that GitHub takes for issue templates.
func templateFiles(files fs.FS) []string {
	var names []string
	for _, folder := range templateFolders {
		for _, name := range filesIn(files, folder) {
			if slices.Contains([]string{".yml", ".yaml", ".md"}, strings.ToLower(path.Ext(name))) {
				names = append(names, path.Join(folder, name))
			}
		}
	}
	for _, folder := range singleFolders {
		for _, name := range filesIn(files, folder) {
			switch strings.ToLower(name) {
			case "issue_template.md", "issue_template.txt", "issue_template":
				names = append(names, path.Join(folder, name))
			}
		}
	}
	return names
}

// filesIn are the names of the files of a folder; none where there is no folder.
func filesIn(files fs.FS, folder string) []string {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

func (t *Templates) file(files fs.FS, name string) error {
	src, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	if len(src) > maxTemplate {
		return fmt.Errorf("must be at most %d bytes", maxTemplate)
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".yml", ".yaml":
		return t.form(src)
	}
	t.addText(withoutFrontMatter(string(src)))
	return nil
}

// withoutFrontMatter is a template as it appears in an issue: GitHub keeps the
// lines between --- at its beginning for itself.
func withoutFrontMatter(s string) string {
	s = strings.TrimPrefix(strings.ReplaceAll(s, "\r\n", "\n"), "\uFEFF")
	rest, found := strings.CutPrefix(s, "---\n")
	if !found {
		return s
	}
	if _, body, closed := strings.Cut("\n"+rest, "\n---\n"); closed {
		return body
	}
	return s
}

// issueForm is what an issue form asks, in order.
type issueForm []question

// question is one field of a form.
type question struct {
	label   string
	folded  string
	options []string // of a dropdown, as they are written
	long    bool     // the answer may hold headings of its own
}

// form takes the questions of an issue form, and what it puts into answers.
func (t *Templates) form(src []byte) error {
	var file struct {
		Body []struct {
			Type       string
			Attributes struct {
				Label       string    `yaml:"label"`
				Placeholder string    `yaml:"placeholder"`
				Value       string    `yaml:"value"`
				Options     yaml.Node `yaml:"options"`
			} `yaml:"attributes"`
		} `yaml:"body"`
	}
	if err := yaml.Unmarshal(src, &file); err != nil {
		return err
	}
	var asked issueForm
	for _, part := range file.Body {
		a := part.Attributes
		t.addText(a.Label)
		t.addText(a.Placeholder)
		t.addText(a.Value)
		t.options(&a.Options)
		if part.Type == "markdown" || a.Label == "" {
			continue
		}
		asked = append(asked, question{a.Label, FoldLine(shown(a.Label)), choicesOf(&a.Options), part.Type == "textarea"})
	}
	if len(asked) > 0 {
		t.forms = append(t.forms, asked)
	}
	return nil
}

// shown is a label as Markdown shows it in a heading.
func shown(label string) string {
	d := read("", "### "+strings.Join(strings.Fields(clean(label)), " "), nil, true)
	if len(d.Passages) != 1 {
		return label
	}
	return d.Passages[0].Text
}

// choicesOf are the options of a dropdown.
func choicesOf(n *yaml.Node) []string {
	var choices []string
	for _, option := range n.Content {
		if option.Kind == yaml.ScalarNode {
			choices = append(choices, option.Value)
		}
	}
	return choices
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
	d := read("", clean(s), nil, true)
	for _, p := range d.Passages {
		t.addLines(p.Text)
	}
	t.addLines(s)
}

func (t *Templates) addLines(s string) {
	for _, line := range strings.Split(s, "\n") {
		folded := FoldLine(line)
		if folded == "" {
			continue
		}
		t.lines[folded] = true
		if opensAnswer(line) {
			t.openers[folded] = true
		}
	}
}

// opensAnswer reports whether people answer a line of a template on that line:
// it ends as a question does, or with a colon, or is bold throughout.
func opensAnswer(line string) bool {
	line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "-*+# "))
	bare := strings.TrimRight(line, "*_ ")
	return strings.HasSuffix(bare, "?") || strings.HasSuffix(bare, ":") || strings.HasSuffix(line, "**") || strings.HasSuffix(line, "__")
}

// Knows reports whether a text is one that a template put there, unchanged.
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

// without leaves empty the lines that a template put there, so that the others
// keep their places.
func (t *Templates) without(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if t.lines[FoldLine(line)] {
			lines[i] = ""
		}
	}
	return strings.Join(lines, "\n")
}

// FoldLine is a line as headings and answers are compared: folded, without the
// space, marks and stars around it.
func FoldLine(s string) string {
	s = strings.Join(strings.Fields(Fold(s)), " ")
	return strings.Trim(s, " #*_:?.-")
}
