package snapshot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/sandbox"
)

// world is everything outside that a run reaches, and what it has read.
type world struct {
	env        *runner.Env
	book       *config.Book
	asked      wish
	hub        *github.Client  // the watched repository
	alerts     *github.Client  // for what the workflow's token may not read; nil where there is no other
	ledger     *history.Ledger // the reports, in this repository
	store      *store.Store
	own        *sandbox.Sandbox // for the SQL of rules.yaml; nil: the store answers it
	telemetry  Database         // nil where telemetry is in exports
	github     *notify.GitHub
	messengers notify.Messengers
	place      report.Place
	rules      *label.Rules
	templates  *issuetext.Templates

	mu      sync.Mutex // of what several sources note at once
	gaps    []model.Gap
	notes   []string
	history []metric.Reading // of the months that are read, in the order of time
	swept   []string         // urgent issues that were told of, each with its channel

	limits limits
	reads  reads
	late   *postbox // the mailbox, where it was not read in time

	answered map[string]time.Time // when somebody took on what a metric's alert is about
	hearing  hearing
}

// patience is how long one request waits for a rate limit.
const patience = 5 * time.Minute

func connect(ctx context.Context, p Program, env *runner.Env, book *config.Book, asked wish) (*world, error) {
	w := &world{env: env, book: book, asked: asked, rules: label.Compile(book.Triage), answered: map[string]time.Time{},
		hearing: hearing{of: map[string]report.Heard{}, since: map[string]time.Time{}, untold: map[string]bool{}, told: map[string]bool{}}}
	w.limits, w.reads = p.limits.orUsual(), p.reads
	if w.reads.words == nil {
		w.reads.words = w.words
	}
	if w.reads.exports == nil {
		w.reads.exports = collect.Scan
	}
	var err error
	if w.templates, err = issuetext.ReadTemplates(env.Files); err != nil {
		env.Log.Info("issue templates: " + err.Error())
	}
	if w.hub, err = w.client(env.Repository(), env.Input("github-token")); err != nil {
		return nil, runner.Usage("%v", err)
	}
	if token := env.Getenv("AFTERCARE_TOKEN"); token != "" {
		if w.alerts, err = w.client(env.Repository(), token); err != nil {
			return nil, err
		}
	}
	home := env.Home()
	here, err := w.client(home, env.Input("github-token"))
	if err != nil {
		return nil, runner.Usage("%v: GITHUB_REPOSITORY", err)
	}
	w.ledger = &history.Ledger{Hub: here, Redact: env.Redact, Branch: book.Reports.Branch, Folder: book.Reports.Path, Word: book.Reports.Commit, Sleep: env.Sleep, ReadOnly: env.DryRun()}
	if w.ledger.Branch == "" && env.Event.Name == "schedule" && env.Getenv("GITHUB_REF_TYPE") == "branch" {
		w.ledger.Branch = env.Getenv("GITHUB_REF_NAME") // schedules run on the default branch
	}
	w.github = &notify.GitHub{Hub: w.hub, Seal: alert.SealFrom(env.Getenv, env.Repository())}
	w.place = report.Place{Server: env.Server(), Repository: home, Branch: book.Reports.Branch}
	if w.messengers, err = notify.Connect(book.Channels, env.Getenv, env.Now, env.HTTP, env.Sleep); err != nil {
		return nil, runner.Usage("%v", err)
	}
	w.messengers = w.messengers.Redacting(env.Redact)
	return w, w.open(ctx, p)
}

func (w *world) client(repository, token string) (*github.Client, error) {
	return github.New(github.Options{
		URL: w.env.Getenv("GITHUB_API_URL"), GraphQL: w.env.Getenv("GITHUB_GRAPHQL_URL"), Token: token, Repository: repository,
		HTTP: w.env.HTTP, Clock: w.env.Clock, Sleep: w.env.Sleep, Patience: patience,
	})
}

// open opens the facts, and the database of telemetry where there is one.
func (w *world) open(ctx context.Context, p Program) error {
	dsn := w.env.Getenv("TELEMETRY_DSN")
	if dsn != "" && p.OpenDatabase == nil {
		return runner.Usage("TELEMETRY_DSN is set, and this program was built without a driver for PostgreSQL")
	}
	path := w.env.Getenv("AFTERCARE_CACHE")
	if path != "" {
		path = w.env.Path(path)
	}
	facts, note, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	if note != "" {
		w.env.Warn("%s", note)
	}
	w.store = facts
	w.ledger.Cache = kept{facts}
	if p.Queries != "" {
		w.own = sandbox.New(facts, p.Queries, w.env.Clock, sandbox.DefaultLimits)
	}
	if dsn == "" {
		return nil
	}
	database, err := p.OpenDatabase(ctx, dsn, 2*time.Minute)
	if err == nil {
		w.telemetry = database
	} else {
		w.gap(model.Gap{Source: "telemetry", Reason: err.Error(), Hint: "see that TELEMETRY_DSN is right, and that the database lets this runner in"})
	}
	return nil
}

func (w *world) close() {
	if w.telemetry != nil {
		_ = w.telemetry.Close(context.Background())
	}
	if w.own != nil {
		w.own.Close()
	}
	// Telemetry and surveys are read anew each time: they are not kept.
	if err := w.store.Close(readAnew...); err != nil {
		w.env.Warn("the facts could not be kept for the next run: %v", err)
	}
}

// gap notes what did not answer: on the page, in the log and as a warning. It and
// note may be called by several sources at once.
func (w *world) gap(g model.Gap) {
	g.Reason, g.Hint = redact.Text(w.env.Redact(g.Reason)), w.env.Redact(g.Hint)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gaps = append(w.gaps, g)
	what := g.Source
	if g.Table != "" {
		what += ", " + g.Table
	}
	hint := ""
	if g.Hint != "" {
		hint = " (" + g.Hint + ")"
	}
	w.env.Warn("%s: %s%s", what, g.Reason, hint)
}

func (w *world) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := redact.Text(w.env.Redact(fmt.Sprintf(format, args...)))
	if slices.Contains(w.notes, text) {
		return
	}
	w.notes = append(w.notes, text)
	w.env.Warn("%s", text)
}

// kept is the cache of the ledger in the facts: of each file the last version
// that was read, with its commit in front.
type kept struct{ store *store.Store }

func (k kept) Get(key string) (string, bool) {
	commit, file := split(key)
	found, content, ok := strings.Cut(k.store.State("ledger/"+file), "\n")
	return content, ok && found == commit
}

func (k kept) Set(key, value string) {
	commit, file := split(key)
	k.store.SetState("ledger/"+file, commit+"\n"+value)
}

func split(key string) (commit, file string) {
	commit, file, _ = strings.Cut(strings.TrimPrefix(key, "ledger/"), "/")
	return commit, file
}

// lacks notes a gap of which no warning tells: its metrics say so.
func (w *world) lacks(g model.Gap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gaps = append(w.gaps, g)
}

// lookingBack tells a run about a time that is past, which as-of names: it fills
// in that day's page and readings; who was told, and how things stand today, is
// left alone.
func (w *world) lookingBack() bool {
	return w.env.Input("as-of") != "" && w.env.Clock().Sub(w.env.Now) > 10*time.Minute
}

// web is the client for servers that are not GitHub.
func (w *world) web() *web.Client {
	return &web.Client{HTTP: w.env.HTTP, Sleep: w.env.Sleep, Pause: time.Second,
		Agent: fmt.Sprintf("aftercare (%s/%s)", w.place.Server, w.place.Repository)}
}
