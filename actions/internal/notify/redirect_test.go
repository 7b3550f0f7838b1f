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

// Slack's token travels in the body of a request, and a webhook's address is a
// secret with the message behind it: a redirect must carry neither elsewhere,
// and the message is not delivered.
func TestSlack_RedirectToAnotherHostIsRefused(t *testing.T) {
	for _, code := range []int{301, 302, 307, 308} {
		for _, way := range []string{"token", "webhook", "look"} {
			reached := 0
			other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				reached++
				_, _ = w.Write([]byte("ok"))
			}))
			asked := 0
			first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				w.Header().Set("Location", other.URL+r.URL.Path)
				w.WriteHeader(code)
			}))
			s := &Slack{Channel: "C0123456789", API: first.URL, Token: "xoxb-1", HTTP: &http.Client{}, Sleep: func(context.Context, time.Duration) error { return nil }}
			if way == "webhook" {
				s.Token, s.Webhook = "", first.URL+"/services/T0/B0/secret"
			}
			var err error
			if way == "look" {
				_, _, err = s.Look(t.Context(), message(), time.Time{})
			} else {
				_, err = s.Send(t.Context(), message())
			}
			first.Close()
			other.Close()
			var unsure *UnsureError
			switch {
			case err == nil || reached > 0 || asked != 1:
				t.Errorf("%d, %s: the first host got %d requests, the other %d, error %v", code, way, asked, reached, err)
			case !strings.Contains(err.Error(), strings.TrimPrefix(first.URL, "http://")) || !strings.Contains(err.Error(), strings.TrimPrefix(other.URL, "http://")) || strings.Contains(err.Error(), "secret"):
				t.Errorf("%d, %s: the error must name both hosts and no secret: %v", code, way, err)
			case errors.As(err, &unsure):
				t.Errorf("%d, %s: a message that no host took is called unsure: %v", code, way, err)
			}
		}
	}
}
