package letter

import (
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"golang.org/x/net/html"
)

// A program's mail that no field and no sentence declares is told by evidence:
// signs of which a person's mail has few and a template many (signs.go). What answers,
// quotes or hands on another mail is not looked at so, nor is what came over a list
// that people write to, unless the signs are twice as many.

// enough is how many signs tell a program's mail.
const enough = 4

// count is how much the signs of a list count that a text bears.
func count(signs []sign, text string) int {
	n := 0
	for _, s := range signs {
		if s.form.MatchString(text) {
			n += s.counts
		}
	}
	return n
}

// evidence is how much the header of a mail counts.
func (h Header) evidence(subject string) int {
	from := h.text("From")
	account := address.FindString(from)
	name := strings.Trim(strings.TrimSpace(strings.SplitN(from, "<", 2)[0]), `"`)
	sender := min(3, count(accountSigns, account))
	local, _, _ := strings.Cut(strings.ToLower(account), "@")
	if labels := strings.Split(hostOf(account), "."); sender < 2 && len(labels) > 2 && len(local) > 3 && slices.Contains(labels[1:], local) {
		sender = 2 // a company's own name as an account of a host below it
	}
	if name != account && (count(nameSigns, name) > 0 || isBrand(name, account)) && sender != 1 {
		sender++ // a shared address and the name of its company tell the same
	}
	n := sender + min(2, count(subjectSigns, subject))
	applied, personal := false, personID.MatchString(h.Get("Message-Id"))
	for fields := h.Fields(); fields.Next(); {
		key := strings.ToLower(fields.Key())
		applied = applied || fieldSign.MatchString(key)
		personal = personal || personField.MatchString(key)
	}
	mailer := h.Get("X-Mailer")
	switch {
	case applied || senderPrograms.MatchString(mailer):
		n += 2
	case personal || personProgram.MatchString(mailer):
		n -= 3
	case mailer == "":
		n++
	}
	if id := h.Get("Feedback-Id"); id != "" && !strings.HasSuffix(id, ":proton") {
		n += 2
	}
	if bounceAccount.MatchString(h.Get("Return-Path")) {
		n++
	}
	if answer := address.FindString(h.Get("Reply-To")); answer != "" && count(accountSigns, answer) == 0 && !sameOwner(hostOf(answer), hostOf(h.Get("From"))) {
		n -= 2 // what people write into a form comes so
	}
	return n
}

// bounceAccount is where what could not be delivered goes back to, with the number of the mail.
var bounceAccount = lazyregexp.New(`(?i)^<?[^@]*(?:bounce|\d{6,}|=)[^@]*@|@(?:[\w-]+\.)*(?:bounces?|return|mta\d*|envelope)\d*\.`)

// isBrand reports whether a name is that of the host that a mail is from.
func isBrand(name, account string) bool {
	_, host, _ := strings.Cut(strings.ToLower(account), "@")
	plain := letters(name)
	labels := strings.Split(host, ".")
	for i, label := range labels {
		if label = letters(label); i < len(labels)-1 && len(plain) >= 3 && len(label) >= 3 && (strings.Contains(label, plain) || strings.HasPrefix(plain, label)) {
			return true
		}
	}
	return false
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// sameOwner reports whether two hosts end in the same two names.
func sameOwner(a, b string) bool {
	end := func(host string) string {
		parts := strings.Split(host, ".")
		return strings.Join(parts[max(0, len(parts)-2):], ".")
	}
	return end(a) == end(b)
}

// lineEvidence is how much the lines at the beginning and at the end of a text count.
func lineEvidence(text string) int {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
	n := 0
	for _, s := range lineSigns {
		for i, line := range lines {
			if (i < maxTop || i >= len(lines)-maxFoot) && s.form.MatchString(cut(line, maxValue)) {
				n += s.counts
				break
			}
		}
	}
	return n
}

// The layout of a template: tables within tables, pictures that are fetched, and
// many links.
const (
	deepTables   = 3
	manyPictures = 2
	manyLinks    = 6
)

// layoutEvidence is how much the form of a mail's HTML counts.
func layoutEvidence(markup string) int {
	tokens := html.NewTokenizer(strings.NewReader(markup))
	depth, deepest, pictures, links, pixel := 0, 0, 0, 0, false
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind == html.TextToken || kind == html.CommentToken || kind == html.DoctypeToken {
			continue
		}
		token := tokens.Token()
		switch {
		case token.Data == "table" && kind == html.EndTagToken:
			depth = max(0, depth-1)
		case token.Data == "table" && kind == html.StartTagToken:
			depth++
			deepest = max(deepest, depth)
		case token.Data == "img" && strings.HasPrefix(attribute(token, "src"), "http"):
			pictures++
			pixel = pixel || isPixel(token)
		case token.Data == "a" && strings.HasPrefix(attribute(token, "href"), "http"):
			links++
		}
	}
	n := 0
	if deepest >= deepTables {
		n++
	}
	if pictures >= manyPictures {
		n++
	}
	if links >= manyLinks {
		n++
	}
	if pixel {
		n++
	}
	return n
}

// isPixel reports whether a picture is of one point: it tells who opened a mail.
func isPixel(token html.Token) bool {
	width, height := attribute(token, "width"), attribute(token, "height")
	return (width == "1" || width == "0" || width == "1px") && (height == "1" || height == "0" || height == "1px")
}
