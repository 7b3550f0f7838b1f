package keyphrase

import (
	"regexp"
	"strings"
)

// redaction is a word in brackets, such as package redact puts in the place of a
// personal value, or a kind such as [Bug] before a title.
var redaction = regexp.MustCompile(`\[[A-Za-z][A-Za-z -]{0,20}\]`)

// withoutRedactions returns a text with a comma for each redaction: its kind is
// not what the text is about.
func withoutRedactions(s string) string { return redaction.ReplaceAllString(s, ", ") }

// general are nouns that say nothing as the head of a theme.
var general = set(`
thing lot way bit kind sort type example fact case reason something anything everything nothing
issue problem bug error failure trouble difficulty pain point question answer request suggestion comment idea
number amount level part side end set couple one none other etc e.g i.e thanks thank please yes no
today yesterday tomorrow day week month year moment
`)

// vague are adjectives that say nothing in a theme.
var vague = set(`other same many much more most such own own several few first last next good bad great big new old able i.e e.g`)

// unchanged are words that end like a plural and are none.
var unchanged = set(`windows kubernetes macos ios devops news series analytics statistics mathematics physics`)

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}
