package audit

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// The figures of alerts that stand in one row are compared as those of rows are.
func TestReadings_ComparesTheMembersOfAGroup(t *testing.T) {
	at, value := time.Date(2026, 2, 5, 18, 17, 0, 0, time.UTC), 42.0
	kept := []metric.Reading{{Metric: "crash_rate", At: at, From: at.Add(-day), Until: at, Unit: "%", Value: &value, Verdict: "warning"}}
	record := newRecord(kept, []Metric{{ID: "crash_rate", Title: "Crash rate", Own: day, Weekly: 7 * day}})
	const markdown = "# Caro\n\nUpdated 5 Feb 2026 18:17 UTC\n\n| | Metric | Now | Target | Change | Since | Detail |\n|---|---|---:|---|---:|---|---|\n| 🟠 | **2 alerts in one message: 2 warnings**<br><sub>🟠 Crash rate: 42%, last 24 hours, target &lt; 1%</sub> | – | – | – | 5 Feb | |\n"
	const html = `<p>updated 5 Feb 2026 18:17 UTC</p><table><thead><tr><th>Level</th><th>Metric</th><th>Now</th></tr></thead><tbody><tr><td>warning</td><th>2 alerts in one message: 2 warnings<ul><li><span>warning</span> <a>Crash rate: 42%, last 24 hours, target &lt; 1%</a></li></ul></th><td>–</td></tr></tbody></table>`
	for name, src := range map[string]string{"README.md": markdown, "index.html": html} {
		whole, wrong := &audit{record: record}, &audit{record: record}
		whole.page(name, src)
		wrong.page(name, strings.Replace(src, "42%", "43%", 1))
		if len(whole.result.Figures) == 0 || len(whole.result.Findings)+len(whole.result.Unread) > 0 || len(wrong.result.Findings) != 1 {
			t.Errorf("%s: %d figures, findings %v, unread %v; with another figure %v", name, len(whole.result.Figures), whole.result.Findings, whole.result.Unread, wrong.result.Findings)
		}
	}
}
