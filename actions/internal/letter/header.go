package letter

import (
	"bufio"
	"bytes"
	"cmp"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/textproto"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// Header is the header of a mail.
type Header struct{ message.Header }

// Split parts header and body. Lines of the header that are none are passed over;
// a mail that begins with text is all body.
func Split(src []byte) (Header, []byte) {
	if bytes.IndexByte(src, '\n') < 0 {
		src = bytes.ReplaceAll(src, []byte{'\r'}, []byte{'\n'}) // as old Macintoshes end lines
	}
	src = envelope.ReplaceAll(src, nil)
	clean, rest := cleanHeader(src)
	// The lines that are left are a header, so the error says nothing.
	fields, _ := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(clean)))
	return Header{message.Header{Header: fields}}, rest
}

// envelope is what a mailbox file writes before a mail.
var envelope = lazyregexp.New(`\A>?From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[^\r\n]*\r?\n`)

// cleanHeader is the lines of a header that a parser accepts, and what follows
// the header.
func cleanHeader(src []byte) (clean, rest []byte) {
	var b bytes.Buffer
	rest = src
	taken := false // whether the last line was taken
	for len(rest) > 0 && len(src)-len(rest) < maxHeader {
		line, after, _ := bytes.Cut(rest, []byte{'\n'})
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			rest = after
			break
		}
		continued := line[0] == ' ' || line[0] == '\t'
		if !continued && !field.Match(line) {
			if b.Len() == 0 {
				return []byte("\r\n"), src
			}
			taken, rest = false, after
			continue
		}
		rest = after
		if taken = taken || !continued; taken {
			b.Write(line)
			b.WriteString("\r\n")
		}
	}
	b.WriteString("\r\n")
	return b.Bytes(), rest
}

var field = lazyregexp.New(`^[!-9;-~]+[ \t]*:`)

// Addressed are the fields that tell whom a mail was sent to.
var Addressed = []string{"To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To"}

// IsFor reports whether a mail was sent to an address; any mail is for an empty one.
func (h Header) IsFor(address string) bool {
	if address == "" {
		return true
	}
	whole := regexp.MustCompile(`(?i)(?:^|[^\w.+-])` + regexp.QuoteMeta(address) + `(?:$|[^\w.-])`)
	for _, key := range Addressed {
		for _, value := range h.Values(key) {
			if whole.MatchString(value) {
				return true
			}
		}
	}
	return false
}

// text is a field, decoded; where its charset is not declared, it is guessed.
func (h Header) text(key string) string {
	raw := h.Get(key)
	plain, err := h.Text(key)
	if err != nil {
		plain = raw
	}
	return cut(flat(ToUTF8("", []byte(plain))), maxSubject)
}

func (h Header) subject() string { return h.text("Subject") }

// threaded reports whether the mail names another one that it follows.
func (h Header) threaded() bool { return h.Get("In-Reply-To") != "" || h.Get("References") != "" }

// answers reports whether a mail answers another one.
func (h Header) answers(subject string) bool {
	return answerPrefix.MatchString(subject) || h.Get("In-Reply-To") != "" && !forwardPrefix.MatchString(subject)
}

// forwards reports whether a mail hands on another one.
func (h Header) forwards(subject string) bool {
	return forwardPrefix.MatchString(subject) || h.Get("X-Forwarded-Message-Id") != ""
}

// The prefixes of subjects that mail programs write, in their languages.
var (
	answerPrefix  = lazyregexp.New(`(?i)^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|antw|antwort|sv|vs|odp|ynt|res|rif|r|bls|atb|vá|回复|回覆|答复|返信|답장|回信|ответ|отв|απ|σχετ|תגובה|רد|رد)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]`)
	forwardPrefix = lazyregexp.New(`(?i)^\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|wg|wtr|weitergeleitet|tr|rv|i|inoltra|enc|vb|vl|videresend|videresendt|vidarebefordrat|doorst|pd|podaj dalej|přeposláno|továbbítás|továbbítva|ilt|i̇lt|转发|轉寄|轉發|転送|전달|пересл|перенаправлено|πρθ|προωθ|הועבר|إعادة توجيه|reenv)\s*[:：]`)
)

// stem is a subject without what mail programs put before it, in small letters.
func stem(subject string) string {
	for range 5 {
		known := cmp.Or(answerPrefix.FindString(subject), forwardPrefix.FindString(subject))
		if known == "" {
			break
		}
		subject = strings.TrimSpace(subject[len(known):])
	}
	return strings.ToLower(flat(subject))
}
