package fake

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// GitHub is the simulated GitHub: its people, its tokens, and its repositories.
// What people do to the world's own repository is called on it directly.
type GitHub struct {
	*Repository
	// URL is the root of the REST API, as in GITHUB_API_URL; GraphQL is at
	// /graphql below it.
	URL string

	*server
	users        map[string]*user
	tokens       map[string]*user
	revoked      map[string]bool
	permits      map[string]permit
	repositories map[string]*Repository
	limits       Limits
	spent        map[string]*budget
	lastID       int64
}

// WorkflowToken is the token of github-actions[bot]. Every token that was not
// given to somebody else is its token too.
const WorkflowToken = "workflow-token"

func newGitHub(w *World, repository string) *GitHub {
	g := &GitHub{
		server: w.serve("github"), users: map[string]*user{}, tokens: map[string]*user{}, revoked: map[string]bool{},
		permits: map[string]permit{}, repositories: map[string]*Repository{}, spent: map[string]*budget{}, lastID: 1000,
	}
	g.URL = g.server.url
	g.server.refuse = func(status int, message string) answer { return refuse(status, message) }
	g.server.front = g.front
	g.users["github-actions[bot]"] = &user{login: "github-actions[bot]", id: 41898282, kind: "Bot"}
	g.users["ghost"] = &user{login: "ghost", id: 10137, kind: "User"}
	g.Repository = g.add(repository)
	g.routesOfRepository()
	g.routesOfIssues()
	g.routesOfLabels()
	g.routesOfComments()
	g.routesOfEvents()
	g.routesOfPeople()
	g.routesOfSecurity()
	g.routesOfRuns()
	g.routesOfGit()
	g.routesOfContents()
	g.routesOfReleases()
	g.routesOfGraphQL()
	return g
}

// next is a new id; the same calls in the same order get the same ids.
func (g *GitHub) next() int64 {
	g.lastID++
	return g.lastID
}

// AddRepository makes another repository, such as the one that is watched where
// reports are written elsewhere. One that exists is returned as it is.
func (g *GitHub) AddRepository(name string) *Repository {
	g.world.mu.Lock()
	defer g.world.mu.Unlock()
	if r := g.repositories[strings.ToLower(name)]; r != nil {
		return r
	}
	return g.add(name)
}

// Token gives somebody a token.
func (g *GitHub) Token(token, login string) {
	g.world.mu.Lock()
	defer g.world.mu.Unlock()
	g.tokens[token] = g.user(login)
}

// Revoke makes a token bad: 401 from now on.
func (g *GitHub) Revoke(token string) {
	g.world.mu.Lock()
	defer g.world.mu.Unlock()
	g.revoked[token] = true
}

// permit is what a token may do: permission to read or write.
type permit map[string]string

// Permit limits a token to the permissions of a job, such as "issues: write"
// and "contents: read". Without it a token may do everything. Metadata can
// always be read.
func (g *GitHub) Permit(token string, permissions ...string) {
	g.world.mu.Lock()
	defer g.world.mu.Unlock()
	p := permit{"metadata": "read"}
	for _, one := range permissions {
		scope, level, _ := strings.Cut(one, ":")
		p[strings.TrimSpace(scope)] = strings.TrimSpace(level)
	}
	g.permits[token] = p
}

// allows reports whether the permission is held; needs may name several, of which
// one is enough: "issues: read|pull-requests: read".
func (p permit) allows(needs string) bool {
	if p == nil || needs == "" {
		return true
	}
	for _, need := range strings.Split(needs, "|") {
		scope, level, _ := strings.Cut(need, ": ")
		if p[scope] == level || p[scope] == "write" {
			return true
		}
	}
	return false
}

