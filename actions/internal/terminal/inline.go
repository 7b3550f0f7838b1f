package terminal

import (
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// inline is the text of a block. What is to be hidden is hidden here too,
// where escapes no longer part it; it costs the block its styles.
func (w *writer) inline(n ast.Node) []glyph {
	r := &inlineReader{writer: w}
	r.read(n, "")
	plain := plainOf(r.text)
	if masked := w.Mask(plain); masked != plain {
		return glyphs(masked, "")
	}
	return r.text
}

type inlineReader struct {
	*writer
	text  []glyph
	small bool // between <sub> and </sub>
}

func (r *inlineReader) read(parent ast.Node, style string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		r.one(n, style)
	}
}

func (r *inlineReader) one(n ast.Node, style string) {
	switch n := n.(type) {
	case *ast.Text:
		r.add(html.UnescapeString(string(util.UnescapePunctuations(n.Segment.Value(r.src)))), style)
		r.lineBreak(n)
	case *ast.String:
		r.add(string(n.Value), style)
	case *ast.CodeSpan:
		r.add(codeOf(n, r.src), style+Cyan)
	case *ast.Emphasis:
		r.read(n, style+Bold)
	case *ast.Link:
		r.read(n, style)
		if to := string(n.Destination); !r.table && strings.Contains(to, "://") {
			r.add(" ("+to+")", style+Faint)
		}
	case *ast.AutoLink:
		r.add(string(n.URL(r.src)), style)
	case *ast.RawHTML:
		r.tag(n)
	case *east.TaskCheckBox:
		r.add(map[bool]string{true: "[x] ", false: "[ ] "}[n.IsChecked], style)
	default:
		r.read(n, style)
	}
}

func (r *inlineReader) add(text, style string) {
	if r.small {
		style += Faint
	}
	r.text = append(r.text, glyphs(text, style)...)
}

func (r *inlineReader) lineBreak(n *ast.Text) {
	switch {
	case n.HardLineBreak():
		r.text = append(r.text, glyph{'\n', ""})
	case n.SoftLineBreak() && !r.begins():
		r.text = append(r.text, glyph{' ', ""})
	}
}

// begins reports whether what comes next begins a line, behind a <br>.
func (r *inlineReader) begins() bool {
	return len(r.text) > 0 && r.text[len(r.text)-1].sign == '\n'
}

// tag heeds the tags that our pages have, and drops all others.
func (r *inlineReader) tag(n *ast.RawHTML) {
	switch strings.ToLower(string(n.Segments.Value(r.src))) {
	case "<br>", "<br/>", "<br />":
		r.text = append(r.text, glyph{'\n', ""})
	case "<sub>":
		r.small = true
	case "</sub>":
		r.small = false
	}
}

// codeOf is the text of a code span; nothing is escaped in it.
func codeOf(n *ast.CodeSpan, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, is := c.(*ast.Text); is {
			b.Write(bytes.ReplaceAll(t.Segment.Value(src), []byte("\n"), []byte(" ")))
		}
	}
	return b.String()
}
