package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/postgres"
	"github.com/aftercare/aftercare/actions/internal/store/storetest"
)

var day = model.Last(24*time.Hour, time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC))

const limit = time.Second

// server is a PostgreSQL with two sessions in it.
func server(t *testing.T) (dsn string, owner *pgx.Conn) {
	t.Helper()
	dsn = storetest.Postgres(t, store.Schema())
	owner, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { owner.Close(context.Background()) })
	do(t, owner, `CREATE FUNCTION empty_it() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM session_start_events; RETURN 1; END'; CREATE SEQUENCE counter`)
	do(t, owner, `INSERT INTO session_start_events VALUES ('2026-01-27 08:00Z', 's', '{"os_name": "Linux"}'), ('2026-01-25 08:00Z', 's', null)`)
	return dsn, owner
}

func do(t *testing.T, owner *pgx.Conn, statement string) {
	t.Helper()
	if _, err := owner.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func open(t *testing.T, dsn string) *postgres.Database {
	t.Helper()
	pg, err := postgres.Open(t.Context(), dsn, limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pg.Close(context.Background()) })
	return pg
}

const byOS = "SELECT metadata->>'os_name' AS key, count(*) AS value FROM session_start_events WHERE created_at >= $1 AND created_at < $2 GROUP BY 1"

// answers asks what has an answer.
func answers(t *testing.T, pg *postgres.Database) {
	t.Helper()
	for query, want := range map[string]string{
		byOS: "{[key value] [[Linux 1]]}",
		"SELECT avg(1.5::numeric), sum(2), 1::smallint, true, null, now() > $2 FROM session_start_events":         "{[avg sum int2 ?column? ?column? ?column?] [[1.5 4 1 true <nil> true]]}",
		"SELECT count(*) AS value FROM session_start_events WHERE created_at < $2 AND date_trunc('day', $2) < $2": "{[value] [[2]]}",
		"-- a remark\nSELECT 1 AS value": "{[value] [[1]]}",
	} {
		answer, err := pg.Query(t.Context(), query, day)
		if got := fmt.Sprint(answer); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", query, got, err, want)
		}
	}
}

// refused are queries that would do harm, and what is said.
var refused = map[string]string{
	"SELECT * FROM nothing_events":               "nothing_events",
	"SELECT nothing FROM backend_error_events":   "nothing",
	"DELETE FROM session_start_events":           "read-only",
	"CREATE TABLE x (y int)":                     "read-only",
	"COMMIT":                                     "read-only",
	"ROLLBACK":                                   "read-only",
	"BEGIN":                                      "read-only",
	"SET statement_timeout = 0":                  "read-only",
	"PREPARE TRANSACTION 'x'":                    "read-only",
	"SELECT pg_sleep(5)":                         "time limit",
	"SELECT 1; DELETE FROM session_start_events": "multiple commands",
	"SELECT 1; COMMIT":                           "multiple commands",
	"SELECT ARRAY[1,2] AS list":                  "column list",
	"WITH x AS (DELETE FROM session_start_events RETURNING *) SELECT count(*) FROM x":                                                                                                    "read-only",
	"WITH s AS MATERIALIZED (SELECT set_config('transaction_read_only','off',true) AS v), x AS (DELETE FROM session_start_events RETURNING 1) SELECT (SELECT v FROM s), count(*) FROM x": "read-only",
	"SELECT set_config('transaction_read_only', 'off', true)":                                                                                                                            "read-write",
	"SELECT set_config('transaction_read_only', 'off', false)":                                                                                                                           "read-write",
	"SELECT set_config('statement_timeout', '0', false), pg_sleep(5)":                                                                                                                    "time limit",
	"SELECT set_config('role', 'tester', false)":                                                                                                                                         "permission denied",
	"SELECT set_config('session_authorization', 'tester', false)":                                                                                                                        "permission denied",
	"SELECT pg_read_file('/etc/passwd')":                                                                                                                                                 "permission denied",
	"SELECT lo_import('/etc/passwd')":                                                                                                                                                    "permission denied",
	"SELECT empty_it()":                                                                                                                                                                  "read-only",
	"SELECT nextval('counter')":                                                                                                                                                          "permission denied",
	"SELECT generate_series(1, 100000) AS key":                                                                                                                                           "10000 rows",
	"SELECT repeat('x', 6000000)":                                                                                                                                                        "4 MiB",
	"SELECT repeat('x', 900) AS key FROM generate_series(1, 10000)":                                                                                                                      "8 MiB",
	"SELECT count(*) AS value FROM generate_series(1, 10000000000)":                                                                                                                      "time limit",
}

