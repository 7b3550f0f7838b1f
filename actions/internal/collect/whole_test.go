package collect

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// onEntry changes the entry of a list that holds a text.
func onEntry(t *testing.T, body []byte, holds string, change func(map[string]any) any) []byte {
	var list []any
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	for i, entry := range list {
		if raw, _ := json.Marshal(entry); strings.Contains(string(raw), holds) {
			list[i] = change(entry.(map[string]any))
			break
		}
	}
	out, _ := json.Marshal(list)
	return out
}

func without(key string) func(map[string]any) any {
	return func(n map[string]any) any { delete(n, key); return n }
}

func having(key string, value any) func(map[string]any) any {
	return func(n map[string]any) any { n[key] = value; return n }
}

// TestSync_ListingsAreReadEntryByEntry holds the way without GraphQL to the same
// rule: an entry that cannot be read costs itself, and is named.
func TestSync_ListingsAreReadEntryByEntry(t *testing.T) {
	for name, c := range map[string]struct {
		path, holds string
		change      func(map[string]any) any
		want        string
	}{
		"null issue":                {"/issues", "two", func(map[string]any) any { return nil }, "issues[1]"},
		"empty issue":               {"/issues", "two", func(map[string]any) any { return map[string]any{} }, "issues[1] the answer lacks the issue's number"},
		"issue without its state":   {"/issues", "two", without("state"), "title or the state of #2"},
		"issue without its time":    {"/issues", "two", without("created_at"), "gives #2 no time that can be"},
		"issue of year 9999":        {"/issues", "two", having("created_at", "9999-01-01T00:00:00Z"), "gives #2 no time that can be"},
		"issue closed in year 9999": {"/issues", "two", having("closed_at", "9999-01-01T00:00:00Z"), "gives #2 no time that can be"},
		"reactions below zero":      {"/issues", "two", having("reactions", map[string]any{"total_count": -1}), "below zero"},
		"comments below zero":       {"/issues", "two", having("comments", -1), "below zero"},
		"label without its name":    {"/issues", "two", having("labels", []any{map[string]any{}}), "name of a label of #2"},
		"null comment":              {"/issues/comments", "said two", func(map[string]any) any { return nil }, "comments[1] lacks its id"},
		"comment without its issue": {"/issues/comments", "said two", without("issue_url"), "comments[1] lacks its issue"},
		"comment without its text":  {"/issues/comments", "said two", without("body"), "comments[1] lacks its text"},
		"comment without its time":  {"/issues/comments", "said two", without("created_at"), "comments[1] lacks its time"},
		"comment of year 9999":      {"/issues/comments", "said two", having("created_at", "9999-01-01T00:00:00Z"), "comments[1] has a time that cannot be: 9999"},
		"empty event":               {"/issues/events", "label-two", func(map[string]any) any { return map[string]any{} }, "lacks its kind"},
		"event without its label":   {"/issues/events", "label-two", without("label"), "lacks its label"},
		"event without its issue":   {"/issues/events", "label-two", without("issue"), "lacks its issue"},
		"event in two days":         {"/issues/events", "label-two", having("created_at", "2026-01-27T00:00:00Z"), "has a time that cannot be: 2026-01-27"},
		"event without time":        {"/issues/events", "label-two", without("created_at"), "lacks its time"},
	} {
		t.Run(name, func(t *testing.T) {
			world := fake.New(fake.Options{})
			t.Cleanup(world.Close)
			world.Fail(fake.Fault{On: "github", Path: "/graphql", Do: fake.Forbidden})
			for _, title := range []string{"one", "two", "three"} {
				n := world.GitHub.OpenIssue("ann", title, "")
				world.GitHub.Comment("mia", n, "said "+title)
				world.GitHub.Label("mia", n, "label-"+title)
			}
			k := newKeeper()
			listed := false
			done, gaps := newSync(t, world, k, through(c.path, func(body []byte) []byte {
				if c.path == "/issues" && !listed { // the look for what has changed, of the same path
					listed = true
					return body
				}
				return onEntry(t, body, c.holds, c.change)
			})).Run(t.Context())
			if slices.ContainsFunc(gaps, func(g model.Gap) bool { return g.Table == "" }) || k.issues[1].Title != "one" || k.issues[3].Title != "three" {
				t.Errorf("gaps %+v, issues %+v", gaps, k.issues)
			}
			if len(done.Unread) != 1 || !strings.Contains(done.Unread[0], c.want) {
				t.Errorf("unread %q, want %q", done.Unread, c.want)
			}
			world.Advance(time.Hour)
			if again, _ := k.sync(t, world); k.issues[2].Title != "two" || len(k.comments) != 3 || len(k.labels[2]) == 0 || len(again.Unread) != 0 {
				t.Errorf("the next run reads %+v, %d comments, unread %q", k.issues[2], len(k.comments), again.Unread)
			}
		})
	}
}

