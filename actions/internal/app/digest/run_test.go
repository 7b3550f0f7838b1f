package digest

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/acttest"
	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/apptest"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/metric"
)

const small = `
release: {project: Caro, version: v1.1.0-beta, shipped: 2026-01-24, ga: 2026-02-15, phases: [{name: Launch, until: 2026-01-30, focus: [stability]}, {name: Stabilization, until: 2026-02-06, focus: [usage], todo: [Draft the list for v1.1.1]}]}
labels: [{name: weekly-digest}, {name: P0}, {name: false-alarm}]
channels: {team: {email: [release@caro.example]}, monitoring: {slack: '#caro-monitoring'}, alerts: {slack: '#caro-alerts'}}
routes: [{label: P0, to: [alerts], respond: 1h}, {level: warning, to: [monitoring]}]
metrics: [{id: crash_rate}, {id: p0_bugs}, {id: command_success_rate}, {id: daily_active_users}, {id: stars_per_week}, {id: feature_requests}, {id: pain_points}, {id: nps}, {id: total_sessions}]
digest: {labels: [weekly-digest], to: [team, monitoring]}
`

var shipped = apptest.Program{Name: "digest", Run: Run}

type stage struct{ *apptest.Stage }

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{apptest.NewStage(t, small)}
	s.World.Slack.Channels("#caro-alerts", "#caro-monitoring")
	return s
}

// record commits readings of each day from the release on, for so many days; on
// days 4 to 6 the crash rate is bad, and so in the weeks that hold them.
func (s *stage) record(t testing.TB, days int) {
	t.Helper()
	byMonth := map[string][]metric.Reading{}
	number := func(f float64) *float64 { return &f }
	for n := range days {
		at := time.Date(2026, 1, 24, 9, 0, 0, 0, time.UTC).AddDate(0, 0, n)
		crash, verdict, reason := 0.05, "ok", ""
		if n >= 4 && n <= 6 {
			crash, verdict, reason = 2.5, "critical", "2.5 % (25 of 1,000, 1.7–3.7 %): critical, the threshold is over 1 %"
		}
		add := func(r metric.Reading, window time.Duration) {
			r.At, r.Until, r.From = at, at, at.Add(-window)
			byMonth[metric.Month(at)] = append(byMonth[metric.Month(at)], r)
		}
		add(metric.Reading{Metric: "crash_rate", Unit: "%", Value: number(crash), Part: number(crash * 10), Whole: number(1000), Verdict: verdict, Reason: reason}, 24*time.Hour)
		if n >= 4 && n <= 12 {
			crash, verdict, reason = 1.1, "critical", "1.1 % (77 of 7,000, 0.9–1.4 %): critical, the threshold is over 1 %"
		}
		add(metric.Reading{Metric: "crash_rate", Unit: "%", Value: number(crash), Part: number(crash * 70), Whole: number(7000), Verdict: verdict, Reason: reason}, 7*24*time.Hour)
		add(metric.Reading{Metric: "p0_bugs", Unit: "issues", Value: number(0), Verdict: "ok"}, 0)
		add(metric.Reading{Metric: "command_success_rate", Unit: "%", Value: number(90 + float64(n)/10), Part: number(900 + float64(n)), Whole: number(1000), Verdict: "ok"}, 72*time.Hour)
		add(metric.Reading{Metric: "daily_active_users", Unit: "users", Value: number(100 + 5*float64(n)), Verdict: "ok"}, 72*time.Hour)
		add(metric.Reading{Metric: "stars_per_week", Unit: "stars", Value: number(20), Sample: number(500 + float64(n)), Verdict: "watch"}, 7*24*time.Hour)
		add(metric.Reading{Metric: "feature_requests", Unit: "votes", Values: []metric.Entry{{Key: "#7 an undo @everyone | key", Value: number(12)}}, Verdict: "ok"}, 0)
		add(metric.Reading{Metric: "pain_points", Unit: "reports", Values: []metric.Entry{{Key: "installation", Value: number(4)}}, Verdict: "ok"}, 7*24*time.Hour)
		add(metric.Reading{Metric: "nps", Unit: "score", Verdict: "unknown", Reason: "nobody answered"}, 7*24*time.Hour)
	}
	files := map[string][]byte{}
	for month, readings := range byMonth {
		files["reports/data/readings/"+month+".ndjson"] = metric.Encode(readings)
	}
	s.Repo.Commit("github-actions[bot]", "main", "readings", files)
}

