package collect

import "testing"

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
