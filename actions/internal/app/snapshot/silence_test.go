package snapshot

import (
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
