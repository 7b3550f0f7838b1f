package collect

import (
	"errors"
	"fmt"
	"time"
)

// kind is issues or pull requests: GraphQL lists them apart.
type kind struct {
	name   string // of the connection
	one    string // of one of them
	words  string // for people
	filter string // how it narrows down to what has changed; empty where it cannot
	more   string // fields that only this kind has
}

var (
	issueKind = kind{"issues", "issue", "issues", ", filterBy: {since: $since}", "reactionGroups { content reactors { totalCount } }"}
	pullKind  = kind{"pullRequests", "pullRequest", "pull requests", "", "mergedAt"}
)

// itemFields are what is read of each; %s are the kind's own.
const itemFields = `
        number title state createdAt updatedAt closedAt authorAssociation %s
        author { login __typename }
        labels(first: 100) { nodes { name } }
        reactions { totalCount }
        comments(first: 100) { ...some }
        timelineItems(first: 100, itemTypes: [LABELED_EVENT, UNLABELED_EVENT]) {
          pageInfo { hasNextPage endCursor }
          nodes {` + labelFields + `
          }
        }`

// labelFields are what is read of a label's coming or going.
const labelFields = `
            __typename
            ... on LabeledEvent { createdAt actor { login __typename } label { name } }
            ... on UnlabeledEvent { createdAt actor { login __typename } label { name } }`

// commentFields are what is read of comments; %s is the text where its mood is
// asked for.
const commentFields = `
fragment some on IssueCommentConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes { databaseId createdAt authorAssociation %s author { login __typename } }
}`

func (r *syncing) query(k kind, first bool) string {
	order, filter, variable := "CREATED_AT, direction: ASC", "", ""
	if !first {
		order, filter = "UPDATED_AT, direction: ASC", k.filter
		if filter == "" {
			order = "UPDATED_AT, direction: DESC"
		} else {
			variable = ", $since: DateTime"
		}
	}
	more := k.more + " " + r.text()
	return fmt.Sprintf(`query($owner: String!, $name: String!, $size: Int!, $after: String%s) {
  rateLimit { remaining }
  repository(owner: $owner, name: $name) {
    page: %s(first: $size, after: $after, orderBy: {field: %s}%s) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {%s
      }
    }
  }
}`, variable, k.name, order, filter, fmt.Sprintf(itemFields, more)) + fmt.Sprintf(commentFields, r.text())

}

type pageInfo struct {
	HasNextPage bool
	EndCursor   string `answer:"null"` // of an empty page
	seen        map[string]bool
}

type commentNode struct {
	DatabaseID        int64 `json:"databaseId" answer:"id"`
	CreatedAt         time.Time
	AuthorAssociation string
	Body              string `answer:"asked"`
	Author            *actor
}

type commentsPage struct {
	TotalCount int
	PageInfo   pageInfo
	Nodes      []commentNode
}

type itemNode struct {
	Number               int    `answer:"id"`
	Title, State         string `answer:"id"`
	Body                 string `answer:"asked"`
	CreatedAt, UpdatedAt time.Time
	ClosedAt             *time.Time
	MergedAt             *time.Time `answer:"asked"`
	AuthorAssociation    string
	Author               *actor
	Labels               struct{ Nodes []labelName }
	Reactions            struct{ TotalCount int }
	ReactionGroups       []reactionGroup `answer:"asked"`
	Comments             commentsPage
	TimelineItems        labelsPage
}

// reactionGroup is how many reacted in one way.
type reactionGroup struct {
	Content  string
	Reactors struct{ TotalCount int }
}

type labelsPage struct {
	PageInfo pageInfo
	Nodes    []labelNode
}

// labelName is a label, of which only the name matters.
type labelName struct {
	Name string `answer:"id"`
}

// labelNode is an entry of the timeline; other kinds have no fields here.
type labelNode struct {
	Kind      string    `json:"__typename" answer:"id"`
	CreatedAt time.Time `answer:"optional"`
	Actor     *actor    `answer:"optional"`
	Label     labelName `answer:"optional"`
}

// Check finds a change of a label that lacks its label or its time.
func (n *labelNode) Check() error {
	if (n.Kind == "LabeledEvent" || n.Kind == "UnlabeledEvent") && (n.Label.Name == "" || n.CreatedAt.IsZero()) {
		return errors.New("lacks the label or its time")
	}
	return nil
}

type itemPage struct {
	RateLimit  *struct{ Remaining int }
	Repository struct {
		Page struct {
			TotalCount int
			PageInfo   pageInfo
			Nodes      []itemNode
		}
	}
}
