package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// Masker hides the secrets that it was given, to the letter and in the forms
// that they take on their way (base64, hexadecimal, escaped for URLs, JSON, Go
// and HTML, backwards), and what Text hides.
type Masker struct {
	replacer *strings.Replacer
	sure     *strings.Replacer // of the secrets that are no common words
}

// shortestSecret is the length below which a value is too common to be hidden
// wherever it stands; shortestPart is that of a part of a secret.
const shortestSecret, shortestPart = 6, 12

// New makes a masker. Secrets shorter than six characters are left out. Of an
// address the password and the path are secrets too, of a text with lines each
// line.
func New(secrets ...string) *Masker {
	var all, sure []string
	for _, s := range secrets {
		for _, part := range partsOf(s) {
			forms := formsOf(part)
			all = append(all, forms...)
			if isSure(part) {
				sure = append(sure, forms...)
			}
		}
	}
	return &Masker{replacerOf(all), replacerOf(sure)}
}

// minSure is the length from which a secret is not taken for a common word.
const minSure = 12

// isSure reports whether a secret is no word that texts and protocols use for
// something else: it is long, or looks made by a machine.
func isSure(s string) bool { return len(s) >= minSure || len(s) >= 8 && machineMade(s) }

func replacerOf(forms []string) *strings.Replacer {
	sort.SliceStable(forms, func(i, j int) bool { return len(forms[i]) > len(forms[j]) })
	pairs := make([]string, 0, 2*len(forms))
	for _, f := range forms {
		pairs = append(pairs, f, "[secret]")
	}
	return strings.NewReplacer(pairs...)
}

// partsOf are a secret and what of it is one by itself.
func partsOf(s string) []string {
	var parts []string
	add := func(part string, least int) {
		if len(part) >= least {
			parts = append(parts, part)
		}
	}
	add(s, shortestSecret)
	if strings.ContainsAny(s, "\r\n") {
		for _, line := range strings.FieldsFunc(s, func(r rune) bool { return r == '\r' || r == '\n' }) {
			if !strings.HasPrefix(line, "-----") {
				add(line, shortestPart)
			}
		}
	}
	if u, err := url.Parse(s); err == nil && u.Host != "" {
		word, has := u.User.Password()
		add(word, shortestSecret)
		if !has {
			add(u.User.Username(), shortestPart) // a token that stands alone
		}
		add(strings.TrimPrefix(u.EscapedPath(), "/"), shortestPart)
		add(u.RawQuery, shortestPart)
		for _, part := range valuesOf(u) {
			if machineMade(part) {
				add(part, shortestPart)
			}
		}
	}
	return parts
}

// valuesOf are the steps of an address's path and the words of its query: a token
// may be one of them.
func valuesOf(u *url.URL) []string {
	values := strings.Split(u.Path, "/")
	for _, given := range u.Query() {
		for _, value := range given {
			values = append(values, strings.Fields(value)...)
		}
	}
	return values
}

// formsOf are a secret and its encodings.
func formsOf(s string) []string {
	raw := []byte(s)
	forms := []string{
		s, reversed(s), hex.EncodeToString(raw), strings.ToUpper(hex.EncodeToString(raw)),
		url.QueryEscape(s), url.PathEscape(s), url.QueryEscape(url.QueryEscape(s)),
		lowerEscapes(url.QueryEscape(s)), lowerEscapes(url.PathEscape(s)),
		html.EscapeString(s), strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s),
		inner(strconv.Quote(s)), inner(quoted(s, true)), inner(quoted(s, false)),
	}
	return append(forms, base64Of(raw)...)
}

// base64Of are the three forms that a secret takes in base64, as it begins at
// any place of a text, without their ends, which depend on what is around.
func base64Of(raw []byte) []string {
	var forms []string
	for shift := range 3 {
		padded := append(make([]byte, shift), raw...)
		whole := len(padded) / 3 * 3
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			encoded := encoding.EncodeToString(padded[:whole])
			if from := min(4*((shift+2)/3), len(encoded)); len(encoded)-from >= 8 {
				forms = append(forms, encoded[from:])
			}
		}
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		forms = append(forms, encoding.EncodeToString(raw)) // alone: its ends are certain
	}
	return forms
}

var escape = regexp.MustCompile(`%[0-9A-F]{2}`)

func lowerEscapes(s string) string { return escape.ReplaceAllStringFunc(s, strings.ToLower) }

// quoted is a string of JSON, with or without the escapes that are for HTML.
func quoted(s string, forHTML bool) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(forHTML)
	_ = encoder.Encode(s) // a string always can be
	return strings.TrimSuffix(b.String(), "\n")
}

// inner takes the quotes off.
func inner(s string) string { return s[1 : len(s)-1] }

func reversed(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

// Text hides the secrets, and what the package's Text hides.
func (m *Masker) Text(s string) string { return Text(m.replacer.Replace(s)) }

// Known hides the secrets alone, and of them those that are no common words:
// for what programs read too, such as pages, requests and answers. A nil Masker
// hides nothing.
func (m *Masker) Known(s string) string {
	if m == nil {
		return s
	}
	return m.sure.Replace(s)
}
