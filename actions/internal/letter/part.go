package letter

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/textproto"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// texts are the parts of one message that are read as prose.
type texts struct {
	*reader
	plain, markup strings.Builder
	attached      []words // messages within the message
	forwards      bool    // the message hands on another one
}

// part reads one part, and the parts within it.
func (t *texts) part(h message.Header, raw []byte, depth int) {
	if t.parts++; t.parts > maxParts || depth > maxDepth {
		t.letter.Endless = true
		return
	}
	kind, params := mediaType(h)
	name := partName(h, params)
	switch {
	case strings.HasPrefix(kind, "multipart/") && params["boundary"] != "":
		t.several(params["boundary"], raw, depth)
	case kind == "message/rfc822" || kind == "message/global" || strings.HasSuffix(strings.ToLower(name), ".eml"):
		inner, rest := Split(t.content(h, raw))
		t.attached = append(t.attached, t.message(inner, rest, depth+1, true))
	case statusKind.MatchString(kind):
		t.program = t.program || depth <= 1 && !t.forwards
	case isCalendar(kind, name):
		t.calendar(h, params, t.content(h, raw))
	case kind == "application/ms-tnef" || strings.EqualFold(name, "winmail.dat"):
		t.letter.Refused[Enclosed]++
	case isExport(kind, name):
		t.export(t.content(h, raw))
	case archive.MatchString(name):
		t.letter.Refused[Archived]++
	case disposition(h) == "attachment":
	case kind == "text/html" || kind == "text/enriched":
		write(&t.markup, t.prose(h, kind, raw))
	case kind == "text/plain", kind == "text/markdown" && name == "", strings.HasPrefix(kind, "multipart/"):
		write(&t.plain, t.prose(h, kind, raw))
	}
}

// statusKind is a part that programs read: the report of a bounce, a receipt or a
// complaint.
var statusKind = lazyregexp.New(`^message/(?:delivery-status|global-delivery-status|disposition-notification|global-disposition-notification|feedback-report)$`)

// several reads the parts of a multipart. Where its form breaks off, what came
// before was read.
func (t *texts) several(boundary string, body []byte, depth int) {
	parts := textproto.NewMultipartReader(bytes.NewReader(body), boundary)
	for n := 0; t.parts <= maxParts; n++ {
		p, err := parts.NextPart()
		if err != nil {
			if n == 0 && !bytes.Contains(body, []byte("--"+boundary)) {
				write(&t.plain, ToUTF8("", body)) // what was sent has no parts at all
			}
			// A mail that was cut off behind a whole part ends so, too.
			t.letter.Broken = t.letter.Broken || n == 0 || !errors.Is(err, io.EOF)
			return
		}
		raw, err := io.ReadAll(p) // of a part that is cut off the beginning is read
		t.part(message.Header{Header: p.Header}, raw, depth+1)
		if err != nil {
			t.letter.Broken = true
			return
		}
	}
	t.letter.Endless = true
}

// content is what a part holds, its transfer encoding undone as far as it goes.
func (t *texts) content(h message.Header, raw []byte) []byte {
	plain, err := io.ReadAll(entity(h, "application/octet-stream", raw).Body)
	if err == nil {
		return plain
	}
	var corrupt base64.CorruptInputError
	if errors.As(err, &corrupt) || errors.Is(err, io.ErrUnexpectedEOF) && encodingOf(h) == "base64" {
		return anyBase64(raw)
	}
	t.letter.Broken = true
	return plain
}

// prose is the text of a part, in UTF-8.
func (t *texts) prose(h message.Header, kind string, raw []byte) string {
	content := t.content(h, raw)
	_, params := mediaType(h)
	declared := params["charset"]
	if declared == "" && kind == "text/html" {
		if named := metaCharset.FindSubmatch(content[:min(len(content), 2048)]); named != nil {
			declared = string(named[1])
		}
	}
	plain := ToUTF8(declared, content)
	if strings.EqualFold(params["format"], "flowed") {
		plain = unstuffed.ReplaceAllString(plain, "$1")
		if strings.EqualFold(params["delsp"], "yes") {
			plain = softBreak.ReplaceAllString(plain, "$1$2")
		}
	}
	return plain
}

var (
	metaCharset = lazyregexp.New(`(?i)<meta\s[^>]*charset\s*=\s*["']?([\w.:-]+)`)
	unstuffed   = lazyregexp.New(`(?m)^ (>|From )`)                       // RFC 3676 puts a space before them
	softBreak   = lazyregexp.New(`([^\s-]|[^\s-]-|[^-]--) \r?\n([^>\s])`) // where RFC 3676 goes on in the same word, with DelSp
)

