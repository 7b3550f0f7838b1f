package labelname

import "testing"

// What a label says is told apart from how it is written.
func TestBare(t *testing.T) {
	for name, want := range map[string]string{
		"bug": "bug", "Bug": "bug", "BUG": "bug", ":bug: bug": "bug", "🐛 bug": "bug", "bug 🐛": "bug", ":sparkles: Enhancement": "enhancement", "✨ enhancement": "enhancement",
		"type: bug": "bug", "Type:Bug": "bug", "kind/bug": "bug", "T-bug": "bug", "type-bug": "bug", "kind/feature-request": "feature request", "area/ui": "area/ui", "feature_request": "feature request",
		"P0": "p0", "priority: P0": "p0", "priority/p0": "p0", "good first issue": "good first issue", "type": "type", "🐛": "🐛", ":bug:": ":bug:", "c++": "c++", "need: help": "need: help", "ｂｕｇ": "bug",
	} {
		if got := Bare(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestTwin(t *testing.T) {
	existing := []string{"type: bug", "✨ feature", "Docs", "docs", "P1"}
	for name, want := range map[string]string{"bug": "type: bug", "enhancement": "✨ feature", "docs": "", "p1": "", "crash": "", "question": ""} {
		if got := Twin(name, existing); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestMeaning(t *testing.T) {
	for name, want := range map[string]string{
		"type: bug": "bug", "Defect": "bug", "bug-report": "bug", "✨ feature request": "enhancement", "kind: enhancement": "enhancement", "Wishlist": "enhancement",
		"usage_question": "question", "Priority: P0": "p0", "Type: Privacy Leak": "privacy-leak", "privacy_leak": "privacy-leak", "issue tracker": "issue-tracker", "🎉": "🎉",
	} {
		if got := Meaning(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
