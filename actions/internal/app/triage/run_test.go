package triage

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/apptest"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

const (
	urgentTitle = "caro wiped my home directory!!"
	urgentBody  = "I asked it to clean up old logs.\n\nEverything in my home directory was deleted, mail me at ann@mail.example."
)

func TestAnUrgentIssueIsToldOnce(t *testing.T) {
	s := newStage(t, "")
	n := s.Repo.OpenIssue("ann", urgentTitle, urgentBody)
	s.World.Advance(time.Minute)
	got := s.event(t, "opened", n)
	if got.Code != 0 {
		t.Fatalf("exit %d: %s%s", got.Code, got.Stdout, got.Stderr)
	}
	if labels := s.labels(n); !strings.Contains(labels, "P0") || !strings.Contains(labels, "critical") {
		t.Errorf("the issue has the labels %q", labels)
	}
	if n := got.Asked("github"); n > 6+len(s.Repo.Labels()) {
		t.Errorf("%d requests to GitHub", n)
	}
	messages := s.World.Slack.Messages("#caro-alerts")
	if len(messages) != 1 {
		t.Fatalf("%d messages, want 1", len(messages))
	}
	text := string(messages[0].Blocks)
	for _, want := range []string{"\\u003c!channel\\u003e", "wiped my home directory", "10:01 UTC (1h)", "docs/incident-response.md", "/issues/1"} {
		if !strings.Contains(text, want) && !strings.Contains(text, strings.NewReplacer("\\u003c", "<", "\\u003e", ">").Replace(want)) {
			t.Errorf("the message lacks %q: %s", want, text)
		}
	}
	comments := s.Repo.Issue(n).Comments
	if len(comments) != 1 || !strings.Contains(comments[0].Body, "has been told in `#caro-alerts`") {
		t.Errorf("the issue's comments are %+v", comments)
	}
	if got.Outputs["alerts"] == "[]" || !strings.Contains(got.Outputs["labels"], `"P0"`) {
		t.Errorf("the outputs are %v", got.Outputs)
	}
	for _, action := range []string{"opened", "edited", "labeled", "reopened"} {
		again := s.event(t, action, n)
		if again.Code != 0 || again.Outputs["labels"] != "[]" || again.Outputs["alerts"] != "[]" {
			t.Errorf("%s again: exit %d, %v, %s", action, again.Code, again.Outputs, again.Stdout)
		}
	}
	if n := len(s.World.Slack.Messages("#caro-alerts")); n != 1 {
		t.Errorf("%d messages after the same again, want 1", n)
	}
	if u := s.World.Unknown(); len(u) > 0 {
		t.Errorf("the world was asked for what it does not know: %v", u)
	}
}

// without are the shipped rules without a section.
func without(t *testing.T, section string) string {
	t.Helper()
	src, err := os.ReadFile("../../../../rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	rest := regexp.MustCompile(`(?m)^`+section+`:.*\n`).ReplaceAllString(string(src), "")
	if len(rest) == len(src) {
		t.Fatalf("rules.yaml has no line of %s", section)
	}
	return rest
}

func TestHowManyRequestsARunMakes(t *testing.T) {
	s := newStage(t, without(t, "similar"))
	// The repository has its labels already, as it has after the first weeks.
	warm := s.Repo.OpenIssue("ann", urgentTitle, "the panic is in config.rs, on linux, a bug")
	s.event(t, "opened", warm)
	for _, c := range []struct {
		name, title, body, action string
		most                      int
	}{
		{"nothing to be done", "hm", "so", "opened", 0},
		{"an edit that changes nothing", "hm", "so", "edited", 0},
		{"plain labels on a new issue", "A bug in the output", "", "opened", 1},
		{"plain labels after an edit", "Another bug", "", "edited", 3},
		{"an urgent issue", urgentTitle, "", "opened", 4},
		{"an urgent issue after an edit", urgentTitle, "", "edited", 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := s.Repo.OpenIssue("ann", c.title, c.body)
			got := s.event(t, c.action, n)
			if got.Code != 0 || got.Asked("github") > c.most {
				t.Errorf("exit %d and %d requests, want at most %d: %v\n%s", got.Code, got.Asked("github"), c.most, got.Requests, got.Stdout)
			}
		})
	}
}

