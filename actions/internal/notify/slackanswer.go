package notify

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/aftercare/aftercare/actions/internal/github"
)

// A Response is what somebody did about a message in its channel: an answer in the
// thread, or a reaction.
type Response struct {
	At time.Time // zero where nobody has responded
	By string    // the person's name; empty where the bot may not look it up
}

// IsZero reports whether nobody has responded.
func (r Response) IsZero() bool { return r.At.IsZero() }

// Responded reads the thread of a message of ours: the first answer of a person, or a
// reaction, of which Slack does not tell the time: now.
func (s *Slack) Responded(ctx context.Context, ref string, now time.Time) (Response, error) {
	if s.Token == "" {
		return Response{}, ErrUnreadable
	}
	found, err := s.response(ctx, ref, now)
	if err != nil {
		return Response{}, s.unread(err)
	}
	if found.IsZero() || found.By == "" {
		return found, nil
	}
	// A bot without the scope users:read sees that somebody responded, and not who.
	name, _, err := s.Person(ctx, found.By)
	if found.By = name; err != nil {
		found.By = ""
	}
	return found, nil
}

// response is the first response to a message, by the id of the person. Its error is
// as Slack gave it.
func (s *Slack) response(ctx context.Context, ref string, now time.Time) (Response, error) {
	channel, ts, ok := strings.Cut(ref, "/")
	if !ok {
		return Response{}, ErrUnreadable
	}
	ask := slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: ts, Limit: 200}
	var pages github.Cursor
	for {
		thread, more, next, err := s.client().GetConversationRepliesContext(ctx, &ask)
		if err != nil {
			return Response{}, err
		}
		for _, m := range thread {
			switch {
			case m.Timestamp == ts && len(m.Reactions) > 0:
				return Response{now, firstPerson(m.Reactions)}, nil
			case m.Timestamp != ts && m.BotID == "" && m.User != "":
				return Response{stamped(m.Timestamp, now), m.User}, nil
			}
		}
		if ask.Cursor = next; !more || next == "" {
			return Response{}, nil
		}
		if err := pages.Next(next); err != nil {
			return Response{}, err
		}
	}
}

// firstPerson is the first who reacted; empty where Slack does not say.
func firstPerson(reactions []slack.ItemReaction) string {
	for _, r := range reactions {
		if len(r.Users) > 0 {
			return r.Users[0]
		}
	}
	return ""
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
