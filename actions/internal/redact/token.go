package redact

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// classMemo is the memo of a class whose tokens have no limit.
func classMemo(c class) (memo, bool) {
	for m, of := range memos {
		if of == c {
			return memo(m), true
		}
	}
	return 0, false
}

// maxToken bounds a token whose class has no memo.
const maxToken = 256

// providersByStart are the providers by the first byte of their tokens, and those
// by the second one, each in the order of the table.
var providersByStart = func() (table [256]*[256][]*provider) {
	for i := range providers {
		p := &providers[i]
		if table[p.starts[0]] == nil {
			table[p.starts[0]] = new([256][]*provider)
		}
		second := &table[p.starts[0]][p.starts[1]]
		*second = append(*second, p)
	}
	return table
}()

// providersAt are the providers whose tokens begin with the two bytes at a place.
func (t *text) providersAt(at int) []*provider {
	second := providersByStart[t.at(at)]
	if second == nil {
		return nil
	}
	return second[t.at(at+1)]
}

// findProvider finds a token by its beginning.
func findProvider(t *text, at int) Span {
	for _, p := range t.providersAt(at) {
		if span := p.find(t, at); span.Until > 0 {
			return span
		}
	}
	return Span{}
}

func (p *provider) find(t *text, at int) Span {
	if !t.starts(at, p.starts) || !t.begins(at, p.class&dashed) || t.at(at-1) == '.' && !t.startsHost(at) && p.class&dot != 0 {
		return Span{}
	}
	from := at + len(p.starts)
	until := 0
	if m, found := classMemo(p.class); found {
		until = t.long(from, m)
	} else {
		until = t.run(from, maxToken, p.class)
	}
	until = t.trim(from, until, ".-_")
	n := until - from
	if n < p.min || p.max > 0 && n > p.max || p.class&word != word && t.is(until, word) || p.machine && !t.machine(from, until) {
		return Span{}
	}
	if p.kind == "" {
		return Span{at, until, appToken}
	}
	return Span{at, until, p.kind}
}

// startsHost reports whether a dot before a place ends the name of a user, as
// in x-access-token.ghs_….
func (t *text) startsHost(at int) bool { return t.is(at-2, word) }

// findJWT finds a header, a body and perhaps a signature in base64, of which
// the first begins with {" (RFC 7519), or the five parts of an encrypted one
// (RFC 7516), of which the second may be empty.
func findJWT(t *text, at int) Span {
	if !t.starts(at, "eyJ") || !t.begins(at, dotted) {
		return Span{}
	}
	until := t.long(at, dottedRun)
	parts, from := 0, at
	for i := at; i < until && parts < 5; {
		end := min(t.long(i, dashedRun), until)
		if parts == 0 && end-i < 9 || parts == 1 && end-i < 6 && (end != i || t.at(end+1) == '.') {
			break
		}
		parts++
		from = end
		if t.at(end) != '.' || end+1 >= until {
			break
		}
		i = end + 1
	}
	if parts < 2 {
		return Span{}
	}
	for from > at && t.at(from-1) == '.' {
		from--
	}
	return Span{at, from, jwt}
}

// secretAfter finds the secret of 40 characters that stands a little behind an
// AWS key.
func (t *text) secretAfter(from int) []Span {
	const near, length, secret40 = 160, 40, word | base64Sign
	for i, end := from, min(len(t.s), from+near); i < end; i++ {
		until := t.run(i, length+1, secret40)
		for until > i && t.at(until-1) == '=' || until > i && t.at(i) == '=' {
			if t.at(i) == '=' {
				i++
			} else {
				until--
			}
		}
		if until-i == length && t.machine(i, until) {
			return []Span{{i, until, accessKey}}
		}
		if until-i > length {
			until = t.run(until, near, secret40)
		}
		i = max(i, until)
	}
	return nil
}

