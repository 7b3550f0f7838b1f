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
		Repository map[string]*longer
	}
	err := r.Hub.Query(r.ctx, r.restQuery(k, nodes, long), map[string]any{"owner": r.Hub.Owner, "name": r.Hub.Name}, &answer)
	var said *github.QueryError
	if gone := errors.As(err, &said) && said.Type == "NOT_FOUND"; !gone && r.unread(k, err) != nil {
		return github.Wrap(err, "issues: read", "read long conversations")
	}
	for _, i := range long {
		if err := nodes[i].goOn(answer.Repository[fmt.Sprintf("n%d", i)], said != nil); err != nil {
			return github.Wrap(err, "issues: read", "read the conversation of #%d to its end", nodes[i].Number)
		}
	}
	return nil
}

// longer is what a further page adds to an issue.
type longer struct {
	Comments      *commentsPage `answer:"optional"`
	TimelineItems *labelsPage   `answer:"optional"`
}

// goOn adds a further page to an issue. One that has gone since ends with what
// was read of it; a page that is missing for another reason is an error.
func (n *itemNode) goOn(more *longer, gone bool) error {
	if more == nil && gone {
		n.Comments.PageInfo, n.TimelineItems.PageInfo = pageInfo{}, pageInfo{}
		return nil
	}
	if before := &n.Comments.PageInfo; before.HasNextPage {
		if more == nil || more.Comments == nil {
			return errors.New("the answer lacks its comments")
		}
		if err := before.follow(more.Comments.PageInfo); err != nil {
			return err
		}
		n.Comments.Nodes = append(n.Comments.Nodes, more.Comments.Nodes...)
	}
	if before := &n.TimelineItems.PageInfo; before.HasNextPage {
		if more == nil || more.TimelineItems == nil {
			return errors.New("the answer lacks what happened to its labels")
		}
		if err := before.follow(more.TimelineItems.PageInfo); err != nil {
			return err
		}
		n.TimelineItems.Nodes = append(n.TimelineItems.Nodes, more.TimelineItems.Nodes...)
	}
	return nil
}

// follow goes on to the next page's place. A page that promises another must
// lead further: GitHub's cursors differ from one page to the next.
func (p *pageInfo) follow(next pageInfo) error {
	if next.HasNextPage && (next.EndCursor == "" || p.seen[next.EndCursor] || next.EndCursor == p.EndCursor || len(p.seen) >= github.MaxPages) {
		return &github.EndlessError{Why: "a cursor repeats, or is missing"}
	}
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	p.seen[p.EndCursor] = true
	p.HasNextPage, p.EndCursor = next.HasNextPage, next.EndCursor
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
