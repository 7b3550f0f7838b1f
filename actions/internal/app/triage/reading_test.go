package triage

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// endless puts a proxy before the simulated GitHub that names the first page as
// the next one of every list.
func (s *stage) endless(t *testing.T) {
	address, stop, err := fake.Endless(s.world.GitHub.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	s.env["GITHUB_API_URL"] = address
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

// endlessSlack puts a proxy before the simulated Slack that names a page that was
// read as the next one, of the lists that one method answers. The pages hold
// nothing.
func (s *stage) endlessSlack(t *testing.T, method, list string) {
	to, err := url.Parse(s.env["SLACK_API_URL"])
	if err != nil {
		t.Fatal(err)
	}
	to.Path = ""
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(r *http.Response) error {
		if !strings.HasSuffix(r.Request.URL.Path, method) {
			return nil
		}
		body := []byte(`{"ok":true,"` + list + `":[],"has_more":true,"response_metadata":{"next_cursor":"dXNlcjpVMA=="}}`)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Length", fmt.Sprint(len(body)))
		return nil
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	s.env["SLACK_API_URL"] = server.URL + "/api/"
}

var mayRepeat = regexp.MustCompile(`earlier delivery unconfirmed|possible repeat`)

// A run that died while it sent leaves a claim. The run after it searches the
// channel; where Slack's pages do not end, the search ends after few requests with
// a warning, and the message is sent and says that it may be a repeat.
func TestTriage_EndlessPagesOfSlackDelayNobody(t *testing.T) {
	for method, list := range map[string]string{"conversations.history": "messages", "conversations.list": "channels"} {
		t.Run(method, func(t *testing.T) {
			s := newStage(t, leakRules)
			s.world.Slack.Channels("#caro-alerts")
			n := s.repo.OpenIssue("ann", "My email address is in the telemetry export", "")
			arm(s.world, point{"slack", "POST", ""}, crashBefore)
			s.event(t, "opened", n)
			s.world.Heal()
			s.world.Before = nil
			s.world.Advance(11 * time.Minute)
			s.endlessSlack(t, method, list)
			got := s.event(t, "edited", n)
			messages := s.world.Slack.Messages("#caro-alerts")
			if got.code != 0 || len(messages) != 1 || !mayRepeat.Match(messages[0].Blocks) {
				t.Errorf("exit %d, %d messages: %s", got.code, len(messages), got.stdout)
			}
			if !strings.Contains(got.stdout, "::warning") || !strings.Contains(got.stdout, "whether an earlier run has sent the message is unknown") || !strings.Contains(got.stdout, "a cursor repeats") {
				t.Errorf("the log does not say that the channel could not be searched: %s", got.stdout)
			}
			if asked := got.asked("slack"); asked > 6 {
				t.Errorf("%d requests to Slack", asked)
			}
			s.world.Advance(time.Hour)
			if s.event(t, "edited", n); len(s.world.Slack.Messages("#caro-alerts")) != 1 {
				t.Errorf("the next run sent it again")
			}
		})
	}
}
