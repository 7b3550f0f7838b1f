package snapshot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/publish"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// lost is how long after an issue was opened a sweep may find that its event
// was lost, and soon how long the event's own run is left to look at it.
const (
	lost = 48 * time.Hour
	soon = 5 * time.Minute
)

// isUrgent reports whether a new issue has words that lead to a channel.
func (w *world) isUrgent(issue model.Issue) bool {
	return w.Env.Now.Sub(issue.CreatedAt) <= lost && !w.IsOurs(issue.Author) && len(w.labeler.Leads(issue, w.decide(issue, model.History{}), model.History{})) > 0
}

// sweep does for urgent issues what an event should have done that was lost, or
// whose run died: they get the labels that they earn, and who must hear of them
// does. An issue that has not changed since it was looked at is not looked at
// again.
func (w *world) sweep(ctx context.Context) error {
	if app.LooksBack(w.Env) {
		return nil
	}
	urgent, err := w.urgent(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, u := range urgent {
		if w.urgentState(u.number).isDone(u, w.Env.Clock()) {
			w.waits(u.number)
			continue
		}
		deadline, whole, err := w.sweepOne(ctx, u.number)
		if github.Deleted(err) {
			w.note("issue #%d was deleted since it was read", u.number)
			err = w.store.Change(ctx, func(c *store.Change) error { return c.Forget("issues", []int{u.number}) })
			whole = true
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("issue #%d: %w", u.number, err))
			continue
		}
		if whole {
			w.keepUrgentState(u.number, urgentState{u.updated, deadline})
		}
	}
	return errors.Join(errs...)
}

type urgentIssue struct {
	number  int
	updated string
}