// harmless asks what is refused, each of a connection of its own, and sees that
// the data and the next query are as before.
func harmless(t *testing.T, dsn string) {
	t.Helper()
	pg := open(t, dsn)
	for query, want := range refused {
		if want == "time limit" { // only three are asked of one
			pg = open(t, dsn)
		}
		answer, err := pg.Query(t.Context(), query, day)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %.200v, %v; want %q", query, answer, err, want)
		}
		if got, err := pg.Query(t.Context(), byOS, day); err != nil || len(got.Rows) != 1 {
			t.Errorf("after %s: %v, %v", query, got, err)
		}
	}
	// Settings that a query changes are those of its own transaction.
	if _, err := pg.Query(t.Context(), "SELECT set_config('default_transaction_read_only', 'off', false), set_config('statement_timeout', '0', false), set_config('TimeZone', 'Asia/Tokyo', false)", day); err != nil {
		t.Error(err)
	}
	for query, want := range map[string]string{
		"SELECT current_setting('statement_timeout') || ' ' || current_setting('TimeZone')":                                                           "[[1s UTC]]",
		"WITH x AS (DELETE FROM session_start_events RETURNING *) SELECT count(*) FROM x":                                                             "[]",
		"SELECT count(*) FROM session_start_events":                                                                                                   "[[2]]",
		"SELECT count(*) FROM pg_prepared_statements":                                                                                                 "[[0]]",
		"SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader' AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep%'": "[[0]]",
	} {
		answer, err := pg.Query(t.Context(), query, day)
		if got := fmt.Sprint(answer.Rows); got != want {
			t.Errorf("%s: %s, %v; want %s", query, got, err, want)
		}
	}
}

func TestQuery_AnswersAndChangesNothing(t *testing.T) {
	dsn, owner := server(t)
	do(t, owner, "GRANT DELETE, INSERT ON session_start_events TO reader") // also where the user may write
	answers(t, open(t, storetest.Reader(dsn)))
	harmless(t, storetest.Reader(dsn))
	var missing *postgres.MissingError
	if _, err := open(t, storetest.Reader(dsn)).Query(t.Context(), "SELECT * FROM nothing_events", day); !errors.As(err, &missing) {
		t.Errorf("a missing table is %T", err)
	}
}

// Managed databases are behind a pooler. It refuses settings when connecting, or
// drops them, and in transaction mode each transaction may meet another server.
func TestQuery_BehindPgBouncer(t *testing.T) {
	dsn, owner := server(t)
	do(t, owner, "GRANT DELETE, INSERT ON session_start_events TO reader")
	for _, c := range []struct{ name, mode, more string }{
		{"session mode", "session", ""},
		{"transaction mode", "transaction", ""},
		{"session mode, startup parameters dropped", "session", "ignore_startup_parameters = default_transaction_read_only, statement_timeout, search_path, options"},
		{"transaction mode, startup parameters dropped", "transaction", "ignore_startup_parameters = default_transaction_read_only, statement_timeout, search_path, options"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pooled := storetest.PgBouncer(t, storetest.Reader(dsn), c.mode, c.more, "default_pool_size = "+map[string]string{"session": "20", "transaction": "2"}[c.mode])
			answers(t, open(t, pooled))
			answers(t, open(t, pooled+"&search_path=public&statement_timeout=0&default_transaction_read_only=off&pgbouncer=true"))
			harmless(t, pooled)
			together(t, pooled)
			if pg, err := postgres.Open(t.Context(), strings.Replace(pooled, "//reader@", "//tester@", 1), limit); err == nil || !strings.Contains(err.Error(), "superuser") {
				t.Errorf("a superuser: %v, %v", pg, err)
			}
		})
	}
}

