package snapshot

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/metric"
)

func (s *stage) must(t testing.TB, args ...string) outcome {
	t.Helper()
	got := s.run(t, args...)
	if got.code != 0 {
		t.Fatalf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	return got
}

// contains holds that a text has others in it; a page's no-break spaces are spaces.
func contains(t testing.TB, what, text string, wants ...string) {
	t.Helper()
	text = strings.ReplaceAll(text, "\u00a0", " ")
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %q:\n%s", what, want, text)
		}
	}
}

func TestASnapshotIsMeasuredAndFiled(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 400, 0)
	n := s.repo.OpenIssue("ann", "it is slow @everyone | <b>", "", "bug")
	s.world.Advance(time.Hour)
	s.repo.Comment("bob", n, "we look at it")
	spam := s.repo.OpenIssue("eve", "cheap watches", "")
	s.world.Advance(time.Hour)
	s.repo.CloseIssue("lena", spam)
	got := s.must(t)
	contains(t, "the page", s.report("README.md"), "# Caro v1.1.0-beta: ", "| 🟢 | Crash rate<br><sub>24 hours</sub> | 0%<br><sub>0 of 400 session ids</sub>", "| 🟢 | Command success rate<br><sub>3 days</sub> | 90%<br><sub>360 of 400 commands",
		"| 🟢 | Time to first response, median<br><sub>7 days</sub> | 1 h<br><sub>sample 1 issue</sub>", "| 🟢 | User satisfaction (1–5)<br><sub>7 days</sub> | 4.5", "day 1 · phase Launch")
	contains(t, "the day", s.report("2026/W04/2026-01-24.md"), "# Daily check: ", "- [x] **Issues**: 2 opened in the last 24 hours, 0 of them without a response", "`cheap watches`: closed", "`it is slow @everyone ¦ <b>`")
	readings, damaged := metric.Decode([]byte(s.report("data/readings/2026-01.ndjson")))
	if len(damaged) > 0 || len(readings) != 18 {
		t.Errorf("%d readings, damaged %q", len(readings), damaged)
	}
	week := slices.IndexFunc(readings, func(r metric.Reading) bool { return r.Metric == "crash_rate" && r.Until.Sub(r.From) == 7*24*time.Hour })
	if week < 0 || *readings[week].Whole != 400 {
		t.Errorf("the digest's week of crash_rate is not among the readings: %+v", readings)
	}
	if page := s.report("README.md"); strings.Count(page, "Crash rate<br>") != 1 || strings.Contains(page, "21 days") {
		t.Errorf("the windows of the digest and of the gate stand on the page of today:\n%s", page)
	}
	if got.outputs["verdict"] != "unknown" || got.outputs["report"] != "reports/2026/W04/2026-01-24.md" || len(got.outputs["commit"]) != 40 || got.outputs["alerts"] != "[]" {
		t.Errorf("the outputs are %v", got.outputs)
	}
	if log := s.repo.Log("main"); log[0].Message != "aftercare: 2026-01-24" {
		t.Errorf("the commit says %q", log[0].Message)
	}
	if u := s.world.Unknown(); len(u) > 0 {
		t.Errorf("the world was asked for what it does not know: %v", u)
	}
	again := s.must(t)
	if all, unmodified := again.githubRequests(); all > 12 || 2*unmodified <= all {
		t.Errorf("again: %d requests to GitHub, %d not modified", all, unmodified)
	}
	if again.outputs["commit"] != "" {
		t.Errorf("the same facts were committed again: %s", again.stdout)
	}
}

