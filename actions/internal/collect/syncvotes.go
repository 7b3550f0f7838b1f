package collect

import (
	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/github"
)

// Vote is how many reactions an open feature request has now.
type Vote struct {
	Number, Reactions int
	Upvotes           int // of the reactions those that wish it
}

// requestLabel is the label of feature requests, and maxVotePages how many requests
// of 100 issues a run makes for their votes: the most discussed come first.
const (
	requestLabel = "enhancement"
	maxVotePages = 5
)

// votes reads the reactions of open feature requests, since a reaction does not
// change the time at which an issue was updated.
func (r *syncing) votes() error {
	if !r.Votes {
		return nil
	}
	var all []Vote
	for page := 1; page != 0 && page <= maxVotePages; {
		issues, said, err := r.Hub.Issues.ListByRepo(r.ctx, r.Hub.Owner, r.Hub.Name, &gh.IssueListByRepoOptions{
			State: "open", Labels: []string{requestLabel}, Sort: "comments", Direction: "desc", ListOptions: gh.ListOptions{Page: page, PerPage: 100},
		})
		if status := github.Status(err); status == 404 || status == 410 {
			return nil // without issues there are no votes; reading the issues says so
		}
		if err != nil {
			return github.Wrap(err, "issues: read", "read the votes of open feature requests")
		}
		for _, i := range issues {
			if i != nil && i.GetNumber() > 0 && !i.IsPullRequest() && i.Reactions != nil {
				all = append(all, Vote{i.GetNumber(), i.GetReactions().GetTotalCount(), upvotes(groupsOf(i.GetReactions()))})
			}
		}
		if said.NextPage <= page {
			break
		}
		page = said.NextPage
	}
	if len(all) == 0 {
		return nil
	}
	return r.keep(Page{Votes: all})
}
