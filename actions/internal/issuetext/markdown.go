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
	questions map[ast.Node]*question // by the heading that asks it, where the form is known
	asked     *question              // the form's question that is being answered
	heading   string                 // folded: what is being answered, known form or not
	open      []element              // the HTML elements that are open
	text      bytes.Buffer           // the inline text that is read
	strong    []span                 // the bold stretches of the inline text read last
	line      int                    // the line up to which newlines are counted, from 1
	counted   int                    // the offset that line stands for
}

func readBody(d *Document, body string, templates *Templates) {
	if strings.TrimSpace(body) == "" {
		return
	}
	src := []byte(body)
	w := &walker{d: d, src: src, templates: templates, line: 1}
	root := markdown.Parse(gtext.NewReader(src), parser.WithContext(parser.NewContext()))
	w.questions = w.match(root)
	_ = ast.Walk(root, w.visit) // visit returns no error
}

func (w *walker) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	switch n.Kind() {
	case ast.KindCodeBlock, ast.KindFencedCodeBlock:
		return ast.WalkSkipChildren, nil
	case ast.KindBlockquote:
		if !w.isAlert(n) {
			return ast.WalkSkipChildren, nil
		}
	case ast.KindHTMLBlock:
		w.htmlBlock(n.(*ast.HTMLBlock))
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

// alerts are the marks that make an alert box of a quotation: what stands in it
// is the author's own.
var alerts = []string{"[!note]", "[!tip]", "[!important]", "[!warning]", "[!caution]"}

// alertMark is the length of the mark with which a text begins, without its
// line end; 0 where there is none.
func alertMark(s string) int {
	line, _, _ := strings.Cut(s, "\n")
	for _, mark := range alerts {
		if strings.EqualFold(strings.TrimSpace(line), mark) {
			return len(line)
		}
	}
	return 0
}

// isAlert reports whether a quotation is one of GitHub's alert boxes.
func (w *walker) isAlert(n ast.Node) bool {
	first := n.FirstChild()
	if first == nil || first.Kind() != ast.KindParagraph || first.Lines().Len() == 0 {
		return false
	}
	line := first.Lines().At(0)
	return alertMark(string(line.Value(w.src))) > 0
}

// head reads a heading: a question of a form begins an answer, and is no words
// of the person's own. Where the form is known, any other heading is part of
// the answer in which it stands.
func (w *walker) head(n *ast.Heading) {
	if w.hidden() {
		return
	}
	text := w.inline(n)
	switch q := w.questions[n]; {
	case q != nil:
		w.asked, w.heading = q, q.folded
		return
	case w.questions != nil:
		w.answer(text)
	default:
		w.heading = FoldLine(text)
	}
	if w.templates.Knows(text) || asks(text) && w.deniedBelow(n) || w.unansweredBelow(n) {
		return
	}
	w.add(w.lineOf(n), text)
}

// deniedBelow reports whether the answer under a heading is a plain no, or is
// missing.
func (w *walker) deniedBelow(n ast.Node) bool {
	next := n.NextSibling()
	if next == nil || next.Kind() == ast.KindHeading {
		return true
	}
	if next.Kind() != ast.KindParagraph || next.Lines().Len() > 1 {
		return false
	}
	text := w.inline(next)
	return noAnswer(text) || isNo(text)
}

// unansweredBelow reports whether nothing stands under a heading but what
// GitHub writes for a question of a form that nobody answered: "No response", or
// boxes of which none is ticked. The form may be stored in another repository.
func (w *walker) unansweredBelow(n ast.Node) bool {
	below := n.NextSibling()
	if below == nil || w.d.whole {
		return false
	}
	if after := below.NextSibling(); after != nil && after.Kind() != ast.KindHeading {
		return false
	}
	switch below.Kind() {
	case ast.KindParagraph:
		return noAnswer(w.inline(below))
	case ast.KindList:
		for item := below.FirstChild(); item != nil; item = item.NextSibling() {
			if item.FirstChild() == nil || item.ChildCount() > 1 {
				return false
			}
			if box, ok := item.FirstChild().FirstChild().(*east.TaskCheckBox); !ok || box.IsChecked {
				return false
			}
		}
		return true
	}
	return false
}

func (w *walker) passage(n ast.Node) {
	if w.hidden() {
		return
	}
	text := w.inline(n)
	if n.Parent() != nil && n.Parent().Kind() == ast.KindBlockquote && n.PreviousSibling() == nil {
		text = text[alertMark(text):]
	}
	if box, ok := n.FirstChild().(*east.TaskCheckBox); ok {
		w.box(n, box.IsChecked, text)
		return
	}
	w.lines(w.lineOf(n), text)
}

// box reads an item with a box: an unticked one is nobody's word.
func (w *walker) box(n ast.Node, ticked bool, text string) {
	if !ticked && !w.d.whole {
		return
	}
	w.answer(text)
	if w.d.whole || !acknowledges(text) {
		w.add(w.lineOf(n), text)
	}
}

// lines reads a paragraph: boxes that are no items of a list, questions that
// are answered on their own line, and the person's own words.
func (w *walker) lines(line int, text string) {
	if w.d.whole {
		w.add(line, text)
		return
	}
	text, ticked := boxed(text)
	for _, t := range ticked {
		w.answer(t)
	}
	text = w.answered(text)
	if len(ticked) == 0 {
		w.answer(text)
	}
	w.add(line, text)
}

// htmlPassage reads a passage of HTML.
func (w *walker) htmlPassage(line int, text string) {
	if strings.TrimSpace(text) != "" {
		w.strong = nil
		w.lines(line, text)
	}
}

// add appends a passage without the words of templates.
func (w *walker) add(line int, text string) {
	if w.templates.Knows(text) {
		return
	}
	if w.templates.hasLines(text) {
		text = w.templates.without(text)
	}
	w.d.add("body", line, text)
}

// gap stands for what is no word: no phrase runs across it.
const gap = " , "

// inline is the text of a block: its words, links' words, no code, images,
// HTML or struck-out text.
func (w *walker) inline(n ast.Node) string {
	b := &w.text
	b.Reset()
	w.strong = w.strong[:0]
	w.write(b, n)
	s := b.String()
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	w.strong = w.strong[:0] // the places move
	return html.UnescapeString(s)
}

func (w *walker) write(b *bytes.Buffer, n ast.Node) {
	var closers map[string]ast.Node
	until := "" // the tag up to whose end nothing is written
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if raw, ok := c.(*ast.RawHTML); ok {
			if closers == nil {
				closers = w.closers(n)
			}
			until = w.tag(b, raw, until, closers)
			continue
		}
		if until != "" {
			continue
		}
		switch c := c.(type) {
		case *ast.Text:
			w.plain(b, c)
		case *ast.String:
			b.Write(c.Value)
		case *ast.CodeSpan, *ast.Image, *ast.AutoLink, *east.Strikethrough:
			b.WriteString(gap)
		case *east.TaskCheckBox:
		case *ast.Emphasis:
			from := b.Len()
			w.write(b, c)
			if c.Level == 2 {
				w.strong = append(w.strong, span{from, b.Len()})
			}
		default:
			w.write(b, c)
		}
	}
}

// closers are the last closing tags among the children of a node.
func (w *walker) closers(n ast.Node) map[string]ast.Node {
	last := map[string]ast.Node{}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if raw, ok := c.(*ast.RawHTML); ok {
			if name, closes := w.inlineTag(raw); closes {
				last[name] = c
			}
		}
	}
	return last
}

// tag reads an inline tag, and returns the one up to whose end nothing is
// written.
func (w *walker) tag(b *bytes.Buffer, raw *ast.RawHTML, until string, closers map[string]ast.Node) string {
	name, closes := w.inlineTag(raw)
	if closes && closers[name] == ast.Node(raw) {
		delete(closers, name) // none of this name is ahead
	}
	switch {
	case until != "":
		if closes && name == until {
			return ""
		}
		return until
	case name == "br":
		b.WriteByte('\n')
	case styling[name]:
	case !closes && quiet[name] && closers[name] != nil:
		b.WriteString(gap)
		return name
	default:
		b.WriteString(gap)
	}
	return ""
}

func (w *walker) plain(b *bytes.Buffer, c *ast.Text) {
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
