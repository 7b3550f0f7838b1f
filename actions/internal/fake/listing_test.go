package fake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// A field of each entry of a listing, in its order.
func fields(t testing.TB, r reply, name string) string {
	t.Helper()
	var list []map[string]any
	r.into(t, &list)
	var all []string
	for _, one := range list {
		all = append(all, fmt.Sprint(one[name]))
	}
	return strings.Join(all, " ")
}

func TestSmallListings(t *testing.T) {
	w := world(t)
	g := w.GitHub
	for range 2 {
		g.MergePull("caro", g.OpenPull("mia", "fix", "", "fix"))
	}
	g.MergePull("caro", g.OpenPull("ana", "fix", "", "fix"))
	g.OpenPull("zoe", "draft", "", "draft")
	g.VulnerableDependency("openssl", "high")
	g.FixDependency(g.VulnerableDependency("zlib", "low"))
	g.VulnerableDependency("curl", "critical")
	g.Commit("mia", "main", "docs", map[string][]byte{"docs/a.md": []byte("a")})
	g.Commit("mia", "main", "code", map[string][]byte{"main.rs": []byte("b")})
	g.Commit("mia", "main", "away", map[string][]byte{"docs/a.md": nil})
	g.Star("ana")
	g.Star("ana")
	g.Star("mia")
	g.Unstar("ana")
	g.Release("mia", "v1.0.0", "", false)
	g.Release("mia", "v1.1.0-beta", "", true)
	for path, want := range map[string]struct{ field, values string }{
		"/dependabot/alerts":                          {"number", "3 2 1"},
		"/dependabot/alerts?state=open":               {"number", "3 1"},
		"/dependabot/alerts?severity=low,high":        {"number", "2 1"},
		"/dependabot/alerts?direction=asc&per_page=2": {"number", "1 2"},
		"/dependabot/alerts?per_page=2&after=2":       {"number", "1"},
		"/releases":                                   {"tag_name", "v1.1.0-beta v1.0.0"},
		"/tags":                                       {"name", "v1.1.0-beta v1.0.0"},
		"/pulls":                                      {"number", "4"},
		"/pulls?state=closed&direction=asc":           {"number", "1 2 3"},
	} {
		if got := fields(t, ask(t, "GET", g.URL+"/repos/caro/caro"+path, nil), want.field); got != want.values {
			t.Errorf("%s: got %s, want %s", path, got, want.values)
		}
	}
	var commits []struct{ Commit struct{ Message string } }
	ask(t, "GET", g.URL+"/repos/caro/caro/commits?path=docs", nil).into(t, &commits)
	if len(commits) != 2 || commits[0].Commit.Message != "away" || commits[1].Commit.Message != "docs" {
		t.Errorf("the commits that touch docs are %+v", commits)
	}
}

func TestTheCombinedStatusIsTheWorst(t *testing.T) {
	w := world(t)
	api := w.GitHub.URL + "/repos/caro/caro"
	head := w.GitHub.Log("main")[0].SHA
	state := func() string {
		var got struct{ State string }
		ask(t, "GET", api+"/commits/main/status", nil).into(t, &got)
		return got.State
	}
	states := []string{state()}
	for _, s := range [][2]string{{"a", "success"}, {"b", "pending"}, {"a", "error"}, {"b", "success"}, {"a", "success"}} {
		ask(t, "POST", api+"/statuses/"+head, m{"context": s[0], "state": s[1]})
		states = append(states, state())
	}
	if got := strings.Join(states, " "); got != "pending success pending failure failure success" {
		t.Errorf("got %s", got)
	}
}

func TestFiguresMayBeSet(t *testing.T) {
	w := world(t)
	w.GitHub.Star("ana")
	w.GitHub.SetFigures(fake.Figures{Stars: 100, Forks: 20, Watchers: 5})
	var got struct {
		Stars    int `json:"stargazers_count"`
		Forks    int `json:"forks_count"`
		Watchers int `json:"subscribers_count"`
	}
	ask(t, "GET", w.GitHub.URL+"/repos/caro/caro", nil).into(t, &got)
	if got.Stars != 100 || got.Forks != 20 || got.Watchers != 5 {
		t.Errorf("got %+v", got)
	}
}

func TestDiscussionsTellAuthorsAndAnswers(t *testing.T) {
	w := world(t)
	n := w.GitHub.Discuss("ana", "Q&A", "how?", "")
	w.GitHub.Reply("ben", n, "no idea")
	w.GitHub.Answer("ana", n, w.GitHub.Reply("mia", n, "so"))
	query := `{ repository(owner: "caro", name: "caro") { discussion(number: 1) { author { login } isAnswered answer { body author { login } } comments(last: 1) { totalCount nodes { isAnswer } } } } }`
	got := string(ask(t, "POST", w.GitHub.URL+"/graphql", m{"query": query}).body)
	want := `{"data":{"repository":{"discussion":{"author":{"login":"ana"},"isAnswered":true,"answer":{"body":"so","author":{"login":"mia"}},"comments":{"totalCount":2,"nodes":[{"isAnswer":true}]}}}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
