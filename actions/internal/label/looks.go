package label

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	"brief":      func(i model.Issue) bool { return len(i.Body) < 800 },
	"long":       func(i model.Issue) bool { return len(i.Body) > 2000 },

	"short-title": func(i model.Issue) bool { return isShortTitle(i.Title) },
	"lower-title": func(i model.Issue) bool { return beginsLower(i.Title) },
	"heading":     func(i model.Issue) bool { return hasHeading(i.Body) },
	"steps":       func(i model.Issue) bool { return hasStep(i.Body) },
	"questions":   func(i model.Issue) bool { return strings.Count(i.Body, "?") > 1 },
	"link": func(i model.Issue) bool {
		return strings.Contains(i.Body, "http://") || strings.Contains(i.Body, "https://")
	},
	"call":        func(i model.Issue) bool { return hasCall(i.Body) },
	"line-number": func(i model.Issue) bool { return hasLineNumber(i.Body) },
	"comment":     func(i model.Issue) bool { return strings.Contains(i.Body, "<!--") },
}

// maxShortTitle is how many words a short title has at most.
const maxShortTitle = 5

// maxPraise is how many words of a text may be plain praise.
const maxPraise = 60

// praises are how people thank: stems in a row.
var praises = [][]string{
	{"work", "like", "a", "charm"}, {"work", "great"}, {"work", "perfect"}, {"work", "well"}, {"well", "done"}, {"great", "job"}, {"good", "job"}, {"nice", "job"},
	{"great", "work"}, {"awesom"}, {"amaz"}, {"fantast"}, {"love", "it"}, {"love", "this"}, {"thank", "you"}, {"thank"}, {"kudo"}, {"congratul"},
}

// troubled are stems of words that tell of a fault, a wish or a question: with
// one of them thanks are politeness.
var troubled = set("bug issu problem error crash fail broken break wrong not no never can't cannot doesn't don't won't isn't but howev except unless when if how why what where which could would should please add support need want wish hope miss slow")

// isPraise reports whether a short text thanks or praises, and says nothing else:
// no question, no fault, no wish, no code. Each word is looked at once.
func (s *search) isPraise(doc *issuetext.Document, issue model.Issue) bool {
	if strings.Contains(issue.Title, "?") || strings.Contains(issue.Body, "?") || strings.Contains(issue.Body, "```") || doc.Answered() {
		return false
	}
	words, praised := 0, false
	for i := range doc.Passages {
		if words += len(doc.Passages[i].Words); words > maxPraise {
			return false
		}
	}
	var memory [maxPraise]string
	for _, p := range doc.Passages {
		stems := memory[:len(p.Words)]
		for i, w := range p.Words {
			if stems[i] = s.c.known(w.Folded).stem; troubled[stems[i]] || troubled[w.Folded] {
				return false
			}
		}
		for i := range stems {
			praised = praised || praisesAt(stems[i:])
		}
	}
	return praised
}

// praisesAt reports whether stems begin with praise.
func praisesAt(stems []string) bool {
	for _, row := range praises {
		if len(stems) >= len(row) && slices.Equal(stems[:len(row)], row) {
			return true
		}
	}
	return false
}

// hasTag reports whether a title begins with a tag in brackets.
func hasTag(title string) bool { return strings.HasPrefix(strings.TrimSpace(title), "[") }

// beginsLower reports whether a title begins with a small letter.
func beginsLower(title string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(title))
	return unicode.IsLower(first)
}

// isShortTitle reports whether a title has few words.
func isShortTitle(title string) bool {
	n := 0
	for range strings.FieldsSeq(title) {
		n++
	}
	return n <= maxShortTitle
}

// anyAt reports whether a sign stands in a text at a place that passes.
func anyAt(s, sign string, passes func(at int) bool) bool {
	for from := 0; ; {
		next := strings.Index(s[from:], sign)
		if next < 0 {
			return false
		}
		if passes(from + next) {
			return true
		}
		from += next + len(sign)
	}
}

// hasHeading reports whether a line of a text is a heading of Markdown.
func hasHeading(s string) bool {
	return anyAt(s, "# ", func(at int) bool {
		for at > 0 && s[at-1] == '#' {
			at--
		}
		return at == 0 || s[at-1] == '\n'
	})
}

// hasStep reports whether a line of a text is an item of a numbered list.
func hasStep(s string) bool {
	return anyAt(s, ". ", func(at int) bool {
		begin := at
		for begin > 0 && isDigit(s[begin-1]) {
			begin--
		}
		if begin == at {
			return false
		}
		for begin > 0 && (s[begin-1] == ' ' || s[begin-1] == '\t') {
			begin--
		}
		return begin == 0 || s[begin-1] == '\n'
	})
}

// hasCall reports whether a text holds the call of a function, as in open().
func hasCall(s string) bool {
	return anyAt(s, "()", func(at int) bool { return at > 0 && isNameByte(s[at-1]) })
}

// isNameByte reports whether a byte may stand in the name of a function.
func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_'
}

// hasLineNumber reports whether a text holds a number behind a colon, as in
// main.go:12.
func hasLineNumber(s string) bool {
	for at := 0; ; at++ {
		next := strings.IndexByte(s[at:], ':')
		if next < 0 {
			return false
		}
		if at += next; at+1 < len(s) && isDigit(s[at+1]) {
			return true
		}
	}
}

// hasTrace reports whether a text holds a stack trace of one of the usual kinds.
func hasTrace(s string) bool {
	return strings.Contains(s, "\n    at ") || strings.Contains(s, "\n\tat ") || strings.Contains(s, "Traceback") || strings.Contains(s, "#0 ")
}

// hasVersion reports whether a text holds three numbers with dots between them.
func hasVersion(s string) bool {
	for i := 0; ; i++ {
		next := strings.IndexByte(s[i:], '.')
		if next < 0 {
			return false
		}
		if i += next; i == 0 || !isDigit(s[i-1]) {
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
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// Looks are the names of what can be asked of an issue's looks: a question mark,
// a number, a tag in brackets or code in the title, a title of at most five words
// (short-title) or one that begins with a small letter (lower-title); in the body a
// block of code, an image, a stack trace, the number of a version, a heading, a
// numbered list (steps), several question marks (questions), a link, the call of a
// function, a number behind a colon (line-number) or a comment of HTML; a short body
// (under 200 bytes), a brief one (under 800) or a long one (over 2,000).
func Looks() []string { return slices.Sorted(maps.Keys(looks)) }

func (w *When) holds(doc *issuetext.Document, issue model.Issue) bool {
	if w.isZero() {
		return true
	}
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
