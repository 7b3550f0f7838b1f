package fake

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// query is what can be asked.
func (g *GitHub) query(c *call) *node {
	return &node{kind: "Query", fields: map[string]field{
		"viewer":    plain(g.actorNode(c.actor)),
		"rateLimit": plain(g.rateNode(c)),
		"repository": func(args map[string]any) any {
			name := text(args["owner"]) + "/" + text(args["name"])
			r := g.repositories[strings.ToLower(name)]
			if r == nil {
				return unresolved("a Repository with the name '%s'.", name)
			}
			return g.within(c, r.node())
		},
	}}
}

// within takes from a repository what the token may not read of it.
func (g *GitHub) within(c *call, repository *node) *node {
	if !g.permits[bearer(c.Request)].allows("discussions: read") {
		for _, name := range []string{"discussions", "discussion", "discussionCategories"} {
			repository.fields[name] = plain(graphError{Type: "FORBIDDEN", Message: "Resource not accessible by integration", Never: name != "discussion"})
		}
	}
	return repository
}

func (g *GitHub) rateNode(c *call) *node {
	b := g.purse(bearer(c.Request), c)
	return &node{kind: "RateLimit", fields: map[string]field{
		"limit": plain(b.limit), "cost": plain(1), "remaining": plain(max(b.limit-b.used-1, 0)), "used": plain(b.used + 1),
		"resetAt": plain(b.reset), "nodeCount": plain(0),
	}}
}

// actorNode is an account. GraphQL leaves the [bot] off a bot's login.
func (g *GitHub) actorNode(u *user) *node {
	if u == nil || u.deleted {
		return nil
	}
	return &node{kind: u.kind, is: []string{"Actor", "Node"}, fields: map[string]field{
		"login": plain(strings.TrimSuffix(u.login, "[bot]")), "id": plain(nodeID(u.kind, u.id)), "databaseId": plain(u.id),
		"url": plain(g.shapeOf(u).HTMLURL), "resourcePath": plain("/" + u.login),
	}}
}

func (r *Repository) node() *node {
	c := r.counts()
	return &node{kind: "Repository", is: []string{"Node"}, fields: map[string]field{
		"id": plain(nodeID("Repository", r.id)), "databaseId": plain(r.id), "name": plain(r.name), "nameWithOwner": plain(r.FullName()),
		"url": plain(r.web()), "stargazerCount": plain(c.Stars), "forkCount": plain(c.Forks), "createdAt": plain(r.createdAt),
		"pushedAt": plain(r.pushedAt), "isArchived": plain(false), "hasDiscussionsEnabled": plain(true), "hasIssuesEnabled": plain(true),
		"watchers": plain(&node{kind: "UserConnection", fields: map[string]field{"totalCount": plain(c.Watchers)}}),
		"issues":   r.issueNodes("issues", false), "pullRequests": r.issueNodes("pullRequests", true),
		"issue":                r.oneIssue("Issue", func(i *issue) bool { return i.pull == nil }),
		"pullRequest":          r.oneIssue("PullRequest", func(i *issue) bool { return i.pull != nil }),
		"issueOrPullRequest":   r.oneIssue("issue or pull request", func(*issue) bool { return true }),
		"discussions":          r.discussionNodes,
		"discussion":           r.oneDiscussion,
		"discussionCategories": connection("discussionCategories", "DiscussionCategory", r.categoryNodes()),
		"pinnedIssues":         connection("pinnedIssues", "PinnedIssue", r.pinnedNodes()),
		"labels":               connection("labels", "Label", r.labelNodes(r.labels)),
		"label":                r.oneLabel,
	}}
}

