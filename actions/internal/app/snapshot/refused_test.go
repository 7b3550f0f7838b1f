package snapshot

import (
	"strings"
	"testing"
	"time"
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
	if len(s.world.Slack.Messages("#caro-alerts")) != 2 || strings.Contains(got.stderr, "nobody had heard") || !strings.Contains(got.stderr, "the sweep has told alerts") {
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
