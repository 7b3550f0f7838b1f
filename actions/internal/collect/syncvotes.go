package collect

import (
	"maps"
	"slices"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// maxVotePages is how many requests of 100 issues a run makes for their votes, of all
// labels together: the most discussed come first.
const maxVotePages = 5

// votes reads the reactions of open feature requests, since a reaction does not
// change the time at which an issue was updated.
func (r *syncing) votes() error {
	all, asked := map[int]model.Votes{}, 0
	for _, label := range r.Votes {
		for page := 1; page != 0 && asked < maxVotePages; asked++ {
			issues, said, err := r.Hub.Issues.ListByRepo(r.ctx, r.Hub.Owner, r.Hub.Name, &gh.IssueListByRepoOptions{
				State: "open", Labels: []string{label}, Sort: "comments", Direction: "desc", ListOptions: gh.ListOptions{Page: page, PerPage: 100},
			})
			if status := github.Status(err); status == 404 || status == 410 {
				return nil // without issues there are no votes; reading the issues says so
			}
			if err != nil {
				return github.Wrap(err, "issues: read", "read the votes of open feature requests")
			}
			for _, i := range issues {
				if i != nil && i.GetNumber() > 0 && !i.IsPullRequest() && i.Reactions != nil {
					all[i.GetNumber()] = model.Votes{Issue: i.GetNumber(), Reactions: i.GetReactions().GetTotalCount(), Upvotes: upvotes(groupsOf(i.GetReactions()))}
				}
			}
			if said.NextPage <= page {
				said.NextPage = 0
			}
			page = said.NextPage
		}
	}
	if len(all) == 0 {
		return nil
	}
	return r.keep(Page{Votes: slices.SortedFunc(maps.Values(all), func(a, b model.Votes) int { return a.Issue - b.Issue })})
}
