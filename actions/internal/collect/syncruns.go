package collect

import (
	"fmt"
	"net/url"
	"time"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

type runAnswer struct {
	ID         int64     `json:"id" answer:"id"`
	Path       string    `json:"path" answer:"null"`
	Conclusion string    `json:"conclusion" answer:"null"`
	CreatedAt  time.Time `json:"created_at"`
}

// runKind names runs of workflows among what could not be read.
var runKind = kind{name: "runs", words: "runs of workflows"}

const (
	// runsBack is how far back runs are read at first: longer than any window.
	runsBack = 100 * 24 * time.Hour
	// rerun is how long after its beginning a run may get another conclusion: it is
	// repeated.
	rerun = 48 * time.Hour
	// maxRunPages is how many pages of a hundred runs there are: GitHub shows a
	// thousand of a search.
	maxRunPages = 10
)

// runs are the completed runs that pushes to the release branch started, the
// newest first. Where the newest are as they were, it is one conditional request.
func (r *syncing) runs() error {
	branch := r.Branch
	if branch == "" {
		branch = r.defaultBranch()
	}
	if branch == "" {
		return fmt.Errorf("read the runs of workflows: the name of the default branch is not known")
	}
	search := "github/runs/" + branch
	newest, _ := time.Parse(time.RFC3339, r.State(search))
	since := r.Now.Add(-runsBack)
	if known := newest.Add(-rerun); known.After(since) {
		since = known
	}
	etag := r.State(search + "/etag")
	page := Page{State: map[string]string{}}
	for n := 1; ; n++ {
		var said struct {
			Runs []runAnswer `json:"workflow_runs"`
		}
		now, changed, err := r.Hub.Fetch(r.ctx, fmt.Sprintf("/actions/runs?branch=%s&event=push&status=completed&per_page=100&page=%d", url.QueryEscape(branch), n), etag, &said)
		if err := r.unread(runKind, err); err != nil {
			return github.Wrap(err, "actions: read", "read the runs of workflows")
		}
		if !changed {
			return nil
		}
		if n == 1 {
			page.State[search+"/etag"], etag = now, ""
		}
		older := false
		for _, run := range said.Runs {
			older = older || run.CreatedAt.Before(since)
			page.Rows = append(page.Rows, model.RunRow{ID: run.ID, Workflow: run.Path, Conclusion: run.Conclusion, At: run.CreatedAt})
			if run.CreatedAt.After(newest) && !run.CreatedAt.After(r.Now) {
				newest = run.CreatedAt
			}
		}
		if older || len(said.Runs) < 100 || n == maxRunPages {
			break
		}
	}
	if r.isPart(runKind) {
		page.State = nil // they are read from the same place again
	} else {
		page.State[search] = newest.Format(time.RFC3339)
	}
	return r.keep(page)
}

// defaultBranch is the one that the repository's figures name; empty where they
// were not read.
func (r *syncing) defaultBranch() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.branch
}