// issueNodes lists issues or pull requests: by creation, the oldest first,
// unless orderBy says otherwise.
func (r *Repository) issueNodes(name string, pulls bool) field {
	return func(args map[string]any) any {
		filter, _ := args["filterBy"].(map[string]any)
		states, labels := texts(args["states"]), texts(args["labels"])
		if filter["states"] != nil {
			states = texts(filter["states"])
		}
		labels = append(labels, texts(filter["labels"])...)
		since, _ := time.Parse(time.RFC3339, text(filter["since"]))
		var found []*issue
		for _, i := range r.issues {
			if (i.pull != nil) == pulls && i.inStates(states) && (len(labels) == 0 || slices.ContainsFunc(labels, i.has)) && !i.updatedAt.Before(since) {
				found = append(found, i)
			}
		}
		order, _ := args["orderBy"].(map[string]any)
		by := map[string]string{"UPDATED_AT": "updated", "COMMENTS": "comments"}[text(order["field"])]
		direction := "asc"
		if text(order["direction"]) == "DESC" {
			direction = "desc"
		}
		sortIssues(found, by, direction)
		kind := map[bool]string{false: "Issue", true: "PullRequest"}[pulls]
		nodes := make([]*node, len(found))
		for at, until := shown(args, len(found)); at < until; at++ {
			nodes[at] = found[at].node()
		}
		return connection(name, kind, nodes)(args)
	}
}

func (i *issue) inStates(states []string) bool {
	return len(states) == 0 || slices.Contains(states, i.graphState())
}

func (i *issue) graphState() string {
	if i.pull != nil && i.pull.mergedAt != nil {
		return "MERGED"
	}
	return strings.ToUpper(i.state)
}

func (r *Repository) oneIssue(kind string, right func(*issue) bool) field {
	return func(args map[string]any) any {
		n := number(args["number"])
		if i := r.byNumber[n]; i != nil && right(i) {
			return i.node()
		}
		return unresolved("an %s with the number of %d.", kind, n)
	}
}

// node is the issue; what is long to make is made when it is asked for.
func (i *issue) node() *node {
	hub, kind := i.repo.hub, "Issue"
	if i.pull != nil {
		kind = "PullRequest"
	}
	fields := map[string]field{
		"id": plain(nodeID(kind, i.id)), "databaseId": plain(i.id), "fullDatabaseId": plain(fmt.Sprint(i.id)), "number": plain(i.number),
		"title": plain(i.title), "body": plain(deref(i.body)), "state": plain(i.graphState()), "stateReason": plain(upper(i.reason)),
		"url": plain(i.web()), "createdAt": plain(i.createdAt), "updatedAt": plain(i.updatedAt), "closedAt": plain(i.closedAt),
		"closed": plain(i.state == "closed"), "locked": plain(i.locked), "authorAssociation": plain(i.association),
		"isPinned": plain(slices.Contains(i.repo.pinned, i)),
		"author":   func(map[string]any) any { return hub.actorNode(i.author) },
		"labels": func(args map[string]any) any {
			return connection("labels", "Label", i.repo.labelNodes(i.labels))(args)
		},
		"comments": func(args map[string]any) any {
			return connection("comments", "IssueComment", i.commentNodes())(args)
		},
		"timelineItems": i.timelineNodes, "userContentEdits": i.editNodes,
		"reactions":      plain(&node{kind: "ReactionConnection", fields: map[string]field{"totalCount": plain(reactionsOf("", i.reactions).TotalCount)}}),
		"reactionGroups": plain(groupNodes(i.reactions)),
	}
	if i.pull != nil {
		fields["mergedAt"], fields["merged"], fields["isDraft"] = plain(i.pull.mergedAt), plain(i.pull.mergedAt != nil), plain(i.pull.draft)
	}
	return &node{kind: kind, is: []string{"Node", "Comment", "Labelable", "Closable"}, fields: fields}
}

