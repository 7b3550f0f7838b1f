// Package digest is what the program digest does, for its main and for the
// demo. It tells the week, or judges the month: it reads the record of
// readings, opens the week's issue, tells the channels, and files the page. It
// measures nothing.
package digest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/publish"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// Run is one run of the program.
func Run(ctx context.Context, env *runner.Env) error {
	book, err := config.Read(env.Files, env.Input("rules"))
	if err != nil {
		return err
	}
	w, err := connect(env, book)
	if err != nil {
		return err
	}
	switch period := env.Input("period"); period {
	case "", "week":
		week, err := w.due(env.Input("of"))
		if err != nil {
			return err
		}
		return errors.Join(w.week(ctx, week), w.monthDue(ctx), w.watchDue(ctx))
	case "month":
		month, err := w.dueMonth(env.Input("of"))
		if err != nil {
			return err
		}
		return w.retrospect(ctx, month, report.MonthPath(month.from), false)
	default:
		return runner.Usage("input period is %q: expected week or month", period)
	}
}

// span is a week or a month, Until exclusive.
type span struct{ from, until time.Time }

var (
	weekForm  = regexp.MustCompile(`^(\d{4})-W(\d{2})$`)
	monthForm = regexp.MustCompile(`^\d{4}-\d{2}$`)
)

// due is the week that is asked for, or the last one that is over: a run that
// comes late, or after one that was dropped, does the same.
func (w *world) due(of string) (span, error) {
	if of == "" {
		until := monday(w.Env.Now)
		return span{until.AddDate(0, 0, -7), until}, nil
	}
	m := weekForm.FindStringSubmatch(of)
	if m == nil {
		return span{}, runner.Usage("input of is %q: expected an ISO week such as 2026-W05", of)
	}
	year, _ := strconv.Atoi(m[1])
	week, _ := strconv.Atoi(m[2])
	from := monday(time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)).AddDate(0, 0, 7*(week-1))
	if y, n := from.ISOWeek(); y != year || n != week {
		return span{}, runner.Usage("input of is %q: the year has no such week", of)
	}
	if from.AddDate(0, 0, 7).After(w.Env.Now) {
		return span{}, runner.Usage("input of is %q: that week is not over yet", of)
	}
	return span{from, from.AddDate(0, 0, 7)}, nil
}

