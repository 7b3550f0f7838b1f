package metric_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/storetest"
)

// What is wrong with a query is found without a row to ask about.
func TestTry(t *testing.T) {
	s, _, err := store.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for sql, want := range map[string]string{
		"SELECT count(*) AS value FROM issues":                                "",
		"SELECT max(comments) AS value FROM issues WHERE created_at < $2":     "",
		"SELECT author AS key, count(*) AS value FROM issues GROUP BY 1":      "",
		"SELECT 0 AS part, count(*) AS whole FROM issues":                     "",
		"SELECT count(*) AS value FROM isues":                                 "isues",
		"SELECT count(coments) AS value FROM issues":                          "coments",
		"SELECT count(*) AS n, max(number) AS most FROM issues":               "the columns n, most",
		"SELECT count(*) AS value FROM issues WHERE created_at < yesterday()": "yesterday",
		"SELECT count(* AS value FROM issues":                                 "syntax",
		"SELECT 'many' AS value":                                              "many",
	} {
		got := metric.Try(t.Context(), metric.Facts{Store: s}, []metric.Trial{{ID: "own", Source: "github", SQL: sql}})[0]
		if want == "" && got.Wrong != "" || !strings.Contains(got.Wrong, want) {
			t.Errorf("%s: got %q, want %q", sql, got.Wrong, want)
		}
	}
}

// A function that is said to be DuckDB's alone is none of PostgreSQL's, and one
// that is not said to be is not warned of.
func TestUnportable(t *testing.T) {
	if got := metric.Unportable("SELECT Date_Diff('day', a, b), median(x), count(*), date_diff('h', a, b) -- epoch(\n FROM t WHERE x = 'epoch(1)'"); !slices.Equal(got, []string{"date_diff", "median"}) {
		t.Errorf("got %q", got)
	}
	dsn := storetest.Postgres(t, store.Schema())
	db, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	rows, err := db.Query(t.Context(), "SELECT DISTINCT proname FROM pg_proc")
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) < 1000 {
		t.Fatalf("%d functions, %v", len(names), err)
	}
	for _, name := range names {
		if got := metric.Unportable("SELECT " + name + "(1)"); len(got) > 0 {
			t.Errorf("PostgreSQL has %s", name)
		}
	}
}
