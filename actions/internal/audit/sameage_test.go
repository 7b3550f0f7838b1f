package audit

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// The figure of an earlier version must be that of the day which is as old, on each
// page that shows one; and the day must be as many days after its release.
func TestReadings_ComparesTheSameAge(t *testing.T) {
	reading := func(at time.Time, value float64) metric.Reading {
		return metric.Reading{At: at, Metric: "crash_rate", From: at.Add(-day), Until: at, Unit: "%", Value: &value, Verdict: "ok"}
	}
	record := metric.Encode([]metric.Reading{reading(time.Date(2026, 1, 27, 18, 17, 0, 0, time.UTC), 3.5), reading(time.Date(2026, 2, 8, 18, 17, 0, 0, time.UTC), 1.5)})
	const (
		page = `<h1>Crash rate</h1><h2>Now</h2><table><thead><tr><th>Window</th><th>Level</th><th>Value</th><th>Change</th><th>Same day of v1.1.0-beta</th><th>Detail</th></tr></thead><tbody>` +
			`<tr><th>24 hours</th><td><span>on target</span></td><td>1.5%</td><td>–</td><td>3.5%</td><td></td></tr></tbody></table>` +
			`<p class="m age">Day 4 of v1.1.2-beta, published on 5 Feb 2026, beside the same day of v1.1.0-beta, published on 24 Jan 2026: 27 Jan 2026.</p>` +
			`<footer>Updated <time>8 Feb 2026 18:17 UTC</time>.</footer>`
		chart = `<svg><desc id="d">Crash rate. Same day of v1.1.0-beta (27 Jan 2026): 3.5%.</desc><text class="title" x="12" y="24">Crash rate, last 24 hours</text>` +
			`<text class="title" x="708" y="24" text-anchor="end">1.5%</text></svg>`
		gate = "# Release gate: GO\n\nCaro · decided 8 Feb 2026 19:00 UTC\n\n| | Criterion | Target | Evidence |\n|---|---|---|---|\n" +
			"| ✅ | **Crash rate**<br><sub>24 hours</sub> | ≤ 110% of v1.1.0-beta, same day | 1.5%; same day of v1.1.0-beta (27 Jan 2026): 3.5% |\n"
	)
	for _, c := range []struct{ name, old, new, want string }{
		{"as recorded", "", "", "map[]"},
		{"another figure of the earlier version", "3.5%", "3.6%", "map[same day:3]"},
		{"another day", "27 Jan 2026", "26 Jan 2026", "map[age:1 same day:3]"}, // of which there is no reading
		{"another age", "Day 4", "Day 5", "map[age:1]"},
		{"another day of release", "24 Jan 2026", "23 Jan 2026", "map[age:1]"},
	} {
		change := func(s string) []byte { return []byte(strings.ReplaceAll(s, c.old, c.new)) }
		if c.old == "" {
			change = func(s string) []byte { return []byte(s) }
		}
		got, err := Readings(fstest.MapFS{
			"data/readings/2026-01.ndjson": {Data: record}, "metrics/crash_rate.html": {Data: change(page)}, "charts/crash_rate.svg": {Data: change(chart)}, "gate.md": {Data: change(gate)},
		}, []Metric{{ID: "crash_rate", Title: "Crash rate", Own: day, Weekly: 7 * day}})
		if err != nil || len(got.Unread) > 0 {
			t.Fatalf("%s: %v %v", c.name, err, got.Unread)
		}
		found := map[string]int{}
		for _, f := range got.Findings {
			found[f.What]++
		}
		if fmt.Sprint(found) != c.want {
			t.Errorf("%s: found %v, want %s: %v", c.name, found, c.want, got.Findings)
		}
	}
}
