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

// What -h teaches can be typed: each lesson has a command of its program, and
// names no flag that the program does not have.
func TestLessonsCanBeTyped(t *testing.T) {
	manifests, err := filepath.Glob("*/action.yml")
	if err != nil || len(manifests) == 0 {
		t.Fatalf("no action.yml: %v", err)
	}
	for _, path := range manifests {
		name := filepath.Dir(path)
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m, err := runner.ReadManifest(src)
		if err != nil {
			t.Fatal(err)
		}
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
