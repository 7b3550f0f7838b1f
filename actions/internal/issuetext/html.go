package issuetext

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// An issue may be written in HTML: mailed, imported from another tracker, or
// pasted. Its words count as those of Markdown do, with the same exceptions:
// code, quotations and struck-out text, and attachments, which are what stands
// in <details> whose summary names a log.

// element is an HTML element that is open.
type element struct {
	tag   string
	hides bool
	named bool // of <details>: a summary says what is in it
}

// maxOpen bounds the elements that are remembered, so that closing tags stay
// cheap to look up.
const maxOpen = 64

// quiet are the elements whose words are not the author's own statement.
var quiet = set("pre code samp script style textarea blockquote del s strike template svg math head title noscript iframe")

// outlasting are the elements that span several blocks of Markdown; every other
// one ends with its block.
var outlasting = set("details blockquote")

// blocks are the elements that part passages.
var blocks = set("p div li ul ol table tr td th h1 h2 h3 h4 h5 h6 section article header footer summary details blockquote pre hr dl dt dd")

// attachments are the words of a summary under which logs and the like stand.
var attachments = set("log logs output outputs trace traceback stacktrace backtrace console dump dumps environment config configuration versions info information diagnostics report details code script attachment attachments screenshot screenshots")

// hidden reports whether an open element hides what is read now.
func (w *walker) hidden() bool {
	for _, e := range w.open {
		if e.hides {
			return true
		}
	}
	return false
}

func (w *walker) openElement(tag string, hides bool) {
	if len(w.open) < maxOpen {
		w.open = append(w.open, element{tag: tag, hides: hides})
	}
}

func (w *walker) closeElement(tag string) {
	for i := len(w.open) - 1; i >= 0; i-- {
		if w.open[i].tag == tag {
			w.open = w.open[:i]
			return
		}
	}
}

// endBlock closes what cannot outlast a block of Markdown.
func (w *walker) endBlock() {
	kept := w.open[:0]
	for _, e := range w.open {
		if e.tag == "details" && !e.named {
			e.hides = false // Markdown follows, which is prose as a rule
		}
		if outlasting[e.tag] {
			kept = append(kept, e)
		}
	}
	w.open = kept
}

// htmlBlock reads the words of a block of HTML.
func (w *walker) htmlBlock(n *ast.HTMLBlock) {
	b := &htmlText{w: w, line: w.lineOf(n)}
	src := w.source(n)
	if isComment(src) {
		b.b.WriteString(gap)
		b.flush()
		w.endBlock()
		return
	}
	z := html.NewTokenizer(bytes.NewReader(src))
	z.SetMaxBuf(0)
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		b.token(kind, z)
	}
	b.flush()
	w.endBlock()
}

// isComment reports whether a block is one comment, as most are that templates
// put into issues.
func isComment(src []byte) bool {
	src = bytes.TrimSpace(src)
	rest, opens := bytes.CutPrefix(src, []byte("<!--"))
	return opens && len(rest) > 3 && rest[0] != '>' && rest[0] != '-' && bytes.Index(rest, []byte("-->")) == len(rest)-3 && !bytes.Contains(rest, []byte("--!>"))
}

// source is the text of a block, its closing line included.
func (w *walker) source(n *ast.HTMLBlock) []byte {
	var src []byte
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		src = append(src, line.Value(w.src)...)
	}
	if n.HasClosure() {
		src = append(src, n.ClosureLine.Value(w.src)...)
	}
	return src
}

// htmlText collects the passages of a block of HTML.
type htmlText struct {
	w       *walker
	b       strings.Builder
	line    int // of the body, where the passage under way begins
	behind  int // the lines that the passage under way holds
	summary bool
}

func (h *htmlText) token(kind html.TokenType, z *html.Tokenizer) {
	switch kind {
	case html.TextToken:
		h.text(string(z.Text()))
	case html.StartTagToken, html.SelfClosingTagToken:
		name, _ := z.TagName()
		h.start(string(name), kind == html.SelfClosingTagToken)
	case html.EndTagToken:
		name, _ := z.TagName()
		h.end(string(name))
	case html.CommentToken, html.DoctypeToken:
		h.behind += bytes.Count(z.Raw(), []byte{'\n'})
		h.b.WriteString(gap)
	}
}

func (h *htmlText) text(s string) {
	h.behind += strings.Count(s, "\n")
	if !h.w.hidden() {
		h.b.WriteString(s)
	}
}

func (h *htmlText) start(tag string, closed bool) {
	switch {
	case blocks[tag]:
		h.flush()
	case tag == "br":
		h.b.WriteByte('\n')
		h.behind-- // it is no line of the source
		return
	case tag == "img":
		h.b.WriteString(gap)
	}
	switch {
	case closed:
	case tag == "details":
		h.w.openElement(tag, true) // until a summary says what is in it
	case tag == "summary":
		h.summary = true
		h.w.reveal()
	case quiet[tag]:
		if !blocks[tag] {
			h.b.WriteString(gap)
		}
		h.w.openElement(tag, true)
	}
}

func (h *htmlText) end(tag string) {
	if tag == "summary" && h.summary {
		h.summary = false
		h.w.summarize(h.b.String())
	}
	if blocks[tag] {
		h.flush()
	}
	if quiet[tag] || tag == "details" {
		h.w.closeElement(tag)
	}
}

// flush adds what was collected as a passage.
func (h *htmlText) flush() {
	h.w.htmlPassage(h.line, h.b.String())
	h.b.Reset()
	h.line, h.behind = h.line+max(0, h.behind), 0
}

// reveal shows what stands in the innermost <details>.
func (w *walker) reveal() {
	if last := len(w.open) - 1; last >= 0 && w.open[last].tag == "details" {
		w.open[last].hides, w.open[last].named = false, true
	}
}

// summarize hides what stands in the innermost <details> where its summary
// names an attachment.
func (w *walker) summarize(summary string) {
	last := len(w.open) - 1
	if last < 0 || w.open[last].tag != "details" {
		return
	}
	for _, word := range Words(summary) {
		if attachments[word.Folded] {
			w.open[last].hides = true
		}
	}
}

// inlineTag is the name of an inline tag, in lower case, and whether it closes.
func (w *walker) inlineTag(n *ast.RawHTML) (name string, closes bool) {
	if n.Segments.Len() == 0 {
		return "", false
	}
	at := n.Segments.At(0)
	raw := at.Value(w.src)
	raw = bytes.TrimPrefix(raw, []byte{'<'})
	raw, closes = bytes.CutPrefix(raw, []byte{'/'})
	end := bytes.IndexFunc(raw, func(r rune) bool { return r >= 0x80 || !isLetter(byte(r)) })
	if end <= 0 || end > 16 {
		return "", closes
	}
	return strings.ToLower(string(raw[:end])), closes
}

// styling are the inline tags that change how words look and part none.
var styling = set("b i u strong em span a font ins mark small big sub sup q cite abbr var tt center kbd")
