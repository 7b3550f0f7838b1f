package alert

import (
	"reflect"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Observe takes in how the metrics stand now. Thresholds are by metric; of
// those that are not there only For and Clear are missed, and count as none.
// A metric that no verdict speaks of stays as it was, and so does one that has
// changed at now or later: a run that was late knows nothing newer.
//
//   - It fires when it was past the warning for For by the clock, and not before.
//     Ok and watch are below the warning.
//   - It is worse when it was critical for For; once in an episode, and again
//     only when it was below critical for Clear, and a day at least.
//   - It is over when it was below the warning for Clear.
//   - Firing again within a day of the time when it fired before is flapping:
//     that episode ends only when it was below for a day, and is fired anew when
//     it was past for a day.
//   - Where the value is past a threshold by too few cases to tell, what fires
//     goes on: it is neither over, nor worse, nor below critical for long. Nothing
//     begins by it.
//   - Unknown changes none of this and stops all clocks. Of a metric that was
//     known before, 26 hours of it are an episode of their own: a silence, which
//     ends with the next value.
func (m Memory) Observe(verdicts []verdict.Verdict, thresholds map[string]verdict.Thresholds, now time.Time) Memory {
	m = m.clone()
	now = second(now)
	for _, v := range verdicts {
		i, known := m.find(v.Metric)
		if !known {
			m.Alerts = slices.Insert(m.Alerts, i, MetricAlert{Metric: v.Metric})
		}
		m.Alerts[i] = m.Alerts[i].observe(v, thresholds[v.Metric], now)
	}
	return m
}

func (a MetricAlert) observe(v verdict.Verdict, t verdict.Thresholds, now time.Time) MetricAlert {
	if !a.At.IsZero() && !now.After(a.At) {
		return a
	}
	next := a.clone()
	next.forget(now)
	if isKnown(v.Level) {
		next.see(v, t, now)
	} else {
		next.miss(v.Empty, now)
	}
	if reflect.DeepEqual(next, a) {
		return a
	}
	next.At = now
	return next
}

func isKnown(l verdict.Level) bool {
	return l == verdict.OK || l == verdict.Watch || l == verdict.Warning || l == verdict.Critical
}

// forget drops what ended long ago.
func (a *MetricAlert) forget(now time.Time) {
	a.Episodes = slices.DeleteFunc(a.Episodes, func(e Episode) bool {
		return e.overFor(keepEnded, now) || e.Blind && e.overFor(tellEnded, now)
	})
}

// miss takes in that nothing is known. It is news after a time, unless there was
// nothing to know: an empty week is no silence.
func (a *MetricAlert) miss(empty bool, now time.Time) {
	if !a.Known {
		return
	}
	if a.UnknownSince.IsZero() {
		a.UnknownSince = now
	}
	if e := a.last(true); e != nil && e.open() || empty || now.Sub(a.UnknownSince) < blindAfter {
		return
	}
	a.Episodes = append(a.Episodes, Episode{Began: now, Since: a.UnknownSince, Blind: true, Kind: Blind})
}

// see takes in a verdict that is known.
func (a *MetricAlert) see(v verdict.Verdict, t verdict.Thresholds, now time.Time) {
	a.wake(now)
	a.Known = true
	e := a.last(false)
	if e != nil && !e.open() {
		e = nil
	}
	a.clocks(v, e, now)
	if e == nil {
		a.fire(t.For.Duration(), now)
		return
	}
	a.climb(e, t, now)
	a.settle(e, now)
	a.end(e, t.Clear.Duration(), now)
}

// wake ends a silence: the time in which nothing was known is taken out of
// every clock.
func (a *MetricAlert) wake(now time.Time) {
	if a.UnknownSince.IsZero() {
		return
	}
	lost := now.Sub(a.UnknownSince)
	for _, since := range []*time.Time{&a.WarningSince, &a.CriticalSince, &a.BelowSince, &a.ClearSince} {
		if !since.IsZero() {
			*since = since.Add(lost)
		}
	}
	a.UnknownSince = time.Time{}
	if e := a.last(true); e != nil && e.open() {
		e.Ended = now
	}
}

// clocks starts and stops what is measured by the clock.
func (a *MetricAlert) clocks(v verdict.Verdict, e *Episode, now time.Time) {
	past := v.Level == verdict.Warning || v.Level == verdict.Critical
	stands := v.InDoubt("warning") || v.InDoubt("critical")
	tick(&a.WarningSince, past, now)
	tick(&a.CriticalSince, v.Level == verdict.Critical, now)
	tick(&a.ClearSince, e != nil && !past && !stands, now)
	// While it is critical climb still asks how long it was below, and in doubt
	// nobody knows whether it is.
	if a.CriticalSince.IsZero() && (e == nil || !v.InDoubt("critical")) {
		tick(&a.BelowSince, e != nil && e.Level == verdict.Critical, now)
	}
}

func tick(since *time.Time, on bool, now time.Time) {
	switch {
	case !on:
		*since = time.Time{}
	case since.IsZero():
		*since = now
	}
}

// lasted reports whether something has been so for a length of time.
func lasted(since time.Time, length time.Duration, now time.Time) bool {
	return !since.IsZero() && now.Sub(since) >= length
}

// fire begins an episode where the metric was past a threshold for long enough.
func (a *MetricAlert) fire(wait time.Duration, now time.Time) {
	if !lasted(a.WarningSince, wait, now) {
		return
	}
	e := Episode{Began: now, Since: a.WarningSince, Level: verdict.Warning, Kind: Firing}
	if lasted(a.CriticalSince, wait, now) {
		e.Level, e.Critical = verdict.Critical, a.CriticalSince
	}
	if before := a.last(false); before != nil && now.Sub(before.Began) < steadyFor {
		e.Flapping, e.Kind = true, Flapping
	}
	a.Episodes = append(a.Episodes, e)
}

// climb makes an episode worse.
func (a *MetricAlert) climb(e *Episode, t verdict.Thresholds, now time.Time) {
	if !lasted(a.CriticalSince, t.For.Duration(), now) {
		return
	}
	below := !a.BelowSince.IsZero() && a.CriticalSince.Sub(a.BelowSince) >= max(t.Clear.Duration(), steadyFor)
	a.BelowSince = time.Time{}
	if e.Level == verdict.Critical && !below {
		return
	}
	if e.Critical.IsZero() {
		e.Critical = a.CriticalSince
	}
	e.Level, e.Kind, e.Answered, e.Answerer = verdict.Critical, Worse, time.Time{}, ""
	e.Turn++
}

// settle ends the flapping of what has been past its threshold for a day.
func (a *MetricAlert) settle(e *Episode, now time.Time) {
	if e.Flapping && lasted(a.WarningSince, steadyFor, now) {
		e.Flapping, e.Kind = false, Firing
		e.Turn++
	}
}

// end ends an episode that has been below the warning for long enough.
func (a *MetricAlert) end(e *Episode, wait time.Duration, now time.Time) {
	if e.Flapping {
		wait = max(wait, steadyFor)
	}
	if !lasted(a.ClearSince, wait, now) {
		return
	}
	e.Ended = now
	a.ClearSince, a.BelowSince = time.Time{}, time.Time{}
}
