package snapshot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// TestSweep_NotifiesWhereTheIssueTakesNoRecord holds that an urgent issue whose
// event was lost reaches people once, though it takes no comment: the sweep
// claims and records among the reports, also where the channel cannot be read.
func TestSweep_NotifiesWhereTheIssueTakesNoRecord(t *testing.T) {
	for name, refuse := range map[string]func(s *stage, n int){
		"a locked issue":                  func(s *stage, n int) { s.repo.LockIssue("bob", n) },
		"a token that may not write them": func(s *stage, _ int) { s.world.GitHub.Permit(token, "issues: read", "contents: write") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, "")
			delete(s.env, "SLACK_BOT_TOKEN")
			s.env["SLACK_WEBHOOK_URL_ALERTS"] = s.world.Slack.WebhookURL("#caro-alerts")
			n := s.repo.OpenIssue("ann", "hm", "", "P0")
			refuse(s, n)
			s.world.Advance(10 * time.Minute)
			got := s.run(t, "-priority", "P0")
			if len(s.world.Slack.Messages("#caro-alerts")) != 1 || !strings.Contains(got.outputs["alerts"], "alerts: issue") || !strings.Contains(got.stdout, "reports/data/alerts.json") {
				t.Fatalf("exit %d, %d messages, alerts %s: %s", got.code, len(s.world.Slack.Messages("#caro-alerts")), got.outputs["alerts"], got.stdout)
			}
			for range 2 {
				s.world.Advance(30 * time.Minute)
				s.repo.Label("bob", n, "bug")
				s.run(t, "-priority", "P0")
				s.repo.Unlabel("bob", n, "bug")
			}
			if got := len(s.world.Slack.Messages("#caro-alerts")); got != 1 {
				t.Errorf("%d messages after three sweeps, want 1", got)
			}
		})
	}
}

// TestSweep_AfterTriageThatCouldNotRecord holds what happens where triage, which the
// shipped workflow lets read contents only, has notified of a locked issue and
// could record it nowhere. A channel that can be read gets no second message. One
// that cannot gets one that says that it may be a repeat, from the first sweep,
// which records it; none comes from the sweeps after it.
func TestSweep_AfterTriageThatCouldNotRecord(t *testing.T) {
	for _, webhook := range []bool{false, true} {
		for _, unlocked := range []bool{false, true} {
			t.Run(fmt.Sprintf("webhook %v, unlocked before the sweep %v", webhook, unlocked), func(t *testing.T) {
				s := newStage(t, "")
				if webhook {
					delete(s.env, "SLACK_BOT_TOKEN")
					s.env["SLACK_WEBHOOK_URL_ALERTS"] = s.world.Slack.WebhookURL("#caro-alerts")
				}
				n := s.repo.OpenIssue("ann", "a meltdown", "")
				s.repo.LockIssue("bob", n)
				s.world.GitHub.Permit("ghs_triage", "issues: write", "contents: read")
				s.env["GITHUB_TOKEN"] = "ghs_triage"
				if s.triage(t, n); len(s.world.Slack.Messages("#caro-alerts")) != 1 {
					t.Fatal("triage did not notify")
				}
				s.env["GITHUB_TOKEN"] = token
				if unlocked {
					s.repo.UnlockIssue("bob", n)
				}
				for range 3 {
					s.world.Advance(30 * time.Minute)
					s.repo.Label("bob", n, "bug")
					s.run(t, "-priority", "P0")
					s.repo.Unlabel("bob", n, "bug")
				}
				messages := s.world.Slack.Messages("#caro-alerts")
				switch {
				case !webhook && len(messages) != 1:
					t.Errorf("%d messages in a channel that can be read", len(messages))
				case webhook && (len(messages) > 2 || len(messages) == 2 && !repeated.Match(messages[1].Blocks)):
					t.Errorf("%d messages, the last %s", len(messages), messages[len(messages)-1].Blocks)
				}
			})
		}
	}
}

