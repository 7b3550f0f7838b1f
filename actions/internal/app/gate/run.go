// Package gate is what the program gate does, for its main and for the demo.
// It says whether the next release may go: it holds the criteria of the plan
// against the record of readings and the boxes that people ticked, files the
// decision with its evidence, and sets a commit's status.
package gate

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// Run is one run of the program.
func Run(ctx context.Context, env *runner.Env) error {
	book, err := config.Read(env.Files, env.Input("rules"))
	if err != nil {
		return err
	}
	if fail := env.Input("fail-on"); !slices.Contains([]string{"", "never", "no-go", "unknown"}, fail) {
		return runner.Usage("input fail-on is %q: expected never, no-go or unknown", fail)
	}
	if why := early(env, book); why != "" {
		env.Log.Info(why)
		return env.Summary("## The gate\n\n" + report.Cell(why) + ".\n")
	}
	w, err := connect(env, book)
	if err != nil {
		return err
	}
	view, err := w.History.Open(ctx)
	if err != nil {
		return err
	}
	w.family(ctx)
	answers, err := w.answers(ctx, view)
	if err != nil {
		return err
	}
	ticks, issue, err := w.ticks(ctx)
	if err != nil {
		return err
	}
	decision := gate.Decide(book.Gate, answers, ticks, env.Now)
	page := report.Gate(report.GatePage{Release: w.Config.Release, Now: env.Now, Decision: decision, Titles: book.Titles(), Issue: issue, Others: others(book),
		Measured: answers.Measured, History: w.Place.Changes(w.History.Path(pagePath))})
	return errors.Join(w.file(ctx, view, page, decision), w.status(ctx, decision), w.finish(decision, page))
}

// others returns the titles of the metrics of the first priority that raise critical
// alerts and are no criteria of the gate, in the order of the plan.
func others(book *config.Book) []string {
	var titles []string
	asked := book.Gate.Questions()
	for _, m := range book.Measured() {
		isAsked := slices.ContainsFunc(asked, func(q gate.Question) bool { return q.Metric == m.ID })
		if m.Priority == "P0" && !m.Critical.IsZero() && !isAsked {
			titles = append(titles, m.Title)
		}
	}
	return titles
}

// early says why a scheduled run has nothing to decide yet.
func early(env *runner.Env, book *config.Book) string {
	ga := book.Release.GA.Time
	if env.Event.Name != "schedule" || ga.IsZero() {
		return ""
	}
	monday := ga.AddDate(0, 0, -(int(ga.Weekday())+6)%7)
	if env.Now.Before(monday) {
		return fmt.Sprintf("the gate is asked by itself from the week of general availability on, which begins on %s", monday.Format(time.DateOnly))
	}
	return ""
}

// patience is how long one request waits for a rate limit.
const patience = 5 * time.Minute

type world struct {
	*app.App
	published []model.Published // releases and tags of the repository, by now
}

func connect(env *runner.Env, book *config.Book) (*world, error) {
	connected, err := app.Connect(env, book, patience)
	if err != nil {
		return nil, err
	}
	connected.History.ReadOnly = still(env)
	return &world{App: connected}, nil
}

const pagePath = "gate.md"

// still reports whether a run changes nothing: a dry one, and one that looks back.
func still(env *runner.Env) bool { return env.DryRun() || app.LooksBack(env) }

