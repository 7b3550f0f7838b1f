package fake_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
)

// numbers is the numbers of the issues in an answer.
func numbers(t testing.TB, r reply) []int {
	t.Helper()
	var issues []struct{ Number int }
	r.into(t, &issues)
	var all []int
	for _, i := range issues {
		all = append(all, i.Number)
	}
	return all
}

func TestPagesFollowTheLinkHeader(t *testing.T) {
	w := world(t)
	for n := 1; n <= 7; n++ {
		w.GitHub.OpenIssue("ana", fmt.Sprint("issue ", n), "")
	}
	var seen [][]int
	next := w.GitHub.URL + "/repos/caro/caro/issues?per_page=3"
	var rels []string
	for next != "" {
		got := ask(t, "GET", next, nil)
		seen = append(seen, numbers(t, got))
		var here []string
		for _, rel := range []string{"prev", "next", "last", "first"} {
			if linked(got, rel) != "" {
				here = append(here, rel)
			}
		}
		rels = append(rels, strings.Join(here, " "))
		next = linked(got, "next")
	}
	if want := [][]int{{7, 6, 5}, {4, 3, 2}, {1}}; !reflect.DeepEqual(seen, want) {
		t.Errorf("got the pages %v, want %v", seen, want)
	}
	if want := []string{"next last", "prev next last first", "prev first"}; !reflect.DeepEqual(rels, want) {
		t.Errorf("got the links %q, want %q", rels, want)
	}
	if got := ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/issues?per_page=1000", nil); len(numbers(t, got)) != 7 || got.header.Get("Link") != "" {
		t.Errorf("a page of all has %d issues and the links %q", len(numbers(t, got)), got.header.Get("Link"))
	}
}

func TestAPageHoldsAHundredAtMost(t *testing.T) {
	w := world(t)
	for range 101 {
		w.GitHub.OpenIssue("ana", "one more", "")
	}
	for query, want := range map[string]int{"": 30, "?per_page=100": 100, "?per_page=500": 100, "?per_page=0": 30, "?per_page=x": 30} {
		if got := numbers(t, ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/issues"+query, nil)); len(got) != want {
			t.Errorf("%q: a page of %d, want %d", query, len(got), want)
		}
	}
}

