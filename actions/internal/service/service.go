// Package service writes a message in the form of a chat or paging service, and
// reads what the service's server answers. It sends nothing: package notify does.
//
// The addresses are those of shoutrrr (discord://token@id), read by shoutrrr's own
// configuration of each service. Its senders are not used: they post without a
// time limit, follow a redirect with the token in the address, print the address
// in errors, and post again after the bytes have gone out. Teams is our own, since
// shoutrrr knows the connectors alone that Microsoft has retired, and so is the
// webhook, since shoutrrr keeps its headers to itself.
package service

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/change"
)

// Posting is one POST of JSON.
type Posting struct {
	URL    string // a secret
	Header http.Header
	Body   any
}

// Service is one address that messages are posted to.
type Service interface {
	// Compose writes a message. What strangers wrote mentions nobody, is no markup
	// and is cut to the service's limits.
	Compose(m change.Message) Posting
	// Confirm returns the service's id of the message, which may be empty, where
	// an answer with a status from 200 to 299 says that the message was taken.
	Confirm(status int, body []byte) (string, error)
	// Wait returns how long a refusal with status 429 asks to wait; 0 where its
	// body does not say.
	Wait(body []byte) time.Duration
}

// kind is one service: the scheme of its addresses, what an address looks like,
// and how one is read. base, where it is not empty, stands for the service's own
// host.
type kind struct {
	scheme, form string
	open         func(address *url.URL, base string) (Service, error)
}

// kinds are the services that there are.
var kinds = []kind{
	{"discord", "discord://TOKEN@WEBHOOK_ID", openDiscord},
	{"teams", "teams+https://HOST/PATH, the address that Workflows gives", openTeams},
	{"telegram", "telegram://BOT_TOKEN@telegram?chats=CHAT", openTelegram},
	{"mattermost", "mattermost://HOST/TOKEN", openMattermost},
	{"pagerduty", "pagerduty://events.pagerduty.com/INTEGRATION_KEY", openPagerDuty},
	{"opsgenie", "opsgenie://api.opsgenie.com/API_KEY", openOpsgenie},
	{"generic", "generic+https://HOST/PATH", openGeneric},
}

// Names are the schemes of the services, in the order of their list.
func Names() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.scheme)
	}
	return names
}

// Open reads the address of a service. base, where it is not empty, is used in
// place of the scheme and host of services that have one host for everybody, and
// of Teams. An error does not repeat the address, which is a secret.
func Open(address, base string) (Service, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return nil, errors.New("is not an address: signs such as # or % in it must be percent-encoded")
	}
	scheme := schemeOf(u)
	for _, k := range kinds {
		if k.scheme != scheme {
			continue
		}
		s, err := k.open(u, strings.TrimSuffix(base, "/"))
		if err != nil {
			return nil, fmt.Errorf("%w: expected %s", err, k.form)
		}
		return s, nil
	}
	return nil, fmt.Errorf("begins with no service that is known: expected one of %s", strings.Join(schemes(), ", "))
}

// KindOf names the service of an address; it may be one that is not known.
func KindOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return schemeOf(u)
}

func schemes() []string {
	var all []string
	for _, k := range kinds {
		all = append(all, k.scheme+"://")
	}
	return all
}

// schemeOf names the service of an address. That of a webhook as Discord and
// Microsoft give it is known by its host.
func schemeOf(u *url.URL) string {
	scheme, _, _ := strings.Cut(u.Scheme, "+")
	if u.Scheme != "https" {
		return scheme
	}
	host := strings.ToLower(u.Hostname())
	isWithin := func(domain string) bool { return host == domain || strings.HasSuffix(host, "."+domain) }
	switch {
	case isWithin("discord.com"), isWithin("discordapp.com"):
		return "discord"
	case slices.ContainsFunc(microsoft, isWithin), isWithin("webhook.office.com"):
		return "teams"
	}
	return scheme
}

// transport is the scheme that a webhook is posted by: of generic+http:// it is
// http, and https where the address names none.
func transport(u *url.URL) string {
	if _, named, has := strings.Cut(u.Scheme, "+"); has && named == "http" {
		return "http"
	}
	return "https"
}

// at is an address at a service's host, or at base where that is set.
func at(base, host, path string) string {
	if base != "" {
		return base + path
	}
	return "https://" + host + path
}
