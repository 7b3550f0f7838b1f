package alert

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fact"
)

// Notice is what is news once, and never over: a mention elsewhere that many
// look at, or a mail whose words earned it labels. It says nothing of what a
// stranger wrote.
type Notice struct {
	Name   string    `json:"-"` // names it for all time: its source, and its id there
	Labels []string  `json:"labels,omitempty"`
	Score  int       `json:"score,omitempty"`
	At     time.Time `json:"at"` // when it was said or came
}

const (
	// freshNotice is how old a notice may be when it becomes news: what was there
	// before we looked is none.
	freshNotice = 7 * 24 * time.Hour
	// keepNotice is how long it is remembered; nothing is read that is older.
	keepNotice = 90 * 24 * time.Hour
)

// Notice takes in what was said or came. What is demanded by no route, is old, or
// is remembered already changes nothing, but for a score that has grown.
func (m Memory) Notice(all []Notice, routes []Route, channels Channels, now time.Time) Memory {
	m = m.clone()
	now = second(now)
	m.Alerts = slices.DeleteFunc(m.Alerts, func(a MetricAlert) bool { return a.Notice != nil && now.Sub(a.Notice.At) >= keepNotice })
	for _, n := range all {
		n.At = second(n.At)
		if len(n.demand(routes, channels)) == 0 {
			continue
		}
		i, known := m.find(n.Name)
		switch {
		case known && m.Alerts[i].Notice != nil && m.Alerts[i].Notice.Score < n.Score:
			m.Alerts[i].Notice = &n
		case !known && now.Sub(n.At) < freshNotice:
			m.Alerts = slices.Insert(m.Alerts, i, MetricAlert{Metric: n.Name, At: now, Notice: &n, Episodes: []Episode{{Began: now, Since: n.At, Kind: Firing}}})
		}
	}
	return m
}

// demand is who must hear of it, on which terms.
func (n Notice) demand(routes []Route, channels Channels) []MetricNews {
	var all []MetricNews
	for _, d := range ForIssue(fact.Issue{State: "open"}, n.Labels, fact.History{}, routes, channels) {
		all = enlist(all, MetricNews{Channel: d.Channel, By: d.By, Labels: d.Labels, Mention: d.Mention, Respond: d.Respond, Runbook: d.Runbook})
	}
	for _, r := range routes {
		if r.Score == 0 || n.Score < r.Score {
			continue
		}
		if all = r.lead(all, channels); !r.Continue {
			break
		}
	}
	return all
}
