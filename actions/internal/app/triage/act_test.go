package triage

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/acttest"
	"github.com/aftercare/aftercare/actions/internal/fake"
)

// TestTheShippedWorkflow runs .github/workflows/triage.yml itself, from the
// event to the message.
func TestTheShippedWorkflow(t *testing.T) {
	s := newStage(t, "")
	n := s.Repo.OpenIssue("ann", urgentTitle, "`$(touch /tmp/pwned)` ${{ github.token }}\n::set-output name=labels::forged")
	job := acttest.Job{
		Workflow: ".github/workflows/triage.yml", Event: "issues", Payload: s.Repo.Event(n, "opened"),
		Env:     map[string]string{"GITHUB_API_URL": s.World.GitHub.URL, "SLACK_API_URL": s.World.Slack.URL},
		Secrets: map[string]string{"GITHUB_TOKEN": token, "SLACK_BOT_TOKEN": fake.SlackToken, "SMTP_URL": s.World.Mail.URL + "?tls=none&from=aftercare@caro.example"},
	}
	log, err := acttest.Run(t, job)
	if err != nil || !strings.Contains(log, "Job succeeded") {
		t.Fatalf("%v\n%s", err, log)
	}
	if !strings.Contains(s.labels(n), "P0") || len(s.told("#caro-alerts")) != 1 {
		t.Errorf("labels %q, told %q\n%s", s.labels(n), s.told("#caro-alerts"), log)
	}
	if strings.Contains(log, fake.SlackToken) || strings.Contains(log, token) {
		t.Errorf("a secret stands in the log:\n%s", log)
	}
	job.Prebuilt = "triage"
	if log, err = acttest.Run(t, job); err != nil || !strings.Contains(log, "using aftercare-triage-") {
		t.Fatalf("%v\n%s", err, log)
	}
	if len(s.told("#caro-alerts")) != 1 {
		t.Error("a second run told it again")
	}
}

// TestTheShippedWorkflowOfDiscussions runs .github/workflows/discussions.yml.
func TestTheShippedWorkflowOfDiscussions(t *testing.T) {
	s := newStage(t, "")
	s.Repo.OpenIssue("ann", "warm", "", "P0", "critical", "bug")
	n := s.Repo.Discuss("ann", "Q&A", urgentTitle, urgentBody+"\n`$(touch /tmp/pwned)` ${{ github.token }}")
	log, err := acttest.Run(t, acttest.Job{
		Workflow: ".github/workflows/discussions.yml", Event: "discussion", Payload: s.Repo.DiscussionEvent(n, "created"),
		Env:      map[string]string{"GITHUB_API_URL": s.World.GitHub.URL, "GITHUB_GRAPHQL_URL": s.World.GitHub.URL + "/graphql", "SLACK_API_URL": s.World.Slack.URL},
		Secrets:  map[string]string{"GITHUB_TOKEN": token, "SLACK_BOT_TOKEN": fake.SlackToken, "SMTP_URL": s.World.Mail.URL + "?tls=none&from=aftercare@caro.example"},
		Prebuilt: "triage",
	})
	if err != nil || !strings.Contains(log, "Job succeeded") {
		t.Fatalf("%v\n%s", err, log)
	}
	if d := s.Repo.Discussion(n); !slices.Contains(d.Labels, "P0") || len(d.Comments) != 1 || len(s.told("#caro-alerts")) != 1 {
		t.Errorf("%+v, told %q\n%s", d, s.told("#caro-alerts"), log)
	}
}

// TestHostileTextsThroughTheWorkflow runs the shipped workflow on what strangers
// may write. A few texts are tried each time; AFTERCARE_HOSTILE says how many.
func TestHostileTextsThroughTheWorkflow(t *testing.T) {
	wanted, err := strconv.Atoi(os.Getenv("AFTERCARE_HOSTILE"))
	if err != nil {
		wanted = 4
	}
	all := len(evils) * len(wraps)
	s := newStage(t, hostileRules)
	s.World.Slack.Channels("#caro-alerts")
	for i := range wanted {
		at := i * all / wanted
		evil := evils[at/len(wraps)]
		n := s.Repo.OpenIssue("mallory", cutTo("privacy leak "+evil, 250), cutTo(fmt.Sprintf(wraps[at%len(wraps)], evil), 60000))
		log, err := acttest.Run(t, acttest.Job{
			Workflow: ".github/workflows/triage.yml", Event: "issues", Payload: s.Repo.Event(n, "opened"),
			Env:     map[string]string{"GITHUB_API_URL": s.World.GitHub.URL, "SLACK_API_URL": s.World.Slack.URL},
			Secrets: map[string]string{"GITHUB_TOKEN": token, "SLACK_BOT_TOKEN": fake.SlackToken, "SMTP_URL": s.World.Mail.URL + "?tls=none&from=aftercare@caro.example"},
			Files:   map[string]string{"rules.yaml": hostileRules}, Prebuilt: "triage",
		})
		if err != nil || !strings.Contains(log, "Job succeeded") {
			t.Errorf("%q: %v\n%s", cutTo(evil, 80), err, log)
			continue
		}
		if problem := s.harmed(taken(log), n); problem != "" {
			t.Errorf("%q: %s", cutTo(evil, 80), problem)
		}
	}
}

// taken is what act took from the run as commands, which it marks with a wheel:
// outputs by name, and all else.
func taken(log string) outcome {
	got := outcome{Outputs: map[string]string{}}
	for line := range strings.Lines(log) {
		_, command, ok := strings.Cut(strings.TrimSpace(line), "::set-output:: ")
		name, value, _ := strings.Cut(command, "=")
		switch {
		case ok && name != "program":
			got.Outputs[name] = value
		case !ok && strings.Contains(line, "⚙  ::"):
			got.Stdout += "::" + line
		}
	}
	return got
}