// What a job of the shipped workflow may do is enough for all that GitHub is
// asked, but for the alerts about dependencies, which need a token of their own.
func TestThePermissionsOfTheWorkflowAreEnough(t *testing.T) {
	src, err := os.ReadFile("../../../../.github/workflows/snapshot.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct{ Permissions map[string]string }
	}
	if err := yaml.Unmarshal(src, &workflow); err != nil || len(workflow.Jobs) != 2 {
		t.Fatalf("%d jobs: %v", len(workflow.Jobs), err)
	}
	for name, job := range workflow.Jobs {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, "")
			s.telemetry(t, 40, 0)
			s.repo.Discuss("ann", "Help", "How is it switched off?", "")
			var permissions []string
			for scope, level := range job.Permissions {
				permissions = append(permissions, scope+": "+level)
			}
			s.world.GitHub.Permit(token, permissions...)
			got := s.must(t)
			for line := range strings.Lines(got.stdout) {
				if strings.HasPrefix(line, "::warning") && !strings.Contains(line, "alerts about dependencies") {
					t.Errorf("with %v: %s", permissions, line)
				}
			}
		})
	}
}

func TestAMissingPermissionIsNamed(t *testing.T) {
	s := newStage(t, "")
	s.world.GitHub.Permit(token, "contents: write", "issues: write")
	contains(t, "the log", s.must(t).stdout, "::warning::github, discussions: read the discussions: GitHub says Resource not accessible by integration (add `discussions: read` to the job's permissions)")
}

// A threshold is crossed, crossed further, and left again: each channel hears
// each of it once, however often the run is repeated.
func TestAnAlertIsToldOnceAndEnds(t *testing.T) {
	s := newStage(t, "")
	repeat := func() {
		for range 2 {
			s.must(t)
			s.must(t, "-priority", "P0")
			s.world.Advance(7 * time.Minute)
		}
	}
	s.telemetry(t, 1000, 0)
	repeat()
	s.telemetry(t, 1000, 60)
	repeat()
	alerts := s.said("#caro-alerts")
	if len(alerts) != 1 || !strings.Contains(alerts[0], "Crash rate 6%: critical") {
		t.Fatalf("alerts heard %q", alerts)
	}
	blocks := string(s.world.Slack.Messages("#caro-alerts")[0].Blocks)
	contains(t, "the message", blocks, "60 of 1", "critical", "incident-response.md", "channel", "reports/2026/W04/2026-01-24.md")
	contains(t, "the page", s.report("README.md"), "# Caro v1.1.0-beta: 🔴 Critical", "1 critical", "| 🔴 | **Crash rate**")
	s.world.Advance(2 * time.Hour)
	s.telemetry(t, 1000, 60)
	repeat()
	if alerts = s.said("#caro-alerts"); len(alerts) != 2 || !strings.Contains(alerts[1], "no response") {
		t.Fatalf("after the time to answer, alerts heard %q", alerts)
	}
	s.world.Advance(24 * time.Hour)
	s.telemetry(t, 1000, 0)
	repeat()
	alerts = s.said("#caro-alerts")
	messages := s.world.Slack.Messages("#caro-alerts")
	if len(alerts) != 3 || !strings.Contains(alerts[2], "Resolved: Crash rate") || messages[2].Thread != messages[0].TS {
		t.Errorf("alerts heard %q", alerts)
	}
	if m := s.said("#caro-monitoring"); len(m) != 0 {
		t.Errorf("monitoring heard %q of what goes to alerts", m)
	}
}

