package notify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/github"
)

// Slack reaches one channel, by bot token where there is one, else by an
// incoming webhook.
type Slack struct {
	Channel string // '#name' or an ID
	Token   string // of a bot; its messages have ids, threads and can be read back
	Webhook string // the URL of an incoming webhook: a secret
	API     string // of Slack's API, for tests; empty is Slack's own
	HTTP    *http.Client
	Sleep   func(context.Context, time.Duration) error
}

// The limits of Slack that matter here, in characters (docs: Block Kit
// reference), and our own on a whole message.
const (
	maxTitle   = 150
	maxSection = 2900
	maxField   = 1900
	maxFields  = 10
	slackTries = 4
)

// metadataType names our messages in a channel's history.
const metadataType = "aftercare_alert"

// Send posts the message. A rate limit is waited for; an answer of a broken
// server is unsure, and with a token the channel is looked into before the
// message is sent again.
func (s *Slack) Send(ctx context.Context, m change.Message) (string, error) {
	start, maybe := time.Duration(0), false
	for try := 1; ; try++ {
		ref, err := s.post(ctx, m)
		if err == nil {
			return ref, nil
		}
		maybe = maybe || isUnsure(err)
		wait, again := retryIn(err, try)
		if !again || try == slackTries {
			return "", perhaps(s.sentence(err), maybe)
		}
		if start += wait; start > 2*time.Minute {
			return "", perhaps(s.sentence(err), maybe)
		}
		if err := s.Sleep(ctx, wait); err != nil {
			return "", perhaps(err, maybe)
		}
		if !isUnsure(err) {
			continue
		}
		ref, found, errLook := s.Look(ctx, m, time.Time{})
		switch {
		case found:
			return ref, nil
		case errLook != nil && !errors.Is(errLook, ErrUnreadable):
			return "", &UnsureError{s.sentence(err)}
		case errLook != nil:
			m.Repeat = true
		}
	}
}

// perhaps is an error after tries of which one may have been delivered.
func perhaps(err error, maybe bool) error {
	var unsure *UnsureError
	if !maybe || errors.As(err, &unsure) {
		return err
	}
	return &UnsureError{err}
}

func (s *Slack) post(ctx context.Context, m change.Message) (string, error) {
	blocks := slackBlocks(m)
	fallback := cut(escape(clean(m.Title+": "+m.Summary)), maxSection)
	if s.Token == "" {
		off := false
		return "", s.postWebhook(ctx, &slack.WebhookMessage{
			Text: fallback, Blocks: &slack.Blocks{BlockSet: blocks}, UnfurlLinks: &off, UnfurlMedia: &off,
		})
	}
	options := []slack.MsgOption{
		slack.MsgOptionText(fallback, false), slack.MsgOptionBlocks(blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{"key": m.Key}}),
	}
	if _, ts, ok := strings.Cut(m.Thread, "/"); ok {
		options = append(options, slack.MsgOptionTS(ts), slack.MsgOptionBroadcast())
	}
	channel, ts, err := s.client().PostMessageContext(ctx, s.Channel, options...)
	if err != nil {
		return "", err
	}
	return channel + "/" + ts, nil
}

func (s *Slack) client() *slack.Client {
	options := []slack.Option{slack.OptionHTTPClient(newShapedClient(s.HTTP))}
	if s.API != "" {
		options = append(options, slack.OptionAPIURL(strings.TrimSuffix(s.API, "/")+"/"))
	}
	return slack.New(s.Token, options...)
}

// Look searches the channel's history, 200 messages a page, for our message
// with the key.
func (s *Slack) Look(ctx context.Context, m change.Message, since time.Time) (string, bool, error) {
	if s.Token == "" {
		return "", false, ErrUnreadable
	}
	ref, found, err := s.find(ctx, m.Key, since)
	if err != nil {
		return "", false, s.unread(err)
	}
	return ref, found, nil
}

// find searches the channel's history for our message with a key. Its error is as
// Slack gave it.
func (s *Slack) find(ctx context.Context, key string, since time.Time) (string, bool, error) {
	id, err := s.id(ctx)
	if err != nil {
		return "", false, err
	}
	ask := slack.GetConversationHistoryParameters{ChannelID: id, IncludeAllMetadata: true, Limit: 200}
	if !since.IsZero() {
		ask.Oldest = fmt.Sprintf("%d.000000", since.Add(-time.Hour).Unix())
	}
	var pages github.Cursor
	for {
		page, err := s.client().GetConversationHistoryContext(ctx, &ask)
		if err != nil {
			return "", false, err
		}
		for _, found := range page.Messages {
			if found.Metadata.EventType == metadataType && found.Metadata.EventPayload["key"] == key {
				return id + "/" + found.Timestamp, true, nil
			}
		}
		if ask.Cursor = page.ResponseMetaData.NextCursor; !page.HasMore || ask.Cursor == "" {
			return "", false, nil
		}
		if err := pages.Next(ask.Cursor); err != nil {
			return "", false, err
		}
	}
}

// unread is the error of a channel that could not be looked into: one that the
// bot may not read is as good as a webhook, one whose pages do not end is a
// *HistoryError, any other may pass.
func (s *Slack) unread(err error) error {
	var said slack.SlackErrorResponse
	var endless *github.EndlessError
	if errors.As(err, &endless) {
		return &HistoryError{s.sentence(endless)}
	}
	if errors.As(err, &said) && !isUnsure(err) {
		return ErrUnreadable
	}
	return s.sentence(err)
}

var slackID = regexp.MustCompile(`^[CGD][A-Z0-9]{8,}$`)

// id is the channel's ID, which reading needs where writing takes a name.
func (s *Slack) id(ctx context.Context) (string, error) {
	if slackID.MatchString(s.Channel) {
		return s.Channel, nil
	}
	ask := slack.GetConversationsParameters{ExcludeArchived: true, Limit: 1000, Types: []string{"public_channel", "private_channel"}}
	var pages github.Cursor
	for {
		some, next, err := s.client().GetConversationsContext(ctx, &ask)
		if err != nil {
			return "", err
		}
		for _, c := range some {
			if c.Name == strings.TrimPrefix(s.Channel, "#") {
				return c.ID, nil
			}
		}
		if ask.Cursor = next; next == "" {
			return "", slack.SlackErrorResponse{Err: "channel_not_found"}
		}
		if err := pages.Next(next); err != nil {
			return "", err
		}
	}
}
