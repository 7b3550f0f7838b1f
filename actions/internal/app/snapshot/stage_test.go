package snapshot

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	triage "github.com/aftercare/aftercare/actions/internal/app/triage"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/store/postgres"
)

// small is a plan, of each kind of metric.
const small = `
release: {project: Caro, version: v1.1.0-beta, shipped: 2026-01-24, ga: 2026-02-15, phases: [{name: Launch, until: 2026-01-30, focus: [stability]}]}
labels: [{name: P0}, {name: bug}, {name: privacy-leak}, {name: installation}]
triage: [{label: P0, any: [meltdown]}]
channels:
  alerts: {slack: '#caro-alerts'}
  monitoring: {slack: '#caro-monitoring'}
  team: {email: [release@caro.example]}
routes:
  - {label: P0, to: [alerts], mention: channel, respond: 1h, runbook: docs/incident-response.md}
  - {metric: [crash_rate, yanked_versions], level: critical, to: [alerts], mention: channel, respond: 1h, runbook: docs/incident-response.md}
  - {level: warning, to: [monitoring], respond: 4h}
sources:
  telemetry: {exports: telemetry/*.json}
  crates: {package: caro}
  surveys: {files: surveys/*.csv, columns: {at: Timestamp, satisfaction: Overall satisfaction}}
metrics:
  - {id: crash_rate}
  - {id: p0_bugs}
  - {id: yanked_versions}
  - {id: total_sessions}
  - {id: command_success_rate}
  - {id: open_bugs}
  - {id: time_to_first_response}
  - {id: satisfaction}
  - {id: stars_per_week}
  - {id: os_distribution}
  - {id: vulnerabilities}
  - {id: oldest, title: 'How old is the oldest bug?', unit: days, source: github, sql: "SELECT max(date_diff('day', created_at, $2)) AS value FROM issues WHERE state = 'open' AND list_contains(labels, 'bug')"}
gate:
  must: [{metric: stars_per_week, is: '>= 10', window: 21d}]
`

const token = "ghs_simulated"

// stage is a simulated world, a checked-out repository, and a runner on which
// the real program runs.
type stage struct {
	world *fake.World
	repo  *fake.Repository
	dir   string
	env   map[string]string
	runs  atomic.Int64
	// printed is what the programs wrote so far for people: logs, summaries, outputs.
	printed  strings.Builder
	mu       sync.Mutex     // guards printed: tests run programs at the same time
	services *fake.Services // of a test that starts them
}

type outcome struct {
	code                    int
	stdout, stderr, summary string
	outputs                 map[string]string
	requests                []fake.Request
}

func newStage(t testing.TB, rules string) *stage {
	t.Helper()
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	return newStageIn(t, world, rules)
}

// newStageIn is newStage in a world that is there, and that is held to no contract.
func newStageIn(t testing.TB, world *fake.World, rules string) *stage {
	t.Helper()
	world.Slack.Channels("#caro-alerts", "#caro-monitoring")
	s := &stage{world: world, repo: world.GitHub.Repository, dir: t.TempDir(), env: map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "caro/caro", "GITHUB_API_URL": world.GitHub.URL, "GITHUB_GRAPHQL_URL": world.GitHub.URL + "/graphql",
		"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main", "GITHUB_TOKEN": token, "AFTERCARE_CRATES_URL": world.Crates.URL,
		"AFTERCARE_HACKERNEWS_URL": world.Social.URL, "AFTERCARE_REDDIT_URL": world.Social.URL, "MASTODON_URL": world.Social.URL,
		"SLACK_API_URL": world.Slack.URL, "SLACK_BOT_TOKEN": fake.SlackToken, "SMTP_URL": world.Mail.URL + "?tls=none&from=aftercare@caro.example",
	}}
	s.env["GITHUB_WORKSPACE"], s.env["AFTERCARE_CACHE"] = s.dir, ".aftercare/facts.duckdb"
	if rules == "" {
		rules = small
	}
	s.put(t, "rules.yaml", rules)
	world.Crates.Publish("caro", "1.0.0")
	world.Crates.Publish("caro", "1.1.0-beta")
	s.put(t, "surveys/a.csv", fmt.Sprintf("Timestamp,Overall satisfaction\n%s,5\n%s,4\n", world.Now().AddDate(0, 0, -1).Format(time.RFC3339), world.Now().AddDate(0, 0, -2).Format(time.RFC3339)))
	return s
}

