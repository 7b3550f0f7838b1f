package snapshot

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/collect/registry"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/duplicates"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// readAnew are the tables that each run fills from the beginning.
var readAnew = []string{
	"session_start_events", "command_generation_events", "safety_validation_events", "backend_error_events", "telemetry_consent_events",
	"telemetry_findings", "survey_responses",
}

// remember reads the readings of the last months, and takes from them what is
// nowhere else: how many stars and forks there were.
func (w *world) remember(ctx context.Context, view *history.View) error {
	var err error
	if w.readings, err = view.Readings(ctx, w.oldest(), w.Env.Now.Add(time.Second), w.note); err != nil {
		return err
	}
	if err := w.fill(ctx, view); err != nil {
		return err
	}
	w.missed()
	if err := w.figures(ctx); err != nil { // such as a disk that is full
		w.note("the earlier numbers of stars, forks and watchers are not known: %v", err)
	}
	if err := w.totals(ctx); err != nil {
		w.note("the earlier totals of downloads are not known: %v", err)
	}
	return w.recall(ctx, view)
}

// missed says so where no snapshot was filed for longer than a day: schedules are
// late, skip, and stop where a repository is not active for sixty days.
func (w *world) missed() {
	var last time.Time
	for _, r := range w.readings {
		if r.At.After(last) && r.At.Before(w.Env.Now) {
			last = r.At
		}
	}
	if !last.IsZero() && w.Env.Now.Sub(last) > late && w.asked.since.IsZero() && !app.LooksBack(w.Env) {
		w.note("the last snapshot is of %s: runs were missed; the input since fills in the days between", last.Format("2006-01-02 15:04 UTC"))
	}
}

// oldest is the time from which on a run needs readings: those of 35 days, or
// all from the day on that a back-fill begins with.
func (w *world) oldest() time.Time {
	from := w.Env.Now.AddDate(0, 0, -maxHistory)
	if !w.asked.since.IsZero() && w.asked.since.Before(from) {
		return w.asked.since
	}
	return from
}

// figures puts the figures of stars and forks that stand in the readings into
// the facts, where those were not kept.
func (w *world) figures(ctx context.Context) error {
	have, err := w.store.Query(ctx, "SELECT count(*) AS value FROM repository", model.Window{From: w.Env.Now, Until: w.Env.Now})
	if err != nil || len(have.Rows) == 0 || have.Rows[0][0] != 0.0 {
		return err
	}
	at := map[time.Time]*model.RepositoryRow{}
	for _, r := range w.readings {
		if r.Sample == nil {
			continue
		}
		switch r.Metric {
		case "stars_per_week", "forks_per_week", "watchers_per_week":
		default:
			continue
		}
		row := at[r.At]
		if row == nil {
			row = &model.RepositoryRow{At: r.At}
			at[r.At] = row
		}
		switch r.Metric {
		case "stars_per_week":
			row.Stars = int(*r.Sample)
		case "forks_per_week":
			row.Forks = int(*r.Sample)
		case "watchers_per_week":
			row.Watchers = int(*r.Sample)
		}
	}
	var rows []model.Row
	for _, row := range at {
		rows = append(rows, *row)
	}
	return w.store.Put(ctx, rows)
}

// totals puts the running totals of downloads that stand in the readings into the
// facts, where those were not kept.
func (w *world) totals(ctx context.Context) error {
	have, err := w.store.Query(ctx, "SELECT count(*) AS value FROM download_counts", model.Window{From: w.Env.Now, Until: w.Env.Now})
	if err != nil || len(have.Rows) == 0 || have.Rows[0][0] != 0.0 {
		return err
	}
	var rows []model.Row
	for _, r := range w.readings {
		if r.Metric != "downloads_by_registry" {
			continue
		}
		for _, e := range r.Values {
			if at, name, found := strings.Cut(e.Key, " "); found && e.Value != nil {
				rows = append(rows, model.DownloadCountRow{Registry: at, Package: name, Until: r.At, Downloads: int64(*e.Value)})
			}
		}
	}
	return w.store.Put(ctx, rows)
}

// sources are those of the plan: what is off, and which metrics have no data,
// follow from them. The sources of a group are read one after the other, for the
// second reads what the first kept; the groups are read at once.
func (w *world) sources() [][]collect.Source {
	s := w.Config.Sources
	return [][]collect.Source{
		{githubSource{w}},
		{mailboxSource{w}, telemetrySource{w}},
		{collect.Registries{Packages: s.Packages(), Options: registry.Options{Web: w.web, Getenv: w.Env.Getenv, Token: w.Env.Input("github-token"), Now: w.Env.Clock(), Brief: w.asked.priority != ""}}},
		{surveySource{w}},
		{mentionSource{w}},
	}
}

