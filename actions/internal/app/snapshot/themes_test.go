package snapshot

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// themed is a plan that asks what bugs and survey answers are about.
var themed = strings.NewReplacer(
	"satisfaction: Overall satisfaction}", "satisfaction: Overall satisfaction, requests: Wishes, comments: Remarks}",
	"  - {id: open_bugs}", "  - {id: open_bugs}\n  - {id: pain_points}\n  - {id: survey_themes}",
).Replace(small)

// themedStage has three bugs, two of which are about the installation, and three
// survey answers, two of which are about the server.
func themedStage(t *testing.T) *stage {
	s := newStage(t, themed)
	for i, title := range []string{"The software installation takes an hour", "Dark colours are unreadable", "The installation fails on Fedora"} {
		s.repo.OpenIssue([]string{"ann", "ben", "cho"}[i], title, "", "bug")
	}
	survey := "Timestamp,Overall satisfaction,Wishes,Remarks\n"
	for _, said := range []string{"a faster cloud server,", "a darker editor,The cloud server is slow.", ",none"} {
		survey += fmt.Sprintf("%s,4,%s\n", s.world.Now().Add(-time.Hour).Format(time.RFC3339), said)
	}
	s.put(t, "surveys/a.csv", survey)
	s.world.Advance(time.Minute)
	return s
}

// The community manager reads what bugs and answers are about, with the issues.
func TestThemes_OfBugsAndSurveyAnswers(t *testing.T) {
	s := themedStage(t)
	s.must(t)
	page := s.report("README.md")
	contains(t, "the page", page, "`installation: #1, #3` 2", "`#2 Dark colours are unreadable` 1", "`server (cloud server)` 2")
	if strings.Contains(page, "`editor") {
		t.Errorf("one answer makes a theme:\n%s", page)
	}
	if out := s.must(t); out.outputs["commit"] != "" {
		t.Errorf("the second run commits %s, want no changes", out.outputs["commit"])
	}
}

// Tags differ between runs, so a text that was tagged is not tagged again: not
// where its issue changes, and not where its answers are read anew.
func TestThemes_TextsAreTaggedOnce(t *testing.T) {
	s := themedStage(t)
	s.must(t)
	facts, _, err := store.Open(t.Context(), filepath.Join(s.dir, s.env["AFTERCARE_CACHE"]))
	if err != nil {
		t.Fatal(err)
	}
	note := facts.State(surveyPhrasesNote)
	if strings.Count(note, `"cloud server"`) != 2 {
		t.Errorf("the note %s, want the cloud server twice", note)
	}
	facts.SetState(surveyPhrasesNote, strings.ReplaceAll(note, "cloud server", "kept machine"))
	err = facts.Put(t.Context(), []model.Row{
		model.IssuePhrasesRow{Number: 1, Said: "The software installation takes an hour", Phrases: []string{"kept phrase"}},
		model.IssuePhrasesRow{Number: 3, Said: "The installation fails on Fedora", Phrases: []string{"kept phrase"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := facts.Close(); err != nil {
		t.Fatal(err)
	}
	s.repo.Comment("dora", 1, "Here as well.")
	s.world.Advance(time.Hour)
	s.must(t)
	contains(t, "the page", s.report("README.md"), "`phrase: #1, #3` 2", "`machine (kept machine)` 2")
}

// The note keeps what this run asked for, and one that is damaged stops nothing.
func TestPhraseMemory(t *testing.T) {
	asked := 0
	find := func(text string) []string { asked++; return strings.Fields(text) }
	first := knownPhrases("")
	first.of("old", find)
	first.of("a server", find)
	first.of("a server", find)
	second := knownPhrases(first.state())
	if got := second.of("a server", find); !slices.Equal(got, []string{"a", "server"}) || asked != 2 {
		t.Errorf("got %q after %d texts, want those kept after 2", got, asked)
	}
	if third := knownPhrases(second.state()); len(third.last) != 1 {
		t.Errorf("%d texts are kept, want the one that was asked for", len(third.last))
	}
	if got := knownPhrases(`{"x": 5`).of("new", find); !slices.Equal(got, []string{"new"}) {
		t.Errorf("got %q with a damaged note", got)
	}
}

// Bugs are tagged in parts, and all of them; one whose text the store keeps in
// another form than it gave is not tagged without end.
func TestTagBugs_InParts(t *testing.T) {
	facts, _, err := store.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer facts.Close()
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	const bugs = 1001
	var rows []model.Row
	for i := range bugs {
		rows = append(rows, model.IssueRow{Issue: model.Issue{Number: i + 1, Title: "The server is down", State: "open", CreatedAt: now, Labels: []string{"bug"}}})
	}
	if err := facts.Put(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	w := &world{App: &app.App{Env: &runner.Env{Now: now}, Config: &config.Book{Metrics: []config.Metric{{Definition: metric.Definition{ID: "pain_points"}}}}}, store: facts}
	for range 2 {
		if err := w.tagBugs(t.Context()); err != nil {
			t.Fatal(err)
		}
		answer, err := facts.Query(t.Context(), "SELECT count(*) AS n FROM issue_phrases WHERE phrases = ['server']", model.Window{From: now, Until: now})
		if err != nil || answer.Rows[0][0] != float64(bugs) {
			t.Fatalf("%v of %d bugs are tagged, %v", answer.Rows, bugs, err)
		}
	}
}
