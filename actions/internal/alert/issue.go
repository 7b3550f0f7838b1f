package alert

import (
	"sort"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// Due is what one channel must hear about one issue by one way: the labels
// that lead to it, and the strictest terms of their routes.
type Due struct {
	Issue   int
	Channel string
	By      string   // slack, email or the name of a service
	Labels  []string // in the order of the routes, then by name
	Mention string
	Respond time.Duration // 0: no time is set
	Schedule
	Runbook string
	Action  string // what to do first
	Episode int    // how often it was over before (episode.go): what comes back is news again
	Worse   bool   // the channel heard of the issue before, with more time to answer
	Thread  string // the channel's id of what it heard then
	// Escalate is what the route says of escalation; nil where it says nothing.
	Escalate *bool
	Kind     string    // Escalated, or empty
	Told     time.Time // of an escalation: when the channel was told
}

// ForIssue is what the labels of an issue demand, by channel in the order of
// the routes, and by each way that the channel has. Each label takes the first
// route that names it, and the next ones where that route continues. A closed
// issue demands nothing: what it was about is over.
func ForIssue(issue model.Issue, labels []string, past model.History, routes []Route, channels Channels) []Due {
	if issue.State == "closed" {
		return nil
	}
	labels = append([]string{}, labels...)
	sort.Strings(labels)
	var due []Due
	for _, route := range routes {
		for _, label := range labels {
			if !contains(route.Label, label) || taken(routes, route, label) {
				continue
			}
			for _, channel := range route.To {
				for _, by := range channels[channel].Ways() {
					due = join(due, Due{
						Issue: issue.Number, Channel: channel, By: by, Labels: []string{label}, Mention: route.Mention,
						Respond: route.Respond.Duration(), Schedule: route.schedule(), Runbook: route.Runbook, Action: route.Action, Escalate: route.Escalate, Episode: episode(channel, past, routes),
					})
				}
			}
		}
	}
	return due
}

// taken reports whether a route before this one took the label and stops there.
func taken(routes []Route, here Route, label string) bool {
	for _, r := range routes {
		if sameRoute(r, here) {
			return false
		}
		if contains(r.Label, label) && !r.Continue {
			return true
		}
	}
	return false
}

func sameRoute(a, b Route) bool {
	return len(a.Label) == len(b.Label) && len(a.Label) > 0 && &a.Label[0] == &b.Label[0]
}

// join adds one label's demand to its channel's: the terms of the more urgent.
func join(due []Due, more Due) []Due {
	for i := range due {
		d := &due[i]
		if d.Channel != more.Channel || d.By != more.By {
			continue
		}
		if !contains(d.Labels, more.Labels[0]) {
			d.Labels = append(d.Labels, more.Labels...)
		}
		if d.Escalate == nil || more.Escalate != nil && *more.Escalate {
			d.Escalate = more.Escalate
		}
		schedule := d.with(more.Schedule)
		if urgency(more.Respond) > urgency(d.Respond) {
			schedule = more.with(d.Schedule)
			d.Respond, d.Mention = more.Respond, firstOf(more.Mention, d.Mention)
			d.Runbook, d.Action = firstOf(more.Runbook, d.Runbook), firstOf(more.Action, d.Action)
		}
		d.Schedule = schedule
		d.Mention, d.Runbook, d.Action = firstOf(d.Mention, more.Mention), firstOf(d.Runbook, more.Runbook), firstOf(d.Action, more.Action)
		return due
	}
	return append(due, more)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// News is the part of what is due that the channels have not heard: told
// before in the same episode and at least as urgently is heard. What another
// run has claimed, and may still be sending, is left to it.
func News(due []Due, markers []Marker, run string, now time.Time) (news, left []Due) {
	for _, d := range due {
		heard, claimed := false, false
		for _, m := range markers {
			for _, t := range m.Told {
				if t.Kind != "" || t.Channel != d.Channel || t.By != d.By || t.Episode < d.Episode {
					continue
				}
				enough := urgency(t.Respond) >= urgency(d.Respond)
				switch {
				case t.State == Sent:
					d.Worse, d.Thread = true, firstOf(t.Ref, d.Thread)
					heard = heard || enough
				case t.State == Pending && m.Holds(run, now):
					d.Worse = true
					claimed = claimed || enough
				}
			}
		}
		switch {
		case heard:
		case claimed:
			left = append(left, d)
		default:
			news = append(news, d)
		}
	}
	return news, left
}
