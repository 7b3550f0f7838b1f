package metric_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/postgres"
	"github.com/aftercare/aftercare/actions/internal/store/storetest"
)

// BenchmarkAgainstPsql asks PostgreSQL the telemetry's questions, and has psql
// ask the same, in alternation: of one million events, or of as many millions as
// AFTERCARE_MILLIONS says.
func BenchmarkAgainstPsql(b *testing.B) {
	psql, err := exec.LookPath("psql")
	if err != nil {
		b.Skip("psql is not here: install it (Debian: apt-get install postgresql-client)")
	}
	millions := 1
	if n, err := strconv.Atoi(os.Getenv("AFTERCARE_MILLIONS")); err == nil {
		millions = n
	}
	dsn := storetest.Postgres(b, store.Schema())
	owner, err := pgx.Connect(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer owner.Close(b.Context())
	for _, statement := range []string{storetest.Events(millions * 1000), "VACUUM ANALYZE"} {
		if _, err := owner.Exec(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
	pg, err := postgres.Open(b.Context(), storetest.Reader(dsn), 10*time.Minute)
	if err != nil {
		b.Fatal(err)
	}
	defer pg.Close(b.Context())
	var questions []string
	var windows []model.Window
	for _, d := range telemetryMetrics() {
		for _, length := range d.Window {
			span, err := model.ParseDuration(length)
			if err != nil {
				continue
			}
			w := model.Last(span.Duration(), now)
			for _, w := range []model.Window{w, w.Before()} {
				questions, windows = append(questions, d.Parts[0].SQL), append(windows, w)
			}
		}
	}
	script := filepath.Join(b.TempDir(), "questions.sql")
	var text strings.Builder
	text.WriteString("SET TimeZone = 'UTC'; SET default_transaction_read_only = on;\n")
	for i, q := range questions {
		at := func(t time.Time) string { return "'" + t.Format(time.RFC3339Nano) + "'::timestamptz" }
		text.WriteString(strings.NewReplacer("$1", at(windows[i].From), "$2", at(windows[i].Until)).Replace(q) + ";\n")
	}
	if err := os.WriteFile(script, []byte(text.String()), 0o644); err != nil {
		b.Fatal(err)
	}
	var ratios, ours []float64
	for b.Loop() {
		start := time.Now()
		for i, q := range questions {
			if _, err := pg.Query(b.Context(), q, windows[i]); err != nil {
				b.Fatal(err)
			}
		}
		mine := time.Since(start)
		start = time.Now()
		if out, err := exec.Command(psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.DevNull, "-f", script, dsn).CombinedOutput(); err != nil {
			b.Fatalf("psql: %v: %s", err, out)
		}
		ours = append(ours, mine.Seconds())
		ratios = append(ratios, mine.Seconds()/time.Since(start).Seconds())
	}
	slices.Sort(ratios)
	slices.Sort(ours)
	b.ReportMetric(ratios[len(ratios)/2], "times-psql")
	b.ReportMetric(ours[len(ours)/2], "s/round")
	b.Logf("%d questions, ratios %.2f", len(questions), ratios)
}
