package digest

import (
	"context"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// lateDigest is how long after its week a digest tells what happened since.
const lateDigest = 7 * 24 * time.Hour

// since is what happened after a week and before this run: which of the alerts of the
// week ended, and what began and is active. Of a run a week later, or later, nothing is
// told: the next digest does.
func (w *world) since(ctx context.Context, view *history.View, memory alert.Memory, due span) (report.Since, error) {
	now := w.Env.Now
	if now.Sub(due.until) >= lateDigest {
		return report.Since{}, nil
	}
	since, fired := report.Since{At: now}, memory.Fired(due.from, due.until)
	for _, f := range memory.Fired(due.from, now.Add(time.Second)) {
		switch {
		case !f.Began.Before(due.until):
			if f.Ended.IsZero() && (f.Notice == nil || report.Urgency(f) == verdict.Critical && f.Answered.IsZero()) {
				since.Fired = append(since.Fired, f)
			}
		case !f.Ended.IsZero() && slices.ContainsFunc(fired, func(known alert.Fired) bool {
			return known.Metric == f.Metric && known.Began.Equal(f.Began) && known.Ended.IsZero() && known.Notice == nil
		}):
			since.Resolved = append(since.Resolved, f)
		}
	}
	if len(since.Fired)+len(since.Resolved) == 0 {
		return since, nil
	}
	later, err := w.record(ctx, view, due.until, now.Add(time.Second))
	for _, m := range w.Config.Measured() {
		since.Entries = append(since.Entries, report.Entry{Definition: m.Definition, Thresholds: m.Thresholds, History: over(later, m, m.Own(), due.until)})
	}
	return since, err
}

// family is the release with the versions that followed it before a time. Where GitHub
// does not tell, there is a warning, and the watched one alone.
func (w *world) family(ctx context.Context, until time.Time) model.Release {
	release := w.Config.Release
	if release.Follow == "" {
		return release.WithFamily(nil)
	}
	var known collect.Versions
	if err := known.Read(ctx, w.Watched, release); err != nil {
		w.Env.Warn("the versions that follow %s are not known whole: %v", release.Version, err)
	}
	return release.WithFamily(slices.DeleteFunc(known.Published(), func(p model.Published) bool { return !p.At.Before(until) }))
}

// stateAt is the value of a state at the Monday with which a week began, as the digest
// of the week before showed it; nil where there is none. What the reading was compared
// with when it was measured is of the day before.
func stateAt(all []metric.Reading, id string, monday time.Time) *float64 {
	for _, r := range all {
		if r.Metric == id && r.OfWeek() && r.At.Equal(monday) && r.Until.Equal(r.From) {
			return r.Value
		}
	}
	return nil
}