// groupNodes are how many reacted in each of the ways; GitHub lists those too in
// which nobody did.
func groupNodes(reactions map[string]int) []*node {
	var all []*node
	for _, group := range [][2]string{{"THUMBS_UP", "+1"}, {"THUMBS_DOWN", "-1"}, {"LAUGH", "laugh"}, {"HOORAY", "hooray"}, {"CONFUSED", "confused"}, {"HEART", "heart"}, {"ROCKET", "rocket"}, {"EYES", "eyes"}} {
		all = append(all, &node{kind: "ReactionGroup", fields: map[string]field{
			"content": plain(group[0]), "reactors": plain(&node{kind: "ReactorConnection", fields: map[string]field{"totalCount": plain(reactions[group[1]])}}),
		}})
	}
	return all
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func upper(s *string) any {
	if s == nil {
		return nil
	}
	return strings.ToUpper(*s)
}

func (i *issue) commentNodes() []*node {
	var all []*node
	for _, c := range i.comments {
		all = append(all, c.node())
	}
	return all
}

func (c *comment) node() *node {
	hub := c.issue.repo.hub
	return &node{kind: "IssueComment", is: []string{"Node", "Comment"}, fields: map[string]field{
		"id": plain(nodeID("IssueComment", c.id)), "databaseId": plain(c.id), "fullDatabaseId": plain(fmt.Sprint(c.id)), "body": plain(c.body),
		"createdAt": plain(c.createdAt), "updatedAt": plain(c.updatedAt), "authorAssociation": plain(c.association),
		"url": plain(fmt.Sprintf("%s#issuecomment-%d", c.issue.web(), c.id)), "isMinimized": plain(false),
		"author": func(map[string]any) any { return hub.actorNode(c.author) },
	}}
}

func (r *Repository) labelNodes(labels []*label) []*node {
	var all []*node
	for _, l := range labels {
		all = append(all, &node{kind: "Label", is: []string{"Node"}, fields: map[string]field{
			"id": plain(nodeID("Label", l.id)), "name": plain(l.name), "color": plain(l.color), "description": plain(l.description),
			"url": plain(r.web() + "/labels/" + inPath(l.name)),
		}})
	}
	return all
}

// graphKinds are the timeline's entries that GraphQL tells here.
var graphKinds = map[string]struct{ item, kind string }{
	"labeled": {"LABELED_EVENT", "LabeledEvent"}, "unlabeled": {"UNLABELED_EVENT", "UnlabeledEvent"},
	"closed": {"CLOSED_EVENT", "ClosedEvent"}, "reopened": {"REOPENED_EVENT", "ReopenedEvent"},
	"renamed": {"RENAMED_TITLE_EVENT", "RenamedTitleEvent"}, "commented": {"ISSUE_COMMENT", "IssueComment"},
}

func (i *issue) timelineNodes(args map[string]any) any {
	wanted := texts(args["itemTypes"])
	since, _ := time.Parse(time.RFC3339, text(args["since"]))
	var all []*node
	for _, e := range i.entries {
		known, found := graphKinds[e.kind]
		if !found || e.at.Before(since) || len(wanted) > 0 && !slices.Contains(wanted, known.item) {
			continue
		}
		all = append(all, e.node(known.kind))
	}
	kind := "IssueTimelineItems"
	if i.pull != nil {
		kind = "PullRequestTimelineItems"
	}
	return connection("timelineItems", kind, all)(args)
}

func (e *entry) node(kind string) *node {
	if e.comment != nil {
		return e.comment.node()
	}
	hub := e.issue.repo.hub
	fields := map[string]field{
		"id": plain(nodeID(kind, e.id)), "createdAt": plain(e.at), "actor": func(map[string]any) any { return hub.actorNode(e.actor) },
	}
	if e.Label != nil {
		fields["label"] = plain(&node{kind: "Label", fields: map[string]field{"name": plain(e.Label.Name), "color": plain(e.Label.Color)}})
	}
	if e.Rename != nil {
		fields["previousTitle"], fields["currentTitle"] = plain(e.Rename.From), plain(e.Rename.To)
	}
	if kind == "ClosedEvent" {
		fields["stateReason"] = plain(upper(e.StateReason))
	}
	return &node{kind: kind, is: []string{"Node"}, fields: fields}
}
