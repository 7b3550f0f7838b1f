package notify

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestWebhook_OnlyOKIsDelivered holds the one answer of Slack that confirms a
// delivery apart from all others: a team must not be called notified by the
// page of a proxy.
func TestWebhook_OnlyOKIsDelivered(t *testing.T) {
	const delivered, refused, unsure = "delivered", "refused", "unsure"
	for _, c := range []struct {
		name   string
		status int
		body   string
		head   map[string]string
		want   string
		calls  int
		says   string
	}{
		{"200 ok", 200, "ok", nil, delivered, 1, ""},
		{"200 with a line break behind ok", 200, "ok\n", nil, unsure, 1, `"ok"`},
		{"200 with nothing", 200, "", nil, unsure, 1, "200 (empty), not 200 ok"},
		{"200 with a page", 200, "<html>Sign in to the network</html>", nil, unsure, 1, "not 200 ok"},
		{"200 with JSON", 200, `{"ok":false,"error":"invalid_auth"}`, nil, unsure, 1, "invalid_auth"},
		{"201", 201, "ok", nil, unsure, 1, "201"},
		{"202", 202, "ok", nil, unsure, 1, "202"},
		{"204", 204, "", nil, unsure, 1, "204"},
		{"301", 301, "", map[string]string{"Location": "https://elsewhere.example/services/T0/B0/canary"}, refused, 1, "elsewhere.example"},
		{"302 that leads to an ok", 302, "", map[string]string{"Location": "/ok"}, refused, 1, "redirects to"},
		{"307 that leads to an ok", 307, "", map[string]string{"Location": "/ok"}, refused, 1, "redirects to"},
		{"308 that leads to an ok", 308, "", map[string]string{"Location": "/ok"}, refused, 1, "redirects to"},
		{"302 to nowhere", 302, "", nil, refused, 1, "302"},
		{"400", 400, "invalid_payload", nil, refused, 1, "invalid_payload"},
		{"403", 403, "action_prohibited", nil, refused, 1, "action_prohibited"},
		{"404", 404, "no_service", nil, refused, 1, "no_service"},
		{"410", 410, "channel_is_archived", nil, refused, 1, "channel_is_archived"},
		{"429 with a time", 429, "rate_limited", map[string]string{"Retry-After": "3"}, refused, slackTries, ""},
		{"429 without a time", 429, "rate_limited", nil, refused, slackTries, ""},
		{"500", 500, "", nil, unsure, slackTries, "500"},
		{"503", 503, "ok", nil, unsure, slackTries, "503"},
	} {
		t.Run(c.name, func(t *testing.T) {
			calls := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				calls++
				if r.URL.Path == "/ok" {
					_, _ = w.Write([]byte("ok"))
					return
				}
				for k, v := range c.head {
					w.Header().Set(k, v)
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			defer server.Close()
			s := &Slack{Channel: "#a", Webhook: server.URL + "/services/T0/B0/canary", HTTP: server.Client(), Sleep: func(context.Context, time.Duration) error { return nil }}
			_, err := s.Send(t.Context(), message())
			got := delivered
			var maybe *UnsureError
			switch {
			case errors.As(err, &maybe):
				got = unsure
			case err != nil:
				got = refused
			}
			if got != c.want || calls != c.calls {
				t.Errorf("got %s after %d calls (%v), want %s after %d", got, calls, err, c.want, c.calls)
			}
			if err != nil && (strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("the error is %q; it must say %q and not the webhook's path", err, c.says)
			}
		})
	}
}

// TestSlack_TokenStaysWithItsHost holds that a redirect does not carry the bot's
// token to another server.
func TestSlack_TokenStaysWithItsHost(t *testing.T) {
	reached := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer other.Close()
	for _, status := range []int{301, 302, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+"/api/chat.postMessage", status)
		}))
		s := &Slack{Channel: "#a", Token: "xoxb-canary", API: server.URL, HTTP: server.Client(), Sleep: func(context.Context, time.Duration) error { return nil }}
		_, err := s.Send(t.Context(), message())
		var maybe *UnsureError
		if err == nil || errors.As(err, &maybe) || reached {
			t.Errorf("status %d: got %v, other server reached: %v", status, err, reached)
		}
		server.Close()
	}
}
