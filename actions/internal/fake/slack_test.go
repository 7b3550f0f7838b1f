package fake_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

func bot(w *fake.World) *slack.Client {
	return slack.New(fake.SlackToken, slack.OptionAPIURL(w.Slack.URL))
}

func section(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", text, false, false), nil, nil)
}

func TestTheRealClientSpeaksWithSlack(t *testing.T) {
	w := world(t)
	c := bot(w)
	id, ts, err := c.PostMessage("#caro-alerts", slack.MsgOptionText("down", false), slack.MsgOptionBlocks(section("<!channel> &lt;!here&gt; down <@U1|u>")),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "alert", EventPayload: m{"key": "k1"}}))
	if err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Second)
	if _, _, err := c.PostMessage(id, slack.MsgOptionText("answer", false), slack.MsgOptionTS(ts)); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := c.UpdateMessage(id, ts, slack.MsgOptionText("up again", false)); err != nil {
		t.Fatal(err)
	}
	page, err := c.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: id, IncludeAllMetadata: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Messages) != 1 || page.Messages[0].Metadata.EventPayload["key"] != "k1" || page.Messages[0].Text != "up again" {
		t.Errorf("the history is %+v; want the one message with its key, without the answer in its thread", page.Messages)
	}
	replies, _, _, err := c.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: id, Timestamp: ts})
	if err != nil || len(replies) != 2 {
		t.Errorf("the thread is %+v, %v; want two messages", replies, err)
	}
	channels, _, err := c.GetConversations(&slack.GetConversationsParameters{Limit: 10})
	if err != nil || len(channels) != 1 || channels[0].Name != "caro-alerts" || channels[0].ID != id {
		t.Errorf("the channels are %+v, %v", channels, err)
	}
	got := w.Slack.Messages("#caro-alerts")
	if len(got) != 2 || got[1].Thread != ts || got[0].By != "bot" || !got[0].Edited {
		t.Errorf("got %+v", got)
	}
	if len(w.Unknown()) != 0 {
		t.Errorf("the real client asks for what is not simulated: %q", w.Unknown())
	}
}

func TestSlackPings(t *testing.T) {
	w := world(t)
	_, _, err := bot(w).PostMessage("c", slack.MsgOptionText("<!everyone> beside blocks", false), slack.MsgOptionBlocks(
		section("<!channel> &lt;!here&gt; down <@U1|u> <!subteam^S2>"),
		slack.NewHeaderBlock(slack.NewTextBlockObject("plain_text", "<!here>", false, false))))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := w.Slack.Messages("c")[0].Pings, []string{"channel", "U1", "subteam^S2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q: neither what is escaped nor what is plain calls anybody", got, want)
	}
}

func TestHistoryIsReadByPages(t *testing.T) {
	w := world(t)
	c := bot(w)
	var id string
	for n := range 5 {
		w.Advance(time.Minute)
		id, _, _ = c.PostMessage("c", slack.MsgOptionText(fmt.Sprint(n), false))
	}
	var seen []string
	ask := slack.GetConversationHistoryParameters{ChannelID: id, Limit: 2, Oldest: fmt.Sprint(w.Now().Add(-4 * time.Minute).Unix())}
	for {
		page, err := c.GetConversationHistory(&ask)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Messages {
			seen = append(seen, one.Text)
		}
		if ask.Cursor = page.ResponseMetaData.NextCursor; !page.HasMore {
			break
		}
	}
	if got := strings.Join(seen, " "); got != "4 3 2 1 0" {
		t.Errorf("got %s", got)
	}
}

func TestSlackRefuses(t *testing.T) {
	w := world(t)
	w.Slack.Channels("known")
	long := strings.Repeat("x", 3001)
	many := make([]slack.Block, 51)
	for i := range many {
		many[i] = slack.NewDividerBlock()
	}
	big := make([]slack.Block, 5)
	for i := range big {
		big[i] = section(long[:2900])
	}
	text := slack.MsgOptionText("t", false)
	for _, c := range []struct {
		name, channel, want string
		options             []slack.MsgOption
	}{
		{"an unknown channel", "other", "channel_not_found", []slack.MsgOption{text}},
		{"no text", "known", "no_text", nil},
		{"a long section", "known", "invalid_blocks", []slack.MsgOption{text, slack.MsgOptionBlocks(section(long))}},
		{"an empty section", "known", "invalid_blocks", []slack.MsgOption{text, slack.MsgOptionBlocks(section(""))}},
		{"a long header", "known", "invalid_blocks", []slack.MsgOption{text, slack.MsgOptionBlocks(slack.NewHeaderBlock(slack.NewTextBlockObject("plain_text", long[:151], false, false)))}},
		{"too many blocks", "known", "invalid_blocks", []slack.MsgOption{text, slack.MsgOptionBlocks(many...)}},
		{"too much in all", "known", "msg_blocks_too_long", []slack.MsgOption{text, slack.MsgOptionBlocks(big...)}},
		{"an unknown thread", "known", "thread_not_found", []slack.MsgOption{text, slack.MsgOptionTS("1.1")}},
	} {
		if _, _, err := bot(w).PostMessage(c.channel, c.options...); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := slack.New("xoxb-other", slack.OptionAPIURL(w.Slack.URL)).AuthTest(); err == nil || err.Error() != "invalid_auth" {
		t.Errorf("another token: %v", err)
	}
	if got := len(w.Slack.Messages("known")); got != 0 {
		t.Errorf("%d messages came through", got)
	}
}

func TestOneMessageASecondAndChannel(t *testing.T) {
	w := world(t)
	w.Slack.Limit()
	post := func(channel string) error {
		_, _, err := bot(w).PostMessage(channel, slack.MsgOptionText("t", false))
		return err
	}
	if err := errors.Join(post("a"), post("b")); err != nil {
		t.Fatal(err)
	}
	var limit *slack.RateLimitedError
	if err := post("a"); !errors.As(err, &limit) || limit.RetryAfter != time.Second {
		t.Errorf("a second one: %v", err)
	}
	_ = w.Sleep(context.Background(), time.Second)
	if err := post("a"); err != nil {
		t.Errorf("a second later: %v", err)
	}
}

func TestWebhook(t *testing.T) {
	w := world(t)
	w.Slack.Channels("caro-alerts")
	if err := slack.PostWebhook(w.Slack.WebhookURL("#caro-alerts"), &slack.WebhookMessage{Text: "down", Blocks: &slack.Blocks{BlockSet: []slack.Block{section("down")}}}); err != nil {
		t.Fatal(err)
	}
	if got := w.Slack.Messages("caro-alerts"); len(got) != 1 || got[0].By != "webhook" || got[0].Text != "down" {
		t.Errorf("got %+v", got)
	}
	if got := ask(t, "POST", w.Slack.WebhookURL("none"), m{"text": "x"}); got.status != 404 || string(got.body) != "no_service" {
		t.Errorf("an unknown hook: %d %s", got.status, got.body)
	}
	if got := ask(t, "POST", w.Slack.WebhookURL("caro-alerts"), m{"text": ""}); got.status != 400 || string(got.body) != "no_text" {
		t.Errorf("an empty message: %d %s", got.status, got.body)
	}
}