// schemes are the words before a credential in a header (RFC 7617, RFC 6750).
var schemes = []string{"bearer", "basic", "token", "apikey", "digest"}

// findScheme finds what stands behind "Bearer", "Basic" and, in a header,
// "token".
func findScheme(t *text, at int) Span {
	for _, scheme := range schemes {
		if !t.startsFold(at, scheme) {
			continue
		}
		from := at + len(scheme)
		value := t.run(from, 4, blank)
		if value == from {
			return Span{}
		}
		until := t.long(value, credentialRun)
		if until-value >= 8 && (t.inHeader(at) || t.isCredentialOf(scheme, value, until)) {
			return Span{value, until, bearer}
		}
	}
	return Span{}
}

func (t *text) inHeader(at int) bool {
	const header = "authorization: "
	return t.startsFold(at-len(header), header)
}

// isCredentialOf tells a credential from "basic functionality" and "bearer of
// good news".
func (t *text) isCredentialOf(scheme string, value, until int) bool {
	switch scheme {
	case "bearer":
		return t.machine(value, until)
	case "basic":
		pair, err := base64.StdEncoding.DecodeString(t.slice(value, min(until, value+512)))
		return err == nil && bytes.IndexByte(pair, ':') > 0
	}
	return false
}

// findPrivateKey finds a key between its lines; one without an end hides all
// that follows.
func findPrivateKey(t *text, at int) Span {
	const open, name = "-----BEGIN ", "PRIVATE KEY"
	if !t.starts(at, open) && !t.starts(at, "---- BEGIN ") {
		return Span{}
	}
	from := at + len(open)
	title := t.slice(from, t.run(from, 64, capital|blank))
	i := strings.Index(title, name)
	if i < 0 {
		return Span{}
	}
	end := t.keyEnd(from + i + len(name))
	if end < 0 {
		return Span{at, len(t.s), privateKey}
	}
	until := t.run(end, 64, capital|blank)
	if line := t.run(until, 5, dash); line > until {
		return Span{at, line, privateKey}
	}
	return Span{at, t.trim(end, until, " "), privateKey}
}

// keyEnd is where the line that ends a key has its title, -1 where there is none.
func (t *text) keyEnd(from int) int {
	end := -1
	for _, m := range []mark{keyEnd, spacedKeyEnd} {
		if n := t.seek(from, m); n >= 0 && (end < 0 || n+len(marks[m]) < end) {
			end = n + len(marks[m])
		}
	}
	return end
}

// findPuTTYKey finds a key of PuTTY, which ends with its checksum.
func findPuTTYKey(t *text, at int) Span {
	const open = "PuTTY-User-Key-File-"
	if !t.starts(at, open) {
		return Span{}
	}
	end := t.seek(at+len(open), puttyEnd)
	if end < 0 {
		return Span{at, len(t.s), privateKey}
	}
	until := t.run(end+len(marks[puttyEnd]), 4, blank)
	return Span{at, t.run(until, 128, hexDigit), privateKey}
}

// infix is a token that a sign within it gives away.
type infix struct {
	name                 string
	mark                 string
	before               class
	minBefore, maxBefore int
	after                class
	minAfter, maxAfter   int
	good, near           [2]string // what stands before and after the mark
}

