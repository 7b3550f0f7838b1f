package alert

import (
	"sort"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// episode counts how often what a channel must hear of an issue was over
// before: its last label that leads there was taken off, or the issue was
// closed while it had one.
func episode(channel string, past model.History, routes []Route) int {
	over, closed, held := 0, false, map[string]bool{}
	for _, e := range turns(channel, past, routes) {
		switch {
		case e.state && e.on:
			closed = false
		case e.state:
			if !closed && len(held) > 0 {
				over++
			}
			closed = true
		case e.on:
			held[e.label] = true
		default:
			delete(held, e.label)
			if !closed && len(held) == 0 {
				over++
			}
		}
	}
	return over
}

// turn is a label that came or went, or the issue that was reopened or closed.
type turn struct {
	at    time.Time
	label string
	state bool
	on    bool
}

// turns are the events of an issue that matter to a channel, in the order of
// time.
func turns(channel string, past model.History, routes []Route) []turn {
	var all []turn
	for _, e := range past.Labels {
		if leads(e.Label, channel, routes) {
			all = append(all, turn{at: e.At, label: strings.ToLower(e.Label), on: e.Added})
		}
	}
	for _, e := range past.States {
		all = append(all, turn{at: e.At, state: true, on: !e.Closed})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].at.Before(all[j].at) })
	return all
}

// leads reports whether a label takes a route to the channel.
func leads(label, channel string, routes []Route) bool {
	for _, r := range routes {
		if contains(r.Label, label) && r.To.Has(channel) && !taken(routes, r, label) {
			return true
		}
	}
	return false
}
