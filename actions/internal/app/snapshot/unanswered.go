package snapshot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/report"
)

// unanswered are the open issues to which the route of a label asks for a response, and
// that have none, of the weeks in which a mail would be on the pages, too.
func (w *world) unanswered(now time.Time) []report.Unanswered {
	asking, name := []string{"''"}, map[string]string{}
	for _, r := range w.Config.Routes {
		for _, l := range r.Label {
			if r.Respond.Duration() > 0 {
				name[strings.ToLower(l)] = l
				asking = append(asking, "'"+strings.ReplaceAll(strings.ToLower(l), "'", "''")+"'")
			}
		}
	}
	answer, err := w.store.Query(context.Background(), fmt.Sprintf(`
SELECT i.number, i.title, s.label, min(s.since) AS since
FROM issues i JOIN label_spans s ON s.number = i.number AND s.since >= $1 AND s.since <= $2 AND $2 < s.until AND s.label IN (%s)
WHERE NOT i.is_pull_request AND NOT i.is_bot AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2) AND (i.first_response_at IS NULL OR i.first_response_at >= $2)
GROUP BY i.number, i.title, s.label ORDER BY i.number, s.label`, strings.Join(asking, ", ")), model.Last(report.MailWaits, now))
	if err != nil {
		w.Env.Log.Info("the issues that wait for a response cannot be listed: " + err.Error())
		return nil
	}
	since := map[string]time.Time{} // of a label, of the issue at hand
	var all []report.Unanswered
	for n, row := range answer.Rows {
		number, _ := row[0].(float64)
		title, _ := row[1].(string)
		label, _ := row[2].(string)
		since[name[label]], _ = row[3].(time.Time)
		if n+1 < len(answer.Rows) && answer.Rows[n+1][0] == row[0] {
			continue
		}
		u := report.Unanswered{Number: int(number), Title: title}
		for _, d := range alert.ForIssue(model.Issue{Number: u.Number}, slices.Collect(maps.Keys(since)), model.History{}, w.Config.Routes, w.Config.Channels) {
			u = sooner(u, d, since)
		}
		if !u.Due.IsZero() {
			all = append(all, u)
		}
		clear(since)
	}
	return all
}

// sooner is an issue with a response asked for by what is due to a channel, where that is
// sooner than what was asked for so far.
func sooner(u report.Unanswered, d alert.Due, since map[string]time.Time) report.Unanswered {
	if d.Respond <= 0 {
		return u
	}
	from := since[d.Labels[0]]
	for _, l := range d.Labels {
		if since[l].Before(from) {
			from = since[l]
		}
	}
	by := d.Deadline(d.Hours.Open(from), d.Respond)
	if u.Due.IsZero() || by.Before(u.Due) {
		u.Labels, u.Since, u.Within, u.Due = d.Labels, from, "", by
		if d.Day.IsZero() {
			u.Within = d.Within(d.Respond)
		}
	}
	return u
}
