package terminal

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	gtext "github.com/yuin/goldmark/text"
)

// Paper is what a page of Markdown is shown on in a terminal.
type Paper struct {
	Width    int                 // of a line, in columns
	Coloured bool                // without, no sequence of a terminal is written
	Mask     func(string) string // hides what must not be shown, once more when Markdown's signs are gone
}

var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList)).Parser()

// Show returns Markdown as a person reads it in a terminal: headings and what is
// emphasised stand out, levels have their colours, tables have columns, and the
// signs of Markdown are gone. Whatever the text holds, the only sequences of a
// terminal in it are the colours above.
func (p Paper) Show(src string) string {
	source := []byte(p.Mask(strings.ToValidUTF8(src, "\uFFFD")))
	w := &writer{Paper: p, src: source}
	w.blocks(markdown.Parse(gtext.NewReader(source)), "")
	return w.out.String()
}

// writer goes through a page and writes its lines.
type writer struct {
	Paper
	src   []byte
	out   strings.Builder
	apart bool // an empty line stands before the next one, if there is a line
	table bool // a cell is being read: there the words of a link are enough
}

// blocks writes the parts of a page, or of a part, with a line between two of
// them; each line begins with the margin.
func (w *writer) blocks(parent ast.Node, margin string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.apart = w.apart || n.PreviousSibling() != nil && !tight(parent)
		w.block(n, margin)
	}
}

// tight tells a list whose items stand close.
func tight(n ast.Node) bool {
	if item, is := n.(*ast.ListItem); is {
		return tight(item.Parent())
	}
	list, is := n.(*ast.List)
	return is && list.IsTight
}

func (w *writer) block(n ast.Node, margin string) {
	switch n := n.(type) {
	case *ast.Heading:
		w.prose(margin, styled(w.inline(n), Bold))
	case *ast.Paragraph, *ast.TextBlock:
		text := w.inline(n)
		w.prose(margin, styled(text, levelOf(text, false)))
	case *ast.List:
		w.list(n, margin)
	case *ast.Blockquote:
		w.blocks(n, margin+"│ ")
	case *east.Table:
		w.grid(n, margin)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		w.raw(n, margin, func(s string) string { return s })
	case *ast.HTMLBlock:
		w.raw(n, margin, untagged)
	case *ast.ThematicBreak:
		w.prose(margin, glyphs(strings.Repeat("─", w.Width/2), Faint))
	default:
		w.blocks(n, margin)
	}
}

// list writes each item behind its mark, and what follows below the item.
func (w *writer) list(l *ast.List, margin string) {
	number := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "• "
		if l.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		w.apart = w.apart || item.PreviousSibling() != nil && !l.IsTight
		indent := margin + strings.Repeat(" ", len([]rune(mark)))
		inner := &writer{Paper: w.Paper, src: w.src}
		inner.blocks(item, indent)
		w.begin(margin)
		w.out.WriteString(margin + mark + strings.TrimPrefix(inner.out.String(), indent))
		if inner.out.Len() == 0 {
			w.out.WriteByte('\n')
		}
	}
}

// prose writes a text in lines that are not too wide.
func (w *writer) prose(margin string, text []glyph) {
	for _, line := range wrap(text, max(1, w.Width-len([]rune(margin))), false) {
		w.line(margin, line)
	}
}

// raw writes the lines of a block as they are, through a change.
func (w *writer) raw(n ast.Node, margin string, change func(string) string) {
	var text strings.Builder
	for i := range n.Lines().Len() {
		at := n.Lines().At(i)
		text.Write(at.Value(w.src))
	}
	shown := strings.TrimRight(w.Mask(change(text.String())), " \n")
	if shown == "" {
		return
	}
	for _, line := range strings.Split(shown, "\n") {
		w.line(margin, glyphs(line, ""))
	}
}

var tagForm = regexp.MustCompile(`(?s)<!--.*?-->|<[^>]*>`)

// untagged is the text of HTML.
func untagged(s string) string { return html.UnescapeString(tagForm.ReplaceAllString(s, "")) }

// begin writes the empty line that is due before another.
func (w *writer) begin(margin string) {
	if w.apart && w.out.Len() > 0 {
		w.out.WriteString(strings.TrimRight(margin, " ") + "\n")
	}
	w.apart = false
}

// line writes one line. A style is ended where it changes.
func (w *writer) line(margin string, text []glyph) {
	w.begin(margin)
	for len(text) > 0 && text[len(text)-1].sign == ' ' {
		text = text[:len(text)-1]
	}
	if len(text) == 0 {
		margin = strings.TrimRight(margin, " ")
	}
	w.out.WriteString(margin)
	for len(text) > 0 {
		n, part := 0, strings.Builder{}
		for n < len(text) && text[n].style == text[0].style {
			part.WriteRune(text[n].sign)
			n++
		}
		w.out.WriteString(Paint(w.Coloured, text[0].style, part.String()))
		text = text[n:]
	}
	w.out.WriteByte('\n')
}

var levels = map[string]string{
	"🔴": Red, "❌": Red, "🟠": Yellow, "🟡": Yellow, "🟢": Green, "✅": Green,
	"critical": Red, "error": Red, "no-go": Red, "warning": Yellow, "watch": Yellow, "ok": Green, "go": Green,
}

// levelOf is the colour of a text that begins with a level's mark, or in a
// table with its word.
func levelOf(text []glyph, cell bool) string {
	first, _, _ := strings.Cut(strings.TrimSpace(plainOf(text)), " ")
	if !cell && len(first) > 0 && first[0] < unicode.MaxASCII {
		return ""
	}
	return levels[first]
}
