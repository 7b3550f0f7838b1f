package audit

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// The figure of an alert between two readings is that of its record; another one is
// found.
func TestReadings_KnowsWhatAlertsRecorded(t *testing.T) {
	at, zero := time.Date(2026, 2, 1, 18, 17, 0, 0, time.UTC), 0.0
	began := at.Add(-9 * time.Hour)
	m := alert.Memory{}.Observe([]verdict.Verdict{{Metric: "yanked_versions", Level: verdict.Critical}}, nil, began)
	m = m.Reached("yanked_versions", alert.Peak{At: began, From: began, Until: began, Level: verdict.Critical, Value: 1}, verdict.Thresholds{})
	data := metric.Encode([]metric.Reading{{Metric: "yanked_versions", At: at, From: at, Until: at, Unit: "versions", Value: &zero, Verdict: "ok"}})
	for shown, found := range map[string]int{"1": 0, "2": 2} {
		folder := fstest.MapFS{
			"data/readings/2026-02.ndjson": {Data: data}, "data/alerts.json": {Data: m.Encode()},
			"2026/W05/2026-02-01.md": {Data: []byte("| Started (UTC) | Incident |\n|---|---|\n| 1 Feb 09:17 | 🔴 Yanked versions: " + shown + " |\n")},
			"2026/02.md":             {Data: []byte("| Metric | Days on target without an alert | Lowest | Highest | Target |\n|---|---|---|---|---|\n| Yanked versions | 0 of 1 | 0 versions | " + shown + " versions | 0 |\n")},
		}
		got, err := Readings(folder, []Metric{{ID: "yanked_versions", Title: "Yanked versions"}})
		if err != nil || len(got.Findings) != found || len(got.Figures) != 4 {
			t.Errorf("%s: %v, %d findings among %d figures, want %d: %v", shown, err, len(got.Findings), len(got.Figures), found, strings.Join(got.Unread, "; "))
		}
	}
}