// file commits the gate's page, and the decision on the pages of today.
func (w *world) file(ctx context.Context, view *history.View, page string, decision gate.Decision) error {
	if still(w.Env) {
		return w.Env.Write("dry-run/"+w.History.Path(pagePath), []byte(page))
	}
	_, err := w.History.File(ctx, view, "aftercare: release gate", func(v *history.View) (map[string][]byte, error) {
		files := map[string][]byte{pagePath: []byte(page)}
		for _, name := range []string{"README.md", "index.html"} {
			today, err := v.Read(ctx, name)
			if err != nil {
				return nil, err
			}
			if len(today) > 0 {
				files[name] = report.WithDecision(today, decision, w.Config.Titles(), w.Env.Now)
			}
		}
		filed, err := v.Read(ctx, report.FeedPath)
		release := w.Config.Release
		home := strings.TrimSuffix(w.Place.Runbook(w.History.Path(pagePath)), pagePath)
		files[report.FeedPath] = report.Feed(filed, report.FeedName(release.Project, release.Version), home, []report.FeedEntry{report.GateEntry(release.Project, release.Version, decision, w.Config.Titles(), w.Env.Now)})
		return files, err
	})
	return err
}

// statusName is the context of the commit's status.
const statusName = "aftercare/gate"

var states = map[gate.Result]string{gate.Go: "success", gate.NoGo: "failure", gate.Undecided: "pending"}

// maxDescription is how long a status may describe itself, in characters.
const maxDescription = 140

func (w *world) status(ctx context.Context, d gate.Decision) error {
	sha, err := w.released(ctx)
	if err != nil || still(w.Env) {
		return err
	}
	description := report.GateWord(d) + ": " + report.GateLine(d, w.Config.Titles())
	if runes := []rune(description); len(runes) > maxDescription {
		description = string(runes[:maxDescription-1]) + "…"
	}
	return w.Issues.Status(ctx, sha, statusName, states[d.Is], description, w.Place.Runbook(w.History.Path(pagePath)))
}

// family finds the newest version of the release, which is the one that is decided
// on. Where GitHub does not tell, it is the watched one, with a warning.
func (w *world) family(ctx context.Context) {
	release := w.Config.Release
	if release.Follow == "" && !w.Config.Gate.Compares() {
		return
	}
	var known collect.Versions
	if err := known.Read(ctx, w.Watched, release); err != nil {
		w.Env.Warn("the versions that follow %s are not known whole: %v", release.Version, err)
	}
	w.published = slices.DeleteFunc(known.Published(), func(p model.Published) bool { return p.At.After(w.Env.Now.Add(time.Minute)) }) // of a run about the past
	w.Config.Release = release.WithFamily(w.published)
}

// released is the commit of the newest tag of the release, or the head of the default branch
// where it has no tag yet.
func (w *world) released(ctx context.Context) (string, error) {
	tag := w.Config.Release.Newest().Version
	if tag != "" {
		commit, _, err := w.Watched.Repositories.GetCommit(ctx, w.Watched.Owner, w.Watched.Name, url.PathEscape(tag), nil)
		if err == nil {
			return commit.GetSHA(), nil
		}
		if s := github.Status(err); s != 404 && s != 422 {
			return "", github.Wrap(err, "contents: read", "read the tag %s", tag)
		}
		w.Env.Warn("there is no tag %s: the status is set on the head of the default branch", tag)
	}
	repository, _, err := w.Watched.Repositories.Get(ctx, w.Watched.Owner, w.Watched.Name)
	if err != nil {
		return "", github.Wrap(err, "metadata: read", "find the default branch")
	}
	head, err := w.Watched.Head(ctx, repository.GetDefaultBranch())
	return head.Commit, err
}

// finish sets the outputs, and fails where the decision is what fail-on names.
func (w *world) finish(d gate.Decision, page string) error {
	w.Env.Output("decision", string(d.Is))
	w.Env.Output("report", w.History.Path(pagePath))
	err := w.Env.Summary(page)
	w.Env.Log.Info(fmt.Sprintf("release gate: %s: %s", report.GateWord(d), report.GateLine(d, w.Config.Titles())))
	fail := w.Env.Input("fail-on")
	if d.Is == gate.NoGo && (fail == "no-go" || fail == "unknown") || d.Is == gate.Undecided && fail == "unknown" {
		return errors.Join(err, fmt.Errorf("release gate: %s: %s", report.GateWord(d), report.GateLine(d, w.Config.Titles())))
	}
	return err
}
