package collect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// changing is a transport that changes answers of one path on their way.
type changing struct {
	path   string
	change func(body []byte) []byte
}

func (c changing) RoundTrip(req *http.Request) (*http.Response, error) {
	said, err := http.DefaultTransport.RoundTrip(req)
	if err != nil || !strings.HasSuffix(req.URL.Path, c.path) {
		return said, err
	}
	body, err := io.ReadAll(said.Body)
	said.Body.Close()
	if said.StatusCode == http.StatusOK {
		body = c.change(body)
	}
	said.Body, said.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	said.Header.Del("Content-Length")
	return said, err
}

func through(path string, change func([]byte) []byte) *http.Client {
	return &http.Client{Transport: changing{path, change}}
}

// An answer that lacks what the query asked for is a gap, and the cursor stays:
// an issue that was opened meanwhile is read as soon as GitHub answers again.
func TestSync_EmptyAnswersAreGaps(t *testing.T) {
	for _, body := range []string{`{}`, `{"data":{}}`, `{"data":null}`, `{"data":{"repository":null}}`, `{"data":{"rateLimit":null,"repository":{}}}`,
		`{"data":{"rateLimit":null,"repository":{"page":null}}}`, `{"data":{"rateLimit":null,"repository":{"page":{"totalCount":0,"pageInfo":{"hasNextPage":false},"nodes":null}}}}`,
		`{"data":{"rateLimit":null,"repository":{"page":{"totalCount":-1,"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[]}}}}`,
		`{"data":{"rateLimit":null,"repository":{"page":{"totalCount":1,"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[null]}}}}`} {
		for _, first := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, first %v", body, first), func(t *testing.T) {
				world := fake.New(fake.Options{})
				t.Cleanup(world.Close)
				k := newKeeper()
				if !first {
					world.GitHub.OpenIssue("ann", "an old one", "")
					k.sync(t, world)
					world.Advance(time.Hour)
				}
				n := world.GitHub.OpenIssue("ann", "All files are lost", "")
				state := k.state["github/issues/since"]
				_, gaps := newSync(t, world, k, through("/graphql", func([]byte) []byte { return []byte(body) })).Run(t.Context())
				if !slices.ContainsFunc(gaps, func(g model.Gap) bool { return g.Table == "" }) || k.state["github/issues/since"] != state {
					t.Errorf("gaps %+v, since %q, was %q", gaps, k.state["github/issues/since"], state)
				}
				world.Advance(33 * time.Hour)
				k.sync(t, world)
				if k.issues[n].Title == "" {
					t.Error("the issue was never read")
				}
			})
		}
	}
}

// Whatever one node lacks costs that node only: it is named, the others are
// read, and the next run reads it.
func TestSync_OneBadNodeCostsItself(t *testing.T) {
	for name, change := range map[string]func(map[string]any) any{
		"null":                   func(map[string]any) any { return nil },
		"empty":                  func(map[string]any) any { return map[string]any{} },
		"no creation time":       func(n map[string]any) any { delete(n, "createdAt"); return n },
		"created in year 9999":   func(n map[string]any) any { n["createdAt"] = "9999-01-01T00:00:00Z"; return n },
		"closed in year 9999":    func(n map[string]any) any { n["closedAt"] = "9999-01-01T00:00:00Z"; return n },
		"reactions below zero":   func(n map[string]any) any { n["reactions"] = map[string]any{"totalCount": -3}; return n },
		"no labels":              func(n map[string]any) any { delete(n, "labels"); return n },
		"no comments":            func(n map[string]any) any { n["comments"] = nil; return n },
		"number zero":            func(n map[string]any) any { n["number"] = 0; return n },
		"label without its name": func(n map[string]any) any { n["labels"] = map[string]any{"nodes": []any{map[string]any{}}}; return n },
	} {
		t.Run(name, func(t *testing.T) {
			world := fake.New(fake.Options{})
			t.Cleanup(world.Close)
			for _, title := range []string{"one", "two", "three"} {
				world.GitHub.OpenIssue("ann", title, "")
			}
			k := newKeeper()
			done, gaps := newSync(t, world, k, through("/graphql", func(body []byte) []byte { return onSecond(t, body, change) })).Run(t.Context())
			if slices.ContainsFunc(gaps, func(g model.Gap) bool { return g.Table == "" }) || k.issues[1].Title != "one" || k.issues[3].Title != "three" || k.issues[2].Title != "" {
				t.Errorf("gaps %+v, issues %+v", gaps, k.issues)
			}
			if len(done.Unread) != 1 || !strings.Contains(done.Unread[0], "nodes[1]") {
				t.Errorf("the node must be named: %q", done.Unread)
			}
			world.Advance(time.Hour)
			if again, _ := k.sync(t, world); k.issues[2].Title != "two" || len(again.Unread) != 0 {
				t.Errorf("the next run reads %+v, unread %q", k.issues[2], again.Unread)
			}
		})
	}
}