// Somebody takes it on, in the thread or by a reaction: nobody is reminded. Where
// the channel cannot be read, or the answer is our own, they are.
func TestWhoHasAnsweredIsNotReminded(t *testing.T) {
	for name, c := range map[string]struct {
		answer   func(s *stage, ts string)
		reminded bool
	}{
		"nobody":                   {func(*stage, string) {}, true},
		"an answer in the thread":  {func(s *stage, ts string) { s.world.Slack.Answer("#caro-alerts", ts, "UOMAR", "I look at it") }, false},
		"a reaction":               {func(s *stage, ts string) { s.world.Slack.React("#caro-alerts", ts, "UOMAR", "eyes") }, false},
		"a word beside the thread": {func(s *stage, ts string) { s.world.Slack.Answer("#caro-alerts", "", "UOMAR", "lunch?") }, true},
		"a bot in the thread":      {func(s *stage, ts string) { s.world.Slack.Answer("#caro-alerts", ts, "bot", "ticket made") }, true},
		"the channel is not shown": {func(s *stage, ts string) {
			s.world.Slack.Answer("#caro-alerts", ts, "UOMAR", "I do")
			s.world.Fail(fake.Fault{On: "slack", Path: "replies", Do: fake.Forbidden})
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, "")
			s.world.Slack.Person("UOMAR", "omar", "Omar | Diaz")
			s.telemetry(t, 200, 14)
			s.must(t)
			c.answer(s, s.world.Slack.Messages("#caro-alerts")[0].TS)
			for range 2 {
				s.world.Advance(2 * time.Hour)
				s.telemetry(t, 200, 14)
				s.must(t, "-priority", "P0")
				s.must(t)
			}
			reminded := strings.Count(strings.Join(s.said("#caro-alerts"), "\n"), "no response")
			if want := map[bool]int{true: 1}[c.reminded]; reminded != want {
				t.Errorf("reminded %d times, want %d: %q", reminded, want, s.said("#caro-alerts"))
			}
			if asked := s.world.Count("slack", "", "replies"); !c.reminded && asked != 1 {
				t.Errorf("asked %d times", asked)
			}
			if named := strings.Contains(s.report("data/alerts.json"), `"answerer": "Omar | Diaz"`); named == c.reminded {
				t.Errorf("who responded is named: %t:\n%s", named, s.report("data/alerts.json"))
			}
		})
	}
}

func TestTooFewCasesWakeNobody(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 50, 1)
	s.must(t)
	if got := append(s.said("#caro-alerts"), s.said("#caro-monitoring")...); len(got) != 0 {
		t.Errorf("told %q", got)
	}
	contains(t, "the page", s.report("README.md"), "too few cases to tell")
}

// What fired is not over while its value is past the threshold, though by too few
// cases to tell.
func TestTooFewCasesEndNothing(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 1000, 60)
	s.must(t)
	for _, c := range []struct{ sessions, crashed, told int }{{67, 1, 1}, {67, 1, 1}, {400, 0, 2}} {
		s.world.Advance(24 * time.Hour)
		s.telemetry(t, c.sessions, c.crashed)
		s.must(t)
		if said := s.said("#caro-alerts"); len(said) != c.told {
			t.Errorf("after %d of %d, alerts heard %q", c.crashed, c.sessions, said)
		}
	}
}

func TestAYankIsToldAtOnce(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 100, 0)
	s.must(t)
	s.world.Advance(15 * time.Minute)
	s.world.Crates.Yank("caro", "1.1.0-beta")
	before := len(s.repo.Log("main"))
	got := s.must(t, "-priority", "P0")
	if said := s.said("#caro-alerts"); len(said) != 1 || !strings.Contains(said[0], "Yanked versions: 1 (") {
		t.Errorf("told %q: %s", said, got.stdout)
	}
	if n := len(s.repo.Log("main")) - before; n != 2 {
		t.Errorf("%d commits, want the claim and the record", n)
	}
	for range 3 {
		s.world.Advance(15 * time.Minute)
		if again := s.must(t, "-priority", "P0"); again.outputs["commit"] != "" && again.outputs["alerts"] == "[]" {
			t.Errorf("a sweep without news committed: %v", again.outputs)
		}
	}
}

