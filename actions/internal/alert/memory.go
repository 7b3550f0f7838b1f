package alert

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Memory is what is remembered of the metrics' alerts between runs, in
// reports/data/alerts.json. It is a value: every method answers a new one and
// leaves the old as it was, so a run whose commit is refused reads again and
// computes again.
type Memory struct {
	Alerts []MetricAlert `json:"alerts"` // by metric
	Issues []IssueRecord `json:"issues,omitempty"`
}

// MetricAlert is how one metric stands. Times are in UTC, to the second.
type MetricAlert struct {
	Metric string    `json:"metric"`
	At     time.Time `json:"at"`              // when something here last changed; what was seen before is not believed
	Known  bool      `json:"known,omitempty"` // it has had a value once

	// Since when it has been so, without a break; zero while it is not. The time
	// in which nothing is known does not count.
	WarningSince  time.Time `json:"warningSince,omitzero"`  // past the warning, or worse
	CriticalSince time.Time `json:"criticalSince,omitzero"` // past the critical threshold
	BelowSince    time.Time `json:"belowSince,omitzero"`    // below critical, in an episode that was critical
	ClearSince    time.Time `json:"clearSince,omitzero"`    // below the warning, in an episode
	UnknownSince  time.Time `json:"unknownSince,omitzero"`

	Episodes []Episode `json:"episodes,omitempty"` // the oldest first; an ended one is kept for the retrospective

	Notice *Notice `json:"notice,omitempty"` // of what is not a metric: it is news once
}

// Episode is one firing, from the time at which it became news until it was
// over, or one silence.
type Episode struct {
	Began    time.Time     `json:"began"`           // no two episodes of a metric began at once
	Since    time.Time     `json:"since"`           // when the value went past the threshold, or was missing first
	Ended    time.Time     `json:"ended,omitzero"`  // zero while it lasts
	Level    verdict.Level `json:"level,omitempty"` // the worst of it; empty of a silence
	Flapping bool          `json:"flapping,omitempty"`
	Blind    bool          `json:"blind,omitempty"` // a silence: nothing is known of the metric
	// Covered is set where it counts nothing but reports whose labels have notified
	// people: it is an incident, and no news.
	Covered bool  `json:"covered,omitempty"`
	Peak    *Peak `json:"peak,omitempty"` // the worst figure of it; nil where none is recorded
	// Critical is when the value first went past the critical threshold; zero of a
	// warning, and where nobody recorded it.
	Critical time.Time `json:"critical,omitzero"`
	// Leaves is when what it counts is empty by itself, by the last run; zero where that
	// takes somebody who acts, and where nobody knows.
	Leaves time.Time `json:"leaves,omitzero"`

	// Turn counts what became news after the beginning; Kind is what the latest
	// of it was.
	Turn     int          `json:"turn,omitempty"`
	Kind     Transition   `json:"kind"`
	Answered time.Time    `json:"answered,omitzero"`  // when somebody took it on
	Answerer string       `json:"answerer,omitempty"` // who, by name; empty where nobody knows
	Told     []MetricTold `json:"told,omitempty"`     // in the order of the claims
}

// Transition is what is news of a metric.
type Transition string

// The transitions.
const (
	Firing    Transition = "firing"
	Worse     Transition = "worse"         // critical, and the channel heard of a warning; or critical again
	Recovered Transition = "recovered"     // over; for those who heard that it began
	Reminder  Transition = "reminder"      // nobody answered in time
	Flapping  Transition = "flapping"      // up and down within a day; its turns are held back from here on
	Blind     Transition = "silent-source" // nothing has been known for more than a day
)

// announces tells the transitions by which a channel hears that something is
// wrong.
func (t Transition) announces() bool { return t == Firing || t == Worse || t == Flapping }

// MetricTold is what one channel was told, or is being told, by one way.
type MetricTold struct {
	Key     string        `json:"key"` // what the message carries, so that it can be found in the channel
	Channel string        `json:"to"`
	By      string        `json:"by"` // slack or email
	Kind    Transition    `json:"kind"`
	Turn    int           `json:"turn,omitempty"`
	State   State         `json:"state"`
	Run     string        `json:"run"`            // who claimed it last, as run/attempt
	At      time.Time     `json:"at"`             // when it was first claimed; of a sent one, when it was sent
	Until   time.Time     `json:"until,omitzero"` // until when a claim keeps others away
	Ref     string        `json:"ref,omitempty"`  // the channel's own id of the message
	Respond time.Duration `json:"respond,omitempty"`
	Due     time.Time     `json:"due,omitzero"`    // by when somebody was asked to respond, in the hours of the route
	Over    bool          `json:"over,omitempty"`  // the message said too that it is over
	Doubt   bool          `json:"doubt,omitempty"` // an earlier claim ran out: its message may have gone out
}

const (
	// blindAfter is how long nothing may be known before that is news.
	blindAfter = 26 * time.Hour
	// steadyFor is how long a metric must stay on one side to flap no more.
	steadyFor = 24 * time.Hour
	// tellEnded is how long after its end news of an episode are told: what was
	// not told by then is told no more.
	tellEnded = 7 * 24 * time.Hour
	// keepEnded is how long an ended firing is remembered, so that the pages of
	// days, weeks and months can tell of it; a silence is for tellEnded.
	keepEnded = 60 * 24 * time.Hour
)

// open tells an episode that lasts.
func (e Episode) open() bool { return e.Ended.IsZero() }

// overFor tells an episode that has been over for a length of time.
func (e Episode) overFor(length time.Duration, now time.Time) bool {
	return !e.open() && now.Sub(e.Ended) >= length
}

