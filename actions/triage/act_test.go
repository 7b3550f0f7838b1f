package main

import (
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/acttest"
	"github.com/aftercare/aftercare/actions/internal/simulate"
)

// TestTheShippedWorkflow runs .github/workflows/triage.yml itself, from the
// event to the message.
func TestTheShippedWorkflow(t *testing.T) {
	if testing.Short() {
		t.Skip("act builds the program and takes its time")
	}
	s := newStage(t, "")
	n := s.repo.OpenIssue("ann", urgentTitle, "`$(touch /tmp/pwned)` ${{ github.token }}\n::set-output name=labels::forged")
	job := acttest.Job{
		Workflow: ".github/workflows/triage.yml", Event: "issues", Payload: s.repo.Event(n, "opened"),
		Env:     map[string]string{"GITHUB_API_URL": s.world.GitHub.URL, "SLACK_API_URL": s.world.Slack.URL},
		Secrets: map[string]string{"GITHUB_TOKEN": token, "SLACK_BOT_TOKEN": simulate.SlackToken, "SMTP_URL": s.world.Mail.URL + "?from=aftercare@caro.example"},
	}
	log, err := acttest.Run(t, job)
	if err != nil || !strings.Contains(log, "Job succeeded") {
		t.Fatalf("%v\n%s", err, log)
	}
	if !strings.Contains(s.labels(n), "P0") || len(s.told("#caro-alerts")) != 1 {
		t.Errorf("labels %q, told %q\n%s", s.labels(n), s.told("#caro-alerts"), log)
	}
	if strings.Contains(log, simulate.SlackToken) || strings.Contains(log, token) {
		t.Errorf("a secret stands in the log:\n%s", log)
	}
	if log, err = acttest.Run(t, job); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if len(s.told("#caro-alerts")) != 1 {
		t.Error("a second run told it again")
	}
}
