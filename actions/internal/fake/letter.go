package fake

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Letter is a mail that the server took.
type Letter struct {
	From  string   // of the envelope
	To    []string // of the envelope
	Raw   []byte
	At    time.Time
	Parts []Part // the leaves of its MIME tree, in their order; none if it is not a mail
	head  mail.Header
}

// Part is one leaf of a mail's MIME tree.
type Part struct {
	Type string // text/plain, text/html, …
	Name string // of an attachment
	Body []byte // decoded
}

// Header is a header of the mail, decoded; empty if there is none.
func (l Letter) Header(name string) string {
	value := l.head.Get(name)
	if plain, err := new(mime.WordDecoder).DecodeHeader(value); err == nil {
		return plain
	}
	return value
}

// Text is the first part of that type, or empty.
func (l Letter) Text(kind string) string {
	for _, p := range l.Parts {
		if p.Type == kind {
			return string(p.Body)
		}
	}
	return ""
}

// Messages is the mails that came, the oldest first.
func (m *Mail) Messages() []Letter {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	return slices.Clone(m.messages)
}

func newLetter(from string, to []string, raw []byte, at time.Time) Letter {
	l := Letter{From: from, To: to, Raw: raw, At: at}
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return l
	}
	l.head = parsed.Header
	l.Parts = leaves(parsed.Header.Get("Content-Type"), parsed.Header.Get("Content-Transfer-Encoding"), "", parsed.Body)
	return l
}

// leaves walks a MIME tree.
func leaves(contentType, encoding, name string, body io.Reader) []Part {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain"
	}
	if !strings.HasPrefix(kind, "multipart/") {
		content, _ := io.ReadAll(plainly(encoding, body))
		return []Part{{kind, name, content}}
	}
	var found []Part
	reader := multipart.NewReader(body, parameters["boundary"])
	for {
		part, err := reader.NextRawPart()
		if err != nil {
			return found
		}
		found = append(found, leaves(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part.FileName(), part)...)
	}
}

func plainly(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}
