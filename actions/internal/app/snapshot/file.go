package snapshot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/report"
)

// filing is where the reports are now.
type filing struct {
	Page   string // the day's, in the repository
	Commit string // empty where nothing was committed
	Folder string // of a dry run
}

// folder is where a dry run puts what it would commit.
const folder = "dry-run"

// file puts pages, readings and the memory of alerts into one commit. A sweep
// of what is most urgent files the memory alone, and only where it is news.
func (w *world) file(ctx context.Context, t telling, m measured) (filing, error) {
	f := filing{Page: w.History.Path(report.DayPath(w.Env.Now))}
	before := t.view.Commit()
	compute := func(v *history.View) (map[string][]byte, error) {
		if app.LooksBack(w.Env) {
			files := map[string][]byte{}
			memory, err := v.Alerts(ctx, w.note)
			if err != nil {
				return nil, err
			}
			return files, w.pages(ctx, v, m, t, memory, files)
		}
		memory, _, _, err := w.due(ctx, v, m)
		if err != nil {
			return nil, err
		}
		for _, settle := range t.settle {
			memory = settle(memory)
		}
		files := map[string][]byte{}
		history.PutAlerts(files, memory)
		switch w.asked.priority {
		case "":
			return files, w.pages(ctx, v, m, t, memory, files)
		case "P0":
			return files, nil
		}
		// A part of the metrics makes no page: it would say that the rest is well.
		return files, v.PutReadings(ctx, files, m.readings)
	}
	if w.Env.DryRun() {
		files, err := compute(t.view)
		for _, name := range sortedNames(files) {
			if err == nil {
				err = w.Env.Write(folder+"/"+w.History.Path(name), files[name])
			}
		}
		f.Folder = folder
		return f, err
	}
	// What was sent is recorded even where the run has been told to stop.
	view, err := w.History.File(context.WithoutCancel(ctx), t.view, w.subject(), compute)
	if view.Commit() != before {
		f.Commit = view.Commit()
	}
	return f, w.explained(err, m, t)
}

