package fake

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits is how much a client may ask. A zero is no limit, but for Primary,
// where it is GitHub's 5,000 an hour and a token.
type Limits struct {
	Primary int // REST requests an hour for each token; the workflow token's is 1,000 on GitHub
	GraphQL int // points an hour for each token
	Content int // issues and comments made in a minute; GitHub: about 80
	Minute  int // requests of any kind in a minute
	// Silent leaves out Retry-After where Content or Minute is passed, as GitHub
	// sometimes does.
	Silent bool
}

// Limit sets the limits and forgets what was spent.
func (g *GitHub) Limit(l Limits) {
	g.world.mu.Lock()
	defer g.world.mu.Unlock()
	g.limits, g.spent = l, map[string]*budget{}
}

// budget is what one token has spent of one resource in its hour.
type budget struct {
	resource string
	limit    int
	used     int
	reset    time.Time
	content  []time.Time // when content was made, within a minute
	asked    []time.Time // when anything was asked, within a minute
}

// purse is the token's budget for what the call spends.
func (g *GitHub) purse(token string, c *call) *budget {
	resource, limit := "core", g.limits.Primary
	if c.URL.Path == "/graphql" {
		resource, limit = "graphql", g.limits.GraphQL
	}
	if limit == 0 {
		limit = 5000
	}
	b := g.spent[resource+" "+token]
	if b == nil {
		b = &budget{resource: resource}
		g.spent[resource+" "+token] = b
	}
	b.limit = limit
	if !c.at.Before(b.reset) {
		b.used, b.reset = 0, c.at.Add(time.Hour)
	}
	return b
}

// overLimit refuses what is too much. What is refused is not carried out.
func (g *GitHub) overLimit(c *call, b *budget) (answer, bool) {
	if b.used >= b.limit {
		g.world.askForSilence("github", b.reset)
		return refuse(http.StatusForbidden, "API rate limit exceeded for installation. If you reach out to GitHub Support for help, please include the request ID."), true
	}
	b.asked = within(append(b.asked, c.at), c.at)
	if g.limits.Minute > 0 && len(b.asked) > g.limits.Minute {
		return g.slowDown(http.StatusTooManyRequests, b.asked[0], c.at), true
	}
	if !makesContent(c) {
		return answer{}, false
	}
	b.content = within(append(b.content, c.at), c.at)
	if g.limits.Content > 0 && len(b.content) > g.limits.Content {
		return g.slowDown(http.StatusForbidden, b.content[0], c.at), true
	}
	return answer{}, false
}

func (g *GitHub) slowDown(status int, first, at time.Time) answer {
	if g.limits.Silent {
		return g.limited(status, 0)
	}
	return g.limited(status, int(first.Add(time.Minute).Sub(at)/time.Second)+1)
}

// within is the times of the last minute.
func within(times []time.Time, at time.Time) []time.Time {
	for len(times) > 0 && !times[0].After(at.Add(-time.Minute)) {
		times = times[1:]
	}
	return times
}

func makesContent(c *call) bool {
	return c.Method == http.MethodPost && (strings.HasSuffix(c.URL.Path, "/issues") || strings.HasSuffix(c.URL.Path, "/comments"))
}

// stamp puts the state of the budget on an answer.
func (b *budget) stamp(a answer) answer {
	return a.with("X-RateLimit-Limit", strconv.Itoa(b.limit)).
		with("X-RateLimit-Remaining", strconv.Itoa(max(b.limit-b.used, 0))).
		with("X-RateLimit-Reset", strconv.FormatInt(b.reset.Unix(), 10)).
		with("X-RateLimit-Used", strconv.Itoa(b.used)).
		with("X-RateLimit-Resource", b.resource)
}
