package metric_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/postgres"
	"github.com/aftercare/aftercare/actions/internal/store/storetest"
)

var (
	now     = time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	release = model.Release{Project: "Caro", Version: "v1.1.0-beta"}
)

func newStore(t testing.TB) *store.Store {
	t.Helper()
	s, _, err := store.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// made are random facts, and the same as plain Go values.
type made struct {
	issues      []model.IssueRow
	labels      []model.LabelEvent
	phrases     []model.IssuePhrasesRow
	sessions    []model.SessionRow
	commands    []model.CommandRow
	safety      []model.SafetyRow
	errors      []model.BackendErrorRow
	consent     []model.ConsentRow
	findings    []model.FindingRow
	surveys     []model.SurveyRow
	wishes      []model.SurveyRequestRow
	mentions    []model.MentionRow
	mail        []model.MailRow
	comments    []model.CommentRow
	downloads   []model.DownloadRow
	counts      []model.DownloadCountRow
	versions    []model.VersionRow
	alerts      []model.SecurityAlertRow
	runs        []model.RunRow
	discussions []model.DiscussionRow
	posts       []model.DiscussionPostRow
	repository  []model.RepositoryRow
	forks       []model.ForkRow
}

func random(seed uint64) made {
	r := rand.New(rand.NewPCG(seed, 7))
	at := func(days float64) time.Time {
		return now.Add(-time.Duration(r.Float64() * days * 24 * float64(time.Hour))).Truncate(time.Microsecond)
	}
	user := func() string { return fmt.Sprintf("%016x", r.IntN(12)) }
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	maybe := func(f float64) *float64 {
		if r.IntN(4) == 0 {
			return nil
		}
		return &f
	}
	pick2 := func(yes bool, n int) int { return map[bool]int{true: n}[yes] }
	var m made
	names := []string{"bug", "P0", "Critical", "privacy-leak", "installation", "install-script", "enhancement", "crash", "linux", "platform-macos", "P1"}
	for n := range r.IntN(60) {
		i := model.IssueRow{Issue: model.Issue{Number: n + 1, Title: fmt.Sprintf("issue's %d", n+1), Author: pick("ann", "bob", "cy", "dee"), State: "open", CreatedAt: at(20), PullRequest: r.IntN(4) == 0,
			AuthorIsBot: r.IntN(8) == 0, Comments: r.IntN(5), Reactions: r.IntN(9), Upvotes: r.IntN(9)}, Sentiment: maybe(r.Float64()*2 - 1), Request: pick("", fmt.Sprintf("an undo of %d", n+1)), SameAs: pick2(r.IntN(5) == 0, r.IntN(n+1)), ClosedAs: pick2(r.IntN(3) == 0, r.IntN(n+1))}
		for range r.IntN(4) {
			i.Versions = append(i.Versions, pick("1.1.0-beta", "1.1.0b0", "22.4.0", "1.0.0"))
		}
		for range i.Comments {
			m.comments = append(m.comments, model.CommentRow{ID: int64(len(m.comments) + 1), Issue: n + 1, Author: pick("ann", "bob", "cy", "dee", "a-bot"), CreatedAt: at(20), Association: pick("", "NONE", "CONTRIBUTOR", "MEMBER", "OWNER", "COLLABORATOR")})
			m.comments[len(m.comments)-1].IsBot = m.comments[len(m.comments)-1].Author == "a-bot"
		}
		if r.IntN(2) == 0 {
			i.State, i.ClosedAt = "closed", i.CreatedAt.Add(time.Duration(r.IntN(200))*time.Hour)
		}
		if r.IntN(2) == 0 {
			i.FirstResponseAt = i.CreatedAt.Add(time.Duration(r.IntN(90)) * time.Hour)
		}
		if i.PullRequest && r.IntN(2) == 0 {
			i.MergedAt = i.CreatedAt.Add(time.Hour)
		}
		for _, name := range names {
			if r.IntN(4) == 0 {
				i.Labels = append(i.Labels, name)
			}
			if r.IntN(6) == 0 {
				m.labels = append(m.labels, model.LabelEvent{Issue: n + 1, Label: name, At: at(12), Added: r.IntN(2) == 0})
			}
		}
		m.issues = append(m.issues, i)
		if r.IntN(6) > 0 {
			m.phrases = append(m.phrases, model.IssuePhrasesRow{Number: n + 1, Said: i.Title, Phrases: phrases(r)})
		}
	}
	for range r.IntN(150) {
		m.sessions = append(m.sessions, model.SessionRow{CreatedAt: at(70), Session: user(), Metadata: pick("", `{"os_name":"Linux","architecture":"arm64","shell_type":"zsh","origin":"export"}`, `{"os_name":"macOS","shell_type":"bash","version":"1.1.0-beta"}`, `{"os_name":"macOS","architecture":"aarch64","version":"1.1.1-beta"}`)})
	}
	for range r.IntN(300) {
		m.commands = append(m.commands, model.CommandRow{CreatedAt: at(20), Session: user(), Success: r.IntN(3) > 0, Millis: maybe(float64(r.IntN(4000))), Backend: pick("", "static", "llm"),
			Metadata: pick("", `{"category":"files"}`, `{"category":"git","error_category":"safety"}`, `{"control":"show"}`, `{"error_category":"timeout"}`)})
	}
	for range 19 + r.IntN(4) { // about as many as make a power user
		m.commands = append(m.commands, model.CommandRow{CreatedAt: at(3), Session: "busy", Success: true})
	}
	for range r.IntN(40) {
		m.safety = append(m.safety, model.SafetyRow{CreatedAt: at(10), Session: user(), Blocked: r.IntN(3) == 0, Pattern: pick("", "rm", "dd")})
		m.errors = append(m.errors, model.BackendErrorRow{CreatedAt: at(3), Session: user(), Kind: pick("x", "y"), Recoverable: r.IntN(3) > 0})
		m.consent = append(m.consent, model.ConsentRow{CreatedAt: at(12), Session: user(), OptedOut: r.IntN(2) == 0})
		m.surveys = append(m.surveys, model.SurveyRow{At: at(12), Satisfaction: maybe(float64(1 + r.IntN(5))), Recommend: maybe(float64(r.IntN(11))), SuccessEstimate: maybe(float64(r.IntN(101))), PrivacyConcern: pick("", "", "telemetry"), Sentiment: maybe(r.Float64()*2 - 1), Phrases: phrases(r)})
		if wish := (model.SurveyRequestRow{At: at(12), Issue: r.IntN(12)}); wish.Issue == 0 || wish.Issue > len(m.issues) {
			m.wishes = append(m.wishes, model.SurveyRequestRow{At: wish.At, Said: pick("dark mode", "a history")})
		} else {
			m.wishes = append(m.wishes, wish)
		}
		m.mail = append(m.mail, model.MailRow{ID: fmt.Sprint(len(m.mail)), At: at(12), Kind: pick("report", "export", "automatic"), Labels: [][]string{nil, {"bug"}, {"privacy-leak", "P0"}}[r.IntN(3)]})
		m.mentions = append(m.mentions, model.MentionRow{Score: r.IntN(300), Source: pick("hackernews", "reddit"), ID: fmt.Sprint(len(m.mentions)), At: at(6), Sentiment: maybe(float64(r.IntN(3) - 1))})
		m.findings = append(m.findings, model.FindingRow{At: at(3), Until: at(3), File: "a", Kind: "email", Count: r.IntN(3)})
		m.posts = append(m.posts, model.DiscussionPostRow{Number: 1 + r.IntN(4), CreatedAt: at(15)})
		m.repository = append(m.repository, model.RepositoryRow{At: at(12), Stars: r.IntN(900), Forks: r.IntN(90), Watchers: r.IntN(90)})
	}
	for n := range r.IntN(6) {
		m.discussions = append(m.discussions, model.DiscussionRow{Number: n + 1, Category: pick("Ideas", "Q&A"), CreatedAt: at(12), Answerable: r.IntN(2) == 0, Labels: [][]string{nil, {"critical"}, {"privacy-leak"}}[r.IntN(3)]})
		if r.IntN(3) == 0 {
			m.discussions[n].AnsweredAt = m.discussions[n].CreatedAt.Add(time.Duration(r.IntN(90)) * time.Hour)
		}
		a := model.SecurityAlertRow{Number: fmt.Sprint(n), Severity: "high", State: pick("open", "fixed", "published", "dismissed"), CreatedAt: at(30)}
		if a.State == "fixed" {
			a.FixedAt = a.CreatedAt.Add(time.Duration(r.IntN(400)) * time.Hour)
		}
		m.alerts = append(m.alerts, a)
	}
	for day := range 20 {
		for _, version := range []string{"", "1.0.0", "1.1.0-beta"} {
			if r.IntN(5) > 0 {
				m.downloads = append(m.downloads, model.DownloadRow{Registry: "crates", Package: "caro", Version: version, Day: now.Truncate(24*time.Hour).AddDate(0, 0, -day), Downloads: int64(r.IntN(50))})
			}
		}
	}
	for _, version := range []string{"1.0.0", "1.1.0-beta"}[:r.IntN(3)] {
		m.versions = append(m.versions, model.VersionRow{Registry: "crates", Package: "caro", Version: version, Yanked: r.IntN(2) == 0, CreatedAt: now.AddDate(0, 0, -5), Downloads: int64(r.IntN(1000))})
	}
	m.otherRegistries(r)
	if r.IntN(2) == 0 {
		for range r.IntN(30) {
			m.forks = append(m.forks, model.ForkRow{At: at(20)})
		}
	}
	for n := range r.IntN(40) {
		m.runs = append(m.runs, model.RunRow{ID: int64(n + 1), Workflow: ".github/workflows/ci.yml", Conclusion: pick("success", "failure", "timed_out", "startup_failure", "cancelled", "skipped", "neutral", ""), At: at(20)})
	}
	return m
}

// otherRegistries makes downloads by day and system without versions, spans by
// version and of a package, and running totals, of one registry each.
func (m *made) otherRegistries(r *rand.Rand) {
	midnight := now.Truncate(24 * time.Hour)
	if r.IntN(2) == 0 {
		for day := range 15 {
			for _, system := range []string{"Linux", "Windows"} {
				m.downloads = append(m.downloads, model.DownloadRow{Registry: "pypi", Package: "caro", System: system, Day: midnight.AddDate(0, 0, -day), Downloads: int64(r.IntN(90))})
			}
		}
		m.versions = append(m.versions, model.VersionRow{Registry: "pypi", Package: "caro", Version: "1.1.0b0", Yanked: r.IntN(2) == 0, CreatedAt: now.AddDate(0, 0, -5), Uncounted: true})
	}
	if r.IntN(2) == 0 {
		for back := range 3 {
			until := midnight.AddDate(0, 0, -3*back)
			m.counts = append(m.counts, model.DownloadCountRow{Registry: "npm", Package: "caro", Version: "1.0.0", Since: until.AddDate(0, 0, -7), Until: until, Downloads: int64(r.IntN(50))},
				model.DownloadCountRow{Registry: "homebrew", Package: "caro", Since: until.AddDate(0, 0, -30), Until: until, Downloads: int64(r.IntN(500))})
		}
	}
	if r.IntN(2) == 0 {
		for back := range 3 {
			m.counts = append(m.counts, model.DownloadCountRow{Registry: "docker", Package: "caro/caro", Until: now.Add(-time.Duration(9*back) * time.Hour), Downloads: int64(900 - 100*back + r.IntN(50))})
		}
	}
}

// phrases returns up to three distinct noun phrases.
func phrases(r *rand.Rand) []string {
	all := []string{"installation", "software installation", "slow software installation", "server", "cloud server", "time", "c++"}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:r.IntN(4)]
}

