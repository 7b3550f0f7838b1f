package notify

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/aftercare/aftercare/actions/internal/github"
)

// Answered reads the thread of a message of ours: the first answer of a person,
// or a reaction, of which Slack does not tell the time: now. Zero is no answer.
func (s *Slack) Answered(ctx context.Context, ref string, now time.Time) (time.Time, error) {
	channel, ts, ok := strings.Cut(ref, "/")
	if s.Token == "" || !ok {
		return time.Time{}, ErrUnreadable
	}
	ask := slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: ts, Limit: 200}
	var pages github.Cursor
	for {
		thread, more, next, err := s.client().GetConversationRepliesContext(ctx, &ask)
		if err != nil {
			return time.Time{}, s.unread(err)
		}
		for _, m := range thread {
			switch {
			case m.Timestamp == ts && len(m.Reactions) > 0:
				return now, nil
			case m.Timestamp != ts && m.BotID == "" && m.User != "":
				return stamped(m.Timestamp, now), nil
			}
		}
		if ask.Cursor = next; !more || next == "" {
			return time.Time{}, nil
		}
		if err := pages.Next(next); err != nil {
			return time.Time{}, s.unread(err)
		}
	}
}

// stamped is the time in Slack's id of a message: seconds, a point, a number.
func stamped(ts string, now time.Time) time.Time {
	seconds, _, _ := strings.Cut(ts, ".")
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || at <= 0 || at > now.Unix() {
		return now
	}
	return time.Unix(at, 0).UTC()
}