// infixes are those tokens, from the public documentation of each service.
var infixes = []infix{
	{"Telegram bot token", ":AA", digit, 8, 12, dashed, 32, 34, [2]string{"7123456789", "Hk3nU9qXc5vB8mZ2wL4tR7yP1sD6fG0jKe"}, [2]string{"71234", "Hk3nU9qXc5vB8mZ2wL4tR7yP1sD6fG0jKe"}},
	{"Terraform Cloud", ".atlasv1.", word, 14, 14, dashed, 60, 80, [2]string{"aB3dE6gH9jK2mN", strings.Repeat("aB3dE6gH9j", 6)}, [2]string{"aB3dE6", strings.Repeat("aB3dE6gH9j", 6)}},
	{"Azure client secret", "Q~", dotted | tilde, 4, 4, dotted | tilde, 31, 36, [2]string{"xY78", "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA.b"}, [2]string{"xY78", "short"}},
	{"Mailchimp", "-us", hexDigit, 32, 32, digit, 1, 2, [2]string{strings.Repeat("a1b2c3d4", 4), "12"}, [2]string{strings.Repeat("a1b2c3d4", 3), "12"}},
	{"Mailgun", "-", hexDigit, 32, 32, hexDigit | dash, 17, 17, [2]string{strings.Repeat("a1b2c3d4", 4), "a1b2c3d4-e5f60718"}, [2]string{strings.Repeat("a1b2c3d4", 3), "a1b2c3d4-e5f60718"}},
	{"Firebase Cloud Messaging", ":APA91b", dashed, 11, 22, dashed, 120, 160, [2]string{"aB3dE6gH9jK", strings.Repeat("aB3dE6gH9j", 13)}, [2]string{"aB3dE6gH9jK", "aB3dE6gH9j"}},
	{"Asana", ":", digit, 16, 16, hexDigit, 32, 32, [2]string{"1203987540692354", strings.Repeat("a1b2c3d4", 4)}, [2]string{"120398754069", strings.Repeat("a1b2c3d4", 4)}},
	{"Zoho", ".", hexDigit, 32, 32, hexDigit, 32, 32, [2]string{strings.Repeat("a1b2c3d4", 4), strings.Repeat("5e6f7a8b", 4)}, [2]string{strings.Repeat("a1b2c3d4", 3), strings.Repeat("5e6f7a8b", 4)}},
	{"Salesforce", "!", word, 15, 18, dotted, 80, 120, [2]string{"00DZpU16VvzhxG4", strings.Repeat("aB3dE6gH9j.", 8) + "k2"}, [2]string{"00DZpU16VvzhxG4", "aB3dE6gH9j"}},
	{"MaxMind", "_mmk", dashed, 36, 36, digit, 0, 0, [2]string{"N3yWvs-u4yyW5Om7nK5kAuhuoQO43r1tKCeX", ""}, [2]string{"N3yWvs-u4yyW5Om7nK5kAuh", ""}},
	{"Facebook app token", "|", digit, 14, 17, dashed, 27, 40, [2]string{"123456789012345", "aB3dE6gH9jK2mN5pQ8rS1tU4vW7"}, [2]string{"123456789012345", "aB3"}},
}

// findInfix finds a token around the sign that gives it away.
func findInfix(t *text, at int) Span {
	for i := range infixes {
		x := &infixes[i]
		mark := at
		if x.mark == "Q~" {
			mark--
		}
		if !t.starts(mark, x.mark) {
			continue
		}
		from := t.back(mark, x.maxBefore+1, x.before)
		behind := mark + len(x.mark)
		until := 0
		if m, found := classMemo(x.after); found {
			until = t.long(behind, m)
		} else {
			until = t.run(behind, x.maxAfter+1, x.after)
		}
		until = t.trim(behind, until, ".-_")
		before, after := mark-from, until-behind
		if before < x.minBefore || before > x.maxBefore || after < x.minAfter || after > x.maxAfter || t.is(from-1, scored) || t.is(until, word) || x.minBefore+x.minAfter < 40 && x.after&upper != 0 && !t.machine(behind, until) {
			continue
		}
		return Span{from, until, appToken}
	}
	return Span{}
}

// findEmbeddedID finds a Discord bot's token: its id in base64, a time and a
// signature.
func findEmbeddedID(t *text, at int) Span {
	from := t.back(at, 29, dashed)
	second := t.run(at+1, 7, dashed)
	if n := at - from; n < 23 || n > 28 || second-at-1 < 5 || second-at-1 > 7 || t.at(second) != '.' || strings.IndexByte("MNO", t.at(from)) < 0 {
		return Span{}
	}
	until := t.run(second+1, 41, dashed)
	if n := until - second - 1; n < 27 || n > 40 || !t.machine(from, at) {
		return Span{}
	}
	return Span{from, until, appToken}
}

