package duplicates

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// Read is an issue as it is compared: its title, and of its body what its
// writer said and the lines of code that tell of an error. What a template put
// there, quotes and the rest of logs are left out; templates may be nil.
func Read(number int, title, body string, templates *issuetext.Templates) Doc {
	body = reach(body)
	var said []string
	for _, p := range issuetext.Read("", body, templates).Passages {
		for line := range strings.SplitSeq(p.Text, "\n") {
			if strings.TrimSpace(line) != "" {
				said = append(said, strings.TrimRight(line, " "))
			}
		}
	}
	return Doc{Number: number, Title: title, Body: strings.Join(append(said, errorLines(body)...), "\n")}
}

// maxErrors is how many lines of a log are looked at: the first tell what
// happened, the others what followed.
const maxErrors = 3

var errorForm = regexp.MustCompile(`(?i)\b(?:error|panicked|exception|fatal|segfault|assertion|aborted)\b`)

// errorLines are the first lines of a body's code that tell of an error.
func errorLines(body string) []string {
	var found []string
	fenced := false
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"), strings.HasPrefix(line, "~~~"):
			fenced = !fenced
		case fenced && len(found) < maxErrors && errorForm.MatchString(line):
			found = append(found, line)
		}
	}
	return found
}

// usual are the lines, folded, that stand in the bodies of several issues:
// templates and the habits of a place put them there, and they are nobody's own.
type usual map[string]bool

// often is the number of issues from which on a line is usual.
const often = 3

func usualOf(docs []Doc) usual {
	in := map[string]int{}
	for _, d := range docs {
		var lines []string
		for line := range strings.Lines(withoutComments(reach(d.Body))) {
			lines = append(lines, issuetext.FoldLine(line))
		}
		slices.Sort(lines)
		for _, line := range slices.Compact(lines) {
			in[line]++
		}
	}
	found := usual{}
	for line, n := range in {
		if n >= often {
			found[line] = true
		}
	}
	return found
}

// without leaves the usual lines out of a body.
func (u usual) without(body string) string {
	if len(u) == 0 {
		return body
	}
	var kept strings.Builder
	for line := range strings.Lines(body) {
		if !u[issuetext.FoldLine(line)] {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
