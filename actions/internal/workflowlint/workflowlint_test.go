package workflowlint

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func read(t *testing.T, file string) []Finding {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return Check(file, src)
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files match %s: %v", pattern, err)
	}
	return files
}

// Each bad file is named after the rule that it breaks, and breaks no other.
func TestBadFilesAreRefused(t *testing.T) {
	for _, file := range glob(t, "testdata/bad/*.yml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			name := strings.TrimSuffix(filepath.Base(file), ".yml")
			found := read(t, file)
			if len(found) == 0 {
				t.Fatal("it was let through")
			}
			for _, f := range found {
				if !strings.HasPrefix(name, f.Rule) {
					t.Errorf("it breaks another rule: %s", f)
				}
				if f.Line < 1 || f.Column < 1 {
					t.Errorf("a finding without a place: %s", f)
				}
			}
		})
	}
}

func TestGoodFilesPass(t *testing.T) {
	for _, file := range glob(t, "testdata/good/*.yml") {
		for _, f := range read(t, file) {
			t.Error(f)
		}
	}
}

func TestTheShippedFilesPass(t *testing.T) {
	for _, pattern := range []string{"../../../.github/workflows/*.yml", "../../*/action.yml"} {
		for _, file := range glob(t, pattern) {
			for _, f := range read(t, file) {
				t.Error(f)
			}
		}
	}
}

// Each rule that the source names has a fixture that it refuses.
func TestEachRuleHasItsFixture(t *testing.T) {
	named := regexp.MustCompile(`c\.add\([^,]+, "([a-z-]+)"`)
	rules := 0
	for _, file := range glob(t, "*.go") {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(src), -1) {
			rules++
			if _, err := os.Stat(filepath.Join("testdata", "bad", m[1]+".yml")); err != nil {
				t.Errorf("%s: the rule %s has no fixture: %v", file, m[1], err)
			}
		}
	}
	if rules < 18 {
		t.Errorf("%d rules were found: the walk is broken", rules)
	}
}

// No bytes make it panic.
func FuzzCheck(f *testing.F) {
	src, _ := os.ReadFile("testdata/good/plain.yml")
	f.Add(string(src))
	f.Add("jobs: {x: {steps: [{uses: a}]}}")
	f.Add("on: &a [*a]")
	f.Fuzz(func(t *testing.T, src string) {
		for _, finding := range Check("x.yml", []byte(src)) {
			if finding.Rule == "" || finding.Text == "" {
				t.Fatalf("an empty finding: %+v", finding)
			}
		}
	})
}
