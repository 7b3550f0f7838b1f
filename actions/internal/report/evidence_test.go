package report

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/urgent"
)

// The summary shows what was weighed, with points; the words are a stranger's
// and cannot break the table.
func TestTriage_ShowsEvidenceWithPoints(t *testing.T) {
	f := label.Finding{Label: "security", Rule: 3, Term: "use: urgent, 61 points", Words: "x", In: "title", Evidence: []urgent.Evidence{
		{Feature: "@attack", Words: "sql|injection\n@ann", In: "title", Line: 1, Points: 31}, {Feature: "#question-in-title", Points: -12},
	}}
	got := Triage(model.Issue{Number: 7, Title: "t"}, label.Decision{Earned: []label.Finding{f}, Add: []label.Finding{f}}, Telling{}, true)
	want := "| **security** | added | `sql¦injection @ann` (+31 points), a question in the title (-12 points) | triage rule 4, `use: urgent, 61 points` |\n"
	if !strings.Contains(got, want) {
		t.Errorf("got:\n%s\nwant the line:\n%s", got, want)
	}
}

// A message says what was weighed in words, without names of signs and points; a
// stranger's words stay on their line.
func TestIssueMessages_SayEvidenceInWords(t *testing.T) {
	f := label.Finding{Label: "needs-triage", Words: "everyone +27, trouble-in-title +7, set -13", In: "title", Evidence: []urgent.Evidence{
		{Feature: "everyone", Words: "everyone\n::set-output", Points: 27}, {Feature: "#trouble-in-title", Points: 7}, {Feature: "set", Words: "set", Points: -13},
	}}
	if got, want := because(f), "its wording, weighed as a whole: for it “everyone ::set-output” and a trouble in the title; against it “set”"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	weights, err := os.ReadFile("../urgent/weights.txt")
	if err != nil {
		t.Fatal(err)
	}
	signs := regexp.MustCompile(`(?m)^(#[a-z0-9-]+) = `).FindAllStringSubmatch(string(weights), -1)
	if len(signs) < 10 {
		t.Fatalf("%d signs have weights", len(signs))
	}
	for _, sign := range signs {
		if signWords[sign[1]] == "" {
			t.Errorf("the sign %s has no words", sign[1])
		}
	}
}
