package contract_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
)

type m = map[string]any

// client asks one server; want is the status that it must answer.
type client struct {
	t    *testing.T
	root string
}

func (c client) ask(want int, method, path string, body any, headers ...string) m {
	c.t.Helper()
	var sent io.Reader
	if body != nil {
		raw, _ := json.Marshal(body)
		sent = bytes.NewReader(raw)
	}
	r, err := http.NewRequest(method, c.root+path, sent)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+fake.WorkflowToken)
	r.Header.Set("User-Agent", "test")
	r.Header.Set("Accept", "application/vnd.github+json")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != want {
		c.t.Errorf("%s %s: got %d %.300s, want %d", method, path, answer.StatusCode, raw, want)
	}
	var got m
	_ = json.Unmarshal(raw, &got)
	return got
}

// populated is a world where something of everything has happened.
func populated(t *testing.T) *fake.World {
	t.Helper()
	w := fake.New(fake.Options{})
	t.Cleanup(w.Close)
	contract.Hold(t, w, "")
	g := w.GitHub
	g.Role("mia", "MEMBER")
	g.OpenIssue("ana", "It crashes", "on start", "bug", "P0")
	g.OpenIssue("ben", "Please add", "like #1, @caro/team, @mia", "enhancement")
	g.OpenPull("mia", "Fix the crash", "fixes #1", "fix")
	w.Advance(time.Hour)
	g.Comment("mia", 1, "We look into it.")
	g.EditIssue("ana", 1, "It crashes at once", "on start, always")
	g.Unlabel("mia", 1, "P0")
	g.CloseIssue("mia", 2)
	g.ReopenIssue("ben", 2)
	g.LockIssue("mia", 2)
	g.React(1, "+1", 3)
	g.MergePull("caro", 3)
	g.DeleteUser("ben")
	for _, fan := range []string{"ana", "mia"} {
		g.Star(fan)
		g.Fork(fan)
		g.Watch(fan)
	}
	g.VulnerableDependency("openssl", "high")
	g.RunWorkflow(".github/workflows/ci.yml", "main", "push", "failure")
	g.RunWorkflow(".github/workflows/ci.yml", "main", "push", "")
	g.FixDependency(g.VulnerableDependency("zlib", "low"))
	g.PublishAdvisory("mia", "Shell injection", "critical")
	g.Release("mia", "v1.1.0-beta", "Beta", true)
	g.Release("mia", "v1.0.0", "One", false)
	g.Commit("mia", "main", "docs: say more", map[string][]byte{"docs/a b.md": []byte("more")})
	g.Reply("mia", g.Discuss("ana", "Q&A", "How?", "How do I?"), "So.")
	w.Crates.Publish("caro", "1.0.0")
	w.Crates.Publish("caro", "1.1.0-beta")
	w.Crates.Yank("caro", "1.0.0")
	w.Crates.Download("caro", "1.1.0-beta", w.Now(), 7)
	return w
}

func TestEveryRouteKeepsItsDescription(t *testing.T) {
	w := populated(t)
	hub := client{t, w.GitHub.URL}
	driveIssues(hub)
	driveRepository(hub)
	driveGit(hub)
	driveGraphQL(hub)
	driveCrates(client{t, w.Crates.URL})
	driveSlack(t, w)

	var met []string
	for _, r := range w.Requests() {
		met = append(met, r.Server+" "+r.Route)
	}
	for _, route := range w.Routes() {
		if !slices.Contains(met, route) {
			t.Errorf("no request drove %s", route)
		}
	}
	if unknown := w.Unknown(); len(unknown) > 0 {
		t.Errorf("asked for what is not simulated: %q", unknown)
	}
}

