package digest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/publish"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// patience is how long one request waits for a rate limit.
const patience = 5 * time.Minute

type world struct {
	*app.App
	messengers notify.Messengers
	finished   bool
}

func connect(env *runner.Env, book *config.Book) (*world, error) {
	connected, err := app.Connect(env, book, patience)
	if err != nil {
		return nil, err
	}
	messengers, err := connected.Messengers()
	return &world{App: connected, messengers: messengers}, err
}

// record returns the readings of a time, until exclusive, in the order of time.
func (w *world) record(ctx context.Context, view *history.View, from, until time.Time) ([]metric.Reading, error) {
	all, err := view.Readings(ctx, from, until, w.Env.Warn)
	all = slices.DeleteFunc(all, func(r metric.Reading) bool { return r.At.Before(from) || !r.At.Before(until) })
	slices.SortStableFunc(all, func(a, b metric.Reading) int { return a.At.Compare(b.At) })
	return all, err
}

// read makes a week of the record: of each metric the reading over the week,
// beside that over the week before.
func (w *world) read(ctx context.Context, view *history.View, due span) (report.Week, error) {
	all, err := w.record(ctx, view, due.from.AddDate(0, 0, -7), due.until.Add(time.Second))
	if err != nil {
		return report.Week{}, err
	}
	year, number := due.from.ISOWeek()
	week := report.Week{Release: w.Config.Release, Year: year, Number: number, From: due.from, Until: due.until, Routes: w.Config.Routes}
	memory := w.memory(ctx, view)
	week.Fired = memory.Fired(due.from, due.until)
	week.Mail = memory.Fired(due.until.Add(-report.MailWaits), due.until)
	if week.Since, err = w.since(ctx, view, memory, due); err != nil {
		return report.Week{}, err
	}
	feed, err := view.Read(ctx, report.FeedPath)
	if err != nil {
		return report.Week{}, err
	}
	week.Gate = report.GateDecisions(feed, due.from, due.until)
	week.Release = w.family(ctx, due.until)
	days := map[string]bool{}
	for _, r := range all {
		if !r.At.Before(due.from) && r.At.Before(due.until) && !r.OfWeek() {
			days[r.At.Format(time.DateOnly)] = true
		}
	}
	week.Days = len(days)
	for _, m := range w.Config.Measured() {
		e, known := whole(m, all, due, w.Config.Confidence)
		if !known {
			e, known = entry(m, upTo(all, due.until), m.Weekly(), due.from, w.Config.Confidence)
		}
		if !known { // by an earlier version, which did not measure it over the week
			e, known = entry(m, upTo(all, due.until), m.Own(), due.from, w.Config.Confidence)
		}
		if known {
			week.Entries = append(week.Entries, e)
		}
	}
	return week, nil
}

// memory is what snapshot remembers of alerts: nothing where that cannot be read.
func (w *world) memory(ctx context.Context, view *history.View) alert.Memory {
	memory, err := view.WholeAlerts(ctx)
	if err != nil {
		w.Env.Warn("incidents are not listed, because %s cannot be read: %v", history.AlertsFile, err)
	}
	return memory
}

// entry is a metric by its last reading over a window, beside the last of the
// week before; its days are those that its alerts go by, of both weeks, since an alert
// may have begun in the first.
func entry(m config.Metric, all []metric.Reading, window time.Duration, from time.Time, confidence verdict.Confidence) (report.Entry, bool) {
	e := report.Entry{Definition: m.Definition, Thresholds: m.Thresholds, History: over(all, m, m.Own(), from.AddDate(0, 0, -7))}
	read := over(all, m, window, from)
	if len(read) == 0 {
		return e, false
	}
	e.Reading = read[len(read)-1]
	e.Reading.Previous = nil
	for _, r := range over(all, m, window, time.Time{}) {
		if r.At.Before(from) {
			e.Reading.Previous = r.Value
		}
	}
	return judged(e, m, confidence), true
}

// whole is a metric by its reading over the whole week, from Monday 00:00 UTC to
// Monday 00:00 UTC, beside the week before as it was measured with it; and
// whether there is one.
func whole(m config.Metric, all []metric.Reading, due span, confidence verdict.Confidence) (report.Entry, bool) {
	e := report.Entry{Definition: m.Definition, Thresholds: m.Thresholds, History: over(upTo(all, due.until), m, m.Own(), due.from.AddDate(0, 0, -7))}
	for _, r := range all {
		if r.Metric == m.ID && r.OfWeek() && r.At.Equal(due.until) {
			e.Reading = r
			if r.Values == nil && r.Until.Equal(r.From) {
				e.Reading.Previous = stateAt(all, m.ID, due.from)
			}
			return judged(e, m, confidence), true
		}
	}
	return e, false
}

