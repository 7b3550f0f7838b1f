// Package labelname tells what a label says from how it is written: "type: bug",
// "kind/bug" and ":bug: Bug" are one label to people. Labels that a run adds, that
// metrics count and that init maps are compared by it, so that all agree.
package labelname

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Bare returns what a label says, without how it is written: small letters,
// no emoji and no :shortcode:, no prefix of a kind (type: bug, kind/bug), and
// spaces for - and _. Two labels of one repository with the same bare name mean
// the same.
func Bare(name string) string {
	plain := Plain(name)
	for _, sign := range []string{":", "/", "|"} {
		if prefix, rest, found := strings.Cut(plain, sign); found && groups[strings.TrimSpace(prefix)] && strings.TrimSpace(rest) != "" {
			return strings.TrimSpace(rest)
		}
	}
	for prefix := range groups {
		if rest, found := strings.CutPrefix(plain, prefix+" "); found && prefixed(name, prefix) {
			return rest
		}
	}
	return plain
}

// prefixed reports whether a name has a prefix with a dash behind it: type-bug.
func prefixed(name, prefix string) bool {
	s := strings.ToLower(withoutPictures(name))
	return strings.HasPrefix(s, prefix+"-") || strings.HasPrefix(s, prefix+"_")
}

// groups are the prefixes by which repositories sort their labels by what an
// issue is.
var groups = map[string]bool{
	"type": true, "kind": true, "category": true, "cat": true, "issue": true, "issuetype": true, "t": true, "k": true,
	"priority": true, "prio": true, "severity": true, "p": true,
}

// kinds are the names that labels of a kind of issue have in most repositories,
// as Bare returns them.
var kinds = map[string]string{
	"bug": "bug", "bugs": "bug", "defect": "bug", "bug report": "bug", "fault": "bug",
	"feature": "feature", "enhancement": "feature", "feature request": "feature", "improvement": "feature", "proposal": "feature", "new feature": "feature", "suggestion": "feature", "wish": "feature", "wishlist": "feature",
	"question": "question", "questions": "question", "support": "question", "help": "question", "usage": "question", "usage question": "question", "support request": "question",
}

// KindOf returns which kind of issue a label stands for: bug, feature or question;
// empty where it is none of them.
func KindOf(name string) string { return kinds[Bare(name)] }

// Version is raised when Meaning changes: what was kept by it is then made anew.
const Version = "2"

// Meaning returns the name by which metrics count a label: that of its kind (bug,
// enhancement or question), or else its bare name with - between words.
func Meaning(name string) string {
	switch kind := KindOf(name); kind {
	case "":
		return strings.ReplaceAll(Bare(name), " ", "-")
	case "feature":
		return "enhancement"
	default:
		return kind
	}
}

// spaced puts spaces for the signs that join the words of a label.
var spaced = strings.NewReplacer("-", " ", "_", " ")

// Plain returns a label in small letters, without emoji, shortcodes and the
// signs around it, and with spaces for - and _.
func Plain(name string) string {
	s := strings.ToLower(norm.NFKC.String(withoutPictures(name)))
	s = spaced.Replace(s)
	return strings.Trim(strings.Join(strings.Fields(s), " "), " .!#()[]")
}

// withoutPictures takes emoji and their shortcodes out of a name, unless
// nothing else is in it.
func withoutPictures(name string) string {
	rest := strings.TrimSpace(strings.Map(func(r rune) rune {
		if r >= 0x2190 && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsPunct(r) || r == 0x200d || r == 0xfe0f || r >= 0x1f000 {
			return -1
		}
		return r
	}, withoutShortcodes(name)))
	if rest == "" {
		return strings.TrimSpace(name)
	}
	return rest
}

// withoutShortcodes takes :names: of emoji out of a label.
func withoutShortcodes(name string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(name, ":")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		code, after, closed := strings.Cut(rest, ":")
		if closed && isShortcode(code) {
			name = after
			continue
		}
		b.WriteString(":")
		name = rest
	}
}

func isShortcode(code string) bool {
	return code != "" && strings.IndexFunc(code, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '+' && r != '-'
	}) < 0
}

// Same reports whether two labels mean the same, however they are written.
func Same(a, b string) bool { return strings.EqualFold(a, b) || Bare(a) == Bare(b) }

// Twin returns the label of a repository that means the same as one of
// rules.yaml and is written differently, so that GitHub would keep both; empty
// where there is none, or where the repository has the label itself.
func Twin(name string, existing []string) string {
	twin := ""
	for _, other := range existing {
		switch {
		case strings.EqualFold(other, name):
			return ""
		case twin == "" && (Bare(other) == Bare(name) || KindOf(other) != "" && KindOf(other) == KindOf(name)):
			twin = other
		}
	}
	return twin
}
