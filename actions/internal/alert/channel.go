// Package alert decides what is news, and for whom: which labels of an issue,
// and which verdicts, somebody must hear of, through which route, and what was
// told already. It decides; package report finds the words, and package notify
// delivers them.
package alert

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Channel is a place where people hear of things.
type Channel struct {
	// Slack is a Slack channel: '#name' or its ID.
	Slack string `yaml:"slack"`
	// Email lists addresses that get the message by mail.
	Email []string `yaml:"email"`
	// Notify names other services, such as discord, teams, telegram, mattermost, pagerduty,
	// opsgenie or a webhook. The address of each is the secret NOTIFY_URL_ and the
	// name in capitals, else NOTIFY_URL.
	Notify model.Names `yaml:"notify"`
}

// serviceForm is what the name of a service may be: it is part of the name of a
// secret.
var serviceForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,39}$`)

// reserved are the ways that are no services.
var reserved = []string{"slack", "email", OnIssue}

// Validate finds what is wrong with a channel.
func (c Channel) Validate() []diag.Mistake {
	var found []diag.Mistake
	if c.Slack == "" && len(c.Email) == 0 && len(c.Notify) == 0 {
		found = append(found, diag.At(nil, "a channel needs `slack`, `email` or `notify`"))
	}
	for i, name := range c.Notify {
		switch {
		case strings.Contains(name, "://"):
			found = append(found, diag.At([]any{"notify", i}, "an address is a secret: put it into NOTIFY_URL, and a name such as discord here"))
		case !serviceForm.MatchString(name):
			found = append(found, diag.At([]any{"notify", i}, "%q: expected a name of letters, digits, - and _, at most 40 of them", name))
		case contains(reserved, name):
			found = append(found, diag.At([]any{"notify", i}, "%q is not a name of a service here: use a key of that name, or another name", name))
		case contains(c.Notify[:i], name):
			found = append(found, diag.At([]any{"notify", i}, "%q is named twice", name))
		}
	}
	if c.Slack != "" && strings.ContainsAny(c.Slack, " \t<>") {
		found = append(found, diag.At([]any{"slack"}, "%q is no Slack channel: expected '#name' or an ID such as C024BE91L", c.Slack))
	}
	if strings.HasPrefix(c.Slack, "@") {
		found = append(found, diag.At([]any{"slack"}, "%q is a person: expected '#name' or the ID of a channel, to which the bot is invited", c.Slack))
	}
	if strings.HasPrefix(c.Slack, "http") {
		found = append(found, diag.At([]any{"slack"}, "a webhook's URL is a secret: put it into SLACK_WEBHOOK_URL, and the channel's name here"))
	}
	for i, address := range c.Email {
		if _, err := mail.ParseAddress(address); err != nil {
			found = append(found, diag.At([]any{"email", i}, "%q is not an e-mail address", address))
		}
	}
	return found
}

// Ways are the ways that a channel has: slack, email, and the names of its
// services.
func (c Channel) Ways() []string {
	var ways []string
	if c.Slack != "" {
		ways = append(ways, "slack")
	}
	if len(c.Email) > 0 {
		ways = append(ways, "email")
	}
	return append(ways, c.Notify...)
}

// Where says where a message goes by one way: in `#alerts`, by mail, by discord.
func (c Channel) Where(by string) string {
	switch by {
	case "slack":
		return fmt.Sprintf("in `%s`", c.Slack)
	case "email":
		return "by mail"
	}
	return "by " + by
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

// Services lists the names that the channels' `notify` has, each once, sorted.
func (c Channels) Services() []string {
	var all []string
	for _, channel := range c {
		all = append(all, channel.Notify...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

var notInVariable = regexp.MustCompile(`[^A-Z0-9]+`)

// ServiceVariable is the variable that holds the address of one service.
func ServiceVariable(name string) string { return "NOTIFY_URL_" + inVariable(name) }

// WebhookVariable is the variable that holds the Slack webhook of one channel.
func WebhookVariable(channel string) string { return "SLACK_WEBHOOK_URL_" + inVariable(channel) }

func inVariable(name string) string {
	return notInVariable.ReplaceAllString(strings.ToUpper(name), "_")
}
