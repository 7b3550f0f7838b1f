package program

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/sink"
	"github.com/aftercare/aftercare/actions/internal/source"
	"github.com/aftercare/aftercare/actions/internal/text"
	"github.com/aftercare/aftercare/actions/internal/triage"
)

// sweep tells of urgent issues of which nobody was told: their event was lost,
// or its run died. An issue that has not changed since it was looked at is not
// looked at again.
func (w *world) sweep(ctx context.Context) error {
	if w.lookingBack() {
		return nil
	}
	urgent, err := w.urgent(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, u := range urgent {
		key := fmt.Sprintf("sweep/%d", u.number)
		if seen, _ := w.store.State(ctx, key); seen == u.updated {
			continue
		}
		whole, err := w.sweepOne(ctx, u.number)
		if err != nil {
			errs = append(errs, fmt.Errorf("issue #%d: %w", u.number, err))
			continue
		}
		if whole {
			errs = append(errs, w.store.SetState(ctx, key, u.updated))
		}
	}
	return errors.Join(errs...)
}

type urgentIssue struct {
	number  int
	updated string
}

// urgent are the open issues with a label that leads to a channel.
func (w *world) urgent(ctx context.Context) ([]urgentIssue, error) {
	var labels []string
	for _, r := range w.book.Routes {
		for _, l := range r.Label {
			labels = append(labels, "'"+strings.ReplaceAll(strings.ToLower(l), "'", "''")+"'")
		}
	}
	if len(labels) == 0 {
		return nil, nil
	}
	query := fmt.Sprintf(`
SELECT DISTINCT number, updated_at FROM (SELECT number, updated_at, unnest(labels) AS label FROM issues WHERE state = 'open' AND NOT is_pull_request) AS given
WHERE lower(label) IN (%s) ORDER BY number`, strings.Join(labels, ", "))
	answer, err := w.store.Query(ctx, query, fact.Window{From: w.env.Now, Until: w.env.Now})
	if err != nil {
		return nil, fmt.Errorf("look for urgent issues: %w", err)
	}
	var all []urgentIssue
	for _, row := range answer.Rows {
		number, _ := row[0].(float64)
		updated, _ := row[1].(time.Time)
		all = append(all, urgentIssue{int(number), updated.UTC().Format(time.RFC3339)})
	}
	return all, nil
}

// sweepOne looks at one issue as it is, and tells what is due. It answers
// whether all that is due has been told.
func (w *world) sweepOne(ctx context.Context, number int) (bool, error) {
	issue, err := source.Issue(ctx, w.hub, number)
	if err != nil {
		return false, err
	}
	past, err := source.History(ctx, w.hub, number)
	if err != nil {
		return false, err
	}
	heard := w.github.Seal.Markers(past.Comments)
	due := alert.ForIssue(issue, issue.Labels, past, w.book.Routes, w.book.Channels)
	var reached []alert.Due
	for _, d := range due {
		if w.messengers.Reaches(d.Channel, d.By) {
			reached = append(reached, d)
		}
	}
	news, left := alert.News(reached, heard, w.env.Run(), w.env.Clock())
	if len(news) == 0 {
		return len(left) == 0 && len(reached) == len(due), nil
	}
	tell := report.IssueMessages(news, issue, w.earned(issue), w.book.Channels, w.place, w.env.Now)
	if w.env.DryRun() {
		w.env.Log.Info("would " + tell.String())
		return false, nil
	}
	box := &sink.Outbox{GitHub: w.github, Messengers: w.messengers, Run: w.env.Run(), Clock: w.env.Clock}
	receipt, err := box.Tell(ctx, tell, heard, func() error { return nil })
	for _, m := range receipt.Sent {
		w.swept = append(w.swept, fmt.Sprintf("%s: issue %d", m.Channel, number))
		w.env.Log.Info(fmt.Sprintf("told %s of issue #%d, which nobody had heard of", m.Whom(), number))
	}
	return err == nil && len(receipt.Left) == 0 && len(left) == 0, err
}

// earned says which words earned an issue its labels.
func (w *world) earned(issue fact.Issue) []triage.Finding {
	templates, err := text.ReadTemplates(w.env.Files)
	if err != nil {
		w.env.Log.Info("issue templates: " + err.Error())
	}
	reading := triage.Compile(w.book.Triage).Read(text.Read(issue.Title, issue.Body, templates), issue)
	return triage.Decide(reading, issue, triage.History{}).Earned
}

// lines are the lines of a text; none of an empty one.
func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}
