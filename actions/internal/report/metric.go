package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// MetricMessage is the notification about a metric. The link leads to the page
// of the day.
func MetricMessage(n alert.MetricNews, e Entry, place Place, page string, now time.Time) change.Message {
	m := change.Message{
		Key: n.Key, Channel: n.Channel, By: n.By, Mention: n.Mention, Respond: n.Respond, Thread: n.Thread,
		Title: metricTitle(n, e), Summary: metricSummary(n, e), Link: place.Runbook(page), Runbook: place.Runbook(n.Runbook),
	}
	m.Incident, m.Level, m.Resolved = incident(n, place), string(n.Level), n.Kind == alert.Recovered
	m.Facts = metricFacts(n, firstOf(n.Action, e.Definition.Action), now)
	return m
}

// incident names the alert that a message is about, for services that open
// incidents and close them.
func incident(n alert.MetricNews, place Place) string {
	return place.watched() + "/" + n.Channel + "/" + n.Metric + "/" + n.Episode.UTC().Format(time.RFC3339)
}

// metricTitle is the first line: what it is, the number, the threshold.
func metricTitle(n alert.MetricNews, e Entry) string {
	switch n.Kind {
	case alert.Recovered:
		title := "🟢 Resolved: " + figured(e)
		if worst, found := worstWhile(n, e); found {
			title += fmt.Sprintf(" (was %s)", worst)
		}
		if !n.Since.IsZero() && n.Ended.After(n.Since) {
			title += ", after " + humanize.Duration(n.Ended.Sub(n.Since).Truncate(time.Minute))
		}
		return title
	case alert.Reminder:
		return fmt.Sprintf("%s Escalated, no response: %s", levelSigns[n.Level], metricState(n, e))
	case alert.Worse:
		return fmt.Sprintf("%s Now critical: %s", levelSigns[n.Level], metricState(n, e))
	case alert.Flapping:
		return fmt.Sprintf("%s Flapping: %s", levelSigns[n.Level], metricState(n, e))
	case alert.Blind:
		return "⚪ No data for more than a day: " + names(n)
	}
	return fmt.Sprintf("%s %s", levelSigns[n.Level], metricState(n, e))
}

// metricState is the figure beside the threshold that it is past: "Crash rate
// 11.3%: critical > 1%", "Yanked versions: 1, critical ≥ 1".
func metricState(n alert.MetricNews, e Entry) string {
	text, joint := figured(e), ": "
	if counted(e) {
		joint = ", "
	}
	bound := e.Thresholds.Warning
	if n.Level == verdict.Critical {
		bound = e.Thresholds.Critical
	}
	state := string(n.Level)
	if !bound.IsZero() {
		state += " " + symbol(bound, e.Definition.Unit)
	}
	if n.Level == verdict.Critical && n.Critical.After(n.Since) {
		state += ", a warning since " + humanize.Moment(n.Since)
	}
	return text + joint + state
}

// figured is the title with the figure: "Crash rate 6%", "Yanked versions: 1 (1.1.0)".
func figured(e Entry) string {
	switch names := e.NameList(); {
	case !counted(e):
		return e.Title() + " " + e.Value()
	case names != "":
		return fmt.Sprintf("%s: %s (%s)", e.Title(), humanize.Number(*e.Verdict.Value), names)
	}
	return e.Title() + ": " + humanize.Number(*e.Verdict.Value)
}

// counted reports whether the figure is a number of things, whose name is in the
// title.
func counted(e Entry) bool {
	return countUnit(e.Definition.Unit) && e.Verdict.Value != nil && e.Verdict.Key == ""
}

// worstWhile is the worst figure while an alert lasted, and reports whether the
// record has one.
func worstWhile(n alert.MetricNews, e Entry) (string, bool) {
	worst, found := worstOf(alert.Fired{Metric: n.Metric, Episode: alert.Episode{Since: n.Since, Ended: n.Ended, Peak: n.Peak}}, e, e.History)
	if !found || worst.Value == nil {
		return "", false
	}
	if countUnit(e.Definition.Unit) {
		return humanize.Number(*worst.Value), true
	}
	return humanize.Value(*worst.Value, e.Definition.Unit), true
}

// titleOf is what people read for a metric's id.
func titleOf(id string) string {
	d, _ := metric.Find(id)
	return firstOf(d.Title, id)
}

