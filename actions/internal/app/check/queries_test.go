package check

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// oneTable is an engine that knows the table issues alone.
type oneTable struct{}

func (oneTable) Query(_ context.Context, sql string, _ model.Window) (model.Table, error) {
	if !strings.Contains(sql, "FROM issues") {
		return model.Table{}, errors.New("the query cannot be answered: there is no such table")
	}
	return model.Table{Columns: []string{"value"}, Rows: [][]any{{0.0}}}, nil
}

// The test itself stands in for the program snapshot, which links DuckDB.
func TestMain(m *testing.M) {
	if len(os.Args) != 2 || os.Args[1] != metric.TrialMark {
		os.Exit(m.Run())
	}
	var trials []metric.Trial
	if err := json.NewDecoder(os.Stdin).Decode(&trials); err != nil || os.Getenv("GITHUB_TOKEN") != "" {
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(metric.Try(context.Background(), metric.Facts{Store: oneTable{}}, trials)); err != nil {
		os.Exit(1)
	}
}

const ownMetrics = `
metrics:
  - {id: p0_bugs}
  - {id: good, title: Good, unit: x, source: github, sql: SELECT count(*) AS value FROM issues}
  - id: bad
    title: Bad
    unit: x
    source: github
    sql: SELECT count(*) AS value FROM isues
`

// A query that cannot work is a mistake at its place, on the run's page too.
func TestCheck_TriesOwnQueries(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	s.Env["AFTERCARE_SNAPSHOT"] = self
	code, out, summary := s.run(t, plan+ownMetrics, "-history", "0")
	want := "metric bad: the query cannot be answered: there is no such table"
	if code != 2 || !strings.Contains(out, want) || strings.Contains(out, "metric good") || !strings.Contains(out, "::error col=10,file=rules.yaml,line=") {
		t.Errorf("exit %d: %s", code, out)
	}
	if !strings.Contains(summary, "1 mistake.") || !strings.Contains(summary, want) {
		t.Errorf("the summary is %s", summary)
	}
	telemetry := strings.Replace(ownMetrics, "source: github\n    sql: SELECT count(*) AS value FROM isues", "source: telemetry\n    sql: SELECT date_diff('day', $1, $2) AS value FROM issues", 1)
	if code, out, _ := s.run(t, plan+telemetry, "-history", "0"); code != 0 || !strings.Contains(out, "metric bad: PostgreSQL has no date_diff, so it works on exports only") {
		t.Errorf("exit %d: %s", code, out)
	}
}

// Without the program, or with a broken one, the run says that the queries were
// not tried, and goes on.
func TestCheck_SaysThatQueriesWereNotTried(t *testing.T) {
	s := newStage(t)
	if code, out, _ := s.run(t, plan+ownMetrics, "-history", "0"); code != 0 || !strings.Contains(out, "was not tried, since the program snapshot is not here") {
		t.Errorf("exit %d: %s", code, out)
	}
	s.Env["AFTERCARE_SNAPSHOT"] = filepath.Join(s.Dir, "gone")
	if code, out, _ := s.run(t, plan+ownMetrics, "-history", "0"); code != 0 || !strings.Contains(out, "the SQL of your own metrics was not tried: gone:") {
		t.Errorf("exit %d: %s", code, out)
	}
}

// What is valid and not meant is a warning at its place, and on the run's page.
func TestCheck_Warns(t *testing.T) {
	s := newStage(t)
	code, out, summary := s.run(t, plan+"gate: {must: [{metric: p0_bugs, is: '= 0', waived: {owner: a, reason: b, until: 2020-01-01}}]}\n", "-history", "0")
	if code != 0 || !strings.Contains(out, "the waiver ended on 2020-01-01") || !strings.Contains(out, "::warning col=") || !strings.Contains(summary, "### Warnings") {
		t.Errorf("exit %d: %s\n%s", code, out, summary)
	}
}
