package redact

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// prefix is a token that its first characters give away.
type prefix struct {
	kind   string
	starts string
	class  func(byte) bool
	least  int  // characters behind the start
	exact  bool // least is also the most
	mixed  bool // the rest must look made by a machine, since the start is a word
}

func isDashed(c byte) bool  { return isWordByte(c) || c == '-' || c == '_' }
func isScored(c byte) bool  { return isWordByte(c) || c == '_' }
func isCapital(c byte) bool { return isDigit(c) || isUpper(c) }
func isDotted(c byte) bool  { return isDashed(c) || c == '.' }

// prefixes are the tokens of services, as their makers describe them.
var prefixes = []prefix{
	{kind: githubKey, starts: "ghp_", class: isWordByte, least: 20},
	{kind: githubKey, starts: "gho_", class: isWordByte, least: 20},
	{kind: githubKey, starts: "ghu_", class: isWordByte, least: 20},
	{kind: githubKey, starts: "ghr_", class: isWordByte, least: 20},
	{kind: githubKey, starts: "ghs_", class: isDotted, least: 20},
	{kind: githubKey, starts: "github_pat_", class: isScored, least: 22},
	{kind: slackKey, starts: "xox", class: isDotted, least: 12, mixed: true},
	{kind: slackKey, starts: "xapp-", class: isDashed, least: 10, mixed: true},
	{kind: accessKey, starts: "AKIA", class: isCapital, least: 16, exact: true},
	{kind: accessKey, starts: "ASIA", class: isCapital, least: 16, exact: true},
	{kind: npmKey, starts: "npm_", class: isWordByte, least: 30},
	{kind: cratesKey, starts: "cio", class: isWordByte, least: 32, exact: true},
	{kind: appToken, starts: "AIza", class: isDashed, least: 35},
	{kind: appToken, starts: "AGE-SECRET-KEY-1", class: isCapital, least: 50},
	{kind: appToken, starts: "SG.", class: isDotted, least: 40},
	{kind: appToken, starts: "dckr_pat_", class: isDashed, least: 20},
	{kind: appToken, starts: "dop_v1_", class: isWordByte, least: 40},
	{kind: appToken, starts: "glpat-", class: isDotted, least: 20},
	{kind: appToken, starts: "glsa_", class: isScored, least: 32},
	{kind: appToken, starts: "hf_", class: isWordByte, least: 30},
	{kind: appToken, starts: "hvs.", class: isDashed, least: 24},
	{kind: appToken, starts: "pk_live_", class: isWordByte, least: 16},
	{kind: appToken, starts: "pypi-", class: isDashed, least: 50, mixed: true},
	{kind: appToken, starts: "rk_live_", class: isWordByte, least: 16},
	{kind: appToken, starts: "rubygems_", class: isWordByte, least: 40},
	{kind: appToken, starts: "sk-", class: isDashed, least: 20, mixed: true},
	{kind: appToken, starts: "sk_live_", class: isWordByte, least: 16},
	{kind: appToken, starts: "sk_test_", class: isWordByte, least: 16},
	{kind: appToken, starts: "sntrys_", class: isScored, least: 40},
	{kind: appToken, starts: "ya29.", class: isDashed, least: 30},
}

func (p prefix) find(s string, at int) Span {
	if !strings.HasPrefix(s[at:], p.starts) || at > 0 && p.class(s[at-1]) && !escaped(s, at) {
		return Span{}
	}
	from := at + len(p.starts)
	until := run(s, from, len(s), p.class)
	for until > from && strings.IndexByte(".-_", s[until-1]) >= 0 {
		until-- // of the sentence, not of the token
	}
	if n := until - from; n < p.least || p.exact && n > p.least || p.mixed && !mixed(s[from:until]) {
		return Span{}
	}
	return Span{at, until, p.kind}
}

// findJWT finds a header, a body and perhaps a signature in base64, of which
// the first begins with {" (RFC 7519).
func findJWT(s string, at int) Span {
	if !strings.HasPrefix(s[at:], "eyJ") || at > 0 && isDotted(s[at-1]) && !escaped(s, at) {
		return Span{}
	}
	dot := run(s, at, len(s), isDashed)
	if dot-at < 9 || byteAt(s, dot) != '.' {
		return Span{}
	}
	until := run(s, dot+1, len(s), isDashed)
	if until-dot < 7 {
		return Span{}
	}
	if byteAt(s, until) == '.' && isDashed(byteAt(s, until+1)) {
		until = run(s, until+1, len(s), isDashed)
	}
	return Span{at, until, jwt}
}

