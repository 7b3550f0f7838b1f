package fake

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

const issuesRead, issuesWrite = "issues: read|pull-requests: read", "issues: write|pull-requests: write"

func (g *GitHub) routesOfIssues() {
	g.handle("GET /repos/{owner}/{repo}/issues", issuesRead, listIssues,
		with(paging, "state", "labels", "sort", "direction", "since", "creator", "assignee")...)
	g.handle("POST /repos/{owner}/{repo}/issues", issuesWrite, g.createIssue)
	g.handle("GET /repos/{owner}/{repo}/issues/{issue_number}", issuesRead, func(c *call) answer {
		i, gone := c.issue()
		if i == nil {
			return gone
		}
		return lastModified(ok(i.shape()), i.updatedAt)
	})
	g.handle("PATCH /repos/{owner}/{repo}/issues/{issue_number}", issuesWrite, g.patchIssue)
}

// wrong refuses a parameter with a value that GitHub does not know.
func wrong(c *call, name string, values ...string) (answer, bool) {
	if got := c.get(name); got != "" && !slices.Contains(values, got) {
		return invalid(problem{"Search", name, "invalid", ""}), true
	}
	return answer{}, false
}

// since reads the parameter; a time that is none is refused.
func (c *call) since() (time.Time, answer, bool) {
	text := c.get("since")
	if text == "" {
		return time.Time{}, answer{}, true
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, invalid(problem{"Issue", "since", "invalid", ""}), false
	}
	return at, answer{}, true
}

func listIssues(c *call) answer {
	for name, values := range map[string][]string{
		"state": {"open", "closed", "all"}, "sort": {"created", "updated", "comments"}, "direction": {"asc", "desc"},
	} {
		if no, bad := wrong(c, name, values...); bad {
			return no
		}
	}
	since, no, good := c.since()
	if !good {
		return no
	}
	var found []*issue
	for _, i := range c.repo.issues {
		if i.wanted(c) && !i.updatedAt.Before(since) {
			found = append(found, i)
		}
	}
	sortIssues(found, c.get("sort"), c.get("direction"))
	return page(c, found, (*issue).shape)
}

func (i *issue) wanted(c *call) bool {
	if state := cmp.Or(c.get("state"), "open"); state != "all" && state != i.state {
		return false
	}
	if login := c.get("creator"); login != "" && (i.author == nil || !strings.EqualFold(i.author.login, login)) {
		return false
	}
	if names := c.get("labels"); names != "" {
		for _, name := range strings.Split(names, ",") {
			if !i.has(name) {
				return false
			}
		}
	}
	switch login := c.get("assignee"); login {
	case "", "*":
		return login == "" || len(i.assignees) > 0
	case "none":
		return len(i.assignees) == 0
	default:
		return slices.ContainsFunc(i.assignees, func(u *user) bool { return strings.EqualFold(u.login, login) })
	}
}

// sortIssues sorts by creation, newest first, where nothing else is asked for;
// ties go by number.
func sortIssues(found []*issue, by, direction string) {
	slices.SortStableFunc(found, func(a, b *issue) int {
		order := a.createdAt.Compare(b.createdAt)
		switch by {
		case "updated":
			order = a.updatedAt.Compare(b.updatedAt)
		case "comments":
			order = cmp.Compare(len(a.comments), len(b.comments))
		}
		order = cmp.Or(order, cmp.Compare(a.number, b.number))
		if direction == "asc" {
			return order
		}
		return -order
	})
}

// issueInput is what a client may send to create or change an issue.
type issueInput struct {
	Title       *string   `json:"title"`
	Body        *string   `json:"body"`
	Labels      *[]string `json:"labels"`
	Assignee    *string   `json:"assignee"`
	Assignees   *[]string `json:"assignees"`
	State       *string   `json:"state"`
	StateReason *string   `json:"state_reason"`
}

func (g *GitHub) createIssue(c *call) answer {
	var in issueInput
	if no, good := g.decode(c, &in); !good {
		return no
	}
	if in.Title == nil {
		return invalid(problem{Resource: "Issue", Field: "title", Code: "missing_field"})
	}
	if no, bad := in.refused(); bad {
		return no
	}
	i := c.repo.openIssue(c.actor, *in.Title, in.Body)
	i.apply(c.actor, in)
	i.updatedAt = i.createdAt
	return created(i.shape()).with("Location", i.api())
}

func (g *GitHub) patchIssue(c *call) answer {
	i, gone := c.issue()
	if i == nil {
		return gone
	}
	var in issueInput
	if no, good := g.decode(c, &in); !good {
		return no
	}
	if no, bad := in.refused(); bad {
		return no
	}
	if in.Title != nil {
		i.rename(c.actor, *in.Title)
	}
	if in.Body != nil && (i.body == nil || *i.body != *in.Body) {
		i.rewrite(c.actor, in.Body)
	}
	i.apply(c.actor, in)
	return ok(i.shape())
}

func (in issueInput) refused() (answer, bool) {
	if no, bad := tooLong("Issue", in.Title, in.Body); bad {
		return no, true
	}
	if in.State != nil && *in.State != "open" && *in.State != "closed" {
		return invalid(problem{Resource: "Issue", Field: "state", Code: "invalid"}), true
	}
	if in.Labels != nil {
		for _, name := range *in.Labels {
			if p := wrongLabel(name); p != nil {
				return invalid(*p), true
			}
		}
	}
	return answer{}, false
}

// apply sets what both creating and changing may set.
func (i *issue) apply(actor *user, in issueInput) {
	if in.Labels != nil {
		i.setLabels(actor, *in.Labels)
	}
	if in.Assignee != nil && in.Assignees == nil {
		in.Assignees = &[]string{*in.Assignee}
	}
	if in.Assignees != nil {
		i.assign(actor, *in.Assignees)
	}
	if in.State == nil {
		return
	}
	if *in.State == "open" {
		i.reopen(actor)
		return
	}
	reason := "completed"
	if in.StateReason != nil {
		reason = *in.StateReason
	}
	i.close(actor, reason)
}

func (i *issue) assign(actor *user, logins []string) {
	i.assignees = nil
	for _, login := range logins {
		u := i.repo.hub.user(login)
		i.assignees = append(i.assignees, u)
		i.happen(actor, "assigned").Assignee = i.repo.hub.shapeOf(u)
	}
}
