package snapshot

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// Where the release before has readings, charts and the pages of metrics show it on the
// same day after release; without them nothing is compared.
func TestSnapshot_ComparesWithTheReleaseBefore(t *testing.T) {
	for _, recorded := range []bool{false, true} {
		s := newStage(t, following("pull_request"))
		start := s.world.Now()
		s.world.SetNow(time.Date(2025, 12, 1, 9, 0, 0, 0, time.UTC))
		s.repo.Release("lena", "v1.0.0-beta", "", true)
		s.world.SetNow(start)
		var earlier []metric.Reading
		for n := range 5 {
			at, value := time.Date(2025, 12, 2+n, 18, 0, 0, 0, time.UTC), 3.5
			earlier = append(earlier, metric.Reading{At: at, Metric: "crash_rate", From: at.Add(-24 * time.Hour), Until: at, Unit: "%", Value: &value, Verdict: "critical"})
		}
		if recorded {
			s.repo.Commit("github-actions[bot]", "main", "readings", map[string][]byte{"reports/data/readings/2025-12.ndjson": metric.Encode(earlier)})
		}
		for range 2 {
			s.telemetry(t, 400, 0)
			s.must(t)
			s.world.Advance(24 * time.Hour)
		}
		page, chart := s.report("metrics/crash_rate.html"), s.report("charts/crash_rate.svg")
		for _, want := range []string{`Same day of v1.0.0-beta</th>`, `<td class="n">3.5%</td>`, "published on 1 Dec 2025: "} {
			if strings.Contains(page, want) != recorded {
				t.Errorf("recorded %v: the page has %q: %v\n%s", recorded, want, !recorded, page)
			}
		}
		if strings.Contains(chart, "v1.0.0-beta, same day after release") != recorded {
			t.Errorf("recorded %v: the chart is\n%s", recorded, chart)
		}
	}
}
