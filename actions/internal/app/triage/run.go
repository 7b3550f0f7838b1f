// Package triage is what the program triage does, for its main and for the
// demo. It reads an issue that was opened, edited, reopened or labelled, gives
// it the labels that its words earn, and tells the channels that must hear of
// them: once.
package triage

import (
	"context"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/duplicates"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/urgent"
)

// Run is one run of the program.
func Run(ctx context.Context, env *runner.Env) error {
	go readShipped() // while rules.yaml is read
	book, err := config.Read(env.Files, env.Input("rules"))
	if err != nil {
		return err
	}
	if env.Input("explain") == "true" {
		return explain(env, book)
	}
	world, err := connect(env, book)
	if err != nil {
		return err
	}
	seen, declined, err := observe(ctx, env, world)
	if github.Deleted(err) {
		return decline(env, "the issue was deleted before this run looked at it: there is nothing to label, and nobody to notify")
	}
	if err != nil || declined != "" {
		return errors.Join(err, decline(env, declined))
	}
	decided := world.decide(env, seen)
	if decided.changes() && !seen.fresh {
		// What would be done is decided on the issue as it is, and on its past.
		now, err := world.look(ctx, seen)
		if github.Deleted(err) {
			return decline(env, deleted(seen))
		}
		if err != nil {
			return err
		}
		if now.past.Left != "" {
			env.Warn("%s; what was read decides", now.past.Left)
		}
		now.new, seen = seen.new, now
		decided = world.decide(env, seen)
	}
	if len(decided.news) > 0 && seen.looked {
		seen.filed = world.recall(ctx, env, seen)
		decided = world.decide(env, seen)
	}
	world.under(seen)
	if book.Similar.Most > 0 {
		go duplicates.Prepare() // while GitHub is asked
	}
	err = carryOut(ctx, env, world, seen, decided)
	if github.Deleted(err) {
		env.Log.Info(deleted(seen))
		return nil
	}
	world.nameAlike(ctx, env, seen)
	return err
}

// readShipped reads the data that ships for labels, which the issue would wait for; an error
// is told where it is used.
func readShipped() {
	urgent.Prepare()
	_, _ = label.KindsCard()
}

// deleted is the sentence for an issue that was deleted since its event.
func deleted(s sight) string {
	return fmt.Sprintf("issue #%d was deleted before this run: there is nothing to label, and nobody to notify", s.issue.Number)
}

// decision is what an issue earns, and who must hear of it.
type decision struct {
	labels label.Decision
	news   []alert.Due
	left   []alert.Due // another run is telling them
	cut    []alert.Due // no way is set up that reaches them
	asleep []alert.Due // they wait for the hours of their route
	heard  []alert.Marker
}

func (d decision) changes() bool {
	return len(d.labels.Add) > 0 || len(d.labels.Remove) > 0 || len(d.labels.Withheld) > 0 || len(d.news)+len(d.left) > 0
}

func (w *world) decide(env *runner.Env, s sight) decision {
	d := decision{labels: w.labeler.Label(s.issue, s.past)}
	d.heard = append(s.filed, w.Issues.Seal.Markers(s.past.Comments)...)
	due := w.labeler.Due(s.issue, d.labels, s.past)
	due, d.cut = w.reachable(env, due)
	due, d.asleep = alert.AwakeIssues(due, env.Clock())
	d.asleep, _ = alert.News(d.asleep, d.heard, env.Run(), env.Clock())
	d.news, d.left = alert.News(due, d.heard, env.Run(), env.Clock())
	return d
}

func decline(env *runner.Env, why string) error {
	if why == "" {
		return nil
	}
	env.Log.Info(why)
	output(env, nil, nil, nil)
	return env.Summary(report.Declined(why))
}
