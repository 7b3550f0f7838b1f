package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// next is what to do next by a page of a day, as plain text without its full stop: the
// worst alert to which nobody has responded, else a mail that waits, an alert that lasts,
// the metric that is furthest off target, a source with an error. It is empty for a day
// that was measured after it was over.
func (d Day) next() string {
	if d.Afterwards != "" {
		return ""
	}
	active := d.active()
	for _, a := range active {
		if a.Waits {
			return a.next()
		}
	}
	if mails := d.unansweredMail(); len(mails) > 0 {
		f := mails[0]
		return fmt.Sprintf("Respond to the mail of %s: %s (%s)", shortMoment(f.Since), incidentTitle(f, Entry{}, false), dueWords(f, d.Now))
	}
	if len(active) > 0 {
		return active[0].next()
	}
	if bad := attention(d.first()); len(bad) > 0 {
		return fmt.Sprintf("%s (%s)", todo(d.Routes, bad[0], bad[0].Level()), basis(bad[0]))
	}
	for _, g := range d.Gaps {
		if g.Hint != "" && !g.Off {
			return fmt.Sprintf("Repair the source %s: %s", g.Source, strings.TrimSuffix(g.Hint, "."))
		}
	}
	if d.status().Level == verdict.Unknown {
		return "Connect a source of data: no metric tells how the release does yet"
	}
	return "None: no alert is active, and every metric with data is on target"
}

// next is what to do about the alert: to respond by its deadline, or to follow it until
// it ends.
func (a activeAlert) next() string {
	text := "Respond to " + a.Name()
	switch {
	case !a.Waits && a.By != "":
		text = fmt.Sprintf("Follow up with %s on %s", a.By, a.Name())
	case !a.Waits:
		text = "Follow up on " + a.Name()
	}
	if a.Due != "" {
		text += fmt.Sprintf(" (%s)", a.Due)
	}
	if a.Step != "" {
		text += ": " + strings.TrimSuffix(a.Step, ".")
	}
	if a.Waits || a.Ends == "" {
		return text
	}
	return text + ". " + a.Ends
}

// nextOf is what to do next about one metric, by its page.
func (d Day) nextOf(e Entry) string {
	for _, a := range d.active() {
		if a.Metric == e.Definition.ID {
			return a.next()
		}
	}
	switch e.Level() {
	case verdict.Critical, verdict.Warning, verdict.Watch:
		return todo(d.Routes, e, e.Level())
	case verdict.Unknown:
		return ""
	}
	if !e.Judged() {
		return "None: the metric has no target"
	}
	return "None: the metric is on target"
}

// dueWords says by when a response to a message was asked for: "due 5 Feb 22:17 UTC",
// "late, due 5 Feb 22:17 UTC"; empty where none was.
func dueWords(f alert.Fired, now time.Time) string {
	limit, due, late := f.Late(now)
	if limit == 0 {
		return ""
	}
	if due.IsZero() {
		due = f.Asked().Add(limit)
	}
	if late {
		return "late, due " + shortMoment(due)
	}
	return "due " + shortMoment(due)
}

// next is what to do after a decision of the gate.
func (p GatePage) next() string {
	if p.Decision.Is != gate.Go {
		return "Do what stands below; the gate decides again when it runs next"
	}
	what := "Publish the next release"
	if ga := p.Release.GA.Time; isPreview(p.Release.Newest().Version) && !ga.IsZero() && p.Now.Before(ga.Add(day)) {
		what = fmt.Sprintf("Publish the general availability, planned for %s, from %s, the newest version", humanize.Day(ga), oneLine(p.Release.Newest().Version, 60))
	}
	return what + ": nothing required blocks it"
}

// next is what to do about a period that is over.
func (m Month) next(v monthView) string {
	for _, in := range incidentsOf(ongoing(m.alerts()), m.entries(), m.Until) {
		return "See whether this alert is over, which was active at the end: " + in.Short
	}
	for _, t := range v.Targets {
		if t.missed > 0.5 {
			what := fmt.Sprintf("Decide about %s, on target on %s days", inSentence(t.Title), t.Share)
			if t.action != "" {
				return fmt.Sprintf("%s: %s, or set another target", what, inSentence(t.action))
			}
			return what + ": set another target, or plan what reaches it"
		}
	}
	if len(v.WhatIf) > 0 {
		return "Review the thresholds below: other values would have changed the number of alerts"
	}
	return "None: nothing was off target on most days"
}
