package fake

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

type comment struct {
	issue       *issue
	id          int64
	body        string
	author      *user
	association string
	createdAt   time.Time
	updatedAt   time.Time
}

// Comment writes a comment and tells its id.
func (r *Repository) Comment(author string, number int, body string) int64 {
	defer r.lock()()
	return r.must(number).comment(r.hub.user(author), body).id
}

// EditComment gives a comment another text. An id that is none panics.
func (r *Repository) EditComment(id int64, body string) {
	defer r.lock()()
	if r.comments[id] == nil {
		panic(fmt.Sprintf("simulate: %s has no comment %d", r.FullName(), id))
	}
	r.comments[id].rewrite(body)
}

// DeleteComment deletes a comment; one that is gone is no mistake.
func (r *Repository) DeleteComment(id int64) {
	defer r.lock()()
	if c := r.comments[id]; c != nil {
		c.delete(c.author)
	}
}

func (i *issue) comment(author *user, body string) *comment {
	now := i.repo.now()
	c := &comment{
		issue: i, id: i.repo.hub.next(), body: body, author: author, association: i.repo.association(author),
		createdAt: now, updatedAt: now,
	}
	i.keepComment(c)
	i.updatedAt = now
	i.refer(author, &body)
	return c
}

// keepComment files a comment on its issue, in its repository and in the
// timeline.
func (i *issue) keepComment(c *comment) {
	i.comments = append(i.comments, c)
	i.repo.comments[c.id] = c
	i.entries = append(i.entries, &entry{issue: i, id: c.id, kind: "commented", actor: c.author, at: c.createdAt, comment: c})
}

func (c *comment) rewrite(body string) {
	c.body, c.updatedAt = body, c.issue.repo.now()
	c.issue.updatedAt = c.updatedAt
	c.issue.refer(c.author, &body)
}

func (c *comment) delete(actor *user) {
	i := c.issue
	delete(i.repo.comments, c.id)
	i.comments = slices.DeleteFunc(i.comments, func(x *comment) bool { return x == c })
	i.entries = slices.DeleteFunc(i.entries, func(e *entry) bool { return e.comment == c })
	i.happen(actor, "comment_deleted")
}

type commentShape struct {
	URL                   string     `json:"url"`
	HTMLURL               string     `json:"html_url"`
	IssueURL              string     `json:"issue_url"`
	ID                    int64      `json:"id"`
	NodeID                string     `json:"node_id"`
	User                  *userShape `json:"user"`
	CreatedAt             time.Time  `json:"created_at"`
	UpdatedAt             time.Time  `json:"updated_at"`
	Body                  string     `json:"body"`
	AuthorAssociation     string     `json:"author_association"`
	Reactions             reactions  `json:"reactions"`
	PerformedViaGitHubApp *string    `json:"performed_via_github_app"`
}

func (c *comment) shape() commentShape {
	api := fmt.Sprintf("%s/issues/comments/%d", c.issue.repo.api(), c.id)
	return commentShape{
		URL: api, HTMLURL: fmt.Sprintf("%s#issuecomment-%d", c.issue.web(), c.id), IssueURL: c.issue.api(),
		ID: c.id, NodeID: nodeID("IssueComment", c.id), User: c.issue.repo.hub.authorOf(c.author),
		CreatedAt: c.createdAt, UpdatedAt: c.updatedAt, Body: c.body, AuthorAssociation: c.association,
		Reactions: reactionsOf(api, nil),
	}
}

// Comment is a comment as it stands.
type Comment struct {
	ID        int64
	Author    string
	Body      string
	CreatedAt time.Time
	UpdatedAt time.Time
}

func (c *comment) look() Comment {
	got := Comment{ID: c.id, Body: c.body, CreatedAt: c.createdAt, UpdatedAt: c.updatedAt}
	if c.author != nil && !c.author.deleted {
		got.Author = c.author.login
	}
	return got
}

func (g *GitHub) routesOfComments() {
	const ofIssue, one = "/repos/{owner}/{repo}/issues/{issue_number}/comments", "/repos/{owner}/{repo}/issues/comments/{comment_id}"
	g.handle("GET "+ofIssue, issuesRead, listCommentsOfIssue, with(paging, "since")...)
	g.handle("POST "+ofIssue, issuesWrite, func(c *call) answer {
		i, gone := c.issue()
		if i == nil {
			return gone
		}
		if i.locked {
			return refuse(http.StatusForbidden, "Unable to create comment because issue is locked.")
		}
		body, no, good := g.commentBody(c)
		if !good {
			return no
		}
		made := i.comment(c.actor, body).shape()
		return created(made).with("Location", made.URL)
	})
	g.handle("GET /repos/{owner}/{repo}/issues/comments", issuesRead, listComments, with(paging, "since", "sort", "direction")...)
	g.handle("GET "+one, issuesRead, func(c *call) answer {
		if found := c.comment(); found != nil {
			return lastModified(ok(found.shape()), found.updatedAt)
		}
		return notFound()
	})
	g.handle("PATCH "+one, issuesWrite, func(c *call) answer {
		found := c.comment()
		if found == nil {
			return notFound()
		}
		body, no, good := g.commentBody(c)
		if !good {
			return no
		}
		found.rewrite(body)
		return ok(found.shape())
	})
	g.handle("DELETE "+one, issuesWrite, func(c *call) answer {
		found := c.comment()
		if found == nil {
			return notFound()
		}
		found.delete(c.actor)
		return nothing()
	})
}

func (c *call) comment() *comment {
	id, _ := strconv.ParseInt(c.vars["comment_id"], 10, 64)
	return c.repo.comments[id]
}

func (g *GitHub) commentBody(c *call) (string, answer, bool) {
	var in struct {
		Body *string `json:"body"`
	}
	if no, good := g.decode(c, &in); !good {
		return "", no, false
	}
	if in.Body == nil || strings.TrimSpace(*in.Body) == "" {
		return "", invalid(problem{"IssueComment", "body", "custom", "Body cannot be blank"}), false
	}
	if no, bad := tooLong("IssueComment", nil, in.Body); bad {
		return "", no, false
	}
	return *in.Body, answer{}, true
}

func listCommentsOfIssue(c *call) answer {
	i, gone := c.issue()
	if i == nil {
		return gone
	}
	since, no, good := c.since()
	if !good {
		return no
	}
	var found []*comment
	for _, one := range i.comments {
		if !one.updatedAt.Before(since) {
			found = append(found, one)
		}
	}
	return page(c, found, (*comment).shape)
}

// listComments lists the whole repository's; GitHub looks at direction only
// where sort is given.
func listComments(c *call) answer {
	if no, bad := wrong(c, "sort", "created", "updated"); bad {
		return no
	}
	since, no, good := c.since()
	if !good {
		return no
	}
	var found []*comment
	for _, one := range c.repo.comments {
		if !one.updatedAt.Before(since) {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b *comment) int {
		order := cmp.Compare(a.id, b.id)
		switch c.get("sort") {
		case "created":
			order = cmp.Or(a.createdAt.Compare(b.createdAt), order)
		case "updated":
			order = cmp.Or(a.updatedAt.Compare(b.updatedAt), order)
		default:
			return order
		}
		if c.get("direction") == "asc" {
			return order
		}
		return -order
	})
	return page(c, found, (*comment).shape)
}
