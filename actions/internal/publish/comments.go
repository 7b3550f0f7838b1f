package publish

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Comments are those under issues, or under discussions. A number is of an
// issue or of a discussion; an id is of a comment, and later ones have larger.
type Comments interface {
	// Write comments. Where nobody knows whether it was written, the error is a
	// *github.AmbiguousError.
	Write(ctx context.Context, number int, body string) (model.Comment, error)
	// Since are the comments that were written or changed since a time.
	Since(ctx context.Context, number int, since time.Time) ([]model.Comment, error)
	Rewrite(ctx context.Context, number int, id int64, body string) error
	// Delete takes one away; one that is gone is done.
	Delete(ctx context.Context, number int, id int64) error
}

// under is where the comments are.
func (g *GitHub) under() Comments {
	if g.Under != nil {
		return g.Under
	}
	return IssueComments{g.Hub}
}

// IssueComments are the comments under issues.
type IssueComments struct{ Hub *github.Client }

func (c IssueComments) Write(ctx context.Context, number int, body string) (model.Comment, error) {
	made, _, err := c.Hub.Issues.CreateComment(ctx, c.Hub.Owner, c.Hub.Name, number, &gh.IssueComment{Body: &body})
	if err != nil {
		return model.Comment{}, github.Wrap(err, "issues: write", "comment on #%d", number)
	}
	if made.GetID() <= 0 {
		// The comment was written, and nobody knows which it is.
		return model.Comment{}, &github.AmbiguousError{Err: fmt.Errorf("comment on #%d: the answer lacks the comment's id", number)}
	}
	return commentOf(number, made), nil
}

// maxCommentPages is how many pages of a hundred comments are read behind a claim.
const maxCommentPages = 50

func (c IssueComments) Since(ctx context.Context, number int, since time.Time) ([]model.Comment, error) {
	comments, err := github.PagesUpTo(maxCommentPages, func(page gh.ListOptions) ([]*gh.IssueComment, *gh.Response, error) {
		return c.Hub.Issues.ListComments(ctx, c.Hub.Owner, c.Hub.Name, number, &gh.IssueListCommentsOptions{Since: &since, ListOptions: page})
	})
	// A list that does not end must keep nobody from being notified: the
	// comments that were read are those nearest to the claim.
	var endless *github.EndlessError
	if err != nil && !errors.As(err, &endless) {
		return nil, github.Wrap(err, "issues: read", "read the comments of #%d", number)
	}
	var all []model.Comment
	for _, one := range comments {
		all = append(all, commentOf(number, one))
	}
	return all, nil
}

func commentOf(number int, c *gh.IssueComment) model.Comment {
	return model.Comment{ID: c.GetID(), Issue: number, Author: c.GetUser().GetLogin(), Body: c.GetBody()}
}

func (c IssueComments) Rewrite(ctx context.Context, number int, id int64, body string) error {
	_, _, err := c.Hub.Issues.EditComment(github.Repeatable(ctx), c.Hub.Owner, c.Hub.Name, id, &gh.IssueComment{Body: &body})
	return github.Wrap(err, "issues: write", "record on #%d that the team was notified", number)
}

func (c IssueComments) Delete(ctx context.Context, number int, id int64) error {
	_, err := c.Hub.Issues.DeleteComment(github.Repeatable(ctx), c.Hub.Owner, c.Hub.Name, id)
	if github.Status(err) == http.StatusNotFound {
		return nil
	}
	return github.Wrap(err, "issues: write", "withdraw a claim on #%d", number)
}
