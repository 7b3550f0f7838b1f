package main

import (
	"strings"
	"testing"
	"time"
)

func TestASnapshotIsMeasuredToldAndFiled(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 400, 0)
	n := s.repo.OpenIssue("ann", "it is slow", "", "bug")
	s.world.Advance(time.Hour)
	s.repo.Comment("bob", n, "we look at it")
	s.world.Advance(time.Hour)
	got := s.run(t)
	if got.code != 0 {
		t.Fatalf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	t.Log(got.stdout, got.stderr)
	t.Log(s.report("README.md"))
	t.Log(got.summary, got.outputs, s.report("data/alerts.json"))
	for _, want := range []string{"crash_rate", "0 %"} {
		if !strings.Contains(s.report("README.md"), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
