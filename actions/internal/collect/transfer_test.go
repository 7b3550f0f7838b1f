package collect

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/github"
)

// GitHub answers for an issue that was transferred with a redirect to what
// became of it, and for a renamed repository with one to the same issue.
func TestATransferredIssueIsRefused(t *testing.T) {
	answers := map[string]string{
		"/repositories/99/issues/7": `{"number":7,"title":"elsewhere","state":"open","created_at":"2026-01-27T09:00:00Z","updated_at":"2026-01-27T09:00:00Z","repository_url":"https://api.example/repos/caro/website"}`,
		"/repositories/99/issues/6": `{"number":6,"title":"elsewhere","state":"open","created_at":"2026-01-27T09:00:00Z","updated_at":"2026-01-27T09:00:00Z","repository_url":"https://api.example/repos/caro/website"}`,
		"/repositories/1/issues/8":  `{"number":8,"title":"here","state":"open","created_at":"2026-01-27T09:00:00Z","updated_at":"2026-01-27T09:00:00Z","repository_url":"https://api.example/repos/caro/caro-cli"}`,
		"/repositories/1":           `{"full_name":"caro/caro-cli"}`,
		"/repos/caro/caro/issues/9": `{"number":9,"title":"here","state":"open","created_at":"2026-01-27T09:00:00Z","updated_at":"2026-01-27T09:00:00Z","repository_url":"https://api.example/repos/Caro/caro"}`,
	}
	moved := map[string]string{
		"/repos/caro/caro/issues/5": "/repositories/99/issues/7", "/repos/caro/caro/issues/6": "/repositories/99/issues/6",
		"/repos/caro/caro/issues/8": "/repositories/1/issues/8", "/repos/caro/caro": "/repositories/1",
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := moved[r.URL.Path]; to != "" {
			http.Redirect(w, r, to, http.StatusMovedPermanently)
			return
		}
		fmt.Fprint(w, answers[r.URL.Path])
	}))
	defer server.Close()
	hub, err := github.New(github.Options{URL: server.URL, Token: "x", Repository: "caro/caro", Clock: time.Now, Sleep: func(context.Context, time.Duration) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	for number, transferred := range map[int]bool{5: true, 6: true, 8: false, 9: false} {
		issue, err := Issue(t.Context(), hub, number)
		if (err != nil) != transferred || transferred && !strings.Contains(err.Error(), "was transferred") {
			t.Errorf("issue #%d: %+v, %v", number, issue, err)
		}
	}
}
