package triage

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/publish"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// carryOut does what was decided: people first, as soon as the claim stands,
// and the labels beside it. What it reports is what was done.
func carryOut(ctx context.Context, env *runner.Env, w *world, s sight, d decision) error {
	labels, tell := steps(env, w, s, d)
	if env.DryRun() {
		output(env, label.Names(d.labels.Add), d.labels.Remove, tell)
		return show(env, s, d, labels, tell)
	}
	receipt, done, err := apply(ctx, env, w, s, labels, tell, d)
	if errSettle := w.Issues.SettleFiled(ctx, s.issue.Number, w.Issues.Seal.Markers(s.past.Comments), s.filed, env.Clock()); errSettle != nil {
		env.Log.Info(fmt.Sprintf("#%d: the comment about what was sent cannot be brought up to date: %v", s.issue.Number, errSettle))
	}
	what := "#" + strconv.Itoa(s.issue.Number)
	for _, line := range done.Lines(what) {
		env.Log.Info(line)
	}
	w.LogReceipt(what, receipt)
	for _, whom := range waiting(d.left) {
		w.WarnClaimed(what, whom)
	}
	for _, waits := range d.waits(env.Clock()) {
		env.Log.Info(fmt.Sprintf("%s: a snapshot will tell %s", what, waits))
	}
	if w.Issues.Learned != "" {
		env.Warn("the token writes as %s: set AFTERCARE_LOGIN to it, so that each run knows its own comments", runner.OneLine(w.Issues.Learned))
	}
	output(env, done.Added, done.Removed, &change.Tell{Messages: receipt.Sent})
	return errors.Join(err, env.Summary(report.Triage(s.issue, d.labels.Done(done.Added, done.Removed), telling(d, receipt, done, env.Clock()), false)))
}

// steps are the labels to change, in one plan, and what is to be told, if
// anything.
func steps(env *runner.Env, w *world, s sight, d decision) (change.Plan, *change.Tell) {
	labels := d.labels.Plan(s.issue.Number, w.Config.Labels)
	if names := label.Names(d.labels.Add); s.id != "" && len(names) > 0 {
		labels = change.Plan{change.LabelDiscussion{Number: s.issue.Number, ID: s.id, Labels: names}}
	}
	if len(d.news) == 0 {
		return labels, nil
	}
	tell := report.IssueMessages(d.news, s.issue, d.labels.Earned, w.Config.Channels, w.Place, env.Now)
	return labels, &tell
}

// apply notifies people and changes the labels.
func apply(ctx context.Context, env *runner.Env, w *world, s sight, labels change.Plan, tell *change.Tell, d decision) (notify.Receipt, publish.Relabeled, error) {
	var done publish.Relabeled
	relabel := func() error {
		var err error
		done, err = w.Issues.Relabel(ctx, labels)
		var missing *publish.MissingError
		if errors.As(err, &missing) {
			env.Warn("%v: %s", err, missing.Hint())
			return nil
		}
		return err
	}
	if tell == nil {
		return notify.Receipt{}, done, relabel()
	}
	box := &notify.Outbox{GitHub: w.Issues, Messengers: w.messengers, Fallback: w.filed(s.issue.Number), Run: env.Run(), Clock: env.Clock}
	receipt, err := box.Tell(ctx, *tell, d.heard, relabel)
	return receipt, done, err
}

// show prints the plan of a dry run.
func show(env *runner.Env, s sight, d decision, labels change.Plan, tell *change.Tell) error {
	all := labels
	var messages []change.Message
	if tell != nil {
		all, messages = append(all, *tell), tell.Messages
	}
	for _, line := range all.Would() {
		env.Log.Info(line)
	}
	return env.Summary(report.Triage(s.issue, d.labels, report.Telling{Sent: messages, Left: waiting(d.left), Cut: waiting(d.cut), Waits: d.waits(env.Clock())}, true))
}

// telling is what became of all that was due.
func telling(d decision, r notify.Receipt, done publish.Relabeled, now time.Time) report.Telling {
	t := report.Telling{
		Sent: r.Sent, Left: append(waiting(d.left), whom(r.Left)...), Cut: waiting(d.cut), Waits: d.waits(now), Elsewhere: append(whom(r.Elsewhere), whom(r.Adopted)...),
		Unrecorded: r.Unrecorded != nil && !r.Filed, Archived: github.IsArchived(r.Unrecorded),
	}
	for _, refused := range done.Refused {
		t.Refused = append(t.Refused, label.Withheld{Label: refused.Label, Reason: refused.Reason})
	}
	return t
}

func waiting(due []alert.Due) []string {
	var all []string
	for _, d := range due {
		all = append(all, d.Channel+" by "+d.By)
	}
	return all
}

// waits says which channels are told when the hours of their route begin, and when
// that is.
func (d decision) waits(now time.Time) []string {
	var all []string
	for _, due := range d.asleep {
		all = append(all, fmt.Sprintf("%s by %s, from %s (%s)", due.Channel, due.By, humanize.Moment(due.Hours.Open(now)), due.Hours))
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
func output(env *runner.Env, added, removed []string, told *change.Tell) {
	var alerts []string
	if told != nil {
		for _, m := range told.Messages {
			alerts = append(alerts, m.Channel+": "+strings.Join(m.Labels, ", "))
		}
	}
	env.Outputs("labels", added)
	env.Outputs("removed", removed)
	env.Outputs("alerts", alerts)
}
