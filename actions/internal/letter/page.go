package letter

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// pageLines is the text of a mail's HTML as its reader sees it, by lines. A
// quotation's lines begin with its sign, and a drawn line is one of underscores.
// Where bare is set, only what HTML itself marks as quoted is a quotation.
func pageLines(markup string, bare bool) []string {
	p := page{tokens: html.NewTokenizer(strings.NewReader(markup)), bare: bare}
	for p.next() {
	}
	p.end("\n")
	return toLines(p.text.String())
}

// page reads HTML from front to back.
type page struct {
	tokens *html.Tokenizer
	bare   bool // classes and ids mark no quotation
	text   strings.Builder
	line   strings.Builder
	open   []element // that are open, the outermost first
	quotes int       // how many of them quote
	hidden string    // the element whose end shows what follows again
	within int       // how many elements of that name are open
}

type element struct {
	name   string
	quotes bool
}

// maxOpen is how many open elements are kept in mind.
const maxOpen = 500

var (
	hiddenStyle = lazyregexp.New(`(?i)display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)`)
	isBlock     = lazyregexp.New(`^(?:p|div|table|tr|td|th|ul|ol|li|dl|dt|dd|h[1-6]|pre|hr|section|article|header|footer|body|blockquote|center|form)$`)
	isCell      = lazyregexp.New(`^t[dh]$`)
	isVoid      = lazyregexp.New(`^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$`)

	// quoteMark is in the class or id of what mail programs put a quotation into.
	quoteMark = lazyregexp.New(`(?i)(?:^|\s|x_)(?:gmail_quote(?:_container)?|yahoo_quoted|yahoo_quoted_\d+|protonmail_quote|tutanota_quote|zmail_extra|mail-editor-reference-message-container|ms-outlook-mobile-reference-message|moz-email-headers-table|qt|gmx_quote|wmquote|lotusquote|reply-quote|replaced-blockquote)(?:\s|$)`)
	// quoteHead is the id of the head of a mail that is quoted or handed on.
	quoteHead = lazyregexp.New(`(?i)^(?:x_)*(?:divRplyFwdMsg|OLK_SRC_BODY_SECTION|stopSpelling|reply-header)$`)
	// quoteRule is the line that Outlook draws above a mail that it quotes.
	quoteRule = lazyregexp.New(`(?i)border-top\s*:\s*(?:solid|[\d.]+p[xt] solid)|border\s*:\s*none\s*;\s*border-top`)
)

func (p *page) next() bool {
	switch kind := p.tokens.Next(); kind {
	case html.ErrorToken:
		return false
	case html.TextToken:
		if p.hidden == "" {
			p.line.WriteString(strings.Map(oneSpace, string(p.tokens.Text())))
		}
	case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
		p.tag(kind)
	}
	return true
}

// oneSpace makes a line's end a space, which it is in HTML.
func oneSpace(r rune) rune {
	if r == '\n' || r == '\r' || r == '\t' {
		return ' '
	}
	return r
}

func (p *page) tag(kind html.TokenType) {
	token := p.tokens.Token()
	name, ends := token.Data, kind == html.EndTagToken
	hides := kind == html.StartTagToken && hidesText(token)
	switch {
	case p.hidden == name && ends:
		if p.within--; p.within == 0 {
			p.hidden = ""
		}
	case p.hidden == name && !isVoid.MatchString(name):
		p.within++
	case p.hidden == "head" && name == "body":
		p.hidden = ""
	case p.hidden != "":
	case hides:
		p.hidden, p.within = name, 1
	case name == "br":
		p.end("\n")
	default:
		p.element(token, ends)
	}
}

// element begins or ends an element that is shown.
func (p *page) element(token html.Token, ends bool) {
	switch {
	case isCell.MatchString(token.Data) && strings.HasSuffix(strings.TrimSpace(p.line.String()), ":"):
		p.line.WriteByte(' ') // a name and its value in two cells, as in a head
	case isBlock.MatchString(token.Data):
		p.end("\n\n")
	}
	if isVoid.MatchString(token.Data) {
		if token.Data == "hr" {
			p.rule()
		}
		return
	}
	if ends {
		p.close(token.Data)
		return
	}
	class, id, style := attribute(token, "class"), attribute(token, "id"), attribute(token, "style")
	if quoteRule.MatchString(style) && token.Data == "div" || quoteHead.MatchString(id) {
		p.rule()
	}
	marked := quoteMark.MatchString(class) || quoteMark.MatchString(id) || attribute(token, "name") == "quote"
	e := element{token.Data, token.Data == "blockquote" || marked && !p.bare}
	if len(p.open) < maxOpen {
		p.open = append(p.open, e)
		if e.quotes {
			p.quotes++
		}
	}
}

// close ends the innermost element of a name, and those within it that were left
// open.
func (p *page) close(name string) {
	for i := len(p.open) - 1; i >= 0 && i >= len(p.open)-50; i-- {
		if p.open[i].name != name {
			continue
		}
		for _, e := range p.open[i:] {
			if e.quotes {
				p.quotes--
			}
		}
		p.open = p.open[:i]
		return
	}
}

// rule writes a drawn line.
func (p *page) rule() {
	p.end("\n\n")
	p.line.WriteString(drawn)
	p.end("\n\n")
}

const drawn = "________"

func attribute(token html.Token, key string) string {
	for _, a := range token.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// hidesText reports whether a tag begins what a reader does not see.
func hidesText(token html.Token) bool {
	switch token.Data {
	case "head", "title", "style", "script", "template", "noscript":
		return true
	}
	for _, a := range token.Attr {
		if a.Key == "hidden" || a.Key == "style" && hiddenStyle.MatchString(a.Val) {
			return !isVoid.MatchString(token.Data)
		}
	}
	return false
}

// end writes the line as far as it was read.
func (p *page) end(with string) {
	line := flat(p.line.String())
	p.line.Reset()
	if line != "" && p.quotes > 0 {
		p.text.WriteString("> ")
	}
	if line != "" || with == "\n" {
		p.text.WriteString(line + with)
	}
}