// together asks from several connections at once, as several runs would: their
// statements must not collide in the servers that they share.
func together(t *testing.T, dsn string) {
	var all sync.WaitGroup
	for range 4 {
		pg := open(t, dsn)
		all.Go(func() {
			for i := range 25 {
				query := fmt.Sprintf("SELECT count(*) + %d AS value FROM session_start_events WHERE created_at < $2", i%5)
				answer, err := pg.Query(t.Context(), query, day)
				if got, want := fmt.Sprint(answer.Rows), fmt.Sprintf("[[%d]]", 2+i%5); err != nil || got != want {
					t.Errorf("%s: %s, %v; want %s", query, got, err, want)
					return
				}
			}
		})
	}
	all.Wait()
}

// A user who can reach the files or programs of the server is not used at all: no
// transaction keeps a query from them.
func TestOpen_RefusesAPowerfulUser(t *testing.T) {
	dsn, owner := server(t)
	do(t, owner, `CREATE ROLE deputy; CREATE ROLE inner_role; CREATE ROLE boss SUPERUSER;
GRANT pg_read_server_files TO inner_role; GRANT inner_role TO deputy`)
	as := func(user string) string { return strings.Replace(dsn, "//tester@", "//"+user+"@", 1) }
	for i, c := range []struct{ grant, want string }{
		{"SUPERUSER", "is a superuser"}, {"IN ROLE boss", "member of boss, a superuser"}, {"NOINHERIT IN ROLE boss", "member of boss, a superuser"},
		{"IN ROLE pg_read_server_files", "member of pg_read_server_files"}, {"IN ROLE pg_write_server_files", "member of pg_write_server_files"},
		{"IN ROLE pg_execute_server_program", "member of pg_execute_server_program"}, {"NOINHERIT IN ROLE deputy", "member of pg_read_server_files"},
	} {
		do(t, owner, fmt.Sprintf("CREATE ROLE user%d LOGIN %s", i, c.grant))
		_, err := postgres.Open(t.Context(), as(fmt.Sprintf("user%d", i)), limit)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "GRANT SELECT ON session_start_events") {
			t.Errorf("%s: %v", c.grant, err)
		}
	}
	do(t, owner, `CREATE ROLE plain LOGIN IN ROLE pg_read_all_data, pg_monitor`)
	answers(t, open(t, as("plain")))
	// What the message says must work as it stands.
	_, err := postgres.Open(t.Context(), dsn, limit)
	_, advice, _ := strings.Cut(err.Error(), "CREATE ROLE")
	do(t, owner, "CREATE ROLE"+advice)
	answers(t, open(t, as("aftercare")))
}

// A server or a pooler ends connections that are idle, restarts, and is told to
// by a query; the queries after that are answered.
func TestQuery_ConnectsAgain(t *testing.T) {
	dsn, owner := server(t)
	pg := open(t, storetest.Reader(dsn))
	do(t, owner, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'")
	answers(t, pg)
	if _, err := pg.Query(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())", day); err == nil {
		t.Error("a query that ends its own connection has an answer")
	}
	answers(t, pg)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pg.Query(ctx, byOS, day); err == nil {
		t.Error("a query of a run that was stopped has an answer")
	}
	answers(t, pg)
}

// A database that is too slow for every query must not take the whole run.
func TestQuery_GivesUpAfterThreeTimeouts(t *testing.T) {
	dsn, _ := server(t)
	pg := open(t, storetest.Reader(dsn))
	for range 3 {
		if _, err := pg.Query(t.Context(), "SELECT pg_sleep(9)", day); err == nil || !strings.Contains(err.Error(), "time limit") {
			t.Errorf("got %v", err)
		}
	}
	if _, err := pg.Query(t.Context(), byOS, day); err == nil || !strings.Contains(err.Error(), "no more are asked") {
		t.Errorf("the fourth: %v", err)
	}
}

func TestOpen_KeepsThePasswordOutOfErrors(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for _, dsn := range []string{"postgres://me:very-secret@127.0.0.1:1/x", "nonsense very-secret", "postgres://me:very-secret@127.0.0.1:port/x"} {
		if _, err := postgres.Open(ctx, dsn, time.Second); err == nil || strings.Contains(err.Error(), "very-secret") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}
