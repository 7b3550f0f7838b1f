package snapshot

import (
	"strings"
	"testing"
	"time"
)

// escalations are the messages of the channel that nobody has responded in time.
func (s *stage) escalations() int {
	n := 0
	for _, m := range s.said("#caro-alerts") {
		if strings.HasPrefix(m, "Escalated") {
			n++
		}
	}
	return n
}

// An urgent issue to which nobody responds is escalated once, in the thread of its
// message; any response of the team keeps the channel quiet.
func TestSweep_EscalatesAnIssueWithoutResponse(t *testing.T) {
	for name, c := range map[string]struct {
		respond func(s *stage, number int)
		want    int
	}{
		"nobody responds":     {func(*stage, int) {}, 1},
		"a stranger comments": {func(s *stage, n int) { s.repo.Comment("eve", n, "the same here") }, 1},
		"the team comments":   {func(s *stage, n int) { s.repo.Comment("lena", n, "we look at it") }, 0},
		"it is assigned":      {func(s *stage, n int) { s.repo.AssignIssue("lena", n, "omar") }, 0},
		"a person labels it":  {func(s *stage, n int) { s.repo.Label("lena", n, "bug") }, 0},
		"it is closed":        {func(s *stage, n int) { s.repo.CloseIssue("lena", n) }, 0},
		"somebody in the thread": {func(s *stage, _ int) {
			m := s.world.Slack.Messages("#caro-alerts")[0]
			s.world.Slack.Answer("#caro-alerts", m.TS, "omar", "mine")
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, "")
			s.repo.Role("lena", "OWNER")
			n := s.repo.OpenIssue("ann", "a meltdown", "")
			if got := s.triage(t, n); got.code != 0 {
				t.Fatal(got.stdout, got.stderr)
			}
			s.world.Advance(20 * time.Minute)
			s.must(t, "-priority", "P0")
			c.respond(s, n)
			s.world.Advance(30 * time.Minute)
			s.must(t, "-priority", "P0")
			if early := s.escalations(); early != 0 {
				t.Errorf("%d escalations before the deadline", early)
			}
			for range 3 {
				s.world.Advance(15 * time.Minute)
				s.must(t, "-priority", "P0")
			}
			if got := s.escalations(); got != c.want {
				t.Errorf("%d escalations, want %d: %q", got, c.want, s.said("#caro-alerts"))
			}
			if c.want == 0 {
				return
			}
			for _, m := range s.world.Slack.Messages("#caro-alerts") {
				if strings.HasPrefix(m.Text, "Escalated") && m.Thread == "" {
					t.Errorf("the escalation is not in the thread: %+v", m)
				}
			}
			before := len(s.world.Requests())
			s.world.Advance(15 * time.Minute)
			s.must(t, "-priority", "P0")
			for _, r := range s.world.Requests()[before:] {
				if strings.Contains(r.Path, "/timeline") {
					t.Errorf("an issue that is done with is read again: %s", r.Path)
				}
			}
		})
	}
}

// Who responds in Slack is named on the issue, where people look who have no Slack, and
// once: the next sweep neither asks Slack again nor writes again.
func TestSweep_NamesWhoResponded(t *testing.T) {
	for name, c := range map[string]struct {
		scopes []string // nil is every scope
		want   string
	}{
		"with users:read": {nil, "Omar @\u2060all &lt;b&gt; responded in `#caro-alerts` on "},
		"without it":      {[]string{"chat:write", "channels:read", "channels:history"}, "Somebody responded in `#caro-alerts` on "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, "")
			s.world.Slack.Person("UOMAR", "omar", "Omar @all <b>")
			if c.scopes != nil {
				s.world.Slack.Scopes(c.scopes...)
			}
			n := s.repo.OpenIssue("ann", "a meltdown", "")
			if got := s.triage(t, n); got.code != 0 {
				t.Fatal(got.stdout, got.stderr)
			}
			s.world.Advance(20 * time.Minute)
			s.must(t, "-priority", "P0")
			s.world.Slack.Answer("#caro-alerts", s.world.Slack.Messages("#caro-alerts")[0].TS, "UOMAR", "mine")
			s.world.Advance(2 * time.Hour)
			s.must(t, "-priority", "P0")
			issue := s.repo.Issue(n)
			_, body, _ := strings.Cut(issue.Comments[0].Body, "\n")
			if strings.Count(body, c.want) != 1 || len(issue.Comments) != 1 {
				t.Errorf("the comment lacks %q:\n%s", c.want, body)
			}
			before := len(s.world.Requests())
			for range 2 {
				s.world.Advance(15 * time.Minute)
				s.must(t, "-priority", "P0")
			}
			for _, r := range s.world.Requests()[before:] {
				if strings.Contains(r.Path, "conversations.replies") || r.Method == "PATCH" && strings.Contains(r.Path, "/comments/") {
					t.Errorf("a response that is recorded is looked for again: %s %s", r.Method, r.Path)
				}
			}
			if got := s.escalations(); got != 0 {
				t.Errorf("%d escalations", got)
			}
		})
	}
}

// A page that is written before the time to respond is over names who has responded: nobody
// who reads it needs to do so again.
func TestPage_NamesWhoRespondedInTime(t *testing.T) {
	s := newStage(t, "")
	s.world.Slack.Person("UOMAR", "omar", "Omar")
	s.telemetry(t, 200, 14)
	s.must(t)
	contains(t, "the page", s.report("README.md"), "no response yet. First step: ")
	s.world.Advance(5 * time.Minute)
	s.world.Slack.Answer("#caro-alerts", s.world.Slack.Messages("#caro-alerts")[0].TS, "UOMAR", "mine")
	s.world.Advance(5 * time.Minute)
	s.telemetry(t, 200, 14)
	s.must(t)
	if page := s.report("README.md"); !strings.Contains(page, " UTC by Omar, after 5m. Ends when ") || strings.Contains(page, "no response yet") {
		t.Errorf("the page does not say that Omar has responded:\n%s", page)
	}
}
