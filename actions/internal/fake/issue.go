package fake

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// issue is an issue or, with pull, a pull request.
type issue struct {
	repo        *Repository
	id          int64
	number      int
	title       string
	body        *string
	author      *user
	association string
	state       string // open, closed
	reason      *string
	labels      []*label
	assignees   []*user
	locked      bool
	lockReason  *string
	createdAt   time.Time
	updatedAt   time.Time
	closedAt    *time.Time
	closedBy    *user
	comments    []*comment
	entries     []*entry // what happened, in the order of time
	reactions   map[string]int
	pull        *pull
	edits       []edit
}

// OpenIssue opens an issue and tells its number.
func (r *Repository) OpenIssue(author, title, body string, labels ...string) int {
	defer r.lock()()
	i := r.openIssue(r.hub.user(author), title, &body)
	for _, name := range labels {
		i.addLabel(i.author, name)
	}
	return i.number
}

// nextNumber is the number of what comes next: issues, pull requests and
// discussions are counted together.
func (r *Repository) nextNumber() int {
	number := 1
	if n := len(r.issues); n > 0 {
		number = r.issues[n-1].number + 1
	}
	if n := len(r.discussions); n > 0 {
		number = max(number, r.discussions[n-1].number+1)
	}
	return number
}

func (r *Repository) openIssue(author *user, title string, body *string) *issue {
	number, now := r.nextNumber(), r.now()
	i := &issue{
		repo: r, id: r.hub.next(), number: number, title: title, body: body, author: author,
		association: r.association(author), state: "open", createdAt: now, updatedAt: now,
	}
	r.keep(i)
	i.refer(author, body)
	return i
}

// keep files an issue under its number.
func (r *Repository) keep(i *issue) {
	at, _ := slices.BinarySearchFunc(r.issues, i.number, func(x *issue, n int) int { return x.number - n })
	r.issues = slices.Insert(r.issues, at, i)
	r.byNumber[i.number] = i
}

// must is the issue with this number; a number that is none is a mistake in the
// test.
func (r *Repository) must(number int) *issue {
	if i := r.byNumber[number]; i != nil {
		return i
	}
	panic(fmt.Sprintf("simulate: %s has no issue #%d", r.FullName(), number))
}

// EditIssue gives an issue another title and body.
func (r *Repository) EditIssue(actor string, number int, title, body string) {
	defer r.lock()()
	i := r.must(number)
	i.rename(r.hub.user(actor), title)
	i.rewrite(r.hub.user(actor), &body)
}

// CloseIssue closes an issue as completed.
func (r *Repository) CloseIssue(actor string, number int) {
	defer r.lock()()
	r.must(number).close(r.hub.user(actor), "completed")
}

// AssignIssue sets who has taken an issue on.
func (r *Repository) AssignIssue(actor string, number int, logins ...string) {
	defer r.lock()()
	i := r.must(number)
	i.assign(r.hub.user(actor), logins)
}

// ReopenIssue opens a closed issue again.
func (r *Repository) ReopenIssue(actor string, number int) {
	defer r.lock()()
	r.must(number).reopen(r.hub.user(actor))
}

// LockIssue locks the conversation of an issue.
func (r *Repository) LockIssue(actor string, number int) {
	defer r.lock()()
	i := r.must(number)
	i.locked = true
	i.happen(r.hub.user(actor), "locked")
}

// UnlockIssue opens the conversation of an issue again.
func (r *Repository) UnlockIssue(actor string, number int) {
	defer r.lock()()
	i := r.must(number)
	i.locked = false
	i.happen(r.hub.user(actor), "unlocked")
}

// DeleteIssue deletes an issue, as an administrator may.
func (r *Repository) DeleteIssue(number int) {
	defer r.lock()()
	i := r.must(number)
	r.issues = slices.DeleteFunc(r.issues, func(x *issue) bool { return x == i })
	delete(r.byNumber, number)
	r.deleted = append(r.deleted, number)
}

