package collect

import (
	"context"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// versions asks for the texts that an issue has had. GitHub tells a hundred,
// the newest first; REST tells none.
const versions = `query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      body
      createdAt
      author { login }
      userContentEdits(first: 100) {
        nodes { editedAt diff editor { login } }
      }
    }
  }
}`

// version is a text that an issue had from a time on.
type version struct {
	At     time.Time `json:"editedAt"`
	Text   *string   `json:"diff"` // null where somebody deleted it
	Editor *struct {
		Login string `json:"login"`
	} `json:"editor"`
}

// Boxes reads the boxes in the text of an issue, with who ticked each, and when:
// one query, and one request for each person. In finds the boxes in a version of
// the text, each by the same Text in all of them, whatever stands around it.
func Boxes(ctx context.Context, hub *github.Client, number int, in func(text string) []model.Box) ([]model.Box, error) {
	var answer struct {
		Repository struct {
			Issue struct {
				Body      string
				CreatedAt time.Time
				Author    *struct{ Login string }
				Edits     struct{ Nodes []version } `json:"userContentEdits" answer:"null"`
			}
		}
	}
	err := hub.Query(ctx, versions, map[string]any{"owner": hub.Owner, "name": hub.Name, "number": number}, &answer)
	if err != nil {
		return nil, github.Wrap(err, "issues: read", "read who ticked the boxes of #%d", number)
	}
	issue := answer.Repository.Issue
	first := version{At: issue.CreatedAt}
	if issue.Author != nil {
		first.Editor = &struct {
			Login string `json:"login"`
		}{issue.Author.Login}
	}
	boxes := ticked(issue.Body, first, issue.Edits.Nodes, in)
	return boxes, mayWrite(ctx, hub, boxes)
}

// ticked finds for each box of a text the version in which it came to be as it
// is.
func ticked(now string, first version, edits []version, in func(text string) []model.Box) []model.Box {
	edits = slices.DeleteFunc(slices.Clone(edits), func(v version) bool { return v.Text == nil })
	slices.Reverse(edits) // they come the newest first, and two may be of one second
	slices.SortStableFunc(edits, func(a, b version) int { return a.At.Compare(b.At) })
	boxes := in(now)
	for i := range boxes {
		set(&boxes[i], first)
	}
	before := map[string]bool{}
	for n, v := range edits {
		states := map[string]bool{}
		for _, b := range in(*v.Text) {
			states[b.Text] = b.Ticked
		}
		for i := range boxes {
			state, there := states[boxes[i].Text]
			was, known := before[boxes[i].Text]
			if there && (n == 0 || !known || was != state) {
				set(&boxes[i], v)
			}
		}
		before = states
	}
	return boxes
}

// set says of a box that it came to be as it is in a version.
func set(b *model.Box, v version) {
	b.At, b.By = v.At, ""
	if v.Editor != nil {
		b.By = v.Editor.Login
	}
}

// mayWrite asks what those who ticked a box may do.
func mayWrite(ctx context.Context, hub *github.Client, boxes []model.Box) error {
	known := map[string]bool{}
	for i, b := range boxes {
		if !b.Ticked || b.By == "" {
			continue
		}
		may, asked := known[b.By]
		if !asked {
			level, _, err := hub.Repositories.GetPermissionLevel(ctx, hub.Owner, hub.Name, b.By)
			if err != nil && github.Status(err) != 404 {
				return github.Wrap(err, "metadata: read", "find out whether %s may write", b.By)
			}
			may = level.GetPermission() == "admin" || level.GetPermission() == "write" || level.GetPermission() == "maintain"
			known[b.By] = may
		}
		boxes[i].MayWrite = may
	}
	return nil
}
