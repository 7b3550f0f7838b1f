package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// Head is a branch as it was read: what a commit is built on.
type Head struct {
	Branch string
	Commit string
	Tree   string
}

// MovedError is a commit that was refused because the branch is no longer
// where it was read: read it again and compute again.
type MovedError struct{ Branch string }

func (e *MovedError) Error() string {
	return fmt.Sprintf("branch %s moved while the commit was made", e.Branch)
}

// ProtectedError is a commit that the branch's protection refused. Trying again
// does not help.
type ProtectedError struct {
	Branch, Said string
}

func (e *ProtectedError) Error() string {
	return fmt.Sprintf("branch %s is protected and takes no commit from this token: %s", e.Branch, e.Said)
}

// Hint says which setting lets the commit through, or which avoids it.
func (e *ProtectedError) Hint() string {
	return "set `reports: {branch: aftercare-reports}` in rules.yaml, or let the app github-actions bypass the rule of " + e.Branch +
		" (Settings, Rules, or Settings, Branches)"
}

// Head reads a branch: two requests. Ids that are none are an error.
func (c *Client) Head(ctx context.Context, branch string) (Head, error) {
	head, _, _, err := c.HeadSince(ctx, Head{Branch: branch}, "")
	return head, err
}

// reference is where a branch is, as GitHub tells it.
type reference struct {
	Object struct {
		SHA string `json:"sha"`
	} `json:"object"`
}

// HeadSince reads a branch as Head does, unless it is where it was when it had
// the ETag: then changed is false, and the request counts against no limit. A
// commit that is known already is not read again.
func (c *Client) HeadSince(ctx context.Context, known Head, etag string) (now Head, newTag string, changed bool, err error) {
	var ref reference
	newTag, changed, err = c.Fetch(ctx, "/git/ref/heads/"+known.Branch, etag, &ref)
	if err != nil {
		return known, etag, false, Wrap(err, "contents: read", "read branch %s", known.Branch)
	}
	if !changed {
		return known, newTag, false, nil
	}
	if err := checkSHA(ref.Object.SHA); err != nil {
		return known, etag, false, Wrap(err, "contents: read", "read branch %s", known.Branch)
	}
	if ref.Object.SHA == known.Commit {
		return known, newTag, true, nil
	}
	commit, _, err := c.Git.GetCommit(ctx, c.Owner, c.Name, ref.Object.SHA)
	if err == nil {
		err = errors.Join(checkSHA(commit.GetSHA()), checkSHA(commit.GetTree().GetSHA()))
	}
	if err != nil {
		return known, etag, false, Wrap(err, "contents: read", "read the head of branch %s", known.Branch)
	}
	return Head{Branch: known.Branch, Commit: commit.GetSHA(), Tree: commit.GetTree().GetSHA()}, newTag, true, nil
}

// IsSHA reports whether a text is the id of a git object: 40 hex digits, or 64.
func IsSHA(id string) bool { return checkSHA(id) == nil }

func checkSHA(id string) error {
	bad := strings.ContainsFunc(id, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'f') })
	if bad || len(id) != 40 && len(id) != 64 {
		return fmt.Errorf("GitHub's answer must name a git object by 40 or 64 hex digits, got %q", line(id))
	}
	return nil
}

// Commit puts files onto the head in one commit and moves the branch to it,
// forward or not at all: three requests, none where nothing would change in
// the tree. It answers with the branch as it stands then.
//
// Files are given by their path in the repository; nil takes a file away. The
// error is a *MovedError where the branch moved, a *ProtectedError where it is
// protected.
//
// The commit names no author and committer: GitHub takes the token's account
// and signs the commit, which it does only where both are left out.
func (c *Client) Commit(ctx context.Context, on Head, files map[string][]byte, message string) (Head, error) {
	tree, _, err := c.Git.CreateTree(Repeatable(ctx), c.Owner, c.Name, on.Tree, entries(files))
	if err == nil {
		err = checkSHA(tree.GetSHA())
	}
	if err != nil {
		return on, Wrap(err, "contents: write", "write %d files", len(files))
	}
	if tree.GetSHA() == on.Tree {
		return on, nil
	}
	commit, _, err := c.Git.CreateCommit(Repeatable(ctx), c.Owner, c.Name, &gh.Commit{
		Message: &message, Tree: tree, Parents: []*gh.Commit{{SHA: &on.Commit}},
	}, nil)
	if err == nil {
		err = checkSHA(commit.GetSHA())
	}
	if err != nil {
		return on, Wrap(err, "contents: write", "write a commit")
	}
	next := Head{Branch: on.Branch, Commit: commit.GetSHA(), Tree: tree.GetSHA()}
	return next, c.move(ctx, on, next)
}

func entries(files map[string][]byte) []*gh.TreeEntry {
	var all []*gh.TreeEntry
	for path, content := range files {
		entry := &gh.TreeEntry{Path: gh.String(path), Mode: gh.String("100644"), Type: gh.String("blob")}
		if content != nil {
			entry.Content = gh.String(string(content))
		}
		all = append(all, entry)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].GetPath() < all[j].GetPath() })
	return all
}

// move sets the branch to the new commit without force. Where nobody knows
// whether it did, it looks: the commit has an id of its own.
func (c *Client) move(ctx context.Context, on, next Head) error {
	_, _, err := c.Git.UpdateRef(ctx, c.Owner, c.Name,
		&gh.Reference{Ref: gh.String("refs/heads/" + on.Branch), Object: &gh.GitObject{SHA: &next.Commit}}, false)
	var unsure *AmbiguousError
	if errors.As(err, &unsure) {
		now, errRead := c.Head(ctx, on.Branch)
		if errRead != nil {
			return errors.Join(err, errRead)
		}
		if now.Commit == next.Commit {
			return nil
		}
		return &MovedError{on.Branch}
	}
	return refused(err, on.Branch)
}

// refused tells a branch that moved from one that is protected. GitHub says
// both with 422, and protection sometimes with 403 or 409.
func refused(err error, branch string) error {
	var answer *gh.ErrorResponse
	if !errors.As(err, &answer) {
		return err
	}
	said := strings.ToLower(answer.Message)
	switch {
	case strings.Contains(said, "protected") || strings.Contains(said, "rule violations") || strings.Contains(said, "gh006") || strings.Contains(said, "gh013"):
		return &ProtectedError{branch, answer.Message}
	case strings.Contains(said, "fast forward") || strings.Contains(said, "reference update failed") || Status(err) == http.StatusConflict:
		return &MovedError{branch}
	}
	return Wrap(err, "contents: write", "move branch %s", branch)
}