// What a sweep tells, and a later one tells to be over, stands on the page of the
// day though no reading of it shows it.
func TestWhatFiredBetweenTwoReadingsIsOnThePage(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 400, 0)
	s.must(t)
	s.world.Advance(15 * time.Hour)
	s.world.Crates.Yank("caro", "1.1.0-beta")
	s.must(t, "-priority", "P0")
	s.world.Advance(75 * time.Minute)
	s.world.Crates.Unyank("caro", "1.1.0-beta")
	s.must(t, "-priority", "P0")
	s.world.Advance(8 * time.Hour)
	s.telemetry(t, 400, 0)
	s.must(t)
	page := s.report("2026/W04/2026-01-25.md")
	contains(t, "the day", page, "- [x] **Alerts**: none active, 1 resolved in the last 24 hours\n- [", "| 🔴 Yanked versions: 1 | 1.1.0-beta | 1h 15m |")
	s.world.Advance(24 * time.Hour)
	s.telemetry(t, 400, 0)
	s.must(t)
	contains(t, "the day after", s.report("2026/W05/2026-01-26.md"), "- [x] **Alerts**: none active\n- [")
	s.must(t, "-as-of", "2026-01-25T00:30:00Z")
	contains(t, "the day, seen from then", s.report("2026/W04/2026-01-25.md"), "🔴 Yanked versions: 1 | 1.1.0-beta | ongoing")
}

// An urgent issue whose event was lost is told by the next sweep, once.
func TestAnUrgentIssueThatNobodyHeardOf(t *testing.T) {
	s := newStage(t, "")
	n := s.repo.OpenIssue("ann", "a meltdown", "the meltdown came at noon", "P0")
	quiet := s.repo.OpenIssue("bob", "a question", "", "bug")
	for range 3 {
		s.must(t, "-priority", "P0")
		s.world.Advance(15 * time.Minute)
	}
	said := s.world.Slack.Messages("#caro-alerts")
	told := 0
	for _, m := range said {
		if strings.Contains(m.Text, fmt.Sprintf("(#%d)", n)) {
			told++
		}
	}
	if told != 1 || len(s.repo.Issue(n).Comments) != 1 || len(s.repo.Issue(quiet).Comments) != 0 {
		t.Errorf("told %d times, the issue has %d comments: %q", told, len(s.repo.Issue(n).Comments), s.said("#caro-alerts"))
	}
}

// A new issue whose event was lost gets from the next sweep what its words earn,
// if that is urgent: the labels, and the message, once. What a person took off
// stays off, what is plain or old is left alone, and so is what the event's own
// run has had no time for yet.
func TestAnIssueWhoseEventWasLost(t *testing.T) {
	s := newStage(t, strings.Replace(small, "triage: [", "triage: [{label: bug, any: [bug]}, ", 1))
	old := s.repo.OpenIssue("ann", "a meltdown of old", "")
	older := s.repo.OpenIssue("ann", "a bug of old", "", "P0")
	s.world.Advance(49 * time.Hour)
	plain := s.repo.OpenIssue("ann", "a bug", "")
	taken := s.repo.OpenIssue("ann", "no meltdown at all, a meltdown of another tool", "", "P0")
	s.repo.Unlabel("omar", taken, "P0")
	own := s.repo.OpenIssue("github-actions[bot]", "week 4 summary: a meltdown", "")
	urgent := s.repo.OpenIssue("ann", "a bug: meltdown", "")
	s.must(t, "-priority", "P0")
	if said := s.said("#caro-alerts"); len(said) != 1 || !strings.Contains(said[0], "of old") {
		t.Errorf("told %q while the event's run may be on its way", said)
	}
	s.world.Advance(15 * time.Minute)
	if dry := s.must(t, "-priority", "P0", "-dry-run"); !strings.Contains(dry.stderr, fmt.Sprintf("would add bug, P0 to #%d", urgent)) {
		t.Errorf("a dry run said %s", dry.stderr)
	}
	for range 3 {
		s.must(t, "-priority", "P0")
		s.world.Advance(15 * time.Minute)
		s.repo.Comment("omar", plain, "Which version?")
	}
	reads := slices.DeleteFunc(s.world.Requests(), func(r fake.Request) bool { return r.Path != fmt.Sprintf("/repos/caro/caro/issues/%d", plain) })
	if len(reads) != 0 {
		t.Errorf("an issue that is not urgent was read %d times", len(reads))
	}
	for n, want := range map[int]string{old: "", older: "P0", own: "", plain: "", taken: "", urgent: "P0 bug"} {
		has := slices.Sorted(slices.Values(s.repo.Issue(n).Labels))
		if strings.Join(has, " ") != want {
			t.Errorf("#%d %s: labels %q, want %q", n, s.repo.Issue(n).Title, has, want)
		}
	}
	said := strings.Join(s.said("#caro-alerts"), "\n")
	if strings.Count(said, "P0: a bug: meltdown") != 1 || strings.Contains(said, "another tool") || len(s.repo.Issue(urgent).Comments) != 1 {
		t.Errorf("told %q", said)
	}
}

