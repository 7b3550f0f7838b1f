package collect

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// pastIssues asks for a page of issues, the newest first, with what happened to
// their labels: the last hundred of it each.
const pastIssues = `query($owner: String!, $name: String!, $size: Int!, $before: String) {
  repository(owner: $owner, name: $name) {
    issues(last: $size, before: $before, orderBy: {field: CREATED_AT, direction: ASC}) {
      totalCount
      pageInfo { hasPreviousPage startCursor }
      nodes {
        number title body url state authorAssociation createdAt
        author { login __typename }
        labels(first: 100) { nodes { name } }
        timelineItems(last: 100, itemTypes: [LABELED_EVENT, UNLABELED_EVENT]) {
          nodes {
            __typename
            ... on LabeledEvent { createdAt actor { login __typename } label { name } }
            ... on UnlabeledEvent { createdAt actor { login __typename } label { name } }
          }
        }
      }
    }
  }
}`

type actor struct {
	Login string `answer:"id"`
	Kind  string `json:"__typename" answer:"id"`
}

// name is the login as REST has it: GraphQL leaves the [bot] off.
func (a *actor) name() string {
	switch {
	case a == nil:
		return ""
	case a.Kind == "Bot":
		return a.Login + "[bot]"
	}
	return a.Login
}

func (a *actor) isBot() bool { return a != nil && model.IsBot(a.Login, a.Kind) }

type pastNode struct {
	Number            int `answer:"id"`
	Title, Body, URL  string
	State             string
	AuthorAssociation string
	CreatedAt         time.Time
	Author            *actor
	Labels            struct{ Nodes []labelName }
	TimelineItems     struct{ Nodes []labelNode }
}

// Past reads the newest issues of a repository, at most so many, the newest
// first, and what happened to their labels: a request for each hundred. After
// each, progress hears how many are read, and of how many.
func Past(ctx context.Context, hub *github.Client, most int, progress func(done, total int)) ([]model.Issue, []model.LabelEvent, error) {
	var issues []model.Issue
	var events []model.LabelEvent
	var before *string
	var pages github.Cursor
	for len(issues) < most {
		var answer struct {
			Repository struct {
				Issues struct {
					TotalCount int
					PageInfo   struct {
						HasPreviousPage bool
						StartCursor     string `answer:"null"`
					}
					Nodes []pastNode
				}
			}
		}
		size := min(100, most-len(issues))
		err := hub.Query(ctx, pastIssues, map[string]any{"owner": hub.Owner, "name": hub.Name, "size": size, "before": before}, &answer)
		if err != nil {
			return nil, nil, github.Wrap(err, "issues: read", "read the last %d issues of %s/%s", most, hub.Owner, hub.Name)
		}
		page := answer.Repository.Issues
		for i := len(page.Nodes) - 1; i >= 0; i-- {
			issue, labels := page.Nodes[i].facts()
			issues, events = append(issues, issue), append(events, labels...)
		}
		progress(len(issues), min(most, max(page.TotalCount, len(issues))))
		if !page.PageInfo.HasPreviousPage {
			break
		}
		if err := pages.Next(page.PageInfo.StartCursor); err != nil {
			return nil, nil, github.Wrap(err, "issues: read", "read the last %d issues of %s/%s", most, hub.Owner, hub.Name)
		}
		before = &page.PageInfo.StartCursor
	}
	return issues, events, nil
}

func (n pastNode) facts() (model.Issue, []model.LabelEvent) {
	issue := model.Issue{
		Number: n.Number, Title: n.Title, Body: n.Body, URL: n.URL, State: map[string]string{"CLOSED": "closed"}[n.State],
		Author: n.Author.name(), AuthorIsBot: n.Author.isBot(), Association: n.AuthorAssociation, CreatedAt: n.CreatedAt,
	}
	if issue.State == "" {
		issue.State = "open"
	}
	for _, l := range n.Labels.Nodes {
		issue.Labels = append(issue.Labels, l.Name)
	}
	var events []model.LabelEvent
	for _, e := range n.TimelineItems.Nodes {
		events = append(events, model.LabelEvent{
			Issue: n.Number, Label: e.Label.Name, Actor: e.Actor.name(), IsBot: e.Actor.isBot(), Added: e.Kind == "LabeledEvent", At: e.CreatedAt,
		})
	}
	return issue, events
}