// judged is an entry with the verdict of its reading, as it was judged when it
// was measured.
func judged(e report.Entry, m config.Metric, confidence verdict.Confidence) report.Entry {
	asMeasured := e.Reading
	if asMeasured.Value != nil || asMeasured.Values != nil {
		asMeasured.Reason = ""
	}
	e.Verdict = verdict.Judge(verdict.Of(asMeasured, nil, m.Count), m.Thresholds, confidence)
	if level := verdict.Level(e.Reading.Verdict); level != "" {
		e.Verdict.Level = level // with its parts and its past
	}
	return e
}

// upTo are the readings before a time.
func upTo(all []metric.Reading, until time.Time) []metric.Reading {
	return slices.DeleteFunc(slices.Clone(all), func(r metric.Reading) bool { return !r.At.Before(until) })
}

// over are a metric's readings over a window since a time, in the order of time.
func over(all []metric.Reading, m config.Metric, window time.Duration, since time.Time) []metric.Reading {
	var some []metric.Reading
	for _, r := range all {
		if r.Metric == m.ID && !r.OfWeek() && r.Until.Sub(r.From) == window && !r.At.Before(since) {
			some = append(some, r)
		}
	}
	return some
}

// digestLabel finds the digests again where rules.yaml names no label.
var digestLabel = change.Label{Name: "weekly-digest", Color: "1d76db", Description: "The summary of a week"}

// publish opens the week's issue or brings it up to date.
func (w *world) publish(ctx context.Context, week report.Week) (publish.Published, error) {
	labels := []string(w.Config.Digest.Labels)
	if len(labels) == 0 {
		labels = []string{digestLabel.Name}
	}
	done, err := w.Own.Publish(ctx, change.Publish{
		Series: "digest", Subject: week.Name(), Title: week.Title(), Body: report.IssueBody(report.Digest(week), week.Page), Labels: labels, Pin: true, Ends: true,
		Declared: append(slices.Clone(w.Config.Labels), digestLabel),
	})
	if done.Unmet != "" {
		w.Env.Log.Info(done.Unmet)
	}
	if done.Open != nil {
		w.Env.Warn("an older digest: %v", done.Open)
	}
	return done, err
}

// tell sends the digest to its channels, each once for a week. The record is on
// the week's issue; where there is none, or it takes none, among the reports.
func (w *world) tell(ctx context.Context, view *history.View, week report.Week, issue publish.Published) error {
	filed := w.RecordsOf("digest/" + week.Name())
	filed.Seal = w.Own.Seal // the digest is an issue of the home repository
	heard, err := w.heard(ctx, view, filed.Subject, issue)
	if err != nil {
		return err
	}
	news, left := alert.News(w.readers(issue), heard, w.Env.Run(), w.Env.Clock())
	if len(left) > 0 {
		w.Env.Warn("another run is telling of %s", week.Name())
	}
	if len(news) == 0 {
		return nil
	}
	tell := change.Tell{Issue: issue.Number, Claiming: "The digest is on its way to the channels."}
	for _, d := range news {
		address := cmp.Or(issue.URL, week.Page)
		tell.Messages = append(tell.Messages, report.DigestMessage(d, week, w.Config.Channels[d.Channel], address, w.Place))
	}
	box := &notify.Outbox{GitHub: w.Own, Messengers: w.messengers, Fallback: filed, Run: w.Env.Run(), Clock: w.Env.Clock}
	if issue.Number == 0 { // there is no issue to claim on
		onFile := *w.Own
		onFile.Under = filed
		box.GitHub = &onFile
	}
	receipt, err := box.Tell(ctx, tell, heard, func() error { return nil })
	w.LogReceipt("the digest "+week.Name(), receipt)
	return err
}

// readers are the channels that get the digest and can be reached.
func (w *world) readers(issue publish.Published) []alert.Due {
	var due []alert.Due
	for _, channel := range w.Config.Digest.To {
		for _, by := range w.Config.Channels[channel].Ways() {
			if !w.messengers.Reaches(channel, by) {
				w.Env.Warn("channel %s does not get the digest: %s", channel, notify.Missing(channel, by))
				continue
			}
			due = append(due, alert.Due{Issue: issue.Number, Channel: channel, By: by})
		}
	}
	return due
}

