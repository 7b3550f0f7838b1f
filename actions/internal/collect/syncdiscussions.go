package collect

import (
	"errors"
	"time"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// discussionsPage asks for threads, the last that changed first; there is no
// REST for them.
const discussionsPage = `query($owner: String!, $name: String!, $after: String, $size: Int!) {
  repository(owner: $owner, name: $name) {
    hasDiscussionsEnabled
    discussions(first: $size, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        number createdAt updatedAt answerChosenAt
        category { name isAnswerable }
        author { login __typename }
        labels(first: 100) { nodes { name } }
        comments(first: 50) { ...posts }
      }
    }
  }
}` + postFields

// restOfThread asks for what is behind the first comments of one.
const restOfThread = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    discussion(number: $number) { comments(first: 100, after: $after) { ...posts } }
  }
}` + postFields

const postFields = `
fragment posts on DiscussionCommentConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes {
    createdAt
    author { login __typename }
    replies(first: 100) { totalCount nodes { createdAt author { login __typename } } }
  }
}`

type postNode struct {
	CreatedAt time.Time
	Author    *actor
	Replies   struct {
		TotalCount int
		Nodes      []struct {
			CreatedAt time.Time
			Author    *actor
		}
	}
}

type threadNode struct {
	Number               int `answer:"id"`
	CreatedAt, UpdatedAt time.Time
	AnswerChosenAt       *time.Time
	Category             category
	Author               *actor
	Labels               struct{ Nodes []labelName }
	Comments             postsPage
}

type category struct {
	Name         string `answer:"id"`
	IsAnswerable bool
}

type postsPage struct {
	TotalCount int
	PageInfo   pageInfo
	Nodes      []postNode
}

// threadKind names discussions among what could not be read.
var threadKind = kind{name: "discussions", words: "discussions"}

// discussions are the threads that have changed since the last run.
func (r *syncing) discussions() error {
	since, _ := time.Parse(time.RFC3339, r.State("github/discussions/since"))
	began := r.Now.Add(-overlap).UTC().Format(time.RFC3339)
	page := Page{State: map[string]string{"github/discussions/since": began}}
	var after any
	var pages github.Cursor
	size := 50
	if !since.IsZero() {
		size = 10
	}
	for more := true; more; {
		var answer struct {
			Repository struct {
				HasDiscussionsEnabled bool
				Discussions           struct {
					PageInfo pageInfo
					Nodes    []threadNode
				}
			}
		}
		err := r.Hub.Query(r.ctx, discussionsPage, map[string]any{"owner": r.Hub.Owner, "name": r.Hub.Name, "after": after, "size": size}, &answer)
		if err != nil && tooMuch(err) && size > 5 {
			size, more = size/2, true
			continue
		}
		if err := r.unread(threadKind, err); err != nil {
			return github.Wrap(err, "discussions: read", "read the discussions")
		}
		if !answer.Repository.HasDiscussionsEnabled {
			return errors.New("discussions are switched off in this repository")
		}
		found := answer.Repository.Discussions
		more = found.PageInfo.HasNextPage
		for _, n := range found.Nodes {
			if n.UpdatedAt.Before(since) {
				more = false
				break
			}
			if err := r.restOf(&n); err != nil {
				return err
			}
			page.Threads = append(page.Threads, n.Number)
			page.Rows = append(page.Rows, n.rows()...)
		}
		if more {
			if err := pages.Next(found.PageInfo.EndCursor); err != nil {
				return github.Wrap(err, "discussions: read", "read the discussions")
			}
		}
		after = found.PageInfo.EndCursor
	}
	page.State["github/discussions/since"] = r.sinceOf(threadKind, since, began)
	return r.keep(page)
}

// restOf reads a long thread to its end; one that has gone since keeps what was
// read of it.
func (r *syncing) restOf(n *threadNode) error {
	for n.Comments.PageInfo.HasNextPage {
		var answer struct {
			Repository struct {
				Discussion *struct{ Comments postsPage }
			}
		}
		err := r.Hub.Query(r.ctx, restOfThread, map[string]any{"owner": r.Hub.Owner, "name": r.Hub.Name, "number": n.Number, "after": n.Comments.PageInfo.EndCursor}, &answer)
		var said *github.QueryError
		if errors.As(err, &said) && said.Type == "NOT_FOUND" {
			return nil
		}
		if err = r.unread(threadKind, err); err == nil {
			if answer.Repository.Discussion == nil {
				err = errors.New("the answer lacks its comments")
			} else {
				err = n.Comments.PageInfo.follow(answer.Repository.Discussion.Comments.PageInfo)
			}
		}
		if err != nil {
			return github.Wrap(err, "discussions: read", "read discussion #%d to its end", n.Number)
		}
		n.Comments.Nodes = append(n.Comments.Nodes, answer.Repository.Discussion.Comments.Nodes...)
	}
	return nil
}

func (n threadNode) rows() []model.Row {
	thread := model.DiscussionRow{Number: n.Number, Category: n.Category.Name, Author: n.Author.name(), CreatedAt: n.CreatedAt, Comments: n.Comments.TotalCount, Answerable: n.Category.IsAnswerable}
	if n.AnswerChosenAt != nil {
		thread.AnsweredAt = *n.AnswerChosenAt
	}
	for _, l := range n.Labels.Nodes {
		thread.Labels = append(thread.Labels, l.Name)
	}
	var rows []model.Row
	for _, c := range n.Comments.Nodes {
		thread.Comments += c.Replies.TotalCount
		rows = append(rows, model.DiscussionPostRow{Number: n.Number, Author: c.Author.name(), CreatedAt: c.CreatedAt})
		for _, reply := range c.Replies.Nodes {
			rows = append(rows, model.DiscussionPostRow{Number: n.Number, Author: reply.Author.name(), CreatedAt: reply.CreatedAt})
		}
	}
	return append(rows, thread)
}