func (s *stage) run(t testing.TB, args ...string) (int, string) {
	t.Helper()
	o := s.Run(t.Context(), t, shipped, map[string]string{"GITHUB_EVENT_NAME": "schedule"}, args...)
	return o.Code, o.Log()
}

func (s *stage) must(t testing.TB, args ...string) string {
	t.Helper()
	code, out := s.run(t, args...)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, out)
	}
	return out
}

// page is a page of the reports, with plain spaces in its dates.
func (s *stage) page(name string) string {
	return strings.ReplaceAll(s.Report(name), "\u00a0", " ")
}

// digests are the digests' issues, each with its state.
func (s *stage) digests() string {
	var all []string
	for _, i := range s.Repo.Issues() {
		if strings.Contains(i.Title, ": week ") {
			all = append(all, fmt.Sprintf("%s (%s)", i.Title, i.State))
		}
	}
	return strings.Join(all, ", ")
}

func TestAWeekIsToldOnce(t *testing.T) {
	s := newStage(t)
	s.record(t, 21)
	s.World.SetNow(time.Date(2026, 2, 2, 6, 23, 0, 0, time.UTC))
	out := s.must(t)
	if !strings.Contains(out, "issue-number=1\n") || !strings.Contains(out, "report=reports/2026/W05/README.md\n") {
		t.Errorf("the outputs are %s", out)
	}
	body := s.Repo.Issue(1).Body
	for _, want := range []string{"ISO week 2026-W05 · phase Launch to 30 Jan, Stabilization from 31 Jan", "**Status of the week: 🔴 Critical** — no incidents · over the week: 1 critical · 1 more of 8 metrics off target · 2 without a target · 1 without data", "### Action items", "1. **Read the errors of the version that crashes, and fix or withdraw it**: Crash rate: 1.1%", "2. **Show the release where its users are**: New stars: 20", "<b>System health</b>: 1 critical, 2 on target",
		"| 🔴 Crash rate<br><sub>7 days</sub> | 1.1%<br><sub>77 of 7,000 session ids</sub> | &lt; 0.1% | – |", "| 🟢 Command success rate<br><sub>3 days</sub> | 90.8%<br><sub>908 of 1,000 commands, excellent</sub> | ≥ 80% |", "<b>User engagement</b>", "Daily active users", "<b>Community</b>", "an undo @everyone ¦ key", "Draft the list for v1.1.1", "[Full digest](https://github.com/caro/caro/blob/HEAD/reports/2026/W05/README.md)"} {
		if !strings.Contains(body, want) {
			t.Errorf("the digest lacks %q:\n%s", want, body)
		}
	}
	for range 3 { // a run that is repeated, and one that comes late
		s.World.Advance(4 * time.Hour)
		s.must(t)
	}
	s.World.SetNow(time.Date(2026, 2, 16, 8, 0, 0, 0, time.UTC)) // the run of the week between was dropped
	s.must(t)
	s.must(t, "-of", "2026-W06")
	if got := s.digests(); got != "Caro v1.1.0-beta: week 2 (26 Jan – 1 Feb 2026) (closed), Caro v1.1.0-beta: week 4 (9 Feb – 15 Feb 2026) (open), Caro v1.1.0-beta: week 3 (2 Feb – 8 Feb 2026) (open)" {
		t.Errorf("the digests are %s", got)
	}
	if n := len(s.World.Slack.Messages("#caro-monitoring")); n != 3 {
		t.Errorf("%d messages in Slack, want one for each of three weeks", n)
	}
	letters := s.World.Mail.Messages()
	if len(letters) != 3 || letters[0].Header("List-Id") != "<caro-digest.caro.example>" {
		t.Fatalf("%d letters, list %q", len(letters), letters[0].Header("List-Id"))
	}
	for kind, wants := range map[string][]string{"text/plain": {"Action items", "Crash rate"}, "text/html": {"<table", "Crash rate"}} {
		text := letters[0].Text(kind)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("the mail lacks %q:\n%s", want, text)
			}
		}
		if strings.Contains(text, "<script") || strings.Count(text, "<img") != strings.Count(text, `<img src="cid:`) {
			t.Errorf("the mail holds what it should not: %s", text)
		}
	}
	if s.page("2026/01.md") == "" {
		t.Error("the month that is over has no retrospective")
	}
	watch := s.page("retrospective.md")
	if !strings.Contains(watch, "retrospective (24 Jan – 15 Feb 2026)") || !strings.Contains(watch, "Crash rate") {
		t.Errorf("the watch is over, and its retrospective is %q", watch)
	}
}