func (m made) rows() []model.Row {
	var all []model.Row
	add(&all, m.issues)
	add(&all, m.labels)
	add(&all, m.phrases)
	all = append(all, m.telemetry()...)
	add(&all, m.findings)
	add(&all, m.surveys)
	add(&all, m.wishes)
	add(&all, m.mentions)
	add(&all, m.mail)
	add(&all, m.comments)
	add(&all, m.downloads)
	add(&all, m.counts)
	add(&all, m.versions)
	add(&all, m.alerts)
	add(&all, m.runs)
	add(&all, m.discussions)
	add(&all, m.posts)
	add(&all, m.repository)
	add(&all, m.forks)
	return all
}

func (m made) telemetry() []model.Row {
	var all []model.Row
	add(&all, m.sessions)
	add(&all, m.commands)
	add(&all, m.safety)
	add(&all, m.errors)
	add(&all, m.consent)
	return all
}

func add[T model.Row](all *[]model.Row, rows []T) {
	for _, r := range rows {
		*all = append(*all, r)
	}
}

func wholeCatalogue() []metric.Definition { return metric.Catalogue() }

// Every question of the catalogue can be asked, also where there are no facts.
func TestEveryQuestionIsUnderstood(t *testing.T) {
	if n := len(metric.Catalogue()); n != 78 {
		t.Errorf("%d metrics, want 78", n)
	}
	for _, rows := range [][]model.Row{nil, random(1).rows()} {
		s := newStore(t)
		if err := s.Put(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
		for _, at := range []time.Time{now, now.AddDate(0, 0, -3)} {
			for _, r := range metric.Measure(t.Context(), metric.Facts{Store: s, Telemetry: s, Release: release}, wholeCatalogue(), at) {
				if strings.Contains(r.Reason, "query") || strings.Contains(r.Reason, "returns") {
					t.Errorf("%s: %s", r.Metric, r.Reason)
				}
				if r.Reason == "" && r.Value == nil && r.Values == nil {
					t.Errorf("%s has no answer and no reason", r.Metric)
				}
			}
		}
	}
}

// A question about telemetry has the same answer in PostgreSQL.
func TestBothEnginesAgree(t *testing.T) {
	dsn := storetest.Postgres(t, store.Schema())
	ctx := t.Context()
	owner, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(ctx)
	pg, err := postgres.Open(ctx, storetest.Reader(dsn), 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer pg.Close(ctx)
	var asked []metric.Definition
	for _, d := range wholeCatalogue() {
		if d.Source == "telemetry" {
			asked = append(asked, d)
		}
	}
	for seed := range uint64(12) {
		m := random(seed)
		s := newStore(t)
		if err := s.Put(ctx, m.telemetry()); err != nil {
			t.Fatal(err)
		}
		copyInto(t, owner, m.telemetry())
		duck := metric.Measure(ctx, metric.Facts{Store: s, Telemetry: s, Release: release}, asked, now)
		post := metric.Measure(ctx, metric.Facts{Store: nil, Telemetry: pg, Release: release}, asked, now)
		for i := range duck {
			if a, b := string(metric.Encode(rounded(duck[i:i+1]))), string(metric.Encode(rounded(post[i:i+1]))); a != b {
				t.Errorf("seed %d: DuckDB says\n%sPostgreSQL says\n%s", seed, a, b)
			}
		}
	}
}

// rounded leaves out the last bits, in which the engines may differ.
func rounded(readings []metric.Reading) []metric.Reading {
	round := func(f *float64) *float64 {
		if f == nil {
			return nil
		}
		v := math.Round(*f*1e9) / 1e9
		return &v
	}
	var all []metric.Reading
	for _, r := range readings {
		r.Value, r.Previous = round(r.Value), round(r.Previous)
		values := []metric.Entry{}
		for _, e := range r.Values {
			e.Value, e.Previous = round(e.Value), round(e.Previous)
			values = append(values, e)
		}
		if r.Values != nil {
			r.Values = values
		}
		all = append(all, r)
	}
	return all
}

func copyInto(t testing.TB, owner *pgx.Conn, rows []model.Row) {
	t.Helper()
	ctx := context.Background()
	for _, table := range []string{"session_start_events", "command_generation_events", "safety_validation_events", "backend_error_events", "telemetry_consent_events"} {
		if _, err := owner.Exec(ctx, "DELETE FROM "+table); err != nil {
			t.Fatal(err)
		}
		var some [][]any
		for _, r := range rows {
			if r.Table() == table {
				some = append(some, r.Values())
			}
		}
		if len(some) == 0 {
			continue
		}
		columns := map[string][]string{
			"session_start_events":      {"created_at", "user_session_id", "metadata"},
			"command_generation_events": {"created_at", "user_session_id", "success", "generation_time_ms", "backend_used", "metadata"},
			"safety_validation_events":  {"created_at", "user_session_id", "blocked", "pattern_matched", "metadata"},
			"backend_error_events":      {"created_at", "user_session_id", "error_type", "recoverable", "metadata"},
			"telemetry_consent_events":  {"created_at", "user_session_id", "opted_out"},
		}[table]
		if _, err := owner.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(some)); err != nil {
			t.Fatal(err)
		}
	}
}
