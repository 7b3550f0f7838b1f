package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

var (
	now = time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	day = model.Last(24*time.Hour, now)
)

func open(t testing.TB, path string) (*Store, string) {
	t.Helper()
	s, note, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, note
}

func ask(t testing.TB, s *Store, query string) string {
	t.Helper()
	answer, err := s.Query(t.Context(), query, day)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return fmt.Sprint(answer.Rows)
}

func half(f float64) *float64 { return &f }

// rows has one of each table.
func rows() []model.Row {
	at := now.Add(-time.Hour)
	return []model.Row{
		model.IssueRow{Issue: model.Issue{Number: 1, Title: "it's \x00 ünïcode 🎉", Author: "ann", State: "open", Labels: []string{"bug", "P0"}, CreatedAt: at}, Sentiment: half(-0.5)},
		model.LabelEvent{Issue: 1, Label: "bug", At: at, Added: true},
		model.IssuePhrasesRow{Number: 1, Said: "a"}, model.CommentRow{ID: 7, Issue: 1, CreatedAt: at},
		model.RepositoryRow{At: at, Stars: 5}, model.ForkRow{At: at},
		model.DiscussionRow{Number: 3, Category: "ideas", CreatedAt: at}, model.DiscussionPostRow{Number: 3, CreatedAt: at},
		model.SecurityAlertRow{Number: "1", Severity: "high", State: "open", CreatedAt: at},
		model.DownloadRow{Package: "caro", Version: "1.0.0", Day: at, Downloads: 9}, model.DownloadCountRow{Registry: "docker", Package: "caro", Until: at, Downloads: 9}, model.VersionRow{Package: "caro", Version: "1.0.0", CreatedAt: at},
		model.SessionRow{CreatedAt: at, Session: "s", Metadata: `{"os_name": "Linux"}`}, model.CommandRow{CreatedAt: at, Session: "s", Success: true, Millis: half(12.5), Backend: "static"},
		model.SafetyRow{CreatedAt: at, Session: "s", Blocked: true}, model.BackendErrorRow{CreatedAt: at, Session: "s", Kind: "x"},
		model.ConsentRow{CreatedAt: at, Session: "s", OptedOut: true}, model.FindingRow{At: at, Until: at, File: "a.json", Kind: "email", Count: 2},
		model.SurveyRow{At: at, Satisfaction: half(4)}, model.SurveyRequestRow{At: at, Issue: 1}, model.MentionRow{Source: "hn", ID: "1", At: at}, model.MailRow{At: at, Kind: "report", Labels: nil},
		model.RunRow{ID: 5, Workflow: ".github/workflows/ci.yml", Conclusion: "success", At: at},
	}
}