// urgent are the open issues with a label that leads to a channel, and the new
// ones with words that do.
func (w *world) urgent(ctx context.Context) ([]urgentIssue, error) {
	labels := []string{"''"}
	for _, r := range w.Config.Routes {
		for _, l := range r.Label {
			labels = append(labels, "'"+strings.ReplaceAll(strings.ToLower(l), "'", "''")+"'")
		}
	}
	query := fmt.Sprintf(`
SELECT number, updated_at FROM issues
WHERE state = 'open' AND NOT is_pull_request
  AND (urgent AND created_at >= $1 AND created_at < $2 OR len(list_filter(labels, lambda l: lower(l) IN (%s))) > 0)
ORDER BY number`, strings.Join(labels, ", "))
	answer, err := w.store.Query(ctx, query, model.Window{From: w.Env.Now.Add(-lost), Until: w.Env.Now.Add(-soon)})
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

// sweepOne looks at one issue as it is, and does what is due: it tells whom nobody
// has told, and escalates what nobody has responded to. It returns by when somebody
// must respond, empty where nothing is to come, and reports whether all that is due
// has been done.
func (w *world) sweepOne(ctx context.Context, number int) (deadline string, whole bool, err error) {
	issue, err := collect.Issue(ctx, w.Watched, number)
	if err != nil {
		return "", false, err
	}
	past, err := collect.History(ctx, w.Watched, number)
	if err != nil {
		return "", false, err
	}
	if whole, err = w.tellIssue(ctx, issue, past); err != nil || !whole {
		return "", whole, err
	}
	heard := w.Issues.Seal.Markers(past.Comments)
	if len(heard) == 0 {
		heard = append(w.recorded(ctx, w.RecordsOf(publish.Subject(w.Env.Repository(), number))), w.unrecorded(number)...)
	}
	decided := w.decide(issue, past)
	due := w.labeler.Due(issue, decided, past)
	by, whole, err := w.escalate(ctx, issue, past, due, heard)
	by = alert.Earlier(by, w.labeler.SilencedUntil(issue, decided)) // it is looked at again when that is over
	if by = alert.Earlier(by, w.opens(issue.Number, due, heard)); !by.IsZero() {
		deadline = by.UTC().Format(time.RFC3339)
	}
	return deadline, whole, err
}

// tellIssue does for one issue what its event should have done. It reports whether
// all that is due has been done.
func (w *world) tellIssue(ctx context.Context, issue model.Issue, past model.History) (bool, error) {
	number := issue.Number
	if past.Left != "" {
		w.note("%s", past.Left)
	}
	decided := w.decide(issue, past)
	due, _ := alert.AwakeIssues(w.labeler.Due(issue, decided, past), w.Env.Clock())
	reached := slices.DeleteFunc(slices.Clone(due), func(d alert.Due) bool { return !w.messengers.Reaches(d.Channel, d.By) })
	filed := w.RecordsOf(publish.Subject(w.Env.Repository(), number))
	heard := w.Issues.Seal.Markers(past.Comments)
	news, left := alert.News(reached, heard, w.Env.Run(), w.Env.Clock())
	whole := true
	if len(news) > 0 {
		records := append(w.recorded(ctx, filed), w.unrecorded(number)...)
		whole = w.settleFiled(ctx, number, heard, records)
		heard = append(records, heard...)
		news, left = alert.News(reached, heard, w.Env.Run(), w.Env.Clock())
	}
	whole = whole && len(left) == 0 && len(reached) == len(due)
	labels := decided.Plan(number, w.Config.Labels)
	// Its labels are put on also where a silence or the hours of a route keep people from
	// hearing of it for now: later it is no new issue, which earns none.
	if len(w.labeler.Leads(issue, decided, past)) == 0 || len(news)+len(labels) == 0 {
		return whole, nil
	}
	tell := report.IssueMessages(news, issue, decided.Earned, w.Config.Channels, w.Place, w.Env.Now)
	if w.Env.DryRun() {
		for _, line := range append(labels, tell).Would() {
			w.Env.Log.Info(line)
		}
		return false, nil
	}
	relabel := func() error {
		done, err := w.Issues.Relabel(ctx, labels)
		for _, line := range done.Lines(fmt.Sprintf("#%d", number)) {
			w.Env.Log.Info(line)
		}
		return err
	}
	if len(news) == 0 {
		return whole, relabel()
	}
	box := &notify.Outbox{GitHub: w.Issues, Messengers: w.messengers, Fallback: filed, Run: w.Env.Run(), Clock: w.Env.Clock, Late: true, Acted: len(heard) == 0 && w.labelled(past, news)}
	receipt, err := box.Tell(ctx, tell, heard, relabel)
	w.keepReceipt(number, receipt)
	return whole && err == nil && len(receipt.Left) == 0, err
}

// opens is when the hours begin that news of an issue waits for, zero where nothing
// waits.
func (w *world) opens(number int, due []alert.Due, heard []alert.Marker) time.Time {
	_, asleep := alert.AwakeIssues(due, w.Env.Clock())
	news, _ := alert.News(asleep, heard, w.Env.Run(), w.Env.Clock())
	opens := alert.Opens(news, w.Env.Clock())
	state := ""
	if !opens.IsZero() {
		state = opens.Format(time.RFC3339)
	}
	w.store.SetState(fmt.Sprintf("waits/%d", number), state)
	w.waits(number)
	return opens
}

// waits notes for the pages that news of an issue waits.
func (w *world) waits(number int) {
	until, err := time.Parse(time.RFC3339, w.store.State(fmt.Sprintf("waits/%d", number)))
	if err == nil && until.After(w.Env.Now) {
		w.issuesWait = append(w.issuesWait, alert.Waiting{What: fmt.Sprintf("#%d", number), Until: until})
	}
}

// labelled reports whether an earlier run of ours has put on one of the labels that
// people must hear of: it claims before it does, so where there is no claim, the
// issue took none.
func (w *world) labelled(past model.History, news []alert.Due) bool {
	return slices.ContainsFunc(past.Labels, func(e model.LabelEvent) bool {
		return e.Added && w.IsOurs(e.Actor) && slices.ContainsFunc(news, func(d alert.Due) bool { return slices.Contains(d.Labels, e.Label) })
	})
}

// settleFiled brings the comments on an issue up to date whose outcome is recorded
// elsewhere. It reports whether nothing is left to bring up to date.
func (w *world) settleFiled(ctx context.Context, number int, onIssue, records []alert.Marker) bool {
	if w.Env.DryRun() {
		return true
	}
	err := w.Issues.SettleFiled(ctx, number, onIssue, records, w.Env.Clock())
	if err != nil {
		w.Env.Log.Info(fmt.Sprintf("issue #%d: the comment about what was sent cannot be brought up to date: %v", number, err))
	}
	return err == nil
}

// unrecordedNotes begin the notes of what sweeps have sent about an issue where
// neither the issue nor the reports took a record.
const unrecordedNotes = "unrecorded/"

// keepUnrecorded notes what was sent without a record, so that the next sweep does
// not send it again.
func (w *world) keepUnrecorded(number int, receipt notify.Receipt) {
	if receipt.Unrecorded == nil || receipt.Filed || len(receipt.Told) == 0 {
		return
	}
	marker := alert.Marker{Run: w.Env.Run(), At: w.Env.Clock(), Until: w.Env.Clock(), Told: receipt.Told}
	note, _ := json.Marshal(append(w.unrecorded(number), marker.Settled())) // these types always marshal
	w.store.SetState(fmt.Sprint(unrecordedNotes, number), string(note))
}

// unrecorded is what sweeps have sent about an issue without a record.
func (w *world) unrecorded(number int) []alert.Marker {
	var markers []alert.Marker
	if note := w.store.State(fmt.Sprint(unrecordedNotes, number)); note != "" {
		if err := json.Unmarshal([]byte(note), &markers); err != nil {
			w.note("issue #%d: the note of what was sent about it cannot be read: %v", number, err)
		}
	}
	return markers
}

// recorded is what the reports record of an issue that took no comment. What cannot
// be read keeps nobody uninformed.
func (w *world) recorded(ctx context.Context, filed *publish.FiledComments) []alert.Marker {
	markers, err := filed.Markers(ctx)
	if err != nil {
		w.Env.Warn("%s: whether somebody has been told before cannot be read in %s: %v", filed.Subject, w.History.Path(history.AlertsFile), err)
	}
	return markers
}

// keepReceipt logs what became of the messages about an issue, and notes it for the outputs
// and the next sweep.
func (w *world) keepReceipt(number int, receipt notify.Receipt) {
	for _, m := range receipt.Sent {
		w.swept = append(w.swept, fmt.Sprintf("%s: issue %d", m.Channel, number))
	}
	w.LogReceipt(fmt.Sprintf("issue #%d, by a sweep", number), receipt)
	w.keepUnrecorded(number, receipt)
}

// decide says which labels an issue earns. Those of an issue that is not new are
// left as they are: its event may be older than the plan.
func (w *world) decide(issue model.Issue, past model.History) label.Decision {
	d := w.labeler.Label(issue, past)
	if w.Env.Now.Sub(issue.CreatedAt) > lost {
		d.Add, d.Remove = nil, nil
	}
	return d
}

// lines are the lines of a text; none of an empty one.
func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}
