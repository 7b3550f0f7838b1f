// Package redact hides what is personal or secret before text leaves: addresses,
// numbers, tokens, keys, names in paths. It is the one room that every way out
// goes through (Slack, mail, reports, summary, log, errors). It finds by form,
// by check digits and by the word that stands in front, not by meaning: a name
// in prose stays.
//
// Everything here is linear in the text: a finder looks a bounded way to either
// side of the byte that called it, consumes what it looked at, or asks for the
// end of a stretch that is read once (type text).
package redact

import (
	"strings"
)

// Span is a stretch of text that must not leave, by bytes, Until exclusive.
type Span struct {
	From, Until int
	Kind        string
}

// The kinds of what is hidden.
const (
	accessKey  = "AWS key"
	appToken   = "service token"
	bearer     = "authorization"
	card       = "card"
	cpf        = "CPF"
	cratesKey  = "crates.io token"
	dni        = "DNI"
	email      = "e-mail"
	fiscalCode = "codice fiscale"
	githubKey  = "GitHub token"
	home       = "home"
	iban       = "IBAN"
	ipv4       = "IPv4"
	ipv6       = "IPv6"
	jwt        = "JWT"
	mac        = "MAC"
	nino       = "NINO"
	nir        = "NIR"
	npmKey     = "npm token"
	password   = "password"
	phone      = "phone"
	privateKey = "private key"
	secret     = "secret"
	sin        = "SIN"
	slackKey   = "Slack token"
	ssn        = "SSN"
	webhook    = "webhook"
)

// words are what is written in the place of each kind.
var words = map[string]string{
	accessKey: "token", appToken: "token", bearer: "token", card: "card", cpf: "national id", cratesKey: "token",
	dni: "national id", email: "e-mail", fiscalCode: "national id", githubKey: "token", home: "home", iban: "IBAN",
	ipv4: "IP", ipv6: "IP", jwt: "token", mac: "MAC", nino: "national id", nir: "national id", npmKey: "token",
	password: "password", phone: "phone", privateKey: "private key", secret: "secret", sin: "national id",
	slackKey: "token", ssn: "national id", webhook: "webhook",
}

// maxRounds is how often a text is searched again because what was hidden
// changed what stands around it. Ordinary texts need two rounds.
const maxRounds = 8

// Text is the text with each span replaced by a word in brackets: [e-mail].
// The word has no character that Markdown, HTML or Slack reads, and what
// follows cannot turn it into a link. Text(Text(s)) is Text(s).
func Text(s string) string {
	for range maxRounds {
		spans := Find(s)
		if len(spans) == 0 {
			return s
		}
		s = replace(s, spans)
	}
	// Somebody chained values so that each hides the next: the rest goes.
	for spans := Find(s); len(spans) > 0; spans = Find(s) {
		s = s[:spans[0].From] + "[" + words[secret] + "]"
	}
	return s
}

// Printing is Text of what prints: a sign of control or of the direction of
// writing becomes a space, and only ends of lines stay.
func Printing(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, Text(strings.ToValidUTF8(s, "\uFFFD")))
}

// replace writes the words in brackets into the text.
func replace(s string, spans []Span) string {
	var b strings.Builder
	last := 0
	for _, span := range spans {
		b.WriteString(s[last:span.From])
		b.WriteString("[" + words[span.Kind] + "]")
		if span.Until < len(s) && strings.IndexByte("([:", s[span.Until]) >= 0 {
			b.WriteByte(' ') // [word](…, [word][… and [word]:… are links
		}
		last = span.Until
	}
	b.WriteString(s[last:])
	return b.String()
}
