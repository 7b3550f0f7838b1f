package snapshot

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// A silence keeps its channel quiet, stands on the page, and when it is over what
// still lasts is told.
func TestSnapshot_HonoursASilence(t *testing.T) {
	s := newStage(t, strings.Replace(small, "sources:\n", "silence: [{metric: crash_rate, until: 2026-01-25, reason: fixed soon, who: lena}]\nsources:\n", 1))
	s.telemetry(t, 400, 40)
	s.must(t)
	if said := s.said("#caro-alerts"); len(said) > 0 {
		t.Errorf("the channel heard %q", said)
	}
	contains(t, "the page", s.report("README.md"), "1 active alert · silenced: Crash rate until 25 Jan (lena: fixed soon)")
	s.world.Advance(40 * time.Hour)
	s.telemetry(t, 400, 40)
	s.must(t)
	if said := strings.Join(s.said("#caro-alerts"), "\n"); !strings.Contains(said, "Crash rate 10%: critical") {
		t.Errorf("after the silence the channel heard %q", said)
	}
	if page := s.report("README.md"); strings.Contains(page, "silenced") {
		t.Errorf("the page names a silence that is over:\n%.600s", page)
	}
}

// An issue whose label is silenced gets its labels at once, and its channel hears of it
// when the silence is over, however long that takes and though nothing has changed.
func TestSnapshot_TellsOfAnIssueWhenItsSilenceIsOver(t *testing.T) {
	for _, lostEvent := range []bool{false, true} {
		rules := strings.Replace(small, "sources:\n", "silence: [{label: P0, until: 2026-01-28, reason: a drill, who: lena}]\nsources:\n", 1)
		s := newStage(t, rules)
		n := s.repo.OpenIssue("ann", "a meltdown on start", "")
		if !lostEvent {
			s.triage(t, n)
		}
		for range 3 {
			s.world.Advance(20 * time.Hour)
			s.must(t)
		}
		if said := s.said("#caro-alerts"); len(said) > 0 {
			t.Errorf("while it is silenced the channel heard %q", said)
		}
		if labels := s.repo.Issue(n).Labels; !slices.Contains(labels, "P0") {
			t.Errorf("lost event %v: the issue has the labels %q", lostEvent, labels)
		}
		s.at(t, "2026-01-29 00:20")
		for range 2 {
			s.must(t)
			s.world.Advance(20 * time.Minute)
		}
		if said := s.said("#caro-alerts"); len(said) != 1 || !strings.Contains(said[0], "meltdown") {
			t.Errorf("lost event %v: after the silence the channel heard %q", lostEvent, said)
		}
	}
}