// front is what every request meets: whose token, which permission, how many
// requests are left, and whether the answer is known already.
func (g *GitHub) front(c *call, run func(*call) answer) answer {
	token := bearer(c.Request)
	if g.revoked[token] {
		return refuse(http.StatusUnauthorized, "Bad credentials")
	}
	if token == "" && c.Method != http.MethodGet {
		return refuse(http.StatusUnauthorized, "Requires authentication")
	}
	c.actor = g.owner(token)
	purse := g.purse(token, c)
	if said, over := g.overLimit(c, purse); over {
		return purse.stamp(said)
	}
	if c.Header.Get("User-Agent") == "" {
		return refuse(http.StatusForbidden, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.")
	}
	if !g.permits[token].allows(c.route.needs) {
		purse.used++
		said := refuse(http.StatusForbidden, "Resource not accessible by integration").with("X-Accepted-GitHub-Permissions", strings.ReplaceAll(c.route.needs, ": ", "="))
		return purse.stamp(said)
	}
	said := g.inRepository(c, run)
	if fresh := revalidate(c, &said); fresh {
		return purse.stamp(said) // a 304 is free
	}
	purse.used++
	return purse.stamp(said)
}

func (g *GitHub) inRepository(c *call, run func(*call) answer) answer {
	if owner, name := c.vars["owner"], c.vars["repo"]; owner != "" {
		c.repo = g.repositories[strings.ToLower(owner+"/"+name)]
		if c.repo == nil {
			return notFound()
		}
		if c.repo.archived && c.Method != http.MethodGet {
			return refuse(http.StatusForbidden, "Repository was archived so is read-only.")
		}
	}
	return run(c)
}

func bearer(r *http.Request) string {
	words := strings.Fields(r.Header.Get("Authorization"))
	if len(words) == 2 && (strings.EqualFold(words[0], "bearer") || strings.EqualFold(words[0], "token")) {
		return words[1]
	}
	return ""
}

func (g *GitHub) owner(token string) *user {
	if u := g.tokens[token]; u != nil {
		return u
	}
	return g.users["github-actions[bot]"]
}

// revalidate gives a good answer to a GET its ETag, and turns it into a 304
// where the client has it already.
func revalidate(c *call, said *answer) bool {
	if c.Method != http.MethodGet || said.status != http.StatusOK {
		return false
	}
	body := encode(said.body)
	said.body = body
	*said = said.with("ETag", fmt.Sprintf(`W/"%x"`, sha256.Sum256(append(body, said.header.Get("Link")...)))).
		with("Cache-Control", "private, max-age=60, s-maxage=60").with("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With")
	if !unchanged(c.Request, said.header) {
		return false
	}
	said.status, said.body = http.StatusNotModified, []byte{}
	return true
}

func unchanged(r *http.Request, header http.Header) bool {
	if known := r.Header.Get("If-None-Match"); known != "" {
		return strings.TrimPrefix(known, "W/") == strings.TrimPrefix(header.Get("ETag"), "W/")
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	last, errLast := http.ParseTime(header.Get("Last-Modified"))
	return err == nil && errLast == nil && !last.After(since)
}

func lastModified(a answer, at time.Time) answer {
	return a.with("Last-Modified", at.Format(http.TimeFormat))
}

// problem is one entry of a validation error.
type problem struct {
	Resource string `json:"resource"`
	Field    string `json:"field"`
	Code     string `json:"code"`
	Message  string `json:"message,omitempty"`
}

type refusal struct {
	Message       string    `json:"message"`
	Errors        []problem `json:"errors,omitempty"`
	Documentation string    `json:"documentation_url"`
	Status        string    `json:"status"`
}

const documentation = "https://docs.github.com/rest"

func refuse(status int, message string) answer {
	return answer{status: status, body: refusal{Message: message, Documentation: documentation, Status: fmt.Sprint(status)}}
}

func notFound() answer { return refuse(http.StatusNotFound, "Not Found") }

func invalid(problems ...problem) answer {
	return answer{status: http.StatusUnprocessableEntity, body: refusal{
		Message: "Validation Failed", Errors: problems, Documentation: documentation, Status: "422",
	}}
}
