package snapshot

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/report"
)

// What only the present tells, such as a yank, is compared with the day before by the
// record, and with no other day.
func TestSinceYesterday(t *testing.T) {
	now := time.Date(2026, 2, 16, 18, 17, 0, 0, time.UTC)
	one, none := 1.0, 0.0
	yanks, _ := metric.Find("yanked_versions")
	entry := func(days int) report.Entry {
		at := now.AddDate(0, 0, -days)
		return report.Entry{Definition: yanks, Reading: metric.Reading{Metric: yanks.ID, At: now, From: now, Until: now, Unit: "versions", Value: &one},
			History: []metric.Reading{{At: at, From: at, Until: at, Value: &none}}}
	}
	if got := sinceYesterday(entry(1)); got.Reading.Previous == nil || *got.Reading.Previous != 0 || got.Verdict.Previous == nil {
		t.Errorf("the day before was none: %+v", got.Reading)
	}
	if got := sinceYesterday(entry(3)); got.Reading.Previous != nil {
		t.Errorf("three days before is no day before: %+v", got.Reading)
	}
	open := entry(1)
	open.Definition.Past = ""
	if got := sinceYesterday(open); got.Reading.Previous != nil {
		t.Errorf("a metric whose past can be asked is compared by its query: %+v", got.Reading)
	}
}
