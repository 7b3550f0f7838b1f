package actions

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// findsMistakes are the packages that find mistakes in rules.yaml.
var findsMistakes = []string{"alert", "change", "config", "gate", "issuetext", "label", "metric", "model", "verdict"}

// mistakeWords returns what the packages can say of a mistake, as format strings,
// sorted: those of warnings, and all others.
func mistakeWords(t *testing.T) (warnings, errs []string) {
	t.Helper()
	for _, pack := range findsMistakes {
		files, err := filepath.Glob(filepath.Join("internal", pack, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", pack, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			words := wordsOf(t, file)
			if filepath.Base(file) == "warnings.go" {
				warnings = append(warnings, words...)
			} else {
				errs = append(errs, words...)
			}
		}
	}
	slices.Sort(warnings)
	slices.Sort(errs)
	return slices.Compact(warnings), slices.Compact(errs)
}

// wordsOf returns the format strings of the mistakes that a file makes.
func wordsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, is := n.(*ast.CallExpr)
		if !is || len(call.Args) < 2 {
			return true
		}
		name := ""
		switch f := call.Fun.(type) {
		case *ast.SelectorExpr:
			name = f.Sel.Name
		case *ast.Ident:
			name = f.Name
		}
		if name != "At" && name != "add" && name != "fail" {
			return true
		}
		if text, is := call.Args[1].(*ast.BasicLit); is && text.Kind == token.STRING {
			if words, err := strconv.Unquote(text.Value); err == nil && strings.Contains(words, " ") {
				found = append(found, words)
			}
		}
		return true
	})
	return found
}

var verbForm = regexp.MustCompile(`%(?:[-+#]?\d*(?:\.\d+)?[a-zA-Z]|%)`)

// filled returns a format with an ellipsis for each value.
func filled(format string) string {
	return verbForm.ReplaceAllStringFunc(format, func(verb string) string {
		if verb == "%%" {
			return "%"
		}
		return "…"
	})
}

// shows reports whether one of some texts is what a format makes.
func shows(texts []string, format string) bool {
	parts := verbForm.Split(format, -1)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	form := regexp.MustCompile("(?s)^" + strings.Join(parts, ".*") + "$")
	return slices.ContainsFunc(texts, form.MatchString)
}

// otherErrors returns the tables of the errors that no example shows, and of the
// warnings.
func otherErrors(t *testing.T, shown []string) string {
	warnings, errs := mistakeWords(t)
	var b strings.Builder
	b.WriteString("\n## Others\n\nWithout an example; … stands for a value.\n\n| error |\n|---|\n")
	for _, format := range errs {
		if !shows(shown, format) {
			fmt.Fprintf(&b, "| %s |\n", cell(filled(format)))
		}
	}
	b.WriteString("\n## Warnings\n\nWhat is valid, and most likely not meant. `check` tells it, and the programs run all the same.\n\n| warning |\n|---|\n")
	for _, format := range warnings {
		fmt.Fprintf(&b, "| %s |\n", cell(filled(format)))
	}
	return b.String()
}

// Each mistake that a package can find is in the index of errors: a message that
// somebody pastes into the search of the documentation is there.
func TestReference_EveryErrorIsInTheIndex(t *testing.T) {
	if *update {
		t.Skip("the page is being written")
	}
	page := read(t, "docs/errors.md")
	var rows []string
	for line := range strings.Lines(page) {
		if row, found := strings.CutPrefix(strings.TrimSpace(line), "| "); found {
			first, _, _ := strings.Cut(row, " | ")
			rows = append(rows, strings.TrimSuffix(first, " |"))
		}
	}
	warnings, errs := mistakeWords(t)
	if len(warnings) < 5 || len(errs) < 40 {
		t.Fatalf("found %d warnings and %d errors: what the packages call to tell one is named otherwise", len(warnings), len(errs))
	}
	for _, format := range append(warnings, errs...) {
		if !shows(rows, cell(format)) {
			t.Errorf("%q is not in docs/errors.md: make docs", format)
		}
	}
}
