package metric

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// The reading of the same age is the last of that day over the same window, of the
// earlier version alone, and never over a window that begins before it shipped.
func TestAtAge(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2026, 1, day, hour, 0, 0, 0, time.UTC) }
	base := model.Baseline{Version: "v1.0.0", Shipped: at(1, 9), Until: at(9, 12), Newer: "v1.1.0", Since: at(20, 7)}
	read := func(at time.Time, length time.Duration, value float64) Reading {
		return Reading{At: at, Metric: "crash_rate", From: at.Add(-length), Until: at, Value: &value}
	}
	day := 24 * time.Hour
	record := []Reading{
		read(at(1, 18), day, 1), read(at(3, 10), day, 2), read(at(3, 18), day, 3), read(at(3, 18), 3*day, 4), read(at(9, 18), day, 5), read(at(5, 0), 7*day, 6),
		{At: at(4, 18), Metric: "p0_bugs", From: at(4, 18), Until: at(4, 18)},
	}
	for _, c := range []struct {
		name  string
		of    Reading
		value float64 // 0: none
	}{
		{"the last of the day", read(at(22, 2), day, 0), 3},
		{"over another window, which reaches before the release", read(at(22, 2), 3*day, 0), 0},
		{"its first day is not whole", read(at(20, 18), day, 0), 0},
		{"a day without a reading", read(at(23, 18), day, 0), 0},
		{"a day on which the next version was out", read(at(28, 18), day, 0), 0},
		{"before the newer one was published", read(at(20, 6), day, 0), 0},
	} {
		got, found := AtAge(record, c.of, base)
		if found != (c.value > 0) || found && *got.Value != c.value {
			t.Errorf("%s: %v %+v", c.name, found, got)
		}
	}
	if got, found := AtAge(record, Reading{At: at(23, 18), Metric: "p0_bugs", From: at(23, 18), Until: at(23, 18)}, base); !found || got.Metric != "p0_bugs" {
		t.Errorf("a state as of now: %v %+v", found, got)
	}
	if !Lives(record, base) || Lives(record[4:5], base) {
		t.Error("readings of the version's life are not told from others")
	}
}
