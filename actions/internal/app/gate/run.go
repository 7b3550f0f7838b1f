// Package program is what the program gate does, for its main and for the demo.
// It says whether the next release may go: it holds the criteria of the plan
// against the record of readings and the boxes that people ticked, files the
// decision with its evidence, and sets a commit's status.
package gate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/notify"
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
		return runner.Usage("input fail-on is %q: never, no-go or unknown is wanted", fail)
	}
	if why := early(env, book); why != "" {
		env.Log.Info(why)
		return env.Summary("## The gate\n\n" + report.Cell(why) + ".\n")
	}
	w, err := connect(env, book)
	if err != nil {
		return err
	}
	view, err := w.ledger.Open(ctx)
	if err != nil {
		return err
	}
	answers, err := w.answers(ctx, view)
	if err != nil {
		return err
	}
	ticks, issue, err := w.ticks(ctx)
	if err != nil {
		return err
	}
	decision := gate.Decide(book.Gate, answers, ticks, env.Now)
	page := report.Gate(report.GatePage{Release: book.Release, Now: env.Now, Decision: decision, Titles: book.Titles(), Issue: issue})
	return errors.Join(w.file(ctx, view, page, decision), w.status(ctx, decision), w.finish(decision, page))
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

type world struct {
	env     *runner.Env
	book    *config.Book
	hub     *github.Client // this repository: the record, the page and the boxes
	watched *notify.GitHub // the watched one: the status of its release
	github  *notify.GitHub
	ledger  *history.Ledger
	place   report.Place
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
	return &world{
		env: env, book: book, hub: hub, watched: &notify.GitHub{Hub: watched}, github: &notify.GitHub{Hub: hub, Seal: alert.SealFrom(env.Getenv, home)},
		ledger: &history.Ledger{Hub: hub, Redact: env.Redact, Branch: book.Reports.Branch, Folder: book.Reports.Path, Word: book.Reports.Commit, Sleep: env.Sleep, ReadOnly: still(env)},
		place:  report.Place{Server: env.Server(), Repository: home, Branch: book.Reports.Branch},
	}, nil
}

const pagePath = "gate.md"

// still tells a run that touches nothing: a dry one, and one about a time that is
// past, which as-of names.
func still(env *runner.Env) bool {
	return env.DryRun() || env.Input("as-of") != "" && env.Clock().Sub(env.Now) > 10*time.Minute
}

// file commits the gate's page, and the decision on the pages of today.
func (w *world) file(ctx context.Context, view *history.View, page string, decision gate.Decision) error {
	if still(w.env) {
		return w.env.Write("dry-run/"+w.ledger.Path(pagePath), []byte(page))
	}
	_, err := w.ledger.File(ctx, view, "aftercare: release gate", func(v *history.View) (map[string][]byte, error) {
		files := map[string][]byte{pagePath: []byte(page)}
		for _, name := range []string{"README.md", "index.html"} {
			today, err := v.Read(ctx, name)
			if err != nil {
				return nil, err
			}
			if len(today) > 0 {
				files[name] = report.WithDecision(today, decision)
			}
		}
		return files, nil
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
	if err != nil || still(w.env) {
		return err
	}
	description := report.GateWord(d) + ": " + report.GateLine(d, w.book.Titles())
	if runes := []rune(description); len(runes) > maxDescription {
		description = string(runes[:maxDescription-1]) + "…"
	}
	return w.watched.Status(ctx, sha, statusName, states[d.Is], description, w.place.Runbook(w.ledger.Path(pagePath)))
}

// released is the commit of the release's tag, or the head of the default branch
// where it has no tag yet.
func (w *world) released(ctx context.Context) (string, error) {
	tag := w.book.Release.Version
	if tag != "" {
		commit, _, err := w.watched.Hub.Repositories.GetCommit(ctx, w.watched.Hub.Owner, w.watched.Hub.Name, tag, nil)
		if err == nil {
			return commit.GetSHA(), nil
		}
		if s := github.Status(err); s != 404 && s != 422 {
			return "", github.Wrap(err, "contents: read", "read the tag %s", tag)
		}
		w.env.Warn("there is no tag %s: the status is set on the head of the default branch", tag)
	}
	repository, _, err := w.watched.Hub.Repositories.Get(ctx, w.watched.Hub.Owner, w.watched.Hub.Name)
	if err != nil {
		return "", github.Wrap(err, "metadata: read", "find the default branch")
	}
	head, err := w.watched.Hub.Head(ctx, repository.GetDefaultBranch())
	return head.Commit, err
}

// finish sets the outputs, and fails where the decision is what fail-on names.
func (w *world) finish(d gate.Decision, page string) error {
	w.env.Output("decision", string(d.Is))
	w.env.Output("report", w.ledger.Path(pagePath))
	err := w.env.Summary(page)
	w.env.Log.Info(fmt.Sprintf("release gate: %s: %s", report.GateWord(d), report.GateLine(d, w.book.Titles())))
	fail := w.env.Input("fail-on")
	if d.Is == gate.NoGo && (fail == "no-go" || fail == "unknown") || d.Is == gate.Undecided && fail == "unknown" {
		return errors.Join(err, fmt.Errorf("release gate: %s: %s", report.GateWord(d), report.GateLine(d, w.book.Titles())))
	}
	return err
}