func TestLabelsAreCreatedWithTheirColour(t *testing.T) {
	s := newStage(t, "labels: [{name: broken, color: d73a4a, description: Broken}]\ntriage: [{label: broken, any: [broken]}]\n")
	n := s.Repo.OpenIssue("ann", "It is broken", "")
	if got := s.event(t, "opened", n); got.Code != 0 {
		t.Fatal(got.Stdout)
	}
	if got := s.World.Count("github", "PATCH", "/labels/broken"); got != 1 {
		t.Errorf("the new label was painted %d times", got)
	}
	second := s.Repo.OpenIssue("ann", "That is broken too", "")
	s.event(t, "opened", second)
	if got := s.World.Count("github", "PATCH", "/labels/broken"); got != 1 {
		t.Errorf("a label that was there was painted: %d", got)
	}
}

func TestAPersonHasTheLastWord(t *testing.T) {
	s := newStage(t, "")
	n := s.Repo.OpenIssue("ann", urgentTitle, urgentBody)
	s.event(t, "opened", n)
	for _, label := range []string{"P0", "critical"} {
		s.World.Advance(time.Minute)
		s.Repo.Unlabel("maintainer", n, label)
	}
	s.Repo.EditIssue("ann", n, urgentTitle, urgentBody+" Please help!")
	got := s.event(t, "edited", n)
	if labels := s.labels(n); strings.Contains(labels, "P0") || strings.Contains(labels, "critical") {
		t.Errorf("a label that somebody removed is back: %q\n%s", labels, got.Summary)
	}
	if !strings.Contains(got.Summary, "maintainer took it off") {
		t.Errorf("the summary does not say who removed it:\n%s", got.Summary)
	}
	s.Repo.Label("maintainer", n, "P1")
	s.event(t, "labeled", n)
	if labels := s.labels(n); !strings.Contains(labels, "P1") {
		t.Errorf("a label that a person set is gone: %q", labels)
	}
}

func TestALabelPutBackIsNews(t *testing.T) {
	s := newStage(t, "")
	n := s.Repo.OpenIssue("ann", "hm", "")
	for range 2 {
		s.World.Advance(time.Hour)
		s.Repo.Label("maintainer", n, "P0")
		s.event(t, "labeled", n)
		s.event(t, "labeled", n)
		s.Repo.Unlabel("maintainer", n, "P0")
		s.event(t, "edited", n)
	}
	if got := s.told("#caro-alerts"); len(got) != 2 || got[0] == got[1] {
		t.Errorf("told %q, want two episodes", got)
	}
}

func TestALeakIsToldToAllWhoMustHear(t *testing.T) {
	s := newStage(t, "")
	n := s.Repo.OpenIssue("ann", "My email address is in the telemetry export", "see data.json: ann@mail.example, token ghp_abcdefghijklmnopqrstuvwxyz0123456789")
	got := s.event(t, "opened", n)
	if got.Code != 0 {
		t.Fatal(got.Stdout)
	}
	messages := s.World.Slack.Messages("#caro-alerts")
	letters := s.World.Mail.Messages()
	if len(messages) != 1 || len(letters) != 1 {
		t.Fatalf("%d messages and %d mails, want one each", len(messages), len(letters))
	}
	if text := string(messages[0].Blocks); !strings.Contains(text, "channel\\u003e") || !strings.Contains(text, "(15m)") {
		t.Errorf("the stricter terms do not hold: %s", text)
	}
	for _, place := range []string{string(messages[0].Blocks), messages[0].Text, string(letters[0].Raw), got.Summary, got.Stdout, got.Stderr} {
		if strings.Contains(place, "ann@mail.example") || strings.Contains(place, "ghp_") {
			t.Errorf("personal data went out: %s", place)
		}
	}
	s.event(t, "edited", n)
	if len(s.World.Mail.Messages()) != 1 {
		t.Error("a second mail was sent")
	}
}

func TestMoreUrgentThanToldIsToldInTheThread(t *testing.T) {
	s := newStage(t, "")
	n := s.Repo.OpenIssue("ann", urgentTitle, "")
	s.event(t, "opened", n)
	s.World.Advance(time.Minute)
	s.Repo.Label("maintainer", n, "privacy-leak")
	if got := s.event(t, "labeled", n); got.Code != 0 {
		t.Fatal(got.Stdout)
	}
	messages := s.World.Slack.Messages("#caro-alerts")
	if len(messages) != 2 || messages[1].Thread != messages[0].TS || !strings.Contains(string(messages[1].Blocks), "More urgent") {
		t.Fatalf("the messages are %+v", messages)
	}
	s.event(t, "labeled", n)
	if len(s.World.Slack.Messages("#caro-alerts")) != 2 {
		t.Error("it was told again")
	}
}

