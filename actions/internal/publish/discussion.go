package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// DiscussionComments are the comments under one discussion, for which there is
// GraphQL alone.
type DiscussionComments struct {
	Hub *github.Client
	ID  string // GraphQL's id of the discussion

	ids map[int64]string // GraphQL's ids of the comments that were seen
}

// saidNode is a comment as GraphQL tells it.
type saidNode struct {
	ID         string `answer:"id"`
	DatabaseID int64  `json:"databaseId" answer:"id"`
	Body       string
	CreatedAt  time.Time
	Author     *struct {
		Login string
		Kind  string `json:"__typename"`
	}
}

const saidFields = `id databaseId body createdAt author { login __typename }`

// fact is the comment; GraphQL leaves out what REST writes behind a bot's name.
func (c *DiscussionComments) fact(number int, n saidNode) model.Comment {
	if c.ids == nil {
		c.ids = map[int64]string{}
	}
	c.ids[n.DatabaseID] = n.ID
	said := model.Comment{ID: n.DatabaseID, Issue: number, Body: n.Body, CreatedAt: n.CreatedAt}
	if n.Author != nil {
		said.Author, said.IsBot = n.Author.Login, model.IsBot(n.Author.Login, n.Author.Kind)
		if n.Author.Kind == "Bot" && !strings.HasSuffix(said.Author, "[bot]") {
			said.Author += "[bot]"
		}
	}
	return said
}

func (c *DiscussionComments) Write(ctx context.Context, number int, body string) (model.Comment, error) {
	var answer struct {
		AddDiscussionComment struct{ Comment saidNode }
	}
	err := c.Hub.Query(ctx, `mutation($id: ID!, $body: String!) { addDiscussionComment(input: {discussionId: $id, body: $body}) { comment { `+saidFields+` } } }`,
		map[string]any{"id": c.ID, "body": body}, &answer)
	if err != nil {
		return model.Comment{}, github.Wrap(err, "discussions: write", "comment on discussion #%d", number)
	}
	return c.fact(number, answer.AddDiscussionComment.Comment), nil
}

func (c *DiscussionComments) Since(ctx context.Context, number int, since time.Time) ([]model.Comment, error) {
	var all []model.Comment
	var before any
	var pages github.Cursor
	for {
		var answer struct {
			Repository struct {
				Discussion struct {
					Comments struct {
						PageInfo struct {
							HasPreviousPage bool
							StartCursor     string `answer:"null"`
						}
						Nodes []saidNode
					}
				}
			}
		}
		err := c.Hub.Query(ctx, `query($owner: String!, $name: String!, $number: Int!, $before: String) { repository(owner: $owner, name: $name) { discussion(number: $number) {
  comments(last: 100, before: $before) { pageInfo { hasPreviousPage startCursor } nodes { `+saidFields+` } } } } }`,
			map[string]any{"owner": c.Hub.Owner, "name": c.Hub.Name, "number": number, "before": before}, &answer)
		if err != nil {
			return nil, github.Wrap(err, "discussions: read", "read the comments of discussion #%d", number)
		}
		page := answer.Repository.Discussion.Comments
		var some []model.Comment
		for _, n := range page.Nodes {
			some = append(some, c.fact(number, n))
		}
		all = append(some, all...)
		if !page.PageInfo.HasPreviousPage || len(page.Nodes) > 0 && page.Nodes[0].CreatedAt.Before(since) {
			return all, nil
		}
		if err := pages.Next(page.PageInfo.StartCursor); err != nil {
			return nil, github.Wrap(err, "discussions: read", "read the comments of discussion #%d", number)
		}
		before = page.PageInfo.StartCursor
	}
}

func (c *DiscussionComments) Rewrite(ctx context.Context, number int, id int64, body string) error {
	var answer any
	err := c.Hub.Query(github.Repeatable(ctx), `mutation($id: ID!, $body: String!) { updateDiscussionComment(input: {commentId: $id, body: $body}) { comment { id } } }`,
		map[string]any{"id": c.ids[id], "body": body}, &answer)
	return github.Wrap(err, "discussions: write", "record on discussion #%d that the team was notified", number)
}

func (c *DiscussionComments) Delete(ctx context.Context, number int, id int64) error {
	var answer any
	err := c.Hub.Query(github.Repeatable(ctx), `mutation($id: ID!) { deleteDiscussionComment(input: {id: $id}) { comment { id } } }`,
		map[string]any{"id": c.ids[id]}, &answer)
	var said *github.QueryError
	if errors.As(err, &said) && said.Type == "NOT_FOUND" {
		return nil
	}
	return github.Wrap(err, "discussions: write", "withdraw a claim on discussion #%d", number)
}

// MissingError names labels that the repository has not. A discussion can only
// be given those that are there.
type MissingError struct{ Labels []string }

func (e *MissingError) Error() string {
	return "the repository has no label " + strings.Join(e.Labels, ", ")
}

// Hint says how they come into being.
func (e *MissingError) Hint() string {
	return "a label comes into being when an issue earns it; or make it by hand"
}

// LabelDiscussion puts labels on a discussion: two requests, which may be
// repeated. Where some of them are not in the repository, the others are put on,
// and the error is a *MissingError.
func (g *GitHub) LabelDiscussion(ctx context.Context, step change.LabelDiscussion) error {
	ids, missing, err := g.labelIDs(ctx, step.Labels)
	if err != nil {
		return github.Wrap(err, "discussions: write", "look up the labels of discussion #%d", step.Number)
	}
	if len(ids) > 0 {
		var answer any
		err = g.Hub.Query(github.Repeatable(ctx), `mutation($id: ID!, $labels: [ID!]!) { addLabelsToLabelable(input: {labelableId: $id, labelIds: $labels}) { clientMutationId } }`,
			map[string]any{"id": step.ID, "labels": ids}, &answer)
		if err != nil {
			return github.Wrap(err, "discussions: write", "add labels to discussion #%d", step.Number)
		}
	}
	if len(missing) > 0 {
		return &MissingError{missing}
	}
	return nil
}

// labelIDs are GraphQL's ids of labels, and the names of those that are not there.
func (g *GitHub) labelIDs(ctx context.Context, names []string) (ids, missing []string, err error) {
	variables := map[string]any{"owner": g.Hub.Owner, "name": g.Hub.Name}
	var declared, asked strings.Builder
	for i, name := range names {
		fmt.Fprintf(&declared, ", $l%d: String!", i)
		fmt.Fprintf(&asked, " l%d: label(name: $l%d) { id }", i, i)
		variables[fmt.Sprintf("l%d", i)] = name
	}
	var answer struct {
		Repository map[string]*struct{ ID string }
	}
	query := fmt.Sprintf("query($owner: String!, $name: String!%s) { repository(owner: $owner, name: $name) {%s } }", declared.String(), asked.String())
	if err := g.Hub.Query(ctx, query, variables, &answer); err != nil {
		return nil, nil, err
	}
	for i, name := range names {
		if found := answer.Repository[fmt.Sprintf("l%d", i)]; found != nil {
			ids = append(ids, found.ID)
			continue
		}
		missing = append(missing, name)
	}
	return ids, slices.Clip(missing), nil
}