func TestListingsAreFiltered(t *testing.T) {
	w := world(t)
	start := w.Now()
	w.GitHub.OpenIssue("ana", "one", "", "bug", "P0")
	w.Advance(time.Hour)
	w.GitHub.OpenIssue("ben", "two", "", "bug")
	w.Advance(time.Hour)
	w.GitHub.OpenPull("ana", "three", "", "fix")
	w.Advance(time.Hour)
	w.GitHub.CloseIssue("ana", 2)
	for query, want := range map[string][]int{
		"":                        {3, 1},
		"state=all":               {3, 2, 1},
		"state=closed":            {2},
		"state=all&labels=BUG,p0": {1},
		"state=all&creator=BEN":   {2},
		"state=all&sort=updated":  {2, 3, 1},
		"direction=asc":           {1, 3},
		"state=all&sort=comments": {3, 2, 1},
		"state=all&since=" + start.Add(2*time.Hour).Format(time.RFC3339):             {3, 2},
		"state=all&since=" + start.Add(2*time.Hour+time.Second).Format(time.RFC3339): {2},
		"state=all&per_page=2&page=2":                                                {1},
	} {
		if got := numbers(t, ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/issues?"+query, nil)); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
	if got := ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/issues?state=shut", nil); got.status != 422 {
		t.Errorf("a state that is none was answered with %d", got.status)
	}
}

func TestAnAnswerThatIsKnownIsFree(t *testing.T) {
	w := world(t)
	w.GitHub.OpenIssue("ana", "one", "")
	url := w.GitHub.URL + "/repos/caro/caro/issues/1"
	first := ask(t, "GET", url, nil)
	again := ask(t, "GET", url, nil, "If-None-Match", first.header.Get("ETag"))
	later := ask(t, "GET", url, nil, "If-Modified-Since", first.header.Get("Last-Modified"))
	if again.status != 304 || later.status != 304 || len(again.body) > 0 {
		t.Fatalf("got %d and %d with %q; want 304 and nothing", again.status, later.status, again.body)
	}
	if a, b := first.header.Get("X-RateLimit-Remaining"), later.header.Get("X-RateLimit-Remaining"); a != b {
		t.Errorf("of the limit %s was left, and after two 304 %s", a, b)
	}
	w.Advance(time.Minute)
	w.GitHub.Comment("ben", 1, "me too")
	if got := ask(t, "GET", url, nil, "If-None-Match", first.header.Get("ETag")); got.status != 200 {
		t.Errorf("a changed issue was answered with %d", got.status)
	}
}

func TestLimits(t *testing.T) {
	w := world(t)
	api := w.GitHub.URL + "/repos/caro/caro"
	w.GitHub.Limit(fake.Limits{Primary: 2})
	ask(t, "GET", api, nil)
	ask(t, "GET", api, nil)
	over := ask(t, "GET", api, nil)
	if over.status != 403 || over.header.Get("X-RateLimit-Remaining") != "0" || len(w.Impatient()) != 0 {
		t.Fatalf("beyond the limit: got %d, %s left, impatient %v", over.status, over.header.Get("X-RateLimit-Remaining"), w.Impatient())
	}
	if ask(t, "GET", api, nil); len(w.Impatient()) != 1 {
		t.Errorf("a request within the window was not written down")
	}
	if got := ask(t, "GET", api, nil, "Authorization", "Bearer other"); got.status != 200 {
		t.Errorf("another token was answered with %d", got.status)
	}
	w.Advance(time.Hour)
	if got := ask(t, "GET", api, nil); got.status != 200 {
		t.Errorf("an hour later: %d", got.status)
	}
	w.GitHub.Limit(fake.Limits{Content: 1})
	ask(t, "POST", api+"/issues", m{"title": "one"})
	second := ask(t, "POST", api+"/issues", m{"title": "two"})
	if second.status != 403 || second.header.Get("Retry-After") != "61" || len(w.GitHub.Issues()) != 1 {
		t.Errorf("content: got %d, Retry-After %q, %d issues; want 403, 61, 1", second.status, second.header.Get("Retry-After"), len(w.GitHub.Issues()))
	}
	w.GitHub.Limit(fake.Limits{Minute: 1, Silent: true})
	ask(t, "GET", api, nil)
	if got := ask(t, "GET", api, nil); got.status != 429 || got.header.Get("Retry-After") != "" {
		t.Errorf("a silent limit: got %d, Retry-After %q", got.status, got.header.Get("Retry-After"))
	}
}

func TestTokensAndPermissions(t *testing.T) {
	w := world(t)
	w.GitHub.OpenIssue("ana", "one", "")
	api := w.GitHub.URL + "/repos/caro/caro"
	w.GitHub.Permit(fake.WorkflowToken, "issues: write", "contents: read")
	w.GitHub.Revoke("old")
	for _, c := range []struct {
		name, method, path, token string
		status                    int
	}{
		{"may write issues", "POST", "/issues/1/comments", fake.WorkflowToken, 201},
		{"may read what it may write", "GET", "/issues", fake.WorkflowToken, 200},
		{"may not write contents", "POST", "/git/blobs", fake.WorkflowToken, 403},
		{"may not read alerts", "GET", "/dependabot/alerts", fake.WorkflowToken, 403},
		{"a revoked token", "GET", "/issues", "old", 401},
		{"no token may read", "GET", "/issues", "", 200},
		{"no token may not write", "POST", "/issues/1/comments", "", 401},
	} {
		var body any
		if c.method == "POST" {
			body = m{"body": "x"}
		}
		if got := ask(t, c.method, api+c.path, body, "Authorization", "Bearer "+c.token); got.status != c.status {
			t.Errorf("%s: got %d, want %d", c.name, got.status, c.status)
		}
	}
}

func TestALabelThatIsMissingIsMade(t *testing.T) {
	w := world(t)
	w.GitHub.OpenIssue("ana", "one", "", "Bug")
	got := ask(t, "POST", w.GitHub.URL+"/repos/caro/caro/issues/1/labels", []string{"crash", "BUG"})
	var labels []struct {
		Name, Color string
		Description *string
	}
	got.into(t, &labels)
	if len(labels) != 2 || labels[0].Name != "bug" || labels[1].Name != "crash" || labels[1].Color != "ededed" || labels[1].Description != nil {
		t.Errorf("got %s; want bug and crash, ededed, without a description", got.body)
	}
	if got := w.GitHub.Labels(); !slices.Contains(got, "crash") {
		t.Errorf("the repository has the labels %v", got)
	}
	w.GitHub.DeleteLabel("crash")
	if got := w.GitHub.Issue(1).Labels; !slices.Equal(got, []string{"bug"}) {
		t.Errorf("after the label's end the issue has %v", got)
	}
}

func TestTextsRefer(t *testing.T) {
	w := world(t)
	w.GitHub.OpenIssue("ana", "one", "")
	w.GitHub.OpenIssue("ben", "two", "see #1 and @caro/team, not `#1 @mia`, mail a@b.example\n```\n@quoted\n```\n<!-- @hidden -->")
	w.GitHub.Comment("ben", 2, "again #1, @zoe")
	var entries []struct {
		Event  string
		Source struct{ Issue struct{ Number int } }
	}
	ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/issues/1/timeline", nil).into(t, &entries)
	if len(entries) != 1 || entries[0].Event != "cross-referenced" || entries[0].Source.Issue.Number != 2 {
		t.Errorf("got the timeline %+v; want one reference by #2", entries)
	}
	if got, want := w.GitHub.Pings(), []string{"@caro/team on #2 by ben", "@zoe on #2 by ben"}; !slices.Equal(got, want) {
		t.Errorf("got the pings %q, want %q", got, want)
	}
	w.GitHub.Commit("mia", "main", "Fixes #1", map[string][]byte{"a": []byte("b")})
	if got := w.GitHub.Issue(1).State; got != "closed" {
		t.Errorf("after the commit that fixes it, the issue is %s", got)
	}
}

func TestPayloadsHaveTheFieldsOfRealOnes(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(contract.Folder(), "webhooks", "examples.json"))
	if err != nil {
		t.Skip("the recorded payloads are not here: ", err)
	}
	var examples map[string][]map[string]json.RawMessage
	if err := json.Unmarshal(raw, &examples); err != nil {
		t.Fatal(err)
	}
	w := world(t)
	w.GitHub.OpenIssue("ana", "one", "text", "bug")
	w.GitHub.EditIssue("ana", 1, "One", "text")
	w.GitHub.Unlabel("mia", 1, "bug")
	w.GitHub.Comment("mia", 1, "why")
	for _, example := range examples["issues"] {
		var action string
		_ = json.Unmarshal(example["action"], &action)
		if !slices.Contains([]string{"opened", "edited", "labeled", "unlabeled", "reopened", "locked"}, action) {
			continue
		}
		var got map[string]json.RawMessage
		if err := json.Unmarshal(w.GitHub.Event(1, action), &got); err != nil {
			t.Fatal(err)
		}
		for _, missing := range fewer(got, example, "changes", "organization", "installation") {
			t.Errorf("%s: no %s", action, missing)
		}
		for _, part := range []string{"issue", "label", "sender"} {
			for _, missing := range fewer(object(got[part]), object(example[part]), "pull_request", "draft") {
				t.Errorf("%s: no %s.%s", action, part, missing)
			}
		}
	}
	var comment struct{ Comment struct{ Body string } }
	if err := json.Unmarshal(w.GitHub.CommentEvent(1, "created"), &comment); err != nil || comment.Comment.Body != "why" {
		t.Errorf("got the comment %+v, %v", comment, err)
	}
}

