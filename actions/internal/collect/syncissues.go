package collect

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// wishes are the reactions of those who want what an issue asks for.
var wishes = map[string]bool{"THUMBS_UP": true, "HEART": true, "HOORAY": true, "ROCKET": true}

func upvotes(groups []reactionGroup) int {
	n := 0
	for _, g := range groups {
		if wishes[g.Content] {
			n += g.Reactors.TotalCount
		}
	}
	return n
}

// issues reads issues and pull requests, if any of them has changed.
func (r *syncing) issues() error {
	if err := r.forgetPeople(); err != nil {
		return err
	}
	var last []struct {
		Number int `json:"number" answer:"id"`
	}
	probe := "/issues?state=all&sort=updated&direction=desc&per_page=30" // more than one, for what happens within a second
	etag, changed, err := r.Hub.Fetch(r.ctx, probe, r.State("github/issues/etag"), &last)
	if github.Status(err) == http.StatusGone {
		return errors.New("issues are switched off in this repository")
	}
	if err := r.unread(issueKind, err); err != nil {
		return github.Wrap(err, "issues: read", "look for what has changed")
	}
	whole := r.State("github/issues/since") != "" && r.State("github/pullRequests/since") != ""
	if !changed && whole {
		return nil
	}
	var both sync.WaitGroup
	errs := make([]error, 2)
	for i, k := range []kind{issueKind, pullKind} {
		both.Go(func() { errs[i] = r.list(k) })
	}
	both.Wait()
	err = errors.Join(errs...)
	if noGraphQL(err) {
		err = r.listings()
	}
	if err != nil || r.left() {
		return err
	}
	if r.isPart(issueKind) || r.isPart(pullKind) {
		etag = "" // what could not be read is asked for again, also where nothing changes
	}
	return r.keep(Page{State: map[string]string{"github/issues/etag": etag}})
}

// forgetPeople begins from the first issue again where people.team or
// people.ignore is another than when the issues were read: who responded first
// depends on it.
func (r *syncing) forgetPeople() error {
	now := strings.ToLower(strings.Join(r.People.Team, ",") + ";" + strings.Join(r.People.Ignore, ","))
	if before := r.State("github/people"); before == now || before == "" && now == ";" {
		return nil
	}
	state := map[string]string{"github/people": now, "github/issues/etag": ""}
	for _, k := range []kind{issueKind, pullKind} {
		for _, key := range []string{"since", "began", "cursor", "read"} {
			state["github/"+k.name+"/"+key] = ""
		}
	}
	return r.keep(Page{State: state})
}

func (r *syncing) left() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done.Left != ""
}

// list reads all of a kind, or what has changed since the last run. Each page is
// kept together with the place where the next begins, so that a run that ends
// in between is gone on with.
func (r *syncing) list(k kind) error {
	since, errSince := time.Parse(time.RFC3339, r.State("github/"+k.name+"/since"))
	first := errSince != nil
	began := r.State("github/" + k.name + "/began")
	cursor := ""
	if first {
		cursor = r.State("github/" + k.name + "/cursor")
	}
	if began == "" || !first {
		began = r.Now.Add(-overlap).UTC().Format(time.RFC3339)
	}
	seen := 0
	if cursor != "" {
		seen, _ = strconv.Atoi(r.State("github/" + k.name + "/read"))
	}
	var pages github.Cursor
	for size := 100; ; {
		page, err := r.page(k, first, since, cursor, &size)
		if err != nil {
			return r.stopped(err, k)
		}
		nodes := page.Repository.Page.Nodes
		if len(nodes) == 0 && seen == 0 && cursor == "" && first && page.Repository.Page.TotalCount > 0 {
			return fmt.Errorf("GitHub counts %d %s and shows none", page.Repository.Page.TotalCount, k.words)
		}
		more := page.Repository.Page.PageInfo.HasNextPage
		if !first && k.filter == "" {
			nodes, more = changedSince(nodes, since, more)
		}
		seen += len(nodes)
		if more {
			if err := pages.Next(page.Repository.Page.PageInfo.EndCursor); err != nil {
				return github.Wrap(err, "issues: read", "read the %s", k.words)
			}
		}
		next := map[string]string{"github/" + k.name + "/began": began, "github/" + k.name + "/cursor": page.Repository.Page.PageInfo.EndCursor, "github/" + k.name + "/read": strconv.Itoa(seen)}
		if !more {
			next = map[string]string{"github/" + k.name + "/since": r.sinceOf(k, since, began), "github/" + k.name + "/began": "", "github/" + k.name + "/cursor": "", "github/" + k.name + "/read": ""}
		}
		if !first && more {
			next = nil // what has changed is read from the beginning again
		}
		if err := r.take(k, nodes, next); err != nil {
			return r.stopped(err, k)
		}
		r.tell(k, len(nodes), page.Repository.Page.TotalCount, first)
		if !more {
			return nil
		}
		cursor = page.Repository.Page.PageInfo.EndCursor
		if page.RateLimit != nil && page.RateLimit.Remaining < reserve {
			r.stop(fmt.Sprintf("%d of %d %s are read, and what is left of the hour's limit is kept in reserve: it goes on in the next run", seen, page.Repository.Page.TotalCount, k.words))
			return nil
		}
	}
}