func TestDryRunTouchesNothing(t *testing.T) {
	s := newStage(t, "")
	n := s.Repo.OpenIssue("ann", urgentTitle, urgentBody)
	got := s.event(t, "opened", n, "-dry-run")
	for _, r := range got.Requests {
		if r.Method != "GET" {
			t.Errorf("a dry run sent %s %s", r.Method, r.Path)
		}
	}
	if !strings.Contains(got.Stderr, "would tell alerts by slack, mentioning channel") || !strings.Contains(got.Summary, "A dry run") {
		t.Errorf("the plan is not shown:\n%s\n%s", got.Stderr, got.Summary)
	}
	if s.labels(n) != "" || len(s.World.Slack.Messages("#caro-alerts")) != 0 {
		t.Error("something was touched")
	}
}

func TestAManualRunDoesTheSame(t *testing.T) {
	s := newStage(t, "")
	n := s.Repo.OpenIssue("ann", urgentTitle, urgentBody)
	s.World.Advance(72 * time.Hour)
	got := s.run(t, "workflow_dispatch", []byte(`{"inputs":{"issue":"1"}}`), "-issue", "1")
	if got.Code != 0 || !strings.Contains(s.labels(n), "P0") || len(s.told("#caro-alerts")) != 1 {
		t.Errorf("exit %d, labels %q, told %q: %s", got.Code, s.labels(n), s.told("#caro-alerts"), got.Stdout)
	}
	if again := s.run(t, "workflow_dispatch", nil, "-issue", "1"); again.Outputs["labels"] != "[]" || again.Outputs["alerts"] != "[]" {
		t.Errorf("a second run did %v", again.Outputs)
	}
	for arg, want := range map[string]string{"zero": "expected the number of an issue", "0": "expected the number of an issue", "99": "read issue #99"} {
		if got := s.run(t, "workflow_dispatch", nil, "-issue", arg); got.Code == 0 || !strings.Contains(got.Stdout, want) {
			t.Errorf("-issue %s: exit %d, %q", arg, got.Code, got.Stdout)
		}
	}
}

func TestWithoutChannelsLabelsStillWork(t *testing.T) {
	s := newStage(t, "")
	s.Env["SLACK_BOT_TOKEN"], s.Env["SMTP_URL"] = "", ""
	n := s.Repo.OpenIssue("ann", urgentTitle, urgentBody)
	got := s.event(t, "opened", n)
	if got.Code != 0 || !strings.Contains(s.labels(n), "P0") || !strings.Contains(got.Stdout, "::warning::channel alerts cannot be told of #1: set SLACK_BOT_TOKEN") {
		t.Errorf("exit %d, labels %q, %q", got.Code, s.labels(n), got.Stdout)
	}
	if len(s.Repo.Issue(n).Comments) != 0 {
		t.Error("the issue says that somebody was told")
	}
}

func TestWebhooksReachTheirChannel(t *testing.T) {
	s := newStage(t, "")
	s.Env["SLACK_BOT_TOKEN"] = ""
	s.Env["SLACK_WEBHOOK_URL_ALERTS"] = s.World.Slack.WebhookURL("caro-alerts")
	n := s.Repo.OpenIssue("ann", urgentTitle, urgentBody)
	if got := s.event(t, "opened", n); got.Code != 0 {
		t.Fatal(got.Stdout)
	}
	messages := s.World.Slack.Messages("#caro-alerts")
	if len(messages) != 1 || messages[0].By != "webhook" {
		t.Errorf("the messages are %+v", messages)
	}
}