// React adds n reactions of a kind (+1, -1, laugh, confused, heart, hooray,
// rocket, eyes) to an issue; it does not count as an update, as on GitHub.
func (r *Repository) React(number int, kind string, n int) {
	defer r.lock()()
	i := r.must(number)
	if i.reactions == nil {
		i.reactions = map[string]int{}
	}
	i.reactions[kind] += n
}

func (i *issue) rename(actor *user, title string) {
	if title == i.title {
		return
	}
	e := i.happen(actor, "renamed")
	e.Rename = &renameShape{From: i.title, To: title}
	i.title = title
}

func (i *issue) rewrite(actor *user, body *string) {
	i.revise(actor, body)
	i.body = body
	i.updatedAt = i.repo.now()
	i.refer(actor, body)
}

func (i *issue) close(actor *user, reason string) *entry {
	if i.state == "closed" {
		return nil
	}
	e := i.happen(actor, "closed")
	i.state, i.closedAt, i.closedBy, i.reason = "closed", &e.at, actor, &reason
	e.StateReason = &reason
	return e
}

func (i *issue) reopen(actor *user) {
	if i.state == "open" {
		return
	}
	reason := "reopened"
	i.state, i.closedAt, i.closedBy, i.reason = "open", nil, nil, &reason
	i.happen(actor, "reopened")
}

// happen writes down that something happened to the issue, and brings it up to
// date.
func (i *issue) happen(actor *user, kind string) *entry {
	e := &entry{issue: i, id: i.repo.hub.next(), kind: kind, actor: actor, at: i.repo.now()}
	i.entries = append(i.entries, e)
	i.updatedAt = e.at
	return e
}

type issueShape struct {
	URL                   string       `json:"url"`
	RepositoryURL         string       `json:"repository_url"`
	LabelsURL             string       `json:"labels_url"`
	CommentsURL           string       `json:"comments_url"`
	EventsURL             string       `json:"events_url"`
	HTMLURL               string       `json:"html_url"`
	ID                    int64        `json:"id"`
	NodeID                string       `json:"node_id"`
	Number                int          `json:"number"`
	Title                 string       `json:"title"`
	User                  *userShape   `json:"user"`
	Labels                []labelShape `json:"labels"`
	State                 string       `json:"state"`
	Locked                bool         `json:"locked"`
	Assignee              *userShape   `json:"assignee"`
	Assignees             []*userShape `json:"assignees"`
	Milestone             *string      `json:"milestone"`
	Comments              int          `json:"comments"`
	CreatedAt             time.Time    `json:"created_at"`
	UpdatedAt             time.Time    `json:"updated_at"`
	ClosedAt              *time.Time   `json:"closed_at"`
	AuthorAssociation     string       `json:"author_association"`
	ActiveLockReason      *string      `json:"active_lock_reason"`
	Draft                 *bool        `json:"draft,omitempty"`
	PullRequest           *pullOfIssue `json:"pull_request,omitempty"`
	Body                  *string      `json:"body"`
	ClosedBy              *userShape   `json:"closed_by"`
	Reactions             reactions    `json:"reactions"`
	TimelineURL           string       `json:"timeline_url"`
	PerformedViaGitHubApp *string      `json:"performed_via_github_app"`
	StateReason           *string      `json:"state_reason"`
}

func (i *issue) api() string { return fmt.Sprintf("%s/issues/%d", i.repo.api(), i.number) }

func (i *issue) web() string {
	if i.pull != nil {
		return fmt.Sprintf("%s/pull/%d", i.repo.web(), i.number)
	}
	return fmt.Sprintf("%s/issues/%d", i.repo.web(), i.number)
}

