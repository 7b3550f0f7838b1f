package alert

import (
	"errors"
	"slices"
	"time"
)

// Claim takes news for a run, until now plus Hold. The memory that it answers
// must be committed on the head that it was read from before anything is sent:
// whose commit succeeds has won, and sends the news that this answers, one
// after another. Where the commit is refused, read again, and compute again.
func (m Memory) Claim(news []MetricNews, run string, now time.Time) (Memory, []MetricNews) {
	m = m.clone()
	now = second(now)
	claimed := slices.Clone(news)
	for i := range claimed {
		n := &claimed[i]
		n.Until = now.Add(Hold)
		if n.Claimed.IsZero() {
			n.Claimed = now
		}
		for _, one := range n.Each() {
			if e := m.episode(one.Metric, one.Episode); e != nil {
				e.claim(one, run)
			}
		}
	}
	return m, claimed
}

// Each is what a message speaks of, one by one: all under its key, and its claim.
func (n MetricNews) Each() []MetricNews {
	all := append([]MetricNews{n}, n.With...)
	for i := range all {
		all[i].With = nil
		all[i].Key, all[i].Claimed, all[i].Until, all[i].Unconfirmed = n.Key, n.Claimed, n.Until, n.Unconfirmed
	}
	return all
}

// claim puts the record of a message in place of the one that failed or ran
// out, or behind the others.
func (e *Episode) claim(n MetricNews, run string) {
	t := n.pending(run)
	if i := e.record(n.Key); i >= 0 {
		e.Told[i] = t
		return
	}
	e.Told = append(e.Told, t)
}

func (n MetricNews) pending(run string) MetricTold {
	return MetricTold{
		Key: n.Key, Channel: n.Channel, By: n.By, Kind: n.Kind, Turn: n.Turn, State: Pending, Run: run,
		At: n.Claimed, Until: n.Until, Respond: n.Respond, Over: n.Over, Doubt: n.Unconfirmed,
	}
}

func (e *Episode) record(key string) int {
	return slices.IndexFunc(e.Told, func(t MetricTold) bool { return t.Key == key })
}

// errLate is the answer of InTime when there is no time left.
var errLate = errors.New("the claim of this message is about to end: the next run sends it")

// InTime is an error where a message must not be sent any more, because its
// claim is about to end, and another run may take it over: less than a minute
// is left. Record it as Failed.
func InTime(until, now time.Time) error {
	if until.Sub(now) < time.Minute {
		return errLate
	}
	return nil
}

// Sent records that a message went out, or was found in its channel, with the
// channel's id of it. Of two records the first stands.
func (m Memory) Sent(n MetricNews, run, ref string, now time.Time) Memory {
	m = m.clone()
	for _, one := range n.Each() {
		e := m.episode(one.Metric, one.Episode)
		if e == nil {
			continue
		}
		i := e.record(n.Key)
		if i < 0 { // the memory was restored from before the claim
			e.Told = append(e.Told, one.pending(run))
			i = len(e.Told) - 1
		}
		t := &e.Told[i]
		if t.State == Sent {
			continue
		}
		t.State, t.Run, t.Ref, t.At, t.Until, t.Doubt = Sent, run, ref, second(now), time.Time{}, false
		if one.Respond > 0 && one.Kind.announces() {
			t.Due = second(one.Deadline(t.At, one.Respond))
		}
	}
	return m
}

// Failed records that nothing went out for certain, so that any later run may
// try at once; what an earlier run may have sent stays in doubt. Record nothing
// where that is not certain: the claim runs out by itself. Of a message that
// another run has taken over nothing is recorded.
func (m Memory) Failed(n MetricNews, run string) Memory {
	m = m.clone()
	for _, one := range n.Each() {
		e := m.episode(one.Metric, one.Episode)
		if e == nil {
			continue
		}
		if i := e.record(n.Key); i >= 0 && e.Told[i].State == Pending && e.Told[i].Run == run {
			e.Told[i].State, e.Told[i].Until = Failed, time.Time{}
		}
	}
	return m
}
