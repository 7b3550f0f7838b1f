package collect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Discussion is a thread of Discussions with what its first post says: in the
// form of an issue, with GraphQL's id of it and its category.
type Discussion struct {
	model.Issue
	ID       string
	Category string
}

// ReadDiscussionEvent reads the payload of a `discussion` event, and what was
// done.
func ReadDiscussionEvent(raw []byte) (d Discussion, action string, err error) {
	var p struct {
		Action     string `json:"action"`
		Discussion *struct {
			eventItem
			NodeID   string `json:"node_id"`
			Category struct {
				Name string `json:"name"`
			} `json:"category"`
		} `json:"discussion"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return d, "", fmt.Errorf("the event's payload is not a discussion event: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if p.Discussion == nil || p.Discussion.Number <= 0 || p.Discussion.NodeID == "" {
		return d, "", errors.New("the event's payload names no discussion")
	}
	d = Discussion{Issue: p.Discussion.fact(), ID: p.Discussion.NodeID, Category: p.Discussion.Category.Name}
	d.Issue.Discussion = true
	return d, p.Action, nil
}

const oneDiscussion = `query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    discussion(number: $number) {
      id number title body url closed authorAssociation createdAt updatedAt
      category { name } author { login __typename } labels(first: 100) { nodes { name } } comments { totalCount }
    }
  }
}`

// OneDiscussion reads a discussion as it stands. Where there is none of that
// number, the error is a *github.QueryError of type NOT_FOUND.
func OneDiscussion(ctx context.Context, hub *github.Client, number int) (Discussion, error) {
	var answer struct {
		Repository struct {
			Discussion struct {
				ID, Title            string `answer:"id"`
				Body, URL            string
				AuthorAssociation    string
				Number               int `answer:"id"`
				Closed               bool
				CreatedAt, UpdatedAt time.Time
				Category             struct{ Name string }
				Author               *actor
				Labels               struct{ Nodes []labelName }
				Comments             struct{ TotalCount int }
			}
		}
	}
	if err := hub.Query(ctx, oneDiscussion, map[string]any{"owner": hub.Owner, "name": hub.Name, "number": number}, &answer); err != nil {
		return Discussion{}, github.Wrap(err, "discussions: read", "read discussion #%d of %s/%s", number, hub.Owner, hub.Name)
	}
	n := answer.Repository.Discussion
	d := Discussion{ID: n.ID, Category: n.Category.Name, Issue: model.Issue{
		Number: n.Number, Title: n.Title, Body: n.Body, URL: n.URL, Discussion: true, State: "open", Association: n.AuthorAssociation,
		Author: n.Author.name(), AuthorIsBot: n.Author.isBot(), Comments: n.Comments.TotalCount, CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt,
	}}
	if n.Closed {
		d.State = "closed"
	}
	for _, l := range n.Labels.Nodes {
		d.Labels = append(d.Labels, l.Name)
	}
	return d, nil
}