// heard are the records of the week, on its issue and among the reports.
func (w *world) heard(ctx context.Context, view *history.View, subject string, issue publish.Published) ([]alert.Marker, error) {
	memory, err := view.WholeAlerts(ctx)
	heard := memory.Records(subject)
	if err != nil {
		w.Env.Warn("who got the digest before cannot be read in %s: %v", w.History.Path(history.AlertsFile), err)
	}
	if issue.Number == 0 {
		return heard, nil
	}
	past, err := collect.History(ctx, w.Home, issue.Number)
	return append(heard, w.Own.Seal.Markers(past.Comments)...), err
}

// readMonth makes a month of the record and of its urgent issues.
func (w *world) readMonth(ctx context.Context, view *history.View, due span) (report.Month, error) {
	all, err := w.record(ctx, view, due.from, due.until)
	if err != nil {
		return report.Month{}, err
	}
	month := report.Month{Release: w.family(ctx, due.until), From: due.from, Until: due.until, Fired: w.memory(ctx, view).Fired(due.from, due.until)}
	feed, err := view.Read(ctx, report.FeedPath)
	if err != nil {
		return report.Month{}, err
	}
	month.Gate = report.GateDecisions(feed, due.from, due.until)
	days := map[string]bool{}
	for _, r := range all {
		if !r.OfWeek() {
			days[r.At.Format(time.DateOnly)] = true
		}
	}
	month.Days = len(days)
	for _, m := range w.Config.Measured() {
		month.Metrics = append(month.Metrics, report.Course{Definition: m.Definition, Thresholds: m.Thresholds, Readings: over(all, m, m.Own(), due.from)})
	}
	month.Issues, err = w.urgent(ctx, due)
	return month, err
}

// maxPast is how many of the newest issues a retrospective looks at, and
// maxUrgent how many urgent ones closely.
const maxPast, maxUrgent = 1000, 30

// urgent are the issues of a month with a label that leads to a channel.
func (w *world) urgent(ctx context.Context, due span) ([]report.Urgent, error) {
	issues, events, err := collect.Past(ctx, w.Watched, maxPast, w.Env.Progress("issues"))
	if err != nil {
		return nil, err
	}
	routed := map[string]bool{}
	for _, r := range w.Config.Routes {
		for _, l := range r.Label {
			routed[strings.ToLower(l)] = true
		}
	}
	byPerson, labels := map[int]bool{}, map[int][]string{}
	for _, e := range events {
		if e.Added && routed[strings.ToLower(e.Label)] && !e.At.Before(due.from) && e.At.Before(due.until) {
			if !slices.Contains(labels[e.Issue], e.Label) {
				labels[e.Issue] = append(labels[e.Issue], e.Label)
			}
			byPerson[e.Issue] = byPerson[e.Issue] || !e.IsBot && w.IsPerson(e.Actor)
		}
	}
	var all []report.Urgent
	for _, i := range issues {
		if len(labels[i.Number]) == 0 || len(all) == maxUrgent {
			continue
		}
		u := report.Urgent{Number: i.Number, Title: i.Title, URL: i.URL, Labels: labels[i.Number], ByPerson: byPerson[i.Number], False: i.Has("false-alarm"), Opened: i.CreatedAt, Closed: !i.ClosedAt.IsZero() && i.ClosedAt.Before(due.until)}
		past, err := collect.History(ctx, w.Watched, i.Number)
		if err != nil {
			return nil, err
		}
		if past.Left != "" {
			w.Env.Warn("%s", past.Left)
		}
		w.course(&u, i, past)
		all = append(all, u)
	}
	return all, nil
}

// course notes how often somebody was told of an issue, and how long it took the
// team to answer: the first comment by somebody else than its author, no bot, or the
// first response in a channel that is recorded.
func (w *world) course(u *report.Urgent, issue model.Issue, past model.History) {
	var told time.Time
	for _, m := range w.Issues.Seal.Markers(past.Comments) {
		for _, t := range m.Told {
			if t.State == alert.Sent && t.By == "slack" {
				u.Told++
			}
			if t.State == alert.Sent && t.By != alert.OnIssue && (told.IsZero() || m.At.Before(told)) {
				told = m.At
			}
		}
	}
	if at := alert.Response(w.Issues.Seal.Markers(past.Comments)); at.After(told) && !told.IsZero() {
		u.Answered = at.Sub(told)
	}
	for _, c := range past.Comments {
		if told.IsZero() || c.IsBot || !w.IsPerson(c.Author) || strings.EqualFold(c.Author, issue.Author) || c.CreatedAt.Before(told) {
			continue
		}
		if wait := max(c.CreatedAt.Sub(told), time.Second); u.Answered == 0 || wait < u.Answered {
			u.Answered = wait
		}
		return
	}
}

func (s span) String() string {
	return fmt.Sprintf("%s to %s", s.from.Format(time.DateOnly), s.until.Format(time.DateOnly))
}