// onSecond changes the second node of a page of issues.
func onSecond(t *testing.T, body []byte, change func(map[string]any) any) []byte {
	var doc map[string]any
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	data, _ := doc["data"].(map[string]any)
	repository, _ := data["repository"].(map[string]any)
	page, _ := repository["page"].(map[string]any)
	nodes, _ := page["nodes"].([]any)
	if len(nodes) < 2 {
		return body
	}
	nodes[1] = change(nodes[1].(map[string]any))
	out, _ := json.Marshal(doc)
	return out
}

// Figures, forks, alerts and advisories that cannot be are gaps or left out,
// never zero.
func TestSync_RESTAnswersThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct{ path, from, to, want string }{
		"no stars":               {"/repos/caro/caro", `"stargazers_count":\d+`, `"x":1`, "stargazers_count is missing"},
		"null stars":             {"/repos/caro/caro", `"stargazers_count":\d+`, `"stargazers_count":null`, "stargazers_count is null"},
		"forks below zero":       {"/repos/caro/caro", `"forks_count":\d+`, `"forks_count":-1`, "must not be below zero"},
		"an object for forks":    {"/forks", `(?s)^.*$`, `{}`, "must be a list"},
		"fork in year 9999":      {"/forks", `"created_at":"\d{4}`, `"created_at":"9999`, "cannot be"},
		"advisory in year 9999":  {"/security-advisories", `"published_at":"\d{4}`, `"published_at":"9999`, "cannot be"},
		"advisory without state": {"/security-advisories", `"state":"published"`, `"x":1`, "state is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			world := fake.New(fake.Options{})
			t.Cleanup(world.Close)
			world.GitHub.OpenIssue("ann", "one", "")
			world.GitHub.Fork("ben")
			world.GitHub.PublishAdvisory("mia", "summary", "high")
			k := newKeeper()
			_, gaps := newSync(t, world, k, through(c.path, func(body []byte) []byte {
				return regexp.MustCompile(c.from).ReplaceAll(body, []byte(c.to))
			})).Run(t.Context())
			if !slices.ContainsFunc(gaps, func(g model.Gap) bool { return strings.Contains(g.Reason, c.want) }) {
				t.Errorf("gaps %+v, want one with %q", gaps, c.want)
			}
		})
	}
}

// Pages that never end are a gap, after few requests, and the cursor stays.
func TestSync_EndlessPagesAreAGap(t *testing.T) {
	for name, change := range map[string]string{"the same cursor": `"hasNextPage":true,"endCursor":"Y3Vyc29yOjA="`, "no cursor": `"hasNextPage":true,"endCursor":null`} {
		t.Run(name, func(t *testing.T) {
			world := fake.New(fake.Options{})
			t.Cleanup(world.Close)
			world.GitHub.OpenIssue("ann", "one", "")
			k := newKeeper()
			_, gaps := newSync(t, world, k, through("/graphql", func(body []byte) []byte {
				return regexp.MustCompile(`"hasNextPage":false,"endCursor":("[^"]*"|null)`).ReplaceAll(body, []byte(change))
			})).Run(t.Context())
			if !slices.ContainsFunc(gaps, func(g model.Gap) bool { return g.Table == "" && strings.Contains(g.Reason, "do not end") }) || k.state["github/issues/since"] != "" {
				t.Errorf("gaps %+v, since %q", gaps, k.state["github/issues/since"])
			}
			if n := len(world.Requests()); n > 40 {
				t.Errorf("%d requests", n)
			}
		})
	}
}
