package digest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

type world struct {
	env        *runner.Env
	book       *config.Book
	hub        *github.Client // this repository: the issue and the reports
	watched    *github.Client
	github     *notify.GitHub
	messengers notify.Messengers
	ledger     *history.Ledger
	place      report.Place
	finished   bool
}

func connect(env *runner.Env, book *config.Book) (*world, error) {
	home := env.Home()
	client := func(repository string) (*github.Client, error) {
		return github.New(github.Options{
			URL: env.Getenv("GITHUB_API_URL"), GraphQL: env.Getenv("GITHUB_GRAPHQL_URL"), Token: env.Input("github-token"), Repository: repository,
			HTTP: env.HTTP, Clock: env.Clock, Sleep: env.Sleep, Patience: 5 * time.Minute,
		})
	}
	hub, err := client(home)
	watched, errWatched := client(env.Repository())
	if err := cmp.Or(err, errWatched); err != nil {
		return nil, runner.Usage("%v", err) // of two the first: mostly they say the same
	}
	messengers, err := notify.Connect(book.Channels, env.Getenv, env.Now, env.HTTP, env.Sleep)
	if err != nil {
		return nil, runner.Usage("%v", err)
	}
	return &world{
		env: env, book: book, hub: hub, watched: watched, messengers: messengers.Redacting(env.Redact), github: &notify.GitHub{Hub: hub, Seal: alert.SealFrom(env.Getenv, home)},
		ledger: &history.Ledger{Hub: hub, Redact: env.Redact, Branch: book.Reports.Branch, Folder: book.Reports.Path, Word: book.Reports.Commit, Sleep: env.Sleep, ReadOnly: env.DryRun()},
		place:  report.Place{Server: env.Server(), Repository: home, Branch: book.Reports.Branch},
	}, nil
}

// readings are those of the months that a span touches, in the order of time.
func (w *world) readings(ctx context.Context, view *history.View, from, until time.Time) ([]metric.Reading, error) {
	var all []metric.Reading
	for at := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC); at.Before(until); at = at.AddDate(0, 1, 0) {
		src, err := view.Read(ctx, "data/readings/"+metric.Month(at)+".ndjson")
		if err != nil {
			return nil, err
		}
		some, damaged := metric.Decode(src)
		for _, d := range damaged {
			w.env.Warn("readings of %s, %s; the rest is taken", metric.Month(at), d)
		}
		for _, r := range some {
			if !r.At.Before(from) && r.At.Before(until) {
				all = append(all, r)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b metric.Reading) int { return a.At.Compare(b.At) })
	return all, nil
}

// read makes a week of the record: of each metric the reading over the week,
// beside that over the week before.
func (w *world) read(ctx context.Context, view *history.View, due span) (report.Week, error) {
	all, err := w.readings(ctx, view, due.from.AddDate(0, 0, -7), due.until)
	if err != nil {
		return report.Week{}, err
	}
	year, number := due.from.ISOWeek()
	week := report.Week{Release: w.book.Release, Year: year, Number: number, From: due.from, Until: due.until}
	week.Fired = w.fired(ctx, view, due)
	days := map[string]bool{}
	for _, r := range all {
		if !r.At.Before(due.from) {
			days[r.At.Format(time.DateOnly)] = true
		}
	}
	week.Days = len(days)
	for _, m := range w.book.Measured() {
		e, known := entry(m, all, m.Weekly(), due.from, w.book.Confidence)
		if !known { // by an earlier version, which did not measure it over the week
			e, known = entry(m, all, m.Own(), due.from, w.book.Confidence)
		}
		if known {
			week.Entries = append(week.Entries, e)
		}
	}
	return week, nil
}

// fired are the alerts of a span, as snapshot remembers them: none where that
// cannot be read.
func (w *world) fired(ctx context.Context, view *history.View, due span) []alert.Fired {
	src, err := view.Read(ctx, "data/alerts.json")
	if src == nil && err == nil {
		return nil
	}
	var memory alert.Memory
	if err == nil {
		memory, err = alert.Decode(src)
	}
	if err != nil {
		w.env.Warn("incidents are not listed, because data/alerts.json cannot be read: %v", err)
	}
	return memory.Fired(due.from, due.until)
}

