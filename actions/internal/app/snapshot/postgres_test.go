package snapshot

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/storetest"
)

// With TELEMETRY_DSN telemetry is asked where it is; what it does not have is
// unknown, and so is all of it where it does not answer.
func TestTelemetryInPostgres(t *testing.T) {
	dsn := storetest.Postgres(t, store.Schema())
	owner, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(t.Context())
	do := func(statement string) {
		t.Helper()
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	s := newStage(t, "")
	s.env["TELEMETRY_DSN"] = storetest.Reader(dsn)
	at := s.world.Now().Format("2006-01-02")
	do("INSERT INTO session_start_events SELECT '" + at + " 01:00Z', 's' || i, '{\"os_name\": \"Linux\"}' FROM generate_series(1, 1000) i")
	do("INSERT INTO backend_error_events SELECT '" + at + " 02:00Z', 's' || i, 'oom', false, null FROM generate_series(1, 60) i")
	do("DROP TABLE command_generation_events")
	s.must(t)
	contains(t, "the page", s.report("README.md"), "**Crash rate**", "6%<br><sub>60 of 1,000 session ids</sub>", "the telemetry database has it not", "command\\_generation\\_events")
	if said := s.said("#caro-alerts"); len(said) != 1 || !strings.Contains(said[0], "Crash rate 6%") {
		t.Errorf("told %q", said)
	}
	s.world.Advance(16 * time.Hour) // users are counted by whole days
	s.must(t)
	contains(t, "the page of the next day", s.report("README.md"), "`Linux` 1,000 users a day |")
	if got := s.program(t, "snapshot", Program{}.Run, map[string]string{"GITHUB_EVENT_NAME": "schedule"}); got.code != 2 || !strings.Contains(got.stdout, "without a driver") {
		t.Errorf("without a driver: exit %d: %s", got.code, got.stdout)
	}
	s.env["TELEMETRY_DSN"] = "postgres://tester:very-secret@127.0.0.1:1/postgres"
	got := s.must(t)
	contains(t, "the page", s.report("README.md"), "the telemetry database does not answer")
	if strings.Contains(got.stdout+got.stderr+got.summary+s.report("README.md"), "very-secret") {
		t.Error("the password stands where it should not")
	}
}
