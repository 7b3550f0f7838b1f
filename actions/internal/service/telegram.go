package service

import (
	"encoding/json"
	"errors"
	"html"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/telegram"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/redact"
)

// telegramBot writes into one chat.
type telegramBot struct {
	url, chat string
	thread    int // a topic of the chat; 0 for none
	silent    bool
}

func openTelegram(address *url.URL, base string) (Service, error) {
	c := telegram.Config{Notification: true}
	if c.SetURL(address) != nil { // its error repeats the token
		return nil, errors.New("is not an address of a Telegram bot and its chat")
	}
	if len(c.Chats) != 1 {
		return nil, errors.New("names several chats, and of a message to them each would be repeated for one that failed: give each chat an address of its own")
	}
	chat, topic, _ := strings.Cut(c.Chats[0], ":")
	t := telegramBot{url: at(base, "api.telegram.org", "/bot"+c.Token+"/sendMessage"), chat: chat, silent: !c.Notification}
	if topic != "" {
		var err error
		if t.thread, err = strconv.Atoi(topic); err != nil {
			return nil, errors.New("names a chat whose topic is not a number")
		}
	}
	return t, nil
}

// The limits of a message: Telegram takes 4,096 characters, without markup.
const (
	maxTelegramTitle = 300
	maxTelegramText  = 1000
	maxTelegramFact  = 240
)

type telegramMessage struct {
	Chat     string          `json:"chat_id"`
	Thread   int             `json:"message_thread_id,omitempty"`
	Text     string          `json:"text"`
	Mode     string          `json:"parse_mode"`
	Preview  telegramPreview `json:"link_preview_options"`
	IsSilent bool            `json:"disable_notification,omitempty"`
}

type telegramPreview struct {
	IsDisabled bool `json:"is_disabled"`
}

// Compose writes Telegram's HTML. Telegram finds mentions in plain words too, and
// a joiner keeps it from that.
func (t telegramBot) Compose(m change.Message) Posting {
	lines := []string{"<b>" + fit(oneLine(m.Title), maxTelegramTitle, inTelegram) + "</b>"}
	if note := m.RepeatNote(); note != "" {
		lines = append(lines, "<i>"+note+"</i>")
	}
	if m.Summary != "" {
		lines = append(lines, fit(m.Summary, maxTelegramText, inTelegram))
	}
	for _, f := range facts(m) {
		lines = append(lines, "<b>"+fit(oneLine(f.Name), maxName, inTelegram)+":</b> "+fit(oneLine(f.Value), maxTelegramFact, inTelegram))
	}
	var to []string
	for _, l := range links(m) {
		to = append(to, `<a href="`+html.EscapeString(l.url)+`">`+l.words+"</a>")
	}
	if len(to) > 0 {
		lines = append(lines, strings.Join(to, " · "))
	}
	return Posting{URL: t.url, Body: telegramMessage{
		Chat: t.chat, Thread: t.thread, Text: strings.Join(lines, "\n"), Mode: "HTML", Preview: telegramPreview{true}, IsSilent: t.silent,
	}}
}

var telegramEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "@", "@"+joiner, "#", "#"+joiner, "/", "/"+joiner, "://", ":"+joiner+"//", "www.", "www"+joiner+".")

func inTelegram(s string) string { return telegramEscapes.Replace(redact.Printing(s)) }

func (telegramBot) Confirm(_ int, body []byte) (string, error) {
	var said struct {
		OK     bool `json:"ok"`
		Result struct {
			ID int64 `json:"message_id"`
		} `json:"result"`
	}
	if json.Unmarshal(body, &said) != nil || !said.OK || said.Result.ID <= 0 {
		return "", errors.New("the answer names no message")
	}
	return strconv.FormatInt(said.Result.ID, 10), nil
}

func (telegramBot) Wait(body []byte) time.Duration {
	var said struct {
		Parameters struct {
			After float64 `json:"retry_after"` // seconds
		} `json:"parameters"`
	}
	if json.Unmarshal(body, &said) != nil {
		return 0
	}
	return seconds(said.Parameters.After)
}