func object(raw json.RawMessage) map[string]json.RawMessage {
	var o map[string]json.RawMessage
	_ = json.Unmarshal(raw, &o)
	return o
}

// fewer is the fields that want has and got has not.
func fewer(got, want map[string]json.RawMessage, optional ...string) []string {
	var missing []string
	for name := range want {
		if _, found := got[name]; !found && !slices.Contains(optional, name) {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	return missing
}

func TestTheSameCallsGiveTheSameBytes(t *testing.T) {
	tell := func() string {
		w := world(t)
		w.GitHub.OpenIssue("ana", "one", "two", "bug", "crash")
		w.Advance(time.Minute)
		ask(t, "POST", w.GitHub.URL+"/repos/caro/caro/issues/1/comments", m{"body": "x"})
		body := ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/issues/1/timeline", nil).body
		return strings.ReplaceAll(string(body)+string(w.GitHub.Event(1, "labeled")), w.GitHub.URL, "")
	}
	if a, b := tell(), tell(); a != b {
		t.Errorf("two worlds tell the same story as\n%s\n%s", a, b)
	}
}

func TestADeletedAccountShowsAsGhost(t *testing.T) {
	w := world(t)
	w.GitHub.OpenIssue("ana", "one", "", "bug")
	w.GitHub.DeleteUser("ana")
	var issue struct{ User struct{ Login string } }
	ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/issues/1", nil).into(t, &issue)
	var events []struct{ Actor *struct{ Login string } }
	ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/issues/1/events", nil).into(t, &events)
	if issue.User.Login != "ghost" || len(events) != 1 || events[0].Actor != nil {
		t.Errorf("got the author %q and the events %+v; want ghost, and nobody as who labelled", issue.User.Login, events)
	}
	if got := ask(t, "GET", w.GitHub.URL+"/users/ana", nil); got.status != http.StatusNotFound {
		t.Errorf("the account answers %d", got.status)
	}
}

func TestTwoRepositoriesShareThePeople(t *testing.T) {
	w := world(t)
	other := w.GitHub.AddRepository("caro/site")
	other.OpenIssue("ana", "there", "")
	if got := len(w.GitHub.Issues()); got != 0 {
		t.Errorf("the first has %d issues", got)
	}
	if got := numbers(t, ask(t, "GET", w.GitHub.URL+"/repos/Caro/Site/issues", nil)); !slices.Equal(got, []int{1}) {
		t.Errorf("the other has the issues %v", got)
	}
	if got := ask(t, "GET", w.GitHub.URL+"/repos/caro/none/issues", nil); got.status != 404 {
		t.Errorf("a repository that is none answers %d", got.status)
	}
}
