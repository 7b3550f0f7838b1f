package label

import (
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// looks are what can be seen of an issue without reading its words.
var looks = map[string]func(model.Issue) bool{
	"question":   func(i model.Issue) bool { return strings.Contains(i.Title, "?") },
	"number":     func(i model.Issue) bool { return strings.ContainsAny(i.Title, "0123456789") },
	"prefix":     func(i model.Issue) bool { return hasTag(i.Title) },
	"title-code": func(i model.Issue) bool { return strings.ContainsAny(i.Title, "`(){}=<>") },
	"code":       func(i model.Issue) bool { return strings.Contains(i.Body, "```") },
	"image":      func(i model.Issue) bool { return strings.Contains(i.Body, "![") || strings.Contains(i.Body, "<img") },
	"trace":      func(i model.Issue) bool { return hasTrace(i.Body) },
	"version":    func(i model.Issue) bool { return hasVersion(i.Title) || hasVersion(i.Body) },
	"short":      func(i model.Issue) bool { return len(i.Body) < 200 },
	"long":       func(i model.Issue) bool { return len(i.Body) > 2000 },
}

// hasTag reports whether a title begins with a tag in brackets.
func hasTag(title string) bool { return strings.HasPrefix(strings.TrimSpace(title), "[") }

// hasTrace reports whether a text holds a stack trace of one of the usual kinds.
func hasTrace(s string) bool {
	return strings.Contains(s, "\n    at ") || strings.Contains(s, "\n\tat ") || strings.Contains(s, "Traceback") || strings.Contains(s, "#0 ")
}

// hasVersion reports whether a text holds three numbers with dots between them.
func hasVersion(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] != '.' || !isDigit(s[i-1]) {
			continue
		}
		end := i + 1
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		if end > i+1 && end+1 < len(s) && s[end] == '.' && isDigit(s[end+1]) {
			return true
		}
		i = end - 1
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

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