// again is how far back entries that could not be read are asked for in later
// runs; without an end, each run would read more.
const again = 7 * 24 * time.Hour

// sinceOf is where the next run begins: where this one began, or further back
// where an entry could not be read.
func (r *syncing) sinceOf(k kind, since time.Time, began string) string {
	if !r.isPart(k) {
		return began
	}
	if oldest := r.Now.Add(-again).UTC(); since.Before(oldest) {
		since = oldest
	}
	return since.UTC().Format(time.RFC3339)
}

// unread notes the entries of an answer that could not be read, and returns any
// other error.
func (r *syncing) unread(k kind, err error) error {
	var part *github.PartError
	if !errors.As(err, &part) {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.part[k.name] = true
	for _, lack := range part.Lacks {
		r.done.Unread = append(r.done.Unread, k.words+": "+lack.String())
	}
	return nil
}

// isPart reports whether entries of a kind could not be read.
func (r *syncing) isPart(k kind) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.part[k.name]
}

// changedSince leaves of a page, the newest change first, what has changed.
func changedSince(nodes []itemNode, since time.Time, more bool) ([]itemNode, bool) {
	for i, n := range nodes {
		if n.UpdatedAt.Before(since) {
			return nodes[:i], false
		}
	}
	return nodes, more
}

// page asks for one, and for smaller ones where a page is too much for GitHub.
func (r *syncing) page(k kind, first bool, since time.Time, cursor string, size *int) (itemPage, error) {
	for {
		var page itemPage
		variables := map[string]any{"owner": r.Hub.Owner, "name": r.Hub.Name, "size": *size, "after": nil}
		if cursor != "" {
			variables["after"] = cursor
		}
		if !first && k.filter != "" {
			variables["since"] = since.UTC().Format(time.RFC3339)
		}
		err := r.Hub.Query(r.ctx, r.query(k, first), variables, &page)
		if err == nil || !tooMuch(err) || *size <= 10 {
			return page, github.Wrap(r.unread(k, err), "issues: read", "read the %s", k.words)
		}
		*size /= 2
	}
}

// tooMuch tells an answer that a smaller question may get.
func tooMuch(err error) bool {
	var said *github.QueryError
	if errors.As(err, &said) {
		return said.Type == "RESOURCE_LIMITS_EXCEEDED" || strings.Contains(strings.ToLower(said.Said), "timeout") || strings.Contains(strings.ToLower(said.Said), "something went wrong")
	}
	return github.Status(err) >= 500
}

// stopped makes of a limit an end in good order.
func (r *syncing) stopped(err error, k kind) error {
	var limit *github.LimitError
	if !errors.As(err, &limit) {
		return err
	}
	r.stop(fmt.Sprintf("the %s are not all read: %v; it goes on in the next run", k.words, limit))
	return nil
}

func (r *syncing) stop(why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done.Left != "" {
		why = r.done.Left + "; " + why
	}
	r.done.Left = why
}