// entry is a metric by its last reading over a window, beside the last of the
// week before; its days are those that its alerts go by.
func entry(m config.Metric, all []metric.Reading, window time.Duration, from time.Time, confidence verdict.Confidence) (report.Entry, bool) {
	e := report.Entry{Definition: m.Definition, Thresholds: m.Thresholds, History: over(all, m, m.Own(), from)}
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
	asMeasured := e.Reading
	if asMeasured.Value != nil || asMeasured.Values != nil {
		asMeasured.Reason = ""
	}
	e.Verdict = verdict.Judge(verdict.Of(asMeasured, nil, m.Count), m.Thresholds, confidence)
	if level := verdict.Level(e.Reading.Verdict); level != "" {
		e.Verdict.Level = level // as it was judged when it was measured, with its parts and its past
	}
	return e, true
}

// over are a metric's readings over a window since a time, in the order of time.
func over(all []metric.Reading, m config.Metric, window time.Duration, since time.Time) []metric.Reading {
	var some []metric.Reading
	for _, r := range all {
		if r.Metric == m.ID && r.Until.Sub(r.From) == window && !r.At.Before(since) {
			some = append(some, r)
		}
	}
	return some
}

// digestLabel finds the digests again where rules.yaml names no label.
var digestLabel = change.Label{Name: "weekly-digest", Color: "1d76db", Description: "The summary of a week"}

// publish opens the week's issue or brings it up to date.
func (w *world) publish(ctx context.Context, week report.Week) (notify.Published, error) {
	labels := []string(w.book.Digest.Labels)
	if len(labels) == 0 {
		labels = []string{digestLabel.Name}
	}
	done, err := w.github.Publish(ctx, change.Publish{
		Series: "digest", Subject: week.Name(), Title: week.Title(), Body: report.IssueBody(report.Digest(week), week.Page), Labels: labels, Pin: true, Ends: true,
		Declared: append(slices.Clone(w.book.Labels), digestLabel),
	})
	if done.Unmet != "" {
		w.env.Log.Info(done.Unmet)
	}
	if done.Open != nil {
		w.env.Warn("an older digest: %v", done.Open)
	}
	return done, err
}

// tell sends the digest to its channels, each once for a week. The record is on
// the week's issue; where there is none, or it takes none, among the reports.
func (w *world) tell(ctx context.Context, view *history.View, week report.Week, issue notify.Published) error {
	filed := &notify.FiledComments{Ledger: w.ledger, Seal: w.github.Seal, Subject: "digest/" + week.Name(), Clock: w.env.Clock}
	heard, err := w.heard(ctx, view, filed.Subject, issue)
	if err != nil {
		return err
	}
	news, left := alert.News(w.readers(issue), heard, w.env.Run(), w.env.Clock())
	if len(left) > 0 {
		w.env.Warn("another run is telling of %s", week.Name())
	}
	if len(news) == 0 {
		return nil
	}
	tell := change.Tell{Issue: issue.Number, Claiming: "The digest is on its way to the channels."}
	for _, d := range news {
		address := cmp.Or(issue.URL, week.Page)
		tell.Messages = append(tell.Messages, report.DigestMessage(d, week, w.book.Channels[d.Channel], address, w.place))
	}
	box := &notify.Outbox{GitHub: w.github, Messengers: w.messengers, Fallback: filed, Run: w.env.Run(), Clock: w.env.Clock}
	if issue.Number == 0 { // there is no issue to claim on
		onFile := *w.github
		onFile.Under = filed
		box.GitHub = &onFile
	}
	receipt, err := box.Tell(ctx, tell, heard, func() error { return nil })
	for _, m := range receipt.Sent {
		w.env.Log.Info("told " + m.Whom())
	}
	for _, refused := range receipt.Refused {
		w.env.Warn("%s", refused)
	}
	if receipt.Unrecorded != nil {
		where := "a later run may repeat it"
		if receipt.Filed {
			where = "the record of who got it is in " + w.ledger.Path(notify.MemoryFile)
		}
		w.env.Warn("the digest %s: %v; %s", week.Name(), receipt.Unrecorded, where)
	}
	return err
}

