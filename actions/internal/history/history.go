// Package history keeps the folder of reports on a branch: it reads files as one
// head shows them, and puts all that a run has to file into one commit on that
// head. It knows paths and bytes; what stands in them is package report's,
// metric's and alert's matter.
package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/github"
)

// Ledger is a folder on a branch of a repository.
type Ledger struct {
	Hub    *github.Client
	Branch string // empty is the default branch; one that is not there is made
	Folder string // empty is reports
	Word   string // ends each commit's subject: [skip ci]
	Sleep  func(context.Context, time.Duration) error
	// Cache keeps what was read by its commit; nil keeps nothing. A commit's
	// files never change, so what it holds is as good as what GitHub says.
	Cache Cache
	// Redact is applied to all that is committed; nil leaves it as it is.
	Redact func(string) string
	// ReadOnly makes no branch: one that is not there is read as empty.
	ReadOnly bool
}

// Cache is a place for what was read.
type Cache interface {
	Get(key string) (value string, found bool)
	Set(key, value string)
}

// View is the folder as one head of the branch shows it.
type View struct {
	ledger *Ledger
	head   github.Head
	read   map[string][]byte
}

// Commit is the head's id.
func (v *View) Commit() string { return v.head.Commit }

// Open reads the head of the branch.
func (l *Ledger) Open(ctx context.Context) (*View, error) {
	branch, err := l.branch(ctx)
	if err != nil {
		return nil, err
	}
	head, err := l.head(ctx, branch)
	if github.Status(err) == http.StatusNotFound && l.Branch != "" {
		if l.ReadOnly {
			return &View{ledger: l, head: github.Head{Branch: branch}, read: map[string][]byte{}}, nil
		}
		head, err = l.begin(ctx, branch)
	}
	if github.Status(err) == http.StatusConflict {
		return nil, fmt.Errorf("the repository is empty: commit something to %s first, such as rules.yaml", branch)
	}
	if err != nil {
		return nil, err
	}
	return &View{ledger: l, head: head, read: map[string][]byte{}}, nil
}

// head reads where the branch is: a request that costs nothing where it has not
// moved since the last run, and a second one for a commit that is not known.
func (l *Ledger) head(ctx context.Context, branch string) (github.Head, error) {
	if l.Cache == nil {
		return l.Hub.Head(ctx, branch)
	}
	known, etag := github.Head{Branch: branch}, ""
	if kept, found := l.Cache.Get(headKey + branch); found {
		// What is damaged is as good as nothing: the branch is read again.
		if parts := strings.Split(kept, " "); len(parts) == 3 && github.IsSHA(parts[1]) && github.IsSHA(parts[2]) {
			etag, known.Commit, known.Tree = parts[0], parts[1], parts[2]
		}
	}
	now, newTag, changed, err := l.Hub.HeadSince(ctx, known, etag)
	if err != nil {
		return known, err
	}
	if changed {
		l.keepHead(now, newTag)
	}
	return now, nil
}

const headKey = "ledger/head/"

// keepHead remembers where the branch is; an ETag with a space is none that can
// be kept.
func (l *Ledger) keepHead(h github.Head, etag string) {
	if strings.Contains(etag, " ") {
		etag = ""
	}
	l.Cache.Set(headKey+h.Branch, etag+" "+h.Commit+" "+h.Tree)
}

// branch is the one that is asked for, or the default one, which is read once.
func (l *Ledger) branch(ctx context.Context) (string, error) {
	if l.Branch != "" {
		return l.Branch, nil
	}
	repository, _, err := l.Hub.Repositories.Get(ctx, l.Hub.Owner, l.Hub.Name)
	if err != nil {
		return "", github.Wrap(err, "contents: read", "find the default branch of %s/%s", l.Hub.Owner, l.Hub.Name)
	}
	if repository.GetDefaultBranch() == "" {
		return "", fmt.Errorf("find the default branch of %s/%s: GitHub's answer names none", l.Hub.Owner, l.Hub.Name)
	}
	l.Branch = repository.GetDefaultBranch()
	return l.Branch, nil
}

// begin makes the branch, at the head of the default one.
func (l *Ledger) begin(ctx context.Context, branch string) (github.Head, error) {
	repository, _, err := l.Hub.Repositories.Get(ctx, l.Hub.Owner, l.Hub.Name)
	if err != nil {
		return github.Head{}, github.Wrap(err, "contents: read", "find the default branch of %s/%s", l.Hub.Owner, l.Hub.Name)
	}
	from, err := l.Hub.Head(ctx, repository.GetDefaultBranch())
	if err != nil {
		return from, err
	}
	_, _, err = l.Hub.Git.CreateRef(ctx, l.Hub.Owner, l.Hub.Name,
		&gh.Reference{Ref: gh.String("refs/heads/" + branch), Object: &gh.GitObject{SHA: &from.Commit}})
	if err != nil && github.Status(err) != http.StatusUnprocessableEntity { // somebody made it meanwhile
		return from, github.Wrap(err, "contents: write", "make the branch %s for the reports", branch)
	}
	return l.Hub.Head(ctx, branch)
}

// Path is a file of the folder, in the repository.
func (l *Ledger) Path(file string) string {
	if l.Folder == "" {
		return path.Join("reports", file)
	}
	return path.Join(l.Folder, file)
}

// Read is a file of the folder; nil where there is none.
func (v *View) Read(ctx context.Context, file string) ([]byte, error) {
	if got, known := v.read[file]; known || v.head.Commit == "" {
		return got, nil
	}
	got, err := v.fetch(ctx, file)
	if err == nil {
		v.read[file] = got
	}
	return got, err
}

// absent stands in the cache for a file that is not there.
const absent = "-"

