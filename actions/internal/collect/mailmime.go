package collect

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Letter is one mail as it was read.
type Letter struct {
	Validity, UID uint32
	// Names are what it is known by for all time, wherever it is read again: by the
	// newest key, by older ones, and without a key. They tell nothing of it.
	Names     []string
	At        time.Time // when the server got it
	Subject   string
	Text      string          // what the person wrote: plain, without what it quotes, and valid UTF-8
	Automatic bool            // written by a program: a bounce, an automatic answer, bulk
	Unread    bool            // it holds something, and nothing that could be read
	Exports   [][]byte        // of telemetry: JSON, unpacked
	Refused   map[Refusal]int // attachments that were not taken of it
	Large     bool            // too large to be read: its subject alone was
	Endless   bool            // it has more parts than are read
}

const (
	// mostMailText is how much is read of a mail's plain text, and of its HTML, in
	// bytes.
	mostMailText = 64 << 10
	mostParts    = 100
	mostDepth    = 10
	mostExports  = 10
	// largestExports is how large the exports of a mail may be in all, once they are
	// unpacked, in bytes.
	largestExports = 4 << 20
	mostHeader     = 256 << 10
)

// mailHeader is the header of a mail or of a part, its keys as Go writes them.
type mailHeader map[string][]string

func (h mailHeader) get(key string) string {
	if v := h[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// splitMail parts header and body. Lines of the header that are none are passed
// over; a mail without an empty line is all body, unless each of its lines is of
// a header.
func splitMail(src []byte) (mailHeader, []byte) {
	header, last := mailHeader{}, ""
	rest := src
	for len(rest) > 0 && len(src)-len(rest) < mostHeader {
		line, after, _ := bytes.Cut(rest, []byte{'\n'})
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			return header, after
		}
		rest = after
		if line[0] == ' ' || line[0] == '\t' {
			if v := header[last]; len(v) > 0 {
				v[len(v)-1] += " " + strings.TrimSpace(string(line))
			}
			continue
		}
		key, value, is := strings.Cut(string(line), ":")
		if !is || strings.ContainsAny(key, " \t") {
			if len(header) == 0 {
				return header, src // it begins with text
			}
			continue
		}
		last = textproto.CanonicalMIMEHeaderKey(key)
		header[last] = append(header[last], strings.TrimSpace(value))
	}
	return header, rest
}

// addressed are the fields that tell whom a mail was sent to.
var addressed = []string{"To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To"}

// isFor tells whether a mail was sent to an address; any mail is for none.
func (h mailHeader) isFor(address string) bool {
	if address == "" {
		return true
	}
	whole := regexp.MustCompile(`(?i)(?:^|[^\w.+-])` + regexp.QuoteMeta(address) + `(?:$|[^\w.-])`)
	for _, key := range addressed {
		for _, value := range h[key] {
			if whole.MatchString(value) {
				return true
			}
		}
	}
	return false
}

// automatic tells a mail that a program wrote (RFC 3834, and what is older). What
// came over a list is none for that alone: the address may be a group's.
func (h mailHeader) automatic() bool {
	auto := strings.ToLower(h.get("Auto-Submitted"))
	precedence := strings.ToLower(h.get("Precedence"))
	from := strings.ToLower(h.get("From"))
	switch {
	case auto != "" && auto != "no", h.get("X-Autoreply") != "", h.get("X-Autorespond") != "":
		return true
	case precedence == "bulk" || precedence == "junk" || precedence == "auto_reply":
		return true
	case h.get("Return-Path") == "<>", strings.Contains(from, "mailer-daemon@"), strings.Contains(from, "postmaster@"):
		return true
	}
	kind, _ := mediaType(h.get("Content-Type"))
	return kind == "multipart/report"
}

// mediaType reads a content type; one that cannot be read is plain text.
func mediaType(s string) (string, map[string]string) {
	kind, params, err := mime.ParseMediaType(s)
	if kind == "" || err != nil && params == nil {
		kind, _, _ = strings.Cut(s, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	if !strings.Contains(kind, "/") {
		kind = "text/plain"
	}
	return kind, params
}

// letterReader gathers what is wanted of a mail.
type letterReader struct {
	letter      Letter
	plain, html strings.Builder
	parts       int
	exported    int // bytes of exports so far
}

// readLetter reads a mail. What is broken in it is read as far as it goes.
func readLetter(header mailHeader, body []byte) Letter {
	r := &letterReader{letter: Letter{Subject: decodedWords(header.get("Subject")), Automatic: header.automatic(), Refused: map[Refusal]int{}}}
	r.part(header, body, 0)
	r.letter.Text = r.words()
	r.letter.Unread = r.letter.Text == "" && len(r.letter.Exports)+len(r.letter.Refused) == 0 && len(bytes.TrimSpace(body)) > 0
	return r.letter
}

// handsOn is the subject of a mail that hands on another one.
var handsOn = regexp.MustCompile(`(?i)^\s*(?:fwd?|wg|tr|rv)\s*:`)

// words are what the writer wrote, in plain text and in HTML: the one may say next
// to nothing where the other says it all. Where both say the same it stands once.
func (r *letterReader) words() string {
	var texts []string
	for _, text := range []string{r.plain.String(), markupText(r.html.String())} {
		text = cutAt(ownWords(strings.ToValidUTF8(text, "\uFFFD"), handsOn.MatchString(r.letter.Subject)), mostMailText)
		if text != "" && (texts == nil || !sameWords(texts[0], text)) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "\n\n")
}

func sameWords(a, b string) bool { return slices.Equal(strings.Fields(a), strings.Fields(b)) }

func (r *letterReader) part(header mailHeader, body []byte, depth int) {
	if r.parts++; r.parts > mostParts || depth > mostDepth {
		r.letter.Endless = true
		return
	}
	kind, params := mediaType(header.get("Content-Type"))
	name := partName(header, params)
	switch {
	case strings.HasPrefix(kind, "multipart/") && params["boundary"] != "":
		r.several(params["boundary"], body, depth)
	case kind == "message/rfc822":
		inner, rest := splitMail(unencoded(header, body))
		r.part(inner, rest, depth+1)
	case isExport(kind, name):
		r.export(unencoded(header, body))
	case archive.MatchString(name):
		r.letter.Refused[Archived]++
	case strings.HasPrefix(strings.ToLower(header.get("Content-Disposition")), "attachment"):
	case kind == "text/html":
		write(&r.html, charset(params["charset"], unencoded(header, body)))
	case kind == "text/plain", name == "" && (strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "multipart/")):
		write(&r.plain, charset(params["charset"], unencoded(header, body)))
	}
}

var archive = regexp.MustCompile(`(?i)\.(zip|7z|rar|tar|tgz|bz2|xz|zst)$`)

// write adds a text, up to what is looked at of it in all.
func write(b *strings.Builder, s string) {
	b.WriteString(cutAt(s, max(0, 8*mostMailText-b.Len())))
	b.WriteString("\n\n")
}

// cutAt is the beginning of a text, of at most n bytes.
func cutAt(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// several reads the parts of a multipart. Where its form breaks off, what came
// before was read.
func (r *letterReader) several(boundary string, body []byte, depth int) {
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for r.parts <= mostParts {
		p, err := parts.NextRawPart()
		if err != nil {
			return
		}
		content, _ := io.ReadAll(p) // of a part that is cut off the beginning is read
		header := mailHeader{}
		for key, values := range p.Header {
			header[textproto.CanonicalMIMEHeaderKey(key)] = values
		}
		r.part(header, content, depth+1)
	}
}

func partName(header mailHeader, params map[string]string) string {
	_, disposition := mediaType(header.get("Content-Disposition"))
	name := cmp.Or(disposition["filename"], params["name"])
	if loose := looseName.FindStringSubmatch(header.get("Content-Disposition") + ";" + header.get("Content-Type")); name == "" && loose != nil {
		name = strings.TrimSpace(loose[1])
	}
	name = decodedWords(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	return name
}

// looseName is a name that is not written as it should be.
var looseName = regexp.MustCompile(`(?i)name\s*=\s*"?([^";]+)`)

var exportName = regexp.MustCompile(`(?i)\.(?:json|ndjson|jsonl)(?:\.gz)?$`)

func isExport(kind, name string) bool {
	switch kind {
	case "application/json", "application/x-ndjson", "application/ndjson":
		return true
	case "application/gzip", "application/x-gzip":
		return name == "" || strings.HasSuffix(strings.ToLower(name), ".gz")
	}
	return exportName.MatchString(name)
}

// export takes in an attachment, unpacked within its bounds.
func (r *letterReader) export(content []byte) {
	if len(r.letter.Exports) == mostExports {
		r.letter.Refused[TooMany]++
		return
	}
	plain, why := unpackedExport(content, largestExports-r.exported)
	if why != "" {
		r.letter.Refused[why]++
		return
	}
	r.exported += len(plain)
	r.letter.Exports = append(r.letter.Exports, plain)
}

// unpackedExport is the JSON of an export of at most so many bytes, gzipped or
// not, or why it is none.
func unpackedExport(content []byte, most int) ([]byte, Refusal) {
	in, err := unpacked(bytes.NewReader(content))
	if err != nil {
		return nil, Damaged
	}
	plain, err := io.ReadAll(io.LimitReader(in, int64(most)+1))
	switch {
	case err != nil:
		return nil, Damaged
	case len(plain) > most:
		return nil, TooLarge
	case bytes.HasPrefix(plain, []byte{0x1f, 0x8b}):
		return nil, PackedTwice
	}
	return plain, ""
}

// encodingName is what stands before a semicolon or a comment.
var encodingName = regexp.MustCompile(`^[a-z0-9-]+`)

// unencoded undoes the transfer encoding, as far as it goes.
func unencoded(header mailHeader, body []byte) []byte {
	switch encodingName.FindString(strings.ToLower(header.get("Content-Transfer-Encoding"))) {
	case "base64":
		digits := bytes.Map(func(r rune) rune {
			if r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '+' || r == '/' {
				return r
			}
			return -1
		}, body)
		plain, _ := io.ReadAll(base64.NewDecoder(base64.RawStdEncoding, bytes.NewReader(digits)))
		return plain
	case "quoted-printable":
		plain, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
		if err != nil && len(plain) == 0 {
			return body
		}
		return plain
	}
	return body
}

// charset brings a text to UTF-8; one of an unknown set is taken as it is. The mark
// of Unicode at its beginning says more than the name.
func charset(name string, text []byte) string {
	set, err := htmlindex.Get(strings.ToLower(name))
	if err != nil {
		set = encoding.Nop
	}
	plain, _, err := transform.Bytes(unicode.BOMOverride(set.NewDecoder()), text)
	if err != nil {
		return string(text)
	}
	return string(plain)
}

// decodedWords undoes the encoded words of a header (RFC 2047).
func decodedWords(s string) string {
	words := mime.WordDecoder{CharsetReader: func(name string, in io.Reader) (io.Reader, error) {
		set, err := htmlindex.Get(strings.ToLower(name))
		if err != nil {
			return nil, err
		}
		return transform.NewReader(in, set.NewDecoder()), nil
	}}
	plain, err := words.DecodeHeader(s)
	if err != nil {
		plain = s
	}
	return cutAt(strings.ToValidUTF8(plain, "\uFFFD"), 1000)
}
