package report

import (
	"strings"
)

// Code is a stranger's text as inline code of Markdown, on one line of at most
// n characters and masked: nobody is mentioned, nothing is linked, no table
// breaks and no HTML runs. The fence is longer than any run of backticks in
// the text (CommonMark, code spans).
func Code(s string, n int) string {
	s = strings.Map(printable, oneLine(s, n))
	s = strings.ReplaceAll(s, "|", "¦") // a pipe ends a table's cell even in code
	if strings.TrimSpace(s) == "" {
		return "(no text)"
	}
	fence := strings.Repeat("`", maxRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// printable drops what shows nothing or changes the order of reading.
func printable(r rune) rune {
	switch {
	case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0:
		return -1
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0x061c, r == 0x00ad:
		return -1
	}
	return r
}

func maxRun(s string, of rune) int {
	longest, run := 0, 0
	for _, r := range s {
		if r != of {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// maxCell is how much of a text a table's cell shows, in characters.
const maxCell = 300

var inCell = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "\\|", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "~", "\\~", "!", "\\!",
	"@", "@\u2060", "#", "#\u2060", "://", ":\u2060//", "www.", "www\u2060.", "GH-", "GH\u2060-", "\\", "\\\\", "$", "\\$")

// Cell is a text that may hold a stranger's words as plain words of Markdown,
// on one line and masked: an invisible sign keeps mentions, references and
// addresses from becoming links, and all that Markdown could read is escaped.
func Cell(s string) string {
	return inCell.Replace(strings.Map(printable, oneLine(s, maxCell)))
}