// TestSync_ListingsThatAreNone holds that an answer without GraphQL that is no
// list is a gap, never an empty list, and that the next run begins anew.
func TestSync_ListingsThatAreNone(t *testing.T) {
	for _, path := range []string{"/issues", "/issues/comments", "/issues/events"} {
		for _, body := range []string{"null", "{}", "[null]", "[{}]"} {
			t.Run(path+" "+body, func(t *testing.T) {
				world := fake.New(fake.Options{})
				t.Cleanup(world.Close)
				world.Fail(fake.Fault{On: "github", Path: "/graphql", Do: fake.Forbidden})
				n := world.GitHub.OpenIssue("ann", "one", "")
				k := newKeeper()
				asked := 0
				_, gaps := newSync(t, world, k, through(path, func(good []byte) []byte {
					if asked++; path == "/issues" && asked == 1 {
						return good
					}
					return []byte(body)
				})).Run(t.Context())
				if !slices.ContainsFunc(gaps, func(g model.Gap) bool { return g.Table == "" }) || k.state["github/issues/since"] != "" {
					t.Errorf("gaps %+v, since %q", gaps, k.state["github/issues/since"])
				}
				if k.sync(t, world); k.issues[n].Title != "one" {
					t.Error("the issue was never read")
				}
			})
		}
	}
}

// TestHistory_IsReadEntryByEntry holds that an entry of an issue's timeline that
// cannot be read is left out and named: none becomes a label without a name or a
// comment of year 9999.
func TestHistory_IsReadEntryByEntry(t *testing.T) {
	for name, c := range map[string]struct {
		holds  string
		change func(map[string]any) any
		want   string
	}{
		"whole":                    {"nothing", nil, ""},
		"null":                     {`"commented"`, func(map[string]any) any { return nil }, "lacks its kind"},
		"empty":                    {`"commented"`, func(map[string]any) any { return map[string]any{} }, "lacks its kind"},
		"comment without its id":   {`"commented"`, without("id"), "lacks its id"},
		"comment without its text": {`"commented"`, without("body"), "lacks its text"},
		"comment without its time": {`"commented"`, without("created_at"), "lacks its time"},
		"comment of year 9999":     {`"commented"`, having("created_at", "9999-01-01T00:00:00Z"), "cannot be: 9999"},
		"label without its name":   {`"labeled"`, having("label", map[string]any{}), "lacks its label"},
		"label without its time":   {`"labeled"`, without("created_at"), "lacks its time"},
		"closed without its time":  {`"closed"`, without("created_at"), "lacks its time"},
		"closed in year 9999":      {`"closed"`, having("created_at", "9999-01-01T00:00:00Z"), "cannot be: 9999"},
	} {
		t.Run(name, func(t *testing.T) {
			world := fake.New(fake.Options{})
			t.Cleanup(world.Close)
			n := world.GitHub.OpenIssue("ann", "one", "")
			world.GitHub.Comment("mia", n, "said")
			world.GitHub.Label("mia", n, "bug")
			world.GitHub.CloseIssue("mia", n)
			hub := newSync(t, world, newKeeper(), through("/timeline", func(body []byte) []byte { return onEntry(t, body, c.holds, c.change) })).Hub
			past, err := History(t.Context(), hub, n)
			entries := len(past.Labels) + len(past.Comments) + len(past.States)
			want := 2
			if c.want == "" {
				want = 3
			}
			if err != nil || entries != want || !strings.Contains(past.Left, c.want) || (past.Left == "") != (c.want == "") {
				t.Errorf("%v, %d entries, want %d; left %q, want %q", err, entries, want, past.Left, c.want)
			}
		})
	}
	for _, body := range []string{"null", "{}", "[null]", "[{},{}]"} {
		world := fake.New(fake.Options{})
		t.Cleanup(world.Close)
		n := world.GitHub.OpenIssue("ann", "one", "")
		hub := newSync(t, world, newKeeper(), through("/timeline", func([]byte) []byte { return []byte(body) })).Hub
		if past, err := History(t.Context(), hub, n); err == nil {
			t.Errorf("%s: %s, want an error", body, fmt.Sprint(past))
		}
	}
}
