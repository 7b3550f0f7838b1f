package gate

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/acttest"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

const criteria = `
release: {project: Caro, version: v1.1.0-beta, shipped: 2026-01-24, ga: 2026-02-15}
metrics: [{id: p0_bugs}, {id: command_success_rate}]
gate:
  must:
    - {metric: p0_bugs, is: '= 0'}
    - {metric: command_success_rate, is: '>= 75%'}
    - {days_without: p0_bugs, is: '>= 3'}
  nice:
    - {metric: stars_per_week, is: '>= 100', window: 21d}
    - {manual: Featured on the front page}
`

type stage struct {
	world *fake.World
	repo  *fake.Repository
	dir   string
	env   map[string]string
}

func newStage(t testing.TB) *stage {
	t.Helper()
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	world.SetNow(time.Date(2026, 2, 10, 9, 0, 0, 0, time.UTC))
	dir := t.TempDir()
	s := &stage{world, world.GitHub.Repository, dir, map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "caro/caro", "GITHUB_API_URL": world.GitHub.URL, "GITHUB_GRAPHQL_URL": world.GitHub.URL + "/graphql",
		"GITHUB_EVENT_NAME": "workflow_dispatch", "GITHUB_TOKEN": fake.WorkflowToken, "GITHUB_WORKSPACE": dir, "GITHUB_OUTPUT": filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"),
	}}
	if err := os.WriteFile(filepath.Join(dir, "rules.yaml"), []byte(criteria), 0o644); err != nil {
		t.Fatal(err)
	}
	return s
}

// record commits a reading a day from the day of the release to the days before
// now; p0 says how many P0 bugs stood open on a day.
func (s *stage) record(t testing.TB, last time.Time, p0 func(day time.Time) float64, success float64) {
	t.Helper()
	byMonth := map[string][]metric.Reading{}
	for at := time.Date(2026, 1, 24, 9, 0, 0, 0, time.UTC); !at.After(last); at = at.AddDate(0, 0, 1) {
		bugs, part, whole, share := p0(at), success*10, 1000.0, success
		byMonth[metric.Month(at)] = append(byMonth[metric.Month(at)],
			metric.Reading{At: at, Metric: "p0_bugs", From: at, Until: at, Unit: "issues", Value: &bugs},
			metric.Reading{At: at, Metric: "command_success_rate", From: at.AddDate(0, 0, -3), Until: at, Unit: "%", Value: &share, Part: &part, Whole: &whole})
	}
	files := map[string][]byte{}
	for month, readings := range byMonth {
		files["reports/data/readings/"+month+".ndjson"] = metric.Encode(readings)
	}
	s.repo.Commit("github-actions[bot]", "main", "readings", files)
}

func never(time.Time) float64 { return 0 }

func (s *stage) run(t testing.TB, args ...string) (int, string) {
	t.Helper()
	os.Remove(s.env["GITHUB_OUTPUT"])
	var stdout, stderr bytes.Buffer
	code := runner.Run(t.Context(), runner.Program{Manifest: manifest(t), Run: Run}, runner.Process{
		Args: append([]string{"gate"}, args...), Getenv: func(n string) string { return s.env[n] }, Environ: func() []string { return nil },
		Clock: s.world.Now, Sleep: s.world.Sleep, Stdout: &stdout, Stderr: &stderr,
	})
	out, _ := os.ReadFile(s.env["GITHUB_OUTPUT"])
	return code, stdout.String() + stderr.String() + string(out)
}

func (s *stage) page() string { return string(s.repo.Files("main")["reports/gate.md"]) }