// TestSweep_SettlesTheCommentThatCouldNotBeChanged holds that a comment which says
// that people are being notified says that they were, as soon as GitHub lets it be
// changed.
func TestSweep_SettlesTheCommentThatCouldNotBeChanged(t *testing.T) {
	s := newStage(t, "")
	n := s.repo.OpenIssue("ann", "a meltdown", "")
	s.world.Fail(fake.Fault{On: "github", Method: "PATCH", Path: "/issues/comments/", Do: fake.Forbidden})
	s.triage(t, n)
	for range 2 {
		s.world.Advance(20 * time.Minute)
		s.run(t, "-priority", "P0") // it is refused still
	}
	if c := s.repo.Issue(n).Comments; len(c) != 1 || !strings.Contains(c[0].Body, `"pending"`) {
		t.Fatalf("the comments are %+v", c)
	}
	s.world.Heal()
	s.world.Advance(20 * time.Minute)
	s.run(t, "-priority", "P0")
	if c := s.repo.Issue(n).Comments; len(c) != 1 || strings.Contains(c[0].Body, `"pending"`) || !strings.Contains(c[0].Body, "told in `#caro-alerts`") {
		t.Errorf("the comments are %+v", c)
	}
	if said := s.said("#caro-alerts"); len(said) != 1 {
		t.Errorf("told %q", said)
	}
}

// TestSweep_SaysNothingFalseOfAnIssueThatComesBack holds that an issue of which
// people heard before, and which was closed and reopened, is not called new to
// them; nor does a dry run print an empty line.
func TestSweep_SaysNothingFalseOfAnIssueThatComesBack(t *testing.T) {
	s := newStage(t, "")
	n := s.repo.OpenIssue("ann", "hm", "", "P0")
	s.world.Advance(10 * time.Minute)
	s.run(t, "-priority", "P0")
	s.repo.CloseIssue("bob", n)
	s.world.Advance(time.Hour)
	s.repo.ReopenIssue("ann", n)
	s.world.Advance(time.Hour)
	got := s.run(t, "-priority", "P0")
	if len(s.world.Slack.Messages("#caro-alerts")) != 2 || strings.Contains(got.stderr, "nobody had heard") || !strings.Contains(got.stderr, ", by a sweep: told alerts") {
		t.Errorf("%d messages: %s", len(s.world.Slack.Messages("#caro-alerts")), got.stderr)
	}
	s.repo.OpenIssue("ann", "a meltdown", "")
	s.world.Advance(10 * time.Minute)
	dry := s.run(t, "-priority", "P0", "-dry-run")
	for line := range strings.Lines(dry.stderr) {
		if strings.HasSuffix(strings.TrimSpace(line), "would") || strings.Contains(line, "would nothing") {
			t.Errorf("a broken sentence: %q", line)
		}
	}
}

// TestSnapshot_AnOddAddressFailsNothing holds that no character in what a run has
// told makes it fail after it has told it.
func TestSnapshot_AnOddAddressFailsNothing(t *testing.T) {
	s := newStage(t, strings.Replace(small, "sources:\n", "  - {score: 10, to: [monitoring]}\nsources:\n  mentions: {files: 'mentions/*.csv'}\n", 1))
	s.run(t)
	s.world.Advance(time.Hour)
	s.put(t, "mentions/a.csv", "source,id,author,at,url,text,score\nforum,https://news.example/?id=1&by=a@b#c,someone,"+s.world.Now().Add(-time.Hour).Format(time.RFC3339)+",https://news.example/?id=1&by=a@b#c,Look at caro,99\n")
	got := s.run(t)
	if len(s.world.Slack.Messages("#caro-monitoring")) == 0 || got.code != 0 || !strings.Contains(got.outputs["alerts"], "monitoring: ") {
		t.Errorf("exit %d, %d messages, alerts %s: %s", got.code, len(s.world.Slack.Messages("#caro-monitoring")), got.outputs["alerts"], got.stdout)
	}
}
