package alert

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// Notice is what is news once, and never over: a mention elsewhere that many
// look at, or a mail whose words earned it labels. It says nothing of what a
// stranger wrote.
type Notice struct {
	Name   string    `json:"-"` // names it for all time: its source, and its id there
	Labels []string  `json:"labels,omitempty"`
	Score  int       `json:"score,omitempty"`
	At     time.Time `json:"at"` // when it was said or came
	Old    bool      `json:"-"`  // it was there before anybody looked: it is remembered, and not told
}

// keepNotice is how long a notice is remembered, from when it was said, came or was
// taken in, whichever is later. Whoever reads what was said must not hand it over
// again after that.
const keepNotice = 90 * 24 * time.Hour

// Notice takes in what was said or came, however long ago: an outage loses nothing.
// What is demanded by no route or is remembered already changes nothing, but for a
// score that has grown.
func (m Memory) Notice(all []Notice, routes []Route, channels Channels, now time.Time) Memory {
	m = m.clone()
	now = second(now)
	m.Alerts = slices.DeleteFunc(m.Alerts, func(a MetricAlert) bool { return a.Notice != nil && a.forgotten(now) })
	for _, n := range all {
		n.At = second(n.At)
		if len(n.demand(routes, channels)) == 0 {
			continue
		}
		i, known := m.find(n.Name)
		switch {
		case known && m.Alerts[i].Notice != nil && m.Alerts[i].Notice.Score < n.Score:
			m.Alerts[i].Notice = &n
		case !known:
			m.Alerts = slices.Insert(m.Alerts, i, n.alert(now))
		}
	}
	return m
}

// forgotten tells a notice that nobody will hand over again.
func (a MetricAlert) forgotten(now time.Time) bool {
	return now.Sub(a.Notice.At) >= keepNotice && now.Sub(a.At) >= keepNotice
}

// alert is what is remembered of a notice: one that is old never fires.
func (n Notice) alert(now time.Time) MetricAlert {
	a := MetricAlert{Metric: n.Name, At: now, Notice: &n}
	if !n.Old {
		a.Episodes = []Episode{{Began: now, Since: n.At, Kind: Firing}}
	}
	return a
}

// demand is who must hear of it, on which terms.
func (n Notice) demand(routes []Route, channels Channels) []MetricNews {
	var all []MetricNews
	for _, d := range ForIssue(model.Issue{State: "open"}, n.Labels, model.History{}, routes, channels) {
		all = enlist(all, MetricNews{Channel: d.Channel, By: d.By, Labels: d.Labels, Mention: d.Mention, Respond: d.Respond, Schedule: d.Schedule, Runbook: d.Runbook, Action: d.Action})
	}
	for _, r := range routes {
		if r.Score == 0 || n.Score < r.Score {
			continue
		}
		if all = r.lead(all, channels, ""); !r.Continue {
			break
		}
	}
	return all
}
