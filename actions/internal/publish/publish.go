package publish

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/github"
)

// Published is an issue of ours as it stands.
type Published struct {
	Number int
	URL    string
	Opened bool   // by this call
	Closed []int  // the others of its series
	Unmet  string // what could not be done and does no harm: pinning, a label's colour
	Open   error  // why older ones could not be closed, or not with a link; nil where all were
}

// Publish opens the issue or brings it up to date. It is found by its label
// and the hidden first line of its text, in the whole list and never by search,
// which lags behind; where two runs opened it at once, the older one lives.
func (g *GitHub) Publish(ctx context.Context, step change.Publish) (Published, error) {
	if len(step.Labels) == 0 {
		return Published{}, fmt.Errorf("the %s needs a label to be found again", step.Series)
	}
	series, err := g.series(ctx, step)
	if err != nil {
		return Published{}, err
	}
	done := Published{}
	mine := oldest(series, step)
	if mine == nil {
		if mine, err = g.open(ctx, step); err != nil {
			return done, err
		}
		done.Opened = true
		if series, err = g.series(ctx, step); err != nil {
			return done, err
		}
		if first := oldest(series, step); first != nil && first.GetNumber() < mine.GetNumber() {
			done.Opened = false
			mine = first
		}
	}
	done.Number, done.URL = mine.GetNumber(), mine.GetHTMLURL()
	if err := g.bringUpToDate(ctx, mine, step); err != nil {
		return done, err
	}
	if done.Opened {
		done.Unmet = g.pin(ctx, mine, step)
		if err := g.paintNew(github.Repeatable(ctx), mine.Labels, change.AddLabels{Labels: step.Labels, Declared: step.Declared}); err != nil {
			done.Unmet = strings.TrimPrefix(done.Unmet+"; "+err.Error(), "; ")
		}
	}
	g.end(ctx, series, mine, step, &done)
	return done, nil
}

// firstLine marks an issue of a series.
func firstLine(series, subject string) string {
	return fmt.Sprintf("<!-- aftercare:%s %s -->", series, subject)
}

func (g *GitHub) body(step change.Publish) string {
	return firstLine(step.Series, step.Subject) + "\n" + step.Body
}

// series are the issues of ours with the step's label and a first line of its
// series, the oldest first.
func (g *GitHub) series(ctx context.Context, step change.Publish) ([]*gh.Issue, error) {
	all, err := github.Pages(func(page gh.ListOptions) ([]*gh.Issue, *gh.Response, error) {
		return g.Hub.Issues.ListByRepo(ctx, g.Hub.Owner, g.Hub.Name, &gh.IssueListByRepoOptions{
			State: "all", Labels: step.Labels[:1], Sort: "created", Direction: "asc", ListOptions: page,
		})
	})
	if err != nil {
		return nil, github.Wrap(err, "issues: read", "look for the %s among the issues labelled %s", step.Series, step.Labels[0])
	}
	ours := func(i *gh.Issue) bool {
		return !i.IsPullRequest() && g.Seal.Ours(i.GetUser().GetLogin()) &&
			strings.HasPrefix(i.GetBody(), "<!-- aftercare:"+step.Series+" ")
	}
	return slices.DeleteFunc(all, func(i *gh.Issue) bool { return !ours(i) }), nil
}

// oldest is the first issue of a subject; nil where there is none.
func oldest(series []*gh.Issue, step change.Publish) *gh.Issue {
	for _, i := range series {
		if line, _, _ := strings.Cut(i.GetBody(), "\n"); strings.TrimRight(line, "\r") == firstLine(step.Series, step.Subject) {
			return i
		}
	}
	return nil
}

// open opens the issue. Where nobody knows whether it was opened, it looks
// before it tries again.
func (g *GitHub) open(ctx context.Context, step change.Publish) (*gh.Issue, error) {
	body := g.body(step)
	for again := false; ; again = true {
		issue, _, err := g.Hub.Issues.Create(ctx, g.Hub.Owner, g.Hub.Name, &gh.IssueRequest{Title: &step.Title, Body: &body, Labels: &step.Labels})
		if err == nil {
			g.learn(issue.GetUser().GetLogin())
			return issue, nil
		}
		var unsure *github.AmbiguousError
		if !errors.As(err, &unsure) || again {
			return nil, github.Wrap(err, "issues: write", "open the %s %s", step.Series, step.Subject)
		}
		series, err := g.series(ctx, step)
		if err != nil {
			return nil, err
		}
		if found := oldest(series, step); found != nil {
			return found, nil
		}
	}
}

func (g *GitHub) bringUpToDate(ctx context.Context, issue *gh.Issue, step change.Publish) error {
	body := g.body(step)
	if issue.GetBody() == body && issue.GetTitle() == step.Title {
		return nil
	}
	_, _, err := g.Hub.Issues.Edit(github.Repeatable(ctx), g.Hub.Owner, g.Hub.Name, issue.GetNumber(), &gh.IssueRequest{Title: &step.Title, Body: &body})
	return github.Wrap(err, "issues: write", "bring the %s #%d up to date", step.Series, issue.GetNumber())
}

// Amend changes the text of an issue of ours in which people write too: it is read
// right before, and written only where amend changes it. The title stays.
func (g *GitHub) Amend(ctx context.Context, number int, amend func(body string) string) error {
	issue, _, err := g.Hub.Issues.Get(ctx, g.Hub.Owner, g.Hub.Name, number)
	if err != nil {
		return github.Wrap(err, "issues: read", "read #%d", number)
	}
	body := amend(issue.GetBody())
	if body == issue.GetBody() {
		return nil
	}
	_, _, err = g.Hub.Issues.Edit(github.Repeatable(ctx), g.Hub.Owner, g.Hub.Name, number, &gh.IssueRequest{Body: &body})
	return github.Wrap(err, "issues: write", "add to the text of #%d", number)
}