// Each source in turn is down or lies: its metrics are unknown with the reason,
// the others are measured, nobody is woken, and the run is well.
func TestASourceThatIsDown(t *testing.T) {
	lie := func(name, text string) func(testing.TB, *stage) {
		return func(t testing.TB, s *stage) { s.put(t, name, text) }
	}
	for _, c := range []struct {
		name   string
		break_ func(testing.TB, *stage)
		page   string
		known  string
	}{
		{"the registry", func(_ testing.TB, s *stage) { s.world.Fail(fake.Fault{On: "crates", Do: fake.BadGateway}) }, "**registries, crates**", "| 🟢 | Crash rate"},
		{"the registry sends HTML", func(_ testing.TB, s *stage) { s.world.Fail(fake.Fault{On: "crates", Do: fake.HTML}) }, "**registries, crates**", "| 🟢 | Crash rate"},
		{"no telemetry", func(t testing.TB, s *stage) { os.RemoveAll(filepath.Join(s.dir, "telemetry")) }, "**telemetry**", "| 🟢 | Yanked versions"},
		{"telemetry is HTML", lie("telemetry/a.json", "<!doctype html>\n"), "telemetry/a.json:1", "| 🟢 | Yanked versions"},
		{"surveys without their columns", lie("surveys/a.csv", "When,How\n1,2\n"), "surveys/a.csv:1", "| 🟢 | Crash rate"},
		{"alerts are not for us", func(_ testing.TB, s *stage) {
			s.world.Fail(fake.Fault{On: "github", Path: "dependabot", Do: fake.Forbidden})
		}, "AFTERCARE\\_TOKEN", "| 🟢 | Open P0 bugs"},
		{"GraphQL", func(_ testing.TB, s *stage) {
			s.world.Fail(fake.Fault{On: "github", Path: "/graphql", Do: fake.BadGateway})
		}, "Crash rate", "| 🟢 | Crash rate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t, "")
			s.telemetry(t, 400, 0)
			s.repo.OpenIssue("ann", "a bug", "", "bug")
			c.break_(t, s)
			got := s.must(t)
			contains(t, "the page", s.report("README.md"), c.page, c.known)
			if said := append(s.said("#caro-alerts"), s.said("#caro-monitoring")...); len(said) != 0 {
				t.Errorf("told %q: %s", said, got.stdout)
			}
		})
	}
}

// What is unknown neither fires an alert nor ends one, and is news itself after
// a day.
func TestUnknownFreezesAnAlert(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 1000, 60)
	s.must(t)
	os.RemoveAll(filepath.Join(s.dir, "telemetry"))
	for range 5 {
		s.world.Advance(5 * time.Hour)
		s.must(t)
	}
	for _, said := range s.said("#caro-alerts") {
		if strings.Contains(said, "Resolved") {
			t.Errorf("told %q", said)
		}
	}
	for range 3 {
		s.world.Advance(5 * time.Hour)
		s.must(t)
	}
	if said := strings.Join(s.said("#caro-monitoring"), "; "); strings.Count(said, "No data for more than a day") != 1 {
		t.Errorf("monitoring heard %q", said)
	}
}