func (s *stage) put(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// telemetry writes an export of sessions.
func (s *stage) telemetry(t testing.TB, sessions, crashed int) {
	t.Helper()
	s.put(t, "telemetry/a.json", export(s.world.Now(), sessions, crashed))
}

// export is one of sessions in the hours before now, so many of them crashed, each
// with a command.
func export(now time.Time, sessions, crashed int) string {
	var b strings.Builder
	n := 0
	event := func(session int, kind, fields string) {
		n++
		at := now.Add(-time.Duration(1+session%20) * time.Hour).UTC().Format(time.RFC3339)
		fmt.Fprintf(&b, `{"id":"00000000-0000-4000-8000-%012x","session_id":"%016x","timestamp":"%s","type":"%s",%s}`+"\n", now.Unix()*10000+int64(n), session, at, kind, fields)
	}
	for i := range sessions {
		event(i, "session_start", `"version":"1.1.0-beta","platform":"linux-x86_64","shell_type":"bash"`)
		event(i, "command_generation", fmt.Sprintf(`"backend":"static","duration_ms":%d,"success":%v`, 20+i%50, i%10 > 0))
		if i < crashed {
			event(i, "backend_error", `"backend":"llm","error_category":"oom","recoverable":false`)
		}
	}
	return b.String()
}

// shipped is the program with its driver, as main has it.
var shipped = Program{OpenDatabase: func(ctx context.Context, dsn string, limit time.Duration) (Database, error) {
	return postgres.Open(ctx, dsn, limit)
}}

func (s *stage) run(t testing.TB, args ...string) outcome {
	t.Helper()
	return s.program(t, "snapshot", shipped.Run, map[string]string{"GITHUB_EVENT_NAME": "schedule"}, args...)
}

// triage runs the program triage for an issue that was opened just now.
func (s *stage) triage(t testing.TB, number int) outcome {
	t.Helper()
	return s.triageEvent(t, s.repo.Event(number, "opened"))
}

// triageEvent runs the program triage for an event.
func (s *stage) triageEvent(t testing.TB, payload []byte) outcome {
	t.Helper()
	event := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(event, payload, 0o644); err != nil {
		t.Fatal(err)
	}
	return s.program(t, "triage", triage.Run, map[string]string{"GITHUB_EVENT_NAME": "issues", "GITHUB_EVENT_PATH": event})
}

// program runs one of the programs, as a workflow run of its own.
func (s *stage) program(t testing.TB, name string, run func(context.Context, *runner.Env) error, env map[string]string, args ...string) outcome {
	t.Helper()
	files := t.TempDir()
	env["GITHUB_RUN_ID"], env["GITHUB_RUN_ATTEMPT"] = fmt.Sprint(1000+s.runs.Add(1)), "1"
	env["GITHUB_STEP_SUMMARY"], env["GITHUB_OUTPUT"] = filepath.Join(files, "summary"), filepath.Join(files, "output")
	var stdout, stderr bytes.Buffer
	before := len(s.world.Requests())
	code := runner.Run(t.Context(), runner.Program{Manifest: manifest(t, name), Run: run}, runner.Process{
		Args: append([]string{name}, args...), Environ: func() []string { return nil },
		Getenv: func(name string) string {
			if v, ok := env[name]; ok {
				return v
			}
			return s.env[name]
		},
		Clock: s.world.Now, Sleep: s.world.Sleep, Stdout: &stdout, Stderr: &stderr,
	})
	summary, _ := os.ReadFile(env["GITHUB_STEP_SUMMARY"])
	out, _ := os.ReadFile(env["GITHUB_OUTPUT"])
	s.mu.Lock()
	s.printed.WriteString(stdout.String() + shown(stderr.String()) + string(summary) + string(out))
	s.mu.Unlock()
	outputs := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		outputs[name] = value
	}
	return outcome{code, stdout.String(), shown(stderr.String()), string(summary), outputs, s.world.Requests()[before:]}
}

// report is a file of the folder of reports as it is committed.
func (s *stage) report(name string) string { return string(s.repo.Files("main")["reports/"+name]) }

// said are the messages of a channel, the title of each.
func (s *stage) said(channel string) []string {
	var all []string
	for _, m := range s.world.Slack.Messages(channel) {
		all = append(all, m.Text)
	}
	return all
}

func (o outcome) githubRequests() (all, unmodified int) {
	for _, r := range o.requests {
		if r.Server == "github" {
			all++
			if r.Status == http.StatusNotModified {
				unmodified++
			}
		}
	}
	return all, unmodified
}

// manifest is the action.yml that a program embeds.
func manifest(t testing.TB, program string) []byte {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("../../..", program, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

var maskCommand = regexp.MustCompile(`(?m)^::add-mask::.*\n`)

// shown returns a log as a runner shows it: it takes each add-mask command, and
// shows none of them.
func shown(log string) string { return maskCommand.ReplaceAllString(log, "") }
