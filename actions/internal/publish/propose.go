package publish

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/github"
)

// FileChange is the change of one file of the repository.
type FileChange struct {
	Path string
	// Change returns the new content of the file as it stands on the branch; nil
	// where nothing is to be changed.
	Change  func(content []byte) ([]byte, error)
	Branch  string // of a pull request: the branch that it is proposed on
	Subject string // of the commit, and the title of the pull request
	Body    string // of the pull request, Markdown
}

// moves is how often a change is computed anew because the branch moved.
const moves = 5

// Commit changes the file on the default branch. It returns the commit; empty where
// there is nothing to change.
func (g *GitHub) Commit(ctx context.Context, c FileChange) (string, error) {
	base, err := g.defaultBranch(ctx)
	if err != nil {
		return "", err
	}
	for try := 1; ; try++ {
		head, files, err := g.changed(ctx, c, base)
		if err != nil || files == nil {
			return "", err
		}
		next, err := g.Hub.Commit(ctx, head, files, c.Subject)
		var moved *github.MovedError
		if errors.As(err, &moved) && try < moves {
			continue
		}
		if err != nil {
			return "", err
		}
		return next.Commit, nil
	}
}

// changed is the head of a branch, and the file as it is to be on it; nil where
// nothing changes.
func (g *GitHub) changed(ctx context.Context, c FileChange, branch string) (github.Head, map[string][]byte, error) {
	head, err := g.Hub.Head(ctx, branch)
	if err != nil {
		return head, nil, err
	}
	found, _, _, err := g.Hub.Repositories.GetContents(ctx, g.Hub.Owner, g.Hub.Name, c.Path, &gh.RepositoryContentGetOptions{Ref: head.Commit})
	if err != nil {
		return head, nil, github.Wrap(err, "contents: read", "read %s", c.Path)
	}
	if found == nil {
		return head, nil, fmt.Errorf("read %s: it is a folder", c.Path)
	}
	content, err := found.GetContent()
	if err != nil {
		return head, nil, fmt.Errorf("read %s: %w", c.Path, err)
	}
	now, err := c.Change([]byte(content))
	if err != nil || now == nil {
		return head, nil, err
	}
	return head, map[string][]byte{c.Path: now}, nil
}

// Propose opens a pull request with the change, once for a branch: one that people
// have closed is not opened again. It returns the address of a pull request that it
// opened; empty where there was one, or nothing to change.
func (g *GitHub) Propose(ctx context.Context, c FileChange) (string, error) {
	if there, err := g.proposed(ctx, c.Branch); err != nil || there {
		return "", err
	}
	base, err := g.defaultBranch(ctx)
	if err != nil {
		return "", err
	}
	head, files, err := g.changed(ctx, c, base)
	if err != nil || files == nil {
		return "", err
	}
	if err := g.branchOff(ctx, head, files, c); err != nil {
		return "", err
	}
	opened, _, err := g.Hub.PullRequests.Create(ctx, g.Hub.Owner, g.Hub.Name, &gh.NewPullRequest{Title: &c.Subject, Head: &c.Branch, Base: &base, Body: &c.Body})
	var unsure *github.AmbiguousError
	if errors.As(err, &unsure) {
		if there, errLook := g.proposed(ctx, c.Branch); errLook != nil || there {
			return "", errLook
		}
	}
	if err != nil {
		return "", &proposalError{github.Wrap(err, "pull-requests: write", "open the pull request %s", c.Branch)}
	}
	return opened.GetHTMLURL(), nil
}

// branchOff puts the change on the branch, at the head that it was computed on. A
// branch that an earlier run has left is used as it is: it holds the same change.
func (g *GitHub) branchOff(ctx context.Context, head github.Head, files map[string][]byte, c FileChange) error {
	_, _, err := g.Hub.Git.CreateRef(github.Repeatable(ctx), g.Hub.Owner, g.Hub.Name, &gh.Reference{Ref: gh.String("refs/heads/" + c.Branch), Object: &gh.GitObject{SHA: &head.Commit}})
	if err != nil && github.Status(err) != http.StatusUnprocessableEntity {
		return github.Wrap(err, "contents: write", "make the branch %s", c.Branch)
	}
	if err != nil {
		there, errHead := g.Hub.Head(ctx, c.Branch)
		if errHead != nil || there.Commit != head.Commit {
			return errHead
		}
	}
	head.Branch = c.Branch
	_, err = g.Hub.Commit(ctx, head, files, c.Subject)
	return err
}

// proposed reports whether there is a pull request from a branch, open or closed.
func (g *GitHub) proposed(ctx context.Context, branch string) (bool, error) {
	found, _, err := g.Hub.PullRequests.List(ctx, g.Hub.Owner, g.Hub.Name, &gh.PullRequestListOptions{State: "all", Head: g.Hub.Owner + ":" + branch, ListOptions: gh.ListOptions{PerPage: 1}})
	return len(found) > 0, github.Wrap(err, "pull-requests: write", "look for a pull request from %s", branch)
}

func (g *GitHub) defaultBranch(ctx context.Context) (string, error) {
	repository, _, err := g.Hub.Repositories.Get(ctx, g.Hub.Owner, g.Hub.Name)
	if err != nil {
		return "", github.Wrap(err, "contents: read", "find the default branch of %s/%s", g.Hub.Owner, g.Hub.Name)
	}
	return repository.GetDefaultBranch(), nil
}

// proposalError is a pull request that was refused.
type proposalError struct{ error }

func (e *proposalError) Unwrap() error { return e.error }

// Hint says which setting lets workflows open pull requests.
func (e *proposalError) Hint() string {
	return "let workflows open pull requests (Settings, Actions, General, Workflow permissions), and give the job `pull-requests: write`; or set `release: {next: commit}` in rules.yaml"
}
