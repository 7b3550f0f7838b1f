package report

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// step is what to do next, and who: a name, a group, or empty where nobody has to. Both
// are plain texts; What is without its full stop.
type step struct{ Who, What string }

// anyone does what nobody is asked for by name.
const anyone = "anyone on the team"

// maxSteps is how many steps a page of a day names.
const maxSteps = 2

// next is what to do next by a page of a day, at most maxSteps: the alerts to which nobody
// has responded, the worst first, reports to be answered on their day, a critical alert
// that somebody follows, the decision about general availability, other reports without a
// response, what else is active or off target, a source with an error. It is nil for a day
// that was measured after it was over.
func (d Day) next() []step {
	if d.Afterwards != "" {
		return nil
	}
	var waiting, followed, rest []step
	active := d.active()
	for _, a := range active {
		switch {
		case a.Waits:
			waiting = append(waiting, a.next())
		case a.Level == verdict.Critical && a.By != "" && !a.byItself:
			followed = append(followed, a.next())
		default:
			rest = append(rest, a.next())
		}
	}
	pressing, reports := d.reportSteps()
	all := slices.Concat(waiting, pressing, followed)
	if s := gateStep(d.Release, d.Now, d.Gate, d.Lacks); s.What != "" {
		all = append(all, s)
	}
	all = slices.Concat(all, reports, rest)
	for _, e := range attention(d.first()) {
		if !slices.ContainsFunc(active, func(a activeAlert) bool { return a.Metric == e.Definition.ID }) {
			all = append(all, step{anyone, fmt.Sprintf("%s (%s)", todo(d.Routes, e, e.Level()), basis(e))})
			break
		}
	}
	for _, g := range d.Gaps {
		if g.Hint != "" && !g.Off {
			all = append(all, step{anyone, fmt.Sprintf("Repair the source %s: %s", g.Source, strings.TrimSuffix(g.Hint, "."))})
		}
	}
	switch {
	case len(all) > 0:
		return plain(andMore(all[:min(len(all), maxSteps)], slices.Concat(pressing, reports))...)
	case len(unseen(d.first())) > 0:
		return plain(step{anyone, "Find why there is no data on " + humanize.List(unseen(d.first()))})
	case d.status().Level == verdict.Unknown:
		return plain(step{anyone, "Connect a source of data: no metric tells how the release does yet"})
	}
	return plain(step{What: "None: no alert is active, and every metric with data is on target"})
}

// andMore returns steps of which the last about a report says how many more of the reports
// wait.
func andMore(steps, reports []step) []step {
	last, more := -1, len(reports)
	for i, s := range steps {
		if slices.Contains(reports, s) {
			last, more = i, more-1
		}
	}
	if last >= 0 && more > 0 {
		steps[last].What += fmt.Sprintf(", then to %d more", more)
	}
	return steps
}

// plain returns steps without what could be a stranger's sign that shows nothing.
func plain(all ...step) []step {
	for i, s := range all {
		all[i] = step{clean(s.Who, 60), clean(s.What, maxStep)}
	}
	return all
}

// maxStep is how long a step may be, in characters.
const maxStep = 400

// next is what to do about the alert: to respond by its deadline, or to follow it until
// it ends.
func (a activeAlert) next() step {
	if !a.Waits {
		s := step{firstOf(a.By, anyone), "Follow up on " + a.Name()}
		switch {
		case a.By != "" && a.follow != "" && !a.byItself:
			s.What += ": " + a.follow
			return s // which says what ends it
		case a.By != "" && a.Step != "" && !a.byItself:
			s.What += ": " + strings.TrimSuffix(a.Step, ".")
		}
		if a.Ends != "" {
			s.What += ". " + a.Ends
		}
		return s
	}
	s := step{firstOf(a.asked, anyone), "Respond to " + a.Name()}
	if a.Due != "" {
		s.What += fmt.Sprintf(" (%s)", a.Due)
	}
	if a.Step != "" {
		s.What += ": " + strings.TrimSuffix(a.Step, ".")
	}
	return s
}

// nextOf is what to do next about one metric, by its page.
func (d Day) nextOf(e Entry) []step {
	for _, a := range d.active() {
		if a.Metric == e.Definition.ID {
			return plain(a.next())
		}
	}
	switch e.Level() {
	case verdict.Critical, verdict.Warning, verdict.Watch:
		return plain(step{anyone, todo(d.Routes, e, e.Level())})
	case verdict.Unknown:
		return nil
	}
	if !e.Judged() {
		return plain(step{What: "None: the metric has no target"})
	}
	return plain(step{What: "None: the metric is on target"})
}

