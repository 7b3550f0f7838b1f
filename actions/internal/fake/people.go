package fake

import (
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
	g.handle("GET /repos/{owner}/{repo}/forks", "metadata: read", func(c *call) answer {
		found := slices.Clone(c.repo.forks)
		if c.get("sort") != "oldest" {
			slices.Reverse(found)
		}
		return page(c, found, c.repo.forkShape)
	}, with(paging, "sort")...)
}