// monday is the beginning of a time's ISO week, in UTC.
func monday(t time.Time) time.Time {
	day := t.UTC().Truncate(24 * time.Hour)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// dueMonth is the month that is asked for, or the last one that is over.
func (w *world) dueMonth(of string) (span, error) {
	if of == "" {
		now := w.Env.Now.UTC()
		until := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
		return span{until.AddDate(0, -1, 0), until}, nil
	}
	from, err := time.Parse("2006-01", of)
	if err != nil || !monthForm.MatchString(of) {
		return span{}, runner.Usage("input of is %q: expected a month such as 2026-01", of)
	}
	if from.AddDate(0, 1, 0).After(w.Env.Now) {
		return span{}, runner.Usage("input of is %q: that month is not over yet", of)
	}
	return span{from, from.AddDate(0, 1, 0)}, nil
}

// monthDue files the retrospective of a month that is over in the week of this
// run, or was over and has none: a week's run does what is due.
func (w *world) monthDue(ctx context.Context) error {
	if w.Env.Input("of") != "" {
		return nil
	}
	month, err := w.dueMonth("")
	if err != nil || w.Config.Release.Shipped.IsZero() || !w.Config.Release.Shipped.Before(month.until) {
		return err
	}
	view, err := w.History.Open(ctx)
	if err != nil {
		return err
	}
	if filed, err := view.Read(ctx, report.MonthPath(month.from)); err != nil || filed != nil {
		return err
	}
	return w.retrospect(ctx, month, report.MonthPath(month.from), false)
}

// watchPath is the retrospective of the whole watch.
const watchPath = "retrospective.md"

// watchDue files the retrospective of the whole watch, once, when it is over:
// with the last phase of the plan, or general availability.
func (w *world) watchDue(ctx context.Context) error {
	from, end := w.Config.Release.Shipped.Time, w.Config.Release.GA.Time
	for _, phase := range w.Config.Release.Phases {
		if phase.Until.After(end) {
			end = phase.Until.Time
		}
	}
	until := end.AddDate(0, 0, 1)
	if w.Env.Input("of") != "" || from.IsZero() || end.IsZero() || until.After(w.Env.Now) {
		return nil
	}
	view, err := w.History.Open(ctx)
	if err != nil {
		return err
	}
	if filed, err := view.Read(ctx, watchPath); err != nil || filed != nil {
		return err
	}
	return w.retrospect(ctx, span{from, until}, watchPath, true)
}

// week tells a week: the issue first, then the channels, then the page.
func (w *world) week(ctx context.Context, due span) error {
	view, err := w.History.Open(ctx)
	if err != nil {
		return err
	}
	week, err := w.read(ctx, view, due)
	if err != nil {
		return err
	}
	path := report.WeekPath(due.from)
	week.Page = w.Place.Runbook(w.History.Path(path))
	page := []byte(report.WeekPage(week))
	if week.Days == 0 {
		w.Env.Warn("there are no readings of %s, so there is nothing to report: run snapshot first", week.Name())
	}
	if w.Env.DryRun() {
		return errors.Join(w.Env.Write("dry-run/"+w.History.Path(path), page), w.finish(report.WeekPage(week), 0, "", path))
	}
	if week.Days == 0 {
		return w.finish(report.WeekPage(week), 0, "", "")
	}
	var issue publish.Published
	var errPublished, errTold error
	if back := w.Env.Input("as-of") != "" && w.Env.Clock().Sub(w.Env.Now) > 10*time.Minute; !back {
		// A run about a time that is past files its page, and tells nobody.
		// Mail and Slack need no issue: what is wrong with it stops neither them nor
		// the page.
		issue, errPublished = w.publish(ctx, week)
		errTold = w.tell(ctx, view, week, issue)
	}
	_, errFiled := w.History.File(ctx, view, "aftercare: week "+week.Name(), func(v *history.View) (map[string][]byte, error) {
		filed, err := v.Read(ctx, report.FeedPath)
		home := strings.TrimSuffix(week.Page, path)
		feed := report.Feed(filed, report.FeedName(week.Release.Project, week.Release.Version), home, []report.FeedEntry{report.WeekEntry(week, w.Env.Now)})
		return map[string][]byte{path: page, report.FeedPath: feed}, err
	})
	return errors.Join(errPublished, errTold, errFiled, w.finish(report.WeekPage(week), issue.Number, issue.URL, path))
}

// retrospect files the judgement of a month, or of the whole watch.
func (w *world) retrospect(ctx context.Context, due span, path string, watch bool) error {
	view, err := w.History.Open(ctx)
	if err != nil {
		return err
	}
	m, err := w.readMonth(ctx, view, due)
	if err != nil {
		return err
	}
	m.Watch = watch
	if m.Days == 0 {
		w.Env.Warn("there are no readings of %s, so little can be judged: run snapshot first", due)
	}
	page := report.Retrospective(m)
	if w.Env.DryRun() {
		return errors.Join(w.Env.Write("dry-run/"+w.History.Path(path), []byte(page)), w.finish(page, 0, "", path))
	}
	_, err = w.History.File(ctx, view, "aftercare: retrospective", func(*history.View) (map[string][]byte, error) {
		return map[string][]byte{path: []byte(page)}, nil
	})
	return errors.Join(err, w.finish(page, 0, "", path))
}

// finish sets the outputs, once for a run: of the week where it told one.
func (w *world) finish(page string, number int, address, path string) error {
	err := w.Env.Summary(page)
	if w.finished {
		return err
	}
	w.finished = true
	name := ""
	if path != "" {
		name = w.History.Path(path)
	}
	shown := ""
	if number > 0 {
		shown = fmt.Sprint(number)
	}
	w.Env.Output("issue-number", shown)
	w.Env.Output("issue-url", address)
	w.Env.Output("report", name)
	return err
}
