package fake

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
)

// user is an account. A deleted one stays, so that what it wrote stays: there
// its author shows as ghost, and as null who did something, as on GitHub.
type user struct {
	login   string
	id      int64
	kind    string // User, Bot, Organization
	deleted bool
	made    *userShape
}

// user finds an account by its login, or makes one. The empty login is nobody.
func (g *GitHub) user(login string) *user {
	if login == "" {
		return nil
	}
	key := strings.ToLower(login)
	if u := g.users[key]; u != nil {
		return u
	}
	u := &user{login: login, id: g.next(), kind: "User"}
	if strings.HasSuffix(key, "[bot]") {
		u.kind = "Bot"
	}
	g.users[key] = u
	return u
}

// DeleteUser deletes an account: what it wrote belongs to ghost now.
func (g *GitHub) DeleteUser(login string) {
	g.world.mu.Lock()
	defer g.world.mu.Unlock()
	g.user(login).deleted = true
}

type userShape struct {
	Login             string `json:"login"`
	ID                int64  `json:"id"`
	NodeID            string `json:"node_id"`
	AvatarURL         string `json:"avatar_url"`
	GravatarID        string `json:"gravatar_id"`
	URL               string `json:"url"`
	HTMLURL           string `json:"html_url"`
	FollowersURL      string `json:"followers_url"`
	FollowingURL      string `json:"following_url"`
	GistsURL          string `json:"gists_url"`
	StarredURL        string `json:"starred_url"`
	SubscriptionsURL  string `json:"subscriptions_url"`
	OrganizationsURL  string `json:"organizations_url"`
	ReposURL          string `json:"repos_url"`
	EventsURL         string `json:"events_url"`
	ReceivedEventsURL string `json:"received_events_url"`
	Type              string `json:"type"`
	UserViewType      string `json:"user_view_type"`
	SiteAdmin         bool   `json:"site_admin"`
}

// shapeOf is the account as GitHub shows it; null for nobody and for a deleted
// one.
func (g *GitHub) shapeOf(u *user) *userShape {
	if u == nil || u.deleted {
		return nil
	}
	if u.made == nil {
		u.made = g.newUserShape(u)
	}
	return u.made
}

// authorOf is who wrote something, as GitHub shows it.
func (g *GitHub) authorOf(u *user) *userShape {
	if u == nil || u.deleted {
		u = g.users["ghost"]
	}
	return g.shapeOf(u)
}

func (g *GitHub) newUserShape(u *user) *userShape {
	inPath := strings.NewReplacer("[", "%5B", "]", "%5D").Replace(u.login)
	api := g.URL + "/users/" + inPath
	web := "https://github.com/" + inPath
	if app, isApp := strings.CutSuffix(u.login, "[bot]"); isApp {
		web = "https://github.com/apps/" + app
	}
	return &userShape{
		Login: u.login, ID: u.id, NodeID: nodeID("User", u.id), Type: u.kind, UserViewType: "public",
		AvatarURL: fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", u.id),
		URL:       api, HTMLURL: web, FollowersURL: api + "/followers", FollowingURL: api + "/following{/other_user}",
		GistsURL: api + "/gists{/gist_id}", StarredURL: api + "/starred{/owner}{/repo}",
		SubscriptionsURL: api + "/subscriptions", OrganizationsURL: api + "/orgs", ReposURL: api + "/repos",
		EventsURL: api + "/events{/privacy}", ReceivedEventsURL: api + "/received_events",
	}
}

// nodeID is the id of a thing in GraphQL.
func nodeID(kind string, id int64) string {
	return base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf("%s:%d", kind, id)))
}

// Role says what somebody is to the repository: OWNER, MEMBER, COLLABORATOR,
// CONTRIBUTOR, FIRST_TIME_CONTRIBUTOR or NONE. It holds for what they write from
// now on. The first three may write to the repository.
func (r *Repository) Role(login, association string) {
	r.hub.world.mu.Lock()
	defer r.hub.world.mu.Unlock()
	r.hub.user(login)
	r.roles[strings.ToLower(login)] = association
}

func (r *Repository) association(u *user) string {
	if u == nil {
		return "NONE"
	}
	if role := r.roles[strings.ToLower(u.login)]; role != "" {
		return role
	}
	if strings.EqualFold(u.login, r.owner.login) {
		return "OWNER"
	}
	return "NONE"
}

// permission is what the role lets one do: admin, write, read.
func (r *Repository) permission(u *user) string {
	switch r.association(u) {
	case "OWNER":
		return "admin"
	case "MEMBER", "COLLABORATOR":
		return "write"
	}
	return "read"
}

// inPath escapes a word for a place in a path.
func inPath(word string) string { return url.PathEscape(word) }
