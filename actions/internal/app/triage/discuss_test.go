package triage

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

const discussedRules = `
discussions: {categories: [Q&A, Ideas]}
labels: [{name: privacy-leak}, {name: enhancement}]
triage:
  - {label: privacy-leak, any: [privacy leak]}
  - {label: enhancement, any: [support]}
channels: {alerts: {slack: '#caro-alerts'}}
routes: [{label: privacy-leak, to: [alerts], mention: channel, respond: 1h}]
`

// discuss is a stage with a repository that has the labels.
func discussStage(t testing.TB) *stage {
	s := newStage(t, discussedRules)
	warm := s.Repo.OpenIssue("ann", "warm", "", "privacy-leak", "enhancement")
	s.Repo.CloseIssue("ann", warm)
	return s
}

func (s *stage) discussion(t testing.TB, action string, n int, args ...string) outcome {
	t.Helper()
	return s.run(t, "discussion", s.Repo.DiscussionEvent(n, action), args...)
}

func TestADiscussionIsTriaged(t *testing.T) {
	s := discussStage(t)
	n := s.Repo.Discuss("dora", "Q&A", "Is this a privacy leak?", "My address stands in the export. Please support me @octocat")
	if dry := s.discussion(t, "created", n, "-dry-run"); dry.Code != 0 || len(s.Repo.Discussion(n).Labels)+len(s.told("#caro-alerts")) != 0 || !strings.Contains(dry.Summary, "Triage of discussion") {
		t.Fatalf("a dry run: exit %d, %+v\n%s", dry.Code, s.Repo.Discussion(n), dry.Summary)
	}
	for i, action := range []string{"created", "created", "edited"} {
		if got := s.discussion(t, action, n); got.Code != 0 {
			t.Fatalf("%s, run %d: exit %d: %s", action, i, got.Code, got.Stdout)
		}
		s.World.Advance(time.Hour)
	}
	if got := s.run(t, "workflow_dispatch", nil, "-issue", fmt.Sprint(n)); got.Code != 0 {
		t.Fatalf("by hand: exit %d: %s", got.Code, got.Stdout)
	}
	d := s.Repo.Discussion(n)
	if got := strings.Join(d.Labels, " "); got != "privacy-leak enhancement" {
		t.Errorf("the labels are %q", got)
	}
	if len(d.Comments) != 1 || !strings.Contains(d.Comments[0].Body, "has been told in `#caro-alerts` (privacy-leak); an answer is due by") {
		t.Errorf("the comments are %+v", d.Comments)
	}
	messages := s.World.Slack.Messages("#caro-alerts")
	if len(messages) != 1 || !strings.Contains(string(messages[0].Blocks), fmt.Sprintf("Discussion #%d of caro/caro is labelled privacy-leak.", n)) ||
		!strings.Contains(string(messages[0].Blocks), fmt.Sprintf("/discussions/%d", n)) {
		t.Errorf("%d messages: %s", len(messages), messages[0].Blocks)
	}
	if u := s.World.Unknown(); len(u) > 0 {
		t.Errorf("the world was asked for what it does not know: %v", u)
	}
}

func TestWhichDiscussionsAreLeftAlone(t *testing.T) {
	for name, c := range map[string]struct{ rules, category, action, want string }{
		"it is not switched on":       {strings.Replace(discussedRules, "discussions: {categories: [Q&A, Ideas]}", "", 1), "Ideas", "created", "labels them where rules.yaml names"},
		"another category":            {discussedRules, "General", "created", "which rules.yaml does not name"},
		"it was not created just now": {discussedRules, "Ideas", "answered", "acts on discussions that were created"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, c.rules)
			n := s.Repo.Discuss("dora", c.category, "A privacy leak", "")
			got := s.discussion(t, c.action, n)
			if got.Code != 0 || len(got.Requests) != 0 || !strings.Contains(got.Summary, c.want) {
				t.Errorf("exit %d, %d requests, summary: %s", got.Code, len(got.Requests), got.Summary)
			}
		})
	}
}

func TestALabelThatTheRepositoryLacks(t *testing.T) {
	s := newStage(t, strings.ReplaceAll(discussedRules, "enhancement", "wanted"))
	s.Repo.OpenIssue("ann", "warm", "", "privacy-leak")
	n := s.Repo.Discuss("dora", "Ideas", "A privacy leak; please support me", "")
	got := s.discussion(t, "created", n)
	if got.Code != 0 || strings.Join(s.Repo.Discussion(n).Labels, " ") != "privacy-leak" || !strings.Contains(got.Stdout, "the repository has no label wanted") || len(s.told("#caro-alerts")) != 1 {
		t.Errorf("exit %d, labels %v: %s", got.Code, s.Repo.Discussion(n).Labels, got.Stdout)
	}
}

