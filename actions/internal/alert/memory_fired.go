package alert

import (
	"cmp"
	"slices"
	"time"
)

// Fired is an episode of a metric, or a notice, as it was known at some time.
type Fired struct {
	Metric string
	Notice *Notice // of what is no metric
	Episode
}

// Fired is what fired at some time from from on and before until, or became
// news then where it is a notice: the oldest first, each as it was at until.
// Silences are not among it. What ended more than two months ago is forgotten.
func (m Memory) Fired(from, until time.Time) []Fired {
	var all []Fired
	for _, a := range m.Alerts {
		for _, e := range a.Episodes {
			if e.Blind || !e.Began.Before(until) || a.Notice != nil && e.Began.Before(from) || !e.open() && !e.Ended.After(from) {
				continue
			}
			all = append(all, Fired{a.Metric, a.Notice, e.asOf(until)})
		}
	}
	slices.SortStableFunc(all, func(a, b Fired) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Metric, b.Metric))
	})
	return all
}

// asOf leaves out what came later.
func (e Episode) asOf(until time.Time) Episode {
	if e.Ended.After(until) {
		e.Ended = time.Time{}
	}
	e.Told = slices.DeleteFunc(slices.Clone(e.Told), func(t MetricTold) bool { return t.At.After(until) })
	return e
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

// Reminded tells whether nobody answered in time.
func (f Fired) Reminded() bool {
	return slices.ContainsFunc(f.Told, func(t MetricTold) bool { return t.State == Sent && t.Kind == Reminder })
}