func (r *syncing) tell(k kind, n, total int, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k.one == "issue" {
		r.done.Issues += n
	} else {
		r.done.Pulls += n
	}
	r.read += n
	r.total[k.name] = total
	if !first {
		r.total[k.name] = 0
	}
	if r.Progress != nil {
		r.Progress(r.read, r.total[issueKind.name]+r.total[pullKind.name])
	}
}

// take makes rows of a page and keeps them with the state.
func (r *syncing) take(k kind, nodes []itemNode, state map[string]string) error {
	if err := r.rest(k, nodes); err != nil {
		return err
	}
	page := Page{State: state}
	for _, n := range nodes {
		page.Anew = append(page.Anew, n.Number)
		page.Rows = append(page.Rows, r.rowsOf(k, n)...)
	}
	if len(page.Rows) == 0 && state == nil {
		return nil
	}
	return r.keep(page)
}

// rowsOf are the facts of one issue or pull request.
func (r *syncing) rowsOf(k kind, n itemNode) []model.Row {
	row := model.IssueRow{Issue: model.Issue{
		Number: n.Number, Title: n.Title, Author: n.Author.name(), Association: n.AuthorAssociation, AuthorIsBot: n.Author.isBot(),
		PullRequest: k.one == "pullRequest", State: "open", CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt,
		Comments: n.Comments.TotalCount, Reactions: n.Reactions.TotalCount, Upvotes: upvotes(n.ReactionGroups),
	}}
	if r.Mask != nil {
		row.Title = r.Mask(n.Title)
	}
	if n.ClosedAt != nil {
		row.State, row.ClosedAt = "closed", *n.ClosedAt
	}
	if n.MergedAt != nil {
		row.MergedAt = *n.MergedAt
	}
	for _, l := range n.Labels.Nodes {
		row.Labels = append(row.Labels, l.Name)
	}
	if r.Mood != nil && !row.PullRequest {
		mood := r.Mood(n.Title + "\n\n" + n.Body)
		row.Sentiment = &mood
		if r.Request != nil {
			row.Request = r.Request(n.Title, n.Body)
		}
		if r.Versions != nil {
			row.Versions = r.Versions(n.Title, n.Body)
		}
		if r.Urgent != nil && row.State == "open" {
			asWritten := row.Issue
			asWritten.Title, asWritten.Body = n.Title, n.Body
			row.Urgent = r.Urgent(asWritten)
		}
	}
	rows := []model.Row{}
	for _, c := range n.Comments.Nodes {
		rows = append(rows, r.comment(n.Number, c))
		r.answers(&row, c)
	}
	for _, e := range n.TimelineItems.Nodes {
		if e.Label.Name != "" {
			rows = append(rows, model.LabelEvent{Issue: n.Number, Label: e.Label.Name, Actor: e.Actor.name(), IsBot: e.Actor.isBot(), Added: e.Kind == "LabeledEvent", At: e.CreatedAt})
		}
	}
	r.mu.Lock()
	r.done.Comments += len(n.Comments.Nodes)
	r.mu.Unlock()
	return append(rows, row)
}

func (r *syncing) comment(number int, c commentNode) model.Row {
	row := model.CommentRow{ID: c.DatabaseID, Issue: number, Author: c.Author.name(), IsBot: c.Author.isBot(), CreatedAt: c.CreatedAt, Association: c.AuthorAssociation}
	if r.Mood != nil {
		mood := r.Mood(c.Body)
		row.Sentiment = &mood
	}
	return row
}

// isBot reports whether an account counts as no person.
func (r *syncing) isBot(a *actor) bool { return a != nil && r.People.IsBot(a.name(), a.Kind) }

// answers notes a comment that is a response: by somebody else who is a person.
func (r *syncing) answers(row *model.IssueRow, c commentNode) {
	author := c.Author.name()
	if r.isBot(c.Author) || strings.EqualFold(author, row.Author) {
		return
	}
	if row.FirstResponseAt.IsZero() || c.CreatedAt.Before(row.FirstResponseAt) {
		row.FirstResponseAt = c.CreatedAt
	}
	if r.People.InTeam(author, c.AuthorAssociation) && (row.FirstByTeamAt.IsZero() || c.CreatedAt.Before(row.FirstByTeamAt)) {
		row.FirstByTeamAt = c.CreatedAt
	}
}
