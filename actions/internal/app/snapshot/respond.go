package snapshot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/publish"
	"github.com/aftercare/aftercare/actions/internal/report"
)

// urgentState is what the sweep has noted of an issue: as of when it has looked at
// it, and by when somebody must respond.
type urgentState struct{ updated, deadline string }

// isDone reports whether nothing is to be done about an issue that was looked at.
func (s urgentState) isDone(u urgentIssue, now time.Time) bool {
	if s.updated != u.updated {
		return false
	}
	deadline, err := time.Parse(time.RFC3339, s.deadline)
	return err != nil || now.Before(deadline)
}

func (w *world) urgentState(number int) urgentState {
	return urgentState{w.store.State(fmt.Sprintf("sweep/%d", number)), w.store.State(fmt.Sprintf("deadline/%d", number))}
}

func (w *world) keepUrgentState(number int, s urgentState) {
	w.store.SetState(fmt.Sprintf("sweep/%d", number), s.updated)
	w.store.SetState(fmt.Sprintf("deadline/%d", number), s.deadline)
}

// escalate tells the channels of an issue to which nobody has responded in time. It
// returns by when somebody must respond otherwise, zero where nothing is to come, and
// reports whether all that is due has been done.
func (w *world) escalate(ctx context.Context, issue model.Issue, past model.History, due []alert.Due, heard []alert.Marker) (deadline time.Time, whole bool, err error) {
	news, left, deadline := alert.Escalations(due, heard, w.Env.Run(), w.Env.Clock())
	news, asleep := alert.AwakeIssues(news, w.Env.Clock())
	deadline = alert.Earlier(deadline, alert.Opens(asleep, w.Env.Clock()))
	news = slices.DeleteFunc(news, func(d alert.Due) bool { return !w.messengers.Reaches(d.Channel, d.By) })
	if len(news) == 0 || w.hasResponse(ctx, issue, past, heard) {
		return deadline, len(left) == 0, nil
	}
	tell := report.IssueMessages(news, issue, nil, w.Config.Channels, w.Place, w.Env.Now)
	tell.Claiming = "Nobody has responded in time: Aftercare is telling the release team again."
	if w.Env.DryRun() {
		for _, line := range (change.Plan{tell}).Would() {
			w.Env.Log.Info(line)
		}
		return deadline, false, nil
	}
	box := &notify.Outbox{GitHub: w.Issues, Messengers: w.messengers, Fallback: w.RecordsOf(publish.Subject(w.Env.Repository(), issue.Number)), Run: w.Env.Run(), Clock: w.Env.Clock, Late: true}
	receipt, err := box.Tell(ctx, tell, heard, func() error { return nil })
	w.keepReceipt(issue.Number, receipt)
	return deadline, err == nil && len(left)+len(receipt.Left) == 0, err
}

// hasResponse reports whether somebody of the team has responded to an issue: by a
// comment, by assigning it, by a label since people were told, or in the thread of a
// message about it.
func (w *world) hasResponse(ctx context.Context, issue model.Issue, past model.History, heard []alert.Marker) bool {
	if len(issue.Assignees) > 0 || !alert.Response(heard).IsZero() || w.teamCommented(ctx, issue.Number) {
		return true
	}
	told := w.Env.Now
	for _, m := range heard {
		if m.At.Before(told) {
			told = m.At
		}
	}
	if slices.ContainsFunc(past.Labels, func(e model.LabelEvent) bool {
		return !e.IsBot && w.IsPerson(e.Actor) && e.Actor != "" && e.Actor != issue.Author && e.At.After(told)
	}) {
		return true
	}
	for _, t := range alert.Refs(heard) {
		if response := w.answerTo(ctx, t.Channel, t.By, t.Ref); !response.IsZero() {
			w.nameResponder(ctx, issue, past, t, response)
			return true
		}
	}
	return false
}

// nameResponder says in our comment on an issue who responded in the channel. Where
// the comment is not there, or cannot be changed, the response counts all the same.
func (w *world) nameResponder(ctx context.Context, issue model.Issue, past model.History, to alert.Told, response notify.Response) {
	who := "Somebody"
	if response.By != "" {
		who = report.Cell(response.By)
	}
	for _, m := range w.Issues.Seal.Markers(past.Comments) {
		if w.Env.DryRun() || !slices.ContainsFunc(m.Told, func(t alert.Told) bool { return t.Ref == to.Ref && t.Channel == to.Channel }) {
			continue
		}
		words := fmt.Sprintf("%s responded %s on %s.", who, w.Config.Channels[to.Channel].Where(to.By), humanize.Moment(response.At))
		if err := w.Issues.Record(ctx, issue.Number, m.Responded(response.At, words)); err != nil {
			w.Env.Log.Info(fmt.Sprintf("issue #%d: that somebody responded cannot be noted on it: %v", issue.Number, err))
		}
		return
	}
}

// teamCommented reports whether the team has commented on an issue.
func (w *world) teamCommented(ctx context.Context, number int) bool {
	answer, err := w.store.Query(ctx, fmt.Sprintf("SELECT count(*) AS value FROM issues WHERE number = %d AND first_by_team_at IS NOT NULL", number), model.Window{From: w.Env.Now, Until: w.Env.Now})
	if err != nil || len(answer.Rows) == 0 {
		w.Env.Log.Info(fmt.Sprintf("whether the team has commented on #%d cannot be seen: %v", number, err))
		return false
	}
	return answer.Rows[0][0] != 0.0
}
