package publish

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
)

// everBefore is a time that no comment is older than.
var everBefore = time.Unix(0, 0).Add(time.Hour)

// Remark comments on an issue, unless a comment of ours has said so before, and
// reports whether it did. Of two runs that do so at once the comment of the first
// stays.
func (g *GitHub) Remark(ctx context.Context, step change.Remark, run string, now time.Time) (bool, error) {
	before, err := g.Markers(ctx, step.Issue, everBefore)
	if err != nil || alert.Remarked(before, step.Subject) {
		return false, err
	}
	mine := alert.Marker{Run: run + "/" + step.Subject, At: now, Told: []alert.Told{
		{Channel: step.Subject, By: alert.OnIssue, State: alert.Sent, Words: step.Words},
	}}
	mine, err = g.Claim(ctx, step.Issue, mine, "")
	if err != nil {
		return false, err
	}
	all, err := g.Markers(ctx, step.Issue, everBefore)
	if err != nil {
		return true, err
	}
	for _, other := range all {
		if other.Comment < mine.Comment && alert.Remarked([]alert.Marker{other}, step.Subject) {
			return false, g.Withdraw(ctx, step.Issue, mine)
		}
	}
	return true, nil
}
