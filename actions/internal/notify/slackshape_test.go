package notify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestSlack_AnswersOfAnotherShapeConfirmNothing holds that status 200 alone is no
// delivery: the API must say ok, and name the message. What cannot be read back
// is not a channel without the message, which would be sent again.
func TestSlack_AnswersOfAnotherShapeConfirmNothing(t *testing.T) {
	for _, body := range []string{
		`{}`, `null`, `[]`, `"ok"`, `ok`, ``, `{"ok":null}`, `{"ok":"true"}`, `{"ok":1}`, `{"ok":false}`, `{"ok":false,"error":null}`, `{"ok":false,"error":" "}`,
		`{"ok":true}`, `{"ok":true,"channel":"C0123ABCD"}`, `{"ok":true,"channel":"C0123ABCD","ts":""}`, `{"ok":true,"channel":null,"ts":"1.2"}`, `{"ok":true,"channel":"C0123ABCD","ts":1.2}`,
		`{"ok":true,"messages":null}`, `{"ok":true,"messages":{}}`, `{"ok":true,"messages":[null]}`, `{"ok":true,"messages":[{}]}`,
	} {
		t.Run(body, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
			defer server.Close()
			s := &Slack{Channel: "C0123ABCD", Token: "xoxb-canary", API: server.URL, HTTP: server.Client(), Sleep: func(context.Context, time.Duration) error { return nil }}
			ref, err := s.Send(t.Context(), message())
			var unsure *UnsureError
			if ref != "" || !errors.As(err, &unsure) {
				t.Errorf("sent: ref %q, %v; want it unconfirmed", ref, err)
			}
			if _, found, err := s.Look(t.Context(), message(), time.Time{}); found || err == nil || errors.Is(err, ErrUnreadable) {
				t.Errorf("looked: found %v, %v; want an error that may pass", found, err)
			}
			if at, err := s.Responded(t.Context(), "C0123ABCD/1.2", time.Now()); !at.IsZero() || err == nil {
				t.Errorf("answered: %s, %v; want an error", at, err)
			}
			s.Channel = "#a"
			if _, found, err := s.Look(t.Context(), message(), time.Time{}); found || err == nil || errors.Is(err, ErrUnreadable) {
				t.Errorf("looked by name: found %v, %v; want an error that may pass", found, err)
			}
		})
	}
}