func TestTheGateDecides(t *testing.T) {
	for _, c := range []struct {
		name    string
		last    time.Time
		p0      func(time.Time) float64
		success float64
		want    string
		page    []string
	}{
		{"all is well", time.Date(2026, 2, 10, 8, 0, 0, 0, time.UTC), never, 94.8, "go", []string{"# Release gate: GO\n", "all 3 required criteria met", "| ✅ | **Command success rate**<br><sub>3 days</sub> | ≥ 75% |", "948 of 1,000", "**Open P0 bugs**<br><sub>now</sub>", "**New stars**<br><sub>21 days</sub> | ≥ 100 |", "in 5 days"}},
		{"a P0 is open", time.Date(2026, 2, 10, 8, 0, 0, 0, time.UTC), func(at time.Time) float64 { return map[bool]float64{true: 1}[at.Day() == 10 && at.Month() == 2] }, 94.8, "no-go", []string{"# Release gate: NO-GO", "missed: Open P0 bugs"}},
		{"one was open yesterday", time.Date(2026, 2, 10, 8, 0, 0, 0, time.UTC), func(at time.Time) float64 { return map[bool]float64{true: 1}[at.Day() == 9 && at.Month() == 2] }, 94.8, "no-go", []string{"Days without: Open P0 bugs"}},
		{"too little works", time.Date(2026, 2, 10, 8, 0, 0, 0, time.UTC), never, 70, "no-go", []string{"| ❌ | **Command success rate**"}},
		{"the record is old", time.Date(2026, 2, 7, 8, 0, 0, 0, time.UTC), never, 94.8, "unknown", []string{"# Release gate: UNDECIDED", "it was last measured on 2026-02-07"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			s.record(t, c.last.Add(time.Hour), c.p0, c.success)
			code, out := s.run(t)
			if code != 0 || !strings.Contains(out, "decision="+c.want+"\n") {
				t.Fatalf("exit %d: %s", code, out)
			}
			for _, want := range c.page {
				if !strings.Contains(s.page(), want) {
					t.Errorf("the page lacks %q:\n%s", want, s.page())
				}
			}
			commits := len(s.repo.Log("main"))
			if code, out := s.run(t); code != 0 || len(s.repo.Log("main")) != commits {
				t.Errorf("the same again: exit %d, %d commits more: %s", code, len(s.repo.Log("main"))-commits, out)
			}
			for fail, want := range map[string]int{"never": 0, "no-go": map[string]int{"no-go": 1}[c.want], "unknown": map[string]int{"no-go": 1, "unknown": 1}[c.want]} {
				if code, out := s.run(t, "-fail-on", fail); code != want {
					t.Errorf("fail-on %s: exit %d, want %d: %s", fail, code, want, out)
				}
			}
		})
	}
}

func TestWhatIsMissingIsSaidOnce(t *testing.T) {
	s := newStage(t)
	if code, out := s.run(t, "-fail-on", "always"); code != 2 || !strings.Contains(out, "expected never, no-go or unknown") {
		t.Errorf("exit %d: %s", code, out)
	}
	s.env["GITHUB_REPOSITORY"] = ""
	if code, out := s.run(t); code != 2 || strings.Count(out, "no repository is named") != 1 || !strings.Contains(out, "-repository owner/name") {
		t.Errorf("exit %d: %s", code, out)
	}
}

// What somebody waives lets the release through, and nobody is told that it is
// met; when its time is over it stands in the way.
func TestAWaiverIsShown(t *testing.T) {
	s := newStage(t)
	waived := strings.Replace(criteria, "{metric: p0_bugs, is: '= 0'}", "{metric: p0_bugs, is: '= 0', waived: {owner: lena, reason: the fix ships with GA, until: 2026-02-10}}", 1)
	waived = strings.Replace(waived, "    - {days_without: p0_bugs, is: '>= 3'}\n", "", 1)
	if err := os.WriteFile(filepath.Join(s.dir, "rules.yaml"), []byte(waived), 0o644); err != nil {
		t.Fatal(err)
	}
	s.record(t, s.world.Now(), func(time.Time) float64 { return 1 }, 94.8)
	_, out := s.run(t)
	for _, want := range []string{"decision=go\n", "release gate: GO (1 waiver): 1 of 2 required criteria met, waived: Open P0 bugs"} {
		if !strings.Contains(out, want) {
			t.Errorf("it said %s, without %q", out, want)
		}
	}
	for _, want := range []string{"# Release gate: GO (1 waiver)\n", "1 of 2 required criteria met, waived: Open P0 bugs", "| 🟦 | **Open P0 bugs**<br><sub>now</sub> | 0 | missed: 1 issue, off target (0 issues); waived by lena until 2026-02-10: the fix ships with GA |"} {
		if !strings.Contains(s.page(), want) {
			t.Errorf("the page lacks %q:\n%s", want, s.page())
		}
	}
	s.world.Advance(24 * time.Hour)
	s.record(t, s.world.Now(), func(time.Time) float64 { return 1 }, 94.8)
	if _, out := s.run(t); !strings.Contains(out, "decision=no-go\n") || !strings.Contains(s.page(), "waived by lena until 2026-02-10, which is over") {
		t.Errorf("after its time: %s\n%s", out, s.page())
	}
}

