package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/postgres"
	"github.com/aftercare/aftercare/actions/internal/store/storetest"
)

var day = model.Last(24*time.Hour, time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC))

func TestPostgres(t *testing.T) {
	dsn := storetest.Postgres(t, store.Schema())
	ctx := t.Context()
	owner, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(ctx)
	if _, err := owner.Exec(ctx, `INSERT INTO session_start_events VALUES ('2026-01-27 08:00Z', 's', '{"os_name": "Linux"}'), ('2026-01-25 08:00Z', 's', null)`); err != nil {
		t.Fatal(err)
	}
	pg, err := postgres.Open(ctx, dsn, 300*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer pg.Close(ctx)
	for query, want := range map[string]string{
		"SELECT metadata->>'os_name' AS key, count(*) AS value FROM session_start_events WHERE created_at >= $1 AND created_at < $2 GROUP BY 1": "{[key value] [[Linux 1]]}",
		"SELECT avg(1.5::numeric), sum(2), 1::smallint, true, null, now() > $2 FROM session_start_events":                                       "{[avg sum int2 ?column? ?column? ?column?] [[1.5 4 1 true <nil> true]]}",
	} {
		answer, err := pg.Query(ctx, query, day)
		if got := fmt.Sprint(answer); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", query, got, err, want)
		}
	}
	for query, want := range map[string]string{
		"SELECT * FROM nothing_events":               "nothing_events",
		"SELECT nothing FROM backend_error_events":   "nothing",
		"DELETE FROM session_start_events":           "read-only",
		"CREATE TABLE x (y int)":                     "read-only",
		"SELECT pg_sleep(5)":                         "time limit",
		"SELECT 1; DELETE FROM session_start_events": "multiple commands",
		"SELECT ARRAY[1,2] AS list":                  "column list",
	} {
		if answer, err := pg.Query(ctx, query, day); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v; want %q", query, answer, err, want)
		}
	}
	var missing *postgres.MissingError
	if _, err := pg.Query(ctx, "SELECT * FROM nothing_events", day); !errors.As(err, &missing) {
		t.Errorf("a missing table is %T", err)
	}
}

func TestAPostgresThatDoesNotAnswer(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for _, dsn := range []string{"postgres://me:very-secret@127.0.0.1:1/x", "nonsense very-secret", "postgres://me:very-secret@127.0.0.1:port/x"} {
		if _, err := postgres.Open(ctx, dsn, time.Second); err == nil || strings.Contains(err.Error(), "very-secret") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}
