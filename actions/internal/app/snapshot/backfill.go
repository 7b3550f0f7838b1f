package snapshot

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// maxFirst is how many days a first run fills in by itself.
const maxFirst = 90 * 24 * time.Hour

// filled is a day that is over, as it was measured afterwards.
type filled struct {
	at      time.Time // of the day's run, or its last second where there was none
	entries []report.Entry
	changed bool // the record had no readings of it, or others
}

// fill decides which days a run fills in: those since the day that the input names;
// else, where the record begins after the release shipped, those between.
func (w *world) fill(ctx context.Context, view *history.View) error {
	w.fillUntil = w.Env.Now.UTC().Truncate(24 * time.Hour)
	if !w.asked.since.IsZero() {
		w.fillFrom = w.asked.since
		return nil
	}
	w.fillFrom = w.fillUntil
	shipped := w.Config.Release.Shipped.Time
	if w.asked.priority != "" || app.LooksBack(w.Env) || shipped.IsZero() {
		return nil
	}
	from := shipped.UTC().Truncate(24 * time.Hour)
	if earliest := w.fillUntil.Add(-maxFirst); from.Before(earliest) {
		from = earliest
	}
	first := w.firstDay(w.readings)
	if reach := monthOf(w.oldest()); !first.After(from) || !first.After(reach.AddDate(0, 0, 1)) {
		return nil // the record reaches back as far as it is read
	}
	if older := w.oldest(); from.Before(older) {
		before, err := view.Readings(ctx, from, older, func(string, ...any) {})
		if err != nil {
			return err
		}
		first = w.firstDay(slices.Concat(before, w.readings))
	}
	if first.After(from) {
		w.fillFrom, w.fillUntil = from, first
	}
	return nil
}

// firstDay is the first day of the record; today where it is empty.
func (w *world) firstDay(readings []metric.Reading) time.Time {
	first := w.Env.Now.UTC().Truncate(24 * time.Hour)
	for _, r := range readings {
		if day := r.At.UTC().Truncate(24 * time.Hour); day.Before(first) {
			first = day
		}
	}
	return first
}