func (i *issue) shape() issueShape {
	hub, api := i.repo.hub, i.api()
	s := issueShape{
		URL: api, RepositoryURL: i.repo.api(), LabelsURL: api + "/labels{/name}", CommentsURL: api + "/comments",
		EventsURL: api + "/events", TimelineURL: api + "/timeline", HTMLURL: i.web(),
		ID: i.id, NodeID: nodeID("Issue", i.id), Number: i.number, Title: i.title, User: hub.authorOf(i.author),
		Labels: i.labelShapes(), State: i.state, Locked: i.locked, Assignees: []*userShape{}, Comments: len(i.comments),
		CreatedAt: i.createdAt, UpdatedAt: i.updatedAt, ClosedAt: i.closedAt, AuthorAssociation: i.association,
		ActiveLockReason: i.lockReason, Body: i.body, ClosedBy: hub.shapeOf(i.closedBy),
		Reactions: reactionsOf(api, i.reactions), StateReason: i.reason,
	}
	for _, u := range i.assignees {
		s.Assignees = append(s.Assignees, hub.shapeOf(u))
	}
	if len(s.Assignees) > 0 {
		s.Assignee = s.Assignees[0]
	}
	if i.pull != nil {
		s.PullRequest, s.Draft = i.pull.ofIssue(i), &i.pull.draft
	}
	return s
}

type reactions struct {
	URL        string `json:"url"`
	TotalCount int    `json:"total_count"`
	Up         int    `json:"+1"`
	Down       int    `json:"-1"`
	Laugh      int    `json:"laugh"`
	Hooray     int    `json:"hooray"`
	Confused   int    `json:"confused"`
	Heart      int    `json:"heart"`
	Rocket     int    `json:"rocket"`
	Eyes       int    `json:"eyes"`
}

func reactionsOf(api string, n map[string]int) reactions {
	total := 0
	for _, count := range n {
		total += count
	}
	return reactions{api + "/reactions", total, n["+1"], n["-1"], n["laugh"], n["hooray"], n["confused"], n["heart"], n["rocket"], n["eyes"]}
}

// Issue is an issue as it stands, for tests that look at the world itself.
type Issue struct {
	Number        int
	Title, Body   string
	Author, State string
	Labels        []string
	Comments      []Comment
	PullRequest   bool
	CreatedAt     time.Time
	UpdatedAt     time.Time
	ClosedAt      time.Time // zero while open
}

// Issue looks at one issue. A number that is none panics.
func (r *Repository) Issue(number int) Issue {
	defer r.lock()()
	return r.must(number).look()
}

// Issues is all issues and pull requests, by number.
func (r *Repository) Issues() []Issue {
	defer r.lock()()
	all := make([]Issue, len(r.issues))
	for at, i := range r.issues {
		all[at] = i.look()
	}
	return all
}

func (i *issue) look() Issue {
	got := Issue{
		Number: i.number, Title: i.title, State: i.state, PullRequest: i.pull != nil, CreatedAt: i.createdAt, UpdatedAt: i.updatedAt,
	}
	if i.body != nil {
		got.Body = *i.body
	}
	if i.author != nil && !i.author.deleted {
		got.Author = i.author.login
	}
	if i.closedAt != nil {
		got.ClosedAt = *i.closedAt
	}
	for _, l := range i.labels {
		got.Labels = append(got.Labels, l.name)
	}
	for _, c := range i.comments {
		got.Comments = append(got.Comments, c.look())
	}
	return got
}

// tooLong refuses what GitHub refuses: an empty or long title, a long body.
func tooLong(resource string, title, body *string) (answer, bool) {
	switch {
	case title != nil && strings.TrimSpace(*title) == "":
		return invalid(problem{Resource: resource, Field: "title", Code: "missing_field"}), true
	case title != nil && len([]rune(*title)) > 256:
		return invalid(problem{resource, "title", "custom", "title is too long (maximum is 256 characters)"}), true
	case body != nil && len([]rune(*body)) > 65536:
		return invalid(problem{resource, "body", "custom", "body is too long (maximum is 65536 characters)"}), true
	}
	return answer{}, false
}

func (c *call) issue() (*issue, answer) {
	var number int
	if _, err := fmt.Sscanf(c.vars["issue_number"], "%d", &number); err == nil {
		if i := c.repo.byNumber[number]; i != nil {
			return i, answer{}
		}
		if slices.Contains(c.repo.deleted, number) {
			return nil, refuse(http.StatusGone, "This issue was deleted")
		}
	}
	return nil, refuse(http.StatusNotFound, "Not Found")
}
