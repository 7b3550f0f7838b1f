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

// Asked is when people first heard that it fired; its start where nobody did.
func (f Fired) Asked() time.Time {
	asked := time.Time{}
	for _, t := range f.Told {
		if t.State == Sent && t.Kind.announces() && (asked.IsZero() || t.At.Before(asked)) {
			asked = t.At
		}
	}
	if asked.IsZero() {
		return f.Began
	}
	return asked
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

// Late returns the time in which a response was asked for, and reports whether there was
// none by then: it came later, or has not come by now though the alert lasted. The
// shortest of several counts. It runs in the hours of the route, by is then when it was
// over; else by is zero, and it runs from the message. Of a message whose deadline nobody
// recorded that is believed of what is critical alone; and that nobody responded, of what is
// critical and where the answers to the message can be read.
func (f Fired) Late(now time.Time) (limit time.Duration, by time.Time, late bool) {
	until := f.Answered
	if until.IsZero() {
		until = now
		if f.Notice == nil && !f.Ended.IsZero() && f.Ended.Before(now) {
			until = f.Ended
		}
	}
	for _, t := range f.Told {
		due := t.Due
		if due.IsZero() && (f.Notice != nil || f.Level == verdict.Critical) {
			due = t.At.Add(t.Respond)
		}
		if f.Answered.IsZero() && f.Level != verdict.Critical && (t.By != "slack" || t.Ref == "") {
			continue
		}
		if t.State != Sent || !t.Kind.announces() || t.Respond == 0 || due.IsZero() || limit > 0 && t.Respond >= limit {
			continue
		}
		limit, by, late = t.Respond, time.Time{}, until.After(due)
		if !due.Equal(t.At.Add(t.Respond)) {
			by = due
		}
	}
	return limit, by, late
}
