package fake

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Repository is one repository of the simulated GitHub. Its exported methods are
// what people do, each stamped with the world's clock.
type Repository struct {
	hub       *GitHub
	id        int64
	owner     *user
	name      string
	createdAt time.Time
	pushedAt  time.Time
	roles     map[string]string // by login in lower case

	issues        []*issue // by number, pull requests too
	byNumber      map[int]*issue
	labels        []*label
	comments      map[int64]*comment
	stars         []fan
	forks         []fan
	watchers      []*user
	figures       *Figures
	alerts        []*alert
	runs          []*workflowRun
	advisories    []*advisory
	discussions   []*discussion
	releases      []*release
	statuses      map[string][]*commitStatus
	pinned        []*issue
	git           *objects
	protected     map[string]string // by branch: the refusal
	pings         []string
	archived      bool
	noPulls       bool // workflows may not open any
	refusedLabels map[string]string
	deleted       []int // numbers of issues
}

// Archive makes the repository read-only: every change of it is refused.
func (r *Repository) Archive() {
	defer r.lock()()
	r.archived = true
}

const defaultBranch = "main"

func (g *GitHub) add(name string) *Repository {
	owner, short, found := strings.Cut(name, "/")
	if !found {
		panic(fmt.Sprintf("simulate: repository %q: expected owner/name", name))
	}
	now := g.world.Now().Truncate(time.Second)
	r := &Repository{
		hub: g, id: g.next(), owner: g.user(owner), name: short, createdAt: now, pushedAt: now,
		roles: map[string]string{}, byNumber: map[int]*issue{}, comments: map[int64]*comment{},
		statuses: map[string][]*commitStatus{}, protected: map[string]string{},
	}
	r.git = newObjects()
	r.git.start(short, now)
	for _, l := range firstLabels {
		r.labels = append(r.labels, &label{id: g.next(), name: l[0], color: l[1], description: &l[2], standard: true})
	}
	g.repositories[strings.ToLower(name)] = r
	return r
}

// firstLabels is what GitHub gives each new repository.
var firstLabels = [][3]string{
	{"bug", "d73a4a", "Something isn't working"},
	{"documentation", "0075ca", "Improvements or additions to documentation"},
	{"duplicate", "cfd3d7", "This issue or pull request already exists"},
	{"enhancement", "a2eeef", "New feature or request"},
	{"good first issue", "7057ff", "Good for newcomers"},
	{"help wanted", "008672", "Extra attention is needed"},
	{"invalid", "e4e669", "This doesn't seem right"},
	{"question", "d876e3", "Further information is requested"},
	{"wontfix", "ffffff", "This will not be worked on"},
}

// FullName is owner/name.
func (r *Repository) FullName() string { return r.owner.login + "/" + r.name }

func (r *Repository) api() string { return r.hub.URL + "/repos/" + r.FullName() }
func (r *Repository) web() string { return "https://github.com/" + r.FullName() }

func (r *Repository) now() time.Time { return r.hub.world.Now().Truncate(time.Second) }

// lock takes the world's lock for one thing that people do; call what it gives
// to let go.
func (r *Repository) lock() func() {
	r.hub.world.mu.Lock()
	return r.hub.world.mu.Unlock
}

// Figures are the counts that a repository shows of itself, for a world that
// needs the numbers and not the people.
type Figures struct{ Stars, Forks, Watchers int }

// SetFigures shows these counts from now on, whoever stars or forks.
func (r *Repository) SetFigures(f Figures) {
	defer r.lock()()
	r.figures = &f
}

func (r *Repository) counts() Figures {
	if r.figures != nil {
		return *r.figures
	}
	return Figures{len(r.stars), len(r.forks), len(r.watchers)}
}

func (r *Repository) open() int {
	n := 0
	for _, i := range r.issues {
		if i.state == "open" {
			n++
		}
	}
	return n
}