// readers are the channels that get the digest and can be reached.
func (w *world) readers(issue notify.Published) []alert.Due {
	var due []alert.Due
	for _, channel := range w.book.Digest.To {
		for _, by := range w.book.Channels[channel].Ways() {
			if !w.messengers.Reaches(channel, by) {
				w.env.Warn("channel %s does not get the digest: %s", channel, notify.Missing(channel, by))
				continue
			}
			due = append(due, alert.Due{Issue: issue.Number, Channel: channel, By: by})
		}
	}
	return due
}

// heard are the records of the week, on its issue and among the reports.
func (w *world) heard(ctx context.Context, view *history.View, subject string, issue notify.Published) ([]alert.Marker, error) {
	var heard []alert.Marker
	src, err := view.Read(ctx, notify.MemoryFile)
	if err == nil && src != nil {
		var memory alert.Memory
		if memory, err = alert.Decode(src); err == nil {
			heard = memory.Records(subject)
		}
	}
	if err != nil {
		w.env.Warn("who got the digest before cannot be read in %s: %v", w.ledger.Path(notify.MemoryFile), err)
	}
	if issue.Number == 0 {
		return heard, nil
	}
	past, err := collect.History(ctx, w.hub, issue.Number)
	return append(heard, w.github.Seal.Markers(past.Comments)...), err
}

// readMonth makes a month of the record and of its urgent issues.
func (w *world) readMonth(ctx context.Context, view *history.View, due span) (report.Month, error) {
	all, err := w.readings(ctx, view, due.from, due.until)
	if err != nil {
		return report.Month{}, err
	}
	month := report.Month{Release: w.book.Release, From: due.from, Until: due.until, Fired: w.fired(ctx, view, due)}
	days := map[string]bool{}
	for _, r := range all {
		days[r.At.Format(time.DateOnly)] = true
	}
	month.Days = len(days)
	for _, m := range w.book.Measured() {
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
	issues, events, err := collect.Past(ctx, w.watched, maxPast, w.env.Progress("issues"))
	if err != nil {
		return nil, err
	}
	routed := map[string]bool{}
	for _, r := range w.book.Routes {
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
			byPerson[e.Issue] = byPerson[e.Issue] || !e.IsBot && !w.book.People.IsBot(e.Actor, "") && !w.github.Seal.Ours(e.Actor)
		}
	}
	var all []report.Urgent
	for _, i := range issues {
		if len(labels[i.Number]) == 0 || len(all) == maxUrgent {
			continue
		}
		u := report.Urgent{Number: i.Number, Title: i.Title, URL: i.URL, Labels: labels[i.Number], ByPerson: byPerson[i.Number], False: i.Has("false-alarm")}
		past, err := collect.History(ctx, w.watched, i.Number)
		if err != nil {
			return nil, err
		}
		if past.Left != "" {
			w.env.Warn("%s", past.Left)
		}
		w.course(&u, i, past)
		all = append(all, u)
	}
	return all, nil
}

// course notes how often somebody was told of an issue, and how long it took the
// team to answer: the first comment by somebody else than its author, no bot.
func (w *world) course(u *report.Urgent, issue model.Issue, past model.History) {
	var told time.Time
	for _, m := range w.github.Seal.Markers(past.Comments) {
		for _, t := range m.Told {
			if t.State == alert.Sent && t.By == "slack" {
				u.Told++
			}
			if t.State == alert.Sent && t.By != alert.OnIssue && (told.IsZero() || m.At.Before(told)) {
				told = m.At
			}
		}
	}
	for _, c := range past.Comments {
		if told.IsZero() || c.IsBot || w.book.People.IsBot(c.Author, "") || strings.EqualFold(c.Author, issue.Author) || w.github.Seal.Ours(c.Author) || c.CreatedAt.Before(told) {
			continue
		}
		u.Answered = max(c.CreatedAt.Sub(told), time.Second)
		return
	}
}

func (s span) String() string {
	return fmt.Sprintf("%s to %s", s.from.Format(time.DateOnly), s.until.Format(time.DateOnly))
}
