package report

import (
	"embed"
	"strings"
	"sync"
	"text/template"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// templates hold the layout of the pages; the values that they show are made in
// Go. Texts that may be a stranger's go through cell or code.
//
//go:embed templates
var templates embed.FS

var markdown = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"cell": Cell,
		"code": func(s string) string { return Code(s, 80) },
		"nb":   func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
		"inc":  func(i int) int { return i + 1 },

		"capital":      humanize.Capital,
		"actionsNote":  func() string { return actionsNote },
		"changeNote":   func() string { return changeNote },
		"responseNote": func() string { return responseNote },
	}).ParseFS(templates, "templates/*.md.tmpl"))
})

// responseNote says from when the column First response of a page counts.
const responseNote = "First response is the time from the message about the alert or, where none was sent, from its start. Late means after the deadline that the message named. Per report: the alert counts reports, and people were notified of each."

// changeNote says what the column Change of a page is against.
const changeNote = "Change is against the period of the same length before; of a figure as of now, against the day before."

// blank is a run of empty lines, which a template's actions leave behind.
var blank = lazyregexp.New(`\n{3,}`)

// page renders a template as Markdown, with single empty lines and one line end
// at the end. A template that does not fit its view is a mistake of ours, which
// the tests of each page find.
func page(name string, view any) string {
	var b strings.Builder
	if err := markdown().ExecuteTemplate(&b, name, view); err != nil {
		panic(err)
	}
	return strings.TrimSpace(blank.ReplaceAllString(b.String(), "\n\n")) + "\n"
}
