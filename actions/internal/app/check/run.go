// Package check is what the program check does: it reads rules.yaml, reports all
// of its mistakes, and tries it on past issues. It changes nothing, and sends nothing
// but the test message that the input notify asks for.
package check

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/backtest"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// patience is how long one request waits for a rate limit.
const patience = 5 * time.Minute

// Run is one run of the program.
func Run(ctx context.Context, env *runner.Env) error {
	if env.Input("learn") == "true" && env.Input("label") != "" {
		return learnWeights(env)
	}
	if env.Input("readings") != "" {
		return checkReadings(env)
	}
	if env.Input("notify") != "" {
		return testChannel(ctx, env)
	}
	book, warnings, err := checked(ctx, env)
	if err != nil {
		return mistaken(ctx, env, err)
	}
	most, err := strconv.Atoi(env.Input("history"))
	if err != nil || most < 0 || most > 20_000 {
		return runner.Usage("input history is %q: expected the number of past issues, at most 20000", env.Input("history"))
	}
	checked, err := try(ctx, env, book, most)
	if err != nil {
		return err
	}
	checked.Warnings = warnings
	env.Log.Info(report.CheckLine(checked))
	env.Output("changed", strconv.Itoa(checked.Difference.Issues))
	return env.Summary(report.Check(checked))
}

// mistaken says in the summary what is wrong with the plan, and whom Slack knows by
// the handles in it.
func mistaken(ctx context.Context, env *runner.Env, err error) error {
	nameHandles(ctx, env)
	return errors.Join(err, env.Summary(report.CheckMistakes(env.Input("rules"), err)))
}

// checked is the plan without mistakes, and what to be warned of in it.
func checked(ctx context.Context, env *runner.Env) (*config.Book, []string, error) {
	book, err := config.Read(env.Files, env.Input("rules"))
	if err != nil {
		return nil, nil, err
	}
	warnings := book.Warnings(env.Files, env.Getenv("TELEMETRY_DSN") != "", env.Now)
	for _, line := range warnings {
		env.Warn("%s", line)
	}
	return book, warnings, tryQueries(ctx, env, book)
}

// try runs the plan, and the one before it, on the past.
func try(ctx context.Context, env *runner.Env, book *config.Book, most int) (report.Checked, error) {
	checked := report.Checked{File: env.Input("rules"), Rules: book.Triage, Issues: map[int]model.Issue{}}
	learns := env.Input("learn") == "true"
	if most == 0 || env.Repository() == "" {
		checked.Untried = "no repository is named: -repository owner/name does so"
		if most == 0 {
			checked.Untried = "-history 0"
		}
		return checked, tryNone(most, learns)
	}
	connected, err := app.Connect(env, book, patience)
	if err != nil {
		return checked, err
	}
	hub := connected.Watched
	before, against, err := earlier(ctx, env, hub)
	if err != nil {
		return checked, err
	}
	names, err := existing(ctx, hub)
	if err != nil {
		env.Warn("%v", err)
	}
	for _, twin := range twins(book.Labels, names) {
		env.Warn("%s", twin)
	}
	issues, events, err := collect.Past(ctx, hub, most, env.Progress("issues"))
	if err != nil {
		return checked, err
	}
	past := backtest.Read(issues, events, app.Templates(env), func(login string) bool { return !connected.IsPerson(login) })
	after := backtest.Run(planOf(book), past)
	was := after
	if before != nil {
		was = backtest.Run(planOf(before), past)
	}
	for _, issue := range issues {
		checked.Issues[issue.Number] = issue
	}
	checked.Against, checked.Difference = against, differenceView(backtest.Compare(past, was, after))
	if learns {
		if checked.Taught, err = taught(book, past); err != nil {
			return checked, err
		}
	}
	checked.Records, checked.Together = recordViews(backtest.Records(book.Triage, past, after)), backtest.Together(book.Triage, after)
	return checked, nil
}

// tryNone finds a wish that cannot be met without past issues.
func tryNone(most int, learns bool) error {
	switch {
	case learns && most == 0:
		return runner.Usage("-learn reads past issues, and -history 0 leaves them all out")
	case learns:
		return runner.Usage("-learn reads past issues: -repository owner/name says whose")
	}
	return nil
}

func planOf(b *config.Book) backtest.Plan {
	return backtest.Plan{Rules: b.Triage, Routes: b.Routes, Channels: b.Channels}
}

// earlier is the plan that the pull request starts from, or else the one on
// the default branch; nil where there is none that can be read, which a first
// rules.yaml cannot have.
func earlier(ctx context.Context, env *runner.Env, hub *github.Client) (*config.Book, string, error) {
	at := base(env.Event)
	file, _, _, err := hub.Repositories.GetContents(ctx, hub.Owner, hub.Name, strings.TrimPrefix(env.Input("rules"), "./"), &gh.RepositoryContentGetOptions{Ref: at})
	if github.Status(err) == 404 || err == nil && file == nil {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", github.Wrap(err, "contents: read", "read %s as it was before", env.Input("rules"))
	}
	src, err := file.GetContent()
	if err != nil {
		return nil, "", fmt.Errorf("read %s as it was before: %w", env.Input("rules"), err)
	}
	book, err := config.Parse(env.Input("rules"), []byte(src))
	if err != nil {
		env.Log.Info("the version before has mistakes of its own, so there is nothing to compare with")
		return nil, "", nil
	}
	if at == "" {
		return book, "the default branch", nil
	}
	return book, "the base of the pull request", nil
}

// base is the commit that a pull request starts from; empty for other events.
func base(event runner.Event) string {
	var payload struct {
		PullRequest struct {
			Base struct {
				SHA string `json:"sha"`
			} `json:"base"`
		} `json:"pull_request"`
	}
	if event.Name != "pull_request" || json.Unmarshal(event.Raw, &payload) != nil {
		return ""
	}
	return payload.PullRequest.Base.SHA
}
