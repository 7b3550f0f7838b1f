package check

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestCheck_Readings(t *testing.T) {
	s := newStage(t)
	rules, err := os.ReadFile("../../../../rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(s.Dir, "reports")
	if err := os.CopyFS(folder, os.DirFS("../../../../reports/example")); err != nil {
		t.Fatal(err)
	}
	code, out, _ := s.run(t, string(rules), "-readings", "reports")
	if code != 0 || !strings.Contains(out, "pages equal the readings") {
		t.Errorf("exit %d: %s", code, out)
	}
	if n := len(s.World.Requests()); n != 0 {
		t.Errorf("%d requests for files that are here", n)
	}

	page := filepath.Join(folder, "2026/W06/README.md")
	src, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	figure := regexp.MustCompile(`(Crash rate<br><sub>7 days</sub> \| )[\d.]+%`)
	if !figure.Match(src) {
		t.Fatalf("the page has no crash rate:\n%s", src)
	}
	changed := false
	edited := figure.ReplaceAllStringFunc(string(src), func(found string) string {
		if changed {
			return found
		}
		changed = true
		return figure.ReplaceAllString(found, "${1}99.5%")
	})
	write(t, page, edited)
	code, out, summary := s.run(t, string(rules), "-readings", "reports")
	want := `: Crash rate (7 days): value shown "99.5%", recorded `
	if code != 1 || !strings.Contains(out, "2026/W06/README.md:") || !strings.Contains(out, want) || !strings.Contains(out, "1 of ") {
		t.Errorf("exit %d: %s\nwant %s", code, out, want)
	}
	if !strings.Contains(summary, "; 1 differ") {
		t.Errorf("the summary is %s", summary)
	}
}

func TestCheck_ReadingsThatAreNotThere(t *testing.T) {
	s := newStage(t)
	code, out, _ := s.run(t, plan, "-readings", "reports")
	if code != 1 || !strings.Contains(out, "check the pages of reports: data/readings: no *.ndjson there: name the folder of reports that snapshot writes") {
		t.Errorf("exit %d: %s", code, out)
	}
}
