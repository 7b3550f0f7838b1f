package triage

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/publish"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// world is everything outside that a run reaches, and the plan that it follows.
type world struct {
	*app.App
	labeler    *app.Labeler
	messengers notify.Messengers
	warned     map[string]bool
}

// patience is how long a run waits for a rate limit: less than its job's time.
const patience = 3 * time.Minute

func connect(env *runner.Env, book *config.Book) (*world, error) {
	w := &world{warned: map[string]bool{}}
	go label.Vocabulary{Include: book.Include}.Prepare() // while the rules are compiled
	w.labeler = app.NewLabeler(book, app.Templates(env), func(login string) bool { return w.IsOurs(login) })
	w.labeler.Clock = env.Clock
	go w.labeler.Prepare() // beside what follows
	var err error
	if w.App, err = app.Connect(env, book, patience); err != nil {
		return nil, err
	}
	w.messengers, err = w.Messengers()
	return w, err
}

// filed keeps the records of an issue among the reports, where it takes none.
func (w *world) filed(number int) *publish.FiledComments {
	return w.RecordsOf(publish.Subject(w.Env.Repository(), number))
}

// recall reads what the reports record of an issue. What cannot be read keeps
// nobody uninformed: it is a warning.
func (w *world) recall(ctx context.Context, env *runner.Env, s sight) []alert.Marker {
	markers, err := w.filed(s.issue.Number).Markers(ctx)
	if err != nil {
		env.Warn("#%d: whether somebody has been told before cannot be read in %s: %v", s.issue.Number, history.AlertsFile, err)
	}
	return markers
}

// reachable sets apart what no token or server is set up for, and says so once.
func (w *world) reachable(env *runner.Env, due []alert.Due) (some, cut []alert.Due) {
	for _, d := range due {
		if w.messengers.Reaches(d.Channel, d.By) {
			some = append(some, d)
			continue
		}
		cut = append(cut, d)
		if place := notify.Place(d.Channel, d.By); !w.warned[place] {
			w.warned[place] = true
			env.Warn("channel %s cannot be told of #%d: %s", d.Channel, d.Issue, notify.Missing(d.Channel, d.By))
		}
	}
	return some, cut
}

// sight is an issue as it was seen: by its event alone, or looked at with its
// past.
type sight struct {
	issue model.Issue
	past  model.History
	fresh bool   // the event is of an issue that has no past
	new   bool   // it was opened, or a person asks about it
	id    string // GraphQL's, of a discussion; empty of an issue

	looked bool           // it was read with its past
	filed  []alert.Marker // what the reports record of it, where it took no comment
}

// look reads the issue as it is, with its past.
func (w *world) look(ctx context.Context, s sight) (sight, error) {
	if s.id != "" {
		now, _, err := w.lookDiscussion(ctx, s.issue.Number)
		return now, err
	}
	number := s.issue.Number
	issue, err := collect.Issue(ctx, w.Watched, number)
	if err != nil {
		return sight{}, err
	}
	past, err := collect.History(ctx, w.Watched, number)
	return sight{issue: issue, past: past, looked: true}, err
}

// acted are the actions of an `issues` event that can change what is due.
var acted = map[string]bool{"opened": true, "edited": true, "reopened": true, "labeled": true}

// observe finds the issue that the run is about. A second answer that is not
// empty says why there is nothing to do.
func observe(ctx context.Context, env *runner.Env, w *world) (sight, string, error) {
	if given := env.Input("issue"); given != "" {
		return asked(ctx, w, given)
	}
	if env.Event.Name == "discussion" {
		return discussed(env, w)
	}
	if env.Event.Name == "" {
		return sight{}, "", runner.Usage("expected -issue, the number of an issue: there is no event to act on")
	}
	if env.Event.Name != "issues" {
		return sight{}, fmt.Sprintf("a run for %q: triage acts on `issues` and `discussion` events, and on the issue that the input `issue` names", env.Event.Name), nil
	}
	event, err := collect.ReadIssueEvent(env.Event.Raw)
	if err != nil {
		return sight{}, "", err
	}
	if !acted[event.Action] {
		return sight{}, fmt.Sprintf("issue #%d was %s, which changes no label: triage acts on issues that were opened, edited, reopened or labeled", event.Issue.Number, runner.OneLine(event.Action)), nil
	}
	if why := w.declines(event.Issue); why != "" {
		return sight{}, why, nil
	}
	return sight{issue: event.Issue, fresh: fresh(env, event), new: event.Action == "opened"}, "", nil
}

func asked(ctx context.Context, w *world, given string) (sight, string, error) {
	number, err := strconv.Atoi(strings.TrimPrefix(given, "#"))
	if err != nil || number <= 0 {
		return sight{}, "", runner.Usage("input issue is %q: expected the number of an issue", given)
	}
	seen, err := w.look(ctx, sight{issue: model.Issue{Number: number}})
	if absent(err) && len(w.Config.Discussions.Categories) > 0 {
		if found, declined, errDiscussion := askedDiscussion(ctx, w, number); !absent(errDiscussion) {
			return found, declined, errDiscussion
		}
	}
	if err != nil {
		return sight{}, "", err
	}
	seen.new, seen.fresh = true, true // it was read just now, with its past
	return seen, w.declines(seen.issue), nil
}

// declines says why an issue is none of triage's business; empty where it is.
func (w *world) declines(issue model.Issue) string {
	switch {
	case issue.PullRequest:
		return fmt.Sprintf("#%d is a pull request: triage labels issues", issue.Number)
	case w.IsOurs(issue.Author):
		return fmt.Sprintf("issue #%d is our own", issue.Number)
	}
	return ""
}

// newness is how old an issue may be for its `opened` event to be believed:
// nobody has had the time to take off a label or to be told.
const newness = 10 * time.Minute

// fresh tells the event of an issue without a past: opened just now, and run
// for the first time.
func fresh(env *runner.Env, event collect.IssueEvent) bool {
	age := env.Now.Sub(event.Issue.CreatedAt)
	first := env.Getenv("GITHUB_RUN_ATTEMPT") == "" || env.Getenv("GITHUB_RUN_ATTEMPT") == "1"
	return event.Action == "opened" && first && age < newness && age > -newness && event.Issue.Comments == 0
}
