package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
)

// Heard is what a run knows of a notice besides its memory: of a mention where
// it stands, of a mail the address that it came to.
type Heard struct {
	Source string // hackernews, reddit, mastodon, the name of another place, or mail
	Line   string // a mention's title, masked
	URL    string // http or https
}

// places are what people call them.
var places = map[string]string{"hackernews": "Hacker News", "reddit": "Reddit", "mastodon": "Mastodon"}

// placeName is the name of a place as people write it.
func placeName(source string) string {
	if name, known := places[source]; known {
		return name
	}
	return oneLine(source, 30)
}

// NoticeMessage is the message about a mention or a mail. Of a mail it says
// nothing but its labels: what it says stands in the mailbox.
func NoticeMessage(n alert.MetricNews, of Heard, place Place, now time.Time) change.Message {
	m := change.Message{
		Key: n.Key, Channel: n.Channel, By: n.By, Mention: n.Mention, Respond: n.Respond, Thread: n.Thread, Repeat: n.Unconfirmed,
		Labels: n.Labels, Link: of.URL, Elsewhere: true, Runbook: place.Runbook(n.Runbook),
	}
	if of.Source == "mail" {
		labels := strings.Join(n.Labels, ", ")
		m.Title = labels + ": a mail to the release's address"
		m.Summary = fmt.Sprintf("The words of a mail earn it %s. What it says stands in the mailbox alone.", labels)
	} else {
		m.Title = fmt.Sprintf("%s on %s", withUnit(float64(n.Notice.Score), "points"), placeName(of.Source))
		m.Summary = "Somebody speaks of the release there, and many look at it."
		if of.Line != "" {
			m.Summary = "Many look at it there: " + oneLine(of.Line, mostQuoted)
		}
	}
	if n.Kind == alert.Reminder {
		m.Title = "nobody has answered: " + m.Title
	}
	m.Facts = noticeFacts(n, now)
	return m
}

func noticeFacts(n alert.MetricNews, now time.Time) []change.Fact {
	facts := []change.Fact{{Name: "Since", Value: clock(n.Notice.At, now)}}
	if n.Respond > 0 {
		facts = append(facts, change.Fact{Name: "Answer due", Value: due(n, now)})
	}
	return facts
}

// due is who must answer, and by when.
func due(n alert.MetricNews, now time.Time) string {
	who := "somebody of the channel"
	if n.Mention != "" {
		who = mentioned(n.Mention)
	}
	return fmt.Sprintf("%s, by %s (within %s)", who, clock(now.Add(n.Respond), now), span(n.Respond))
}
