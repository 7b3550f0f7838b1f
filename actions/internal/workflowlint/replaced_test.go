package workflowlint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// GitHub keeps one run of a group waiting and replaces it by a newer one. Runs
// that do different things must not share a group: a sweep would take the place of
// the whole plan, and of a back-fill that somebody asked for.
func TestShippedWorkflows_ShareNoGroupBetweenTasks(t *testing.T) {
	type concurrency struct {
		Group string `yaml:"group"`
	}
	seen := map[string]string{}
	files, err := filepath.Glob("../../../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var w struct {
			On          map[string]any
			Concurrency concurrency
			Jobs        map[string]struct{ Concurrency concurrency }
		}
		_ = yaml.Unmarshal(src, &w) // what else stands there is actionlint's
		for name, job := range w.Jobs {
			group := job.Concurrency.Group
			if group == "" {
				continue
			}
			if other := seen[group]; other != "" {
				t.Errorf("%s: the jobs %s and %s share the group %s", file, other, name, group)
			}
			seen[group] = name
			if w.Concurrency.Group != "" {
				t.Errorf("%s: the workflow's group %s holds the job %s too", file, w.Concurrency.Group, name)
			}
		}
		base, words := filepath.Base(file), strings.ReplaceAll(string(src), "\n# ", " ")
		group := w.Concurrency.Group
		for _, job := range w.Jobs {
			group += job.Concurrency.Group
		}
		for input, of := range map[string]string{"since": "snapshot.yml", "of": "digest.yml", "issue": "triage.yml"} {
			if base == of && !strings.Contains(group, "inputs."+input) {
				t.Errorf("%s: runs with different inputs %q share a group: %q", base, input, group)
			}
		}
		if group != "" && base != "ci.yml" && base != "release.yml" && base != "check.yml" && base != "pages.yml" && !strings.Contains(words, "take the place") && !strings.Contains(words, "GitHub replaces a run") {
			t.Errorf("%s does not say what becomes of a run that waits", base)
		}
	}
	if seen["snapshot-sweep"] == "" {
		t.Errorf("the sweep has no group of its own: %v", seen)
	}
}
