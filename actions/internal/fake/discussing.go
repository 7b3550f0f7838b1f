package fake

import (
	"fmt"
	"slices"
	"strings"
)

// Thread is a discussion as it stands.
type Thread struct {
	Number          int
	Category, Title string
	Labels          []string
	Comments        []Comment
}

// Discussion is a discussion as it stands; one that is not there panics.
func (r *Repository) Discussion(number int) Thread {
	defer r.lock()()
	d := r.mustDiscuss(number)
	t := Thread{Number: number, Category: d.category, Title: d.title}
	for _, l := range d.labels {
		t.Labels = append(t.Labels, l.name)
	}
	for _, c := range d.comments {
		t.Comments = append(t.Comments, Comment{ID: c.id, Author: c.author.login, Body: c.body, CreatedAt: c.at})
	}
	return t
}

// LockDiscussion locks a discussion: it takes no comment of a token.
func (r *Repository) LockDiscussion(number int) {
	defer r.lock()()
	r.mustDiscuss(number).locked = true
}

// DiscussionEvent is the payload of a `discussion` event as GitHub would send it
// now.
func (r *Repository) DiscussionEvent(number int, action string) []byte {
	defer r.lock()()
	d := r.mustDiscuss(number)
	repository := r.shape()
	repository["created_at"], repository["updated_at"], repository["pushed_at"] = r.createdAt, r.pushedAt, r.pushedAt
	labels := []labelShape{}
	for _, l := range d.labels {
		labels = append(labels, r.shapeOfLabel(l))
	}
	return encode(map[string]any{"action": action, "repository": repository, "sender": r.hub.authorOf(d.author), "discussion": map[string]any{
		"id": d.id, "node_id": nodeID("Discussion", d.id), "number": d.number, "title": d.title, "body": d.body, "labels": labels,
		"html_url": fmt.Sprintf("%s/discussions/%d", r.web(), d.number), "repository_url": r.api(), "state": "open", "locked": d.locked,
		"category": map[string]any{"name": d.category, "slug": strings.ToLower(d.category), "is_answerable": answerable(d.category)},
		"user":     r.hub.authorOf(d.author), "author_association": r.association(d.author), "comments": len(d.comments),
		"created_at": d.at, "updated_at": d.updatedAt, "answer_chosen_at": d.chosenAt,
	}})
}

// onReply does something with one comment of a discussion, found by its id.
func (g *GitHub) onReply(kind, key string, do func(*discussion, *reply, map[string]any)) field {
	return func(args map[string]any) any {
		input, _ := args["input"].(map[string]any)
		for _, r := range g.repositories {
			for _, d := range r.discussions {
				for _, c := range d.comments {
					if nodeID("DiscussionComment", c.id) != text(input[key]) {
						continue
					}
					do(d, c, input)
					web := fmt.Sprintf("%s/discussions/%d", r.web(), d.number)
					return &node{kind: kind, fields: map[string]field{"comment": plain(c.node(r, d, web))}}
				}
			}
		}
		return unresolved("a node with the global id of '%s'", text(input[key]))
	}
}

func (d *discussion) rewrite(c *reply, input map[string]any) { c.body = text(input["body"]) }

func (d *discussion) forget(c *reply, _ map[string]any) {
	d.comments = slices.DeleteFunc(d.comments, func(other *reply) bool { return other == c })
}

func (r *Repository) oneLabel(args map[string]any) any {
	if l := r.label(text(args["name"])); l != nil {
		return r.labelNodes([]*label{l})[0]
	}
	return nil
}

// addLabelsToLabelable labels a discussion; issues are labelled by REST.
func (g *GitHub) addLabelsToLabelable(args map[string]any) any {
	input, _ := args["input"].(map[string]any)
	for _, r := range g.repositories {
		for _, d := range r.discussions {
			if nodeID("Discussion", d.id) != text(input["labelableId"]) {
				continue
			}
			for _, id := range texts(input["labelIds"]) {
				at := slices.IndexFunc(r.labels, func(l *label) bool { return nodeID("Label", l.id) == id })
				if at < 0 {
					return unresolved("a node with the global id of '%s'", id)
				}
				if why := r.refusedLabels[strings.ToLower(r.labels[at].name)]; why != "" {
					return graphError{Type: "FORBIDDEN", Message: why}
				}
				if !slices.Contains(d.labels, r.labels[at]) {
					d.labels = append(d.labels, r.labels[at])
				}
			}
			return &node{kind: "AddLabelsToLabelablePayload", fields: map[string]field{"clientMutationId": plain(input["clientMutationId"]), "labelable": plain(d.node(r))}}
		}
	}
	return unresolved("a node with the global id of '%s'", text(input["labelableId"]))
}
