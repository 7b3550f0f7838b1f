package triage

import (
	"context"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/publish"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// discussed finds the discussion that the run is about. A second answer that is
// not empty says why there is nothing to do.
func discussed(env *runner.Env, w *world) (sight, string, error) {
	d, what, err := collect.ReadDiscussionEvent(env.Event.Raw)
	if err != nil {
		return sight{}, "", err
	}
	if what != "created" {
		return sight{}, fmt.Sprintf("discussion #%d was %s: triage acts on discussions that were created", d.Number, runner.OneLine(what)), nil
	}
	s := sight{issue: d.Issue, id: d.ID, fresh: fresh(env, collect.IssueEvent{Action: "opened", Issue: d.Issue})}
	return s, w.declinesDiscussion(d), nil
}

// askedDiscussion is the discussion of a number that no issue has.
func askedDiscussion(ctx context.Context, w *world, number int) (sight, string, error) {
	s, d, err := w.lookDiscussion(ctx, number)
	s.fresh = true // it was read just now, with its comments
	return s, w.declinesDiscussion(d), err
}

// lookDiscussion reads a discussion as it is, with its comments. GitHub tells
// nothing of the labels that it had before.
func (w *world) lookDiscussion(ctx context.Context, number int) (sight, collect.Discussion, error) {
	d, err := collect.OneDiscussion(ctx, w.Watched, number)
	if err != nil {
		return sight{}, d, err
	}
	s := sight{issue: d.Issue, id: d.ID, looked: true}
	s.past.Comments, err = w.under(s).Since(ctx, number, d.CreatedAt)
	return s, d, err
}

// under is where claims and records stand: under the discussion, if it is one.
func (w *world) under(s sight) publish.Comments {
	if s.id == "" {
		w.Issues.Under = nil
		return publish.IssueComments{Hub: w.Watched}
	}
	if w.Issues.Under == nil {
		w.Issues.Under = &publish.DiscussionComments{Hub: w.Watched, ID: s.id}
	}
	return w.Issues.Under
}

// declinesDiscussion says why a discussion is none of triage's business.
func (w *world) declinesDiscussion(d collect.Discussion) string {
	switch {
	case len(w.Config.Discussions.Categories) == 0:
		return fmt.Sprintf("#%d is a discussion: triage labels them where rules.yaml names their categories, `discussions: {categories: [Ideas]}`", d.Number)
	case !w.Config.Discussions.Categories.Has(d.Category):
		return fmt.Sprintf("discussion #%d is in the category %s, which rules.yaml does not name", d.Number, runner.OneLine(d.Category))
	}
	return w.declines(d.Issue)
}

// absent reports whether there is no issue of a number, but perhaps a discussion.
func absent(err error) bool {
	var said *github.QueryError
	return github.Status(err) == 404 || github.Status(err) == 410 || errors.As(err, &said) && said.Type == "NOT_FOUND"
}
