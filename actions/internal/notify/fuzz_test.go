package notify

import (
	"encoding/json"
	"testing"
)

// FuzzSlackShape holds that only an answer that says ok, or names its error,
// passes for one of Slack's.
func FuzzSlackShape(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `{"ok":true,"channel":"C0123ABCD","ts":"1.2"}`, `{"ok":false,"error":"invalid_auth"}`, `{"ok":"true"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if slackShape("chat.postMessage", body) != nil {
			return
		}
		var said map[string]any
		if err := json.Unmarshal(body, &said); err != nil {
			t.Fatal(err)
		}
		named, _ := said["error"].(string)
		ts, _ := said["ts"].(string)
		if said["ok"] != true && named == "" || said["ok"] == true && ts == "" {
			t.Errorf("passes: %s", body)
		}
	})
}
