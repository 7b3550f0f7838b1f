package notify

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/terminal"
)

// bodyHTML renders a mail's long text: Markdown with tables, and of HTML only the tags that
// the pages use. It has no pictures: they tell who reads, and when.
func bodyHTML(markdown string) (string, error) {
	if markdown == "" {
		return "", nil
	}
	var out bytes.Buffer
	tame := renderer.WithNodeRenderers(util.Prioritized(tameHTML{}, 1))
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.TaskList), goldmark.WithRendererOptions(tame))
	if err := md.Convert([]byte(redact.Text(markdown)), &out); err != nil {
		return "", fmt.Errorf("write the mail: %w", err)
	}
	return strings.ReplaceAll(out.String(), "<table>", tableStyle), nil
}

// tableStyle is in the tag, since mail programs leave out style sheets.
const tableStyle = `<table border="1" cellpadding="6" style="border-collapse:collapse;border-color:#d0d7de;font-size:14px">`

// tameHTML renders the HTML in Markdown as the text that it is, but for plain tags of the
// pages, and leaves out pictures. Links are goldmark's matter, which drops addresses that run
// a script.
type tameHTML struct{}

// RegisterFuncs implements [renderer.NodeRenderer].
func (tameHTML) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHTMLBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		block := n.(*ast.HTMLBlock)
		lines := string(block.Lines().Value(source))
		if block.HasClosure() {
			lines += string(block.ClosureLine.Value(source))
		}
		_, err := w.WriteString(plainTags(lines))
		return ast.WalkContinue, err
	})
	r.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		_, err := w.WriteString(plainTags(string(n.(*ast.RawHTML).Segments.Value(source))))
		return ast.WalkSkipChildren, err
	})
	r.Register(ast.KindImage, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) { return ast.WalkSkipChildren, nil })
}

var (
	tagOfPages = lazyregexp.New(`</?(?:b|br|sub|details|summary)>|<details open>`)
	remark     = lazyregexp.New(`(?s)<!--.*?-->`)
)

// plainTags escapes HTML, but for the tags of the pages.
func plainTags(src string) string {
	src = remark.ReplaceAllString(src, "")
	var b strings.Builder
	from := 0
	for _, at := range tagOfPages.FindAllStringIndex(src, -1) {
		b.WriteString(html.EscapeString(src[from:at[0]]) + src[at[0]:at[1]])
		from = at[1]
	}
	return b.String() + html.EscapeString(src[from:])
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

var notInList = lazyregexp.New(`[^a-z0-9-]+`)

// listName is the name of a mailing list as its header wants it.
func listName(s string) string {
	return strings.Trim(notInList.ReplaceAllString(strings.ToLower(s), "-"), "-")
}
