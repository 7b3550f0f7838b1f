package check

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/acttest"
	"github.com/aftercare/aftercare/actions/internal/apptest"
	"github.com/aftercare/aftercare/actions/internal/fake"
)

const plan = `labels: [{name: crash, color: b60205}, {name: P0, color: b60205}, {name: never, color: b60205}]
triage:
  - {label: crash, any: [crash]}
  - {label: P0, any: [gone]}
  - {label: never, any: [unheard]}
channels: {alerts: {slack: '#alerts'}}
routes: [{label: P0, to: [alerts]}]
`

type stage struct {
	*apptest.Stage
	rules    string
	services *fake.Services // nil where none are there
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{Stage: apptest.NewStage(t, plan)}
	s.Repo.Commit("ann", "main", "the plan", map[string][]byte{"rules.yaml": []byte(plan)})
	for i, title := range []string{"it crashes", "it panics | `hard` @everyone", "all is gone", "how do I …?"} {
		s.World.Advance(20 * 24 * time.Hour)
		n := s.Repo.OpenIssue("ann", title, "")
		if i < 2 {
			s.Repo.Label("bob", n, "crash")
		}
	}
	s.Env["GITHUB_TOKEN"] = "x"
	return s
}

func (s *stage) run(t testing.TB, rules string, args ...string) (code int, out, summary string) {
	t.Helper()
	o := s.check(t, rules, args...)
	return o.Code, o.Stdout + o.Stderr, o.Summary
}

func (s *stage) check(t testing.TB, rules string, args ...string) apptest.Outcome {
	t.Helper()
	s.Put(t, "rules.yaml", rules)
	return s.Run(t.Context(), t, apptest.Program{Name: "check", Run: Run}, nil, args...)
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestWhatAChangeWouldHaveDone(t *testing.T) {
	s := newStage(t)
	changed := strings.NewReplacer("[crash]", "[crash, panic]", "any: [gone]", "any: [vanished]").Replace(plan)
	o := s.check(t, changed)
	want := "on the last 4 issues: 1 loses P0, 1 gains crash; 0.5 fewer pages a month (0, was 0.5)"
	if o.Code != 0 || !strings.Contains(o.Log(), want) {
		t.Errorf("exit %d: %s\nwant %s", o.Code, o.Log(), want)
	}
	for _, want := range []string{"[issue 2](https://github.com/caro/caro/issues/2) gains it: ``it panics ¦ `hard` @everyone``", "| 1 | crash | 2 | 100 % | 100 % |", "Rule 3 (never) found nothing"} {
		if !strings.Contains(o.Summary, want) {
			t.Errorf("the summary lacks %q:\n%s", want, o.Summary)
		}
	}
	if o.Output != "changed=2\n" {
		t.Errorf("the output is %q", o.Output)
	}
	if sent := o.Writes(); len(sent) > 0 {
		t.Errorf("a check sent %q", sent)
	}
}

// A label that the repository has under another spelling is named, and what
// people gave under that name is learned from.
func TestCheck_LabelsUnderAnotherSpelling(t *testing.T) {
	s := newStage(t)
	for _, name := range []string{"kind/never", ":fire: p0"} {
		s.World.GitHub.Repository.Label("bob", 4, name)
	}
	code, out, _ := s.run(t, plan)
	for _, want := range []string{`label "never" is "kind/never" in this repository`, `label "P0" is ":fire: p0" in this repository`} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("exit %d: %s\nwant %s", code, out, want)
		}
	}
	if strings.Contains(out, `label "crash"`) {
		t.Errorf("a label that is there is said to be missing: %s", out)
	}
}