func TestADryRunWritesTheSameFilesAndTouchesNothing(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 1000, 60)
	got := s.must(t, "-dry-run")
	for _, r := range got.requests {
		if r.Method != "GET" && r.Path != "/graphql" {
			t.Errorf("a dry run sent %s %s to %s", r.Method, r.Path, r.Server)
		}
	}
	contains(t, "the log", got.stderr, "would tell alerts by slack: Crash rate: critical")
	dry, err := os.ReadFile(filepath.Join(s.dir, "dry-run/reports/README.md"))
	if err != nil {
		t.Fatal(err)
	}
	s.must(t)
	// Only what was sent has a time by which a response is due.
	if told := regexp.MustCompile(` \(due [^)]*\)`).ReplaceAllString(s.report("README.md"), ""); string(dry) != told {
		t.Errorf("the dry run wrote\n%s\nand the run\n%s", dry, told)
	}
}

func TestABackFill(t *testing.T) {
	s := newStage(t, "")
	s.world.Advance(72 * time.Hour)
	s.telemetry(t, 100, 0)
	n := s.repo.OpenIssue("ann", "a bug", "", "bug")
	s.world.Advance(48 * time.Hour)
	s.repo.CloseIssue("ann", n)
	s.world.Advance(24 * time.Hour)
	s.must(t, "-since", "2026-01-24")
	readings, _ := metric.Decode([]byte(s.report("data/readings/2026-01.ndjson")))
	var bugs []string
	for _, r := range readings {
		if r.Metric == "open_bugs" {
			bugs = append(bugs, fmt.Sprintf("%s %g", r.At.Format("02"), *r.Value))
		}
	}
	if got := strings.Join(bugs, ", "); got != "24 0, 25 0, 26 0, 26 0, 27 1, 28 1, 29 0, 30 0" { // twice on the Monday: of the week that was over, and of the day
		t.Errorf("open bugs by day: %s", got)
	}
	contains(t, "the chart", s.report("charts/open_bugs.svg"), "<svg", "prefers-color-scheme")
	for arg, want := range map[string]string{"soon": "a day such as", "2036-01-01": "a day of the last", "1999-01-01": "a day of the last"} {
		if got := s.run(t, "-since", arg); got.code != 2 || !strings.Contains(got.stdout, want) {
			t.Errorf("since %s: exit %d, %s", arg, got.code, got.stdout)
		}
	}
	if got := s.run(t, "-priority", "P7"); got.code != 2 {
		t.Errorf("priority P7: exit %d", got.code)
	}
}

// A run about the most urgent alone leaves the pages, which speak of all, as they
// are.
func TestAPartOfTheMetricsMakesNoPage(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 400, 0)
	s.must(t)
	page := s.report("README.md")
	s.world.Advance(time.Hour)
	s.telemetry(t, 500, 0)
	s.must(t, "-priority", "P1")
	if s.report("README.md") != page {
		t.Error("today's page was written from a part of the metrics")
	}
	contains(t, "the readings", s.report("data/readings/2026-01.ndjson"), `"whole":500`)
}

func TestADryRunMakesNoBranch(t *testing.T) {
	s := newStage(t, small+"reports: {branch: aftercare-reports}\n")
	s.telemetry(t, 400, 0)
	for _, r := range s.must(t, "-dry-run").requests {
		if r.Method != "GET" && r.Path != "/graphql" {
			t.Errorf("a dry run sent %s %s to %s", r.Method, r.Path, r.Server)
		}
	}
	s.must(t)
	if len(s.repo.Files("aftercare-reports")["reports/README.md"]) == 0 {
		t.Error("the branch was not made")
	}
}

func TestAPlanWithoutMetricsIsNotWell(t *testing.T) {
	s := newStage(t, "release: {project: X, version: v1, shipped: 2026-01-01}\n")
	got := s.must(t)
	if !strings.Contains(got.summary, "No metric has data yet") || !strings.Contains(got.stdout, "there is nothing to measure") {
		t.Errorf("%s%s", got.stdout, got.summary)
	}
}

