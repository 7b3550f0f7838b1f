package snapshot

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/acttest"
	"github.com/aftercare/aftercare/actions/internal/fake"
)

// TestTheShippedWorkflow runs .github/workflows/snapshot.yml itself: the whole
// plan by hand, and then the sweep that the schedule starts.
func TestTheShippedWorkflow(t *testing.T) {
	s := newStage(t, "")
	s.world.SetNow(time.Now().UTC())
	s.world.Crates.Publish("caro", "1.1.1-beta")
	s.telemetry(t, 1000, 60)
	n := s.repo.OpenIssue("ann", "a meltdown", "", "P0")
	files := map[string]string{"rules.yaml": following("pull_request")}
	for _, name := range []string{"telemetry/a.json", "surveys/a.csv"} {
		src, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(src)
	}
	job := acttest.Job{
		Workflow: ".github/workflows/snapshot.yml", Event: "workflow_dispatch", Payload: []byte(`{"inputs":{}}`),
		Env: map[string]string{"GITHUB_API_URL": s.world.GitHub.URL, "GITHUB_GRAPHQL_URL": s.world.GitHub.URL + "/graphql",
			"SLACK_API_URL": s.world.Slack.URL, "AFTERCARE_CRATES_URL": s.world.Crates.URL},
		Secrets: map[string]string{"GITHUB_TOKEN": token, "SLACK_BOT_TOKEN": fake.SlackToken, "SMTP_URL": s.world.Mail.URL + "?tls=none&from=aftercare@caro.example"},
		Files:   files,
	}
	log, err := acttest.Run(t, job)
	if err != nil || !strings.Contains(log, "Job succeeded") {
		t.Fatalf("%v\n%s", err, log)
	}
	contains(t, "the page", s.report("README.md"), "# Caro v1.1.0-beta: 🔴 Critical", "| 🔴 | **Crash rate**")
	said := strings.Join(s.said("#caro-alerts"), "\n")
	contains(t, "the channel", said, "Crash rate 6%: critical", fmt.Sprintf("(#%d)", n))
	job.Prebuilt = "snapshot"
	job.Event, job.Payload = "schedule", []byte(`{"schedule":"4,19,34,49 * * * *"}`)
	if log, err = acttest.Run(t, job); err != nil || !strings.Contains(log, "Job succeeded") {
		t.Fatalf("%v\n%s", err, log)
	}
	if again := strings.Join(s.said("#caro-alerts"), "\n"); again != said {
		t.Errorf("the sweep told\n%s\nafter\n%s", again, said)
	}
	// A release that is published starts the whole plan, with rules.yaml as it is on
	// the default branch.
	s.world.Advance(30 * time.Second)
	s.repo.Release("lena", "v1.1.2-beta", "", true)
	job.Event, job.Payload = "release", []byte(`{"action":"published","release":{"tag_name":"v1.1.2-beta"},"repository":{"default_branch":"main"}}`)
	if log, err = acttest.Run(t, job); err != nil || !strings.Contains(log, "Job succeeded") {
		t.Fatalf("%v\n%s", err, log)
	}
	contains(t, "the page", s.report("README.md"), "newest version v1.1.2-beta")
	if strings.Contains(log, fake.SlackToken) || strings.Contains(log, token) {
		t.Errorf("a secret stands in the log:\n%s", log)
	}
}

// A run that could not deliver a notification has kept facts: without them the
// next run would read everything again, and would not know what is new.
func TestTheShippedWorkflow_SavesTheCacheOfAFailedRun(t *testing.T) {
	src, err := os.ReadFile("../../../../.github/workflows/snapshot.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct{ If, Uses string }
		}
	}
	if err := yaml.Unmarshal(src, &workflow); err != nil {
		t.Fatal(err)
	}
	saves := 0
	for _, job := range workflow.Jobs {
		for _, step := range job.Steps {
			if !strings.HasPrefix(step.Uses, "actions/cache/save@") {
				continue
			}
			saves++
			if step.If != "${{ !cancelled() }}" {
				t.Errorf("%s runs if %q", step.Uses, step.If)
			}
		}
	}
	if saves == 0 {
		t.Error("no step saves the cache")
	}
}

// A release starts the run at its tag, where rules.yaml is as old as the tag.
func TestTheShippedWorkflow_ReadsTheDefaultBranchWhenAReleaseStartsIt(t *testing.T) {
	src, err := os.ReadFile("../../../../.github/workflows/snapshot.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		On   map[string]any
		Jobs map[string]struct {
			Steps []struct {
				Uses string
				With map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(src, &workflow); err != nil {
		t.Fatal(err)
	}
	step := workflow.Jobs["measure"].Steps[0]
	if !strings.HasPrefix(step.Uses, "actions/checkout@") || !strings.Contains(step.With["ref"], "github.event_name == 'release' && github.event.repository.default_branch") {
		t.Errorf("the first step is %+v", step)
	}
	if fmt.Sprint(workflow.On["release"]) != "map[types:[published]]" {
		t.Errorf("releases start it by %v", workflow.On["release"])
	}
}