func TestAPullRequestIsComparedWithItsBase(t *testing.T) {
	s := newStage(t)
	repo := s.World.GitHub.Repository
	sha := repo.Commit("ann", "main", "another plan", map[string][]byte{"rules.yaml": []byte(strings.Replace(plan, "[crash]", "[panic]", 1))})
	repo.Commit("ann", "main", "and another", map[string][]byte{"rules.yaml": []byte(plan)})
	payload, _ := json.Marshal(map[string]any{"pull_request": map[string]any{"base": map[string]any{"sha": sha}}})
	s.Env["GITHUB_EVENT_NAME"], s.Env["GITHUB_EVENT_PATH"] = "pull_request", filepath.Join(s.Dir, "event.json")
	write(t, s.Env["GITHUB_EVENT_PATH"], string(payload))
	if code, out, _ := s.run(t, plan); code != 0 || !strings.Contains(out, "1 gains crash, 1 loses crash") {
		t.Errorf("exit %d: %s", code, out)
	}
	s.Env["GITHUB_EVENT_NAME"] = "workflow_dispatch"
	if code, out, _ := s.run(t, plan); code != 0 || !strings.Contains(out, "it changes nothing") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestMistakesBecomeAnnotationsInTheFile(t *testing.T) {
	s := newStage(t)
	code, out, _ := s.run(t, strings.Replace(plan, "label: crash,", "label: crsh,", 1)+"gat: {}\n")
	want := "::error col=13,file=rules.yaml,line=3::rules.yaml:3:13: unknown label \"crsh\"; did you mean \"crash\"?"
	if code != 2 || !strings.Contains(out, want) || !strings.Contains(out, "::error col=1,file=rules.yaml,line=8::") {
		t.Errorf("exit %d: %s\nwant %s", code, out, want)
	}
	if n := len(s.World.Requests()); n != 0 {
		t.Errorf("%d requests for rules that have mistakes", n)
	}
}

func TestRulesAreProposedFromThePast(t *testing.T) {
	s := newStage(t)
	for i := range 60 {
		n := s.World.GitHub.OpenIssue("ann", fmt.Sprintf("segfault when I open file %d", i), "")
		if i%2 == 0 {
			s.World.GitHub.EditIssue("ann", n, fmt.Sprintf("please add an option for %d", i), "")
			s.World.GitHub.Label("bob", n, "never")
			continue
		}
		s.World.GitHub.Label("bob", n, "crash")
	}
	code, out, summary := s.run(t, plan, "-learn")
	if code != 0 || !strings.Contains(summary, "Rules that the past proposes") || !strings.Contains(summary, "segfault") {
		t.Errorf("exit %d: %s\n%s", code, out, summary)
	}
}

// Labels that the plan does not know, or too few examples, are said to be the
// reason that nothing is proposed.
func TestTooLittleIsSaidToTeachNothing(t *testing.T) {
	s := newStage(t)
	for i := range 9 {
		n := s.World.GitHub.OpenIssue("ann", fmt.Sprintf("segfault when I open file %d", i), "")
		s.World.GitHub.Label("bob", n, "kind/bug")
		if i < 4 {
			s.World.GitHub.Label("bob", n, "never")
		}
	}
	code, out, summary := s.run(t, plan, "-learn")
	for _, want := range []string{"that people gave to 5 issues or more, and not to 5", "people gave `never` (4 issues), `crash` (2 issues)", "does not declare, so nothing is learned of them: `kind/bug` (9 issues)"} {
		if !strings.Contains(summary, want) {
			t.Errorf("exit %d: %s\nthe summary lacks %q:\n%s", code, out, want, summary)
		}
	}
	if code != 0 || strings.Contains(summary, "macro-F1") {
		t.Errorf("exit %d: %s\n%s", code, out, summary)
	}
}

func TestOddCircumstances(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(*stage)
		args []string
		code int
		want string
	}{
		{"mistakes alone are looked for", func(s *stage) { s.Env["GITHUB_REPOSITORY"] = "" }, []string{"-history", "0"}, 0, "no mistakes; not tried on past issues (-history 0)"},
		{"no repository is named", func(s *stage) { s.Env["GITHUB_REPOSITORY"] = "" }, nil, 0, "not tried on past issues (no repository is named: -repository owner/name does so)"},
		{"learning without issues", func(*stage) {}, []string{"-learn", "-history", "0"}, 2, "-history 0 leaves them all out"},
		{"learning without a repository", func(s *stage) { s.Env["GITHUB_REPOSITORY"] = "" }, []string{"-learn"}, 2, "-repository owner/name says whose"},
		{"a history that is not a number", func(*stage) {}, []string{"-history", "many"}, 2, "expected the number of past issues"},
		{"the rules were not there before", func(s *stage) {}, []string{"-rules", "other.yaml"}, 0, "on the last 4 issues: 0.5 notifications a month"},
		{"they had mistakes before", func(s *stage) {
			s.World.GitHub.Commit("ann", "main", "oops", map[string][]byte{"rules.yaml": []byte("triage: 7")})
		}, nil, 0, "nothing to compare with"},
		{"GitHub is down", func(s *stage) {
			s.World.Fail(fake.Fault{On: "github", Do: fake.BadGateway})
		}, nil, 1, "read rules.yaml as it was before"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			c.set(s)
			write(t, filepath.Join(s.Dir, "other.yaml"), plan)
			if code, out, _ := s.run(t, plan, c.args...); code != c.code || !strings.Contains(out, c.want) {
				t.Errorf("exit %d: %s\nwant %d and %q", code, out, c.code, c.want)
			}
		})
	}
}

