package alert

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// An alert keeps when its value first was past the critical threshold.
func TestObserve_KeepsWhenItBecameCritical(t *testing.T) {
	start := time.Date(2026, 2, 4, 18, 17, 0, 0, time.UTC)
	bounds := map[string]verdict.Thresholds{"crash_rate": {}}
	m := Memory{}
	for hour, step := range []struct {
		level verdict.Level
		want  time.Time
	}{{verdict.Warning, time.Time{}}, {verdict.Critical, start.Add(time.Hour)}, {verdict.Warning, start.Add(time.Hour)}, {verdict.Critical, start.Add(time.Hour)}} {
		m = m.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: step.level}}, bounds, start.Add(time.Duration(hour)*time.Hour))
		if e, _ := m.Firing("crash_rate"); !e.Critical.Equal(step.want) {
			t.Errorf("after %d hours: %s, want %s", hour, e.Critical, step.want)
		}
	}
	m = Memory{}.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: verdict.Critical}}, bounds, start)
	if e, _ := m.Firing("crash_rate"); !e.Critical.Equal(start) {
		t.Errorf("critical at once: %s", e.Critical)
	}
}

// An alert keeps the worst figure that it had, also one that no reading of a day has:
// the worst level first, then the farthest value, and the first of equal ones.
func TestReached_KeepsTheWorst(t *testing.T) {
	now := time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC)
	bounds := verdict.Thresholds{Warning: verdict.Bound{Op: ">", Decimal: "0.5"}, Critical: verdict.Bound{Op: ">", Decimal: "1"}}
	m := Memory{}.Reached("crash_rate", Peak{At: now, Level: verdict.Critical, Value: 9}, bounds)
	if _, fires := m.Firing("crash_rate"); fires || len(m.Alerts) > 0 {
		t.Fatalf("what does not fire has a peak: %+v", m)
	}
	m = m.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: verdict.Warning}}, map[string]verdict.Thresholds{"crash_rate": bounds}, now)
	for _, step := range []struct {
		level      verdict.Level
		value      float64
		want, hour float64
	}{
		{verdict.Warning, 0.9, 0.9, 1}, {verdict.Critical, 3, 3, 2}, {verdict.Critical, 3, 3, 2}, {verdict.Warning, 8, 3, 2}, {verdict.OK, 0, 3, 2}, {verdict.Critical, 4, 4, 6},
	} {
		now = now.Add(time.Hour)
		before, _ := m.Firing("crash_rate")
		was := before.Peak
		m = m.Reached("crash_rate", Peak{At: now, Level: step.level, Value: step.value}, bounds)
		e, _ := m.Firing("crash_rate")
		if e.Peak == nil || e.Peak.Value != step.want || e.Peak.At.Hour() != 9+int(step.hour) {
			t.Errorf("after %v %s: the peak is %+v, want %v", step.value, step.level, e.Peak, step.want)
		}
		if before.Peak != was {
			t.Error("an earlier memory was written to")
		}
	}
	kept, err := Decode(m.Encode())
	if e, _ := kept.Firing("crash_rate"); err != nil || e.Peak == nil || e.Peak.Value != 4 {
		t.Errorf("%v: the file keeps %+v", err, e.Peak)
	}
}
