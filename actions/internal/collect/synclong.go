package collect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/github"
)

// together is how many long conversations are read on in one request.
const together = 10

// rest reads what did not fit on the page: comments and label events behind
// the first hundred, of several issues in a request. An issue that has gone
// since keeps what was read of it.
func (r *syncing) rest(k kind, nodes []itemNode) error {
	for {
		var long []int
		for i := range nodes {
			if nodes[i].goesOn() && len(long) < together {
				long = append(long, i)
			}
		}
		if len(long) == 0 {
			return nil
		}
		if err := r.readOn(k, nodes, long); err != nil {
			return err
		}
	}
}

func (n *itemNode) goesOn() bool {
	return n.Comments.PageInfo.HasNextPage || n.TimelineItems.PageInfo.HasNextPage
}

// readOn reads one more page of each of the long ones.
func (r *syncing) readOn(k kind, nodes []itemNode, long []int) error {
	var answer struct {
		Repository map[string]struct {
			Comments      commentsPage
			TimelineItems labelsPage
		}
	}
	err := r.Hub.Query(r.ctx, r.restQuery(k, nodes, long), map[string]any{"owner": r.Hub.Owner, "name": r.Hub.Name}, &answer)
	var said *github.QueryError
	if gone := errors.As(err, &said) && said.Type == "NOT_FOUND"; err != nil && !gone {
		return github.Wrap(err, "issues: read", "read long conversations")
	}
	for _, i := range long {
		more := answer.Repository[fmt.Sprintf("n%d", i)]
		nodes[i].Comments.Nodes = append(nodes[i].Comments.Nodes, more.Comments.Nodes...)
		nodes[i].Comments.PageInfo = more.Comments.PageInfo
		nodes[i].TimelineItems.Nodes = append(nodes[i].TimelineItems.Nodes, more.TimelineItems.Nodes...)
		nodes[i].TimelineItems.PageInfo = more.TimelineItems.PageInfo
	}
	return nil
}

func (r *syncing) restQuery(k kind, nodes []itemNode, long []int) string {
	var parts strings.Builder
	conversations := false
	for _, i := range long {
		fmt.Fprintf(&parts, "    n%d: %s(number: %d) {\n", i, k.one, nodes[i].Number)
		if more := nodes[i].Comments.PageInfo; more.HasNextPage {
			conversations = true
			fmt.Fprintf(&parts, "      comments(first: 100, after: %q) { ...some }\n", more.EndCursor)
		}
		if more := nodes[i].TimelineItems.PageInfo; more.HasNextPage {
			fmt.Fprintf(&parts, "      timelineItems(first: 100, after: %q, itemTypes: [LABELED_EVENT, UNLABELED_EVENT]) {\n"+
				"        pageInfo { hasNextPage endCursor }\n        nodes {%s\n        }\n      }\n", more.EndCursor, labelFields)
		}
		parts.WriteString("    }\n")
	}
	query := fmt.Sprintf("query($owner: String!, $name: String!) {\n  repository(owner: $owner, name: $name) {\n%s  }\n}", parts.String())
	if !conversations {
		return query
	}
	return query + fmt.Sprintf(commentFields, r.text())
}

// text is the field of what people wrote, where their mood is asked for.
func (r *syncing) text() string {
	if r.Mood == nil {
		return ""
	}
	return "body"
}