// collect reads all sources. What does not answer is a gap.
func (w *world) collect(ctx context.Context) {
	if err := w.store.Clear(ctx, readAnew...); err != nil {
		w.gap(model.Gap{Source: "store", Reason: err.Error()})
	}
	var all sync.WaitGroup
	for _, group := range w.sources() {
		all.Go(func() {
			for _, source := range group {
				w.collectOne(ctx, source)
			}
		})
	}
	all.Wait()
	w.relieve(ctx)
	if err := w.alike(ctx); err != nil {
		w.Env.Log.Info("near-duplicates are not looked for: " + err.Error())
	}
	if err := w.tagBugs(ctx); err != nil {
		w.Env.Log.Info("the themes of bug reports are not found: " + err.Error())
	}
	if err := w.surveyRequests(ctx); err != nil {
		w.Env.Log.Info("the requests of surveys are not joined to issues: " + err.Error())
	}
	// The page is the same whichever source was the first to answer.
	w.gaps = model.SortGaps(w.gaps)
	slices.Sort(w.notes)
}

// relieve gives back memory after the first sync of a large repository.
func (w *world) relieve(ctx context.Context) {
	if err := w.store.Relieve(ctx); err != nil {
		w.gap(model.Gap{Source: "store", Reason: err.Error()})
	}
}

func (w *world) collectOne(ctx context.Context, s collect.Source) {
	if why := w.Config.Sources.Off(s.Name(), w.Env.Getenv); why != "" {
		w.lacks(model.Gap{Source: s.Name(), Reason: why, Off: true})
		return
	}
	for _, g := range s.Collect(ctx, writer{w.store, w}) {
		if g.Off {
			w.lacks(g)
		} else {
			w.gap(g)
		}
	}
}

// writer keeps what sources read, and tells the page of what they could not.
type writer struct {
	*store.Store
	world *world
}

// Note adds a note to the page.
func (k writer) Note(format string, args ...any) { k.world.note(format, args...) }

// Refused adds notes of entries that could not be read.
func (k writer) Refused(what string, why []string) { k.world.refused(what, len(why), why) }

// asksFor reports whether a metric of the plan has a source.
func (w *world) asksFor(source string) bool {
	return slices.ContainsFunc(w.Config.Measured(), func(m config.Metric) bool {
		return slices.ContainsFunc(m.Parts, func(p metric.Part) bool { return p.Source == source })
	})
}

// countsVotes is the part of a query that asks for reactions.
var countsVotes = regexp.MustCompile(`(?i)\b(?:upvotes|reactions)\b`)

// voted are the labels of feature requests, whose votes are to be read; nil in a
// sweep, and where no metric of the plan counts votes.
func (w *world) voted(ctx context.Context) []string {
	if w.asked.priority == "P0" || !slices.ContainsFunc(w.Config.Measured(), func(m config.Metric) bool {
		return countsVotes.MatchString(m.SQL) || slices.ContainsFunc(m.Parts, func(p metric.Part) bool { return countsVotes.MatchString(p.SQL) })
	}) {
		return nil
	}
	labels, err := w.store.LabelsOf(ctx, "enhancement")
	if err != nil {
		w.note("the votes of feature requests are not read anew: %v", err)
	}
	return labels
}

// githubSource is the watched repository.
type githubSource struct{ *world }

// Name is github.
func (githubSource) Name() string { return "github" }

// Collect reads what changed in the repository since the last run.
func (w githubSource) Collect(ctx context.Context, _ collect.Writer) []model.Gap {
	s := &collect.Sync{
		Hub: w.Watched, Alerts: w.Alerts, Now: w.Env.Now, Mask: redact.Text, People: w.Config.People, Progress: w.Env.Progress("issues and pull requests"), Mood: feeling, Request: request, Versions: versionsOf, Urgent: w.isUrgent, Votes: w.voted(ctx),
		CI: w.asksFor("ci"), Branch: w.Config.Release.Branch,
		State: w.store.State,
		Keep:  func(p collect.Page) error { return keepPage(ctx, w.store, p) },
	}
	done, gaps := s.Run(ctx)
	w.quiet(done.Pushed)
	for i, lack := range done.Unread {
		if i == maxUnread {
			w.note("GitHub: %d more entries could not be read", len(done.Unread)-i)
			break
		}
		w.note("GitHub, %s; it is left out, and asked for again in the next run", lack)
	}
	if done.Left != "" {
		w.note("GitHub is not read whole: %s; the next run goes on", done.Left)
		w.lacks(model.Gap{Source: "github", Reason: "the repository is not read whole yet: " + done.Left})
	}
	return gaps
}

