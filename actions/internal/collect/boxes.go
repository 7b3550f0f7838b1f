package collect

import (
	"context"
	"regexp"
	"slices"
	"strings"
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

// Boxes reads the boxes in the text of an issue, in their order, with who
// ticked each, and when: one query, and one request for each person.
func Boxes(ctx context.Context, hub *github.Client, number int) ([]model.Box, error) {
	var answer struct {
		Repository struct {
			Issue struct {
				Body      string
				CreatedAt time.Time
				Author    *struct{ Login string }
				Edits     struct{ Nodes []version } `json:"userContentEdits"`
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
	boxes := ticked(issue.Body, first, issue.Edits.Nodes)
	return boxes, mayWrite(ctx, hub, boxes)
}

// ticked finds for each box of a text the version in which it came to be as it
// is.
func ticked(now string, first version, edits []version) []model.Box {
	edits = slices.DeleteFunc(slices.Clone(edits), func(v version) bool { return v.Text == nil })
	slices.SortStableFunc(edits, func(a, b version) int { return a.At.Compare(b.At) })
	boxes := boxesOf(now)
	for i := range boxes {
		boxes[i].set(first)
	}
	before := map[string]bool{}
	for n, v := range edits {
		states := map[string]bool{}
		for _, b := range boxesOf(*v.Text) {
			states[b.Text] = b.Ticked
		}
		for i := range boxes {
			b := &boxes[i]
			state, there := states[b.Text]
			was, known := before[b.Text]
			if there && (n == 0 || !known || was != state) {
				b.set(v)
			}
		}
		before = states
	}
	out := make([]model.Box, len(boxes))
	for i, b := range boxes {
		out[i] = b.Box
	}
	return out
}

type box struct{ model.Box }

func (b *box) set(v version) {
	b.At, b.By = v.At, ""
	if v.Editor != nil {
		b.By = v.Editor.Login
	}
}

var (
	boxForm   = regexp.MustCompile(`^\s*[-*+] \[([ xX])\] (.+)$`)
	fenceForm = regexp.MustCompile("^\\s*(```|~~~)")
)

// boxesOf are the boxes of a text outside of code.
func boxesOf(text string) []box {
	var all []box
	fenced := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if fenceForm.MatchString(line) {
			fenced = !fenced
		}
		if m := boxForm.FindStringSubmatch(line); m != nil && !fenced {
			all = append(all, box{model.Box{Text: strings.TrimSpace(m[2]), Ticked: m[1] != " "}})
		}
	}
	return all
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
