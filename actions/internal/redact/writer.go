package redact

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// Writer masks line by line what goes through it, also where a secret came in
// pieces. A private key is held until its end. What stands behind the last
// line's end goes out with Flush. It may be used side by side.
func (m *Masker) Writer(to io.Writer) io.Writer { return &writer{masker: m, to: to} }

// maxHeld bounds what is held back: a longer line, or a key without an end, is
// masked as it is.
const maxHeld = 1 << 20

type writer struct {
	masker *Masker
	to     io.Writer
	mu     sync.Mutex
	rest   []byte
}

// Write takes all of p, and answers with an error where a line before could
// not be written.
func (w *writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest = append(w.rest, p...)
	end := w.whole()
	if len(w.rest)-end > maxHeld {
		end = len(w.rest)
	}
	if end == 0 {
		return len(p), nil
	}
	text := string(w.rest[:end])
	w.rest = append(w.rest[:0], w.rest[end:]...)
	_, err := io.WriteString(w.to, w.masker.Text(text))
	return len(p), err
}

// whole is the length of what can be judged: whole lines, up to a key that is
// still to end.
func (w *writer) whole() int {
	end := bytes.LastIndexByte(w.rest, '\n') + 1
	begin := bytes.LastIndex(w.rest[:end], []byte("-----BEGIN "))
	if begin < 0 || bytes.Contains(w.rest[begin:end], []byte("-----END ")) {
		return end
	}
	title, _, _ := strings.Cut(string(w.rest[begin:end]), "\n")
	if !strings.Contains(title, "PRIVATE KEY") {
		return end
	}
	return begin
}

// Flush writes what no line's end followed yet.
func (w *writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.rest) == 0 {
		return nil
	}
	_, err := io.WriteString(w.to, w.masker.Text(string(w.rest)))
	w.rest = nil
	return err
}
