package mask

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/url"
	"sort"
	"strings"
	"sync"
)

// Masker hides the secrets that it was given, to the letter and in the forms
// that they take on their way (base64, hexadecimal, escaped for URLs, JSON and
// HTML), and what Text hides.
type Masker struct{ replacer *strings.Replacer }

// shortestSecret is the length below which a value is too common to be hidden
// wherever it stands.
const shortestSecret = 6

// New makes a masker. Secrets shorter than six characters are left out.
func New(secrets ...string) *Masker {
	var forms []string
	for _, s := range secrets {
		if len(s) >= shortestSecret {
			forms = append(forms, formsOf(s)...)
		}
	}
	sort.SliceStable(forms, func(i, j int) bool { return len(forms[i]) > len(forms[j]) })
	var pairs []string
	for _, f := range forms {
		pairs = append(pairs, f, "[secret]")
	}
	return &Masker{strings.NewReplacer(pairs...)}
}

// formsOf are a secret and its encodings; of base64 the three that arise as
// the secret begins at any place of a text, without their uncertain ends.
func formsOf(s string) []string {
	quoted, _ := json.Marshal(s) // a string always marshals
	forms := []string{s, url.QueryEscape(s), url.PathEscape(s), string(quoted[1 : len(quoted)-1]),
		hex.EncodeToString([]byte(s)), strings.ToUpper(hex.EncodeToString([]byte(s))),
		strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s), reversed(s)}
	for shift := range 3 {
		padded := append(bytes.Repeat([]byte{0}, shift), s...)
		whole := len(padded) / 3 * 3
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			encoded := encoding.EncodeToString(padded[:whole])
			if from := min(4*((shift+2)/3), len(encoded)); len(encoded)-from >= 8 {
				forms = append(forms, encoded[from:])
			}
		}
	}
	return forms
}

func reversed(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

// Text hides the secrets, and what the package's Text hides.
func (m *Masker) Text(s string) string { return Text(m.replacer.Replace(s)) }

// Writer masks line by line what goes through it. What stands behind the last
// line's end goes out with Flush.
func (m *Masker) Writer(to io.Writer) io.Writer { return &writer{masker: m, to: to} }

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
	end := bytes.LastIndexByte(w.rest, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	whole := string(w.rest[:end])
	w.rest = append(w.rest[:0], w.rest[end:]...)
	_, err := io.WriteString(w.to, w.masker.Text(whole))
	return len(p), err
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
