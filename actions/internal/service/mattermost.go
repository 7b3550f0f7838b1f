package service

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/mattermost"

	"github.com/aftercare/aftercare/actions/internal/change"
)

// mattermostHook is an incoming webhook of a Mattermost server.
type mattermostHook struct{ url, channel, user, icon string }

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
	return mattermostHook{there.String(), c.Channel, c.UserName, c.Icon}, nil
}

// The limits of a message, in characters; a post holds 16,383.
const (
	maxMattermostTitle = 250
	maxMattermostText  = 1500
	maxMattermostFact  = 600
)

type mattermostMessage struct {
	Text        string                 `json:"text,omitempty"`
	Channel     string                 `json:"channel,omitempty"`
	User        string                 `json:"username,omitempty"`
	Icon        string                 `json:"icon_url,omitempty"`
	Emoji       string                 `json:"icon_emoji,omitempty"`
	Attachments []mattermostAttachment `json:"attachments"`
}

type mattermostAttachment struct {
	Fallback string            `json:"fallback"`
	Color    string            `json:"color"`
	Title    string            `json:"title"`
	Link     string            `json:"title_link,omitempty"`
	Text     string            `json:"text,omitempty"`
	Fields   []mattermostField `json:"fields,omitempty"`
}

type mattermostField struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

var mattermostMentions = map[string]string{"channel": "@channel", "here": "@here", "everyone": "@all"}

// Compose writes an attachment of escaped Markdown, and above it our own mention.
func (h mattermostHook) Compose(m change.Message) Posting {
	title := fit(oneLine(m.Title), maxMattermostTitle, markdown)
	at := mattermostAttachment{Fallback: title, Color: hexColor(colorOf(m)), Title: title, Link: address(m.Link), Text: fit(m.Summary, maxMattermostText, markdown)}
	if note := m.RepeatNote(); note != "" {
		at.Text = strings.TrimSpace("*" + note + "*\n" + at.Text)
	}
	for _, f := range facts(m) {
		at.Fields = append(at.Fields, mattermostField{fit(oneLine(f.Name), maxName, markdown), fit(f.Value, maxMattermostFact, markdown)})
	}
	if to := address(m.Runbook); to != "" {
		at.Fields = append(at.Fields, mattermostField{"Runbook", "<" + to + ">"})
	}
	said := mattermostMessage{Text: mattermostMentions[m.Mention], Channel: h.channel, User: h.user, Attachments: []mattermostAttachment{at}}
	if strings.Contains(h.icon, "://") {
		said.Icon = h.icon
	} else {
		said.Emoji = h.icon
	}
	return Posting{URL: h.url, Body: said}
}

func (mattermostHook) Confirm(_ int, body []byte) (string, error) {
	if strings.TrimSpace(string(body)) != "ok" {
		return "", errors.New("the answer is not ok, which Mattermost confirms with")
	}
	return "", nil
}

func (mattermostHook) Wait([]byte) time.Duration { return 0 }
