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
			if _, err := db.Exec("SET TimeZone = 'UTC';" + storetest.Events(millions*1000)); err != nil {
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
	if _, err := owner.Exec(b.Context(), storetest.Events(1000)); err != nil {
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
