package alert

import (
	"cmp"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// MetricNews is one message: what one channel must hear of a metric by one way.
type MetricNews struct {
	Key     string // names the message for all time; it goes out with it, so that it can be found
	Metric  string
	Episode time.Time    // when it began, which names it
	With    []MetricNews // what else the same message speaks of; each is recorded by itself
	Kind    Transition
	Turn    int

	Notice *Notice       // of what is not a metric
	Labels []string      // of a notice: those that lead to the channel
	Level  verdict.Level // the worst of the episode; empty of a silence and a notice
	Since  time.Time     // when the value went past the threshold, or was missing first
	Ended  time.Time     // zero while it lasts
	Peak   *Peak         // the worst figure so far; nil where none is recorded
	// Critical is when the value went past the critical threshold first; zero of a
	// warning, and where nobody recorded it.
	Critical time.Time
	// Answered is when somebody responded to what it is about; zero where nobody has.
	// Answerer is who, by name; empty where nobody knows.
	Answered time.Time
	Answerer string
	Over     bool // the message must say too that it is over: the channel has heard nothing of it yet

	Channel string
	By      string // slack, email or the name of a service
	Mention string
	Respond time.Duration // 0: no time is set
	Schedule
	Runbook string
	Action  string // what to do first
	// Escalate is what the route says of escalation; nil where it says nothing.
	Escalate *bool
	Thread   string // the channel's id of what it heard first in this episode

	// Unconfirmed is set where the message may have gone out, since Claimed: look
	// for Key in the channel if it can be read, and take what is there as sent;
	// else send it and say that it may be a repeat.
	Unconfirmed bool
	Claimed     time.Time
	Until       time.Time // when the claim ends: send nothing from a minute before that on
}

// Due is what the channels must hear now, and what is left to another run whose
// claim holds. News is ordered by metric, episode, and within it: what may have
// gone out before, then what is new, by channel in the order of the routes. A
// run asks once, before it sends anything; asked again by a run that has
// claimed already, the answer has what it claimed, too.
//
//   - Each level takes the first route that names the metric, or none, and the
//     level or a lesser one; and the next where that continues.
//   - It is over for exactly those channels that heard that it began. What began
//     and ended before a channel could be told is told as one message.
//   - Nobody answered in time: once for each announcement, with the mention
//     channel, while the metric is still past its threshold.
//   - Silences that are news to a channel at once are one message, by the route
//     of a warning.
func (m Memory) Due(routes []Route, channels Channels, run string, now time.Time) (news, left []MetricNews) {
	now = second(now)
	for _, a := range m.Alerts {
		for _, e := range a.Episodes {
			if e.overFor(tellEnded, now) {
				continue
			}
			desk := desk{alert: a, episode: e, routes: routes, channels: channels, now: now}
			again, held := desk.unsettled(run)
			news = append(append(news, again...), desk.fresh()...)
			left = append(left, held...)
		}
	}
	return together(news), together(left)
}

// desk looks at one episode.
type desk struct {
	alert    MetricAlert
	episode  Episode
	routes   []Route
	channels Channels
	now      time.Time
}

// unsettled is what may have gone out, and what another run is sending.
func (d desk) unsettled(run string) (again, held []MetricNews) {
	for _, t := range d.episode.Told {
		if !t.unsettled() || d.moot(t.Kind) || !slices.Contains(d.channels[t.Channel].Ways(), t.By) {
			continue
		}
		n := d.news(t.Kind, t.Turn, d.terms(t.Channel, t.By))
		n.Key, n.Over, n.Claimed, n.Respond = t.Key, t.Over, t.At, t.Respond
		own := t.State == Pending && t.Run == run && d.now.Before(t.Until)
		n.Unconfirmed = t.Doubt || !own
		if t.holds(run, d.now) {
			n.Until = t.Until
			held = append(held, n)
			continue
		}
		again = append(again, n)
	}
	return again, held
}

// moot tells what need not be said again once it is over or answered, where
// nobody knows whether it was said.
func (d desk) moot(kind Transition) bool {
	over := !d.episode.open()
	return kind == Blind && over || kind == Reminder && (over || !d.episode.Answered.IsZero())
}

// fresh is what is news of the episode.
func (d desk) fresh() []MetricNews {
	switch {
	case d.episode.Blind:
		return d.silence()
	case d.episode.open():
		return append(d.announcements(), d.reminders()...)
	}
	return append(d.missed(), d.recoveries()...)
}

// demand is who must hear of the metric at a level, or of the notice.
func (d desk) demand(level verdict.Level) []MetricNews {
	if d.alert.Notice != nil {
		return d.alert.Notice.demand(d.routes, d.channels)
	}
	return demand(d.routes, d.channels, d.alert.Metric, level)
}

// silence is a metric of which nothing is known, to those that have not heard.
func (d desk) silence() []MetricNews {
	var news []MetricNews
	if !d.episode.open() {
		return nil
	}
	for _, to := range demand(d.routes, d.channels, d.alert.Metric, verdict.Warning) {
		if len(d.heard(to.Channel, to.By)) == 0 {
			news = append(news, d.news(Blind, 0, to))
		}
	}
	return news
}

// announcements are for the channels that have heard nothing, or less.
func (d desk) announcements() []MetricNews {
	var news []MetricNews
	if d.episode.Covered {
		return nil
	}
	for _, to := range d.demand(d.episode.Level) {
		kind, turn := d.episode.Kind, d.episode.Turn
		announced, heard := d.announced(to.Channel, to.By)
		switch {
		case heard && announced.Turn >= turn:
			continue
		case !heard:
			kind = d.beginning()
		}
		news = append(news, d.news(kind, turn, to))
	}
	return news
}

// beginning is how somebody hears of an episode who heard nothing of it.
func (d desk) beginning() Transition {
	if d.episode.Flapping {
		return Flapping
	}
	return Firing
}

// missed is an episode that ended before a channel heard anything of it: one
// that it should have heard, for there is a record that failed.
func (d desk) missed() []MetricNews {
	var news []MetricNews
	for _, to := range d.listeners() {
		if _, heard := d.announced(to.Channel, to.By); !heard {
			n := d.news(d.beginning(), d.episode.Turn, to)
			n.Over = true
			news = append(news, n)
		}
	}
	return news
}

// recoveries are for the channels that heard that it began, once that is sure.
func (d desk) recoveries() []MetricNews {
	var news []MetricNews
	for _, to := range d.listeners() {
		last, heard := d.announced(to.Channel, to.By)
		if !heard || last.Over || d.told(to, Recovered, d.episode.Turn) || d.open(to) {
			continue
		}
		to.Respond, to.Mention = 0, ""
		news = append(news, d.news(Recovered, d.episode.Turn, to))
	}
	return news
}

// reminders are for the channels that heard, and where nobody answered in time.
func (d desk) reminders() []MetricNews {
	past := !d.alert.WarningSince.IsZero() && d.alert.UnknownSince.IsZero()
	if !d.episode.Answered.IsZero() || !past && d.alert.Notice == nil {
		return nil
	}
	var news []MetricNews
	for _, to := range d.listeners() {
		last, heard := d.announced(to.Channel, to.By)
		if !heard || last.State != Sent || last.Respond <= 0 || d.now.Before(to.Deadline(last.At, last.Respond)) || d.told(to, Reminder, last.Turn) {
			continue
		}
		if !d.escalates(to) {
			continue
		}
		to.Mention, to.Respond = "channel", last.Respond
		news = append(news, d.news(Reminder, last.Turn, to))
	}
	return news
}

// escalates reports whether an alert without a response notifies the channel once
// more: as the route says, else where it is critical, or where the route of a
// mail or mention calls somebody.
func (d desk) escalates(to MetricNews) bool {
	switch {
	case to.Escalate != nil:
		return *to.Escalate
	case d.alert.Notice != nil:
		return to.Mention != ""
	}
	return d.episode.Level == verdict.Critical
}

// heard is what a channel was told, or may have been, or is being told.
func (d desk) heard(channel, by string) []MetricTold {
	var heard []MetricTold
	for _, t := range d.episode.Told {
		if t.Channel == channel && t.By == by && !t.none() {
			heard = append(heard, t)
		}
	}
	return heard
}

// announced is the latest turn that a channel heard of.
func (d desk) announced(channel, by string) (MetricTold, bool) {
	var last MetricTold
	found := false
	for _, t := range d.heard(channel, by) {
		if t.Kind.announces() && (!found || t.Turn >= last.Turn) {
			last, found = t, true
		}
	}
	return last, found
}

// open reports whether an announcement to a channel may have gone out or not.
func (d desk) open(to MetricNews) bool {
	return slices.ContainsFunc(d.heard(to.Channel, to.By), func(t MetricTold) bool { return t.Kind.announces() && t.unsettled() })
}

func (d desk) told(to MetricNews, kind Transition, turn int) bool {
	return slices.ContainsFunc(d.heard(to.Channel, to.By), func(t MetricTold) bool { return t.Kind == kind && t.Turn == turn })
}

// listeners are the channels with a record, that can still be reached.
func (d desk) listeners() []MetricNews {
	var all []MetricNews
	for _, t := range d.episode.Told {
		known := slices.ContainsFunc(all, func(n MetricNews) bool { return n.Channel == t.Channel && n.By == t.By })
		if !known && slices.Contains(d.channels[t.Channel].Ways(), t.By) {
			all = append(all, d.terms(t.Channel, t.By))
		}
	}
	return all
}

// terms are those of the routes that lead to a channel now.
func (d desk) terms(channel, by string) MetricNews {
	level := d.episode.Level
	if d.episode.Blind {
		level = verdict.Warning
	}
	for _, n := range d.demand(level) {
		if n.Channel == channel && n.By == by {
			return n
		}
	}
	return MetricNews{Channel: channel, By: by}
}

// news fills in what the episode is, and the thread.
func (d desk) news(kind Transition, turn int, to MetricNews) MetricNews {
	e := d.episode
	to.Metric, to.Episode, to.Kind, to.Turn, to.Notice = d.alert.Metric, e.Began, kind, turn, d.alert.Notice
	to.Key = messageKey(to.Channel, to.By, to.Metric, e, kind, turn)
	to.Level, to.Since, to.Ended, to.Peak, to.Critical = e.Level, e.Since, e.Ended, e.Peak, e.Critical
	to.Answered, to.Answerer = e.Answered, e.Answerer
	for _, t := range d.heard(to.Channel, to.By) {
		if t.State == Sent {
			to.Thread = cmp.Or(to.Thread, t.Ref)
		}
	}
	return to
}

// demand is who must hear of a metric at a level, on which terms: of several
// routes to one channel the most urgent.
func demand(routes []Route, channels Channels, metric string, level verdict.Level) []MetricNews {
	var all []MetricNews
	for _, r := range routes {
		if !r.forMetric(metric, level) {
			continue
		}
		if all = r.lead(all, channels, level); !r.Continue {
			break
		}
	}
	return all
}

// lead adds those whom a route leads to. What is critical does not wait for hours.
func (r Route) lead(all []MetricNews, channels Channels, level verdict.Level) []MetricNews {
	if level == verdict.Critical {
		r.Hours = model.Hours{}
	}
	for _, channel := range r.To {
		for _, by := range channels[channel].Ways() {
			all = enlist(all, MetricNews{Channel: channel, By: by, Mention: r.Mention, Respond: r.Respond.Duration(), Schedule: r.schedule(), Runbook: r.Runbook, Action: r.Action, Escalate: r.Escalate})
		}
	}
	return all
}

// forMetric reports whether the route is for the metric at a level that fires.
func (r Route) forMetric(metric string, level verdict.Level) bool {
	if len(r.Label) > 0 || r.Score > 0 || len(r.Metric) > 0 && !contains(r.Metric, metric) {
		return false
	}
	return level == verdict.Critical || level == verdict.Warning && r.Level != string(verdict.Critical)
}

func enlist(all []MetricNews, more MetricNews) []MetricNews {
	for i := range all {
		n := &all[i]
		if n.Channel != more.Channel || n.By != more.By {
			continue
		}
		if urgency(more.Respond) > urgency(n.Respond) {
			*n, more = more, *n
		}
		n.Schedule = n.with(more.Schedule)
		n.Mention, n.Runbook, n.Action = firstOf(n.Mention, more.Mention), firstOf(n.Runbook, more.Runbook), firstOf(n.Action, more.Action)
		return all
	}
	return append(all, more)
}

// together makes one message of the silences that are news to a channel at
// once, and keeps those together that were one message before.
func together(all []MetricNews) []MetricNews {
	var joined []MetricNews
	for _, n := range all {
		i := slices.IndexFunc(joined, func(first MetricNews) bool { return first.carries(n) })
		if i < 0 {
			joined = append(joined, n)
			continue
		}
		joined[i].With = append(joined[i].With, n)
	}
	return joined
}

// carries reports whether news goes into the message of another: both are silences
// and new, or both were once claimed as one.
func (n MetricNews) carries(more MetricNews) bool {
	if n.Channel != more.Channel || n.By != more.By || n.Claimed.IsZero() != more.Claimed.IsZero() {
		return false
	}
	if n.Claimed.IsZero() {
		return n.Kind == Blind && more.Kind == Blind
	}
	return n.Key == more.Key
}
