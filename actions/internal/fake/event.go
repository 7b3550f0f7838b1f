package fake

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// entry is one thing that happened to an issue: a line of its timeline and,
// unless it is written text or a commit, one of the repository's events.
type entry struct {
	issue *issue
	id    int64
	kind  string // labeled, closed, commented, …
	actor *user
	at    time.Time

	comment     *comment // of commented
	source      *issue   // of cross-referenced
	Label       *eventLabel
	Rename      *renameShape
	Assignee    *userShape
	StateReason *string
	recorded    map[string]json.RawMessage // what a recorded history has beyond that
}

type eventLabel struct {
	Name  string `json:"name"`
	Color string `json:"color"`
}

type renameShape struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// textual is what the timeline shows and the events do not.
var textual = []string{"commented", "reviewed", "committed", "cross-referenced", "line-commented", "commit-commented"}

func (e *entry) isEvent() bool { return !slices.Contains(textual, e.kind) }

// shape is the entry as an event.
func (e *entry) shape() map[string]any {
	hub := e.issue.repo.hub
	s := map[string]any{
		"id": e.id, "node_id": nodeID("Event", e.id), "url": fmt.Sprintf("%s/issues/events/%d", e.issue.repo.api(), e.id),
		"actor": hub.shapeOf(e.actor), "event": e.kind, "commit_id": nil, "commit_url": nil,
		"created_at": e.at, "performed_via_github_app": nil,
	}
	for name, value := range e.recorded {
		s[name] = value
	}
	if e.Label != nil {
		s["label"] = e.Label
	}
	if e.Rename != nil {
		s["rename"] = e.Rename
	}
	if e.Assignee != nil {
		s["assignee"], s["assigner"] = e.Assignee, hub.shapeOf(e.actor)
	}
	if e.kind == "closed" || e.kind == "reopened" {
		s["state_reason"] = e.StateReason
	}
	if _, told := s["lock_reason"]; e.kind == "locked" && !told {
		s["lock_reason"] = nil
	}
	return s
}

// inTimeline is the entry as the timeline shows it.
func (e *entry) inTimeline() any {
	switch e.kind {
	case "commented":
		return struct {
			commentShape
			Event string     `json:"event"`
			Actor *userShape `json:"actor"`
		}{e.comment.shape(), "commented", e.issue.repo.hub.authorOf(e.actor)}
	case "cross-referenced":
		from := struct {
			issueShape
			Repository map[string]any `json:"repository"`
		}{e.source.shape(), e.source.repo.shape()}
		return map[string]any{
			"event": e.kind, "actor": e.issue.repo.hub.shapeOf(e.actor), "created_at": e.at, "updated_at": e.at,
			"source": map[string]any{"type": "issue", "issue": from},
		}
	case "committed":
		return e.recorded
	case "reviewed":
		return e.reviewed()
	}
	return e.shape()
}

func (e *entry) reviewed() any {
	s := map[string]any{
		"id": e.id, "node_id": nodeID("PullRequestReview", e.id), "event": e.kind, "user": e.issue.repo.hub.authorOf(e.actor), "body": "",
		"state": "commented", "commit_id": nil, "html_url": fmt.Sprintf("%s#pullrequestreview-%d", e.issue.web(), e.id),
		"pull_request_url": fmt.Sprintf("%s/pulls/%d", e.issue.repo.api(), e.issue.number), "author_association": "NONE",
		"submitted_at": e.at,
	}
	for name, value := range e.recorded {
		s[name] = value
	}
	s["_links"] = map[string]any{"html": map[string]any{"href": s["html_url"]}, "pull_request": map[string]any{"href": s["pull_request_url"]}}
	return s
}

// withIssue is the entry as the repository's own listing shows it.
func (e *entry) withIssue() map[string]any {
	s := e.shape()
	s["issue"] = e.issue.shape()
	return s
}

func (i *issue) events() []*entry {
	var found []*entry
	for _, e := range i.entries {
		if e.isEvent() {
			found = append(found, e)
		}
	}
	return found
}

func (r *Repository) events() []*entry {
	var found []*entry
	for _, i := range r.issues {
		found = append(found, i.events()...)
	}
	slices.SortFunc(found, func(a, b *entry) int {
		if order := b.at.Compare(a.at); order != 0 {
			return order
		}
		return int(max(-1, min(1, b.id-a.id)))
	})
	return found
}

func (g *GitHub) routesOfEvents() {
	g.handle("GET /repos/{owner}/{repo}/issues/{issue_number}/events", issuesRead, func(c *call) answer {
		i, gone := c.issue()
		if i == nil {
			return gone
		}
		return page(c, i.events(), (*entry).shape)
	}, paging...)
	g.handle("GET /repos/{owner}/{repo}/issues/{issue_number}/timeline", issuesRead, func(c *call) answer {
		i, gone := c.issue()
		if i == nil {
			return gone
		}
		return page(c, i.entries, (*entry).inTimeline)
	}, paging...)
	g.handle("GET /repos/{owner}/{repo}/issues/events", issuesRead, func(c *call) answer {
		return page(c, c.repo.events(), (*entry).withIssue)
	}, paging...)
}
