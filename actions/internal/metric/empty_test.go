package metric

import (
	"fmt"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// What a source that answers has nothing of is empty; what a source does not
// answer is not, nor is telemetry that nobody sends.
func TestNothingToMeasure(t *testing.T) {
	s, _, err := store.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	own := func(source, sql string) Definition {
		return Definition{ID: "own", Title: "Own?", Source: source, Window: model.Names{"7d"}, SQL: sql}
	}
	gone := model.Gap{Source: "github", Reason: "it is down"}
	for _, c := range []struct {
		name  string
		what  Definition
		gaps  []model.Gap
		empty bool
		wrong bool // the query is
	}{
		{"a value", own("github", "SELECT max(comments) AS value FROM issues"), nil, true, false},
		{"a share", own("github", "SELECT 0 AS part, 0 AS whole"), nil, true, false},
		{"a share of none", own("github", "SELECT NULL AS part, 3 AS whole"), nil, false, false},
		{"shares of none", own("github", "SELECT 'a' AS key, 0 AS part, 0 AS whole"), nil, false, false},
		{"a count", own("github", "SELECT count(*) AS value FROM issues"), nil, false, false},
		{"a source that is down", own("github", "SELECT max(nothing) AS value FROM issues"), []model.Gap{gone}, false, false},
		{"a query that fails", own("github", "SELECT max(nothing) AS value FROM issues"), nil, false, true},
		{"a query of another form", own("github", "SELECT 1 AS one, 2 AS two"), nil, false, true},
		{"a query with a word for an answer", own("github", "SELECT 'three' AS value"), nil, false, true},
		{"a table of telemetry that is not there", Definition{ID: "crash_rate"}.Whole(), []model.Gap{{Source: "telemetry", Reason: "gone"}}, false, false},
		{"telemetry", own("telemetry", "SELECT 0 AS part, 0 AS whole"), nil, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Measure(t.Context(), Facts{Store: s, Gaps: c.gaps}, []Definition{c.what}, time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC))
			if len(got) != 1 || got[0].Empty != c.empty || got[0].Broken != c.wrong {
				t.Errorf("%+v", got)
			}
		})
	}
}

// What follows a person over days cannot be told from exports, and says so; where
// the telemetry is in a database it can.
func TestWhoCannotBeFollowed(t *testing.T) {
	s, _, err := store.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	now := time.Date(2026, 2, 7, 0, 0, 0, 0, time.UTC)
	var rows []model.Row
	for day := range 14 {
		rows = append(rows, model.SessionRow{ID: fmt.Sprint(day), CreatedAt: now.AddDate(0, 0, day-14).Add(time.Hour), Session: "a", Metadata: "{}"})
	}
	if err := s.Put(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"week_retention", "sessions_per_user", "power_users"} {
		d := Definition{ID: id}.Whole()
		exported := Measure(t.Context(), Facts{Store: s}, []Definition{d}, now)[0]
		if exported.Value != nil || !d.NotFromExports(exported.Reason) || d.Nothing(exported.Reason) {
			t.Errorf("%s from exports: %+v", id, exported)
		}
		if stored := Measure(t.Context(), Facts{Store: s, Telemetry: s}, []Definition{d}, now)[0]; stored.Value == nil {
			t.Errorf("%s from a database: %+v", id, stored)
		}
	}
}
