package snapshot

import (
	"strings"
	"testing"
	"time"
)

// GitHub stops the schedules of a repository in which nothing happens for sixty
// days: the page says so fifteen days before, and after.
func TestQuiet_WarnsBeforeSchedulesStop(t *testing.T) {
	for days, want := range map[int]string{
		44: "",
		45: "nothing was pushed for 45 days: GitHub stops the schedules on 25 Mar unless something is",
		70: "nothing was pushed for 70 days, so GitHub has probably stopped the schedules",
	} {
		s := newStage(t, "")
		s.world.Advance(time.Duration(days) * 24 * time.Hour)
		s.must(t)
		page := s.report("README.md")
		if want == "" && strings.Contains(page, "nothing was pushed") || !strings.Contains(page, want) {
			t.Errorf("after %d days, want %q:\n%s", days, want, page)
		}
		if from, _, _ := strings.Cut(page, "## Data sources with errors"); want != "" && !strings.Contains(from, "## Warnings\n\n- "+want) {
			t.Errorf("the warning is not by itself:\n%s", page)
		}
		if want == "" {
			continue
		}
		// The commit of that run is activity, so the next one does not warn.
		s.world.Advance(24 * time.Hour)
		s.must(t)
		if page := s.report("README.md"); strings.Contains(page, "nothing was pushed") {
			t.Errorf("after %d days and a commit it still warns", days)
		}
	}
}
