package service

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/discord"

	"github.com/aftercare/aftercare/actions/internal/change"
)

// discordHook is a webhook of a Discord channel.
type discordHook struct{ url string }

func openDiscord(address *url.URL, base string) (Service, error) {
	var c discord.Config
	if address.Scheme == "https" {
		parts := strings.Split(strings.Trim(address.Path, "/"), "/")
		if len(parts) != 4 || parts[0] != "api" || parts[1] != "webhooks" {
			return nil, errors.New("is not an address of a Discord webhook")
		}
		c.WebhookID, c.Token, c.ThreadID = parts[2], parts[3], address.Query().Get("thread_id")
	} else if c.SetURL(address) != nil { // its error may repeat the token
		return nil, errors.New("is not an address of a Discord webhook")
	}
	if strings.Trim(c.WebhookID, "0123456789") != "" {
		return nil, errors.New("names no Discord webhook: its id has digits alone")
	}
	query := url.Values{"wait": {"true"}} // else Discord answers before it has looked
	if c.ThreadID != "" {
		query.Set("thread_id", c.ThreadID)
	}
	return discordHook{at(base, "discord.com", "/api/webhooks/"+c.WebhookID+"/"+url.PathEscape(c.Token)+"?"+query.Encode())}, nil
}

// The limits of Discord (docs: message objects, embed limits), in characters. An
// embed has at most 6,000 of them in all, which these and ten facts stay below.
const (
	maxDiscordTitle       = 256
	maxDiscordDescription = 1200
	maxDiscordValue       = 360
)

type discordMessage struct {
	Content  string          `json:"content,omitempty"`
	Embeds   []discordEmbed  `json:"embeds"`
	Mentions discordMentions `json:"allowed_mentions"`
}

// discordMentions are who may be notified; an empty list is nobody.
type discordMentions struct {
	Parse []string `json:"parse"`
}

type discordEmbed struct {
	Title       string         `json:"title"`
	URL         string         `json:"url,omitempty"`
	Description string         `json:"description,omitempty"`
	Color       int            `json:"color"`
	Fields      []discordField `json:"fields,omitempty"`
}

type discordField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Compose puts all that strangers wrote into an embed, in which nothing mentions;
// our own mention stands outside, and is the only one allowed.
func (d discordHook) Compose(m change.Message) Posting {
	embed := discordEmbed{Title: fit(oneLine(m.Title), maxDiscordTitle, markdown), URL: address(m.Link), Color: colorOf(m)}
	embed.Description = fit(m.Summary, maxDiscordDescription, markdown)
	if note := m.RepeatNote(); note != "" {
		embed.Description = strings.TrimSpace("*" + note + "*\n" + embed.Description)
	}
	for _, f := range facts(m) {
		embed.Fields = append(embed.Fields, discordField{fit(oneLine(f.Name), maxName, markdown), fit(f.Value, maxDiscordValue, markdown)})
	}
	if to := address(m.Runbook); to != "" && units(to) < maxDiscordValue {
		embed.Fields = append(embed.Fields, discordField{"Runbook", "<" + to + ">"})
	}
	said := discordMessage{Embeds: []discordEmbed{embed}, Mentions: discordMentions{Parse: []string{}}}
	switch m.Mention {
	case "channel", "everyone":
		said.Content, said.Mentions.Parse = "@everyone", []string{"everyone"}
	case "here":
		said.Content, said.Mentions.Parse = "@here", []string{"everyone"}
	}
	return Posting{URL: d.url, Body: said}
}

// colorOf is the colour of a message's edge.
func colorOf(m change.Message) int {
	switch {
	case m.Resolved:
		return 0x2da44e
	case m.Level == "critical":
		return 0xcf222e
	case m.Level == "warning":
		return 0xfb8500
	}
	return 0x57606a
}

func (discordHook) Confirm(_ int, body []byte) (string, error) {
	var said struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(body, &said) != nil || said.ID == "" {
		return "", errors.New("the answer names no message")
	}
	return said.ID, nil
}

func (discordHook) Wait(body []byte) time.Duration {
	var said struct {
		After float64 `json:"retry_after"` // seconds
	}
	if json.Unmarshal(body, &said) != nil {
		return 0
	}
	return seconds(said.After)
}

// maxSeconds bounds what a server may ask to wait: a day.
const maxSeconds = 86400

func seconds(n float64) time.Duration {
	if !(n > 0) {
		return 0
	}
	return time.Duration(min(n, maxSeconds) * float64(time.Second))
}
