// Package app is what the programs share: the connection of one run to the
// systems that rules.yaml and the environment name, and the decisions that more
// than one program makes. What each program does is in the package of its name.
package app

import (
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/publish"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// App is one run of a program: its environment, its configuration, and what it
// is connected to. The watched repository is the one that the input repository
// names; the home repository is the one that the run belongs to, which holds the
// reports. Mostly they are the same.
type App struct {
	Env     *runner.Env
	Config  *config.Book
	Watched *github.Client
	Home    *github.Client
	// Alerts reads what the workflow's own token may not read of the watched
	// repository; nil where AFTERCARE_TOKEN is not set.
	Alerts  *github.Client
	Issues  *publish.GitHub // writes to issues of the watched repository
	Own     *publish.GitHub // writes to issues of the home repository
	History *history.Ledger
	Place   report.Place
}

// Connect makes the clients of a run. It sends no request. One request waits for
// a rate limit at most patience.
func Connect(env *runner.Env, settings *config.Book, patience time.Duration) (*App, error) {
	a := &App{Env: env, Config: settings}
	var err error
	if a.Watched, err = a.client(env.Repository(), env.Input("github-token"), patience); err != nil {
		return nil, runner.Usage("%v", err)
	}
	if a.Home, err = a.client(env.Home(), env.Input("github-token"), patience); err != nil {
		return nil, runner.Usage("%v: GITHUB_REPOSITORY", err)
	}
	if settings.Release.Project == "" { // nothing is released yet
		settings.Release.Project = a.Watched.Name
	}
	if token := env.Getenv("AFTERCARE_TOKEN"); token != "" {
		if a.Alerts, err = a.client(env.Repository(), token, patience); err != nil {
			return nil, err
		}
	}
	a.Issues = &publish.GitHub{Hub: a.Watched, Seal: alert.SealFrom(env.Getenv, env.Repository())}
	a.Own = &publish.GitHub{Hub: a.Home, Seal: alert.SealFrom(env.Getenv, env.Home())}
	a.Place = report.Place{Server: env.Server(), Repository: env.Home(), Watched: env.Repository(), Branch: settings.Reports.Branch}
	a.History = &history.Ledger{
		Hub: a.Home, Branch: settings.Reports.Branch, Folder: settings.Reports.Path, Word: settings.Reports.Commit,
		Redact: env.Redact, Sleep: env.Sleep, ReadOnly: env.DryRun(),
	}
	if a.History.Branch == "" && env.Event.Name == "schedule" && env.Getenv("GITHUB_REF_TYPE") == "branch" {
		a.History.Branch = env.Getenv("GITHUB_REF_NAME") // schedules run on the default branch
	}
	return a, nil
}

func (a *App) client(repository, token string, patience time.Duration) (*github.Client, error) {
	return github.New(github.Options{
		URL: a.Env.Getenv("GITHUB_API_URL"), GraphQL: a.Env.Getenv("GITHUB_GRAPHQL_URL"), Token: token, Repository: repository,
		HTTP: a.Env.HTTP, Clock: a.Env.Clock, Sleep: a.Env.Sleep, Patience: patience,
	})
}

// Messengers connects the channels of the configuration that the environment has
// a secret for.
func (a *App) Messengers() (notify.Messengers, error) {
	messengers, err := notify.Connect(a.Config.Channels, a.Env.Getenv, a.Env.Now, a.Env.HTTP, a.Env.Sleep)
	if err != nil {
		return nil, runner.Usage("%v", err)
	}
	return messengers.Redacting(a.Env.Redact), nil
}

// Templates reads the issue templates of the checked-out repository. One that
// cannot be read is left out, with a warning.
func Templates(env *runner.Env) *issuetext.Templates {
	templates, err := issuetext.ReadTemplates(env.Files)
	if err != nil {
		env.Warn("issue templates: %v", err)
	}
	return templates
}

// IsOurs reports whether an account is the one that Aftercare writes as. A
// deleted account has no login, and is never ours.
func (a *App) IsOurs(login string) bool { return a.Issues.Seal.Ours(login) }

// IsPerson reports whether an account is a person's as far as its login says:
// neither ours, nor a bot, nor one that people.ignore lists.
func (a *App) IsPerson(login string) bool {
	return !a.IsOurs(login) && !a.Config.People.IsBot(login, "")
}

// RecordsOf returns the records of a subject in the reports, for what takes no
// comment of its own. The subject is one of the watched repository.
func (a *App) RecordsOf(subject string) *publish.FiledComments {
	return &publish.FiledComments{Ledger: a.History, Seal: a.Issues.Seal, Subject: subject, Clock: a.Env.Clock}
}

// LooksBack reports whether the run is about a time that is past, which as-of
// names: it fills in pages, notifies nobody and leaves alone how things stand
// today.
func LooksBack(env *runner.Env) bool {
	return env.Input("as-of") != "" && env.Clock().Sub(env.Now) > 10*time.Minute
}
