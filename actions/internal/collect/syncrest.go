package collect

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/answer"
	"github.com/aftercare/aftercare/actions/internal/github"
)

// noGraphQL tells that the token may not ask GraphQL, or that the server has
// none.
func noGraphQL(err error) bool {
	var said *github.QueryError
	if errors.As(err, &said) {
		return said.Type == "FORBIDDEN" || said.Type == "INSUFFICIENT_SCOPES"
	}
	status := github.Status(err)
	return status == http.StatusForbidden || status == http.StatusNotFound
}

// listings reads issues and pull requests without GraphQL: all of them, by the
// repository's own listings of a hundred, because a first response is only
// known where all comments are.
func (r *syncing) listings() error {
	began := r.Now.Add(-overlap).UTC().Format(time.RFC3339)
	issues, err := github.Pages(func(page gh.ListOptions) ([]*gh.Issue, *gh.Response, error) {
		return r.Hub.Issues.ListByRepo(r.ctx, r.Hub.Owner, r.Hub.Name, &gh.IssueListByRepoOptions{State: "all", Sort: "created", Direction: "asc", ListOptions: page})
	})
	if err != nil {
		return github.Wrap(err, "issues: read", "list the issues")
	}
	sort, direction := "created", "asc"
	comments, err := github.Pages(func(page gh.ListOptions) ([]*gh.IssueComment, *gh.Response, error) {
		return r.Hub.Issues.ListComments(r.ctx, r.Hub.Owner, r.Hub.Name, 0, &gh.IssueListCommentsOptions{Sort: &sort, Direction: &direction, ListOptions: page})
	})
	if err != nil {
		return github.Wrap(err, "issues: read", "list the comments")
	}
	events, err := github.Pages(func(page gh.ListOptions) ([]*gh.IssueEvent, *gh.Response, error) {
		return r.Hub.Issues.ListRepositoryEvents(r.ctx, r.Hub.Owner, r.Hub.Name, &page)
	})
	if err != nil {
		return github.Wrap(err, "issues: read", "list what happened to the issues")
	}
	var lacks [3][]answer.Lack
	var errs [3]error
	issues, lacks[0], errs[0] = readable("issues", issues, func(i *gh.Issue) error { return wholeIssue(i, r.Now) })
	comments, lacks[1], errs[1] = readable("comments", comments, func(c *gh.IssueComment) error { return wholeComment(c, r.Now) })
	events, lacks[2], errs[2] = readable("events", events, func(e *gh.IssueEvent) error { return wholeEvent(e, r.Now) })
	if err := errors.Join(errs[:]...); err != nil {
		return github.Wrap(err, "issues: read", "list the issues, their comments and events")
	}
	if all := slices.Concat(lacks[:]...); len(all) > 0 {
		_ = r.unread(issueKind, &github.PartError{Lacks: all}) // nil: it notes the entries
	}
	return r.takeListed(nodesOf(issues, comments, events), began)
}

// takeListed keeps what the listings gave, and lets the next run begin where
// they began.
func (r *syncing) takeListed(nodes map[kind][]itemNode, began string) error {
	for _, k := range []kind{issueKind, pullKind} {
		since, _ := time.Parse(time.RFC3339, r.State("github/"+k.name+"/since"))
		state := map[string]string{"github/" + k.name + "/since": r.sinceOf(k, since, began), "github/" + k.name + "/began": "", "github/" + k.name + "/cursor": "", "github/" + k.name + "/read": ""}
		if err := r.take(k, nodes[k], state); err != nil {
			return err
		}
		r.tell(k, len(nodes[k]), len(nodes[k]), true)
	}
	return nil
}

// nodesOf brings together what the three listings say of each issue.
func nodesOf(issues []*gh.Issue, comments []*gh.IssueComment, events []*gh.IssueEvent) map[kind][]itemNode {
	said, happened := map[int][]commentNode{}, map[int][]labelNode{}
	for _, c := range comments {
		n := numberIn(c.GetIssueURL())
		said[n] = append(said[n], commentNode{DatabaseID: c.GetID(), CreatedAt: c.GetCreatedAt().Time, AuthorAssociation: c.GetAuthorAssociation(), Body: c.GetBody(), Author: actorOf(c.User)})
	}
	for _, e := range events {
		if what := map[string]string{"labeled": "LabeledEvent", "unlabeled": "UnlabeledEvent"}[e.GetEvent()]; what != "" {
			n := e.GetIssue().GetNumber()
			happened[n] = append(happened[n], labelNode{Kind: what, CreatedAt: e.GetCreatedAt().Time, Actor: actorOf(e.Actor), Label: labelName{e.GetLabel().GetName()}})
		}
	}
	all := map[kind][]itemNode{}
	seen := map[int]bool{}
	for _, i := range issues {
		if seen[i.GetNumber()] {
			continue // the pages moved while they were read
		}
		seen[i.GetNumber()] = true
		k := issueKind
		if i.IsPullRequest() {
			k = pullKind
		}
		all[k] = append(all[k], nodeOf(i, said[i.GetNumber()], happened[i.GetNumber()]))
	}
	return all
}

func nodeOf(i *gh.Issue, said []commentNode, happened []labelNode) itemNode {
	n := itemNode{
		Number: i.GetNumber(), Title: i.GetTitle(), Body: i.GetBody(), State: i.GetState(),
		CreatedAt: i.GetCreatedAt().Time, UpdatedAt: i.GetUpdatedAt().Time,
		AuthorAssociation: i.GetAuthorAssociation(), Author: actorOf(i.User),
	}
	if i.ClosedAt != nil {
		n.ClosedAt = &i.ClosedAt.Time
	}
	if merged := i.GetPullRequestLinks().GetMergedAt(); !merged.IsZero() {
		n.MergedAt = &merged.Time
	}
	for _, l := range i.Labels {
		n.Labels.Nodes = append(n.Labels.Nodes, labelName{l.GetName()})
	}
	n.Reactions.TotalCount = i.GetReactions().GetTotalCount()
	if !i.IsPullRequest() {
		n.ReactionGroups = groupsOf(i.GetReactions())
	}
	n.Comments = commentsPage{TotalCount: len(said), Nodes: said}
	n.TimelineItems.Nodes = happened
	return n
}

// groupsOf are reactions as GraphQL shows them: those that are wishes.
func groupsOf(r *gh.Reactions) []reactionGroup {
	var groups []reactionGroup
	for content, n := range map[string]int{"THUMBS_UP": r.GetPlusOne(), "HEART": r.GetHeart(), "HOORAY": r.GetHooray(), "ROCKET": r.GetRocket()} {
		groups = append(groups, reactionGroup{content, struct{ TotalCount int }{n}})
	}
	return groups
}

// actorOf is an account as GraphQL shows it: a bot's login without its [bot].
func actorOf(u *gh.User) *actor {
	if u == nil {
		return nil
	}
	return &actor{Login: strings.TrimSuffix(u.GetLogin(), "[bot]"), Kind: u.GetType()}
}

// numberIn is the number at the end of an issue's address; 0 where there is none.
func numberIn(address string) int {
	n, _ := strconv.Atoi(address[strings.LastIndexByte(address, '/')+1:])
	return n
}
