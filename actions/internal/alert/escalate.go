package alert

import (
	"slices"
	"time"
)

// Escalated is the kind of what is told of an issue where nobody responded in time.
const Escalated = "escalated"

// maxLate is how long after its deadline an issue is still escalated: one whose
// deadline was long ago has waited for something else than people.
const maxLate = 7 * 24 * time.Hour

// Escalations are the messages about an issue to which nobody has responded in time:
// once for each channel and episode, where the route escalates. It is asked with
// what is due now, so an issue that is closed, or has lost its labels, escalates
// nothing. Deadline is when the next one is due; zero where none is to come.
func Escalations(due []Due, markers []Marker, run string, now time.Time) (news, left []Due, deadline time.Time) {
	for _, d := range due {
		at, told, found := lastTold(d, markers)
		if !found || told.Respond <= 0 || !d.escalates() {
			continue
		}
		done, claimed := escalated(d, markers, run, now)
		by := d.Deadline(at, told.Respond)
		switch {
		case done || now.Sub(by) > maxLate:
		case now.Before(by):
			if deadline.IsZero() || by.Before(deadline) {
				deadline = by
			}
		default:
			d.Kind, d.Thread, d.Respond, d.Told = Escalated, firstOf(told.Ref, d.Thread), told.Respond, at
			if claimed {
				left = append(left, d)
			} else {
				news = append(news, d)
			}
		}
	}
	return news, left, deadline
}

// escalates reports whether an issue without a response notifies the channel once
// more: as the route says, else where it calls somebody.
func (d Due) escalates() bool {
	if d.Escalate != nil {
		return *d.Escalate
	}
	return d.Mention != ""
}

// lastTold is what a channel was told last of the issue in this episode, and when.
func lastTold(d Due, markers []Marker) (at time.Time, told Told, found bool) {
	for _, m := range markers {
		for _, t := range m.Told {
			if t.Kind == "" && t.State == Sent && t.Channel == d.Channel && t.By == d.By && t.Episode >= d.Episode && !m.At.Before(at) {
				at, told, found = m.At, t, true
			}
		}
	}
	return at, told, found
}

// escalated reports whether a channel has been told that nobody responded, and
// whether another run may be telling it.
func escalated(d Due, markers []Marker, run string, now time.Time) (done, claimed bool) {
	for _, m := range markers {
		for _, t := range m.Told {
			if t.Kind != Escalated || t.Channel != d.Channel || t.By != d.By || t.Episode < d.Episode {
				continue
			}
			done = done || t.State == Sent
			claimed = claimed || t.State == Pending && m.Holds(run, now)
		}
	}
	return done, claimed
}

// Refs are the channels' ids of what was told of an issue in Slack or elsewhere,
// where somebody may have answered.
func Refs(markers []Marker) []Told {
	var all []Told
	for _, m := range markers {
		for _, t := range m.Told {
			if t.State == Sent && t.Ref != "" && !slices.ContainsFunc(all, func(o Told) bool { return o.Ref == t.Ref && o.Channel == t.Channel }) {
				all = append(all, t)
			}
		}
	}
	return all
}
