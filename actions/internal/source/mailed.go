package source

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// Mailed is what an export that came by mail holds, once what is personal has
// been left out.
type Mailed struct {
	Kept     []byte         // an event a line; empty where there is none
	Personal map[string]int // events that held personal data, by its kind
	Refused  []string       // records that could not be read: name, line and why; the first of them
	Count    int            // of those refused
}

// Scan reads an export that came by mail, and leaves out what is personal, so
// that it is kept nowhere.
func Scan(name string, content []byte, now time.Time) Mailed {
	var m Mailed
	refuse := func(line int, why string) {
		if m.Count++; m.Count <= mostRefused {
			m.Refused = append(m.Refused, fmt.Sprintf("%s:%d: %s", name, line, why))
		}
	}
	var kept bytes.Buffer
	for s := newSplitter(bufio.NewReader(bytes.NewReader(content))); ; {
		r, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			refuse(s.line, err.Error())
			break
		}
		why := r.why
		var e event
		if why == "" {
			e, why = understand(r.text, now)
		}
		switch {
		case why != "":
			refuse(r.line, why)
		case len(e.personal) > 0:
			for _, kind := range e.personal {
				if m.Personal == nil {
					m.Personal = map[string]int{}
				}
				m.Personal[kind]++
			}
		default:
			kept.Write(oneLineOf(r.text))
			kept.WriteByte('\n')
		}
	}
	m.Kept = kept.Bytes()
	return m
}

// oneLineOf is a record of JSON without the line breaks between its parts, which
// cannot stand within a text of JSON.
func oneLineOf(record []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(record, []byte{'\n'}, []byte{' '}), []byte{'\r'}, []byte{' '})
}

// withMail is the repository's files, and beside them what came by mail.
type withMail struct {
	fs.FS
	mailed map[string][]byte
}

func (w withMail) Open(name string) (fs.File, error) {
	if content, is := w.mailed[name]; is {
		return &mailedFile{Reader: bytes.NewReader(content), name: name}, nil
	}
	return w.FS.Open(name)
}

// mailedFile is a file that is read, and asked nothing else.
type mailedFile struct {
	*bytes.Reader
	name string
}

func (f *mailedFile) Stat() (fs.FileInfo, error) {
	return nil, &fs.PathError{Op: "stat", Path: f.name, Err: fs.ErrInvalid}
}

func (f *mailedFile) Close() error { return nil }
