package snapshot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/config"
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
	*app.App
	asked      wish
	store      *store.Store
	files      *ledgerCache
	own        *sandbox.Sandbox // for the SQL of rules.yaml; nil: the store answers it
	queries    string           // Program.Queries
	telemetry  Database         // nil where telemetry is in exports
	messengers notify.Messengers
	labeler    *app.Labeler

	fillFrom, fillUntil time.Time // the days that the run fills in, until exclusive; equal: none

	mu         sync.Mutex // of what several sources note at once
	gaps       []model.Gap
	notes      []string
	warnings   []string          // what people should do that is no matter of a source
	readings   []metric.Reading  // of the months that are read, in the order of time
	published  []model.Published // versions that GitHub and registries tell
	waiting    []alert.Waiting   // the metrics of which news waits for the hours of its route
	issuesWait []alert.Waiting   // the issues
	inhibited  []alert.Inhibited // the metrics that others keep quiet
	swept      []string          // urgent issues that were told of, each with its channel

	limits limits
	reads  reads
	late   *postbox // the mailbox, where it was not read in time

	covered   map[string]bool            // metrics that count nothing but reports of which people are notified
	responded bool                       // this run has seen that somebody responded to an alert
	answered  map[string]notify.Response // by metric: when somebody took on what its alert is about
	hearing   hearing
}

// patience is how long one request waits for a rate limit.
const patience = 5 * time.Minute

func connect(ctx context.Context, p Program, env *runner.Env, book *config.Book, asked wish) (*world, error) {
	connected, err := app.Connect(env, book, patience)
	if err != nil {
		return nil, err
	}
	w := &world{App: connected, asked: asked, labeler: app.NewLabeler(book, app.Templates(env), connected.IsOurs), answered: map[string]notify.Response{},
		hearing: hearing{of: map[string]report.Heard{}, since: map[string]time.Time{}, untold: map[string]bool{}, told: map[string]bool{}}}
	w.labeler.Clock = env.Clock
	w.limits, w.reads = p.limits.orUsual(), p.reads
	if w.reads.words == nil {
		w.reads.words = w.words
	}
	if w.reads.exports == nil {
		w.reads.exports = collect.Scan
	}
	if w.messengers, err = connected.Messengers(); err != nil {
		return nil, err
	}
	return w, w.open(ctx, p)
}

// open opens the facts, and the database of telemetry where there is one.
func (w *world) open(ctx context.Context, p Program) error {
	dsn := w.Env.Getenv("TELEMETRY_DSN")
	if dsn != "" && p.OpenDatabase == nil {
		return runner.Usage("TELEMETRY_DSN is set, and this program was built without a driver for PostgreSQL")
	}
	path := w.Env.Getenv("AFTERCARE_CACHE")
	if path != "" {
		path = w.Env.Path(path)
	}
	facts, note, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	if note != "" {
		w.Env.Warn("%s", note)
	}
	w.store = facts
	w.files = &ledgerCache{store: facts}
	w.History.Cache = w.files
	if w.queries = p.Queries; w.queries != "" {
		w.own = sandbox.New(facts, p.Queries, w.Env.Clock, cmp.Or(p.Limits, sandbox.DefaultLimits))
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
	w.files.prune()
	// Telemetry and surveys are read anew each time: they are not kept.
	if err := w.store.Close(readAnew...); err != nil {
		w.Env.Warn("the facts could not be kept for the next run: %v", err)
	}
}

// gap notes what did not answer: on the page, in the log and as a warning. It and
// note may be called by several sources at once.
func (w *world) gap(g model.Gap) {
	g.Reason, g.Hint = redact.Text(w.Env.Redact(g.Reason)), w.Env.Redact(g.Hint)
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
	w.Env.Warn("%s: %s%s", what, g.Reason, hint)
}

func (w *world) note(format string, args ...any) { w.keepText(&w.notes, format, args...) }

// warn keeps a warning for the page, and says it in the log.
func (w *world) warn(format string, args ...any) { w.keepText(&w.warnings, format, args...) }

// keepText adds a text to those of the page, each once, and says it in the log.
func (w *world) keepText(all *[]string, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := redact.Text(w.Env.Redact(fmt.Sprintf(format, args...)))
	if slices.Contains(*all, text) {
		return
	}
	*all = append(*all, text)
	w.Env.Warn("%s", text)
}

// lacks notes a gap of which no warning tells: its metrics say so.
func (w *world) lacks(g model.Gap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gaps = append(w.gaps, g)
}

// web is the client for servers that are not GitHub.
func (w *world) web() *web.Client {
	return &web.Client{HTTP: w.Env.HTTP, Sleep: w.Env.Sleep, Pause: time.Second,
		Agent: fmt.Sprintf("aftercare (%s/%s)", w.Place.Server, w.Place.Repository)}
}
