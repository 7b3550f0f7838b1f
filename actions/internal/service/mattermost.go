package service

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/mattermost"

	"github.com/aftercare/aftercare/actions/internal/change"
)

// mmHook is an incoming webhook of a Mattermost server.
type mmHook struct{ url, channel, user, icon string }

func openMattermost(address *url.URL, _ string) (Service, error) {
	var c mattermost.Config
	if c.SetURL(address) != nil || c.Host == "" {
		return nil, errors.New("is not an address of a Mattermost webhook")
	}
	scheme := "https"
	if c.DisableTLS {
		scheme = "http"
	}
	there := url.URL{Scheme: scheme, Host: c.Host, Path: "/hooks/" + c.Token}
	return mmHook{there.String(), c.Channel, c.UserName, c.Icon}, nil
}

// The limits of a message, in characters; a post holds 16,383.
const (
	maxMMTitle = 250
	maxMMText  = 1500
	maxMMFact  = 600
)

type mmMessage struct {
	Text        string         `json:"text,omitempty"`
	Channel     string         `json:"channel,omitempty"`
	User        string         `json:"username,omitempty"`
	Icon        string         `json:"icon_url,omitempty"`
	Emoji       string         `json:"icon_emoji,omitempty"`
	Attachments []mmAttachment `json:"attachments"`
}

type mmAttachment struct {
	Fallback string    `json:"fallback"`
	Color    string    `json:"color"`
	Title    string    `json:"title"`
	Link     string    `json:"title_link,omitempty"`
	Text     string    `json:"text,omitempty"`
	Fields   []mmField `json:"fields,omitempty"`
}

type mmField struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

var mmMentions = map[string]string{"channel": "@channel", "here": "@here", "everyone": "@all"}

// Compose writes an attachment of escaped Markdown, and above it our own mention.
func (h mmHook) Compose(m change.Message) Posting {
	title := fit(oneLine(m.Title), maxMMTitle, markdown)
	at := mmAttachment{Fallback: title, Color: hexColor(colorOf(m)), Title: title, Link: address(m.Link), Text: fit(m.Summary, maxMMText, markdown)}
	if note := m.RepeatNote(); note != "" {
		at.Text = strings.TrimSpace("*" + note + "*\n" + at.Text)
	}
	for _, f := range facts(m) {
		at.Fields = append(at.Fields, mmField{fit(oneLine(f.Name), maxName, markdown), fit(f.Value, maxMMFact, markdown)})
	}
	if to := address(m.Runbook); to != "" {
		at.Fields = append(at.Fields, mmField{"Runbook", "<" + to + ">"})
	}
	said := mmMessage{Text: mmMentions[m.Mention], Channel: h.channel, User: h.user, Attachments: []mmAttachment{at}}
	if strings.Contains(h.icon, "://") {
		said.Icon = h.icon
	} else {
		said.Emoji = h.icon
	}
	return Posting{URL: h.url, Body: said}
}

func (mmHook) Confirm(_ int, body []byte) (string, error) {
	if strings.TrimSpace(string(body)) != "ok" {
		return "", errors.New("the answer is not ok, which Mattermost confirms with")
	}
	return "", nil
}

func (mmHook) Wait([]byte) time.Duration { return 0 }
