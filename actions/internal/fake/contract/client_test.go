package contract_test

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
)

// hub is the real client on a world that is held to the description.
func hub(t *testing.T, w *fake.World) *gh.Client {
	t.Helper()
	contract.Hold(t, w, "")
	c := gh.NewClient(nil).WithAuthToken(fake.WorkflowToken)
	u, err := url.Parse(w.GitHub.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	c.BaseURL = u
	return c
}

// must is the value of a call of the real client that has to go well.
func must[T any](t *testing.T) func(T, *gh.Response, error) T {
	return func(value T, _ *gh.Response, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func TestTheRealClientSpeaksWithGitHub(t *testing.T) {
	w := fake.New(fake.Options{})
	defer w.Close()
	c, ctx := hub(t, w), context.Background()
	issue := must[*gh.Issue](t)(c.Issues.Create(ctx, "caro", "caro", &gh.IssueRequest{Title: gh.String("one"), Body: gh.String("two"), Labels: &[]string{"bug"}}))
	must[*gh.Label](t)(c.Issues.CreateLabel(ctx, "caro", "caro", &gh.Label{Name: gh.String("P0"), Color: gh.String("b60205"), Description: gh.String("Stop")}))
	must[[]*gh.Label](t)(c.Issues.AddLabelsToIssue(ctx, "caro", "caro", issue.GetNumber(), []string{"P0"}))
	comment := must[*gh.IssueComment](t)(c.Issues.CreateComment(ctx, "caro", "caro", 1, &gh.IssueComment{Body: gh.String("told")}))
	must[*gh.IssueComment](t)(c.Issues.EditComment(ctx, "caro", "caro", comment.GetID(), &gh.IssueComment{Body: gh.String("sent")}))
	must[*gh.Issue](t)(c.Issues.Edit(ctx, "caro", "caro", 1, &gh.IssueRequest{State: gh.String("closed"), StateReason: gh.String("completed")}))
	since := w.Now().Add(-time.Hour)
	all := must[[]*gh.IssueComment](t)(c.Issues.ListComments(ctx, "caro", "caro", 0, &gh.IssueListCommentsOptions{Since: &since, Sort: gh.String("updated"), Direction: gh.String("asc")}))
	if len(all) != 1 || all[0].GetBody() != "sent" || all[0].GetUser().GetType() != "Bot" {
		t.Errorf("got the comments %v", all)
	}
	events := must[[]*gh.Timeline](t)(c.Issues.ListIssueTimeline(ctx, "caro", "caro", 1, &gh.ListOptions{PerPage: 100}))
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, e.GetEvent())
	}
	if got := strings.Join(kinds, " "); got != "labeled labeled commented closed" {
		t.Errorf("the timeline is %s", got)
	}
	must[*gh.RepoStatus](t)(c.Repositories.CreateStatus(ctx, "caro", "caro", w.GitHub.Log("main")[0].SHA, &gh.RepoStatus{State: gh.String("success"), Context: gh.String("gate")}))
	if unknown := w.Unknown(); len(unknown) > 0 {
		t.Errorf("the real client asks for what is not simulated: %q", unknown)
	}
}

// Sixteen writers compute their commit anew on each refusal: nothing is lost,
// and the history is a line.
func TestManyWritersMakeOneLine(t *testing.T) {
	w := fake.New(fake.Options{})
	defer w.Close()
	c, ctx := hub(t, w), context.Background()
	const writers = 16
	var group sync.WaitGroup
	for n := range writers {
		group.Go(func() {
			for {
				refused, err := commitFile(ctx, c, string(rune('a'+n)))
				if err != nil {
					t.Error(err)
				}
				if !refused {
					return
				}
			}
		})
	}
	group.Wait()
	log := w.GitHub.Log("main")
	if files := w.GitHub.Files("main"); len(files) != writers+1 || len(log) != writers+1 {
		t.Errorf("%d files in %d commits, want %d in as many", len(files), len(log), writers+1)
	}
	for i, commit := range log[:len(log)-1] {
		if len(commit.Parents) != 1 || commit.Parents[0] != log[i+1].SHA {
			t.Errorf("%s does not follow on %s", commit.SHA, log[i+1].SHA)
		}
	}
}

// commitFile adds a file on top of the head that it reads, and reports whether
// somebody was faster.
func commitFile(ctx context.Context, c *gh.Client, name string) (refused bool, err error) {
	ref, _, err := c.Git.GetRef(ctx, "caro", "caro", "heads/main")
	if err != nil {
		return false, err
	}
	head := ref.GetObject().GetSHA()
	tree, _, err := c.Git.CreateTree(ctx, "caro", "caro", head, []*gh.TreeEntry{{Path: gh.String("f/" + name), Mode: gh.String("100644"), Type: gh.String("blob"), Content: gh.String(name)}})
	if err != nil {
		return false, err
	}
	commit, _, err := c.Git.CreateCommit(ctx, "caro", "caro", &gh.Commit{Message: gh.String(name), Tree: tree, Parents: []*gh.Commit{{SHA: gh.String(head)}}}, nil)
	if err != nil {
		return false, err
	}
	_, answer, err := c.Git.UpdateRef(ctx, "caro", "caro", &gh.Reference{Ref: gh.String("refs/heads/main"), Object: &gh.GitObject{SHA: commit.SHA}}, false)
	if answer != nil && answer.StatusCode == 422 && strings.Contains(err.Error(), "not a fast forward") {
		return true, nil
	}
	return false, err
}
