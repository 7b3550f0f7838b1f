package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Action is one thing to do, and why. Both are plain text.
type Action struct{ What, Why string }

// maxActions is how many things a digest asks for.
const maxActions = 5

// maxOver is how many alerts that are over a digest asks about by name.
const maxOver = 4

// Actions are what the week asks for: first mail without a response and the decision
// about general availability, then the metrics that are past a threshold, or
// whose alert is active, then what is off target, the worst first, then one item for the
// alerts that are over, then the top pain point and the top request.
func Actions(w Week) []Action {
	open, over := w.asked(), w.over()
	all := append(w.waiting(), open[:min(len(open), w.room())]...)
	if len(over) > 0 {
		all = append(all, w.after(over))
	}
	for _, source := range []struct{ id, what string }{{"pain_points", "Fix the top pain point"}, {"feature_requests", "Plan the top request"}} {
		e, known := w.entry(source.id)
		if !known || len(e.Reading.Values) == 0 {
			continue
		}
		// A request without votes can wait.
		if top := e.Reading.Values[0]; top.Value != nil && *top.Value > 0 {
			all = append(all, Action{What: source.what, Why: counting(top.Key, humanize.Value(*top.Value, e.Definition.Unit))})
		}
	}
	return all
}

// waiting are the actions for what waits for a person when the digest is written: in the
// week before it general availability, and mail without a response.
func (w Week) waiting() []Action {
	now := w.Since.At
	if now.IsZero() {
		now = w.Until
	}
	var all []Action
	if n := len(w.Gate); n > 0 {
		decision, line, _ := strings.Cut(w.Gate[n-1], ":")
		_, lacks, _ := strings.Cut(line, " met, ")
		what, why, _ := strings.Cut(gateStep(w.Release, now, decision, strings.TrimSuffix(lacks, ".")).What, ": ")
		if what != "" {
			all = append(all, Action{What: what, Why: why})
		}
	}
	for _, f := range unansweredMail(w.Mail, now) {
		all = append(all, Action{What: "Respond to the mail of " + shortMoment(f.Since), Why: fmt.Sprintf("%s (%s)", incidentTitle(f, Entry{}, false), dueWords(f, now))})
	}
	return all
}

// followUp is what to do about an alert that lasts, and that somebody has responded to.
func followUp(f alert.Fired) string {
	switch who := oneLine(f.Answerer, 60); {
	case who != "":
		return fmt.Sprintf("Follow up with %s until the alert is resolved", who)
	case f.Covered:
		return "Follow up on the reports that the alert counts"
	}
	return "Follow up with the responder until the alert is resolved"
}

// room is how many of the actions that the week asks for its digest names: one place
// is kept for the alerts that are over.
func (w Week) room() int {
	if len(w.over()) > 0 {
		return maxActions - 1
	}
	return maxActions
}

// counting is a key of a breakdown with its figure: "#5 Add nushell (15 votes, 6 of them
// survey answers)", where the key names how many came from surveys.
func counting(key, figure string) string {
	begin := strings.LastIndex(key, " (")
	name, note := key[:max(begin, 0)], key[max(begin, 0):]
	count, rest, _ := strings.Cut(strings.TrimPrefix(note, " ("), " ")
	if kind, closed := strings.CutSuffix(rest, ")"); closed && (kind == "survey answers" || kind == "survey answer") {
		if kind == "survey answer" {
			kind = "a " + kind
		}
		return fmt.Sprintf("%s (%s, %s of them %s)", oneLine(name, 80), figure, oneLine(count, 10), kind)
	}
	return fmt.Sprintf("%s (%s)", oneLine(key, 80), figure)
}

// asked are the actions for what is not over: a metric past a threshold by an alert that
// is over is not among them.
func (w Week) asked() []Action {
	var past, off []Action
	active, fired := map[string]alert.Fired{}, map[string]bool{}
	for _, f := range w.known() {
		fired[f.Metric] = true
		if f.Ended.IsZero() {
			active[f.Metric] = f
		}
	}
	for _, e := range attention(w.Entries) {
		f, last := active[e.Definition.ID]
		switch {
		case last:
			past = append(past, w.ofAlert(f, e, basis(e)))
		case e.Level() == verdict.Watch:
			off = append(off, w.action(e))
		case !fired[e.Definition.ID]:
			past = append(past, w.action(e))
		}
	}
	for _, f := range w.known() {
		if e, known := w.entry(f.Metric); known && f.Ended.IsZero() && e.Level() == verdict.OK {
			in := incidentOf(f, e, w.Until)
			past = append(past, w.ofAlert(f, e, fmt.Sprintf("still active: %s %s; %s", inSentence(in.Short), in.Peak, ofWeek(e))))
		}
	}
	return append(past, off...)
}