// shape is the repository with every field of its description that is not
// optional, and the few beyond that people use.
func (r *Repository) shape() map[string]any {
	api, web, full, c := r.api(), r.web(), r.FullName(), r.counts()
	s := map[string]any{
		"id": r.id, "node_id": nodeID("Repository", r.id), "name": r.name, "full_name": full,
		"owner": r.hub.shapeOf(r.owner), "private": false, "html_url": web, "description": nil, "fork": false, "url": api,
		"clone_url": web + ".git", "git_url": "git:" + strings.TrimPrefix(web, "https:") + ".git", "svn_url": web,
		"ssh_url": "git@github.com:" + full + ".git", "mirror_url": nil, "homepage": nil, "language": nil, "license": nil,
		"forks": c.Forks, "forks_count": c.Forks, "stargazers_count": c.Stars, "watchers": c.Stars, "watchers_count": c.Stars,
		"size": 1, "default_branch": defaultBranch, "open_issues": r.open(), "open_issues_count": r.open(),
		"has_issues": true, "has_projects": true, "has_wiki": true, "has_pages": false, "has_discussions": true, "has_downloads": true,
		"archived": r.archived, "disabled": false, "visibility": "public", "topics": []string{}, "is_template": false,
		"allow_forking": true, "web_commit_signoff_required": false,
		"pushed_at": r.pushedAt, "created_at": r.createdAt, "updated_at": r.pushedAt,
	}
	for name, rest := range repositoryURLs {
		s[name] = api + rest
	}
	return s
}

var repositoryURLs = map[string]string{
	"archive_url": "/{archive_format}{/ref}", "assignees_url": "/assignees{/user}", "blobs_url": "/git/blobs{/sha}",
	"branches_url": "/branches{/branch}", "collaborators_url": "/collaborators{/collaborator}", "comments_url": "/comments{/number}",
	"commits_url": "/commits{/sha}", "compare_url": "/compare/{base}...{head}", "contents_url": "/contents/{+path}",
	"contributors_url": "/contributors", "deployments_url": "/deployments", "downloads_url": "/downloads", "events_url": "/events",
	"forks_url": "/forks", "git_commits_url": "/git/commits{/sha}", "git_refs_url": "/git/refs{/sha}", "git_tags_url": "/git/tags{/sha}",
	"hooks_url": "/hooks", "issue_comment_url": "/issues/comments{/number}", "issue_events_url": "/issues/events{/number}",
	"issues_url": "/issues{/number}", "keys_url": "/keys{/key_id}", "labels_url": "/labels{/name}", "languages_url": "/languages",
	"merges_url": "/merges", "milestones_url": "/milestones{/number}", "notifications_url": "/notifications{?since,all,participating}",
	"pulls_url": "/pulls{/number}", "releases_url": "/releases{/id}", "stargazers_url": "/stargazers", "statuses_url": "/statuses/{sha}",
	"subscribers_url": "/subscribers", "subscription_url": "/subscription", "tags_url": "/tags", "teams_url": "/teams", "trees_url": "/git/trees{/sha}",
}

func (r *Repository) fullShape() map[string]any {
	s, c := r.shape(), r.counts()
	s["subscribers_count"], s["network_count"] = c.Watchers, c.Forks
	return s
}

func (g *GitHub) routesOfRepository() {
	g.handle("GET /repos/{owner}/{repo}", "metadata: read", func(c *call) answer {
		return lastModified(ok(c.repo.fullShape()), c.repo.pushedAt)
	})
	g.handle("GET /repos/{owner}/{repo}/collaborators/{username}/permission", "metadata: read", func(c *call) answer {
		return c.repo.permissionOf(c.vars["username"])
	})
}

func (r *Repository) permissionOf(login string) answer {
	u := r.hub.users[strings.ToLower(login)]
	if u == nil || u.deleted {
		return answer{status: http.StatusNotFound, body: refusal{Message: login + " is not a user", Documentation: documentation, Status: "404"}}
	}
	permission := r.permission(u)
	rights := map[string]bool{
		"admin": permission == "admin", "maintain": permission == "admin",
		"push": permission != "read", "triage": permission != "read", "pull": true,
	}
	type collaborator struct {
		*userShape
		Permissions map[string]bool `json:"permissions"`
		RoleName    string          `json:"role_name"`
	}
	return ok(map[string]any{
		"permission": permission, "role_name": permission,
		"user": collaborator{r.hub.shapeOf(u), rights, permission},
	})
}