func isSecret40(c byte) bool { return isWordByte(c) || c == '/' || c == '+' }

// secretAfter finds the secret of 40 characters that stands a little behind an
// AWS key.
func secretAfter(s string, from int) []Span {
	const near, length = 160, 40
	for i, end := from, min(len(s), from+near); i < end; i++ {
		until := run(s, i, length+1, isSecret40)
		if until-i == length && mixed(s[i:until]) {
			return []Span{{i, until, accessKey}}
		}
		i = max(i, until)
		if until-i > length {
			i = run(s, until, len(s), isSecret40)
		}
	}
	return nil
}

// findScheme finds what stands behind "Bearer", "Basic" and, in a header,
// "token" (RFC 7617, RFC 6750).
func findScheme(s string, at int) Span {
	header := strings.HasSuffix(strings.ToLower(s[max(0, at-len("authorization: ")):at]), "authorization: ")
	for _, scheme := range []string{"bearer", "basic", "token"} {
		if !hasPrefixFold(s[at:], scheme) {
			continue
		}
		from := at + len(scheme)
		value := run(s, from, 4, isBlank)
		until := run(s, value, len(s), isCredential)
		if value > from && until-value >= 8 && (header || isCredentialOf(scheme, s[value:until])) {
			return Span{value, until, bearer}
		}
	}
	return Span{}
}

// isCredentialOf tells a credential from "basic functionality" and "bearer of
// good news".
func isCredentialOf(scheme, value string) bool {
	switch scheme {
	case "bearer":
		return mixed(value)
	case "basic":
		pair, err := base64.StdEncoding.DecodeString(value)
		return err == nil && bytes.IndexByte(pair, ':') > 0
	}
	return false
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isCredential(c byte) bool { return isDotted(c) || strings.IndexByte("~+/=", c) >= 0 }

// findPrivateKey finds a key between its lines; one without an end hides all
// that follows.
func findPrivateKey(s string, at int) Span {
	if !strings.HasPrefix(s[at:], "-----BEGIN ") && !strings.HasPrefix(s[at:], "---- BEGIN ") {
		return Span{}
	}
	title := s[at+len("-----BEGIN "):]
	title = title[:run(title, 0, 64, func(c byte) bool { return isCapital(c) || c == ' ' })]
	if !strings.Contains(title, "PRIVATE KEY") {
		return Span{}
	}
	end := strings.Index(s[at:], "PRIVATE KEY")
	body := at + end + len("PRIVATE KEY")
	for _, mark := range []string{"-----END ", "---- END "} {
		if n := strings.Index(s[body:], mark); n >= 0 {
			until := run(s, body+n+len(mark), 64, func(c byte) bool { return isCapital(c) || c == ' ' })
			return Span{at, run(s, until, 5, func(c byte) bool { return c == '-' }), privateKey}
		}
	}
	return Span{at, len(s), privateKey}
}

// hooks are the places of addresses that are themselves a secret.
var hooks = []string{
	"hooks.slack.com/", "hooks.slack-gov.com/", "hooks.zapier.com/", "hooks.chime.aws/", "discord.com/api/webhooks/",
	"discordapp.com/api/webhooks/",
}

// findWebhook finds the whole address, with its scheme.
func findWebhook(s string, at int) Span {
	for _, hook := range hooks {
		if !hasPrefixFold(s[at:], hook) {
			continue
		}
		from := at + len(hook)
		until := run(s, from, len(s), isAddress)
		if until-from < 8 {
			return Span{}
		}
		for _, scheme := range []string{"https://", "http://"} {
			if strings.HasSuffix(s[:at], scheme) {
				at -= len(scheme)
				break
			}
		}
		return Span{at, until, webhook}
	}
	return Span{}
}

func isAddress(c byte) bool {
	return c > ' ' && c < 0x7f && strings.IndexByte("\"'`<>()[]{}|\\,", c) < 0
}
