package issuetext

import (
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown parses GitHub's flavour, less its bare links, which Words knows.
var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList)).Parser()

// walker collects passages from the tree.
type walker struct {
	d         *Document
	src       []byte
	templates *Templates
	heading   string // folded: the form's question that is being answered
	line      int    // the line up to which newlines are counted, from 1
	counted   int    // the offset that line stands for
}

func readBody(d *Document, body string, templates *Templates) {
	if strings.TrimSpace(body) == "" {
		return
	}
	src := []byte(body)
	w := &walker{d: d, src: src, templates: templates, line: 1}
	root := markdown.Parse(gtext.NewReader(src), parser.WithContext(parser.NewContext()))
	_ = ast.Walk(root, w.visit) // visit returns no error
}

func (w *walker) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	switch n.Kind() {
	case ast.KindCodeBlock, ast.KindFencedCodeBlock, ast.KindHTMLBlock, ast.KindBlockquote:
		return ast.WalkSkipChildren, nil
	case ast.KindHeading:
		w.head(n.(*ast.Heading))
		return ast.WalkSkipChildren, nil
	case ast.KindParagraph, ast.KindTextBlock, east.KindTableCell:
		w.passage(n)
		return ast.WalkSkipChildren, nil
	}
	return ast.WalkContinue, nil
}

// head reads a heading: a question of a form begins an answer, and is no words
// of the person's own.
func (w *walker) head(n *ast.Heading) {
	text := w.inline(n)
	w.heading = FoldLine(text)
	if w.templates.Knows(text) {
		return
	}
	w.d.add("body", w.lineOf(n), text)
}

func (w *walker) passage(n ast.Node) {
	text := w.inline(n)
	w.answer(n, text)
	if w.templates.Knows(text) {
		return
	}
	if w.templates.hasLines(text) {
		text = w.templates.without(text)
	}
	w.d.add("body", w.lineOf(n), text)
}

// answer keeps what stands under a heading; of task boxes only the ticked.
func (w *walker) answer(n ast.Node, text string) {
	if w.heading == "" || noAnswer(text) {
		return
	}
	if box, ok := n.FirstChild().(*east.TaskCheckBox); ok && !box.IsChecked {
		return
	}
	if w.d.Form == nil {
		w.d.Form = map[string][]string{}
	}
	if len(w.d.Form) < mostAnswers && len(w.d.Form[w.heading]) < mostAnswers {
		w.d.Form[w.heading] = append(w.d.Form[w.heading], FoldLine(text))
	}
}

// mostAnswers bounds what is kept of a form.
const mostAnswers = 200

func noAnswer(text string) bool {
	t := strings.ToLower(strings.Trim(text, " \n\t_*"))
	return t == "" || t == "no response"
}

// gap stands for what is no word: no phrase runs across it.
const gap = " , "

// inline is the text of a block: its words, links' words, no code, images,
// HTML or struck-out text.
func (w *walker) inline(n ast.Node) string {
	var b strings.Builder
	w.write(&b, n)
	return html.UnescapeString(b.String())
}

func (w *walker) write(b *strings.Builder, n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			w.text(b, c)
		case *ast.String:
			b.Write(c.Value)
		case *ast.CodeSpan, *ast.Image, *ast.AutoLink, *ast.RawHTML, *east.Strikethrough:
			b.WriteString(gap)
		case *east.TaskCheckBox:
		default:
			w.write(b, c)
		}
	}
}

func (w *walker) text(b *strings.Builder, c *ast.Text) {
	b.Write(util.UnescapePunctuations(c.Segment.Value(w.src)))
	if c.SoftLineBreak() || c.HardLineBreak() {
		b.WriteByte('\n')
	}
}

// lineOf is the line of the body in which a block begins.
func (w *walker) lineOf(n ast.Node) int {
	at := -1
	if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
		at = n.Lines().At(0).Start
	} else if t, ok := n.FirstChild().(*ast.Text); ok {
		at = t.Segment.Start
	}
	if at > w.counted && at <= len(w.src) {
		w.line += bytes.Count(w.src[w.counted:at], []byte{'\n'})
		w.counted = at
	}
	return w.line
}
