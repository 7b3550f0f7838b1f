package snapshot

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/storetest"
)

// The organisation of TestScale.
const (
	manyIssues = 100_000
	manyEvents = 50_000_000
	years      = 3 // that the issues were opened in
)

// What a run of it may take at most, in MiB of memory.
const maxScaleMiB = 200

// scaleVariable asks for TestScale: 1 is all of it, 0.01 a hundredth.
const scaleVariable = "AFTERCARE_SCALE"

// A large organisation has 100,000 issues, and 50 million events of telemetry in
// PostgreSQL. The memory of a run does not grow with them, the first one reads a
// hundred issues with each request, and the next one asks for what has changed.
// Requests that write are not counted: they label the issues of the last day, and
// record what was sent. It runs with AFTERCARE_SCALE=1.
func TestScale(t *testing.T) {
	share, err := strconv.ParseFloat(os.Getenv(scaleVariable), 64)
	if err != nil {
		t.Skip("it takes half an hour and 20 GB of disk: " + scaleVariable + "=1 runs it, 0.01 a hundredth of it")
	}
	issues, events := int(share*manyIssues), int(share*manyEvents)/1000*1000
	program := filepath.Join(t.TempDir(), "snapshot")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "../../../snapshot").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	rules, err := os.ReadFile("../../../../rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	// Without its crate: a registry is asked once a second.
	now := time.Now().UTC().Truncate(time.Second) // a run about the past would write no page of today
	plan := strings.NewReplacer("crates:    {package: caro}", "crates:    {package: ''}",
		"2026-01-24", now.AddDate(0, 0, -14).Format(time.DateOnly), "2026-02-15", now.AddDate(0, 0, 7).Format(time.DateOnly)).Replace(string(rules))
	s := newStageIn(t, world, plan)
	world.SetNow(now)
	start := time.Now()
	s.fill(issues)
	t.Logf("%d issues are made in %s", issues, time.Since(start).Round(time.Second))

	runs := 0
	run := func(what string, mayAsk int) {
		t.Helper()
		before, start := len(world.Requests()), time.Now()
		runs++
		peak := s.process(t, program, runs) / 1024
		asked := 0
		for _, r := range world.Requests()[before:] {
			if r.Server == "github" && (r.Method == http.MethodGet || r.Path == "/graphql") {
				asked++
			}
		}
		t.Logf("%s: %s, %d requests that read from GitHub, %d MiB at most", what, time.Since(start).Round(100*time.Millisecond), asked, peak)
		if peak > maxScaleMiB {
			t.Errorf("%s takes %d MiB, over %d", what, peak, maxScaleMiB)
		}
		if asked > mayAsk {
			t.Errorf("%s takes %d requests, over %d", what, asked, mayAsk)
		}
	}
	for first := true; first || s.reading(t); first = false {
		run("first sync", issues/100+issues/years/365+60) // and the sweep reads the comments of the issues of a day
		world.Advance(time.Hour)                          // the limit of the hour is another
	}
	if !strings.Contains(s.report("README.md"), "Open bugs") {
		t.Fatalf("there is no page:\n%s", s.report("README.md"))
	}
	for range 20 {
		s.repo.OpenIssue("ann", "a question about colours", "Which of them can be chosen?")
	}
	world.Advance(time.Hour)
	run("next sync", 60)

	dsn := storetest.Postgres(t, store.Schema())
	start = time.Now()
	manyRows(t, dsn, events, now)
	t.Logf("%d events are made in %s", events, time.Since(start).Round(time.Second))
	s.env["TELEMETRY_DSN"] = storetest.Reader(dsn)
	world.Advance(time.Hour)
	run("with telemetry", 60)
	page := s.report("README.md")
	for _, want := range []string{"Crash rate", "Command success rate"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "telemetry database") {
		t.Errorf("telemetry was not all read:\n%s", page)
	}
}

// fill opens issues over three years, some with comments and labels, most closed.
func (s *stage) fill(n int) {
	now := s.world.Now()
	step := years * 365 * 24 * time.Hour / time.Duration(n)
	body := strings.Repeat("I ran it as always, in a folder with many files, and it did not do what its help says. ", 6)
	for i := range n {
		s.world.SetNow(now.Add(-step * time.Duration(n-i)))
		number := s.repo.OpenIssue(fmt.Sprintf("user%d", i%5000), fmt.Sprintf("it fails on the file %d of %d", i, i%97), body)
		if i%2 == 0 {
			s.repo.Label("lena", number, []string{"bug", "enhancement", "installation"}[i%3])
		}
		if i%3 == 0 {
			s.repo.Comment("lena", number, "Thank you, we look at it.")
		}
		if i%10 != 0 {
			s.repo.CloseIssue("lena", number)
		}
	}
	s.world.SetNow(now)
}

// reading reports whether the first sync is not at its end yet.
func (s *stage) reading(t *testing.T) bool {
	t.Helper()
	return strings.Contains(s.report("README.md"), "goes on in the next run")
}

// manyRows fills the tables of telemetry, in parts, and gives them the index that a
// large database has.
func manyRows(t *testing.T, dsn string, events int, until time.Time) {
	t.Helper()
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
	tables := []string{"session_start_events", "command_generation_events", "safety_validation_events", "backend_error_events", "telemetry_consent_events"}
	for _, table := range tables {
		do("ALTER TABLE " + table + " SET UNLOGGED")
	}
	do(strings.ReplaceAll(storetest.Events(events/1000), "2025-12-30 09:00:00Z", until.AddDate(0, 0, -28).Format(time.RFC3339)))
	for _, table := range tables {
		do("CREATE INDEX ON " + table + ` USING brin (created_at)`)
	}
	do("VACUUM ANALYZE")
	rows := 0
	for _, table := range tables {
		var n int
		if err := owner.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		rows += n
	}
	if rows != events {
		t.Fatalf("%d events, want %d", rows, events)
	}
}
