package metric_test

import (
	"slices"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// A metric that counts issues names them, the oldest first, so that people can
// open what a page counts.
func TestMeasure_NamesTheIssuesThatItCounts(t *testing.T) {
	s := newStore(t)
	if err := s.Put(t.Context(), random(7).rows()); err != nil {
		t.Fatal(err)
	}
	definitions := []metric.Definition{}
	for _, id := range []string{"open_bugs", "unanswered_issues", "bugs_per_week", "crash_rate", "os_distribution"} {
		d, _ := metric.Find(id)
		definitions = append(definitions, d)
	}
	named := 0
	for _, r := range metric.Measure(t.Context(), metric.Facts{Store: s}, definitions, now) {
		switch r.Metric {
		case "crash_rate", "os_distribution":
			if r.Issues != nil {
				t.Errorf("%s names issues: %v", r.Metric, r.Issues)
			}
			continue
		}
		if r.Value == nil || len(r.Issues) != min(int(*r.Value), 6) || !slices.IsSorted(r.Issues) {
			t.Errorf("%s is %v and names %v", r.Metric, r.Value, r.Issues)
		}
		named += len(r.Issues)
		kept, damaged := metric.Decode(metric.Encode([]metric.Reading{r}))
		if len(damaged) > 0 || !slices.Equal(kept[0].Issues, r.Issues) {
			t.Errorf("kept as %v, %v", kept, damaged)
		}
	}
	if named == 0 {
		t.Error("no issue was named")
	}
}
