package snapshot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/duplicates"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// What people ask for in surveys stands beside the votes of issues, with the issue
// that asks for the same; the list of the day shows it.
func TestSurveyRequests_AreJoinedToIssues(t *testing.T) {
	s := newStage(t, strings.NewReplacer(
		"satisfaction: Overall satisfaction}", "satisfaction: Overall satisfaction, requests: Wishes}",
		"  - {id: open_bugs}", "  - {id: open_bugs}\n  - {id: feature_requests}",
	).Replace(small))
	for i, title := range []string{"Add support for nushell", "Add an option to explain a command before it runs", "Dark colours for the editor"} {
		s.repo.OpenIssue([]string{"ann", "ben", "cho"}[i], title, "", "enhancement")
	}
	survey := "Timestamp,Overall satisfaction,Wishes\n"
	for _, said := range []string{"nushell support", "Nushell support, a history of commands", "explain before running", "a history of commands", "none", "a private wish of mine"} {
		survey += fmt.Sprintf("%s,4,%q\n", s.world.Now().Add(-time.Hour).Format(time.RFC3339), said)
	}
	s.put(t, "surveys/a.csv", survey)
	s.world.Advance(time.Minute)
	s.must(t)
	page := s.report("README.md")
	contains(t, "the page", page, "`#1 Add support for nushell (2 survey answers)` 2", "`a history of commands (2 survey answers without an issue)` 2", "`#2 Add an option to explain a command before it runs (1 sur…` 1", "`#3 Dark colours for the editor` 0")
	if strings.Contains(page, "private wish") {
		t.Errorf("what one person wrote stands on the page:\n%s", page)
	}
	if out := s.must(t); out.outputs["commit"] != "" {
		t.Errorf("the second run commits %s, want no changes", out.outputs["commit"])
	}
}

// An answer counts once for a thing, and what no two answers share names nothing.
func TestRequestRows(t *testing.T) {
	at := time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC)
	issues := []duplicates.Doc{{Number: 5, Title: "Add support for nushell", Open: true}, {Number: 7, Title: "Add an option to explain a command before it runs", Open: true}}
	for _, c := range []struct {
		name    string
		answers []string
		want    string // number and words of each row
	}{
		{"a word that one issue has", []string{"Nushell!"}, "5 "},
		{"a thing twice in an answer", []string{"nushell support. Support for nushell, please"}, "5 "},
		{"a common word is no issue", []string{"more commands", "fewer colours"}, ""},
		{"two in the same words", []string{"dark mode", "Dark mode; nothing", "no"}, "0 dark mode|0 dark mode"},
		{"two in other words", []string{"encrypted history file of mine", "history file encrypted for ann"}, "0 encrypted file history|0 encrypted file history"},
		{"one alone", []string{"dark mode"}, ""},
	} {
		var all []wishing
		for _, text := range c.answers {
			all = append(all, wishing{at, wishesOf(text)})
		}
		rows, left := requestRows(all, issues)
		var got []string
		for _, r := range rows {
			row := r.(model.SurveyRequestRow)
			got = append(got, fmt.Sprintf("%d %s", row.Issue, row.Said))
		}
		if strings.Join(got, "|") != c.want || left != 0 {
			t.Errorf("%s: got %q (%d left), want %q", c.name, got, left, c.want)
		}
	}
	var many []wishing
	for n := range maxWishes + 3 {
		many = append(many, wishing{at, []string{fmt.Sprintf("wish%d", n)}})
	}
	if _, left := requestRows(many, nil); left != 3 {
		t.Errorf("%d wishes are left, want 3", left)
	}
}
