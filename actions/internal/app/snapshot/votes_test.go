package snapshot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// A vote changes no time of an issue, and counts in the next run all the same,
// however the label of feature requests is written. A plan that counts no votes asks
// for none, nor does a sweep.
func TestSnapshot_CountsVotesThatCameLater(t *testing.T) {
	for plan, asks := range map[string]bool{small: false, strings.Replace(small, "metrics:\n", "metrics:\n  - {id: feature_requests}\n", 1): true} {
		s := newStage(t, plan)
		n := s.repo.OpenIssue("ann", "Add support for nushell", "", "type: feature")
		s.must(t)
		s.repo.React(n, "+1", 4)
		s.world.Advance(time.Hour)
		asked := func(args ...string) bool {
			before := len(s.world.Requests())
			s.must(t, args...)
			for _, r := range s.world.Requests()[before:] {
				if strings.Contains(r.Query, "labels=type") {
					return true
				}
			}
			return false
		}
		if asked("-priority", "P0") {
			t.Error("a sweep asks for votes")
		}
		if got := asked(); got != asks {
			t.Errorf("asks for votes: %t, want %t", got, asks)
		}
		if !asks {
			continue
		}
		readings, _ := metric.Decode([]byte(s.report("data/readings/2026-01.ndjson")))
		i := slices.IndexFunc(readings, func(r metric.Reading) bool { return r.Metric == "feature_requests" && len(r.Values) > 0 })
		if i < 0 || !strings.Contains(readings[i].Values[0].Key, "nushell") || *readings[i].Values[0].Value < 4 {
			t.Errorf("the readings are %+v", readings)
		}
	}
}