const (
	// schedulesStop is how long GitHub goes on starting the schedules of a public
	// repository in which nothing happens.
	schedulesStop = 60 * 24 * time.Hour
	// warnBefore is how long before that the page says so.
	warnBefore = 15 * 24 * time.Hour
)

// quiet warns before GitHub stops the schedules, and after it most likely did. A
// run that commits its reports keeps them going, so this concerns those that do
// not: dry runs, protected branches, runs by hand.
func (w *world) quiet(pushed time.Time) {
	silence := w.Env.Now.Sub(pushed)
	if pushed.IsZero() || w.Env.Repository() != w.Env.Home() || app.LooksBack(w.Env) || silence < schedulesStop-warnBefore {
		return
	}
	if silence >= schedulesStop {
		w.warn("nothing was pushed for %d days, so GitHub has probably stopped the schedules: push something, and enable the workflows in the tab Actions", int(silence.Hours()/24))
		return
	}
	w.warn("nothing was pushed for %d days: GitHub stops the schedules on %s unless something is: merge or push anything", int(silence.Hours()/24), humanize.Day(pushed.Add(schedulesStop)))
}

// maxUnread is how many entries that could not be read are named on the page.
const maxUnread = 5

// oldDuplicates is how far back issues are compared with one another.
const oldDuplicates = 180 * 24 * time.Hour

// alike notes which issues say the same: the oldest open one of them speaks for
// the others in the lists of pain points and feature requests. Those that were
// closed while it was open count too, for that is what people do with duplicates.
func (w *world) alike(ctx context.Context) error {
	answer, err := w.store.Query(ctx, "SELECT number, title, created_at, closed_at FROM issues WHERE NOT is_pull_request AND (closed_at IS NULL OR created_at >= $1) ORDER BY number",
		model.Window{From: w.Env.Now.Add(-oldDuplicates), Until: w.Env.Now})
	if err != nil {
		return err
	}
	var docs []duplicates.Doc
	issues := map[int]model.Issue{}
	for _, row := range answer.Rows {
		number, _ := row[0].(float64)
		title, _ := row[1].(string)
		created, _ := row[2].(time.Time)
		closed, _ := row[3].(time.Time)
		docs = append(docs, duplicates.Doc{Number: int(number), Title: title})
		issues[int(number)] = model.Issue{Number: int(number), CreatedAt: created, ClosedAt: closed}
	}
	sameAs, closedAs := spokenFor(duplicates.Groups(docs), issues)
	return w.store.Change(ctx, func(c *store.Change) error { return c.Alike(sameAs, closedAs) })
}

// spokenFor says of each group whom its oldest open issue speaks for.
func spokenFor(groups [][]int, issues map[int]model.Issue) (sameAs, closedAs map[int]int) {
	sameAs, closedAs = map[int]int{}, map[int]int{}
	for _, group := range groups {
		i := slices.IndexFunc(group, func(n int) bool { return issues[n].ClosedAt.IsZero() })
		if i < 0 {
			continue
		}
		speaker := group[i]
		for _, n := range group {
			switch other := issues[n]; {
			case n == speaker:
			case other.ClosedAt.IsZero():
				sameAs[n] = speaker
			case other.ClosedAt.After(issues[speaker].CreatedAt):
				closedAs[n] = speaker
			}
		}
	}
	return sameAs, closedAs
}

func keepPage(ctx context.Context, facts *store.Store, p collect.Page) error {
	return facts.Change(ctx, func(c *store.Change) error {
		for _, forget := range []struct {
			table   string
			numbers []int
		}{{"issue_labels", p.Anew}, {"issue_comments", p.Anew}, {"discussion_posts", p.Threads}} {
			if err := c.Forget(forget.table, forget.numbers); err != nil {
				return err
			}
		}
		if err := c.Put(p.Rows); err != nil {
			return err
		}
		if err := c.Vote(p.Votes); err != nil {
			return err
		}
		for key, value := range p.State {
			c.SetState(key, value)
		}
		return nil
	})
}

// maxTold is how many records that were refused are named on the page.
const maxTold = 10

// refused tells of records that could not be read.
func (w *world) refused(what string, n int, why []string) {
	if n == 0 {
		return
	}
	for i, one := range why {
		if i == maxTold {
			break
		}
		w.note("%s", one)
	}
	if n > maxTold {
		w.note("%d %s in all could not be read; the rest was taken", n, what)
	}
}
