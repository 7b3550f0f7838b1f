package alert

import (
	"reflect"
	"slices"

	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// maxSingle is how many alerts may begin in one run with a message for each.
const maxSingle = 5

// Group makes one message for each route of what begins in one run, where that is
// more than five alerts; likewise of what is over, and of what nobody responded to.
// The first of a group speaks for it, the others are in With; each keeps its own
// record, under the key of the one message. Apart are the ways that open an incident
// for each message, and must close it: those get a message for each alert.
func Group(news []MetricNews, apart func(channel, by string) bool) []MetricNews {
	many := map[Transition]bool{}
	for _, kind := range []Transition{Firing, Recovered, Reminder} {
		var metrics []string
		for _, n := range news {
			if n.groups() && n.grouped() == kind && !slices.Contains(metrics, n.Metric) {
				metrics = append(metrics, n.Metric)
			}
		}
		many[kind] = len(metrics) > maxSingle
	}
	var grouped []MetricNews
	for _, n := range news {
		if !n.groups() || !many[n.grouped()] || apart(n.Channel, n.By) {
			grouped = append(grouped, n)
			continue
		}
		i := slices.IndexFunc(grouped, func(first MetricNews) bool { return first.leads(n) })
		if i < 0 {
			grouped = append(grouped, n)
			continue
		}
		grouped[i].With = append(grouped[i].With, n)
		if n.Level == verdict.Critical {
			grouped[i] = grouped[i].ledBy(len(grouped[i].With) - 1)
		}
	}
	return grouped
}

// groups reports whether news is of a metric, new, and of a kind that is grouped.
func (n MetricNews) groups() bool {
	return n.Notice == nil && n.Claimed.IsZero() && !n.Over && slices.Contains([]Transition{Firing, Flapping, Recovered, Reminder}, n.Kind)
}

// grouped is the kind that news counts as: what flaps begins, too.
func (n MetricNews) grouped() Transition {
	if n.Kind == Flapping {
		return Firing
	}
	return n.Kind
}

// leads reports whether news joins a message: of the same kind, by the same route and
// way, and in the same thread.
func (n MetricNews) leads(more MetricNews) bool {
	same := n.groups() && n.grouped() == more.grouped() && n.Channel == more.Channel && n.By == more.By && n.Thread == more.Thread
	return same && n.Mention == more.Mention && n.Respond == more.Respond && n.Runbook == more.Runbook && n.Action == more.Action && reflect.DeepEqual(n.Schedule, more.Schedule)
}

// ledBy puts a critical alert first, where a warning is first.
func (n MetricNews) ledBy(i int) MetricNews {
	if n.Level == verdict.Critical {
		return n
	}
	with := n.With
	first := with[i]
	n.With = nil
	first.With = append([]MetricNews{n}, slices.Delete(slices.Clone(with), i, i+1)...)
	return first
}
