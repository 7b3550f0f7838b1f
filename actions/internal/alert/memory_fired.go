package alert

import (
	"cmp"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Fired is an episode of a metric, or a notice.
type Fired struct {
	Metric string
	Notice *Notice // of what is not a metric
	Episode
}

// Fired is what fired at some time from from on and before until, or became
// news then where it is a notice: the oldest first. What ended later lasted at
// until. Silences are not among it. What ended more than two months ago is
// forgotten.
func (m Memory) Fired(from, until time.Time) []Fired {
	var all []Fired
	for _, a := range m.Alerts {
		for _, e := range a.Episodes {
			if e.Blind || !e.Began.Before(until) || a.Notice != nil && e.Began.Before(from) || !e.open() && !e.Ended.After(from) {
				continue
			}
			if e.Ended.After(until) {
				e.Ended = time.Time{}
			}
			all = append(all, Fired{a.Metric, a.Notice, e})
		}
	}
	slices.SortStableFunc(all, func(a, b Fired) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Metric, b.Metric), a.Began.Compare(b.Began))
	})
	return all
}

// Channels are those that heard that it fired, each once, in the order in which
// they did.
func (f Fired) Channels() []string {
	var all []string
	for _, t := range f.Told {
		if t.State == Sent && t.Kind.announces() && !slices.Contains(all, t.Channel) {
			all = append(all, t.Channel)
		}
	}
	return all
}

// Message is the key of the message by which channels first heard that it fired; that
// of several alerts is one where they were sent together. It is empty where nobody
// heard.
func (f Fired) Message() string {
	for _, t := range f.Told {
		if t.State == Sent && t.Kind.announces() {
			return t.Key
		}
	}
	return ""
}

// Reminded reports whether nobody answered in time.
func (f Fired) Reminded() bool {
	return slices.ContainsFunc(f.Told, func(t MetricTold) bool { return t.State == Sent && t.Kind == Reminder })
}

// Late returns the time in which a response to a critical alert was asked for, and
// reports whether it came later. The time runs from the message, and the shortest of
// several counts. Of a warning nothing is known: its time runs in the hours of its route.
func (f Fired) Late() (limit time.Duration, late bool) {
	if f.Answered.IsZero() || f.Notice == nil && f.Level != verdict.Critical {
		return 0, false
	}
	for _, t := range f.Told {
		if t.State == Sent && t.Kind.announces() && t.Respond > 0 && (limit == 0 || t.Respond < limit) {
			limit, late = t.Respond, f.Answered.Sub(t.At) > t.Respond
		}
	}
	return limit, late
}
