// Package alert decides what is news, and for whom: which labels of an issue,
// and which verdicts, somebody must hear of, through which route, and what was
// told already. It decides; package report finds the words, and package sink
// carries them out.
package alert

import (
	"net/mail"
	"sort"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/diag"
)

// Channel is a place where people hear of things.
type Channel struct {
	// Slack is a Slack channel: '#name' or its ID.
	Slack string `yaml:"slack"`
	// Email lists addresses that get the message by mail.
	Email []string `yaml:"email"`
}

// Validate finds what is wrong with a channel.
func (c Channel) Validate() []diag.Mistake {
	var found []diag.Mistake
	if c.Slack == "" && len(c.Email) == 0 {
		found = append(found, diag.At(nil, "a channel needs slack or email"))
	}
	if c.Slack != "" && strings.ContainsAny(c.Slack, " \t<>") {
		found = append(found, diag.At([]any{"slack"}, "%q is no Slack channel: expected '#name' or an ID such as C024BE91L", c.Slack))
	}
	if strings.HasPrefix(c.Slack, "http") {
		found = append(found, diag.At([]any{"slack"}, "a webhook's URL is a secret: put it into SLACK_WEBHOOK_URL, and the channel's name here"))
	}
	for i, address := range c.Email {
		if _, err := mail.ParseAddress(address); err != nil {
			found = append(found, diag.At([]any{"email", i}, "%q is no e-mail address", address))
		}
	}
	return found
}

// Ways are the ways that a channel has: slack, email.
func (c Channel) Ways() []string {
	var ways []string
	if c.Slack != "" {
		ways = append(ways, "slack")
	}
	if len(c.Email) > 0 {
		ways = append(ways, "email")
	}
	return ways
}

// Channels are the channels of a plan by name.
type Channels map[string]Channel

// Names lists them in alphabetical order.
func (c Channels) Names() []string {
	names := make([]string, 0, len(c))
	for name := range c {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