func driveIssues(c client) {
	const r = "/repos/caro/caro"
	c.ask(200, "GET", r+"/issues?state=all&labels=bug&creator=ana&sort=updated&direction=asc&since=2026-01-01T00:00:00Z&per_page=1&page=1", nil)
	c.ask(200, "GET", r+"/issues?assignee=none", nil)
	c.ask(201, "POST", r+"/issues", m{"title": "From the bot", "body": "text", "labels": []string{"bug", "new"}, "assignees": []string{"mia"}})
	c.ask(422, "POST", r+"/issues", m{"title": " "})
	c.ask(200, "GET", r+"/issues/1", nil)
	c.ask(404, "GET", r+"/issues/99", nil)
	c.ask(200, "PATCH", r+"/issues/1", m{"state": "closed", "state_reason": "not_planned", "labels": []string{"bug"}})
	c.ask(200, "PATCH", r+"/issues/1", m{"state": "open", "title": "Still", "body": "yes"})
	c.ask(200, "GET", r+"/labels?per_page=2", nil)
	c.ask(201, "POST", r+"/labels", m{"name": "crash", "color": "B60205", "description": "It stops"})
	c.ask(422, "POST", r+"/labels", m{"name": "CRASH", "color": "b60205"})
	c.ask(200, "GET", r+"/labels/Crash", nil)
	c.ask(200, "PATCH", r+"/labels/crash", m{"new_name": "crashes", "color": "000000"})
	c.ask(204, "DELETE", r+"/labels/crashes", nil)
	c.ask(200, "GET", r+"/issues/1/labels?per_page=100", nil)
	c.ask(200, "POST", r+"/issues/1/labels", m{"labels": []string{"privacy-leak"}})
	c.ask(200, "PUT", r+"/issues/1/labels", m{"labels": []string{"bug", "good first issue"}})
	c.ask(200, "DELETE", r+"/issues/1/labels/good%20first%20issue", nil)
	c.ask(404, "DELETE", r+"/issues/1/labels/good%20first%20issue", nil)
	c.ask(204, "DELETE", r+"/issues/1/labels", nil)
	id := c.ask(201, "POST", r+"/issues/1/comments", m{"body": "told"})["id"].(float64)
	one := fmt.Sprintf("%s/issues/comments/%.0f", r, id)
	c.ask(200, "GET", r+"/issues/1/comments?since=2026-01-01T00:00:00Z&per_page=100", nil)
	c.ask(200, "GET", r+"/issues/comments?sort=updated&direction=asc&since=2026-01-01T00:00:00Z", nil)
	c.ask(200, "GET", one, nil)
	c.ask(200, "PATCH", one, m{"body": "told again"})
	c.ask(204, "DELETE", one, nil)
	c.ask(404, "GET", one, nil)
	for _, n := range []string{"1", "2", "3"} {
		c.ask(200, "GET", r+"/issues/"+n+"/timeline?per_page=100", nil)
		c.ask(200, "GET", r+"/issues/"+n+"/events?per_page=100", nil)
	}
	c.ask(200, "GET", r+"/issues/events?per_page=100", nil)
	c.ask(200, "GET", r+"/pulls?state=all&sort=updated&direction=desc", nil)
}

func driveRepository(c client) {
	const r = "/repos/caro/caro"
	for _, path := range []string{
		r, r + "/collaborators/mia/permission",
		r + "/forks?sort=newest", r + "/dependabot/alerts?state=open,fixed&per_page=1",
		r + "/actions/runs?branch=main&event=push&status=completed&per_page=2&page=1", r + "/actions/runs",
		r + "/security-advisories?state=published", r + "/releases", r + "/releases/latest", r + "/releases/tags/v1.0.0", r + "/tags",
		r + "/branches/main", r + "/commits?sha=main&path=docs&since=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z", r + "/commits/main",
		r + "/contents/README.md?ref=main", r + "/contents/docs", r + "/contents/docs/a%20b.md", r + "/commits/main/statuses",
		r + "/commits/main/status",
	} {
		c.ask(200, "GET", path, nil)
	}
	latest := c.ask(200, "GET", r+"/releases/latest", nil)
	c.ask(200, "GET", fmt.Sprintf("%s/releases/%.0f", r, latest["id"]), nil)
	head := c.ask(200, "GET", r+"/commits/main", nil)["sha"].(string)
	status := m{"state": "success", "context": "aftercare/gate", "description": "go", "target_url": "https://example.com"}
	c.ask(201, "POST", r+"/statuses/"+head, status)
	c.ask(200, "GET", r+"/commits/"+head+"/status", nil)
}

