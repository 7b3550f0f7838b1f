// Program snapshot measures a release: it reads the sources, asks the metrics of
// the plan, judges the answers, tells the channels what is news, and files pages,
// readings and its memory in one commit.
package main

import (
	"context"
	_ "embed"
	"time"

	"github.com/aftercare/aftercare/actions/internal/action"
	"github.com/aftercare/aftercare/actions/internal/store/postgres"
	"github.com/aftercare/aftercare/actions/snapshot/program"
)

//go:embed action.yml
var manifest []byte

//go:embed help.txt
var lesson string

func main() {
	snapshot := program.Program{OpenDatabase: func(ctx context.Context, dsn string, limit time.Duration) (program.Database, error) {
		return postgres.Open(ctx, dsn, limit)
	}}
	action.Main(action.Program{Manifest: manifest, Lesson: lesson, Run: snapshot.Run})
}