// A week and a month tell of what began and ended between two readings, as the
// memory of alerts has it; where that is damaged, the readings tell.
func TestWhatFiredBetweenTwoReadings(t *testing.T) {
	s := newStage(t)
	s.record(t, 10)
	at := time.Date(2026, 1, 28, 9, 34, 0, 0, time.UTC)
	memory := alert.Memory{Alerts: []alert.MetricAlert{{Metric: "p0_bugs", At: at, Known: true, Episodes: []alert.Episode{{
		Began: at, Since: at, Ended: at.Add(75 * time.Minute), Level: "critical", Kind: alert.Firing,
		Told: []alert.MetricTold{{Key: "k", Channel: "alerts", By: "slack", Kind: alert.Firing, State: alert.Sent, At: at}},
	}}}}}.Encode()
	s.Repo.Commit("github-actions[bot]", "main", "memory", map[string][]byte{"reports/data/alerts.json": memory})
	s.World.SetNow(time.Date(2026, 2, 2, 6, 23, 0, 0, time.UTC))
	s.must(t)
	for page, want := range map[string]string{
		"2026/W05/README.md": "| 28 Jan 09:34 | 🔴 Open P0 bugs | 1h 15m | – |\n",
		"2026/01.md":         "- **Open P0 bugs**: 1 alert, active on 1 day; 🔴 28 Jan 09:34, 1h 15m\n",
	} {
		if !strings.Contains(s.page(page), want) || !strings.Contains(s.page(page), "Crash rate") {
			t.Errorf("%s lacks %q, or what the readings tell:\n%s", page, want, s.page(page))
		}
	}
	s.Repo.Commit("somebody", "main", "oops", map[string][]byte{"reports/data/alerts.json": memory[:99]})
	if out := s.must(t, "-of", "2026-W05"); !strings.Contains(out, "data/alerts.json cannot be read") || strings.Contains(s.page("2026/W05/README.md"), "| 28 Jan 09:34 |") {
		t.Errorf("%s\n%s", out, s.page("2026/W05/README.md"))
	}
}

func TestSixteenDigestsAtOnce(t *testing.T) {
	s := newStage(t)
	s.record(t, 10)
	s.World.SetNow(time.Date(2026, 2, 2, 6, 23, 0, 0, time.UTC))
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if code, out := s.run(t); code != 0 {
				t.Errorf("exit %d: %s", code, out)
			}
		})
	}
	all.Wait()
	s.must(t)
	if got := s.digests(); strings.Count(got, "(open)") != 1 || !strings.HasPrefix(got, "Caro v1.1.0-beta: week 2 (26 Jan – 1 Feb 2026) (open)") {
		t.Errorf("the digests are %s", got)
	}
	if n, m := len(s.World.Slack.Messages("#caro-monitoring")), len(s.World.Mail.Messages()); n != 1 || m != 1 {
		t.Errorf("%d messages and %d mails", n, m)
	}
}

