package collect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Sync brings what is kept of the watched repository up to date. What has not
// changed costs a conditional request each, which counts against no limit; what
// has is read by GraphQL, a hundred issues with their comments and labels in a
// request. There is never a request for each issue.
type Sync struct {
	Hub *github.Client
	// Alerts is the client for what the workflow's token may not read; nil is Hub.
	Alerts *github.Client
	Now    time.Time
	// CI reads the runs of workflows on Branch too; an empty one is the default branch.
	CI     bool
	Branch string
	State  func(key string) string // what Keep was given before; empty where nothing
	People model.People            // who is of the team, and who counts as no person
	// Keep keeps a page, whole or not at all; it and State are called by one at
	// a time. Mood, Mask and Urgent may be called by two.
	Keep     func(Page) error
	Progress func(done, total int)
	Mood     func(text string) float64 // how a text feels; nil is not asked
	Mask     func(text string) string  // takes what is personal out of a title
	// Request is what an issue asks for, on a line; it is asked together with Mood.
	Request func(title, body string) string
	// Versions are those that an issue names, the likeliest first; it is asked together
	// with Mood.
	Versions func(title, body string) []string
	// Urgent reports whether the words of an open issue demand that somebody hears of
	// it; it is asked together with Mood.
	Urgent func(model.Issue) bool
	// Votes are the labels of open feature requests whose reactions are read anew; empty:
	// none are.
	Votes []string
}

// Page is a part of the repository as it is now, and how far that came.
type Page struct {
	Rows    []model.Row
	Anew    []int         // issues whose labels' events and comments take the place of those kept
	Threads []int         // discussions whose posts do
	Votes   []model.Votes // of issues that are kept
	State   map[string]string
}

// Synced is what was read.
type Synced struct {
	Issues, Pulls, Comments int
	// Pushed is when something was last pushed to the repository, where it is public;
	// zero where that is not known.
	Pushed time.Time
	// Left says how far it came, where a limit stopped it; empty where it is whole.
	Left string
	// Unread are entries that GitHub's answers lack or that cannot be, each with
	// its place; the others were read. The next runs ask for them again.
	Unread []string
}

// reserve is what is left of a limit for the other programs of the hour.
const reserve = 100

// overlap is how far a run looks back behind the last, for clocks that differ
// and what moved meanwhile.
const overlap = 10 * time.Minute

// Run reads all parts, several at a time. A part that does not answer is a
// gap, and the others are read all the same.
func (s *Sync) Run(ctx context.Context) (Synced, []model.Gap) {
	r := &syncing{Sync: s, ctx: ctx, total: map[string]int{}, part: map[string]bool{}}
	var parts sync.WaitGroup
	for _, part := range []struct {
		table, needs string
		read         func() error
	}{
		{"repository", "metadata: read", r.figures},
		{"issues", "issues: read", r.issues},
		{"forks", "contents: read", r.forks},
		{"security_alerts", "vulnerability-alerts: read", r.alerts},
		{"security_alerts", "metadata: read", r.advisories},
		{"discussions", "discussions: read", r.discussions},
		{"votes", "issues: read", r.votes},
	} {
		parts.Go(func() {
			if err := part.read(); err != nil {
				r.gap(part.table, part.needs, err)
			}
		})
	}
	parts.Wait()
	if s.CI { // the figures name the branch
		if err := r.runs(); err != nil {
			r.gap("ci_runs", "actions: read", err)
		}
	}
	return r.done, r.gaps
}

// syncing is a Sync that runs.
type syncing struct {
	*Sync
	ctx   context.Context
	mu    sync.Mutex
	done  Synced
	gaps  []model.Gap
	total map[string]int // how many there are to read of each kind
	read  int
	part  map[string]bool // kinds of which entries could not be read
	// branch is the default branch; empty until the figures are read.
	branch string
}

