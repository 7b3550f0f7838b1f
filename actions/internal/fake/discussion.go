package fake

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// discussion has no REST API on GitHub: it is read by GraphQL alone.
type discussion struct {
	id        int64
	number    int
	category  string
	title     string
	body      string
	author    *user
	at        time.Time
	updatedAt time.Time
	comments  []*reply
	answer    *reply
	chosenAt  *time.Time
	chosenBy  *user
	upvotes   int
	labels    []*label
	locked    bool
}

// reply is a comment on a discussion, or an answer to such a comment.
type reply struct {
	id      int64
	author  *user
	body    string
	at      time.Time
	replies []*reply
}

// Discuss starts a discussion in a category (General, Ideas, Q&A, …) and tells
// its number, which it shares with issues.
func (r *Repository) Discuss(author, category, title, body string) int {
	defer r.lock()()
	number, now := r.nextNumber(), r.now()
	r.discussions = append(r.discussions, &discussion{
		id: r.hub.next(), number: number, category: category, title: title, body: body, author: r.hub.user(author), at: now, updatedAt: now,
	})
	return number
}

// Reply comments on a discussion and tells the comment's id.
func (r *Repository) Reply(author string, discussion int, body string) int64 {
	defer r.lock()()
	return r.mustDiscuss(discussion).reply(r, r.hub.user(author), body).id
}

// Answer marks a comment as the answer of a discussion.
func (r *Repository) Answer(actor string, discussion int, comment int64) {
	defer r.lock()()
	d, now := r.mustDiscuss(discussion), r.now()
	at := slices.IndexFunc(d.comments, func(c *reply) bool { return c.id == comment })
	d.answer, d.chosenAt, d.chosenBy, d.updatedAt = d.comments[at], &now, r.hub.user(actor), now
}

func (r *Repository) mustDiscuss(number int) *discussion {
	for _, d := range r.discussions {
		if d.number == number {
			return d
		}
	}
	panic(fmt.Sprintf("simulate: %s has no discussion #%d", r.FullName(), number))
}

func (d *discussion) reply(r *Repository, author *user, body string) *reply {
	made := &reply{id: r.hub.next(), author: author, body: body, at: r.now()}
	d.comments, d.updatedAt = append(d.comments, made), made.at
	return made
}

func (r *Repository) discussionNodes(args map[string]any) any {
	found := slices.Clone(r.discussions)
	order, _ := args["orderBy"].(map[string]any)
	slices.SortStableFunc(found, func(a, b *discussion) int {
		if text(order["field"]) == "CREATED_AT" {
			return a.at.Compare(b.at)
		}
		return a.updatedAt.Compare(b.updatedAt)
	})
	if text(order["direction"]) != "ASC" {
		slices.Reverse(found)
	}
	var nodes []*node
	for _, d := range found {
		answered, asked := args["answered"].(bool)
		if (!asked || answered == (d.answer != nil)) && (args["categoryId"] == nil || args["categoryId"] == categoryID(d.category)) {
			nodes = append(nodes, d.node(r))
		}
	}
	return connection("discussions", "Discussion", nodes)(args)
}

func (r *Repository) oneDiscussion(args map[string]any) any {
	for _, d := range r.discussions {
		if d.number == number(args["number"]) {
			return d.node(r)
		}
	}
	return unresolved("a Discussion with the number of %d.", number(args["number"]))
}

func (d *discussion) node(r *Repository) *node {
	web := fmt.Sprintf("%s/discussions/%d", r.web(), d.number)
	fields := map[string]field{
		"id": plain(nodeID("Discussion", d.id)), "databaseId": plain(d.id), "number": plain(d.number), "title": plain(d.title), "body": plain(d.body),
		"url": plain(web), "createdAt": plain(d.at), "updatedAt": plain(d.updatedAt), "author": plain(r.hub.actorNode(d.author)),
		"authorAssociation": plain(r.association(d.author)), "upvoteCount": plain(d.upvotes), "closed": plain(false), "locked": plain(d.locked),
		"labels":   connection("labels", "Label", r.labelNodes(d.labels)),
		"category": plain(categoryNode(d.category)), "comments": connection("comments", "DiscussionComment", replyNodes(r, d, web, d.comments)),
		"isAnswered": plain(nil), "answer": plain(nil), "answerChosenAt": plain(d.chosenAt), "answerChosenBy": plain(r.hub.actorNode(d.chosenBy)),
	}
	if answerable(d.category) {
		fields["isAnswered"] = plain(d.answer != nil)
	}
	if d.answer != nil {
		fields["answer"] = plain(d.answer.node(r, d, web))
	}
	return &node{kind: "Discussion", is: []string{"Node", "Comment"}, fields: fields}
}

func replyNodes(r *Repository, d *discussion, web string, all []*reply) []*node {
	var nodes []*node
	for _, one := range all {
		nodes = append(nodes, one.node(r, d, web))
	}
	return nodes
}