func (v *View) fetch(ctx context.Context, file string) ([]byte, error) {
	key := "ledger/" + v.head.Commit + "/" + file
	if l := v.ledger; l.Cache != nil {
		if kept, found := l.Cache.Get(key); found {
			if kept == absent {
				return nil, nil
			}
			return []byte(strings.TrimPrefix(kept, "+")), nil
		}
	}
	got, err := v.ledger.contents(ctx, v.head.Commit, file)
	if err == nil && v.ledger.Cache != nil {
		v.ledger.Cache.Set(key, cached(got))
	}
	return got, err
}

func cached(content []byte) string {
	if content == nil {
		return absent
	}
	return "+" + string(content)
}

// contents reads a file at a commit. What is longer than a megabyte does not
// stand in the answer, and is read as a blob.
func (l *Ledger) contents(ctx context.Context, commit, file string) ([]byte, error) {
	found, _, _, err := l.Hub.Repositories.GetContents(ctx, l.Hub.Owner, l.Hub.Name, l.Path(file), &gh.RepositoryContentGetOptions{Ref: commit})
	if github.Status(err) == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, github.Wrap(err, "contents: read", "read %s", l.Path(file))
	}
	if found == nil {
		return nil, fmt.Errorf("%s is a folder, and must be a file: move it away", l.Path(file))
	}
	if text, err := found.GetContent(); err == nil && (text != "" || found.GetSize() == 0) {
		return []byte(text), nil
	}
	blob, _, err := l.Hub.Git.GetBlobRaw(ctx, l.Hub.Owner, l.Hub.Name, found.GetSHA())
	return blob, github.Wrap(err, "contents: read", "read %s", l.Path(file))
}

// Latest is a file of the folder as the branch holds it now, in one request; nil
// where there is none.
func (l *Ledger) Latest(ctx context.Context, file string) ([]byte, error) {
	return l.contents(ctx, l.Branch, file)
}

// tries is how often a commit is computed anew because the branch moved.
const tries = 20

// File computes the files of a commit on the head that it has read, and commits
// them: where the branch moved meanwhile, it reads the new head and computes
// again. Nil takes a file away. Where nothing would change there is no commit.
// It answers with the view of the branch as it stands then.
func (l *Ledger) File(ctx context.Context, view *View, subject string, compute func(*View) (map[string][]byte, error)) (*View, error) {
	for try := 1; ; try++ {
		files, err := compute(view)
		if err != nil {
			return view, err
		}
		next, err := l.commit(ctx, view, files, subject)
		var moved *github.MovedError
		if !errors.As(err, &moved) {
			return next, err
		}
		if try == tries {
			return view, fmt.Errorf("branch %s moved %d times while the reports were filed: the next run files them", view.head.Branch, tries)
		}
		if err := l.Sleep(ctx, time.Duration(try)*200*time.Millisecond); err != nil {
			return view, err
		}
		if view, err = l.Open(ctx); err != nil {
			return view, err
		}
	}
}

func (l *Ledger) commit(ctx context.Context, view *View, files map[string][]byte, subject string) (*View, error) {
	changed, files := map[string][]byte{}, l.redacted(files)
	for file, content := range files {
		if known, read := view.read[file]; read && bytes.Equal(known, content) && (known == nil) == (content == nil) {
			continue
		}
		changed[l.Path(file)] = content
	}
	if len(changed) == 0 {
		return view, nil
	}
	head, err := l.Hub.Commit(ctx, view.head, changed, l.message(l.redactWord(subject)))
	if err != nil {
		return view, err
	}
	next := &View{ledger: l, head: head, read: map[string][]byte{}}
	maps.Copy(next.read, view.read)
	maps.Copy(next.read, files)
	next.keep()
	return next, nil
}

// redacted are the files as they may be read by everybody.
func (l *Ledger) redacted(files map[string][]byte) map[string][]byte {
	if l.Redact == nil {
		return files
	}
	all := make(map[string][]byte, len(files))
	for file, content := range files {
		if content != nil {
			content = []byte(l.Redact(string(content)))
		}
		all[file] = content
	}
	return all
}

func (l *Ledger) redactWord(s string) string {
	if l.Redact == nil {
		return s
	}
	return l.Redact(s)
}

// keep remembers in the cache what stands in the branch now, so that the next
// run need not ask.
func (v *View) keep() {
	if v.ledger.Cache == nil {
		return
	}
	v.ledger.keepHead(v.head, "")
	for _, file := range slices.Sorted(maps.Keys(v.read)) {
		if strings.HasPrefix(file, "data/") || file == "gate.md" || strings.HasSuffix(file, "/README.md") {
			v.ledger.Cache.Set("ledger/"+v.head.Commit+"/"+file, cached(v.read[file]))
		}
	}
}

func (l *Ledger) message(subject string) string {
	if l.Word == "" {
		return subject
	}
	return subject + " " + l.Word
}

// Earlier are the versions of a file before the head's, the newest first, until
// one that good accepts or there are no more; at most thirty are looked at. The
// second answer is the commit of the accepted one; empty where there is none.
func (l *Ledger) Earlier(ctx context.Context, view *View, file string, good func([]byte) bool) ([]byte, string, error) {
	commits, _, err := l.Hub.Repositories.ListCommits(ctx, l.Hub.Owner, l.Hub.Name,
		&gh.CommitsListOptions{SHA: view.head.Commit, Path: l.Path(file), ListOptions: gh.ListOptions{PerPage: 30}})
	if err != nil {
		return nil, "", github.Wrap(err, "contents: read", "read the history of %s", l.Path(file))
	}
	for _, c := range commits {
		content, err := l.contents(ctx, c.GetSHA(), file)
		if err != nil {
			return nil, "", err
		}
		if content != nil && good(content) {
			return content, c.GetSHA(), nil
		}
	}
	return nil, "", nil
}