// hooks are the places of addresses that are themselves a secret.
var hooks = []string{
	"hooks.slack.com/", "hooks.slack-gov.com/", "hooks.zapier.com/", "hooks.chime.aws/", "discord.com/api/webhooks/",
	"discordapp.com/api/webhooks/", "hook.eu1.make.com/", "hook.eu2.make.com/", "hook.us1.make.com/", "hook.us2.make.com/", "hook.integromat.com/",
	"maker.ifttt.com/trigger/", "api.telegram.org/bot", "events.pagerduty.com/integration/", "open.feishu.cn/open-apis/bot/", "open.larksuite.com/open-apis/bot/",
	"oapi.dingtalk.com/robot/", "outlook.office.com/webhook/", "outlook.office365.com/webhook/", "webhook.site/", "alert.victorops.com/integrations/", "webexapis.com/v1/webhooks/incoming/",
	"api.day.app/", "script.google.com/macros/s/", "chat.googleapis.com/v1/spaces/", "qyapi.weixin.qq.com/cgi-bin/webhook/", "api.hipchat.com/v2/", "healthchecks.io/ping/", "hc-ping.com/", "app.datadoghq.com/intake/webhook/",
}

// hooksByStart are the hooks by their first byte.
var hooksByStart = func() (table [256][]string) {
	for _, h := range hooks {
		table[h[0]] = append(table[h[0]], h)
	}
	return table
}()

// findWebhook finds the whole address, with its scheme.
func findWebhook(t *text, at int) Span {
	for _, hook := range hooksByStart[t.at(at)|0x20] {
		if !t.startsFold(at, hook) {
			continue
		}
		from := at + len(hook)
		until := t.addressEnd(from)
		if until-from < 8 {
			return Span{}
		}
		return Span{t.addressStart(at), until, webhook}
	}
	return Span{}
}

// addressStart takes the scheme and the rest of the host before a place in.
func (t *text) addressStart(at int) int {
	at = t.back(at, 64, dashed|dot)
	for _, scheme := range []string{"https://", "http://"} {
		if t.endsWith(at, scheme) {
			return at - len(scheme)
		}
	}
	return at
}

func (t *text) addressEnd(from int) int {
	return t.trim(from, t.long(from, addressRun), ".;:!?*_")
}

// hookPaths are parts of a path that come before the secret of a webhook,
// whatever the host.
var hookPaths = []string{"/webhookb2/", "/webhooks/", "/webhook/", "/hooks/", "/services/hooks/", "/workflows/"}

// findHookPath finds the address of a webhook at any host by its path: an id
// that a machine made stands behind it.
func findHookPath(t *text, at int) Span {
	for _, path := range hookPaths {
		if !t.starts(at, path) || !t.is(at-1, scored) {
			continue
		}
		from := at + len(path)
		start := t.back(at, 128, addressByte)
		scheme := strings.Index(t.slice(start, at), "://")
		if scheme < 0 {
			return Span{}
		}
		until := t.addressEnd(from)
		if until-from < 20 || !t.longPart(from, until) {
			return Span{}
		}
		return Span{t.back(start+scheme, 8, lower), until, webhook}
	}
	return Span{}
}

// longPart reports whether a part of a path within the bounds is long and made
// by a machine.
func (t *text) longPart(from, until int) bool {
	const limit = 256
	for _, part := range strings.FieldsFunc(t.slice(from, min(until, from+limit)), func(r rune) bool { return r == '/' || r == '?' || r == '&' || r == '=' }) {
		if len(part) >= 20 && machineMade(part) && strings.ContainsAny(part, "0123456789") {
			return true
		}
	}
	return false
}
