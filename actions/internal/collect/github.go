// Package collect is the way in: one file for each system that is read. Each
// turns what a system answers into facts, and says what is missing; none of
// them decides anything.
package collect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Issue reads one issue as it stands.
func Issue(ctx context.Context, hub *github.Client, number int) (model.Issue, error) {
	issue, _, err := hub.Issues.Get(ctx, hub.Owner, hub.Name, number)
	if err != nil {
		return model.Issue{}, github.Wrap(err, "issues: read", "read issue #%d of %s/%s", number, hub.Owner, hub.Name)
	}
	if err := wholeIssue(issue, hub.Now()); err != nil {
		return model.Issue{}, github.Wrap(err, "issues: read", "read issue #%d of %s/%s", number, hub.Owner, hub.Name)
	}
	if err := stays(ctx, hub, number, issue); err != nil {
		return model.Issue{}, err
	}
	return issueOf(issue), nil
}

// wholeIssue finds what an issue of the REST API lacks, or what cannot be.
func wholeIssue(i *gh.Issue, now time.Time) error {
	switch {
	case i.GetNumber() <= 0:
		return fmt.Errorf("the answer lacks the issue's number")
	case i.Title == nil || i.State == nil:
		return fmt.Errorf("the answer lacks the title or the state of #%d", i.GetNumber())
	case i.GetComments() < 0 || i.GetReactions().GetTotalCount() < 0:
		return fmt.Errorf("the answer counts comments or reactions of #%d below zero", i.GetNumber())
	}
	for _, l := range i.Labels {
		if l.GetName() == "" {
			return fmt.Errorf("the answer lacks the name of a label of #%d", i.GetNumber())
		}
	}
	for _, at := range []*gh.Timestamp{i.CreatedAt, i.UpdatedAt} {
		if at == nil || !isPast(at.Time, now) {
			return fmt.Errorf("the answer gives #%d no time that can be", i.GetNumber())
		}
	}
	if i.ClosedAt != nil && !isPast(i.ClosedAt.Time, now) {
		return fmt.Errorf("the answer gives #%d no time that can be", i.GetNumber())
	}
	return nil
}

// isPast reports whether a time can be one at which something happened: the
// clocks of two machines may differ by a day.
func isPast(at, now time.Time) bool {
	return at.Year() >= 1990 && (now.IsZero() || !at.After(now.Add(24*time.Hour)))
}

// stays refuses an issue that was transferred: GitHub answers with what became
// of it elsewhere, and its number there is another issue's here. A repository
// that was renamed answers under its new name, and is the same.
func stays(ctx context.Context, hub *github.Client, number int, issue *gh.Issue) error {
	of := issue.GetRepositoryURL()
	if issue.GetNumber() == number && (of == "" || strings.HasSuffix(strings.ToLower(of), strings.ToLower("/repos/"+hub.Owner+"/"+hub.Name))) {
		return nil
	}
	repository, _, err := hub.Repositories.Get(ctx, hub.Owner, hub.Name)
	if err != nil {
		return github.Wrap(err, "metadata: read", "find out where issue #%d of %s/%s went", number, hub.Owner, hub.Name)
	}
	if issue.GetNumber() == number && strings.HasSuffix(strings.ToLower(of), strings.ToLower("/repos/"+repository.GetFullName())) {
		return nil
	}
	return fmt.Errorf("issue #%d of %s/%s was transferred to another repository: look for it there (%s)", number, hub.Owner, hub.Name, issue.GetHTMLURL())
}

func issueOf(i *gh.Issue) model.Issue {
	got := model.Issue{
		Number: i.GetNumber(), Title: i.GetTitle(), Body: i.GetBody(), URL: i.GetHTMLURL(),
		Author: i.GetUser().GetLogin(), Association: i.GetAuthorAssociation(),
		PullRequest: i.IsPullRequest(), State: i.GetState(),
		Reactions: i.GetReactions().GetTotalCount(), Comments: i.GetComments(),
		CreatedAt: i.GetCreatedAt().Time, UpdatedAt: i.GetUpdatedAt().Time, ClosedAt: i.GetClosedAt().Time,
	}
	got.AuthorIsBot = model.IsBot(got.Author, i.GetUser().GetType())
	for _, l := range i.Labels {
		got.Labels = append(got.Labels, l.GetName())
	}
	for _, u := range i.Assignees {
		got.Assignees = append(got.Assignees, u.GetLogin())
	}
	return got
}

// OpenIssues are the newest open issues, the newest first, and whether they are
// all: one request for each hundred issues and pull requests, at most a given
// number of them.
func OpenIssues(ctx context.Context, hub *github.Client, requests int) (open []model.Issue, whole bool, err error) {
	ask := &gh.IssueListByRepoOptions{State: "open", Sort: "created", Direction: "desc", ListOptions: gh.ListOptions{Page: 1, PerPage: 100}}
	for range requests {
		some, answer, err := hub.Issues.ListByRepo(ctx, hub.Owner, hub.Name, ask)
		if err == nil && some == nil {
			err = github.ErrNoList
		}
		if err != nil {
			return nil, false, github.Wrap(err, "issues: read", "list the open issues of %s/%s", hub.Owner, hub.Name)
		}
		for _, i := range some {
			if wholeIssue(i, hub.Now()) != nil {
				return nil, false, github.Wrap(wholeIssue(i, hub.Now()), "issues: read", "list the open issues of %s/%s", hub.Owner, hub.Name)
			}
			if !i.IsPullRequest() {
				open = append(open, issueOf(i))
			}
		}
		if answer.NextPage == 0 {
			return open, true, nil
		}
		if answer.NextPage <= ask.Page {
			return open, false, nil // the pages repeat
		}
		ask.Page = answer.NextPage
	}
	return open, false, nil
}