// mailStep is what to do about a mail to which a response was asked for.
func mailStep(f alert.Fired, now time.Time) string {
	return fmt.Sprintf("Respond to the mail of %s: %s (%s)", shortMoment(f.Since), incidentTitle(f, Entry{}, false), dueWords(f, now))
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

// nearGA is how long before general availability its decision is the next step.
const nearGA = 7 * day

// gateStep is what the gate's last decision, "NO-GO, 5 Feb", that lacks something, asks for
// in the week before general availability; zero at other times.
func gateStep(r model.Release, now time.Time, decision, lacks string) step {
	ga := r.GA.Time
	if _, isOut := finalOf(r, now); decision == "" || ga.IsZero() || isOut || !isPreview(r.Version) || ga.Sub(now) > nearGA || !now.Before(ga.Add(day)) {
		return step{}
	}
	return step{anyone, gateWords(humanize.Day(ga), decision, lacks)}
}

// gateWords is what a decision asks for; lacks is what it lacks, "missed: Privacy leak
// reports", or empty.
func gateWords(planned, decision, lacks string) string {
	if strings.HasPrefix(decision, "GO") {
		return fmt.Sprintf("Publish the general availability, planned for %s: the gate says %s", planned, decision)
	}
	if lacks != "" {
		decision += "; " + lacks
	}
	what := "Meet or waive that"
	if strings.Contains(lacks, inWindow) {
		what = "Waive that"
	}
	return fmt.Sprintf("Decide about general availability, planned for %s: the gate says %s. %s, or move the date", planned, decision, what)
}

// gateForm is the next step of a page that is about general availability.
var gateForm = lazyregexp.New(`(?:Publish the|Decide about) general availability, planned for ([^:\n<]{1,20}): the gate says [^\n<]*\.(\n|<)`)

// withStep returns a page of today whose next step is about general availability with
// that of a new decision.
func withStep(page []byte, decision, lacks string) []byte {
	escaped := Cell(lacks)
	if bytes.HasPrefix(page, []byte("<!")) {
		escaped = html.EscapeString(lacks)
	}
	return gateForm.ReplaceAllFunc(page, func(found []byte) []byte {
		m := gateForm.FindSubmatch(found)
		return []byte(gateWords(string(m[1]), decision, escaped) + "." + string(m[2]))
	})
}

// next is what to do after a decision of the gate.
func (p GatePage) next() []step {
	if p.Decision.Is != gate.Go {
		return plain(step{anyone, "Do what stands below; the gate decides again when it runs next"})
	}
	what := "Publish the next release"
	if ga := p.Release.GA.Time; isPreview(p.Release.Newest().Version) && !ga.IsZero() && p.Now.Before(ga.Add(day)) {
		what = fmt.Sprintf("Publish the general availability, planned for %s, from %s, the newest version", humanize.Day(ga), oneLine(p.Release.Newest().Version, 60))
	}
	return plain(step{anyone, what + ": nothing required blocks it"})
}

// next is what to do about a period that is over: what nobody has responded to, an alert
// that was active at the end, what was off target on most days.
func (m Month) next(v monthView) []step {
	if s := m.oldestReport(); s.What != "" {
		return plain(s)
	}
	lasting := ongoing(m.alerts())
	if all := incidentsOf(lasting, m.entries(), m.Until); len(all) > 0 {
		s := step{firstOf(all[0].Responder, anyone), "Follow up on " + all[0].Short + ", active at the end"}
		if leaves := lasting[0].Leaves; len(lasting) == 1 && !leaves.IsZero() {
			s.What += fmt.Sprintf("; it ends by itself after %s, unless more is counted", shortMoment(leaves))
		}
		return plain(s)
	}
	for _, t := range v.Targets {
		if t.missed > 0.5 {
			what := fmt.Sprintf("Decide about %s, on target on %s days", inSentence(t.Title), t.Share)
			if t.action != "" {
				return plain(step{anyone, fmt.Sprintf("%s: %s, or set another target", what, inSentence(t.action))})
			}
			return plain(step{anyone, what + ": set another target, or plan what reaches it"})
		}
	}
	if len(v.WhatIf) > 0 {
		return plain(step{anyone, "Review the thresholds below: other values would have changed the number of alerts"})
	}
	return plain(step{What: "None: nothing was off target on most days"})
}

// oldestReport is to respond to the issue or mail of the period that has waited longest
// for a response; zero where none waits.
func (m Month) oldestReport() step {
	var oldest step
	var since time.Time
	for _, i := range m.Issues {
		if i.Told == 0 || i.Answered > 0 || i.False || i.Closed || !since.IsZero() && !i.Opened.Before(since) {
			continue
		}
		since = i.Opened
		oldest = step{anyone, fmt.Sprintf("Respond to issue #%d of %s: “%s” (%s)", i.Number, humanize.Day(i.Opened), oneLine(i.Title, 80), strings.Join(i.Labels, ", "))}
	}
	for _, f := range unansweredMail(m.Fired, m.Until) {
		if since.IsZero() || f.Since.Before(since) {
			since, oldest = f.Since, step{anyone, mailStep(f, m.Until)}
		}
	}
	return oldest
}
