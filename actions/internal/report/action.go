package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Action is one thing to do, and why. Both are plain text.
type Action struct{ What, Why string }

// maxActions is how many things a digest asks for.
const maxActions = 5

// Actions are what the week asks for: first what fired and what is off target,
// the worst first, then the top pain point and the top request.
func Actions(w Week) []Action {
	var all []Action
	for _, e := range attention(w.Entries) {
		if len(all) < maxActions {
			all = append(all, w.action(e))
		}
	}
	for _, f := range w.incidents() {
		if e, known := w.entry(f.Metric); f.Notice == nil && known && e.Level() == verdict.OK && len(all) < maxActions && !slices.ContainsFunc(all, func(a Action) bool { return strings.HasSuffix(a.What, " "+inSentence(e.Title())) }) {
			in := incidentOf(f, e, w.Until)
			all = append(all, Action{What: "Review " + inSentence(e.Title()), Why: fmt.Sprintf("%s %s, resolved after %s, %s over the week", firstOf(strings.TrimLeft(strings.TrimPrefix(in.Short, e.Title()), ": "), levelWords[in.Level]), in.Peak, in.Lasted, e.Amount())})
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

// actionable is how many metrics of the week ask for something.
func (w Week) actionable() int {
	return len(attention(w.Entries)) + len(Actions(w)) - min(len(attention(w.Entries)), maxActions)
}

// verbs begin the action item of a metric whose next step is known.
var verbs = map[string]string{
	"unanswered_issues": "Triage", "unanswered_discussions": "Answer", "p0_bugs": "Fix", "open_p1_bugs": "Fix",
	"privacy_leaks": "Answer", "vulnerabilities": "Fix", "pii_in_telemetry": "Remove",
}

// action is what to do about a metric: "Triage unanswered issues (over 24h)", and
// why: "3 (#2, #4, #17), target 0".
func (w Week) action(e Entry) Action {
	verb := "Review"
	if e.Level() == verdict.Critical || e.Level() == verdict.Warning {
		verb = "Investigate"
	}
	why := joined(e.Amount(), e.Detail())
	if issues := firstOf(e.NameList(), e.IssueList()); issues != "" {
		why = fmt.Sprintf("%s (%s)", e.Amount(), issues)
	}
	if e.Target() != "–" {
		why += ", target " + e.Target()
	}
	return Action{What: firstOf(verbs[e.Definition.ID], verb) + " " + inSentence(e.Title()), Why: why}
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
