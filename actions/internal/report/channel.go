package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/humanize"
)

// Tried is one thing that the test of a channel has tried.
type Tried struct {
	Way    string // "Slack #alerts", "mail", the name of a service
	What   string // "send a message"
	Said   string // what is known since it worked; may be empty
	Why    string // why it did not work, and what to do; empty where it did
	Needed bool   // no message arrives while it does not work
}

func (t Tried) sign() string {
	switch {
	case t.Why == "":
		return "✅"
	case t.Needed:
		return "❌"
	}
	return "⚠️"
}

// ChannelTest is the summary of the test of a channel.
func ChannelTest(channel string, all []Tried) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## Test of the channel %s: %s\n\n| | Way | Tried | Result |\n|---|---|---|---|\n", Code(channel, 80), ChannelTestLine(all))
	for _, t := range all {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", t.sign(), Cell(t.Way), Cell(t.What), Cell(firstOf(t.Why, t.Said)))
	}
	return b.String()
}

// ChannelTestLine says in a few words how the test of a channel ended.
func ChannelTestLine(all []Tried) string {
	broken, lesser := 0, 0
	for _, t := range all {
		switch t.sign() {
		case "❌":
			broken++
		case "⚠️":
			lesser++
		}
	}
	switch {
	case broken > 0:
		return fmt.Sprintf("%d of %s failed", broken+lesser, humanize.Count(len(all), "check"))
	case lesser > 0:
		return fmt.Sprintf("messages arrive; %s without effect on that failed", humanize.Count(lesser, "check"))
	}
	return "all works"
}

// TestMessage is a message that tests a way to a channel. It mentions nobody.
func TestMessage(project, channel, by, run string, now time.Time) change.Message {
	key := fmt.Sprintf("test/%s/%s/%s/%d", channel, by, run, now.UnixNano())
	return change.Message{
		Key: key, Incident: key, Channel: channel, By: by,
		Title:   fmt.Sprintf("Test message: %s reaches the channel %s", firstOf(project, "Aftercare"), channel),
		Summary: "Somebody tests the channel with check -notify. Nothing has happened, and nothing is to be done.",
		Facts:   []change.Fact{{Name: "Sent", Value: humanize.Moment(now)}},
	}
}
