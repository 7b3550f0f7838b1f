package github

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// After the last answer that the limit allows, the next request goes out, and
// it is GitHub who says that it must wait.
func TestTheLastAnswerOfTheLimitStopsNothing(t *testing.T) {
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	asked, waited := 0, time.Duration(0)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("X-RateLimit-Limit", "1000")
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset", fmt.Sprint(time.Now().Add(time.Hour).Unix()))
		if asked == 2 {
			w.Header().Set("X-RateLimit-Reset", fmt.Sprint(now.Add(time.Minute).Unix()))
			w.WriteHeader(http.StatusForbidden)
		}
		fmt.Fprint(w, `{"number":1}`)
	}))
	defer server.Close()
	c, err := New(Options{URL: server.URL, Token: "x", Repository: "a/b", Patience: time.Hour, Clock: func() time.Time { return now },
		Sleep: func(_ context.Context, d time.Duration) error { waited += d; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if _, _, err := c.Issues.Get(t.Context(), "a", "b", 1); err != nil {
			t.Errorf("request %d: %v", i+1, err)
		}
	}
	if asked != 3 || waited != time.Minute+time.Second {
		t.Errorf("asked %d times, waited %s", asked, waited)
	}
}