func TestEachTableKeepsItsRows(t *testing.T) {
	s, _ := open(t, "")
	if err := s.Put(t.Context(), rows()); err != nil {
		t.Fatal(err)
	}
	for _, table := range Tables() {
		if got := ask(t, s, "SELECT count(*) FROM "+table); got != "[[1]]" {
			t.Errorf("%s holds %s rows", table, got)
		}
	}
	for query, want := range map[string]string{
		"SELECT title, sentiment, closed_at, list_contains(labels, 'P0') FROM issues":                      "[[it's \x00 ünïcode 🎉 -0.5 <nil> true]]",
		"SELECT metadata->>'os_name' FROM session_start_events WHERE created_at >= $1 AND created_at < $2": "[[Linux]]",
		"SELECT count(*) FROM session_start_events WHERE created_at < $2":                                  "[[1]]",
		"SELECT count(*) FROM session_start_events WHERE created_at < $1 -- and not $2":                    "[[0]]",
		"-- a remark\n/* and another */ with x as (select 1 AS y) SELECT y FROM x":                         "[[1]]",
		"SELECT $2": "[[2026-01-27 09:00:00 +0000 UTC]]",
		"SELECT '$1', 1::hugeint, 1.5::decimal(9,2)": "[[$1 1 1.5]]",
	} {
		if got := ask(t, s, query); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
	if _, err := s.Query(t.Context(), "SELECT labels FROM issues", day); err == nil || !strings.Contains(err.Error(), "column labels") {
		t.Errorf("a list: %v", err)
	}
}

func TestALaterRowTakesThePlaceOfItsKey(t *testing.T) {
	s, _ := open(t, "")
	issue := func(n int, title string) model.Row {
		return model.IssueRow{Issue: model.Issue{Number: n, Title: title, State: "open", CreatedAt: now}}
	}
	for _, some := range [][]model.Row{{issue(1, "a"), issue(2, "b"), issue(1, "c")}, {issue(2, "d")}, nil} {
		if err := s.Put(t.Context(), some); err != nil {
			t.Fatal(err)
		}
	}
	if got := ask(t, s, "SELECT title FROM issues ORDER BY number"); got != "[[c] [d]]" {
		t.Errorf("got %s", got)
	}
	err := s.Change(t.Context(), func(c *Change) error {
		c.SetState("cursor", "x")
		return errors.Join(c.Forget("issues", []int{2, 9}), c.Put([]model.Row{issue(3, "e")}))
	})
	if got := ask(t, s, "SELECT title FROM issues ORDER BY number"); err != nil || got != "[[c] [e]]" {
		t.Errorf("got %s, %v", got, err)
	}
	broken := errors.New("broken off")
	err = s.Change(t.Context(), func(c *Change) error {
		c.SetState("cursor", "y")
		return errors.Join(c.Forget("issues", []int{1, 3}), broken)
	})
	state := s.State("cursor")
	if got := ask(t, s, "SELECT count(*) FROM issues"); !errors.Is(err, broken) || got != "[[2]]" || state != "x" {
		t.Errorf("a change that broke off left %s, %q, %v", got, state, err)
	}
	if err := s.Clear(t.Context(), "issues", "forks"); err != nil || ask(t, s, "SELECT count(*) FROM issues") != "[[0]]" {
		t.Errorf("cleared: %v", err)
	}
	if err := s.Clear(t.Context(), "issues; DROP TABLE forks"); err == nil {
		t.Error("a table that is none was cleared")
	}
}

// hostile are questions that would do harm.
var hostile = []string{
	"DROP TABLE issues", "DELETE FROM issues", "UPDATE issues SET title = ''", "INSERT INTO forks VALUES (now())", "CREATE TABLE x (y int)",
	"SELECT 1; DROP TABLE issues", "COMMIT; DELETE FROM issues; SELECT 1", "BEGIN", "ROLLBACK", "CHECKPOINT", "VACUUM", "PRAGMA database_list", "CALL pragma_version()",
	"SET memory_limit = '100GB'", "RESET ALL", "SET enable_external_access = true", "SET lock_configuration = false", "LOAD httpfs", "INSTALL httpfs", "FORCE INSTALL httpfs FROM 'https://x.example'",
	"ATTACH '%s' AS x", "DETACH memory", "COPY issues TO '%s'", "COPY issues FROM '%s'", "EXPORT DATABASE '%s'", "IMPORT DATABASE '%s'", "USE memory",
	"SELECT * FROM read_csv('%s')", "SELECT * FROM read_text('%s')", "SELECT * FROM read_blob('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM read_json('/etc/hostname')",
	"SELECT * FROM glob('/etc/*')", "SELECT getenv('HOME')", "SELECT * FROM sniff_csv('/etc/passwd')", "SELECT * FROM parquet_metadata('%s')", "SELECT * FROM query('DROP TABLE issues')",
	"WITH x AS (DELETE FROM issues RETURNING *) SELECT * FROM x", "EXPLAIN ANALYZE DELETE FROM issues", "PREPARE p AS DELETE FROM issues", "EXECUTE p", "CREATE SECRET (TYPE s3)", "CREATE MACRO f() AS 1", "ALTER TABLE issues DROP COLUMN title",
	"SELECT * FROM duckdb_secrets(), read_csv_auto('/proc/self/environ')", "", ";", "SELECT", "SELECT * FROM nowhere", "SELECT $3",
	"SELECT count(*) FROM range(100000000000) a, range(100000000000) b", "SELECT list(i) FROM range(100000000000) t(i)", "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
}

func TestAQuestionChangesNothing(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "x.csv")
	if err := os.WriteFile(file, []byte("a,b\n1,2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, _ := open(t, filepath.Join(dir, "facts.duckdb"))
	s.Limit = 500 * time.Millisecond
	if err := s.Put(t.Context(), rows()); err != nil {
		t.Fatal(err)
	}
	everything := func() string {
		var all []string
		for _, table := range Tables() {
			all = append(all, ask(t, s, fmt.Sprintf("SELECT '%s', count(*), max(hash(t))::text FROM %s t", table, table)))
		}
		return strings.Join(append(all, ask(t, s, "SELECT count(*) FROM duckdb_tables()"), ask(t, s, "SELECT value FROM duckdb_settings() WHERE name = 'memory_limit'")), "\n")
	}
	before := everything()
	for _, query := range hostile {
		query = strings.ReplaceAll(query, "%s", file)
		if answer, err := s.Query(t.Context(), query, day); err == nil {
			t.Errorf("%s was answered: %v", query, answer)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the error has lines: %v", query, err)
		}
	}
	if after := everything(); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 3 {
		t.Errorf("files were written: %v", entries)
	}
}

// What a run leaves that died is what its changes did, whole; a note by itself is
// lost.
func TestWhatARunThatDiedLeaves(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facts.duckdb")
	s, _ := open(t, path)
	err := s.Change(t.Context(), func(c *Change) error {
		c.SetState("cursor", "x")
		return c.Put([]model.Row{
			model.IssueRow{Issue: model.Issue{Number: 1, Title: "a", State: "open", CreatedAt: now, Labels: []string{"bug"}}},
			model.LabelEvent{Issue: 1, Label: "bug", At: now.Add(-time.Hour), Added: true},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.SetState("etag", "e")
	left := filepath.Join(t.TempDir(), "facts.duckdb")
	for _, end := range []string{"", ".wal"} {
		src, err := os.ReadFile(path + end)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(left+end, src, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	again, note := open(t, left)
	if note != "" || again.State("cursor") != "x" || again.State("etag") != "" {
		t.Errorf("%q; the notes are %q", note, again.States(""))
	}
	if got := ask(t, again, "SELECT number FROM labelled(['bug'], $2)"); got != "[[1]]" {
		t.Errorf("labelled are %s", got)
	}
}

// A change that could not begin has nothing to undo, and says the one thing.
func TestAChangeThatCannotBegin(t *testing.T) {
	s, _ := open(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Change(ctx, func(c *Change) error {
		cancel()
		return c.Clear("forks")
	})
	if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
	if err := s.Put(t.Context(), rows()); err != nil {
		t.Errorf("the next change: %v", err)
	}
}

// Votes and duplicates change the issues that they name, and no others; of one that
// is not kept they change nothing.
func TestChange_AmendsIssuesByTheirNumber(t *testing.T) {
	s, _ := open(t, "")
	var rows []model.Row
	for n := 1; n <= 4; n++ {
		rows = append(rows, model.IssueRow{Issue: model.Issue{Number: n, Title: "x", State: "open", CreatedAt: now, Reactions: 1, Upvotes: 1, Labels: []string{"bug"}}, SameAs: 9})
	}
	if err := s.Change(t.Context(), func(c *Change) error {
		return errors.Join(c.Put(rows), c.Vote(nil), c.Vote([]model.Votes{{Issue: 2, Reactions: 7, Upvotes: 5}, {Issue: 77, Reactions: 3}, {Issue: 3}}), c.Alike(map[int]int{4: 2}, map[int]int{1: 3, 78: 1}))
	}); err != nil {
		t.Fatal(err)
	}
	got := ask(t, s, "SELECT number, reactions, upvotes, coalesce(same_as, 0), coalesce(closed_as, 0) FROM issues ORDER BY number")
	if want := "[[1 1 1 0 3] [2 7 5 0 0] [3 0 0 0 0] [4 1 1 2 0]]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What was put before and after Relieve is there, in the file too.
func TestRelieve(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facts")
	s, _ := open(t, path)
	var rows []model.Row
	for i := range many {
		rows = append(rows, model.CommentRow{ID: int64(i), Issue: 1, CreatedAt: now})
	}
	relieve := func(closes bool) {
		t.Helper()
		before := s.db
		if err := s.Relieve(t.Context()); err != nil {
			t.Fatal(err)
		}
		if (s.db != before) != closes {
			t.Errorf("Relieve closes the file: %t, want %t", !closes, closes)
		}
	}
	if err := s.Put(t.Context(), rows[1:]); err != nil {
		t.Fatal(err)
	}
	relieve(false)
	if err := s.Put(t.Context(), rows[:1]); err != nil {
		t.Fatal(err)
	}
	s.SetState("cursor", "x")
	relieve(true)
	relieve(true)
	if err := s.Put(t.Context(), []model.Row{model.CommentRow{ID: many, Issue: 1, CreatedAt: now}}); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("[[%d]]", many+1)
	if got := ask(t, s, "SELECT count(*) FROM issue_comments"); got != want || s.State("cursor") != "x" {
		t.Errorf("after Relieve there are %s comments, want %s; the state is %q", got, want, s.State("cursor"))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, note := open(t, path)
	if got := ask(t, s, "SELECT count(*) FROM issue_comments"); got != want || note != "" || s.State("cursor") != "x" {
		t.Errorf("the file has %s comments, want %s; note %q", got, want, note)
	}
}

// A row takes the place of the one with its key, however often, in one change and in
// a file that was closed meanwhile; a day and an instant are found as keys too.
func TestPut_TakesThePlaceOfTheRowWithItsKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facts.duckdb")
	day := time.Date(2026, 1, 24, 5, 0, 0, 0, time.UTC) // kept as a day
	rows := func(n int64) []model.Row {
		return []model.Row{
			model.DownloadRow{Registry: "crates", Package: "caro", Version: "1", Day: day, Downloads: n},
			model.DownloadRow{Registry: "crates", Package: "caro", Version: "1", Day: day.AddDate(0, 0, 1), Downloads: n},
		}
	}
	for run := range 3 {
		s, note, err := Open(t.Context(), path)
		if err != nil || note != "" {
			t.Fatal(note, err)
		}
		err = s.Change(t.Context(), func(c *Change) error {
			return errors.Join(c.Put(rows(1)), c.Put(rows(2)), c.Put(append(rows(3), rows(int64(run))...)))
		})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := s.Query(t.Context(), "SELECT count(*) AS n, sum(downloads)::BIGINT AS sum FROM downloads", model.Window{})
		if got := fmt.Sprint(answer.Rows); err != nil || got != fmt.Sprintf("[[2 %d]]", 2*run) {
			t.Errorf("run %d: got %s, %v", run, got, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