// entity is a part of a kind as go-message decodes it. Names of encodings are
// taken without what some programs write behind them.
func entity(h message.Header, kind string, raw []byte) *message.Entity {
	var clean message.Header
	clean.Set("Content-Type", kind)
	clean.Set("Content-Transfer-Encoding", encodingOf(h))
	e, _ := message.New(clean, bytes.NewReader(raw)) // an encoding that is not known leaves the body as it is
	return e
}

func encodingOf(h message.Header) string {
	switch name := encodingName.FindString(strings.ToLower(h.Get("Content-Transfer-Encoding"))); name {
	case "base64", "quoted-printable":
		return name
	}
	return "binary"
}

// encodingName is what stands before a semicolon or a comment.
var encodingName = lazyregexp.New(`^[a-z0-9-]+`)

// anyBase64 reads what is of base64 in a text, whatever stands between, up to its
// padding. Text that was sent as it is, with spaces between its words, stays.
func anyBase64(raw []byte) []byte {
	blanks := 0
	for _, c := range raw {
		if c == ' ' {
			blanks++
		}
	}
	if blanks*20 > len(raw) {
		return raw
	}
	var digits []byte
	lines := bytes.Split(raw, []byte{'\n'})
	whole, last := 0, 0 // lines of whole groups, as programs write them, and the last that holds any
	for i, line := range lines {
		lines[i] = bytes.Map(base64Digit, line)
		if len(lines[i]) > 0 {
			last = i
		}
		if len(lines[i]) > 0 && len(lines[i])%4 == 0 {
			whole++
		}
	}
	for i, line := range lines {
		if len(line)%4 != 0 && 2*whole > last && len(digits)%4 == 0 && i < last {
			continue // a line that another program wrote between
		}
		end := bytes.IndexByte(line, '=')
		if end >= 0 {
			digits = append(digits, line[:end]...)
			break
		}
		digits = append(digits, line...)
	}
	plain := make([]byte, base64.RawStdEncoding.DecodedLen(len(digits)))
	n, _ := base64.RawStdEncoding.Decode(plain, digits) // as far as it goes
	return plain[:n]
}

// base64Digit is a rune of base64 or its padding; -1 for any other.
func base64Digit(r rune) rune {
	if r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '+' || r == '/' || r == '=' {
		return r
	}
	return -1
}

// mediaType reads a content type; one that cannot be read is plain text.
func mediaType(h message.Header) (string, map[string]string) {
	written := h.Get("Content-Type")
	kind, params, err := mime.ParseMediaType(written)
	if err != nil && strings.Contains(written, "(") && !strings.Contains(strings.ToLower(written), "boundary") {
		written = comment.ReplaceAllString(written, " ") // comments may stand there (RFC 2045, 5.1)
		kind, params, err = mime.ParseMediaType(written)
	}
	if kind == "" || err != nil && params == nil {
		kind, _, _ = strings.Cut(written, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
		params = map[string]string{}
		for _, m := range looseParam.FindAllStringSubmatch(written, 20) {
			params[strings.ToLower(m[1])] = m[2]
		}
	}
	if !strings.Contains(kind, "/") {
		kind = "text/plain"
	}
	return kind, params
}

// looseParam is a parameter in a content type that is not written as it should be.
var looseParam = lazyregexp.New(`(?i)\b(boundary|charset|method|name|format)\s*=\s*"?([^";]+)`)

func disposition(h message.Header) string {
	kind, _, _ := strings.Cut(h.Get("Content-Disposition"), ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

func partName(h message.Header, params map[string]string) string {
	_, attached, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	name := cmp.Or(attached["filename"], params["name"])
	if loose := looseName.FindStringSubmatch(h.Get("Content-Disposition") + ";" + h.Get("Content-Type")); name == "" && loose != nil {
		name = strings.TrimSpace(loose[1])
	}
	var one message.Header
	one.Set("Subject", strings.Join(strings.Fields(name), " "))
	if plain, err := one.Text("Subject"); err == nil {
		name = plain
	}
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	return cut(name, maxSubject)
}

// looseName is a name that is not written as it should be.
var looseName = lazyregexp.New(`(?i)name\s*=\s*"?([^";]+)`)

// write adds a text, up to what is looked at of it in all.
func write(b *strings.Builder, s string) {
	b.WriteString(cut(s, max(0, maxRead-b.Len())))
	b.WriteString("\n\n")
}
