package collect

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// ownWords are the lines of a mail that its writer wrote: without indentation
// and without what they quote. Of a mail that hands on another one, all counts.
func ownWords(text string, handedOn bool) string {
	w := writing{lines: strings.Split(text, "\n"), handedOn: handedOn}
	for i := range w.lines {
		w.lines[i] = strings.Join(strings.Fields(w.lines[i]), " ")
	}
	for w.at < len(w.lines) && w.next() {
	}
	return strings.TrimSpace(strings.Join(w.kept, "\n"))
}

// writing goes through the lines of a mail.
type writing struct {
	lines    []string
	at       int
	kept     []string
	handedOn bool
}

var (
	handingOn   = regexp.MustCompile(`(?i)^[-_ ]*(?:begin )?(?:forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio inoltrato)[-_ ]*:?$`)
	original    = regexp.MustCompile(`(?i)^[-_ ]{2,}(?:original message|original appointment|ursprüngliche nachricht|originalnachricht|message d'origine|mensaje original|messaggio originale)[-_ ]{2,}$`)
	attribution = regexp.MustCompile(`(?i)^(?:on|am|le|el|il|op|em|den) .*(?:\b(?:19|20)\d\d\b|\d:\d\d|@).*(?:\b(?:wrote|a écrit|escribió|ha scritto|escreveu|skrev) ?:|\b(?:schrieb|schreef)\b.{0,120}:)$`)
	sender      = regexp.MustCompile(`(?i)^\*?(?:from|von|de|da|van)\s?:`)
	sent        = regexp.MustCompile(`(?i)^\*?(?:sent|date|gesendet|datum|envoyé|enviado|inviato|verzonden)\s?:`)
	concerning  = regexp.MustCompile(`(?i)^\*?(?:subject|betreff|objet|asunto|oggetto|onderwerp)\s?:`)
)

// next takes in a line, and tells whether the writer's words may go on behind it.
func (w *writing) next() bool {
	line := w.lines[w.at]
	w.at++
	switch {
	case quoted(line) && !w.handedOn:
		w.handedOn = handingOn.MatchString(strings.TrimLeft(line, "> "))
		return true
	case quoted(line):
		line = strings.TrimLeft(line, "> ")
	}
	if handingOn.MatchString(line) {
		w.handedOn = true
		return true
	}
	if !w.handedOn {
		if n := w.attributed(line); n > 0 {
			w.at += n - 1
			return w.quotes()
		}
		if original.MatchString(line) || w.heads(line) {
			return false
		}
	}
	if line != "" || len(w.kept) > 0 && w.kept[len(w.kept)-1] != "" {
		w.kept = append(w.kept, line)
	}
	return true
}

// quoted tells a line that begins with the sign of a quotation. Some mailboxes put
// one before a line that begins with From.
func quoted(line string) bool {
	return strings.HasPrefix(line, ">") && !strings.HasPrefix(line, ">From ")
}

// attributed tells how many lines, up to three, say who wrote what is quoted
// behind them: On Monday, 26 January 2026, Ann wrote. None are zero.
func (w *writing) attributed(line string) int {
	for n := 1; n <= 3; n++ {
		if len(line) > 500 {
			return 0
		}
		if attributes(line) {
			return n
		}
		if w.at+n > len(w.lines) || w.lines[w.at+n-1] == "" || attributes(w.lines[w.at+n-1]) {
			return 0
		}
		line += " " + w.lines[w.at+n-1]
	}
	return 0
}

func attributes(line string) bool {
	return strings.HasSuffix(line, ":") && attribution.MatchString(line)
}

// quotes tells whether the next line that is not empty bears the sign of a
// quotation. Where it does not, all that follows is quoted.
func (w *writing) quotes() bool {
	for _, line := range w.lines[w.at:] {
		if line != "" {
			return quoted(line)
		}
	}
	return false
}

// heads tells a line that begins the head of a mail that is quoted whole: who
// sent it, when, and what it is about.
func (w *writing) heads(line string) bool {
	if !sender.MatchString(line) {
		return false
	}
	when, what := false, false
	for _, line := range w.lines[w.at:min(w.at+6, len(w.lines))] {
		when = when || sent.MatchString(line)
		what = what || concerning.MatchString(line)
	}
	return when && what
}

// Markdown is the text of a mail, which is none, as Markdown that reads the same.
func (l Letter) Markdown() string { return literally.Replace(l.Text) }

var literally = strings.NewReplacer(`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `~`, `\~`, `<`, `\<`, `[`, `\[`, `]`, `\]`, `#`, `\#`, `>`, `\>`)

// markupText is the text of a mail's HTML as its reader sees it; a quotation's
// lines begin with its sign.
func markupText(markup string) string {
	p := page{tokens: html.NewTokenizer(strings.NewReader(markup))}
	for p.next() {
	}
	p.end("\n")
	return p.text.String()
}

// page reads HTML from front to back.
type page struct {
	tokens *html.Tokenizer
	text   strings.Builder
	line   strings.Builder
	quotes int
	hidden string // the element whose end shows what follows again
	within int    // how many elements of that name are open
}

var (
	hiddenStyle = regexp.MustCompile(`(?i)display\s*:\s*none|visibility\s*:\s*hidden`)
	partsLines  = regexp.MustCompile(`^(?:p|div|table|tr|td|th|ul|ol|li|dl|dt|dd|h[1-6]|pre|hr|section|article|header|footer|body|blockquote|center|form)$`)
	endless     = regexp.MustCompile(`^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$`)
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
		name, more := p.tokens.TagName()
		p.tag(string(name), kind == html.EndTagToken, kind == html.StartTagToken && p.hides(string(name), more))
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

// hides tells a tag that begins what a reader does not see.
func (p *page) hides(name string, more bool) bool {
	switch name {
	case "head", "title", "style", "script", "template", "noscript":
		return true
	}
	for more {
		var key, value []byte
		key, value, more = p.tokens.TagAttr()
		if string(key) == "hidden" || string(key) == "style" && hiddenStyle.Match(value) {
			return !endless.MatchString(name)
		}
	}
	return false
}

func (p *page) tag(name string, ends, hides bool) {
	switch {
	case p.hidden == name && ends:
		if p.within--; p.within == 0 {
			p.hidden = ""
		}
	case p.hidden == name && !endless.MatchString(name):
		p.within++
	case p.hidden == "head" && name == "body":
		p.hidden = ""
	case p.hidden != "":
	case hides:
		p.hidden, p.within = name, 1
	case name == "br":
		p.end("\n")
	case partsLines.MatchString(name):
		p.end("\n\n")
		if name == "blockquote" && ends {
			p.quotes = max(0, p.quotes-1)
		} else if name == "blockquote" {
			p.quotes++
		}
	}
}

// end writes the line as far as it was read.
func (p *page) end(with string) {
	line := strings.Join(strings.Fields(p.line.String()), " ")
	p.line.Reset()
	if line != "" && p.quotes > 0 {
		p.text.WriteString("> ")
	}
	if line != "" || with == "\n" {
		p.text.WriteString(line + with)
	}
}
