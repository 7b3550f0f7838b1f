package service

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/change"
)

// teamsFlow is a webhook that Workflows made for a channel of Microsoft Teams.
type teamsFlow struct{ url string }

// microsoft are the domains that webhooks of Workflows stand in.
var microsoft = []string{"logic.azure.com", "powerplatform.com", "logic.azure.us", "powerplatform.us"}

func openTeams(address *url.URL, base string) (Service, error) {
	if address.Scheme == "teams" || strings.HasSuffix(strings.ToLower(address.Hostname()), "webhook.office.com") {
		return nil, errors.New("is the address of a connector, which Microsoft has retired: make a webhook in Teams with Workflows")
	}
	if address.Host == "" || address.Path == "" {
		return nil, errors.New("is not an address of a webhook")
	}
	there := *address
	there.Scheme = transport(address)
	if base != "" {
		return teamsFlow{base + there.RequestURI()}, nil
	}
	return teamsFlow{there.String()}, nil
}

// The limits of a card, in characters. Teams takes 28 KiB in all, which these
// stay below in any language.
const (
	maxTeamsTitle = 250
	maxTeamsText  = 900
	maxTeamsFact  = 280
)

type teamsMessage struct {
	Type        string            `json:"type"`
	Attachments []teamsAttachment `json:"attachments"`
}

type teamsAttachment struct {
	ContentType string    `json:"contentType"`
	ContentURL  *string   `json:"contentUrl"`
	Content     teamsCard `json:"content"`
}

type teamsCard struct {
	Schema  string        `json:"$schema"`
	Type    string        `json:"type"`
	Version string        `json:"version"`
	Body    []teamsBlock  `json:"body"`
	Actions []teamsAction `json:"actions,omitempty"`
}

type teamsBlock struct {
	Type    string     `json:"type"`
	Inlines []teamsRun `json:"inlines"`
}

// teamsRun is a text in which nothing is markup: Markdown is for text blocks.
type teamsRun struct {
	Type   string `json:"type"`
	Text   string `json:"text"`
	Weight string `json:"weight,omitempty"`
	Size   string `json:"size,omitempty"`
	Italic bool   `json:"italic,omitempty"`
}

type teamsAction struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Compose makes an adaptive card of runs of plain text. A webhook cannot mention
// a channel.
func (t teamsFlow) Compose(m change.Message) Posting {
	line := func(runs ...teamsRun) teamsBlock { return teamsBlock{"RichTextBlock", runs} }
	card := teamsCard{Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.4"}
	card.Body = append(card.Body, line(teamsRun{Type: "TextRun", Text: fit(oneLine(m.Title), maxTeamsTitle, plain), Weight: "Bolder", Size: "Medium"}))
	if note := m.RepeatNote(); note != "" {
		card.Body = append(card.Body, line(teamsRun{Type: "TextRun", Text: note, Italic: true}))
	}
	if m.Summary != "" {
		card.Body = append(card.Body, line(teamsRun{Type: "TextRun", Text: fit(oneLine(m.Summary), maxTeamsText, plain)}))
	}
	for _, f := range facts(m) {
		card.Body = append(card.Body, line(
			teamsRun{Type: "TextRun", Text: fit(oneLine(f.Name), maxName, plain) + ": ", Weight: "Bolder"},
			teamsRun{Type: "TextRun", Text: fit(oneLine(f.Value), maxTeamsFact, plain)}))
	}
	for _, l := range links(m) {
		card.Actions = append(card.Actions, teamsAction{"Action.OpenUrl", l.words, l.url})
	}
	return Posting{URL: t.url, Body: teamsMessage{"message", []teamsAttachment{{ContentType: "application/vnd.microsoft.card.adaptive", Content: card}}}}
}

// Confirm takes the statuses with which Workflows answers. Where a flow answers
// 200 by itself it may say in words that it failed.
func (teamsFlow) Confirm(status int, body []byte) (string, error) {
	said := strings.ToLower(string(body[:min(len(body), 512)]))
	switch {
	case isPage(body):
		return "", errors.New("a page came in place of an answer")
	case status != 200 && status != 202:
		return "", errors.New("the status is not 200 or 202, which Workflows confirms with")
	case strings.Contains(said, "failed") || strings.Contains(said, `"error"`):
		return "", errors.New("the flow says that it failed")
	}
	return "", nil
}

func (teamsFlow) Wait([]byte) time.Duration { return 0 }