func (r *syncing) gap(table, needs string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := model.Gap{Source: "github", Table: table, Reason: err.Error()}
	if table == "issues" {
		g.Table = "" // nothing of GitHub can be measured without
	}
	var hinting interface{ Hint() string }
	switch status := github.Status(err); {
	case needs == "vulnerability-alerts: read" && (status == 403 || status == 404):
		g.Reason = "the token may not read the alerts about dependencies"
		g.Hint = "add `vulnerability-alerts: read` to the job's permissions, and switch Dependabot alerts on; where the server does not know that permission, give the secret AFTERCARE_TOKEN, a token that may read them"
	case errors.As(err, &hinting) && hinting.Hint() != "":
		g.Hint = hinting.Hint()
	case status == 403:
		g.Hint = fmt.Sprintf("add `%s` to the job's permissions", needs)
	}
	r.gaps = append(r.gaps, g)
}

// State is what was kept, asked by one at a time and not while a page is kept.
func (r *syncing) State(key string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.Sync.State(key)
}

func (r *syncing) keep(p Page) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.ctx.Err(); err != nil {
		return err
	}
	return r.Keep(p)
}

// figures are how many stars, forks and watchers there are now.
func (r *syncing) figures() error {
	var answer struct {
		Stars    int       `json:"stargazers_count"`
		Forks    int       `json:"forks_count"`
		Watchers int       `json:"subscribers_count"`
		Pushed   time.Time `json:"pushed_at"`
		Private  bool      `json:"private"`
		Branch   string    `json:"default_branch" answer:"null,optional"`
	}
	etag := r.State("github/figures/etag")
	if json.Unmarshal([]byte(r.State("github/figures")), &answer) != nil || r.CI && answer.Branch == "" {
		etag = "" // what was kept is damaged or lacks the branch, so it is read again
	}
	etag, changed, err := r.Hub.Fetch(r.ctx, "", etag, &answer)
	if err != nil {
		return github.Wrap(err, "metadata: read", "read the repository's figures")
	}
	r.mu.Lock()
	r.branch = answer.Branch
	if !answer.Private {
		r.done.Pushed = answer.Pushed
	}
	r.mu.Unlock()
	page := Page{Rows: []model.Row{model.RepositoryRow{At: r.Now, Stars: answer.Stars, Forks: answer.Forks, Watchers: answer.Watchers}}}
	if changed {
		kept, _ := json.Marshal(answer)
		page.State = map[string]string{"github/figures": string(kept), "github/figures/etag": etag}
	}
	return r.keep(page)
}

// forksBack is how far back forks are read: longer than any window.
const forksBack = 100 * 24 * time.Hour

// maxForkPages is how many pages of a hundred new forks one run reads.
const maxForkPages = 100

// forkKind names forks among what could not be read.
var forkKind = kind{name: "forks", words: "forks"}

// forks are those that are new since the last run, the newest first.
func (r *syncing) forks() error {
	newest, _ := time.Parse(time.RFC3339, r.State("github/forks/newest"))
	since := newest
	if first := r.Now.Add(-forksBack); since.Before(first) {
		since = first
	}
	page := Page{State: map[string]string{}}
	etag := r.State("github/forks/etag")
	for n := 1; ; n++ {
		var forks []struct {
			CreatedAt time.Time `json:"created_at"`
		}
		now, changed, err := r.Hub.Fetch(r.ctx, fmt.Sprintf("/forks?sort=newest&per_page=100&page=%d", n), etag, &forks)
		if err := r.unread(forkKind, err); err != nil {
			return github.Wrap(err, "contents: read", "read the forks")
		}
		if !changed {
			return nil
		}
		if n == 1 {
			page.State["github/forks/etag"], etag = now, ""
		}
		older := false
		for _, f := range forks {
			if !f.CreatedAt.After(since) {
				older = true
				break
			}
			page.Rows = append(page.Rows, model.ForkRow{At: f.CreatedAt})
			if f.CreatedAt.After(newest) && !f.CreatedAt.After(r.Now) {
				newest = f.CreatedAt // a clock that is ahead must not hide what comes
			}
		}
		if older || len(forks) < 100 {
			break
		}
		if n == maxForkPages {
			return &github.EndlessError{Why: fmt.Sprintf("%d pages of forks were read", n)}
		}
	}
	if r.isPart(forkKind) {
		page.State = nil // they are read from the same place again
	} else {
		page.State["github/forks/newest"] = newest.Format(time.RFC3339)
	}
	return r.keep(page)
}
