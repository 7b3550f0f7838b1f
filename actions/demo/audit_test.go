package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aftercare/aftercare/actions/internal/audit"
	"github.com/aftercare/aftercare/actions/internal/config"
)

// audited holds every figure on the pages that each commit of the demo writes, and
// on all pages of the last, to the readings of the same commit. Figures of each kind that is
// needed must be among them.
func audited(t *testing.T, s *stage, needed ...string) {
	t.Helper()
	metrics := plannedMetrics(t, s)
	commits := s.repo.Log("main")
	pages := 0
	kinds, before := map[string]int{}, fstest.MapFS{}
	for i, c := range slices.Backward(commits) {
		files := reportsOf(s, c.SHA)
		if _, known := files["data/readings/"+shipped.Format("2006-01")+".ndjson"]; !known || testing.Short() && i%6 > 0 {
			continue
		}
		changed := fstest.MapFS{}
		for name, file := range files {
			if old := before[name]; i == 0 || old == nil || strings.HasPrefix(name, "data/") || !bytes.Equal(old.Data, file.Data) {
				changed[name] = file
			}
		}
		before = files
		got, err := audit.Readings(changed, metrics)
		if err != nil {
			t.Fatal(err)
		}
		pages += got.Pages
		for _, f := range got.Figures {
			kinds[f.What]++
		}
		for _, f := range got.Findings {
			t.Errorf("%s (%s): %s", c.At.Format("2 Jan 15:04"), c.Message, f)
		}
		for _, u := range got.Unread {
			t.Errorf("%s (%s): %s", c.At.Format("2 Jan 15:04"), c.Message, u)
		}
		if t.Failed() {
			return // the later commits have the same pages
		}
	}
	t.Logf("%d pages of %d commits, figures by kind: %v", pages, len(commits), kinds)
	for _, kind := range needed {
		if kinds[kind] == 0 {
			t.Errorf("no %s was compared: pages show it in a form that audit does not read", kind)
		}
	}
}

// plannedMetrics are those of the stage's rules.yaml, as audit knows them.
func plannedMetrics(t *testing.T, s *stage) []audit.Metric {
	t.Helper()
	plan, err := s.get("rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	book, err := config.Parse("rules.yaml", plan)
	if err != nil {
		t.Fatal(err)
	}
	var metrics []audit.Metric
	for _, m := range book.Measured() {
		metrics = append(metrics, audit.Metric{ID: m.ID, Title: m.Title, Own: m.Own(), Weekly: m.Weekly()})
	}
	return metrics
}

// reportsOf is the folder of reports in a commit.
func reportsOf(s *stage, commit string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, src := range s.repo.Files(commit) {
		if page, ours := strings.CutPrefix(name, "reports/"); ours {
			files[page] = &fstest.MapFile{Data: src}
		}
	}
	return files
}
