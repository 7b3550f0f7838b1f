package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Heard is what a run knows of a notice besides the record: of a mention where
// it stands, of a mail the address that it came to.
type Heard struct {
	Source string // hackernews, reddit, mastodon, the name of another site, or mail
	Line   string // a mention's title, redacted
	URL    string // http or https
}

// places are the sites by the names that people call them.
var places = map[string]string{"hackernews": "Hacker News", "reddit": "Reddit", "mastodon": "Mastodon"}

// placeName is the name of a site as people write it.
func placeName(source string) string {
	if name, known := places[source]; known {
		return name
	}
	return oneLine(source, 30)
}

// NoticeMessage is the notification about a mention or a mail. Of a mail it says
// nothing but its labels: the text stays in the mailbox.
func NoticeMessage(n alert.MetricNews, of Heard, place Place, now time.Time) change.Message {
	m := change.Message{
		Key: n.Key, Channel: n.Channel, By: n.By, Mention: n.Mention, Respond: n.Respond, Thread: n.Thread,
		Labels: n.Labels, Link: of.URL, Elsewhere: true, Runbook: place.Runbook(n.Runbook),
	}
	if of.Source == "mail" {
		m.Title = "Mail labelled " + strings.Join(leading(mailLabels(n)), ", ")
		if Urgency(alert.Fired{Notice: &alert.Notice{Labels: mailLabels(n)}}) == verdict.Critical {
			m.Title = "🔴 " + m.Title
		}
		m.Summary = "A mail to the release's address: the rules gave it these labels by its words. Read it in the mailbox; nothing of its text is repeated here."
	} else {
		m.Title = fmt.Sprintf("Trending on %s: %s", placeName(of.Source), humanize.Value(float64(n.Notice.Score), "points"))
		m.Summary = "A post about the release."
		if of.Line != "" {
			m.Summary = oneLine(of.Line, maxQuoted)
		}
	}
	if n.Kind == alert.Reminder {
		m.Title = "Escalated, no response: " + m.Title
	}
	m.Incident, m.Facts = incident(n, place), noticeFacts(n, now)
	return m
}

// mailLabels are all the labels of a mail, so that every channel reads the same title.
func mailLabels(n alert.MetricNews) []string {
	if n.Notice != nil && len(n.Notice.Labels) > 0 {
		return n.Notice.Labels
	}
	return n.Labels
}

func noticeFacts(n alert.MetricNews, now time.Time) []change.Fact {
	var facts []change.Fact
	if n.Respond > 0 {
		facts = append(facts, change.Fact{Name: "Respond by", Value: due(n, now)})
	}
	if n.Action != "" {
		facts = append(facts, change.Fact{Name: "First step", Value: n.Action})
	}
	return append(facts, change.Fact{Name: "Since", Value: clock(n.Notice.At, now)})
}

// due is by when who must respond: "18:12 UTC (8h), anyone in the channel".
func due(n alert.MetricNews, now time.Time) string {
	return deadline(n.Schedule, n.Respond, now) + ", " + responder(n.By, n.Mention)
}
