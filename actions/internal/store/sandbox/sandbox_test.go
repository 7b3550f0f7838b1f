package sandbox

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// TestMain is also the child's main: the tests start this program again.
func TestMain(m *testing.M) {
	if code, isChild := Main(os.Args, os.Stdin, os.Stdout); isChild {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

var day = model.Last(24*time.Hour, time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC))

func open(t *testing.T, limits Limits) (*Sandbox, *store.Store) {
	t.Helper()
	facts, _, err := store.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	facts.SetState("cursor", "x")
	err = facts.Put(t.Context(), []model.Row{
		model.IssueRow{Issue: model.Issue{Number: 1, Title: "it's \x00 ünïcode 🎉", State: "open", CreatedAt: day.From.Add(time.Hour), Labels: []string{"bug"}}},
		model.ForkRow{At: day.From},
	})
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := New(facts, program, time.Now, limits)
	t.Cleanup(func() { s.Close(); facts.Close() })
	return s, facts
}

func TestQuery_AnswersAsTheStoreDoes(t *testing.T) {
	s, facts := open(t, DefaultLimits)
	for _, query := range []string{
		"SELECT count(*) AS value FROM issues WHERE created_at >= $1 AND created_at < $2",
		"SELECT number AS key, title, created_at, closed_at, is_bot FROM issues, STARS",
		"SELECT number FROM labelled(['bug'], $2)",
		"SELECT 'nan'::double, 1::hugeint, 1.5::decimal(9,2), $1, null",
		"SELECT count(*) FROM nothing", "DROP TABLE issues", "SELECT labels FROM issues", "SELECT",
	} {
		for _, w := range []model.Window{day, day.Before()} {
			got, err := s.Query(t.Context(), query, w)
			want, errWant := facts.Query(t.Context(), query, w)
			if fmt.Sprint(got, err != nil) != fmt.Sprint(want, errWant != nil) {
				t.Errorf("%s: got %v, %v; want %v, %v", query, got, err, want, errWant)
			}
		}
	}
}

// What a query may not see or do: our own tables, the disk, the network, the
// settings of the next query.
func TestQuery_ReachesNothingElse(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "very-secret")
	s, facts := open(t, DefaultLimits)
	dir := t.TempDir()
	for _, query := range []string{
		"SELECT * FROM aftercare_state", "SELECT * FROM read_text('/proc/self/environ')", "SELECT getenv('GITHUB_TOKEN')", "SELECT * FROM read_csv('https://x.example/a.csv')",
		"DELETE FROM issues", "ATTACH '" + dir + "/x' AS x", "SELECT 1; DELETE FROM issues",
	} {
		if got, err := s.Query(t.Context(), query, day); err == nil {
			t.Errorf("%s is answered: %v", query, got)
		}
	}
	for _, query := range []string{"SELECT count(*) AS value FROM enable_logging()", "SELECT * FROM enable_logging(storage := 'file', storage_path := '" + dir + "')", "SELECT count(*) AS value FROM enable_profiling(), issues"} {
		_, _ = s.Query(t.Context(), query, day) // answered or not, it must not matter to others
		for name, engine := range map[string]interface {
			Query(context.Context, string, model.Window) (model.Table, error)
		}{"the sandbox": s, "the store": facts} {
			got, err := engine.Query(t.Context(), "SELECT count(*), (SELECT value FROM duckdb_settings() WHERE name = 'enable_logging') FROM issues", day)
			if want := "[[1 "; err != nil || !strings.HasPrefix(fmt.Sprint(got.Rows), want) || strings.Contains(fmt.Sprint(got.Rows), "true") {
				t.Errorf("after %s, %s: %v, %v", query, name, got.Rows, err)
			}
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("files were written: %v", entries)
	}
}

// A query that DuckDB does not stop by itself is stopped by the end of its process,
// and the next one is answered.
func TestQuery_IsStopped(t *testing.T) {
	limits := Limits{Query: time.Second, Total: time.Minute, Memory: 256}
	s, _ := open(t, limits)
	for query, want := range map[string]string{
		"SELECT max(levenshtein(repeat('a', 300000), repeat('b', 300000 + i::int))) AS value FROM range(3) t(i)":    "took longer than 1s",
		"SELECT count(*) AS value FROM range(100000000000) t(i) WHERE i % 7 = 3":                                    "took longer than 1s",
		"SELECT sum(length(repeat('x', 900000000) || repeat('y', 900000000 + i::int))) AS value FROM range(9) t(i)": "",
		"SELECT length(list(repeat('x', 1000000) || i)::text) AS value FROM range(100000) t(i)":                     "",
	} {
		began := time.Now()
		got, err := s.Query(t.Context(), query, day)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v", query, got, err)
		}
		if took := time.Since(began); took > limits.Query+grace+5*time.Second {
			t.Errorf("%s: stopped after %s", query, took)
		}
		if got, err := s.Query(t.Context(), "SELECT count(*) AS value FROM issues", day); err != nil || fmt.Sprint(got.Rows) != "[[1]]" {
			t.Errorf("after %s: %v, %v", query, got, err)
		}
		t.Log(err)
	}
}

// Queries that are slow must not take the whole run: one that was stopped is not
// asked again, and all together have a limit.
func TestQuery_GivesUp(t *testing.T) {
	s, _ := open(t, Limits{Query: 500 * time.Millisecond, Total: 2 * time.Second, Memory: 256})
	const slow = "SELECT count(*) AS value FROM range(100000000000) t(i) WHERE i % 7 = 3"
	if _, err := s.Query(t.Context(), slow, day); err == nil {
		t.Error("it is answered")
	}
	before := s.spent
	if _, err := s.Query(t.Context(), slow, day.Before()); err == nil || !strings.Contains(err.Error(), "took longer") || s.spent != before {
		t.Errorf("again: %v, after %s", err, s.spent-before)
	}
	var err error
	for i := 0; i < 20 && (err == nil || !strings.Contains(err.Error(), "in all")); i++ {
		_, err = s.Query(t.Context(), fmt.Sprintf("%s -- %d", slow, i), day)
	}
	if err == nil || !strings.Contains(err.Error(), "longer than 2s in all") {
		t.Errorf("all together: %v", err)
	}
}
