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
	address, stop, err := fake.Endless(s.World.GitHub.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	s.Env["GITHUB_API_URL"] = address
}

// People are notified although the pages of the issue's history do not end.
func TestTriage_EndlessPagesDelayNobody(t *testing.T) {
	s := newStage(t, leakRules)
	s.World.Slack.Channels("#caro-alerts")
	n := s.Repo.OpenIssue("ann", "My email address is in the telemetry export", "")
	s.endless(t)
	got := s.event(t, "edited", n)
	if messages := s.World.Slack.Messages("#caro-alerts"); got.Code != 0 || len(messages) != 1 {
		t.Errorf("exit %d, %d messages: %s", got.Code, len(messages), got.Stdout)
	}
	if !strings.Contains(got.Stdout+got.Stderr, "pages do not end") {
		t.Errorf("nothing is said of the endless pages: %s", got.Stdout)
	}
	if len(got.Requests) > 30 {
		t.Errorf("%d requests", len(got.Requests))
	}
	if again := s.event(t, "edited", n); again.Code != 0 || len(s.World.Slack.Messages("#caro-alerts")) != 1 {
		t.Errorf("the second run: exit %d, %d messages: %s", again.Code, len(s.World.Slack.Messages("#caro-alerts")), again.Stdout)
	}
}

// An issue that was deleted before its run ends the run quietly.
func TestTriage_DeletedIssueEndsQuietly(t *testing.T) {
	for _, event := range []string{"opened", "edited", "labeled"} {
		s := newStage(t, leakRules)
		s.World.Slack.Channels("#caro-alerts")
		n := s.Repo.OpenIssue("ann", "My email address is in the telemetry export", "")
		payload := s.Repo.Event(n, event)
		s.Repo.DeleteIssue(n)
		got := s.run(t, "issues", payload)
		if got.Code != 0 || !strings.Contains(got.Stdout+got.Stderr, fmt.Sprintf("issue #%d was deleted", n)) || len(s.World.Slack.Messages("#caro-alerts")) != 0 {
			t.Errorf("%s: exit %d, %d messages: %s%s", event, got.Code, len(s.World.Slack.Messages("#caro-alerts")), got.Stdout, got.Stderr)
		}
	}
	s := newStage(t, leakRules)
	n := s.Repo.OpenIssue("ann", "a title", "")
	s.Repo.DeleteIssue(n)
	if got := s.run(t, "workflow_dispatch", nil, "-issue", fmt.Sprint(n)); got.Code != 0 || !strings.Contains(got.Stdout+got.Stderr, "was deleted") {
		t.Errorf("by hand: exit %d: %s%s", got.Code, got.Stdout, got.Stderr)
	}
}

// endlessSlack puts a proxy before the simulated Slack that names a page that was
// read as the next one, of the lists that one method answers. The pages hold
// nothing.
func (s *stage) endlessSlack(t *testing.T, method, list string) {
	to, err := url.Parse(s.Env["SLACK_API_URL"])
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
	s.Env["SLACK_API_URL"] = server.URL + "/api/"
}

var mayRepeat = regexp.MustCompile(`earlier delivery unconfirmed|possible repeat`)

// A run that died while it sent leaves a claim. The run after it searches the
// channel; where Slack's pages do not end, the search ends after few requests with
// a warning, and the message is sent and says that it may be a repeat.
func TestTriage_EndlessPagesOfSlackDelayNobody(t *testing.T) {
	for method, list := range map[string]string{"conversations.history": "messages", "conversations.list": "channels"} {
		t.Run(method, func(t *testing.T) {
			s := newStage(t, leakRules)
			s.World.Slack.Channels("#caro-alerts")
			n := s.Repo.OpenIssue("ann", "My email address is in the telemetry export", "")
			arm(s.World, point{"slack", "POST", ""}, crashBefore)
			s.event(t, "opened", n)
			s.World.Heal()
			s.World.Before = nil
			s.World.Advance(11 * time.Minute)
			s.endlessSlack(t, method, list)
			got := s.event(t, "edited", n)
			messages := s.World.Slack.Messages("#caro-alerts")
			if got.Code != 0 || len(messages) != 1 || !mayRepeat.Match(messages[0].Blocks) {
				t.Errorf("exit %d, %d messages: %s", got.Code, len(messages), got.Stdout)
			}
			if !strings.Contains(got.Stdout, "::warning") || !strings.Contains(got.Stdout, "whether an earlier run has sent the message is unknown") || !strings.Contains(got.Stdout, "a cursor repeats") {
				t.Errorf("the log does not say that the channel could not be searched: %s", got.Stdout)
			}
			if asked := got.Asked("slack"); asked > 6 {
				t.Errorf("%d requests to Slack", asked)
			}
			s.World.Advance(time.Hour)
			if s.event(t, "edited", n); len(s.World.Slack.Messages("#caro-alerts")) != 1 {
				t.Errorf("the next run sent it again")
			}
		})
	}
}
