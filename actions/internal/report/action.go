package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Action is one thing to do, and why. Both are plain text.
type Action struct{ What, Why string }

// maxActions is how many things a digest asks for.
const maxActions = 5

// Actions are what the week asks for: first what is past a threshold or off target,
// the worst first, then what fired and is over, then the top pain point and the top
// request.
func Actions(w Week) []Action {
	var all []Action
	for _, e := range attention(w.Entries) {
		if len(all) < maxActions {
			all = append(all, w.action(e))
		}
	}
	for _, f := range w.over() {
		if len(all) < maxActions {
			all = append(all, w.after(f))
		}
	}
	for _, source := range []struct{ id, what string }{{"pain_points", "Fix the top pain point"}, {"feature_requests", "Plan the top request"}} {
		e, known := w.entry(source.id)
		if !known || len(e.Reading.Values) == 0 {
			continue
		}
		// A request without votes can wait.
		if top := e.Reading.Values[0]; top.Value != nil && *top.Value > 0 {
			all = append(all, Action{What: source.what, Why: fmt.Sprintf("%s (%s)", oneLine(top.Key, 80), humanize.Value(*top.Value, e.Definition.Unit))})
		}
	}
	return all
}

// over are the last alerts of the metrics that fired in the week and are on target over
// it, one of each.
func (w Week) over() []alert.Fired {
	var all []alert.Fired
	for _, f := range w.incidents() {
		e, known := w.entry(f.Metric)
		if f.Notice != nil || !known || e.Level() != verdict.OK {
			continue
		}
		all = slices.DeleteFunc(all, func(earlier alert.Fired) bool { return earlier.Metric == f.Metric })
		all = append(all, f)
	}
	return all
}

// actionable is how many metrics of the week ask for something.
func (w Week) actionable() int {
	return len(attention(w.Entries)) + len(Actions(w)) - min(len(attention(w.Entries)), maxActions)
}

// todo is what to do about a metric at a level: the action of the plan's route, or of
// the catalogue.
func (w Week) todo(e Entry, level verdict.Level) string {
	if level == verdict.Warning || level == verdict.Critical {
		if action := alert.ActionOf(w.Routes, e.Definition.ID, level); action != "" {
			return humanize.Capital(action)
		}
	}
	return firstOf(e.Definition.Action, "Find what keeps "+inSentence(e.Title())+" off target")
}

// action is what to do about a metric that is off target, and why: "Answer the issues
// that wait", "Unanswered issues (over 24h): 3 (#2, #4, #17), target 0".
func (w Week) action(e Entry) Action {
	why := joined(e.Amount(), e.Detail())
	if issues := firstOf(e.NameList(), e.IssueList()); issues != "" {
		why = fmt.Sprintf("%s (%s)", e.Amount(), issues)
	}
	if e.Target() != "–" {
		why += ", target " + e.Target()
	}
	return Action{What: w.todo(e, e.Level()), Why: e.Title() + ": " + why}
}

// after is what to do after an alert that is over.
func (w Week) after(f alert.Fired) Action {
	e, _ := w.entry(f.Metric)
	in := incidentOf(f, e, w.Until)
	if in.Ongoing {
		return Action{What: w.todo(e, f.Level), Why: fmt.Sprintf("still active: %s %s; %s over the week", inSentence(in.Short), in.Peak, e.Amount())}
	}
	what := humanize.Capital(firstOf(alert.ActionOf(w.Routes, f.Metric, f.Level), "Note the cause of the alert, and what prevents the next one"))
	return Action{What: what, Why: fmt.Sprintf("resolved after %s: %s %s; %s over the week", in.Lasted, inSentence(in.Short), in.Peak, e.Amount())}
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
