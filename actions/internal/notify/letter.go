package notify

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	markup "github.com/yuin/goldmark/renderer/html"

	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/terminal"
)

// bodyHTML renders a mail's long text: Markdown with tables, and of HTML only
// what does no harm. It has no pictures: they tell who reads, and when.
func bodyHTML(markdown string) (string, error) {
	if markdown == "" {
		return "", nil
	}
	var out bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.TaskList), goldmark.WithRendererOptions(markup.WithUnsafe()))
	if err := md.Convert([]byte(redact.Text(markdown)), &out); err != nil {
		return "", fmt.Errorf("write the mail: %w", err)
	}
	return strings.ReplaceAll(policy().Sanitize(out.String()), "<table>", tableStyle), nil
}

// tableStyle is in the tag, since mail programs leave out style sheets.
const tableStyle = `<table border="1" cellpadding="6" style="border-collapse:collapse;border-color:#d0d7de;font-size:14px">`

func policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "sub", "strong", "em", "code", "pre", "ul", "ol", "li", "h1", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "blockquote", "hr")
	p.AllowAttrs("align").OnElements("th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https")
	p.RequireNoFollowOnLinks(true)
	return p
}

// textWidth is the width of a line of a mail's text part, in columns.
const textWidth = 76

// bodyText is the long text for programs that show no HTML: tables in columns,
// without the signs of Markdown.
func bodyText(markdown string) string {
	if markdown == "" {
		return ""
	}
	return strings.ReplaceAll(terminal.Paper{Width: textWidth, Mask: redact.Text}.Show(markdown), "\u2060", "")
}

var notInList = regexp.MustCompile(`[^a-z0-9-]+`)

// listName is the name of a mailing list as its header wants it.
func listName(s string) string {
	return strings.Trim(notInList.ReplaceAllString(strings.ToLower(s), "-"), "-")
}
