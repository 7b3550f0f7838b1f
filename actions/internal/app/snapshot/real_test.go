package snapshot

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/race"
)

// realStage is the recorded history of bitcoin-core/gui under the shipped plan,
// with telemetry, a registry and a survey beside it.
func realStage(t testing.TB) *stage {
	t.Helper()
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = "../../../../../shared/data"
	}
	rules, err := os.ReadFile("../../../../rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	plan := strings.NewReplacer("2026-01-24", "2026-08-10", "2026-01-30", "2026-08-16", "2026-02-06", "2026-08-23", "2026-02-15", "2026-09-02", "2026-02-13", "2026-08-30", "2026-02-14", "2026-08-31").Replace(string(rules))
	s := newStage(t, plan)
	s.world.SetNow(time.Date(2026, 8, 17, 9, 0, 0, 0, time.UTC))
	for _, name := range []string{"issues", "pulls"} {
		f, err := os.Open(filepath.Join(folder, "issues", "bitcoin-core-gui."+name+".jsonl.gz"))
		if err != nil {
			t.Skipf("the recorded history is not here (AFTERCARE_DATA names its folder): %v", err)
		}
		err = s.repo.Load(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	for day := range 14 {
		s.world.Crates.Download("caro", "1.1.0-beta", s.world.Now().AddDate(0, 0, -day-1), 120+3*day)
		s.world.Crates.Download("caro", "1.0.0", s.world.Now().AddDate(0, 0, -day-1), 40)
	}
	s.telemetry(t, 900, 2)
	var survey strings.Builder
	survey.WriteString("Timestamp,Overall satisfaction,How likely are you to recommend Caro?,How often does the command work?,Privacy concerns,Feature requests\n")
	for n := range 30 {
		fmt.Fprintf(&survey, "%s,%d,%d,%d%%,%s,an undo\n", s.world.Now().AddDate(0, 0, -n%12-1).Format(time.RFC3339), 3+n%3, 5+n%6, 60+n, []string{"No", "none", "", "Where does my data go?"}[n%4])
	}
	s.put(t, "surveys/a.csv", survey.String())
	return s
}

func TestARealHistoryUnderTheWholePlan(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	s := realStage(t)
	got := s.must(t, "-since", "2026-08-01")
	all, _ := got.githubRequests()
	t.Logf("%d requests to GitHub: %v", all, got.outputs)
	if all > 45 {
		t.Errorf("%d requests", all)
	}
	readings, damaged := metric.Decode([]byte(s.report("data/readings/2026-08.ndjson")))
	if len(damaged) > 0 || len(readings) < 17*53 {
		t.Errorf("%d readings, damaged %q", len(readings), damaged)
	}
	for _, r := range readings {
		if strings.Contains(r.Reason, "query") {
			t.Errorf("%s: %s", r.Metric, r.Reason)
		}
	}
	if out := os.Getenv("AFTERCARE_SHOW"); out != "" {
		for name, content := range s.repo.Files("main") {
			path := filepath.Join(out, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for _, channel := range []string{"#caro-alerts", "#caro-monitoring"} {
			fmt.Println(channel, strings.Join(s.said(channel), "\n"))
		}
	}
}
