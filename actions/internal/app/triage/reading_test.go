package triage

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
)

// endless puts a proxy before the simulated GitHub that names the first page as
// the next one of every list.
func (s *stage) endless(t *testing.T) {
	to, err := url.Parse(s.world.GitHub.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	var own string
	proxy.ModifyResponse = func(r *http.Response) error {
		if r.Request.Method == http.MethodGet {
			r.Header.Set("Link", fmt.Sprintf(`<%s%s?page=1>; rel="next"`, own, r.Request.URL.Path))
		}
		return nil
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	own = server.URL
	s.env["GITHUB_API_URL"] = own
}

// People are notified although the pages of the issue's history do not end.
func TestTriage_EndlessPagesDelayNobody(t *testing.T) {
	s := newStage(t, leakRules)
	s.world.Slack.Channels("#caro-alerts")
	n := s.repo.OpenIssue("ann", "My email address is in the telemetry export", "")
	s.endless(t)
	got := s.event(t, "edited", n)
	if messages := s.world.Slack.Messages("#caro-alerts"); got.code != 0 || len(messages) != 1 {
		t.Errorf("exit %d, %d messages: %s", got.code, len(messages), got.stdout)
	}
	if !strings.Contains(got.stdout+got.stderr, "pages do not end") {
		t.Errorf("nothing is said of the endless pages: %s", got.stdout)
	}
	if len(got.requests) > 30 {
		t.Errorf("%d requests", len(got.requests))
	}
	if again := s.event(t, "edited", n); again.code != 0 || len(s.world.Slack.Messages("#caro-alerts")) != 1 {
		t.Errorf("the second run: exit %d, %d messages: %s", again.code, len(s.world.Slack.Messages("#caro-alerts")), again.stdout)
	}
}

// An issue that was deleted before its run ends the run quietly.
func TestTriage_DeletedIssueEndsQuietly(t *testing.T) {
	for _, event := range []string{"opened", "edited", "labeled"} {
		s := newStage(t, leakRules)
		s.world.Slack.Channels("#caro-alerts")
		n := s.repo.OpenIssue("ann", "My email address is in the telemetry export", "")
		payload := s.repo.Event(n, event)
		s.repo.DeleteIssue(n)
		got := s.run(t, "issues", payload)
		if got.code != 0 || !strings.Contains(got.stdout+got.stderr, fmt.Sprintf("issue #%d was deleted", n)) || len(s.world.Slack.Messages("#caro-alerts")) != 0 {
			t.Errorf("%s: exit %d, %d messages: %s%s", event, got.code, len(s.world.Slack.Messages("#caro-alerts")), got.stdout, got.stderr)
		}
	}
	s := newStage(t, leakRules)
	n := s.repo.OpenIssue("ann", "a title", "")
	s.repo.DeleteIssue(n)
	if got := s.run(t, "workflow_dispatch", nil, "-issue", fmt.Sprint(n)); got.code != 0 || !strings.Contains(got.stdout+got.stderr, "was deleted") {
		t.Errorf("by hand: exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
}
