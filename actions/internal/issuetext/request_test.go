package issuetext

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRequest(t *testing.T) {
	for _, c := range []struct{ name, title, body, want string }{
		{"said plainly", "Support for nushell", "", "Support for nushell"},
		{"a kind asked", "Please add support for nushell", "", "Add support for nushell"},
		{"a tag", "[Feature request] dark mode for the settings", "", "Dark mode for the settings"},
		{"two tags", "[Feature][UI]: dark mode", "", "Dark mode"},
		{"a conventional prefix", "feat(ui): dark mode", "", "Dark mode"},
		{"a word and a dash", "Feature Request - Export as CSV", "", "Export as CSV"},
		{"a dash within a word stays", "Feature-flag for the new parser", "", "Feature-flag for the new parser"},
		{"words before the wish", "It would be really nice to have a history of commands!", "", "A history of commands"},
		{"a greeting", "Hi all, could you please add fish completion?", "", "Add fish completion"},
		{"a wish", "I'd like to see an undo", "", "An undo"},
		{"nothing but its kind", "Feature request", "I would like to have a history of commands. It helps.", "A history of commands"},
		{"nothing but its kind, a template's heading first", "Feature", "### Description\n\nPlease let me undo the last command.", "Let me undo the last command"},
		{"nothing but a label", "Enhancement", "An undo for the last command would help.", "An undo for the last command would help"},
		{"nothing but a label in brackets", "[Bug]: ", "Keep the history, please.", "Keep the history, please"},
		{"nothing but a report of a kind", "bug report", "Keep the history of commands.", "Keep the history of commands"},
		{"nothing at all", "Suggestion", "", "Suggestion"},
		{"code keeps its letters", "please add `caro explain`", "", "Add `caro explain`"},
		{"a name in small letters", "please eBPF", "", "eBPF"},
		{"long", "Please " + strings.Repeat("let me see everything ", 20), "", "Let me see everything let me see everything let me see everything let me see everything…"},
		{"several lines", "Add\n\nan undo", "", "Add an undo"},
		{"typographic signs", "I’d like to have “undo”", "", `"undo"`},
		{"nothing left is the title", "Please", "", "Please"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Request(c.title, c.body); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzRequest(f *testing.F) {
	f.Add("[Feature] please add x", "body")
	f.Add("\xff\u202e", "I want\n- this")
	f.Fuzz(func(t *testing.T, title, body string) {
		got := Request(title, body)
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\n\r") || utf8.RuneCountInString(got) > maxRequest+3 {
			t.Errorf("%q", got)
		}
	})
}