func (c *reply) node(r *Repository, d *discussion, web string) *node {
	return &node{kind: "DiscussionComment", is: []string{"Node", "Comment"}, fields: map[string]field{
		"id": plain(nodeID("DiscussionComment", c.id)), "databaseId": plain(c.id), "body": plain(c.body), "createdAt": plain(c.at),
		"updatedAt": plain(c.at), "author": plain(r.hub.actorNode(c.author)), "authorAssociation": plain(r.association(c.author)),
		"isAnswer": plain(d.answer == c), "upvoteCount": plain(0), "url": plain(fmt.Sprintf("%s#discussioncomment-%d", web, c.id)),
		"replies": connection("replies", "DiscussionComment", replyNodes(r, d, web, c.replies)),
	}}
}

// answerable tells the categories for questions: GitHub makes the first, and
// people name theirs as they like.
func answerable(category string) bool { return category == "Q&A" || category == "Help" }

func categoryID(name string) string { return nodeID("DiscussionCategory:"+name, 0) }

func categoryNode(name string) *node {
	slug := strings.ToLower(strings.NewReplacer("&", "-", " ", "-").Replace(name))
	return &node{kind: "DiscussionCategory", is: []string{"Node"}, fields: map[string]field{
		"id": plain(categoryID(name)), "name": plain(name), "slug": plain(slug), "isAnswerable": plain(answerable(name)),
	}}
}

func (r *Repository) categoryNodes() []*node {
	var nodes []*node
	for _, name := range []string{"Announcements", "General", "Help", "Ideas", "Polls", "Q&A", "Show and tell"} {
		nodes = append(nodes, categoryNode(name))
	}
	return nodes
}

// Pinned is the numbers of the pinned issues, in the order of pinning.
func (r *Repository) Pinned() []int {
	defer r.lock()()
	var numbers []int
	for _, i := range r.pinned {
		numbers = append(numbers, i.number)
	}
	return numbers
}

func (r *Repository) pinnedNodes() []*node {
	var nodes []*node
	for _, i := range r.pinned {
		nodes = append(nodes, &node{kind: "PinnedIssue", fields: map[string]field{"issue": plain(i.node()), "id": plain(nodeID("PinnedIssue", i.id))}})
	}
	return nodes
}

// mutation is what can be changed by GraphQL.
func (g *GitHub) mutation(c *call) *node {
	return &node{kind: "Mutation", fields: map[string]field{
		"pinIssue":                g.onIssue(c, "PinIssuePayload", (*issue).pin),
		"unpinIssue":              g.onIssue(c, "UnpinIssuePayload", (*issue).unpin),
		"addDiscussionComment":    func(args map[string]any) any { return g.addDiscussionComment(c, args) },
		"updateDiscussionComment": g.onReply("UpdateDiscussionCommentPayload", "commentId", (*discussion).rewrite),
		"deleteDiscussionComment": g.onReply("DeleteDiscussionCommentPayload", "id", (*discussion).forget),
		"addLabelsToLabelable":    g.addLabelsToLabelable,
	}}
}

func (g *GitHub) onIssue(c *call, kind string, do func(*issue, *user) *graphError) field {
	return func(args map[string]any) any {
		input, _ := args["input"].(map[string]any)
		for _, r := range g.repositories {
			for _, i := range r.issues {
				if nodeID("Issue", i.id) != text(input["issueId"]) {
					continue
				}
				if no := do(i, c.actor); no != nil {
					return *no
				}
				return &node{kind: kind, fields: map[string]field{"issue": plain(i.node()), "clientMutationId": plain(input["clientMutationId"])}}
			}
		}
		return unresolved("a node with the global id of '%s'", text(input["issueId"]))
	}
}

// maxPinned is how many issues GitHub lets a repository pin.
const maxPinned = 3

func (i *issue) pin(actor *user) *graphError {
	if slices.Contains(i.repo.pinned, i) {
		return nil
	}
	if len(i.repo.pinned) == maxPinned {
		no := refused("Maximum %d pinned issues per repository", maxPinned)
		return &no
	}
	i.repo.pinned = append(i.repo.pinned, i)
	i.happen(actor, "pinned")
	return nil
}

func (i *issue) unpin(actor *user) *graphError {
	at := slices.Index(i.repo.pinned, i)
	if at < 0 {
		return nil
	}
	i.repo.pinned = slices.Delete(i.repo.pinned, at, at+1)
	i.happen(actor, "unpinned")
	return nil
}

func (g *GitHub) addDiscussionComment(c *call, args map[string]any) any {
	input, _ := args["input"].(map[string]any)
	for _, r := range g.repositories {
		for _, d := range r.discussions {
			if nodeID("Discussion", d.id) == text(input["discussionId"]) {
				if d.locked {
					return graphError{Type: "FORBIDDEN", Message: "Unable to create comment because discussion is locked."}
				}
				made := d.reply(r, c.actor, text(input["body"]))
				web := fmt.Sprintf("%s/discussions/%d", r.web(), d.number)
				return &node{kind: "AddDiscussionCommentPayload", fields: map[string]field{"comment": plain(made.node(r, d, web))}}
			}
		}
	}
	return unresolved("a node with the global id of '%s'", text(input["discussionId"]))
}