func TestABoxCountsFromThoseWhoMayWrite(t *testing.T) {
	s := newStage(t)
	s.record(t, s.world.Now(), never, 94.8)
	if code, out := s.run(t); code != 0 {
		t.Fatal(out)
	}
	issues := s.repo.Issues()
	if len(issues) != 1 || !strings.Contains(issues[0].Body, "- [ ] Featured on the front page") {
		t.Fatalf("the issues are %+v", issues)
	}
	if !strings.Contains(s.page(), "| ➖ | **Featured on the front page**") {
		t.Errorf("not checked:\n%s", s.page())
	}
	tick := func(by string) {
		s.world.Advance(time.Hour)
		body := s.repo.Issue(1).Body
		s.repo.EditIssue(by, 1, issues[0].Title, strings.ReplaceAll(body, "[x]", "[ ]"))
		s.world.Advance(time.Hour)
		s.repo.EditIssue(by, 1, issues[0].Title, strings.Replace(s.repo.Issue(1).Body, "[ ]", "[x]", 1))
		if code, out := s.run(t); code != 0 {
			t.Fatal(out)
		}
	}
	tick("mallory")
	if !strings.Contains(s.page(), "| ➖ | **Featured on the front page**") || !strings.Contains(s.page(), "mallory") {
		t.Errorf("a tick without write access:\n%s", s.page())
	}
	s.repo.Role("bob", "MEMBER")
	tick("bob")
	if !strings.Contains(s.page(), "| ✅ | **Featured on the front page**") || !strings.Contains(s.page(), "bob") {
		t.Errorf("a tick with it:\n%s", s.page())
	}
	if len(s.repo.Issues()) != 1 {
		t.Errorf("%d issues", len(s.repo.Issues()))
	}
}

// A tick counts for who set it, whatever the line has become since; and nothing
// that a person wrote into the issue is lost when the plan gets another box.
func TestGateIssue_KeepsWhatPeopleWrote(t *testing.T) {
	for _, line := range []string{
		"1. [x] Featured on the front page", "-  [x] Featured on the front page", "-\t[x] Featured on the front page", "* [X] Featured on the front page",
		"- [x] Featured on the front page (see #12, Bo)", "- [x] ~~Featured on the front page~~", "- [x] **Featured** on the front page\n  - Reddit, 512 points",
	} {
		s := newStage(t)
		s.repo.Role("bob", "MEMBER")
		s.record(t, s.world.Now(), never, 94.8)
		if code, out := s.run(t); code != 0 {
			t.Fatal(out)
		}
		first, _, _ := strings.Cut(s.repo.Issue(1).Body, "\n")
		written := first + "\r\nOur own words.\r\n\r\n" + line + "\r\n\r\nMore words of ours."
		s.world.Advance(time.Hour)
		s.repo.EditIssue("bob", 1, "Gate, renamed by Bob", written)
		if code, out := s.run(t); code != 0 || s.repo.Issue(1).Body != written || s.repo.Issue(1).Title != "Gate, renamed by Bob" {
			t.Errorf("%q: exit %d, the issue became\n%s\n%s", line, code, s.repo.Issue(1).Body, out)
		}
		if !strings.Contains(s.page(), "| ✅ | **Featured on the front page**") || !strings.Contains(s.page(), "bob") {
			t.Errorf("%q is not met:\n%s", line, s.page())
		}
		more := strings.Replace(criteria, "    - {manual: Featured", "    - {manual: Announced}\n    - {manual: Featured", 1)
		if err := os.WriteFile(filepath.Join(s.dir, "rules.yaml"), []byte(more), 0o644); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if code, out := s.run(t); code != 0 {
				t.Fatal(out)
			}
		}
		body := s.repo.Issue(1).Body
		if !strings.HasPrefix(body, written) || strings.Count(body, "- [ ] Announced") != 1 || strings.Count(body, "Featured") > 1+strings.Count(line, "Featured")-1 {
			t.Errorf("%q: with another box the issue became\n%s", line, body)
		}
		if !strings.Contains(s.page(), "| ✅ | **Featured on the front page**") || !strings.Contains(s.page(), "| ➖ | **Announced**") {
			t.Errorf("%q: with another box the page says\n%s", line, s.page())
		}
	}
}

