package fake

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// pull is what a pull request has beyond an issue.
type pull struct {
	id       int64
	draft    bool
	head     string // branch
	headSHA  string
	base     string
	baseSHA  string
	mergeSHA *string
	mergedAt *time.Time
	mergedBy *user
}

// OpenPull opens a pull request from a branch of that name; it changes nothing
// in the repository's files.
func (r *Repository) OpenPull(author, title, body, branch string) int {
	defer r.lock()()
	i := r.openIssue(r.hub.user(author), title, &body)
	head := r.git.refs["heads/"+defaultBranch]
	i.pull = &pull{id: r.hub.next(), head: branch, headSHA: head, base: defaultBranch, baseSHA: head}
	return i.number
}

// MergePull merges a pull request, and closes it.
func (r *Repository) MergePull(actor string, number int) {
	defer r.lock()()
	i := r.must(number)
	who := r.hub.user(actor)
	merged := i.happen(who, "merged")
	i.pull.mergedAt, i.pull.mergedBy, i.pull.mergeSHA = &merged.at, who, &i.pull.headSHA
	merged.commit(r, i.pull.headSHA)
	i.close(who, "completed")
	i.reason = nil
}

type pullOfIssue struct {
	URL      string     `json:"url"`
	HTMLURL  string     `json:"html_url"`
	DiffURL  string     `json:"diff_url"`
	PatchURL string     `json:"patch_url"`
	MergedAt *time.Time `json:"merged_at"`
}

func (p *pull) ofIssue(i *issue) *pullOfIssue {
	return &pullOfIssue{
		URL: i.pullAPI(), HTMLURL: i.web(), DiffURL: i.web() + ".diff", PatchURL: i.web() + ".patch", MergedAt: p.mergedAt,
	}
}

func (i *issue) pullAPI() string { return fmt.Sprintf("%s/pulls/%d", i.repo.api(), i.number) }

func (i *issue) pullShape() map[string]any {
	api, hub, p := i.pullAPI(), i.repo.hub, i.pull
	of := i.shape()
	link := func(href string) map[string]any { return map[string]any{"href": href} }
	return map[string]any{
		"url": api, "id": p.id, "node_id": nodeID("PullRequest", p.id), "html_url": i.web(), "diff_url": i.web() + ".diff",
		"patch_url": i.web() + ".patch", "issue_url": i.api(), "commits_url": api + "/commits", "review_comments_url": api + "/comments",
		"review_comment_url": i.repo.api() + "/pulls/comments{/number}", "comments_url": i.api() + "/comments",
		"statuses_url": i.repo.api() + "/statuses/" + p.headSHA, "number": i.number, "state": i.state, "locked": i.locked,
		"title": i.title, "user": hub.authorOf(i.author), "body": i.body, "labels": i.labelShapes(), "milestone": nil,
		"active_lock_reason": i.lockReason, "created_at": i.createdAt, "updated_at": i.updatedAt, "closed_at": i.closedAt,
		"merged_at": p.mergedAt, "merge_commit_sha": p.mergeSHA, "assignee": of.Assignee, "assignees": of.Assignees,
		"requested_reviewers": []any{}, "requested_teams": []any{}, "author_association": i.association, "auto_merge": nil,
		"draft": p.draft, "head": i.end(p.head, p.headSHA), "base": i.end(p.base, p.baseSHA),
		"_links": map[string]any{
			"self": link(api), "html": link(i.web()), "issue": link(i.api()), "comments": link(i.api() + "/comments"),
			"review_comments": link(api + "/comments"), "review_comment": link(i.repo.api() + "/pulls/comments{/number}"),
			"commits": link(api + "/commits"), "statuses": link(i.repo.api() + "/statuses/" + p.headSHA),
		},
	}
}

func (i *issue) end(branch, sha string) map[string]any {
	owner := i.repo.hub.shapeOf(i.repo.owner)
	return map[string]any{"label": i.repo.owner.login + ":" + branch, "ref": branch, "sha": sha, "user": owner, "repo": i.repo.shape()}
}

// alone is a pull request with what only its own page tells.
func (i *issue) alone() map[string]any {
	s := i.pullShape()
	for name, value := range map[string]any{
		"merged": i.pull.mergedAt != nil, "mergeable": nil, "mergeable_state": "unknown", "merged_by": i.repo.hub.shapeOf(i.pull.mergedBy),
		"comments": len(i.comments), "review_comments": 0, "maintainer_can_modify": false, "commits": 1, "additions": 1, "deletions": 0,
		"changed_files": 1,
	} {
		s[name] = value
	}
	return s
}

func (g *GitHub) routesOfPulls() {
	g.handle("GET /repos/{owner}/{repo}/pulls", "pull-requests: read", listPulls, with(paging, "state", "sort", "direction", "head")...)
	g.handle("POST /repos/{owner}/{repo}/pulls", "pull-requests: write", g.createPull)
}

func listPulls(c *call) answer {
	state := cmp.Or(c.get("state"), "open")
	var found []*issue
	for _, i := range c.repo.issues {
		if i.pull != nil && (state == "all" || state == i.state) && (c.get("head") == "" || c.get("head") == c.repo.owner.login+":"+i.pull.head) {
			found = append(found, i)
		}
	}
	direction := c.get("direction")
	if direction == "" && slices.Contains([]string{"updated"}, c.get("sort")) {
		direction = "asc"
	}
	sortIssues(found, c.get("sort"), direction)
	return page(c, found, (*issue).pullShape)
}

// NoPulls refuses pull requests of workflows, as the repository's setting does.
func (r *Repository) NoPulls() {
	defer r.lock()()
	r.noPulls = true
}

func (g *GitHub) createPull(c *call) answer {
	var in struct {
		Title string `json:"title"`
		Head  string `json:"head"`
		Base  string `json:"base"`
		Body  string `json:"body"`
	}
	if no, good := g.decode(c, &in); !good {
		return no
	}
	head, there := c.repo.git.refs["heads/"+in.Head]
	base := c.repo.git.refs["heads/"+in.Base]
	open := slices.ContainsFunc(c.repo.issues, func(i *issue) bool { return i.pull != nil && i.state == "open" && i.pull.head == in.Head })
	switch {
	case c.repo.noPulls:
		return refuse(http.StatusForbidden, "GitHub Actions is not permitted to create or approve pull requests.")
	case !there:
		return invalid(problem{Resource: "PullRequest", Field: "head", Code: "invalid"})
	case base == "":
		return invalid(problem{Resource: "PullRequest", Field: "base", Code: "invalid"})
	case head == base:
		return invalid(problem{"PullRequest", "", "custom", "No commits between " + in.Base + " and " + in.Head})
	case open:
		return invalid(problem{"PullRequest", "", "custom", "A pull request already exists for " + c.repo.owner.login + ":" + in.Head + "."})
	}
	i := c.repo.openIssue(c.actor, in.Title, &in.Body)
	i.pull = &pull{id: g.next(), head: in.Head, headSHA: head, base: in.Base, baseSHA: base}
	return created(i.alone())
}

// Pulls are the titles of the open pull requests, each with the branch behind it.
func (r *Repository) Pulls() []string {
	defer r.lock()()
	var all []string
	for _, i := range r.issues {
		if i.pull != nil && i.state == "open" {
			all = append(all, i.title+" ("+i.pull.head+")")
		}
	}
	return all
}
