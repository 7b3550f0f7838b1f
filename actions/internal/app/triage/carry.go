package triage

import (
	"context"
	"errors"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// carryOut does what was decided: people first, as soon as the claim stands,
// and the labels beside it.
func carryOut(ctx context.Context, env *runner.Env, w *world, s sight, d decision) error {
	labels, tell := steps(env, w, s, d)
	if env.DryRun() {
		output(env, d.labels.Add, d.labels.Remove, tell)
		return show(env, s, d, labels, tell)
	}
	receipt, err := apply(ctx, env, w, labels, tell, d)
	for _, m := range receipt.Adopted {
		env.Log.Info("found in the channel: an earlier run had sent it", "channel", m.Channel)
	}
	for _, step := range labels {
		env.Log.Info(step.String())
	}
	for _, m := range receipt.Sent {
		env.Log.Info("told " + m.Whom())
	}
	for _, refused := range receipt.Refused {
		env.Warn("%s", refused)
	}
	for _, whom := range append(waiting(d.left), whom(receipt.Left)...) {
		env.Warn("#%d: another run has claimed to tell %s; should it have died, the next run or sweep tells", s.issue.Number, whom)
	}
	if w.github.Learned != "" {
		env.Warn("the token writes as %s: set AFTERCARE_LOGIN to it, so that each run knows its own comments", runner.OneLine(w.github.Learned))
	}
	output(env, d.labels.Add, d.labels.Remove, &change.Tell{Messages: receipt.Sent})
	return errors.Join(err, env.Summary(report.Triage(s.issue, d.labels, telling(d, receipt), false)))
}

// steps are the labels to change, in one plan, and what is to be told, if
// anything.
func steps(env *runner.Env, w *world, s sight, d decision) (change.Plan, *change.Tell) {
	labels := d.labels.Plan(s.issue.Number, w.book.Labels)
	if names := label.Names(d.labels.Add); s.id != "" && len(names) > 0 {
		labels = change.Plan{change.LabelDiscussion{Number: s.issue.Number, ID: s.id, Labels: names}}
	}
	if len(d.news) == 0 {
		return labels, nil
	}
	tell := report.IssueMessages(d.news, s.issue, d.labels.Earned, w.book.Channels, w.place, env.Now)
	return labels, &tell
}

func apply(ctx context.Context, env *runner.Env, w *world, labels change.Plan, tell *change.Tell, d decision) (notify.Receipt, error) {
	relabel := func() error {
		err := w.github.Relabel(ctx, labels)
		var missing *notify.MissingError
		if errors.As(err, &missing) {
			env.Warn("%v: %s", err, missing.Hint())
			return nil
		}
		return err
	}
	if tell == nil {
		return notify.Receipt{}, relabel()
	}
	box := &notify.Outbox{GitHub: w.github, Messengers: w.messengers, Run: env.Run(), Clock: env.Clock}
	return box.Tell(ctx, *tell, d.heard, relabel)
}

// show prints the plan of a dry run.
func show(env *runner.Env, s sight, d decision, labels change.Plan, tell *change.Tell) error {
	all := labels
	if tell != nil {
		all = append(all, *tell)
	}
	for _, line := range strings.Split(strings.TrimRight(all.String(), "\n"), "\n") {
		env.Log.Info("would " + line)
	}
	var messages []change.Message
	if tell != nil {
		messages = tell.Messages
	}
	return env.Summary(report.Triage(s.issue, d.labels, report.Telling{Sent: messages, Left: waiting(d.left), Cut: waiting(d.cut)}, true))
}

// telling is what became of all that was due.
func telling(d decision, r notify.Receipt) report.Telling {
	return report.Telling{Sent: r.Sent, Left: append(waiting(d.left), whom(r.Left)...), Cut: waiting(d.cut)}
}

func waiting(due []alert.Due) []string {
	var all []string
	for _, d := range due {
		all = append(all, d.Channel+" by "+d.By)
	}
	return all
}

func whom(messages []change.Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Channel+" by "+m.By)
	}
	return all
}

// output sets labels, removed and alerts: JSON arrays of strings.
func output(env *runner.Env, added []label.Finding, removed []string, told *change.Tell) {
	var alerts []string
	if told != nil {
		for _, m := range told.Messages {
			alerts = append(alerts, m.Channel+": "+strings.Join(m.Labels, ", "))
		}
	}
	env.Outputs("labels", label.Names(added))
	env.Outputs("removed", removed)
	env.Outputs("alerts", alerts)
}