func monthOf(t time.Time) time.Time {
	return time.Date(t.UTC().Year(), t.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
}

// fillIn measures the days that are to be filled in, and the weeks that ended in
// them. Its readings take their place in the record of the run, so that each day is
// compared with the days before it.
func (w *world) fillIn(ctx context.Context, facts metric.Facts, plan []config.Metric) (days []filled, readings []metric.Reading) {
	for at := w.fillFrom; at.Before(w.fillUntil); at = at.Add(24 * time.Hour) {
		if w.isMonday(at) {
			readings = append(readings, w.weekAgain(ctx, facts, plan, at)...)
		}
		day := w.pastDay(ctx, facts, plan, at.Add(24*time.Hour-time.Second))
		var some []metric.Reading
		for _, e := range day.entries {
			some = append(some, e.Reading)
		}
		day.changed = !metric.Same(w.readings, some)
		w.readings = metric.Merge(w.readings, some)
		for i, e := range day.entries {
			day.entries[i].History = w.historyOf(e.Reading)
			day.entries[i].Since = since(day.entries[i])
		}
		days, readings = append(days, day), append(readings, some...)
	}
	w.readings = metric.Merge(w.readings, readings)
	return days, readings
}

// weekAgain measures the week that ended with a Monday, but for findings of which
// the record tells.
func (w *world) weekAgain(ctx context.Context, facts metric.Facts, plan []config.Metric, end time.Time) []metric.Reading {
	all := w.pastWeek(ctx, facts, plan, end)
	for i, r := range all {
		at := slices.IndexFunc(w.readings, func(old metric.Reading) bool { return old.OfWeek() && old.At.Equal(end) && old.Metric == r.Metric })
		if at >= 0 && slices.ContainsFunc(plan, func(p config.Metric) bool { return p.ID == r.Metric && cleans(p) }) {
			all[i] = w.readings[at]
		}
	}
	return all
}

// isMonday reports whether a whole week of the release ended with the day before.
func (w *world) isMonday(day time.Time) bool {
	return day.Equal(metric.Monday(day)) && !w.Config.Release.Shipped.IsZero() && day.After(w.Config.Release.Shipped.Time) && day.After(w.fillFrom)
}

// pastDay measures a day that is over, at the time of its run by the record, so
// that the same facts give the same readings; by default at its last second. What
// only the present tells stays as the record has it.
func (w *world) pastDay(ctx context.Context, facts metric.Facts, plan []config.Metric, end time.Time) filled {
	record := map[string]metric.Reading{}
	day := filled{at: end}
	for _, r := range w.readings {
		if r.OfWeek() || r.At.UTC().Format(time.DateOnly) != end.UTC().Format(time.DateOnly) {
			continue
		}
		record[keyOf(r.Metric, r.Until.Sub(r.From))] = r
		if day.at.Equal(end) || r.At.After(day.at) {
			day.at = r.At
		}
	}
	all := make([][]report.Entry, len(plan))
	var asking errgroup.Group
	asking.SetLimit(2 * runtime.GOMAXPROCS(0))
	for i, p := range plan {
		asking.Go(func() error {
			for _, window := range slices.Concat(p.Window, p.Beside) {
				all[i] = append(all[i], w.pastEntry(ctx, facts, p, window, day.at, record))
			}
			return nil
		})
	}
	_ = asking.Wait() // none fails: what has no answer says why
	day.entries = slices.Concat(all...)
	return day
}

// pastEntry is a metric over one window as of a day that is over.
func (w *world) pastEntry(ctx context.Context, facts metric.Facts, p config.Metric, window string, at time.Time, record map[string]metric.Reading) report.Entry {
	length := time.Duration(0)
	if d, err := model.ParseDuration(window); err == nil {
		length = d.Duration()
	}
	old, recorded := record[keyOf(p.ID, length)]
	if p.Past == "" && !(recorded && cleans(p)) {
		if recorded {
			at = old.At
		}
		return w.judged(ctx, facts, p, []string{window}, at)[0]
	}
	if !recorded {
		old = metric.Reading{At: at, Metric: p.ID, From: at.Add(-length), Until: at, Unit: p.Unit, Verdict: string(verdict.Unknown), Reason: p.Past}
	}
	asRecorded := old
	if old.Value != nil || old.Values != nil {
		asRecorded.Reason = ""
	}
	v := verdict.Judge(verdict.Of(asRecorded, nil, p.Count), p.Thresholds, w.Config.Confidence)
	v.Level = verdict.Level(old.Verdict)
	return report.Entry{Definition: p.Definition, Thresholds: p.Thresholds, Reading: old, Verdict: v}
}

// cleans reports whether a metric counts findings in files, of which people remove
// what was found: what the record has stays.
func cleans(p config.Metric) bool {
	return slices.ContainsFunc(p.Parts, func(part metric.Part) bool { return part.Source == "findings" })
}

func keyOf(id string, length time.Duration) string { return fmt.Sprint(id, "/", length) }

// isOwn tells the entries over a metric's own windows, which pages show, from
// those that are measured beside them.
func isOwn(e report.Entry, plan []config.Metric) bool {
	length := e.Reading.Until.Sub(e.Reading.From)
	for _, p := range plan {
		if p.ID != e.Definition.ID {
			continue
		}
		for _, window := range p.Window {
			if d, err := model.ParseDuration(window); err == nil && d.Duration() == length || err != nil && length == 0 {
				return true
			}
		}
	}
	return false
}

// filledPages are the pages of the days that were filled in and were not as they
// are now.
func (w *world) filledPages(m measured, today report.Day, memory alert.Memory, files map[string][]byte) {
	for _, day := range m.filled {
		if !day.changed {
			continue
		}
		d := report.Day{Release: today.Release, Routes: today.Routes, Now: day.at, Charts: today.Charts, Afterwards: humanize.Moment(w.Env.Now), Opened: w.openedBy(day.at)}
		d.Fired = memory.Fired(day.at.AddDate(0, 0, -report.IncidentDays), day.at.Add(time.Second))
		for _, e := range day.entries {
			if isOwn(e, m.plan) {
				d.Entries = append(d.Entries, e)
			}
		}
		d.Weeks = w.weeksOf(m.plan, w.readings, day.at)
		files[report.DayPath(day.at)] = []byte(report.DayPage(d))
	}
}

// filledWords name the days that were filled in by a first run: "24 Jan – 1 Feb
// 2026"; empty where there are none.
func (w *world) filledWords() string {
	if !w.asked.since.IsZero() || !w.fillFrom.Before(w.fillUntil) {
		return ""
	}
	return humanize.Days(w.fillFrom, w.fillUntil.Add(-time.Second))
}
