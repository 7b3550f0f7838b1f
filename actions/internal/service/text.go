package service

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/redact"
)

// fit shortens a text so that what escape makes of it has at most n units of
// UTF-16, as most services count, and does not end within an escape.
func fit(s string, n int, escape func(string) string) string {
	for limit := n; limit > 0; limit = limit * 3 / 4 {
		if out := escape(cut(s, limit)); units(out) <= n {
			return out
		}
	}
	return ""
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// cut shortens to at most n characters.
func cut(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}

// oneLine is a text without personal data, secrets and what does not print, on
// one line.
func oneLine(s string) string { return strings.Join(strings.Fields(redact.Printing(s)), " ") }

// joiner is U+2060, which shows nothing: behind a sign it keeps a mention from
// being one.
const joiner = "\u2060"

// inMarkdown escapes what Discord's and Mattermost's Markdown could read, and
// keeps mentions, references and addresses from being any.
var inMarkdown = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "|", `\|`, "<", "<"+joiner, ">", `\>`, "[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "!", `\!`, "-", `\-`, "+", `\+`,
	"@", "@"+joiner, "#", "#"+joiner, "://", ":"+joiner+"//", "www.", "www"+joiner+".",
)

// markdown is a text of several lines as plain words of Markdown.
func markdown(s string) string { return inMarkdown.Replace(redact.Printing(s)) }

// inPlain keeps a text from being markup, a mention or a link where a service, or
// what stands behind a webhook, reads plain words as such.
var inPlain = strings.NewReplacer("@", "@"+joiner, "<", "<"+joiner, "](", "]"+joiner+"(", "://", ":"+joiner+"//", "{{", "{"+joiner+"{")

func plain(s string) string { return inPlain.Replace(s) }

// address is an http or https address, safe between angle brackets and
// parentheses; empty for any other.
func address(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return strings.NewReplacer("<", "%3C", ">", "%3E", "(", "%28", ")", "%29", `"`, "%22", " ", "%20").Replace(u.String())
}

// link is where a message leads, with the words for it.
type link struct{ words, url string }

// links are the addresses of a message: where to look, and what to do.
func links(m change.Message) []link {
	var all []link
	if to := address(m.Link); to != "" {
		all = append(all, link{m.Leads(), to})
	}
	if to := address(m.Runbook); to != "" {
		all = append(all, link{"Runbook", to})
	}
	return all
}

// maxFacts is how many facts of a message are shown.
const maxFacts = 10

// facts are those of a message that say something.
func facts(m change.Message) []change.Fact {
	var all []change.Fact
	for _, f := range m.Facts {
		if strings.TrimSpace(f.Value) != "" && len(all) < maxFacts {
			all = append(all, f)
		}
	}
	return all
}

// maxPlain and maxName are how long a line of plain text, and the name of a fact,
// may be, in characters.
const maxPlain, maxName = 600, 60

// plainText is a message as lines of plain text.
func plainText(m change.Message) string {
	var b strings.Builder
	if note := m.RepeatNote(); note != "" {
		b.WriteString(note + "\n")
	}
	if m.Summary != "" {
		b.WriteString(fit(oneLine(m.Summary), maxPlain, plain) + "\n")
	}
	for _, f := range facts(m) {
		fmt.Fprintf(&b, "%s: %s\n", fit(oneLine(f.Name), maxName, plain), fit(oneLine(f.Value), maxPlain, plain))
	}
	for _, l := range links(m) {
		fmt.Fprintf(&b, "%s: %s\n", l.words, l.url)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// isPage reports whether an answer is a page for people: a proxy or a login in
// place of the service.
func isPage(body []byte) bool {
	start := strings.ToLower(strings.TrimSpace(string(body[:min(len(body), 64)])))
	return strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<html")
}
