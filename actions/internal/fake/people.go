package fake

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// fan is somebody who starred or forked the repository.
type fan struct {
	who *user
	at  time.Time
	id  int64
}

// Star stars the repository; a second time does nothing.
func (r *Repository) Star(login string) {
	defer r.lock()()
	if u := r.hub.user(login); !among(r.stars, u) {
		r.stars = append(r.stars, fan{u, r.now(), 0})
	}
}

// Unstar takes the star back.
func (r *Repository) Unstar(login string) {
	defer r.lock()()
	u := r.hub.user(login)
	r.stars = slices.DeleteFunc(r.stars, func(f fan) bool { return f.who == u })
}

// Fork forks the repository into an account, once.
func (r *Repository) Fork(login string) {
	defer r.lock()()
	if u := r.hub.user(login); !among(r.forks, u) {
		r.forks = append(r.forks, fan{u, r.now(), r.hub.next()})
	}
}

// Watch subscribes somebody to the repository.
func (r *Repository) Watch(login string) {
	defer r.lock()()
	if u := r.hub.user(login); !slices.Contains(r.watchers, u) {
		r.watchers = append(r.watchers, u)
	}
}

func among(fans []fan, u *user) bool {
	return slices.ContainsFunc(fans, func(f fan) bool { return f.who == u })
}

// forkShape is somebody's copy of the repository.
func (r *Repository) forkShape(f fan) map[string]any {
	s := r.shape()
	old, full := r.FullName(), f.who.login+"/"+r.name
	for name, value := range s {
		if text, isText := value.(string); isText {
			s[name] = strings.Replace(text, old, full, 1)
		}
	}
	for name, value := range map[string]any{
		"id": f.id, "node_id": nodeID("Repository", f.id), "fork": true, "owner": r.hub.shapeOf(f.who), "created_at": f.at,
		"updated_at": f.at, "pushed_at": f.at, "forks": 0, "forks_count": 0, "stargazers_count": 0, "watchers": 0, "watchers_count": 0,
		"open_issues": 0, "open_issues_count": 0,
	} {
		s[name] = value
	}
	return s
}

func (g *GitHub) routesOfPeople() {
	g.routesOfPulls()
	g.handle("GET /repos/{owner}/{repo}/collaborators/{username}/permission", "", permissionOf)
	g.handle("GET /users/{username}", "", func(c *call) answer {
		u := g.users[strings.ToLower(c.vars["username"])]
		if u == nil || u.deleted {
			return notFound()
		}
		return ok(g.publicUser(u))
	})
	g.handle("GET /repos/{owner}/{repo}/stargazers", "metadata: read", func(c *call) answer {
		if strings.Contains(c.Header.Get("Accept"), "star+json") {
			return page(c, c.repo.stars, func(f fan) any { return map[string]any{"starred_at": f.at, "user": g.shapeOf(f.who)} })
		}
		return page(c, c.repo.stars, func(f fan) *userShape { return g.shapeOf(f.who) })
	}, paging...)
	g.handle("GET /repos/{owner}/{repo}/subscribers", "metadata: read", func(c *call) answer {
		return page(c, c.repo.watchers, g.shapeOf)
	}, paging...)
	g.handle("GET /repos/{owner}/{repo}/forks", "metadata: read", func(c *call) answer {
		found := slices.Clone(c.repo.forks)
		if c.get("sort") != "oldest" {
			slices.Reverse(found)
		}
		return page(c, found, c.repo.forkShape)
	}, with(paging, "sort")...)
	g.handle("GET /repos/{owner}/{repo}/contributors", "metadata: read", func(c *call) answer {
		return page(c, c.repo.contributors(), func(n contributor) any {
			return struct {
				*userShape
				Contributions int `json:"contributions"`
			}{g.shapeOf(n.who), n.commits}
		})
	}, paging...)
}

type contributor struct {
	who     *user
	commits int
}

// contributors are the authors of merged pull requests and of the commits on
// the default branch, the busiest first.
func (r *Repository) contributors() []contributor {
	count := map[*user]int{}
	for _, i := range r.issues {
		if i.pull != nil && i.pull.mergedAt != nil && i.author != nil && !i.author.deleted {
			count[i.author]++
		}
	}
	for _, done := range r.git.log(r.git.refs["heads/"+defaultBranch]) {
		if u := r.hub.users[strings.ToLower(done.author.Name)]; u != nil && !u.deleted {
			count[u]++
		}
	}
	var all []contributor
	for u, n := range count {
		all = append(all, contributor{u, n})
	}
	slices.SortFunc(all, func(a, b contributor) int {
		return cmp.Or(cmp.Compare(b.commits, a.commits), strings.Compare(a.who.login, b.who.login))
	})
	return all
}

func (g *GitHub) publicUser(u *user) any {
	zero := time.Unix(0, 0).UTC()
	return struct {
		*userShape
		Name        *string   `json:"name"`
		Company     *string   `json:"company"`
		Blog        *string   `json:"blog"`
		Location    *string   `json:"location"`
		Email       *string   `json:"email"`
		Hireable    *bool     `json:"hireable"`
		Bio         *string   `json:"bio"`
		PublicRepos int       `json:"public_repos"`
		PublicGists int       `json:"public_gists"`
		Followers   int       `json:"followers"`
		Following   int       `json:"following"`
		CreatedAt   time.Time `json:"created_at"`
		UpdatedAt   time.Time `json:"updated_at"`
	}{userShape: g.shapeOf(u), CreatedAt: zero, UpdatedAt: zero}
}