func sortedNames(files map[string][]byte) []string {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (w *world) subject() string {
	if w.asked.priority == "P0" {
		return "aftercare: record notifications"
	}
	return "aftercare: " + w.Env.Now.UTC().Format(time.DateOnly)
}

// explained keeps the files of a run whose commit a protected branch refused,
// in the dry run's folder, for the workflow to keep as an artifact.
func (w *world) explained(err error, m measured, t telling) error {
	var protected *github.ProtectedError
	if !errors.As(err, &protected) {
		return err
	}
	files := map[string][]byte{}
	if errPages := w.pages(context.Background(), t.view, m, t, alert.Memory{}, files); errPages == nil {
		for name, content := range files {
			_ = w.Env.Write(folder+"/"+w.History.Path(name), content) // the error that is told is the branch's
		}
	}
	return err
}

// pages adds the pages and the readings to the files of a commit.
func (w *world) pages(ctx context.Context, v *history.View, m measured, t telling, memory alert.Memory, files map[string][]byte) error {
	d := w.dayOf(m, t)
	d.Fired = memory.Fired(w.Env.Now.AddDate(0, 0, -report.IncidentDays), w.Env.Now.Add(time.Second))
	d.Past = memory.Fired(w.Env.Now.AddDate(0, 0, -report.PastDays), w.Env.Now.Add(time.Second))
	for i, e := range d.Entries {
		if episode, fires := memory.Firing(e.Definition.ID); fires && !app.LooksBack(w.Env) {
			d.Entries[i].Since = episode.Began
		}
	}
	if same, err := w.sameToday(ctx, v, m, d); err != nil || same {
		return err
	}
	if err := v.PutReadings(ctx, files, m.readings); err != nil {
		return err
	}
	steps := report.NextSteps(d) // before the decision of the gate is known
	if err := w.linked(ctx, v, &d, files); err != nil {
		return err
	}
	d.Charts = map[string]bool{}
	for _, e := range d.Entries {
		if chart := report.Chart(e, report.MarksOf(d, e.Definition.ID)); chart != nil && !d.Charts[e.Definition.ID] {
			d.Charts[e.Definition.ID] = true
			files[report.ChartPath(e.Definition.ID)] = chart
		}
	}
	if !app.LooksBack(w.Env) {
		w.store.SetState(nextSteps, steps)
		files["README.md"] = []byte(report.Today(d))
		files["index.html"] = []byte(report.Index(d))
		files[report.StylePath] = []byte(report.Style())
		for _, e := range d.Entries {
			files[report.MetricPath(e.Definition.ID)] = []byte(report.MetricPage(d, e.Definition.ID))
		}
		files[report.BadgePath] = report.Badge(d)
		feed, err := w.feed(ctx, v, d)
		if err != nil {
			return err
		}
		if feed != nil {
			files[report.FeedPath] = feed
		}
	}
	d.Weeks = w.weeksOf(m.plan, m.readings, w.Env.Now)
	files[report.DayPath(w.Env.Now)] = []byte(report.DayPage(d))
	w.filledPages(m, d, memory, files)
	return nil
}

// feed is the feed with the alerts of the last days in it.
func (w *world) feed(ctx context.Context, v *history.View, d report.Day) ([]byte, error) {
	filed, err := v.Read(ctx, report.FeedPath)
	if err != nil {
		return nil, err
	}
	home := strings.TrimSuffix(d.Page, "README.md")
	return report.Feed(filed, report.FeedName(d.Release.Project, d.Release.Version), home, report.IncidentEntries(d)), nil
}

// linked finds which of the pages are there that today's links to. The page of the gate
// is filed anew once the version is out that it was about.
func (w *world) linked(ctx context.Context, v *history.View, d *report.Day, files map[string][]byte) error {
	for _, page := range []struct {
		there *bool
		path  string
	}{{&d.Weekly, report.WeekPath(w.Env.Now.AddDate(0, 0, -7))}, {&d.Gated, "gate.md"}, {&d.Judged, "retrospective.md"}} {
		if !*page.there {
			continue
		}
		filed, err := v.Read(ctx, page.path)
		if err != nil {
			return err
		}
		*page.there = filed != nil
		if page.there == &d.Gated && !app.LooksBack(w.Env) { // the decision may be later than the day
			d.Gate, d.Lacks = report.GateHeading(filed), report.GateLacks(filed)
			if page := report.GateAfter(filed, d.Release, d.Now); page != nil {
				files["gate.md"] = page
			}
		}
	}
	return nil
}

// sameToday reports whether the day's readings stand already as they are, but for
// their times, nobody has responded to an alert since, and the page of today says what
// does not follow from them as it would now: then there is nothing to file.
func (w *world) sameToday(ctx context.Context, v *history.View, m measured, d report.Day) (bool, error) {
	if len(m.earlier) > 0 || w.responded {
		return false, nil
	}
	kept, err := v.Readings(ctx, w.Env.Now, w.Env.Now.Add(time.Second), func(string, ...any) {}) // the warnings were given before
	if err != nil {
		return false, err
	}
	if !metric.Same(kept, m.readings) {
		return false, nil
	}
	besides, steps := report.Besides(d), report.NextSteps(d)
	switch filed := w.store.State(nextSteps); {
	case app.LooksBack(w.Env):
	case filed == "": // the facts were lost
		besides = append(besides, strings.TrimSpace(steps))
	case filed != steps:
		return false, nil
	}
	if len(besides) == 0 {
		return true, nil
	}
	page, err := v.Read(ctx, "README.md")
	return !slices.ContainsFunc(besides, func(words string) bool { return !strings.Contains(string(page), words) }), err
}

// nextSteps is the state that holds the next steps of the page that was filed last, but for
// the decision of the gate, which changes the page by itself.
const nextSteps = "next steps"

// nameIssues gives the entries that count issues their titles and addresses.
func (w *world) nameIssues(entries []report.Entry) {
	for i, e := range entries {
		var numbers []string
		for _, n := range e.Reading.Issues {
			numbers = append(numbers, fmt.Sprint(n))
		}
		if len(numbers) == 0 {
			continue
		}
		answer, err := w.store.Query(context.Background(), "SELECT number, title FROM issues WHERE number IN ("+strings.Join(numbers, ", ")+") ORDER BY number", model.Window{From: w.Env.Now, Until: w.Env.Now})
		if err != nil {
			w.Env.Log.Info("the titles of issues cannot be read: " + err.Error())
			return
		}
		for _, row := range answer.Rows {
			number, _ := row[0].(float64)
			title, _ := row[1].(string)
			entries[i].Named = append(entries[i].Named, report.Recent{Number: int(number), Title: title, URL: w.issueURL(int(number))})
		}
	}
}

func (w *world) issueURL(number int) string {
	return fmt.Sprintf("%s/%s/issues/%d", w.Place.Server, w.Env.Repository(), number)
}

// dayOf are the facts and figures of the day's pages.
func (w *world) dayOf(m measured, t telling) report.Day {
	d := report.Day{Silences: w.Config.Silence.Active(w.Env.Now), Waiting: slices.Concat(w.waiting, w.issuesWait), Inhibited: w.inhibited, Inhibits: w.Config.Inhibits, AllSilences: w.Config.Silence, Release: w.Config.Release, Routes: w.Config.Routes, Now: w.Env.Now, Entries: slices.Clone(m.entries), Notes: w.notes, Warnings: w.warnings, Opened: w.openedBy(w.Env.Now), Unanswered: w.unanswered(w.Env.Now), Filled: w.filledWords(), Page: w.Place.Runbook(w.History.Path("README.md")),
		Weekly: len(w.Config.Digest.Labels)+len(w.Config.Digest.To) > 0, Judged: true, Gated: len(w.Config.Gate.Must)+len(w.Config.Gate.Should)+len(w.Config.Gate.Nice) > 0}
	w.nameIssues(d.Entries)
	for _, g := range w.gaps {
		if !g.Off {
			d.Gaps = append(d.Gaps, g)
		}
	}
	for _, n := range t.singly() {
		told := fmt.Sprintf("%s by %s: %s", n.Channel, n.By, report.News(n))
		d.Told = append(d.Told, told)
		if n.Kind == alert.Blind {
			d.Besides = append(d.Besides, told)
		}
	}
	d.Told = append(d.Told, w.swept...)
	d.Besides = append(d.Besides, w.swept...)
	return d
}

// singly is what was sent, alert by alert; a message about metrics without data is
// one.
func (t telling) singly() []alert.MetricNews {
	var all []alert.MetricNews
	for _, n := range t.sent {
		if n.Kind == alert.Blind {
			all = append(all, n)
			continue
		}
		all = append(all, n.Each()...)
	}
	return all
}

// openedBy are the issues of the day before a time, the newest first.
func (w *world) openedBy(now time.Time) []report.Recent {
	answer, err := w.store.Query(context.Background(), `
SELECT number, title, array_to_string(labels, chr(10)) AS labels, first_response_at IS NOT NULL AS answered, coalesce(closed_at <= $2, false) AS closed
FROM issues WHERE NOT is_pull_request AND NOT is_bot AND created_at >= $1 AND created_at < $2 ORDER BY number DESC LIMIT 100`, model.Last(24*time.Hour, now))
	if err != nil {
		w.Env.Log.Info("the issues of the day cannot be listed: " + err.Error())
		return nil
	}
	var all []report.Recent
	for _, row := range answer.Rows {
		number, _ := row[0].(float64)
		title, _ := row[1].(string)
		labels, _ := row[2].(string)
		answered, _ := row[3].(bool)
		closed, _ := row[4].(bool)
		all = append(all, report.Recent{
			Number: int(number), Title: title, Labels: lines(labels), Answered: answered, Closed: closed,
			URL: w.issueURL(int(number)),
		})
	}
	return all
}