// ofAlert is what to do about an alert that lasts, why, and what ends it: to follow up
// where somebody has responded, else the first step.
func (w Week) ofAlert(f alert.Fired, e Entry, why string) Action {
	a := Action{What: todo(w.Routes, e, f.Level), Why: why}
	if taken := responded(f, incidentOf(f, Entry{}, w.Until)); taken != "" {
		a = Action{What: followUp(f), Why: why + "; " + taken}
	}
	if ends := e.Ends(f.Episode); ends != "" {
		a.Why += ". " + ends
	}
	return a
}

// known are the alerts of the week on metrics, as they stood when the digest was written.
func (w Week) known() []alert.Fired {
	all := slices.DeleteFunc(w.incidents(), func(f alert.Fired) bool { return f.Notice != nil })
	for i, f := range all {
		for _, later := range w.Since.Resolved {
			if later.Metric == f.Metric && later.Began.Equal(f.Began) {
				all[i].Ended = later.Ended
			}
		}
	}
	return all
}

// over are the last alerts of the metrics that fired in the week and have no active
// alert, one of each metric, the oldest first.
func (w Week) over() []alert.Fired {
	var all []alert.Fired
	for _, f := range w.known() {
		if _, known := w.entry(f.Metric); known {
			all = slices.DeleteFunc(all, func(earlier alert.Fired) bool { return earlier.Metric == f.Metric })
			all = append(all, f)
		}
	}
	return slices.DeleteFunc(all, func(f alert.Fired) bool { return f.Ended.IsZero() })
}

// todo is what to do about a metric at a level: the action of the plan's route, or of
// the catalogue.
func todo(routes []alert.Route, e Entry, level verdict.Level) string {
	return firstOf(firstStep(routes, e.Definition, level), "Find what keeps "+inSentence(e.Title())+" off target")
}

// firstStep is what to do first about a metric at a level, the same on every page and in
// every message: what the first route for it says, else the catalogue; empty where neither
// says anything.
func firstStep(routes []alert.Route, of metric.Definition, level verdict.Level) string {
	if level == verdict.Warning || level == verdict.Critical {
		if action := alert.ActionOf(routes, of.ID, level); action != "" {
			return humanize.Capital(action)
		}
	}
	return humanize.Capital(of.Action)
}

// action is what to do about a metric that is off target, and why: "Answer the issues
// that wait", "Unanswered issues (over 24h): 3 (#2, #4, #17), target 0".
func (w Week) action(e Entry) Action {
	return Action{What: todo(w.Routes, e, e.Level()), Why: basis(e)}
}

// basis is what an action about a metric rests on: "Unanswered issues (over 24h): 3 (#2, #4,
// #17), target 0".
func basis(e Entry) string {
	why := joined(e.Amount(), e.Detail())
	if issues := firstOf(e.NameList(), e.IssueList()); issues != "" {
		why = fmt.Sprintf("%s (%s)", e.Amount(), issues)
	}
	if e.Target() != "–" {
		why += ", target " + e.Target()
	}
	return e.Title() + ": " + why
}

// after is what to do after alerts that are over: "personal data found in telemetry: 1
// in the 24 hours to 27 Jan 18:17, resolved 28 Jan, 1 over the week".
func (w Week) after(over []alert.Fired) Action {
	var why []string
	for _, f := range over {
		e, _ := w.entry(f.Metric)
		in := incidentOf(f, e, w.Until)
		why = append(why, fmt.Sprintf("%s %s, resolved %s after %s, %s", inSentence(in.Short), in.Peak, humanize.Day(f.Ended), in.Lasted, ofWeek(e)))
	}
	slices.Reverse(why) // the newest first
	what := "Note the cause of the alert that is over, and what prevents the next one"
	if len(over) > 1 {
		what = "Note the causes of the alerts that are over, and what prevents the next ones"
	}
	if n := len(why) - maxOver; n > 0 {
		why = append(why[:maxOver:maxOver], fmt.Sprintf("%d more", n))
	}
	return Action{What: what, Why: strings.Join(why, "; ")}
}

// ofWeek is the figure of a week: "2 over the week", and of a state as of now "0 at the
// end of the week".
func ofWeek(e Entry) string {
	if e.Window() == "" {
		return e.Amount() + " " + atEnd
	}
	return e.Amount() + " over the week"
}

// properNames begin with a capital letter within a sentence too.
var properNames = []string{"Apple", "Windows", "Linux", "Slack", "Mastodon", "Reddit", "Discord", "Python", "Rust", "Go"}

// inSentence is a title within a sentence: "crash rate", "Net Promoter Score".
func inSentence(title string) string {
	first, rest, _ := strings.Cut(title, " ")
	tail := strings.TrimLeft(first, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if len(first)-len(tail) != 1 || tail == "" || tail != strings.ToLower(tail) || slices.Contains(properNames, first) || len(rest) > 1 && rest[0] >= 'A' && rest[0] <= 'Z' && rest[1] >= 'a' {
		return title
	}
	return strings.ToLower(title[:1]) + title[1:]
}
