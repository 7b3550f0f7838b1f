package snapshot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// isCovered reports whether a metric is past its thresholds by nothing but
// reports of which people are notified by their labels: by the run of their
// event, or else by the sweep.
func (w *world) isCovered(e report.Entry) bool {
	r, labels := e.Reading, e.Definition.Reports
	if len(labels) == 0 || r.Reported == nil || r.Value == nil {
		return false
	}
	for _, label := range labels {
		due := alert.ForIssue(model.Issue{State: "open"}, []string{label}, model.History{}, w.Config.Routes, w.Config.Channels)
		if !slices.ContainsFunc(due, func(d alert.Due) bool { return w.messengers.Reaches(d.Channel, d.By) }) {
			return false
		}
	}
	rest := *r.Value - *r.Reported
	for _, b := range []verdict.Bound{e.Thresholds.Warning, e.Thresholds.Critical} {
		if !b.IsZero() && b.Holds(rest) {
			return false
		}
	}
	return true
}

// respondedTo returns when the team had responded to every issue that a metric of
// reports counts, by a comment or by closing it; zero where one waits, and where
// the metric counts anything besides.
func (w *world) respondedTo(ctx context.Context, e report.Entry) time.Time {
	r := e.Reading
	if r.Reported == nil || r.Value == nil || *r.Reported != *r.Value || *r.Value == 0 {
		return time.Time{}
	}
	var labels []string
	for _, l := range e.Definition.Reports {
		labels = append(labels, "'"+strings.ReplaceAll(strings.ToLower(l), "'", "''")+"'")
	}
	opened := "false"
	if r.Until.After(r.From) {
		opened = "i.created_at >= $1"
	}
	answer, err := w.store.Query(ctx, fmt.Sprintf(`
SELECT count(*) AS issues, count(responded) AS responded, max(responded) AS last
FROM (
    SELECT coalesce(least(i.first_by_team_at, i.closed_at), i.first_by_team_at, i.closed_at) AS responded
    FROM issues i
    WHERE NOT i.is_pull_request AND i.created_at < $2 AND (%s OR i.closed_at IS NULL OR i.closed_at > $2) AND i.number IN (SELECT number FROM labelled([%s], $2))
) AS counted`, opened, strings.Join(labels, ", ")), model.Window{From: r.From, Until: r.Until})
	if err != nil || len(answer.Rows) == 0 {
		w.Env.Log.Info(fmt.Sprintf("whether somebody responded to the issues of %s cannot be seen: %v", e.Definition.ID, err))
		return time.Time{}
	}
	issues, _ := answer.Rows[0][0].(float64)
	responded, _ := answer.Rows[0][1].(float64)
	last, _ := answer.Rows[0][2].(time.Time)
	if issues == 0 || responded < issues || issues < *r.Reported {
		return time.Time{}
	}
	return last
}

// account says of the metrics that count reports what is known of the reports:
// whether people are notified of each, and whether the team responded.
func (w *world) account(ctx context.Context, m measured) {
	w.covered = map[string]bool{}
	for _, e := range m.first() {
		if len(e.Definition.Reports) == 0 || e.Level() != verdict.Warning && e.Level() != verdict.Critical {
			continue
		}
		w.covered[e.Definition.ID] = w.isCovered(e)
		if at := w.respondedTo(ctx, e); !at.IsZero() {
			w.answered[e.Definition.ID] = notify.Response{At: at}
		}
	}
}