func driveGit(c client) {
	const r = "/repos/caro/caro"
	c.ask(200, "GET", r+"/contents/", nil)
	c.ask(200, "GET", r+"/git/matching-refs/tags/v1", nil)
	ref := c.ask(200, "GET", r+"/git/ref/heads/main", nil)
	head := ref["object"].(m)["sha"].(string)
	c.ask(200, "GET", r+"/git/commits/"+head, nil)
	blob := c.ask(201, "POST", r+"/git/blobs", m{"content": base64.StdEncoding.EncodeToString([]byte("\x00raw")), "encoding": "base64"})
	c.ask(200, "GET", r+"/git/blobs/"+blob["sha"].(string), nil)
	tree := c.ask(201, "POST", r+"/git/trees", m{"base_tree": head, "tree": []m{
		{"path": "reports/README.md", "mode": "100644", "type": "blob", "content": "well"},
		{"path": "raw", "mode": "100644", "type": "blob", "sha": blob["sha"]},
		{"path": "README.md", "mode": "100644", "type": "blob", "sha": nil},
	}})
	c.ask(200, "GET", r+"/git/trees/"+tree["sha"].(string)+"?recursive=1", nil)
	commit := c.ask(201, "POST", r+"/git/commits", m{
		"message": "reports", "tree": tree["sha"], "parents": []string{head},
		"author": m{"name": "a", "email": "a@example.com", "date": "2026-01-24T10:00:00Z"},
	})
	c.ask(200, "PATCH", r+"/git/refs/heads/main", m{"sha": commit["sha"], "force": false})
	c.ask(422, "PATCH", r+"/git/refs/heads/main", m{"sha": head})
	c.ask(201, "POST", r+"/git/refs", m{"ref": "refs/heads/other", "sha": head})
	c.ask(201, "POST", r+"/pulls", m{"title": "Watch the next release", "head": "other", "base": "main", "body": "It moves the watch."})
	c.ask(422, "POST", r+"/pulls", m{"title": "Watch the next release", "head": "other", "base": "main"})
	c.ask(422, "POST", r+"/pulls", m{"title": "Watch the next release", "head": "missing", "base": "main"})
	c.ask(204, "DELETE", r+"/git/refs/heads/other", nil)
}

