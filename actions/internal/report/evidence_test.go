package report

import (
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
	want := "| **security** | added | `sql¦injection @ann` +31, `question-in-title` -12 | triage rule 4, `use: urgent, 61 points` |\n"
	if !strings.Contains(got, want) {
		t.Errorf("got:\n%s\nwant the line:\n%s", got, want)
	}
}
