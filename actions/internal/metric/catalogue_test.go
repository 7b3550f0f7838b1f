package metric

import (
	"strings"
	"testing"
)

// People read titles on every page, so each metric has one that is a noun
// phrase, a sentence that says what is counted, and a place of its own.
func TestCatalogue_HeadersAreComplete(t *testing.T) {
	places, titles := map[string]string{}, map[string]string{}
	for _, d := range Catalogue() {
		switch {
		case d.Title == "" || strings.HasSuffix(d.Title, "?") || strings.Contains(d.Title, "_"):
			t.Errorf("%s: title must be a noun phrase, got %q", d.ID, d.Title)
		case !strings.HasSuffix(d.Description, "."):
			t.Errorf("%s: description must be a sentence, got %q", d.ID, d.Description)
		case d.Unit == "" || d.Section == "" || d.Order < 1 || d.Digest == "":
			t.Errorf("%s: unit, section, order and digest must be given", d.ID)
		}
		place := d.Section + "/" + string(rune('0'+d.Order))
		if other, taken := places[place]; taken {
			t.Errorf("%s and %s have the same order in %s", d.ID, other, d.Section)
		}
		if other, taken := titles[d.Title]; taken {
			t.Errorf("%s and %s have the same title", d.ID, other)
		}
		places[place], titles[d.Title] = d.ID, d.ID
	}
}

func TestCatalogue_RefusesWrongHeaders(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{"-- title: X", "expected a header"},
		{"-- titel: X\n\nSELECT 1", `unknown key "titel"`},
		{"-- section: Helth\n\nSELECT 1", `unknown section "Helth"`},
		{"-- order: first\n\nSELECT 1", `order: expected a number, got "first"`},
		{"-- digest: People\n\nSELECT 1", `unknown section "People" of the digest`},
	} {
		if _, err := read("x", test.src); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got %v, want %q", test.src, err, test.want)
		}
	}
}

// Every metric that the catalogue holds against something says what to do where it is
// off target.
func TestCatalogue_SaysWhatToDo(t *testing.T) {
	for _, d := range Catalogue() {
		if asks := d.Target + d.Warning + d.Critical; asks != "" && d.Action == "" {
			t.Errorf("%s has a target and no action", d.ID)
		}
		if strings.HasPrefix(d.Action, "Review") || strings.HasSuffix(d.Action, ".") {
			t.Errorf("%s: %q says not what to do, or ends with a full stop", d.ID, d.Action)
		}
	}
}