func TestOneEventWithPersonalData(t *testing.T) {
	s := newStage(t, "")
	s.put(t, "telemetry/a.json", fmt.Sprintf(`{"id":"00000000-0000-4000-8000-000000000001","session_id":"0000000000000001","timestamp":"%s","type":"session_start","version":"1.1.0-beta","platform":"linux-x86_64","shell_type":"ann@mail.example"}`+"\n", s.world.Now().Add(-time.Hour).UTC().Format(time.RFC3339)))
	contains(t, "the log", s.must(t).stdout, "1 event of telemetry holds personal data and was not taken in")
}

// A mistake in one's own SQL is told: as a warning, in the summary and on the
// page.
func TestAMistakeInOnesOwnSQL(t *testing.T) {
	s := newStage(t, strings.Replace(small, "SELECT max(date_diff('day', created_at, $2))", "SELECT max(date_dif('day', created_at, $2))", 1))
	s.telemetry(t, 100, 0)
	got := s.must(t)
	for what, text := range map[string]string{"the log": got.stdout, "the summary": strings.ReplaceAll(got.summary, "\\_", "_"), "the page": strings.ReplaceAll(s.report("README.md"), "\\_", "_")} {
		contains(t, what, text, "the metric oldest has no answer, see its sql in rules.yaml: the query cannot be answered", "date_dif")
	}
	if !strings.Contains(got.stdout, "::warning") {
		t.Errorf("it is no annotation: %s", got.stdout)
	}
}

// The plan's own metric finds a label however it is written.
func TestTheOldestBugOfThePlan(t *testing.T) {
	shipped, err := os.ReadFile("../../../../rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, string(shipped))
	s.repo.OpenIssue("ann", "it fails", "", "Bug")
	s.world.Advance(5 * 24 * time.Hour)
	s.must(t)
	contains(t, "the page", s.report("README.md"), "| 🟢 | [Oldest open bug](charts/oldest_open_bug.svg) | 5 days |")
}

// Reports that say the same count for the oldest of them.
func TestNearDuplicatesAddUp(t *testing.T) {
	s := newStage(t, strings.Replace(small, "  - {id: open_bugs}", "  - {id: open_bugs}\n  - {id: pain_points}\n  - {id: feature_requests}", 1))
	for i, title := range []string{"[Feature] Undo the last command with a shortcut", "Please add a shortcut to undo the last command", "Dark mode for the settings page", "A shortcut that undoes the last command"} {
		s.repo.OpenIssue([]string{"ann", "ben", "cho", "dora"}[i], title, "", "enhancement")
	}
	s.repo.Comment("eve", 1, "I would use it each day.")
	s.repo.Comment("eve", 1, "Any news?")
	s.repo.Comment("ben", 1, "I asked for it, too.")
	s.repo.Comment("ci[bot]", 1, "A label was added.")
	s.repo.Role("lena", "MEMBER")
	s.repo.Comment("lena", 1, "We think about it.")
	s.repo.React(1, "+1", 1)
	s.repo.React(2, "rocket", 1)
	s.repo.React(3, "-1", 9)
	s.world.Advance(time.Hour)
	s.repo.CloseIssue("lena", 4)
	s.world.Advance(time.Hour)
	s.must(t)
	// Of #1: two who wish it, one person, one that was closed as known, and one
	// open. Nobody wishes #3.
	contains(t, "the page", s.report("README.md"), "`#1 Undo the last command with a shortcut` 5", "`#3 Dark mode for the settings page` 0")
	if page := s.report("README.md"); strings.Contains(page, "#2 ") {
		t.Errorf("what is said twice stands there twice:\n%s", page)
	}
}

// A run about a day that is past fills in its page, tells nobody, and leaves
// today's page and the memory alone.
func TestLookingBack(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 1000, 60)
	s.world.Advance(72 * time.Hour)
	s.must(t)
	today, memory := s.report("README.md"), s.report("data/alerts.json")
	s.must(t, "-as-of", "2026-01-24T10:30:00Z")
	contains(t, "the day's page", s.report("2026/W04/2026-01-24.md"), "Saturday, 24 January 2026", "Crash rate", "6%")
	if said := s.said("#caro-alerts"); len(said) != 0 || s.report("README.md") != today || s.report("data/alerts.json") != memory {
		t.Errorf("told %q, or today was touched", said)
	}
}

