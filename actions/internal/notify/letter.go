package notify

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	markup "github.com/yuin/goldmark/renderer/html"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/redact"
)

// bodyHTML renders a mail's long text: Markdown with tables, and of HTML only
// what does no harm. Of pictures it
// brings its own alone: others tell who reads, and when.
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

// pictures are those that the mail itself brings.
func pictures(all []change.Picture) string {
	var b strings.Builder
	for _, p := range all {
		fmt.Fprintf(&b, "<p><strong>%s</strong><br><img src=\"cid:%s\" alt=\"%s\" width=\"560\" height=\"120\"></p>\n",
			html.EscapeString(p.Name), html.EscapeString(p.Name), html.EscapeString(header(p.Alt)))
	}
	return b.String()
}

var (
	breaks = regexp.MustCompile(`<br>`)
	tags   = regexp.MustCompile(`</?[a-zA-Z][^>]*>`)
)

// bodyText is the long text as it reads without HTML: Markdown is meant to be
// read as it is.
func bodyText(markdown string) string {
	s := tags.ReplaceAllString(breaks.ReplaceAllString(redact.Text(markdown), ", "), "")
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "\u2060", "", `\|`, "|", `\_`, "_", `\*`, "*", `\[`, "[", `\]`, "]", "\\`", "`", `\~`, "~", `\!`, "!", `\$`, "$").Replace(s)
}

var notInList = regexp.MustCompile(`[^a-z0-9-]+`)

// listName is the name of a mailing list as its header wants it.
func listName(s string) string {
	return strings.Trim(notInList.ReplaceAllString(strings.ToLower(s), "-"), "-")
}
