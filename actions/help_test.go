package actions

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

var flagForm = regexp.MustCompile(`(?m)(?:^| )-([a-z][a-z-]+)\b`)

// manifests are those of the actions, by the name of their program.
func manifests(t *testing.T) map[string]runner.Manifest {
	t.Helper()
	paths, err := filepath.Glob("*/action.yml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no action.yml: %v", err)
	}
	all := map[string]runner.Manifest{}
	for _, path := range paths {
		if all[filepath.Dir(path)], err = runner.ReadManifest([]byte(read(t, path))); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// An input that an action does not pass on would be without effect in a workflow.
func TestActions_PassEachInput(t *testing.T) {
	for name, m := range manifests(t) {
		src := read(t, name+"/action.yml")
		for input := range m.Inputs {
			variable := "INPUT_" + strings.ToUpper(strings.ReplaceAll(input, "-", "_"))
			if want := variable + ": ${{ inputs." + input + " }}"; !strings.Contains(src, want) {
				t.Errorf("the action %s does not pass %s: expected %q", name, input, want)
			}
		}
	}
}

// What -h teaches can be typed: each lesson has a command of its program, and
// names no flag that the program does not have.
func TestLessonsCanBeTyped(t *testing.T) {
	for name, m := range manifests(t) {
		lesson, err := os.ReadFile(filepath.Join(name, "help.txt"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(lesson), "\n  go run ./actions/"+name+" -") {
			t.Errorf("%s: no command to try", name)
		}
		for _, flag := range flagForm.FindAllStringSubmatch(string(lesson), -1) {
			if _, known := m.Inputs[flag[1]]; !known {
				t.Errorf("%s: there is no flag -%s", name, flag[1])
			}
		}
	}
}

// What -h prints is not redacted, and its examples would not be either: an
// example of an address must stay one.
func TestHelp_KeepsItsExamples(t *testing.T) {
	lessons, err := filepath.Glob("*/help.txt")
	if err != nil || len(lessons) == 0 {
		t.Fatalf("no help.txt: %v", err)
	}
	for _, path := range lessons {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := redact.Text(string(src)); got != string(src) {
			t.Errorf("%s: something is redacted in %s", path, got)
		}
	}
}
