package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/redirect"
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
	id, err := s.id(ctx)
	if err != nil {
		return "", false, s.unread(err)
	}
	ask := slack.GetConversationHistoryParameters{ChannelID: id, IncludeAllMetadata: true, Limit: 200}
	if !since.IsZero() {
		ask.Oldest = fmt.Sprintf("%d.000000", since.Add(-time.Hour).Unix())
	}
	var pages github.Cursor
	for {
		page, err := s.client().GetConversationHistoryContext(ctx, &ask)
		if err != nil {
			return "", false, s.unread(err)
		}
		for _, found := range page.Messages {
			if found.Metadata.EventType == metadataType && found.Metadata.EventPayload["key"] == m.Key {
				return id + "/" + found.Timestamp, true, nil
			}
		}
		if ask.Cursor = page.ResponseMetaData.NextCursor; !page.HasMore || ask.Cursor == "" {
			return "", false, nil
		}
		if err := pages.Next(ask.Cursor); err != nil {
			return "", false, s.unread(err)
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

// retryIn says how long to wait before another try, and whether one may help.
func retryIn(err error, try int) (time.Duration, bool) {
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		return max(limited.RetryAfter, time.Second), true
	}
	var hook *hookError
	if errors.As(err, &hook) { // another try would get the same answer
		return 0, false
	}
	return time.Second << (try - 1), isUnsure(err) || neverConnected(err) || isBusy(err)
}

func isBusy(err error) bool {
	var status slack.StatusCodeError
	return errors.As(err, &status) && status.Code == http.StatusTooManyRequests
}

// isUnsure tells errors after which the message may stand in the channel.
func isUnsure(err error) bool {
	var status slack.StatusCodeError
	if errors.As(err, &status) {
		return status.Code >= 500
	}
	var said slack.SlackErrorResponse
	if errors.As(err, &said) {
		return said.Err == "internal_error" || said.Err == "fatal_error" || said.Err == "service_unavailable" || said.Err == "request_timeout"
	}
	var hook *hookError
	if errors.As(err, &hook) {
		return hook.unsure
	}
	var limited *slack.RateLimitedError
	return !errors.As(err, &limited) && !neverConnected(err) && !redirect.Refused(err)
}

func neverConnected(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// sentence makes an error fit to be read: without the webhook's URL, which is
// a secret, and with what to do.
func (s *Slack) sentence(err error) error {
	said := error(&slackError{channel: s.Channel, cause: bare(err)})
	if isUnsure(err) {
		return &UnsureError{said}
	}
	return said
}

// bare is the innermost cause of an error of the HTTP client, whose own text
// holds the URL.
func bare(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

type slackError struct {
	channel string
	cause   error
}

func (e *slackError) Error() string { return "Slack: " + redact.Text(e.cause.Error()) }
func (e *slackError) Unwrap() error { return e.cause }

// Hint says what to do about the answers that Slack gives most.
func (e *slackError) Hint() string {
	switch e.cause.Error() {
	case "channel_not_found":
		return "there is no channel " + e.channel + ", or the bot may not see it: invite the bot, or correct `channels:` in rules.yaml"
	case "not_in_channel":
		return "invite the bot to " + e.channel
	case "invalid_auth", "token_revoked", "not_authed", "account_inactive", "token_expired":
		return "SLACK_BOT_TOKEN is not valid any more"
	case "missing_scope":
		return "the bot needs the scopes chat:write, channels:read and channels:history"
	}
	var hook *hookError
	if errors.As(e.cause, &hook) {
		return hook.hint()
	}
	return ""
}

// slackBlocks lays a message out in Block Kit. Only the mention is ours to be
// parsed; all else is escaped and verbatim, so that nothing in it can mention,
// link or ping.
func slackBlocks(m change.Message) []slack.Block {
	blocks := []slack.Block{slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, cut(plainTitle(m.Title), maxTitle), false, false))}
	if note := m.RepeatNote(); note != "" {
		blocks = append(blocks, section("_"+note+"_"))
	}
	if mention := slackMention(m.Mention); mention != "" {
		blocks = append(blocks, slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, mention, false, false), nil, nil))
	}
	if m.Summary != "" {
		blocks = append(blocks, section(cut(escape(clean(m.Summary)), maxSection)))
	}
	var fields []*slack.TextBlockObject
	for _, f := range m.Facts[:min(len(m.Facts), maxFields)] {
		fields = append(fields, verbatim("*"+escape(f.Name)+"*\n"+cut(escape(clean(f.Value)), maxField)))
	}
	if len(fields) > 0 {
		blocks = append(blocks, slack.NewSectionBlock(nil, fields, nil))
	}
	if links := slackLinks(m); links != "" {
		blocks = append(blocks, slack.NewContextBlock("", verbatim(links)))
	}
	return blocks
}

func section(text string) slack.Block { return slack.NewSectionBlock(verbatim(text), nil, nil) }

func verbatim(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}

var (
	slackGroup  = regexp.MustCompile(`^S[A-Z0-9]{7,}$`)
	slackMember = regexp.MustCompile(`^[UW][A-Z0-9]{7,}$`)
)

// slackMention writes a mention of channel, here, a person (U… or W…) or a user
// group (S…). Slack notifies nobody of a handle: rules.yaml takes none.
func slackMention(who string) string {
	switch {
	case who == "":
		return ""
	case who == "channel" || who == "here" || who == "everyone":
		return "<!" + who + ">"
	case slackGroup.MatchString(who):
		return "<!subteam^" + who + ">"
	case slackMember.MatchString(who):
		return "<@" + who + ">"
	}
	return "@" + escape(who)
}

func slackLinks(m change.Message) string {
	var links []string
	if m.Link != "" {
		links = append(links, slackLink(m.Link, m.Leads()))
	}
	if m.Runbook != "" {
		links = append(links, slackLink(m.Runbook, "Runbook"))
	}
	return strings.Join(links, "  ·  ")
}

func slackLink(address, words string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return escape(clean(words))
	}
	return "<" + strings.NewReplacer("|", "%7C", ">", "%3E", "<", "%3C").Replace(u.String()) + "|" + words + ">"
}

// clean masks a plain text and takes out what does not print.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, redact.Text(strings.ToValidUTF8(s, "\uFFFD")))
}

var slackEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape is what Slack asks for in its markup: & < > as entities.
func escape(s string) string { return slackEscapes.Replace(s) }

// plainTitle needs no escapes, since a header is plain text; its angle
// brackets become quotation marks all the same, for clients that read it
// otherwise.
func plainTitle(s string) string {
	return strings.NewReplacer("<", "‹", ">", "›", "\n", " ").Replace(clean(s))
}

// cut shortens to at most n characters, at the end of a character and not
// within an entity.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)[:n-1]
	for i := len(runes) - 1; i >= 0 && i > len(runes)-7; i-- {
		if runes[i] == ';' {
			break
		}
		if runes[i] == '&' {
			runes = runes[:i]
			break
		}
	}
	return string(runes) + "…"
}

// PrintSlack is the message as Slack would get it, for dry runs and goldens.
func PrintSlack(m change.Message) string {
	src, _ := json.MarshalIndent(slack.Blocks{BlockSet: slackBlocks(m)}, "", "  ")
	return string(src)
}
