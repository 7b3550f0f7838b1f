package fake

import "fmt"

// Event is the payload of an `issues` event as GitHub would send it now: the
// issue as it stands, who did what last, and, for labeled and unlabeled, the
// label that it is about. A number that is none panics.
func (r *Repository) Event(number int, action string) []byte {
	defer r.lock()()
	i := r.must(number)
	repository := r.shape()
	repository["created_at"], repository["updated_at"], repository["pushed_at"] = r.createdAt, r.pushedAt, r.pushedAt
	payload := map[string]any{"action": action, "issue": i.shape(), "repository": repository, "sender": r.hub.authorOf(i.lastActor(action))}
	switch action {
	case "labeled", "unlabeled":
		payload["label"] = i.labelOfLast(action)
	case "edited":
		payload["changes"] = i.changes()
	}
	return encode(payload)
}

// CommentEvent is the payload of an `issue_comment` event about the last comment
// of an issue.
func (r *Repository) CommentEvent(number int, action string) []byte {
	defer r.lock()()
	i := r.must(number)
	if len(i.comments) == 0 {
		panic(fmt.Sprintf("simulate: nobody commented on #%d", number))
	}
	last := i.comments[len(i.comments)-1]
	return encode(map[string]any{
		"action": action, "issue": i.shape(), "comment": last.shape(), "repository": r.shape(), "sender": r.hub.authorOf(last.author),
	})
}

// lastActor is who did the last thing that an event of this action tells; its
// author where nobody did.
func (i *issue) lastActor(action string) *user {
	if action == "edited" {
		action = "renamed"
	}
	if e := i.last(action); e != nil && e.actor != nil {
		return e.actor
	}
	return i.author
}

func (i *issue) last(kind string) *entry {
	for at := len(i.entries) - 1; at >= 0; at-- {
		if i.entries[at].kind == kind {
			return i.entries[at]
		}
	}
	return nil
}

func (i *issue) labelOfLast(action string) *labelShape {
	e := i.last(action)
	if e == nil || e.Label == nil {
		return nil
	}
	if l := i.repo.label(e.Label.Name); l != nil {
		s := i.repo.shapeOfLabel(l)
		return &s
	}
	return &labelShape{Name: e.Label.Name, Color: e.Label.Color, URL: i.repo.api() + "/labels/" + inPath(e.Label.Name)}
}

// changes tells what an edit changed: the title where it was renamed last.
func (i *issue) changes() map[string]any {
	if e := i.last("renamed"); e != nil && e.at.Equal(i.updatedAt) {
		return map[string]any{"title": map[string]any{"from": e.Rename.From}}
	}
	return map[string]any{"body": map[string]any{"from": ""}}
}
