package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/acttest"
	"github.com/aftercare/aftercare/actions/internal/fake"
)

// repository is one that init wrote, by its files.
func repository(t *testing.T, flags ...string) map[string]string {
	t.Helper()
	return project{}.init(t, flags...)
}

// project is a repository before init: its files, and the tag of its release.
type project struct {
	files map[string]string
	tag   string
	day   time.Time // of the tag
}

// init runs init in the project, and returns its files then.
func (p project) init(t *testing.T, flags ...string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range p.files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	steps := [][]string{{"git", "init", "-q"}, {"git", "remote", "add", "origin", "https://github.com/caro/caro"}}
	if p.tag != "" {
		steps = append(steps, []string{"git", "add", "."}, []string{"git", "-c", "user.name=ann", "-c", "user.email=ann@example.org", "commit", "-qm", "release"}, []string{"git", "tag", p.tag})
	}
	for _, args := range append(steps, append([]string{"aftercare-init", "-pin", commit, "-pin-version", "v1.2.3", "-project", "Rocket"}, flags...)) {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GITHUB_WORKSPACE=", "GITHUB_ACTIONS=", "GITHUB_STEP_SUMMARY=", "GITHUB_OUTPUT=", "GITHUB_API_URL=http://127.0.0.1:1",
			"GIT_COMMITTER_DATE="+p.day.Format(time.RFC3339))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", args, err, out)
		}
	}
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, ".git/") {
			return err
		}
		src, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(src)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("the files that init wrote: %d, %v", len(files), err)
	}
	return files
}

// A repository that init wrote works as it stands: an issue is opened, its
// workflow runs the pinned action, the issue has its labels, and people know.
func TestARepositoryThatInitWroteRuns(t *testing.T) {
	world := fake.New(fake.Options{})
	defer world.Close()
	world.Slack.Channels("#rocket-alerts")
	repo := world.GitHub.Repository
	n := repo.OpenIssue("ann", "Data loss: it deleted all my files", "It wiped my project.")
	log, err := acttest.Run(t, acttest.Job{
		Workflow: ".github/workflows/triage.yml", Event: "issues", Payload: repo.Event(n, "opened"),
		Env:     map[string]string{"GITHUB_API_URL": world.GitHub.URL, "SLACK_API_URL": world.Slack.URL},
		Secrets: map[string]string{"GITHUB_TOKEN": "ghs_simulated", "SLACK_BOT_TOKEN": fake.SlackToken},
		Home:    repository(t, "-slack", "rocket-alerts", "-parts", "triage"),
	})
	if err != nil || !strings.Contains(log, "Job succeeded") {
		t.Fatalf("%v\n%s", err, log)
	}
	if labels := repo.Issue(n).Labels; !slices.Contains(labels, "P0") || !slices.Contains(labels, "critical") {
		t.Errorf("labels %q\n%s", labels, log)
	}
	if told := world.Slack.Messages("#rocket-alerts"); len(told) != 1 {
		t.Errorf("told %v\n%s", told, log)
	}
}
