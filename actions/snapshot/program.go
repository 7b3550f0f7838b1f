package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app/snapshot"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/store/postgres"
	"github.com/aftercare/aftercare/actions/internal/store/sandbox"
)

// program is the program with all that it can be built with.
func program() snapshot.Program {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return snapshot.Program{Queries: self, OneRun: true, OpenDatabase: func(ctx context.Context, dsn string, limit time.Duration) (snapshot.Database, error) {
		return postgres.Open(ctx, dsn, limit)
	}}
}

// child does what another process started this program for: it answers the SQL of
// rules.yaml for a snapshot, or tries it for a check. It returns the exit code, and
// false where the program was started for a run of its own.
func child() (code int, isChild bool) {
	if code, isChild := sandbox.Main(os.Args, os.Stdin, os.Stdout); isChild {
		return code, true
	}
	if len(os.Args) != 2 || os.Args[1] != metric.TrialMark {
		return 0, false
	}
	if err := program().TryQueries(context.Background(), os.Getenv("TELEMETRY_DSN"), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1, true
	}
	return 0, true
}
