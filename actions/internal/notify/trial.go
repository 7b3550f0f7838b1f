package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/service"
)

// A Trial is one thing that a test of a channel has tried.
type Trial struct {
	What string // in a few words: "send a message"
	Said string // what is known since it worked: "as aftercare in Simulated"; may be empty
	Err  error  // why it did not work; nil where it did
	// Scope is the scope that the Slack app lacks for it; empty where that is not the
	// reason.
	Scope string
	// Without says what does not happen while it does not work; empty where no message
	// arrives.
	Without string
}

// Hint says what to do about what did not work; empty where nothing is known.
func (t Trial) Hint() string {
	if t.Scope != "" {
		return "add the scope " + t.Scope + " under \"OAuth & Permissions\" of the app, and install it again (actions/docs/slack-app.yaml is an app with all of them)"
	}
	var hinting interface{ Hint() string }
	if errors.As(t.Err, &hinting) {
		return hinting.Hint()
	}
	return ""
}

// Try sends a message by one way, and tries what else the way is used for: with a bot
// token of Slack, whether the message is found again, whether its thread can be read,
// and whether the mentions reach somebody. It sends the message once.
func (ms Messengers) Try(ctx context.Context, m change.Message, mentions []string, now time.Time) []Trial {
	way := ms.bare(Place(m.Channel, m.By))
	if s, is := way.(*Slack); is && s.Token != "" {
		return s.try(ctx, ms, m, mentions, now)
	}
	sent := Trial{What: "send a message"}
	_, sent.Err = ms.Send(ctx, m)
	all := []Trial{sent}
	if s, is := way.(*Service); is && sent.Err == nil && service.Pages(s.To) {
		m.Resolved = true
		closed := Trial{What: "resolve the incident that it opened", Without: "the incident of the test stays open: resolve it by hand"}
		_, closed.Err = ms.Send(ctx, m)
		all = append(all, closed)
	}
	if _, is := way.(*Slack); is {
		all = append(all, Trial{What: "read the channel", Err: errors.New("an incoming webhook can only write"),
			Without: "no response in Slack is seen, and a message may be repeated after a crash: set SLACK_BOT_TOKEN for both"})
	}
	return all
}

// try tries what a bot token is used for, in the order in which one needs another.
func (s *Slack) try(ctx context.Context, ms Messengers, m change.Message, mentions []string, now time.Time) []Trial {
	var all []Trial
	add := func(what, said, without, scope string, err error) bool {
		t := Trial{What: what, Err: err, Without: without}
		if err == nil {
			t.Said = said
		} else {
			t.Scope = lackingScope(err, scope)
			t.Err = &slackError{channel: s.Channel, cause: bare(err)}
		}
		all = append(all, t)
		return err == nil
	}
	who, err := s.client().AuthTestContext(ctx)
	if err != nil {
		add("sign in with SLACK_BOT_TOKEN", "", "", "", err)
		return all
	}
	add("sign in with SLACK_BOT_TOKEN", fmt.Sprintf("as %s in the workspace %s", clean(who.User), clean(who.Team)), "", "", nil)
	ref, err := ms.Send(ctx, m)
	var mine *slackError
	if errors.As(err, &mine) {
		err = mine.cause
	}
	if !add("send a message", "to "+s.Channel, "", "chat:write", err) {
		return all
	}
	_, ts, _ := strings.Cut(ref, "/")
	_, found, err := s.find(ctx, m.Key, stamped(ts, now)) // by Slack's clock
	if err == nil && !found {
		err = errors.New("the message that was sent is not in the channel's history")
	}
	add("find the message again", "", "a run that continues after a crash may repeat a message", "channels:history", err)
	_, err = s.response(ctx, ref, now)
	add("read the message's thread", "", "no response in Slack is seen, so alerts are escalated all the same", "channels:history", err)
	_, _, err = s.Person(ctx, who.UserID)
	add("look up a person", "", "who responds in Slack is not named on pages and issues", "users:read", err)
	for _, id := range mentions {
		said, scope, err := s.mentioned(ctx, id)
		without := "whether " + id + " is somebody cannot be seen; the message mentions it all the same"
		if err != nil && lackingScope(err, scope) == "" {
			without = "" // nobody is notified
		}
		add("mention "+id, said, without, scope, err)
	}
	return all
}

// mentioned says who is mentioned by an id, and names the scope that it takes to
// know.
func (s *Slack) mentioned(ctx context.Context, id string) (who, scope string, err error) {
	switch {
	case slackGroup.MatchString(id):
		who, err = s.Group(ctx, id)
		return who, "usergroups:read", err
	case slackMember.MatchString(id):
		name, active, err := s.Person(ctx, id)
		if err == nil && !active {
			err = fmt.Errorf("the account of %s is deactivated", name)
		}
		return name, "users:read", err
	}
	return "everybody in the channel", "", nil
}

// lackingScope is the scope that an error is about: the first that Slack names, else
// the one that is usual; empty where it is about something else.
func lackingScope(err error, usual string) string {
	var said slack.SlackErrorResponse
	if !errors.As(err, &said) || said.Err != "missing_scope" {
		return ""
	}
	if first, _, _ := strings.Cut(said.Needed, ","); strings.TrimSpace(first) != "" {
		return strings.TrimSpace(clean(first))
	}
	return usual
}
