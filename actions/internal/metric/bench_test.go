package metric_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/jackc/pgx/v5"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/postgres"
	"github.com/aftercare/aftercare/actions/internal/store/storetest"
)

// events makes n thousand events of telemetry over four weeks, the oldest
// first: of ten, two begin a session, six are commands, one is a validation,
// and the rest are errors and answers about consent.
func events(thousands int) string {
	every := func(share int) int { return 2419200000000 / (thousands * share) }
	return fmt.Sprintf(telemetrySQL, thousands, every(200), every(600), every(100), every(60), every(40))
}

const telemetrySQL = `
INSERT INTO session_start_events
SELECT TIMESTAMPTZ '2025-12-30 09:00:00Z' + i * INTERVAL '%[2]d microseconds', md5((i %% (%[1]d * 20))::text),
       ('{"os_name":"' || CASE i %% 5 WHEN 0 THEN 'macOS' WHEN 1 THEN 'Windows' ELSE 'Linux' END || '","architecture":"arm64","shell_type":"' || CASE i %% 3 WHEN 0 THEN 'zsh' ELSE 'bash' END || '","version":"1.1.0-beta"}')::json
FROM generate_series(0, %[1]d * 200 - 1) AS s(i);
INSERT INTO command_generation_events
SELECT TIMESTAMPTZ '2025-12-30 09:00:00Z' + i * INTERVAL '%[3]d microseconds', md5((i %% (%[1]d * 20))::text), i %% 10 > 0, (i::bigint * 7919) %% 4000,
       CASE i %% 4 WHEN 0 THEN 'llm' ELSE 'static' END, ('{"category":"' || CASE i %% 7 WHEN 0 THEN 'git' WHEN 1 THEN 'network' ELSE 'files' END || '"}')::json
FROM generate_series(0, %[1]d * 600 - 1) AS s(i);
INSERT INTO safety_validation_events
SELECT TIMESTAMPTZ '2025-12-30 09:00:00Z' + i * INTERVAL '%[4]d microseconds', md5((i %% (%[1]d * 20))::text), i %% 20 = 0, CASE i %% 40 WHEN 0 THEN 'rm' END, NULL
FROM generate_series(0, %[1]d * 100 - 1) AS s(i);
INSERT INTO backend_error_events
SELECT TIMESTAMPTZ '2025-12-30 09:00:00Z' + i * INTERVAL '%[5]d microseconds', md5((i %% (%[1]d * 20))::text), 'timeout', i %% 100 > 0, NULL
FROM generate_series(0, %[1]d * 60 - 1) AS s(i);
INSERT INTO telemetry_consent_events
SELECT TIMESTAMPTZ '2025-12-30 09:00:00Z' + i * INTERVAL '%[6]d microseconds', md5((i %% (%[1]d * 20))::text), i %% 5 = 0
FROM generate_series(0, %[1]d * 40 - 1) AS s(i)`

func telemetryMetrics() (asked []metric.Definition) {
	for _, d := range wholeCatalogue() {
		if d.Source == "telemetry" {
			asked = append(asked, d)
		}
	}
	return asked
}

// BenchmarkTelemetry asks all questions of telemetry over their windows and those
// before, of one, three and ten million
// events in DuckDB.
func BenchmarkTelemetry(b *testing.B) {
	for _, millions := range []int{1, 3, 10} {
		b.Run(fmt.Sprintf("%dM", millions), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "facts.duckdb")
			s, _, err := store.Open(b.Context(), path)
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
			db, err := sql.Open("duckdb", path)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := db.Exec("SET TimeZone = 'UTC';" + events(millions*1000)); err != nil {
				b.Fatal(err)
			}
			db.Close()
			if err := os.Remove(path + ".sha256"); err != nil { // the file is another than was closed
				b.Fatal(err)
			}
			s, note, err := store.Open(b.Context(), path)
			if err != nil || note != "" {
				b.Fatal(note, err)
			}
			defer s.Close()
			measured(b, metric.Facts{Store: s, Telemetry: s, Release: release})
		})
	}
}

// BenchmarkTelemetryPostgres asks the same of a million events in PostgreSQL.
func BenchmarkTelemetryPostgres(b *testing.B) {
	dsn := storetest.Postgres(b, store.Schema())
	owner, err := pgx.Connect(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer owner.Close(b.Context())
	if _, err := owner.Exec(b.Context(), events(1000)); err != nil {
		b.Fatal(err)
	}
	if _, err := owner.Exec(b.Context(), "VACUUM ANALYZE"); err != nil {
		b.Fatal(err)
	}
	pg, err := postgres.Open(b.Context(), storetest.Reader(dsn), 5*time.Minute)
	if err != nil {
		b.Fatal(err)
	}
	defer pg.Close(b.Context())
	measured(b, metric.Facts{Telemetry: pg, Release: release})
}

func measured(b *testing.B, facts metric.Facts) {
	for b.Loop() {
		for _, r := range metric.Measure(b.Context(), facts, telemetryMetrics(), now) {
			if r.Reason != "" {
				b.Fatalf("%s: %s", r.Metric, r.Reason)
			}
		}
	}
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err == nil {
		b.ReportMetric(float64(used.Maxrss)/1024, "MiB-peak") // of the process, the making of the events included
	}
}
