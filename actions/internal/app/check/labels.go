package check

import (
	"context"
	"fmt"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/labelname"
)

// maxLabelPages bounds the labels of a repository that are read, in pages of a
// hundred.
const maxLabelPages = 20

// existing lists the labels of the repository.
func existing(ctx context.Context, hub *github.Client) ([]string, error) {
	var names []string
	ask := &gh.ListOptions{PerPage: 100}
	for range maxLabelPages {
		page, answer, err := hub.Issues.ListLabels(ctx, hub.Owner, hub.Name, ask)
		if err != nil {
			return nil, github.Wrap(err, "issues: read", "list the labels of %s/%s", hub.Owner, hub.Name)
		}
		for _, l := range page {
			names = append(names, l.GetName())
		}
		if answer.NextPage <= ask.Page {
			break
		}
		ask.Page = answer.NextPage
	}
	return names, nil
}

// twins says which declared labels the repository has under another spelling:
// GitHub would keep both, and people would use the other one.
func twins(declared []change.Label, existing []string) []string {
	var found []string
	for _, l := range declared {
		if twin := labelname.Twin(l.Name, existing); twin != "" {
			found = append(found, fmt.Sprintf("label %q is %q in this repository, so a second label would be created: rename one of them", l.Name, twin))
		}
	}
	return found
}
