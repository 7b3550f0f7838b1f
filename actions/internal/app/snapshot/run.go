// Package snapshot is what the program snapshot does, for its main and for the
// demo. It measures a release: it reads the sources, asks the metrics of the
// plan, judges the answers, tells the channels what is news, and files pages,
// readings and its memory in one commit.
package snapshot

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/keyphrase"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/store/sandbox"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Program is the program, with what it is built with.
type Program struct {
	// OpenDatabase opens the database of telemetry that TELEMETRY_DSN names, in which
	// a question takes no longer than limit; nil where there is no driver.
	OpenDatabase func(ctx context.Context, dsn string, limit time.Duration) (Database, error)
	// Queries is the path of a program whose main calls sandbox.Main: the SQL of
	// rules.yaml runs there. Empty: it runs in this process, as it may where nobody
	// else waits for the run.
	Queries string
	// OneRun says that the process makes no other run: what only the reading of texts
	// needs is let go of when they are read.
	OneRun bool
	// Limits bound those queries; none stand for sandbox.DefaultLimits.
	Limits sandbox.Limits

	limits limits
	reads  reads
}

// Database is telemetry that others keep.
type Database interface {
	metric.Querier
	Close(ctx context.Context) error
}

// Run is one run of the program.
func (p Program) Run(ctx context.Context, env *runner.Env) error {
	book, err := config.Read(env.Files, env.Input("rules"))
	if err != nil {
		return err
	}
	asked, err := inputs(env)
	if err != nil {
		return err
	}
	w, err := connect(ctx, p, env, book, asked)
	if err != nil {
		return err
	}
	defer w.close()
	view, err := w.History.Open(ctx)
	if err != nil {
		return err
	}
	if err := w.remember(ctx, view); err != nil {
		return err
	}
	w.collect(ctx)
	if p.OneRun && keyphrase.Unload() {
		debug.FreeOSMemory() // what follows needs the room
		debug.SetGCPercent(25)
	}
	w.family(ctx)
	m := w.measure(ctx)
	if err := w.compare(ctx, view, &m); err != nil {
		return err
	}
	t := w.tell(ctx, view, m)
	swept := w.sweep(ctx)
	w.relieve(ctx)
	filed, err := w.file(ctx, t, m)
	if err == nil {
		w.heardAll(ctx)
		w.watchNext(ctx)
	}
	late, errLate := w.tellLate(ctx, m)
	t.sent = append(t.sent, late.sent...)
	return errors.Join(err, t.err, swept, errLate, w.finish(m, t, filed))
}

// wish is what the inputs ask for.
type wish struct {
	priority string
	since    time.Time // zero: no back-fill
}

func inputs(env *runner.Env) (wish, error) {
	var asked wish
	switch asked.priority = env.Input("priority"); asked.priority {
	case "", "P0", "P1", "P2":
	default:
		return asked, runner.Usage("input priority is %q: expected P0, P1 or P2, or nothing for all", asked.priority)
	}
	since := env.Input("since")
	if since == "" {
		return asked, nil
	}
	day, err := time.Parse(time.DateOnly, since)
	if err != nil {
		return asked, runner.Usage("input since is %q: expected a day such as 2026-01-24", since)
	}
	if day.After(env.Now) || env.Now.Sub(day) > maxBack {
		return asked, runner.Usage("input since is %q: expected a day of the last %d", since, int(maxBack/(24*time.Hour)))
	}
	asked.since = day
	return asked, nil
}

// maxBack is how far a back-fill goes.
const maxBack = 400 * 24 * time.Hour

// finish sets the outputs and writes the summary.
func (w *world) finish(m measured, t telling, filed filing) error {
	var told []string
	for _, n := range t.sent {
		for _, one := range n.Each() {
			told = append(told, n.Channel+": "+one.Metric+" "+string(one.Kind))
		}
	}
	told = append(told, w.swept...)
	w.Env.Output("verdict", string(verdict.Worst(m.verdicts())))
	w.Env.Output("report", filed.Page)
	w.Env.Output("commit", filed.Commit)
	w.Env.Outputs("alerts", told)
	return w.Env.Summary(report.Snapshot(w.dayOf(m, t), filed.Commit, filed.Folder, w.Env.DryRun()))
}