// maxHistoryPages is how many pages of a hundred entries are read of one issue:
// people must not wait for a list that does not end.
const maxHistoryPages = 50

// History is what happened on an issue: one request for each hundred entries.
// Where the list does not end, what was read is returned, and Left says so.
func History(ctx context.Context, hub *github.Client, number int) (model.History, error) {
	entries, err := github.PagesUpTo(maxHistoryPages, func(page gh.ListOptions) ([]*gh.Timeline, *gh.Response, error) {
		return hub.Issues.ListIssueTimeline(ctx, hub.Owner, hub.Name, number, &page)
	})
	var past model.History
	var endless *github.EndlessError
	if errors.As(err, &endless) {
		past.Left = fmt.Sprintf("the history of #%d is not read whole: %v", number, endless)
	} else if err != nil {
		return past, github.Wrap(err, "issues: read", "read the history of #%d", number)
	}
	entries, lacks, err := readable("timeline", entries, func(e *gh.Timeline) error { return wholeEntry(e, hub.Now()) })
	if err != nil {
		return past, github.Wrap(err, "issues: read", "read the history of #%d", number)
	}
	if len(lacks) > 0 {
		why := fmt.Sprintf("the history of #%d is not read whole: %v", number, &github.PartError{Lacks: lacks})
		past.Left = strings.TrimPrefix(past.Left+"; "+why, "; ")
	}
	for _, e := range entries {
		switch e.GetEvent() {
		case "labeled", "unlabeled":
			past.Labels = append(past.Labels, model.LabelEvent{
				Issue: number, Label: e.GetLabel().GetName(), Actor: e.GetActor().GetLogin(),
				IsBot: model.IsBot(e.GetActor().GetLogin(), e.GetActor().GetType()),
				Added: e.GetEvent() == "labeled", At: e.GetCreatedAt().Time,
			})
		case "closed", "reopened":
			past.States = append(past.States, model.StateEvent{Issue: number, Closed: e.GetEvent() == "closed", At: e.GetCreatedAt().Time})
		case "commented":
			author := e.GetUser()
			if author == nil {
				author = e.GetActor()
			}
			past.Comments = append(past.Comments, model.Comment{
				ID: e.GetID(), Issue: number, Author: author.GetLogin(),
				IsBot: model.IsBot(author.GetLogin(), author.GetType()), Body: e.GetBody(), CreatedAt: e.GetCreatedAt().Time,
			})
		}
	}
	return past, nil
}

// IssueEvent is what an `issues` event says happened.
type IssueEvent struct {
	Action string // opened, edited, labeled, …
	Issue  model.Issue
	Sender string // login of who did it
	Label  string // the label that was added or removed, where the action is about one
}

// payload is the part of an `issues` event that matters here. GitHub sends
// null for what is not there: a deleted author, an empty body.
type payload struct {
	Action string     `json:"action"`
	Issue  *eventItem `json:"issue"`
	Label  *struct {
		Name string `json:"name"`
	} `json:"label"`
	Sender *account `json:"sender"`
}

type account struct {
	Login string `json:"login"`
	Type  string `json:"type"`
}

type eventItem struct {
	Number      int             `json:"number"`
	Title       string          `json:"title"`
	Body        *string         `json:"body"`
	HTMLURL     string          `json:"html_url"`
	State       string          `json:"state"`
	User        *account        `json:"user"`
	Association string          `json:"author_association"`
	PullRequest json.RawMessage `json:"pull_request"`
	Labels      []struct {
		Name string `json:"name"`
	} `json:"labels"`
	Comments  int        `json:"comments"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	ClosedAt  *time.Time `json:"closed_at"`
}

// ReadIssueEvent reads the payload of an `issues` event. Bytes that are no
// UTF-8 become the replacement character.
func ReadIssueEvent(raw []byte) (IssueEvent, error) {
	var p payload
	if err := json.Unmarshal(raw, &p); err != nil {
		return IssueEvent{}, fmt.Errorf("the event's payload is not an issue event: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if p.Issue == nil || p.Issue.Number <= 0 {
		return IssueEvent{}, fmt.Errorf("the event's payload names no issue")
	}
	event := IssueEvent{Action: p.Action, Issue: p.Issue.fact()}
	if p.Sender != nil {
		event.Sender = p.Sender.Login
	}
	if p.Label != nil {
		event.Label = p.Label.Name
	}
	return event, nil
}

func (i eventItem) fact() model.Issue {
	got := model.Issue{
		Number: i.Number, Title: i.Title, URL: i.HTMLURL, State: i.State, Association: i.Association,
		PullRequest: len(i.PullRequest) > 0 && string(i.PullRequest) != "null",
		Comments:    i.Comments, CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt,
	}
	if i.Body != nil {
		got.Body = *i.Body
	}
	if i.User != nil {
		got.Author, got.AuthorIsBot = i.User.Login, model.IsBot(i.User.Login, i.User.Type)
	}
	if i.ClosedAt != nil {
		got.ClosedAt = *i.ClosedAt
	}
	for _, l := range i.Labels {
		got.Labels = append(got.Labels, l.Name)
	}
	return got
}