// News is a notification in a few words, for lists of who was notified of what.
func News(n alert.MetricNews) string {
	what := titleOf(n.Metric)
	switch {
	case n.Notice != nil && len(n.Notice.Labels) > 0:
		what = "mail labelled " + strings.Join(n.Notice.Labels, ", ")
	case n.Notice != nil:
		what = noticeTitle(n.Metric, n.Notice)
	}
	switch n.Kind {
	case alert.Recovered:
		return what + ": resolved"
	case alert.Reminder:
		return what + ": escalated, no response"
	case alert.Flapping:
		return what + ": flapping"
	case alert.Blind:
		return names(n) + ": no data for more than a day"
	}
	if n.Notice != nil {
		return what
	}
	return fmt.Sprintf("%s: %s", what, n.Level)
}

// names lists the metrics that a message without data is about.
func names(n alert.MetricNews) string {
	all := []string{titleOf(n.Metric)}
	for _, s := range n.With {
		all = append(all, titleOf(s.Metric))
	}
	return humanize.Few(all, 3)
}

// metricSummary is the second line: the sample, the previous period, what to
// know.
func metricSummary(n alert.MetricNews, e Entry) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if n.Kind == alert.Blind {
		return fmt.Sprintf("%s. An alert on this metric could not fire.", humanize.Capital(strings.TrimPrefix(firstOf(e.Reading.Reason, "the source gave no answer"), "unknown: ")))
	}
	if sample := e.Sample(); sample != "" {
		switch window := e.Over(); {
		case strings.HasPrefix(window, "last "):
			sample += " in " + e.Window()
		case window != "":
			sample += " " + window
		}
		if interval := e.Interval(); interval != "" {
			sample += " (" + interval + ")"
		}
		add("%s", sample)
	}
	if !e.Verdict.Doubt.IsZero() && n.Level == verdict.Warning {
		add("too few cases to tell whether it is critical (%s)", symbol(e.Verdict.Doubt, e.Verdict.Unit))
	}
	if p := e.Verdict.Previous; p != nil && n.Kind != alert.Recovered {
		add("previous period %s", humanize.Value(*p, e.Verdict.Unit))
	}
	if e.Verdict.Spike != nil {
		add("spike: usually %s", humanize.Number(e.Verdict.Spike.Usual))
	}
	if e.Version != "" && n.Kind != alert.Recovered {
		add("%s", e.Version)
	}
	switch {
	case n.Kind == alert.Recovered && e.Level() == verdict.Watch:
		add("still off target (%s)", e.Target())
	case n.Kind == alert.Flapping:
		add("it was resolved and fired again within a day; the next message comes once it has been steady for a day")
	case n.Over:
		add("already resolved")
	}
	text := "Target " + e.Target() + "."
	if len(parts) > 0 {
		text = humanize.Capital(strings.Join(parts, " · ")) + "."
	}
	if ends := e.Ends(alert.Episode{Flapping: n.Kind == alert.Flapping}); ends != "" && n.Kind != alert.Recovered && !n.Over {
		text += " " + ends + "."
	}
	return text
}

// metricFacts are the lines below the summary: by when to respond and what to do first,
// which is the step, or who has responded already; and since when.
func metricFacts(n alert.MetricNews, step string, now time.Time) []change.Fact {
	var facts []change.Fact
	asks, isNews := n.Kind != alert.Recovered && !n.Over, n.Answered.IsZero()
	switch {
	case asks && !n.Answered.IsZero():
		who, when := "", "before this message"
		if n.Answerer != "" {
			who = " by " + oneLine(n.Answerer, 60)
		}
		if n.Critical.After(n.Answered) && !n.Answered.Before(n.Since) {
			isNews, when = true, "to the warning, which counts for this alert too" // what to do first may be another thing now
		}
		facts = append(facts, change.Fact{Name: "First response", Value: clock(n.Answered, now) + who + ", " + when})
	case asks && n.Respond > 0:
		facts = append(facts, change.Fact{Name: "Respond by", Value: due(n, now)})
	}
	if asks && isNews && step != "" && n.Kind != alert.Blind {
		facts = append(facts, change.Fact{Name: "First step", Value: humanize.Capital(step)})
	}
	if !n.Since.IsZero() && n.Kind != alert.Recovered {
		facts = append(facts, change.Fact{Name: "Since", Value: clock(n.Since, now)})
	}
	return facts
}
