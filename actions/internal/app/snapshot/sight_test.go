package snapshot

import (
	"fmt"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// A finding counts in each window in which it was there, also where the window is
// measured later, and where the file has gone since.
func TestSight(t *testing.T) {
	facts, _, err := store.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer facts.Close()
	start := time.Date(2026, 1, 25, 18, 0, 0, 0, time.UTC)
	at := func(hours int) time.Time { return start.Add(time.Duration(hours) * time.Hour) }
	counts := func(hours, until int) string {
		pii, _ := metric.Find("pii_in_telemetry")
		pii.Window = []string{fmt.Sprintf("%dh", hours)}
		r := metric.Measure(t.Context(), metric.Facts{Store: facts}, []metric.Definition{pii}, at(until))[0]
		if r.Value == nil {
			return r.Reason
		}
		return fmt.Sprint(*r.Value)
	}
	for _, run := range []struct {
		hour, emails, paths int
		want                [4]string // of the last hour, of 24 hours, of 7 days, and of the 24 hours to hour 6
	}{
		{0, 1, 0, [4]string{"1", "1", "1", "1"}},
		{12, 1, 0, [4]string{"1", "1", "1", "1"}},  // it is there
		{24, 3, 1, [4]string{"4", "4", "4", "1"}},  // two more, and one of another kind
		{48, 0, 1, [4]string{"1", "4", "4", "1"}},  // the e-mails have gone
		{72, 0, 0, [4]string{"0", "1", "4", "1"}},  // all has
		{220, 0, 0, [4]string{"0", "0", "0", "1"}}, // and a week has passed
		{24 * 90, 0, 0, [4]string{"0", "0", "0", "0"}},
	} {
		w := &world{App: &app.App{Env: &runner.Env{Now: at(run.hour)}}, store: facts}
		var found []model.FindingRow
		for kind, n := range map[string]int{"e-mail": run.emails, "path": run.paths} {
			if n > 0 {
				found = append(found, model.FindingRow{At: at(run.hour), Until: at(run.hour), File: "telemetry/a.json", Kind: kind, Count: n})
			}
		}
		if err := facts.Clear(t.Context(), "telemetry_findings"); err != nil {
			t.Fatal(err)
		}
		if err := facts.Change(t.Context(), func(c *store.Change) error { return w.sight(c, found) }); err != nil {
			t.Fatal(err)
		}
		if got := [4]string{counts(1, run.hour), counts(24, run.hour), counts(168, run.hour), counts(24, 6)}; got != run.want {
			t.Errorf("hour %d: got %v, want %v", run.hour, got, run.want)
		}
	}
	if left := facts.States(sightings); len(left) != 0 {
		t.Errorf("%d days after, %d notes are left", int(collect.MailedFor.Hours()/24), len(left))
	}
}
