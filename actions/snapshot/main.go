// Program snapshot measures a release: it reads the sources, asks the metrics of
// the plan, judges the answers, tells the channels what is news, and files pages,
// readings and its memory in one commit.
package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app/snapshot"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/store/postgres"
	"github.com/aftercare/aftercare/actions/internal/store/sandbox"
)

//go:embed action.yml
var manifest []byte

//go:embed help.txt
var lesson string

func main() {
	if code, isChild := sandbox.Main(os.Args, os.Stdin, os.Stdout); isChild {
		os.Exit(code)
	}
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	program := snapshot.Program{Queries: self, OpenDatabase: func(ctx context.Context, dsn string, limit time.Duration) (snapshot.Database, error) {
		return postgres.Open(ctx, dsn, limit)
	}}
	if len(os.Args) == 2 && os.Args[1] == metric.TrialMark {
		if err := program.TryQueries(context.Background(), os.Getenv("TELEMETRY_DSN"), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	runner.Main(runner.Program{Manifest: manifest, Lesson: lesson, Run: program.Run})
}