func TestTheMonthInRetrospect(t *testing.T) {
	s := newStage(t)
	s.record(t, 21)
	s.World.SetNow(time.Date(2026, 1, 28, 9, 0, 0, 0, time.UTC))
	n := s.Repo.OpenIssue("ann", "all is gone @everyone", "")
	s.Repo.Label("bob", n, "P0")
	s.Repo.Label("bob", n, "false-alarm")
	s.World.SetNow(time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC))
	s.must(t, "-period", "month", "-of", "2026-01")
	page := s.page("2026/01.md")
	for _, want := range []string{"January 2026 in review", "**Crash rate**: 1 alert, active on 3 days", "**Thresholds that never fired:** Open P0 bugs", "Net Promoter Score", "| Crash rate<br><sub>24 hours</sub> | 5 of 8 | 0.05% | 2.5% |",
		"1 urgent issue: 1 false alarm (", "`all is gone @everyone`"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

func TestWhatIsMissingIsSaidOnce(t *testing.T) {
	s := newStage(t)
	s.Env["GITHUB_REPOSITORY"] = ""
	if code, out := s.run(t); code != 2 || strings.Count(out, "no repository is named") != 1 || !strings.Contains(out, "-repository owner/name") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestOddWeeks(t *testing.T) {
	s := newStage(t)
	s.World.SetNow(time.Date(2027, 1, 5, 6, 0, 0, 0, time.UTC))
	if out := s.must(t, "-dry-run"); !strings.Contains(out, "report=reports/2026/W53/README.md") || !strings.Contains(out, "there are no readings of 2026-W53, so there is nothing to report: run snapshot first") {
		t.Errorf("after week 53: %s", out)
	}
	if page, err := os.ReadFile(filepath.Join(s.Dir, "dry-run/reports/2026/W53/README.md")); err != nil || !strings.Contains(string(page), "snapshot writes them, and must run first") {
		t.Errorf("%v\n%s", err, page)
	}
	if out := s.must(t); !strings.Contains(out, "there are no readings of 2026-W53") || s.digests() != "" {
		t.Errorf("a week without readings: %s", out)
	}
	for of, want := range map[string]string{"2026-W54": "has no such week", "2027-W01": "not over yet", "week 5": "an ISO week such as", "2025-W53": "has no such week"} {
		if code, out := s.run(t, "-of", of); code != 2 || !strings.Contains(out, want) {
			t.Errorf("of %s: exit %d, %s", of, code, out)
		}
	}
	if code, out := s.run(t, "-period", "month", "-of", "2026-13"); code != 2 || !strings.Contains(out, "a month such as") {
		t.Errorf("exit %d, %s", code, out)
	}
	if code, out := s.run(t, "-period", "year"); code != 2 || !strings.Contains(out, "week or month") {
		t.Errorf("exit %d, %s", code, out)
	}
}

func TestADryRunTouchesNothing(t *testing.T) {
	s := newStage(t)
	s.record(t, 10)
	s.World.SetNow(time.Date(2026, 2, 2, 6, 23, 0, 0, time.UTC))
	before := len(s.World.Requests())
	s.must(t, "-dry-run")
	for _, r := range s.World.Requests()[before:] {
		if r.Method != "GET" && r.Path != "/graphql" {
			t.Errorf("it sent %s %s", r.Method, r.Path)
		}
	}
	if _, err := os.Stat(filepath.Join(s.Dir, "dry-run/reports/2026/W05/README.md")); err != nil {
		t.Error(err)
	}
}

// TestTheShippedWorkflow runs .github/workflows/digest.yml itself.
func TestTheShippedWorkflow(t *testing.T) {
	s := newStage(t)
	s.record(t, 10)
	job := acttest.Job{
		Workflow: ".github/workflows/digest.yml", Event: "workflow_dispatch", Payload: []byte(`{"inputs":{"period":"week","of":"2026-W05"}}`),
		Env:     map[string]string{"GITHUB_API_URL": s.World.GitHub.URL, "GITHUB_GRAPHQL_URL": s.World.GitHub.URL + "/graphql", "SLACK_API_URL": s.World.Slack.URL},
		Secrets: map[string]string{"GITHUB_TOKEN": fake.WorkflowToken, "SLACK_BOT_TOKEN": fake.SlackToken, "SMTP_URL": s.World.Mail.URL + "?tls=none&from=aftercare@caro.example"},
		Files:   map[string]string{"rules.yaml": small}, Prebuilt: "digest",
	}
	for range 2 {
		log, err := acttest.Run(t, job)
		if err != nil || !strings.Contains(log, "Job succeeded") {
			t.Fatalf("%v\n%s", err, log)
		}
	}
	if s.digests() != "Caro v1.1.0-beta: week 2 (26 Jan – 1 Feb 2026) (open)" || len(s.World.Mail.Messages()) != 1 || s.page("2026/W05/README.md") == "" {
		t.Errorf("the digests are %s, %d mails", s.digests(), len(s.World.Mail.Messages()))
	}
}

// monday moves the clock to the Monday after a week of the release.
func (s *stage) monday(n int) {
	s.World.SetNow(time.Date(2026, 2, 2, 7, 0, 0, 0, time.UTC).AddDate(0, 0, 7*(n-1)))
}

// TestDigest_AnOlderIssueStopsNothing holds that last week's issue, locked or
// deleted, keeps the new week from nobody, and neither the weeks after it.
func TestDigest_AnOlderIssueStopsNothing(t *testing.T) {
	for name, harm := range map[string]func(s *stage, n int){
		"locked":  func(s *stage, n int) { s.Repo.LockIssue("bob", n) },
		"deleted": func(s *stage, n int) { s.Repo.DeleteIssue(n) },
		"deleted while it is looked for": func(s *stage, n int) {
			s.World.Before = func(r *http.Request) {
				if strings.HasSuffix(r.URL.Path, fmt.Sprintf("/issues/%d/comments", n)) {
					s.World.Before = nil
					s.Repo.DeleteIssue(n)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.record(t, 30)
			for week := 1; week <= 3; week++ {
				s.monday(week)
				if code, out := s.run(t); code != 0 {
					t.Fatalf("week %d: exit %d: %s", week, code, out)
				}
				if got := len(s.World.Mail.Messages()); got != week {
					t.Errorf("week %d: %d mails", week, got)
				}
				if got := len(s.World.Slack.Messages("#caro-monitoring")); got != week {
					t.Errorf("week %d: %d messages", week, got)
				}
				if week == 1 {
					harm(s, s.Repo.Issues()[0].Number)
				}
			}
			if name == "locked" && s.Repo.Issues()[0].State != "closed" {
				t.Error("the locked issue is open")
			}
		})
	}
}

// TestDigest_GoesOutWithoutAnIssue holds that mail and Slack get the week once
// where its issue cannot be opened, or takes no record, also by a second run.
func TestDigest_GoesOutWithoutAnIssue(t *testing.T) {
	for name, c := range map[string]struct {
		fault fake.Fault
		code  int
	}{
		"it cannot be opened":   {fake.Fault{On: "github", Method: "POST", Path: "/issues$", Do: fake.Forbidden}, 1},
		"it takes no record":    {fake.Fault{On: "github", Method: "POST", Path: "/comments$", Do: fake.Forbidden}, 0},
		"issues cannot be read": {fake.Fault{On: "github", Method: "GET", Path: "/issues$", Do: fake.Forbidden}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.record(t, 15)
			s.monday(1)
			s.World.Fail(c.fault)
			for range 2 {
				code, out := s.run(t)
				if code != c.code || len(s.World.Mail.Messages()) != 1 || len(s.World.Slack.Messages("#caro-monitoring")) != 1 {
					t.Fatalf("exit %d, %d mails, %d messages: %s", code, len(s.World.Mail.Messages()), len(s.World.Slack.Messages("#caro-monitoring")), out)
				}
				s.World.Advance(time.Hour)
			}
			if s.Repo.Files("main")["reports/2026/W05/README.md"] == nil {
				t.Error("the page is missing")
			}
			s.World.Heal()
			if code, out := s.run(t); code != 0 || len(s.World.Mail.Messages()) != 1 {
				t.Errorf("healed: exit %d, %d mails: %s", code, len(s.World.Mail.Messages()), out)
			}
		})
	}
}
