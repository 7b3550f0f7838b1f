package label

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// looks are what can be seen of an issue without reading its words.
var looks = map[string]func(model.Issue) bool{
	"question":   func(i model.Issue) bool { return strings.Contains(i.Title, "?") },
	"number":     func(i model.Issue) bool { return strings.ContainsAny(i.Title, "0123456789") },
	"prefix":     func(i model.Issue) bool { return tagged.MatchString(i.Title) },
	"title-code": func(i model.Issue) bool { return strings.ContainsAny(i.Title, "`(){}=<>") },
	"code":       func(i model.Issue) bool { return strings.Contains(i.Body, "```") },
	"image":      func(i model.Issue) bool { return strings.Contains(i.Body, "![") || strings.Contains(i.Body, "<img") },
	"trace":      func(i model.Issue) bool { return trace.MatchString(i.Body) },
	"version":    func(i model.Issue) bool { return numbered.MatchString(i.Title) || numbered.MatchString(i.Body) },
	"short":      func(i model.Issue) bool { return len(i.Body) < 200 },
	"long":       func(i model.Issue) bool { return len(i.Body) > 2000 },
}

var (
	tagged   = regexp.MustCompile(`^\s*\[`)
	trace    = regexp.MustCompile(`\n(?:    |\t)at |Traceback|#0 `)
	numbered = regexp.MustCompile(`\d\.\d+\.\d`)
)

// Looks are the names of what can be asked of an issue's looks: a question mark,
// a number, a tag in brackets or code in the title; a block of code, an image, a stack trace
// or the number of a version; a short body (under 200 bytes) or a long one (over
// 2,000).
func Looks() []string { return slices.Sorted(maps.Keys(looks)) }

func (w When) holds(doc *issuetext.Document, issue model.Issue) bool {
	if len(w.AuthorAssociation) > 0 && !contains(w.AuthorAssociation, issue.Association) {
		return false
	}
	for question, answers := range w.Form {
		if !slices.ContainsFunc(answers, func(a string) bool { return doc.HasAnswer(question, a) }) {
			return false
		}
	}
	return len(w.Looks) == 0 || slices.ContainsFunc(w.Looks, func(name string) bool {
		look, known := looks[name]
		return known && look(issue)
	})
}