// unsettled tells a message that may have gone out or not.
func (t MetricTold) unsettled() bool { return t.State == Pending || t.State == Failed && t.Doubt }

// none tells a message that did not go out for certain.
func (t MetricTold) none() bool { return t.State == Failed && !t.Doubt }

// holds reports whether a claim keeps a run from sending. That of an earlier
// attempt of the same run does not, for it is dead; nor does the run's own.
func (t MetricTold) holds(run string, now time.Time) bool {
	return t.State == Pending && now.Before(t.Until) && t.Run != run && !sameRun(t.Run, run)
}

// clone copies all that a method may write to.
func (m Memory) clone() Memory {
	m.Alerts = slices.Clone(m.Alerts)
	for i := range m.Alerts {
		m.Alerts[i] = m.Alerts[i].clone()
	}
	m.Issues = slices.Clone(m.Issues)
	return m
}

func (a MetricAlert) clone() MetricAlert {
	a.Episodes = slices.Clone(a.Episodes)
	for i := range a.Episodes {
		a.Episodes[i].Told = slices.Clone(a.Episodes[i].Told)
	}
	return a
}

// find is the place of a metric, and whether it is there.
func (m Memory) find(metric string) (int, bool) {
	return slices.BinarySearchFunc(m.Alerts, metric, func(a MetricAlert, name string) int { return strings.Compare(a.Metric, name) })
}

// episode is the episode that began then, to be written to; nil where there is
// none.
func (m Memory) episode(metric string, began time.Time) *Episode {
	i, known := m.find(metric)
	if !known {
		return nil
	}
	all := m.Alerts[i].Episodes
	for j := range all {
		if all[j].Began.Equal(began) {
			return &all[j]
		}
	}
	return nil
}

// Firing is the episode of a metric that lasts, and whether there is one.
func (m Memory) Firing(metric string) (Episode, bool) {
	if i, known := m.find(metric); known {
		if e := m.Alerts[i].last(false); e != nil && e.open() {
			return *e, true
		}
	}
	return Episode{}, false
}

// Answer notes that somebody took on what a metric's alert is about, so that
// nobody is reminded of it; who is a name, or empty. Where nothing fires nothing
// changes.
func (m Memory) Answer(metric string, at time.Time, who string) Memory {
	m = m.clone()
	if i, known := m.find(metric); known {
		if e := m.Alerts[i].last(false); e != nil && e.open() && e.Answered.IsZero() {
			e.Answered, e.Answerer = second(at), who
		}
	}
	return m
}

// Unanswered are the alerts that last, and the mails and mentions of the last days, to
// which nobody has responded, with the messages where somebody may have: at most
// maxUnanswered, the newest first.
func (m Memory) Unanswered(now time.Time) []Fired {
	var all []Fired
	for _, a := range m.Alerts {
		e := a.last(false)
		if e == nil || !e.open() || !e.Answered.IsZero() || len(m.Refs(a.Metric, e.Began)) == 0 || a.Notice != nil && now.Sub(e.Began) > tellEnded {
			continue
		}
		all = append(all, Fired{a.Metric, a.Notice, *e})
	}
	slices.SortStableFunc(all, func(a, b Fired) int { return b.Began.Compare(a.Began) })
	return all[:min(len(all), maxUnanswered)]
}

// maxUnanswered is for how many alerts a run asks whether somebody has responded.
const maxUnanswered = 20

// Empties notes when what fires of a metric counts nothing any more by itself; zero where
// it does not. Where nothing fires nothing changes.
func (m Memory) Empties(metric string, at time.Time) Memory {
	if !at.IsZero() {
		at = second(at)
	}
	e, fires := m.Firing(metric)
	if !fires || e.Leaves.Equal(at) {
		return m
	}
	m = m.clone()
	m.episode(metric, e.Began).Leaves = at
	return m
}

// Cover notes whether what fires of a metric counts nothing but reports of which
// people are notified by their labels. Once it counts anything else, a response to the
// reports is none to that. Where nothing fires nothing changes.
func (m Memory) Cover(metric string, covered bool) Memory {
	m = m.clone()
	if i, known := m.find(metric); known {
		if e := m.Alerts[i].last(false); e != nil && e.open() {
			if e.Covered && !covered {
				e.Answered, e.Answerer = time.Time{}, ""
			}
			e.Covered = covered
		}
	}
	return m
}

// Refs are the channels' ids of what was sent of an episode, by channel and way,
// where somebody may have answered.
func (m Memory) Refs(metric string, began time.Time) []MetricTold {
	var sent []MetricTold
	if e := m.episode(metric, began); e != nil {
		for _, t := range e.Told {
			if t.State == Sent && t.Ref != "" && t.Kind.announces() {
				sent = append(sent, t)
			}
		}
	}
	return sent
}

// Retire forgets the metrics, not the notices, that are not among those of the plan: nothing can
// be said of them any more.
func (m Memory) Retire(metrics []string) Memory {
	m = m.clone()
	m.Alerts = slices.DeleteFunc(m.Alerts, func(a MetricAlert) bool { return a.Notice == nil && !slices.Contains(metrics, a.Metric) })
	return m
}

// last is the newest episode, or the newest silence; nil where there is none.
func (a MetricAlert) last(blind bool) *Episode {
	for i := len(a.Episodes) - 1; i >= 0; i-- {
		if a.Episodes[i].Blind == blind {
			return &a.Episodes[i]
		}
	}
	return nil
}

// messageKey names a message for all time: a repeated run has the same.
func messageKey(channel, by, metric string, e Episode, kind Transition, turn int) string {
	return strings.Join([]string{channel, by, metric, e.Began.Format(time.RFC3339), string(kind), strconv.Itoa(turn)}, "/")
}

// second is a time as it is kept.
func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
