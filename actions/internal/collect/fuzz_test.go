package collect

import (
	"encoding/json"
	"testing"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// FuzzEvents holds that a payload of an event is an error or names its issue.
func FuzzEvents(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `{"action":"opened","issue":{"number":1,"title":"one"}}`, `{"issue":{"number":-1}}`, `{"action":"created","discussion":{"number":1,"node_id":"D_1"}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if event, err := ReadIssueEvent(raw); err == nil && event.Issue.Number <= 0 {
			t.Errorf("no issue, and no error: %s", raw)
		}
		if d, _, err := ReadDiscussionEvent(raw); err == nil && (d.Number <= 0 || d.ID == "") {
			t.Errorf("no discussion, and no error: %s", raw)
		}
	})
}

// FuzzListings holds that whatever the REST API lists, no entry is taken that lacks
// what is read of it or has a time that cannot be.
func FuzzListings(f *testing.F) {
	for _, seed := range []string{
		`[]`, `[null]`, `[{}]`, `null`, `[{"number":1,"title":"x","state":"open","created_at":"2026-01-24T09:00:00Z","updated_at":"2026-01-24T09:00:00Z","comments":0,"labels":[{"name":"bug"}]}]`,
		`[{"id":1,"issue_url":"https://api.github.com/repos/a/b/issues/7","body":"x","created_at":"2026-01-24T09:00:00Z"}]`,
		`[{"event":"labeled","issue":{"number":7},"label":{"name":"bug"},"created_at":"2026-01-24T09:00:00Z"},{"event":"closed","created_at":"9999-01-24T09:00:00Z"}]`,
	} {
		f.Add([]byte(seed))
	}
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		var issues []*gh.Issue
		var comments []*gh.IssueComment
		var events []*gh.IssueEvent
		var entries []*gh.Timeline
		_ = json.Unmarshal(body, &issues)
		_ = json.Unmarshal(body, &comments)
		_ = json.Unmarshal(body, &events)
		_ = json.Unmarshal(body, &entries)
		issues, _, _ = readable("issues", issues, func(i *gh.Issue) error { return wholeIssue(i, now) })
		comments, _, _ = readable("comments", comments, func(c *gh.IssueComment) error { return wholeComment(c, now) })
		events, _, _ = readable("events", events, func(e *gh.IssueEvent) error { return wholeEvent(e, now) })
		_, _, _ = readable("timeline", entries, func(e *gh.Timeline) error { return wholeEntry(e, now) })
		for _, nodes := range nodesOf(issues, comments, events) {
			for _, n := range nodes {
				if n.Number <= 0 || !isPast(n.CreatedAt, now) || n.Reactions.TotalCount < 0 {
					t.Errorf("taken: %+v", n)
				}
				for _, e := range n.TimelineItems.Nodes {
					if e.Label.Name == "" || !isPast(e.CreatedAt, now) {
						t.Errorf("taken: %+v", e)
					}
				}
			}
		}
	})
}
