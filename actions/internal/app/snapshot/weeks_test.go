package snapshot

import (
	"strings"
	"testing"
	"time"
)

// On the last day of the release's second week its page compares both weeks, by the
// readings over the seven days to their last days; on other days there is nothing to compare,
// and of a week whose readings are missing nothing is said.
func TestSnapshot_ComparesTheWeeksOfTheRelease(t *testing.T) {
	s := newStage(t, "")
	shipped := time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC)
	evening := func(day int) time.Time { return shipped.AddDate(0, 0, day).Add(18*time.Hour + 17*time.Minute) }
	s.world.SetNow(evening(6))
	s.telemetry(t, 400, 0)
	s.must(t)
	first := s.report("2026/W05/2026-01-30.md")
	s.world.SetNow(evening(13))
	s.put(t, "telemetry/b.json", export(s.world.Now(), 500, 60))
	s.must(t)
	s.repo.OpenIssue("ann", "slow", "", "bug")
	contains(t, "the day", s.report("2026/W06/2026-02-06.md"), "## The 7 days to 6 Feb against the 7 days before",
		"Weeks 1 and 2 since the release: the 7 days to 30 Jan 18:17 UTC, and the 7 days to 6 Feb 18:17 UTC. The first 5h 43m of the earlier one were before the day of the release, so its counts are of less time, and elsewhere on this page it is no full period to compare with.",
		"| Crash rate<br><sub>7 days</sub> | 0% | 12%<br><sub>60 of 500 session ids</sub> | &lt; 0.1% | +12 pp | declining |",
		"| Sessions<br><sub>7 days</sub> | 400 | 500 | growing | +25% | improving |",
		"| Command success rate<br><sub>7 days</sub> | 90% | 90%<br><sub>450 of 500 commands</sub> | ≥ 80% | unchanged | stable |")
	s.world.SetNow(evening(14))
	s.must(t)
	for name, page := range map[string]string{"30 Jan": first, "7 Feb": s.report("2026/W06/2026-02-07.md")} {
		if page == "" || strings.Contains(page, "of the release\n") {
			t.Errorf("the page of %s compares weeks, or is not there:\n%s", name, page)
		}
	}
	s.world.SetNow(evening(27)) // no run on the last day of week 3
	s.must(t)
	if page := s.report("2026/W08/2026-02-20.md"); page == "" || strings.Contains(page, "against the 7 days before") {
		t.Errorf("week 4 is compared with a week without readings:\n%s", page)
	}
}