func TestBrokenDiscussionEvents(t *testing.T) {
	s := newStage(t, discussedRules)
	for _, payload := range []string{"", "{", "[]", `{"action": "created"}`, `{"discussion": {"number": 0}}`, `{"discussion": {"number": "x"}}`} {
		if got := s.run(t, "discussion", []byte(payload)); got.Code != 1 || !strings.Contains(got.Stdout+got.Stderr, "payload") {
			t.Errorf("%q: exit %d: %s%s", payload, got.Code, got.Stdout, got.Stderr)
		}
	}
}

// Whatever happens to any request, and however often it is run again: the
// channel hears of it once, and the labels are there.
func TestADiscussionSurvivesFaults(t *testing.T) {
	tried := 0
	for _, do := range fake.Faults() {
		for nth := 1; nth <= 6; nth++ {
			s := discussStage(t)
			n := s.Repo.Discuss("dora", "Ideas", "A privacy leak; please support me", "")
			s.World.Fail(fake.Fault{Nth: nth, Do: do})
			s.discussion(t, "created", n)
			s.World.Heal()
			for range 3 {
				s.World.Advance(11 * time.Minute)
				s.run(t, "workflow_dispatch", nil, "-issue", fmt.Sprint(n))
			}
			d := s.Repo.Discussion(n)
			recorded := len(d.Comments) == 1 || len(d.Comments) == 0 && do == fake.Forbidden // people are notified though the record is refused
			if got := len(s.told("#caro-alerts")); got != 1 || strings.Join(d.Labels, " ") != "privacy-leak enhancement" || !recorded {
				t.Errorf("%s at request %d: told %d times, labels %q, comments %+v", do, nth, got, d.Labels, d.Comments)
			}
			tried++
		}
	}
	t.Logf("%d ways", tried)
}

func TestRunsAtOnceTellOfADiscussionOnce(t *testing.T) {
	s := discussStage(t)
	n := s.Repo.Discuss("dora", "Ideas", "A privacy leak", "")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { s.discussion(t, "created", n) })
	}
	all.Wait()
	if d := s.Repo.Discussion(n); len(s.told("#caro-alerts")) != 1 || len(d.Comments) != 1 {
		t.Errorf("told %d times, comments %+v", len(s.told("#caro-alerts")), d.Comments)
	}
}

// What a discussion refuses keeps nobody uninformed: neither a lock, which takes
// no claim, nor a label that the token may not set. Log, summary and output list
// no label that was refused.
func TestTriage_NotifiesOfADiscussionThatRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		refuse func(s *stage, n int)
		labels string
		code   int
	}{
		"a locked discussion": {func(s *stage, n int) { s.Repo.LockDiscussion(n) }, "privacy-leak enhancement", 0},
		"a refused label":     {func(s *stage, _ int) { s.Repo.RefuseLabel("privacy-leak", "Resource not accessible by integration") }, "", 1},
		"a locked discussion and a refused label": {func(s *stage, n int) {
			s.Repo.LockDiscussion(n)
			s.Repo.RefuseLabel("privacy-leak", "Resource not accessible by integration")
		}, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := discussStage(t)
			n := s.Repo.Discuss("dora", "Ideas", "A privacy leak; please support me", "")
			c.refuse(s, n)
			got := s.discussion(t, "created", n)
			if told := s.told("#caro-alerts"); len(told) != 1 || got.Code != c.code {
				t.Errorf("exit %d, told %q: %s", got.Code, told, got.Stdout)
			}
			if labels := strings.Join(s.Repo.Discussion(n).Labels, " "); labels != c.labels {
				t.Errorf("the discussion has the labels %q", labels)
			}
			refused := c.labels == ""
			if refused && (got.Outputs["labels"] != "[]" || strings.Contains(got.Stderr, "added") || strings.Contains(got.Summary, "| added |") || strings.Count(got.Summary, "| refused |") != 2) {
				t.Errorf("a refused label is listed as added, or not as refused: output %s: %s%s", got.Outputs["labels"], got.Stderr, got.Summary)
			}
			if !refused && got.Outputs["labels"] != `["privacy-leak","enhancement"]` {
				t.Errorf("output %s", got.Outputs["labels"])
			}
			s.World.Advance(20 * time.Minute)
			s.run(t, "workflow_dispatch", nil, "-issue", fmt.Sprint(n))
			if told := s.told("#caro-alerts"); len(told) != 1 {
				t.Errorf("after a second run told %q", told)
			}
		})
	}
}