// A memory that is damaged is noticed, and the last whole version taken: nobody
// is told twice.
func TestADamagedMemoryIsRestored(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 1000, 60)
	s.must(t)
	whole := s.report("data/alerts.json")
	for name, text := range map[string]string{"cut": whole[:len(whole)/2], "another byte": strings.Replace(whole, "crash_rate", "crash_rats", 1), "emptied": ""} {
		s.repo.Commit("somebody", "main", "oops", map[string][]byte{"reports/data/alerts.json": []byte(text)})
		got := s.must(t)
		contains(t, name+": the log", got.stdout, "is damaged", "takes its place")
		if said := s.said("#caro-alerts"); len(said) != 1 {
			t.Fatalf("%s: told %q", name, said)
		}
		if memory, err := alert.Decode([]byte(s.report("data/alerts.json"))); err != nil || len(memory.Alerts) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAProtectedBranch(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 100, 0)
	s.repo.Protect("main", fake.GH006)
	got := s.run(t)
	if got.code != 1 || !strings.Contains(got.stdout, "protected") || !strings.Contains(got.stdout, "aftercare-reports") {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	if _, err := os.Stat(filepath.Join(s.dir, "dry-run/reports/README.md")); err != nil {
		t.Errorf("the files are not kept: %v", err)
	}
}

// Sixteen runs at once: one message, a line of commits, every run well.
func TestSixteenRunsAtOnce(t *testing.T) {
	s := newStage(t, "")
	s.telemetry(t, 1000, 60)
	s.env["AFTERCARE_CACHE"] = "" // each on a machine of its own
	var all sync.WaitGroup
	runs := 16
	if testing.Short() {
		runs = 6
	}
	for range runs {
		all.Go(func() {
			if got := s.run(t); got.code != 0 {
				t.Errorf("exit %d: %s", got.code, got.stdout)
			}
		})
	}
	all.Wait()
	if said := s.said("#caro-alerts"); len(said) != 1 {
		t.Errorf("told %q", said)
	}
	for i, c := range s.repo.Log("main") {
		if len(c.Parents) > 1 {
			t.Errorf("commit %d has %d parents", i, len(c.Parents))
		}
	}
}

// A repository that installs in the middle of a release has a record from its
// first run on: each day since the release, and the week that is over.
func TestTheFirstRunFillsIn(t *testing.T) {
	s := newStage(t, "")
	s.world.Advance(48 * time.Hour)
	s.telemetry(t, 100, 0)
	n := s.repo.OpenIssue("ann", "a bug", "", "bug")
	s.world.Advance(96 * time.Hour)
	s.repo.CloseIssue("ann", n)
	s.world.Advance(24 * time.Hour)
	s.must(t)
	today := s.world.Now().Format(time.DateOnly)
	known, days := 0, map[string]bool{}
	readings, _ := metric.Decode([]byte(s.report("data/readings/2026-01.ndjson")))
	for _, r := range readings {
		days[r.At.Format(time.DateOnly)] = true
		if r.Metric == "open_bugs" && r.Value != nil && r.At.Format(time.DateOnly) != today {
			known++
		}
	}
	if len(days) < 7 || known < 6 {
		t.Errorf("%d days with readings, %d of open bugs before today: %v", len(days), known, days)
	}
	contains(t, "the page of today", s.report("README.md"), "came before the first snapshot and were measured in it")
	contains(t, "the page of a day", s.report("2026/W05/2026-01-27.md"), "measured afterwards on")
	s.world.Advance(time.Hour)
	s.telemetry(t, 120, 0)
	s.must(t)
	if page := s.report("README.md"); strings.Contains(page, "came before the first snapshot") {
		t.Errorf("the second run fills in again:\n%.600s", page)
	}
}