// The label of the gate's issue is the one that rules.yaml names, in the colour
// that it declares.
func TestGateIssue_HasTheLabelOfTheRules(t *testing.T) {
	for _, c := range []struct{ name, labels, gate, want string }{
		{"nothing is said", "", "", "aftercare-gate 1d76db The boxes that people tick before the next release"},
		{"declared", "labels: [{name: aftercare-gate, color: ff0000, description: Ours}]\n", "", "aftercare-gate ff0000 Ours"},
		{"named", "labels: [{name: go-no-go, color: 00ff00}]\n", "  labels: [go-no-go]\n", "go-no-go 00ff00 "},
	} {
		s := newStage(t)
		src := c.labels + strings.Replace(criteria, "gate:\n", "gate:\n"+c.gate, 1)
		if err := os.WriteFile(filepath.Join(s.dir, "rules.yaml"), []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
		s.record(t, s.world.Now(), never, 94.8)
		for range 2 {
			if code, out := s.run(t); code != 0 {
				t.Fatal(out)
			}
		}
		var got []string
		for _, name := range s.repo.Issue(1).Labels {
			color, description := s.repo.Look(name)
			got = append(got, name+" "+color+" "+description)
		}
		if strings.Join(got, "; ") != c.want || len(s.repo.Issues()) != 1 {
			t.Errorf("%s: %d issues, labelled %q, want %q", c.name, len(s.repo.Issues()), got, c.want)
		}
	}
}

// The status stands on the commit of the tag, whatever signs the tag bears.
func TestTheStatusStandsOnTheReleasesCommit(t *testing.T) {
	for _, tag := range []string{"v1.1.0-beta", "@caro/cli@1.1.0", "cli/v1.1.0+build#5%20"} {
		t.Run(tag, func(t *testing.T) { standsOn(t, tag) })
	}
}

func standsOn(t *testing.T, tag string) {
	s := newStage(t)
	rules := strings.Replace(criteria, "version: v1.1.0-beta", "version: '"+tag+"'", 1)
	if err := os.WriteFile(filepath.Join(s.dir, "rules.yaml"), []byte(rules), 0o644); err != nil {
		t.Fatal(err)
	}
	released := s.repo.Commit("ann", "main", "the release", map[string][]byte{"Cargo.toml": []byte("x")})
	s.repo.Release("ann", tag, "beta", true)
	s.record(t, s.world.Now(), never, 94.8)
	for range 2 {
		if code, out := s.run(t); code != 0 {
			t.Fatal(out)
		}
	}
	set := 0
	for _, r := range s.world.Requests() {
		if r.Method == "POST" && strings.HasSuffix(r.Path, "/statuses/"+released) {
			set++
		}
	}
	if set != 1 {
		t.Errorf("the status was set %d times on %s", set, released)
	}
}

func TestAScheduledRunWaitsForItsWeek(t *testing.T) {
	s := newStage(t)
	s.env["GITHUB_EVENT_NAME"] = "schedule"
	s.world.SetNow(time.Date(2026, 2, 2, 7, 41, 0, 0, time.UTC))
	if code, out := s.run(t); code != 0 || !strings.Contains(out, "begins on 2026-02-09") || s.page() != "" {
		t.Errorf("exit %d: %s", code, out)
	}
	s.world.SetNow(time.Date(2026, 2, 9, 7, 41, 0, 0, time.UTC))
	if code, out := s.run(t); code != 0 || !strings.Contains(out, "decision=unknown") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestADryRunTouchesNothing(t *testing.T) {
	s := newStage(t)
	s.record(t, s.world.Now(), never, 94.8)
	before := len(s.world.Requests())
	if code, out := s.run(t, "-dry-run"); code != 0 || !strings.Contains(out, "decision=go") {
		t.Fatalf("exit %d: %s", code, out)
	}
	for _, r := range s.world.Requests()[before:] {
		if r.Method != "GET" && r.Path != "/graphql" {
			t.Errorf("it sent %s %s", r.Method, r.Path)
		}
	}
	if _, err := os.Stat(filepath.Join(s.dir, "dry-run/reports/gate.md")); err != nil {
		t.Error(err)
	}
}

// Where nothing was measured yet, it is said what to do; so where one criterion is
// new.
func TestTheGateBeforeTheFirstSnapshot(t *testing.T) {
	s := newStage(t)
	if code, out := s.run(t, "-dry-run"); code != 0 || !strings.Contains(out, "there are no readings in reports/data/readings, so nothing can be decided: run snapshot first") {
		t.Errorf("exit %d: %s", code, out)
	}
	if page, _ := os.ReadFile(filepath.Join(s.dir, "dry-run/reports/gate.md")); strings.Count(string(page), "there are no readings yet: snapshot must have run before") != 3 {
		t.Errorf("the page says\n%s", page)
	}
	s.record(t, s.world.Now(), never, 94.8)
	if _, out := s.run(t); strings.Contains(out, "run snapshot first") || !strings.Contains(s.page(), "it was not measured over this window yet: the next snapshot will") {
		t.Errorf("%s\n%s", out, s.page())
	}
}

// A decision about a past day touches nothing of today's, and looks at no
// reading that was still to come.
func TestLookingBack(t *testing.T) {
	s := newStage(t)
	s.record(t, s.world.Now(), func(at time.Time) float64 { return map[bool]float64{true: 1}[at.Day() == 9 && at.Month() == 2] }, 94.8)
	before := len(s.world.Requests())
	if code, out := s.run(t, "-as-of", "2026-02-05T10:00:00Z"); code != 0 || !strings.Contains(out, "decision=go") {
		t.Errorf("exit %d: %s", code, out)
	}
	for _, r := range s.world.Requests()[before:] {
		if r.Method != "GET" && r.Path != "/graphql" {
			t.Errorf("it sent %s %s", r.Method, r.Path)
		}
	}
}

func TestTheActionIsThatOfItsProgram(t *testing.T) {
	m, err := runner.ReadManifest(manifest(t))
	if err != nil {
		t.Fatal(err)
	}
	for name := range m.Inputs {
		if want := fmt.Sprintf("%s: ${{ inputs.%s }}", runner.Variable(name), name); !strings.Contains(string(manifest(t)), want) {
			t.Errorf("the action does not map %s", name)
		}
	}
}

// TestTheShippedWorkflow runs .github/workflows/gate.yml itself.
func TestTheShippedWorkflow(t *testing.T) {
	s := newStage(t)
	s.world.SetNow(time.Now().UTC())
	log, err := acttest.Run(t, acttest.Job{
		Workflow: ".github/workflows/gate.yml", Event: "workflow_dispatch", Payload: []byte(`{"inputs":{"fail-on":"no-go"}}`),
		Env:     map[string]string{"GITHUB_API_URL": s.world.GitHub.URL, "GITHUB_GRAPHQL_URL": s.world.GitHub.URL + "/graphql"},
		Secrets: map[string]string{"GITHUB_TOKEN": fake.WorkflowToken},
		Files:   map[string]string{"rules.yaml": criteria},
	})
	if err != nil || !strings.Contains(log, "release gate: UNDECIDED") || !strings.Contains(s.page(), "# Release gate: UNDECIDED") {
		t.Errorf("%v\n%s", err, log)
	}
}

// manifest is the action.yml that the program embeds.
func manifest(t testing.TB) []byte {
	t.Helper()
	src, err := os.ReadFile("../../../gate/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	return src
}