// pin pins the issue, and says why it could not: three may be pinned, and not
// every token may.
func (g *GitHub) pin(ctx context.Context, issue *gh.Issue, step change.Publish) string {
	if !step.Pin {
		return ""
	}
	var answer struct{}
	err := g.Hub.Query(ctx, `mutation($id: ID!) { pinIssue(input: {issueId: $id}) { issue { number } } }`, map[string]any{"id": issue.GetNodeID()}, &answer)
	if err != nil {
		return fmt.Sprintf("#%d could not be pinned: %v", issue.GetNumber(), err)
	}
	return ""
}

// end closes what came before in the series, the link first, so that a run that
// dies in between is taken up by the next. An older issue that cannot be closed
// (it is locked, or was deleted) is noted, and stops nothing.
func (g *GitHub) end(ctx context.Context, series []*gh.Issue, mine *gh.Issue, step change.Publish, done *Published) {
	for _, i := range series {
		if i.GetNumber() == mine.GetNumber() || i.GetState() != "open" || !over(i, step) {
			continue
		}
		closed, err := g.endOne(ctx, i, mine, step)
		if closed {
			done.Closed = append(done.Closed, i.GetNumber())
		}
		done.Open = errors.Join(done.Open, err)
	}
}

// over reports whether an issue of the series has had its time: it is of an
// earlier subject, or a second one of the same.
func over(i *gh.Issue, step change.Publish) bool {
	line, _, _ := strings.Cut(i.GetBody(), "\n")
	subject := strings.TrimSuffix(strings.TrimPrefix(strings.TrimRight(line, "\r"), "<!-- aftercare:"+step.Series+" "), " -->")
	return subject == step.Subject || step.Ends && subject < step.Subject
}

// endOne closes an older issue, and reports whether it did. One that is
// locked is closed without the link; one that is gone is done.
func (g *GitHub) endOne(ctx context.Context, old, mine *gh.Issue, step change.Publish) (bool, error) {
	link := firstLine(step.Series, "next") + fmt.Sprintf("\nContinued in #%d.", mine.GetNumber())
	errLink := g.sayOnce(ctx, old.GetNumber(), link)
	switch {
	case isGone(errLink):
		return false, nil
	case errLink != nil && !github.IsLocked(errLink):
		return false, errLink // it stays open, so the next run comes back to it
	}
	if step.Pin {
		var answer struct{}
		_ = g.Hub.Query(ctx, `mutation($id: ID!) { unpinIssue(input: {issueId: $id}) { issue { number } } }`, map[string]any{"id": old.GetNodeID()}, &answer) // one that is not pinned stays so
	}
	state, reason := "closed", "completed"
	_, _, err := g.Hub.Issues.Edit(github.Repeatable(ctx), g.Hub.Owner, g.Hub.Name, old.GetNumber(), &gh.IssueRequest{State: &state, StateReason: &reason})
	if isGone(err) {
		return false, nil
	}
	return err == nil, errors.Join(errLink, github.Wrap(err, "issues: write", "close #%d", old.GetNumber()))
}

// isGone reports whether an issue was deleted.
func isGone(err error) bool {
	return github.Status(err) == http.StatusNotFound || github.Status(err) == http.StatusGone
}

// sayOnce comments on an issue, unless the very comment is there.
func (g *GitHub) sayOnce(ctx context.Context, issue int, text string) error {
	for again := false; ; again = true {
		comments, err := github.Pages(func(page gh.ListOptions) ([]*gh.IssueComment, *gh.Response, error) {
			return g.Hub.Issues.ListComments(ctx, g.Hub.Owner, g.Hub.Name, issue, &gh.IssueListCommentsOptions{ListOptions: page})
		})
		if err != nil {
			return github.Wrap(err, "issues: read", "read the comments of #%d", issue)
		}
		if slices.ContainsFunc(comments, func(c *gh.IssueComment) bool {
			return g.Seal.Ours(c.GetUser().GetLogin()) && c.GetBody() == text
		}) {
			return nil
		}
		_, _, err = g.Hub.Issues.CreateComment(ctx, g.Hub.Owner, g.Hub.Name, issue, &gh.IssueComment{Body: &text})
		var unsure *github.AmbiguousError
		if !errors.As(err, &unsure) || again {
			return github.Wrap(err, "issues: write", "comment on #%d", issue)
		}
	}
}

// Find is the issue of a series and subject; a number of 0 where there is none.
func (g *GitHub) Find(ctx context.Context, step change.Publish) (Published, error) {
	series, err := g.series(ctx, step)
	if err != nil {
		return Published{}, err
	}
	if found := oldest(series, step); found != nil {
		return Published{Number: found.GetNumber(), URL: found.GetHTMLURL()}, nil
	}
	return Published{}, nil
}

// Status sets a commit's status, unless it is set so already.
func (g *GitHub) Status(ctx context.Context, sha, name, state, description, link string) error {
	set, _, err := g.Hub.Repositories.GetCombinedStatus(ctx, g.Hub.Owner, g.Hub.Name, sha, &gh.ListOptions{PerPage: 100})
	if err != nil {
		return github.Wrap(err, "statuses: read", "read the status of commit %.10s", sha)
	}
	for _, s := range set.Statuses {
		if s.GetContext() == name && s.GetState() == state && s.GetDescription() == description {
			return nil
		}
	}
	_, _, err = g.Hub.Repositories.CreateStatus(github.Repeatable(ctx), g.Hub.Owner, g.Hub.Name, sha,
		&gh.RepoStatus{State: &state, Context: &name, Description: &description, TargetURL: &link})
	return github.Wrap(err, "statuses: write", "set the status %s of commit %.10s", name, sha)
}