func TestEventsThatAreNoneOfOurBusiness(t *testing.T) {
	s := newStage(t, "")
	n := s.Repo.OpenIssue("ann", urgentTitle, "")
	own := s.Repo.OpenIssue("github-actions[bot]", "Week 5: a crash and a bug", "")
	for _, c := range []struct {
		name, event string
		payload     []byte
		args        []string
		code        int
		want        string
	}{
		{"another action", "issues", s.Repo.Event(n, "closed"), nil, 0, "was closed, which changes no label"},
		{"another event", "push", []byte(`{}`), nil, 0, `a run for "push"`},
		{"by hand, without an issue", "", nil, []string{"-dry-run"}, 2, "expected -issue"},
		{"asked for, without an issue", "workflow_dispatch", []byte(`{}`), nil, 0, `a run for "workflow_dispatch"`},
		{"our own issue", "issues", s.Repo.Event(own, "edited"), nil, 0, "is our own"},
		{"no JSON", "issues", []byte("<html>"), nil, 1, "is not an issue event"},
		{"half a payload", "issues", s.Repo.Event(n, "opened")[:100], nil, 1, "is not an issue event"},
		{"no issue in it", "issues", []byte(`{"action":"opened"}`), nil, 1, "names no issue"},
		{"null", "issues", []byte(`null`), nil, 1, "names no issue"},
		{"an empty file", "issues", []byte{}, nil, 1, "is not an issue event"},
		{"fields of other kinds", "issues", []byte(`{"action":"opened","issue":{"number":"7"}}`), nil, 1, "is not an issue event"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := s.run(t, c.event, c.payload, c.args...)
			if got.Code != c.code || !strings.Contains(got.Stdout+got.Stderr, c.want) || len(got.Requests) != 0 {
				t.Errorf("exit %d, %d requests: %s%s", got.Code, len(got.Requests), got.Stdout, got.Stderr)
			}
		})
	}
}

func TestMistakesInRulesAreAnnotations(t *testing.T) {
	s := newStage(t, "labels: [{name: crash}]\ntriage:\n  - {label: crsh, any: [crash]}\n  - {label: crash, any: ['/(/']}\n")
	n := s.Repo.OpenIssue("ann", "crash", "")
	got := s.event(t, "opened", n)
	if got.Code != 2 || strings.Count(got.Stdout, ",file=rules.yaml,line=") != 2 || !strings.Contains(got.Stdout, `did you mean "crash"?`) {
		t.Errorf("exit %d: %s", got.Code, got.Stdout)
	}
	if len(got.Requests) != 0 {
		t.Errorf("it went on: %v", got.Requests)
	}
}

func TestAForbiddenTokenGetsAHint(t *testing.T) {
	s := newStage(t, "")
	s.World.GitHub.Permit(token, "contents:read", "issues:read")
	n := s.Repo.OpenIssue("ann", "A bug", "")
	got := s.event(t, "opened", n)
	if got.Code != 1 || !strings.Contains(got.Stdout, "(hint: add `issues: write` to the job's permissions)") {
		t.Errorf("exit %d: %s", got.Code, got.Stdout)
	}
}

// The inputs and outputs of the action are those that the program knows and
// that the design names.
func TestTheActionIsThatOfItsProgram(t *testing.T) {
	m, err := runner.ReadManifest(apptest.Manifest(t, "triage"))
	if err != nil {
		t.Fatal(err)
	}
	for _, input := range []string{"github-token", "rules", "repository", "dry-run", "as-of", "issue", "explain", "title", "body", "json"} {
		if _, ok := m.Inputs[input]; !ok {
			t.Errorf("action.yml has no input %s", input)
		}
	}
	for _, output := range []string{"labels", "removed", "alerts"} {
		if _, ok := m.Outputs[output]; !ok {
			t.Errorf("action.yml has no output %s", output)
		}
	}
	if len(m.Inputs) != 10 || len(m.Outputs) != 3 {
		t.Errorf("action.yml declares %d inputs and %d outputs that nobody knows of", len(m.Inputs), len(m.Outputs))
	}
}

func TestALabelTakenOffAtOnceStaysOff(t *testing.T) {
	s := newStage(t, "labels: [{name: bug}]\ntriage: [{label: bug, any: [bug]}]\n")
	n := s.Repo.OpenIssue("ann", "A bug", "")
	s.event(t, "opened", n)
	s.Repo.Unlabel("maintainer", n, "bug")
	for _, action := range []string{"edited", "labeled", "reopened"} {
		if s.event(t, action, n); s.labels(n) != "" {
			t.Errorf("%s puts it back", action)
		}
	}
	s.World.Advance(newness)
	if s.event(t, "opened", n); s.labels(n) != "" {
		t.Error("the same event, run again later, puts it back")
	}
}
