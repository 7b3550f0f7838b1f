package fake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestThreeIssuesCanBePinned(t *testing.T) {
	w := world(t)
	pin := func(n int) string {
		w.GitHub.OpenIssue("ana", fmt.Sprint(n), "")
		var issue struct {
			NodeID string `json:"node_id"`
		}
		ask(t, "GET", fmt.Sprintf("%s/repos/caro/caro/issues/%d", w.GitHub.URL, n), nil).into(t, &issue)
		query := `mutation($i: ID!) { pinIssue(input: {issueId: $i}) { issue { number } } }`
		return string(ask(t, "POST", w.GitHub.URL+"/graphql", m{"query": query, "variables": m{"i": issue.NodeID}}).body)
	}
	for n := 1; n <= 3; n++ {
		pin(n)
	}
	if got := pin(4); !strings.Contains(got, "Maximum 3 pinned issues") || !slices.Equal(w.GitHub.Pinned(), []int{1, 2, 3}) {
		t.Errorf("a fourth: %s; pinned are %v", got, w.GitHub.Pinned())
	}
}

func TestGraphQLPagesByCursorAndRefusesTheUnknown(t *testing.T) {
	w := world(t)
	for n := range 5 {
		w.GitHub.Discuss("ana", "Ideas", fmt.Sprint("idea ", n), "")
		w.Advance(time.Minute)
	}
	query := `query($after: String) { repository(owner: "caro", name: "caro") { discussions(first: 2, after: $after) { nodes { title } pageInfo { hasNextPage endCursor } } } }`
	var titles []string
	for after, more := any(nil), true; more; {
		var got struct {
			Data struct {
				Repository struct {
					Discussions struct {
						Nodes    []struct{ Title string }
						PageInfo struct {
							HasNextPage bool
							EndCursor   string
						}
					}
				}
			}
		}
		ask(t, "POST", w.GitHub.URL+"/graphql", m{"query": query, "variables": m{"after": after}}).into(t, &got)
		d := got.Data.Repository.Discussions
		for _, n := range d.Nodes {
			titles = append(titles, n.Title)
		}
		after, more = d.PageInfo.EndCursor, d.PageInfo.HasNextPage
	}
	if got := strings.Join(titles, ", "); got != "idea 4, idea 3, idea 2, idea 1, idea 0" {
		t.Errorf("got %s", got)
	}
	for query, want := range map[string]string{
		`{ repository(owner: "caro", name: "caro") { nothing } }`:                           "Field 'nothing' doesn't exist",
		`{ repository(owner: "caro", name: "none") { id } }`:                                "NOT_FOUND",
		`{ repository(owner: "caro", name: "caro") { issues(first: 101) { totalCount } } }`: "exceeds the `first` limit",
		`{ repository(owner: "caro", name: "caro") { issues { nodes { id } } } }`:           "must provide a `first`",
		`{ repository(owner: "caro"`:                                                        "Expected",
	} {
		if got := ask(t, "POST", w.GitHub.URL+"/graphql", m{"query": query}); got.status != 200 || !strings.Contains(string(got.body), want) {
			t.Errorf("%s: got %d %s, want %q", query, got.status, got.body, want)
		}
	}
	if len(w.Unknown()) != 1 {
		t.Errorf("written down as unknown: %q", w.Unknown())
	}
}