// TestTheShippedWorkflow runs .github/workflows/check.yml itself.
func TestTheShippedWorkflow(t *testing.T) {
	s := newStage(t)
	log, err := acttest.Run(t, acttest.Job{
		Workflow: ".github/workflows/check.yml", Event: "workflow_dispatch", Payload: []byte(`{"inputs":{"history":"3"}}`),
		Env:     map[string]string{"GITHUB_API_URL": s.World.GitHub.URL, "GITHUB_GRAPHQL_URL": s.World.GitHub.URL + "/graphql"},
		Secrets: map[string]string{"GITHUB_TOKEN": "x"},
		Files:   map[string]string{"rules.yaml": strings.Replace(plan, "[crash]", "[panic]", 1)}, Prebuilt: "check",
	})
	if err != nil || !strings.Contains(log, "on the last 3 issues: 1 gains crash") {
		t.Errorf("%v\n%s", err, log)
	}
	log, err = acttest.Run(t, acttest.Job{
		Workflow: ".github/workflows/check.yml", Event: "workflow_dispatch", Payload: []byte(`{"inputs":{"notify":"alerts"}}`),
		Env:     map[string]string{"GITHUB_API_URL": s.World.GitHub.URL, "SLACK_API_URL": s.World.Slack.URL},
		Secrets: map[string]string{"GITHUB_TOKEN": "x", "SLACK_BOT_TOKEN": fake.SlackToken},
		Files:   map[string]string{"rules.yaml": plan}, Prebuilt: "check",
	})
	if err != nil || !strings.Contains(log, "the channel alerts: all works") || strings.Contains(log, "on the last") || len(s.World.Slack.Messages("alerts")) != 1 {
		t.Errorf("%v\n%s", err, log)
	}
}

// A label that somebody set whose account was deleted since is a person's: GitHub
// names nobody, and nobody is not the account that Aftercare writes as, also where
// AFTERCARE_LOGIN is unset or empty.
func TestCheck_LabelsOfDeletedAccountsArePeoples(t *testing.T) {
	s := newStage(t)
	changed := strings.NewReplacer("[crash]", "[crash, panic]").Replace(plan)
	_, _, before := s.run(t, changed)
	const row = "| 1 | crash | 2 | 100 % | 100 % |"
	if !strings.Contains(before, row) {
		t.Fatalf("the summary lacks %q: %s", row, before)
	}
	s.World.GitHub.DeleteUser("bob")
	s.Env["AFTERCARE_LOGIN"] = ""
	if _, _, after := s.run(t, changed); !strings.Contains(after, row) {
		t.Errorf("labels of a deleted account count as ours: %s", after)
	}
}