func driveGraphQL(c client) {
	query := `query($owner: String!, $name: String!, $n: Int = 10) {
		viewer { login } rateLimit { cost remaining resetAt limit used }
		repository(owner: $owner, name: $name) {
			id databaseId nameWithOwner stargazerCount forkCount createdAt pushedAt isArchived hasDiscussionsEnabled
			watchers { totalCount }
			labels(first: 5) { nodes { name color description } pageInfo { hasNextPage endCursor } }
			pinnedIssues(first: 3) { nodes { issue { number } } }
			discussionCategories(first: 10) { nodes { id name slug isAnswerable } }
			discussions(first: $n, orderBy: {field: UPDATED_AT, direction: DESC}) { totalCount nodes { ...talk } }
			issues(first: $n, orderBy: {field: UPDATED_AT, direction: ASC}, filterBy: {since: "2026-01-01T00:00:00Z"}) {
				pageInfo { hasNextPage endCursor }
				nodes { ...issueParts }
			}
			pullRequests(first: $n, states: [MERGED]) { nodes { number merged mergedAt state isDraft } }
			issue(number: 1) { ...issueParts }
			issueOrPullRequest(number: 3) { __typename ... on PullRequest { number } }
		}
	}
	fragment talk on Discussion {
		id number title url createdAt updatedAt isAnswered answerChosenAt author { login __typename } category { name isAnswerable }
		comments(first: 10) { totalCount nodes { id createdAt isAnswer author { login } replies(first: 5) { totalCount } } }
	}
	fragment issueParts on Issue {
		id databaseId number title body state stateReason url createdAt updatedAt closedAt authorAssociation isPinned
		author { login __typename ... on User { id } }
		labels(first: 20) { nodes { name } } reactions { totalCount }
		comments(first: 100) { totalCount nodes { databaseId body createdAt updatedAt author { login } authorAssociation } pageInfo { hasNextPage endCursor } }
		timelineItems(first: 100, itemTypes: [LABELED_EVENT, UNLABELED_EVENT, CLOSED_EVENT, REOPENED_EVENT, RENAMED_TITLE_EVENT]) {
			nodes {
				__typename
				... on LabeledEvent { createdAt actor { login } label { name } }
				... on UnlabeledEvent { createdAt actor { login } label { name } }
				... on RenamedTitleEvent { previousTitle currentTitle }
				... on ClosedEvent { stateReason createdAt }
			}
		}
	}`
	got := c.ask(200, "POST", "/graphql", m{"query": query, "variables": m{"owner": "caro", "name": "caro", "n": 5}})
	if got["errors"] != nil {
		c.t.Errorf("errors of a right query: %v", got["errors"])
	}
	issue := got["data"].(m)["repository"].(m)["issue"].(m)
	pin := `mutation($input: PinIssueInput!) { pinIssue(input: $input) { issue { number isPinned } } }`
	pinned := c.ask(200, "POST", "/graphql", m{"query": pin, "variables": m{"input": m{"issueId": issue["id"]}}})
	if !strings.Contains(fmt.Sprint(pinned), "isPinned:true") {
		c.t.Errorf("pinning answered %v", pinned)
	}
	unpin := `mutation($id: ID!) { unpinIssue(input: {issueId: $id}) { issue { isPinned } } }`
	c.ask(200, "POST", "/graphql", m{"query": unpin, "variables": m{"id": issue["id"]}})
}

func driveCrates(c client) {
	const r = "/api/v1/crates/caro"
	for _, path := range []string{
		r, r + "?include=versions,downloads", r + "/versions?per_page=1&sort=date", r + "/downloads?include=versions", r + "/1.0.0",
		r + "/1.0.0/downloads",
	} {
		c.ask(200, "GET", path, nil)
	}
	c.ask(404, "GET", "/api/v1/crates/none", nil)
	c.ask(404, "GET", r+"/9.9.9", nil)
}

func driveSlack(t *testing.T, w *fake.World) {
	c := client{t, strings.TrimSuffix(w.Slack.URL, "/")}
	bot := []string{"Authorization", "Bearer " + fake.SlackToken}
	sent := c.ask(200, "POST", "/chat.postMessage", m{"channel": "#caro-alerts", "text": "hello"}, bot...)
	id := sent["channel"].(string)
	for _, method := range []string{"GET", "POST"} {
		for _, path := range []string{
			"/auth.test", "/conversations.list?limit=10", "/conversations.history?channel=" + id, "/conversations.replies?channel=" + id + "&ts=" + sent["ts"].(string),
			"/chat.getPermalink?channel=" + id + "&message_ts=" + sent["ts"].(string), "/users.info?user=U0000", "/users.list", "/usergroups.list",
		} {
			if got := c.ask(200, method, path, nil, bot...); got["ok"] != true {
				t.Errorf("%s %s: %v", method, path, got)
			}
		}
	}
	c.ask(200, "POST", "/chat.update", m{"channel": id, "ts": sent["ts"], "text": "hello again"}, bot...)
	hook := client{t, w.Slack.WebhookURL("#caro-alerts")}
	hook.ask(200, "POST", "", m{"text": "from the hook"})
	if got := w.Slack.Messages("caro-alerts"); len(got) != 2 || !got[0].Edited {
		t.Errorf("got %+v; want an edited message and one of the hook", got)
	}
}
