package triage

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// refusals are the ways in which an issue takes no record of ours.
var refusals = map[string]func(s *stage, n int){
	"a locked issue":           func(s *stage, n int) { s.Repo.LockIssue("bob", n) },
	"an archived repository":   func(s *stage, _ int) { s.Repo.Archive() },
	"a read-only token":        func(s *stage, _ int) { s.World.GitHub.Permit(token, "issues: read", "contents: read") },
	"a token without contents": func(s *stage, n int) { s.Repo.LockIssue("bob", n); s.World.GitHub.Permit(token, "issues: write") },
}

// TestTriage_NotifiesWhereTheIssueTakesNoRecord holds that a P0 issue reaches
// people although the claim cannot be written on it. A channel that can be read
// gets the message once, one that cannot is told that it may be a repeat.
func TestTriage_NotifiesWhereTheIssueTakesNoRecord(t *testing.T) {
	for name, refuse := range refusals {
		for _, webhook := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, webhook %v", name, webhook), func(t *testing.T) {
				s := newStage(t, leakRules)
				if webhook {
					delete(s.Env, "SLACK_BOT_TOKEN")
					s.Env["SLACK_WEBHOOK_URL"] = s.World.Slack.WebhookURL("#caro-alerts")
				}
				n := s.Repo.OpenIssue("ann", "my telemetry export is public", "", "P0")
				refuse(s, n)
				got := s.event(t, "opened", n)
				if len(s.World.Slack.Messages("#caro-alerts")) != 1 || len(s.World.Mail.Messages()) != 1 {
					t.Fatalf("%d messages and %d mails: %s", len(s.World.Slack.Messages("#caro-alerts")), len(s.World.Mail.Messages()), got.Stdout)
				}
				if got.Outputs["alerts"] == "[]" || strings.Contains(got.Summary, "Not told") {
					t.Errorf("alerts %q, summary %s", got.Outputs["alerts"], got.Summary)
				}
				s.World.Advance(20 * time.Minute)
				s.event(t, "edited", n)
				messages := s.World.Slack.Messages("#caro-alerts")
				last := string(messages[len(messages)-1].Blocks)
				filed := s.Repo.Files("main")["reports/data/alerts.json"] != nil
				switch {
				case filed || !webhook:
					if len(messages) != 1 {
						t.Errorf("%d messages after the second run, want 1", len(messages))
					}
				case len(messages) != 2 || !strings.Contains(last, "possible repeat"):
					t.Errorf("%d messages, the last %s", len(messages), last)
				}
			})
		}
	}
}

// TestTriage_RecordsALockedIssueAmongTheReports holds that a claim that the issue
// refuses is made by a commit, and that it counts when the issue is unlocked.
func TestTriage_RecordsALockedIssueAmongTheReports(t *testing.T) {
	s := newStage(t, leakRules)
	n := s.Repo.OpenIssue("ann", "my telemetry export is public", "")
	s.Repo.LockIssue("bob", n)
	got := s.event(t, "opened", n)
	if got.Code != 0 || !strings.Contains(got.Stdout, "locked") || !strings.Contains(got.Stdout, "data/alerts.json") || len(s.Repo.Issue(n).Labels) != 2 {
		t.Fatalf("exit %d, labels %q: %s", got.Code, s.labels(n), got.Stdout)
	}
	if src := string(s.Repo.Files("main")["reports/data/alerts.json"]); !strings.Contains(src, `"subject": "caro/caro#1"`) || !strings.Contains(src, `"state": "sent"`) || strings.Contains(src, `"pending"`) {
		t.Errorf("the record is %s", src)
	}
	s.Repo.UnlockIssue("bob", n)
	s.World.Advance(time.Hour)
	s.event(t, "edited", n)
	if len(s.World.Slack.Messages("#caro-alerts")) != 1 || len(s.World.Mail.Messages()) != 1 {
		t.Errorf("%d messages and %d mails, want one of each", len(s.World.Slack.Messages("#caro-alerts")), len(s.World.Mail.Messages()))
	}
}

// TestTriage_RecordsAnIssueThatWasLockedWhileItSent holds that a claim which
// cannot be settled is not sent again.
func TestTriage_RecordsAnIssueThatWasLockedWhileItSent(t *testing.T) {
	s := newStage(t, leakRules)
	n := s.Repo.OpenIssue("ann", "my telemetry export is public", "")
	s.World.Fail(fake.Fault{On: "github", Method: "PATCH", Path: "/comments/", Do: fake.Forbidden})
	if got := s.event(t, "opened", n); got.Code != 0 {
		t.Fatal(got.Stdout)
	}
	s.World.Heal()
	s.World.Advance(time.Hour)
	s.event(t, "edited", n)
	if len(s.World.Slack.Messages("#caro-alerts")) != 1 || len(s.World.Mail.Messages()) != 1 {
		t.Errorf("%d messages and %d mails, want one of each", len(s.World.Slack.Messages("#caro-alerts")), len(s.World.Mail.Messages()))
	}
	comments := s.Repo.Issue(n).Comments
	if len(comments) != 1 || strings.Contains(comments[0].Body, `"pending"`) || !strings.Contains(comments[0].Body, "told in `#caro-alerts`") {
		t.Errorf("the comment must say that people were told, once it can be changed: %+v", comments)
	}
}

// TestTriage_AnArchivedRepositoryHasItsOwnSentence holds that nobody is sent to
// look for a permission that does not help.
func TestTriage_AnArchivedRepositoryHasItsOwnSentence(t *testing.T) {
	s := newStage(t, leakRules)
	n := s.Repo.OpenIssue("ann", "my telemetry export is public", "")
	s.Repo.Archive()
	got := s.event(t, "opened", n)
	if got.Code != 1 || !strings.Contains(got.Stdout, "unarchive it") || strings.Contains(got.Stdout, "add `issues: write`") || !strings.Contains(got.Summary, "the repository is archived") {
		t.Errorf("exit %d: %s%s", got.Code, got.Stdout, got.Summary)
	}
	if got.Outputs["labels"] != "[]" {
		t.Errorf("labels %s, and none was taken", got.Outputs["labels"])
	}
}

// TestTriage_ListsOnlyLabelsThatWereAdded holds that log, summary and output state
// the outcome: a label that GitHub refuses is named as refused, with GitHub's
// reason, and does not cost the others.
func TestTriage_ListsOnlyLabelsThatWereAdded(t *testing.T) {
	s := newStage(t, leakRules)
	s.Repo.RefuseLabel("privacy-leak", "name is reserved")
	n := s.Repo.OpenIssue("ann", "my telemetry export is public", "")
	got := s.event(t, "opened", n)
	if s.labels(n) != "P0" || got.Outputs["labels"] != `["P0"]` || got.Code != 1 {
		t.Errorf("exit %d, labels %q, output %s", got.Code, s.labels(n), got.Outputs["labels"])
	}
	if !strings.Contains(got.Stdout, "name is reserved") || !strings.Contains(got.Stderr, "added P0 to #1") {
		t.Errorf("the log is %s", got.Stdout)
	}
	for _, want := range []string{"| **P0** | added |", "| **privacy-leak** | refused |", "was not added: `GitHub says 422"} {
		if !strings.Contains(got.Summary, want) {
			t.Errorf("the summary lacks %q: %s", want, got.Summary)
		}
	}
}

// TestTriage_ListsNoLabelThatWasForbidden is the same for a token that may not.
func TestTriage_ListsNoLabelThatWasForbidden(t *testing.T) {
	s := newStage(t, leakRules)
	n := s.Repo.OpenIssue("ann", "my telemetry export is public", "")
	s.World.Fail(fake.Fault{On: "github", Method: "POST", Path: "/labels$", Do: fake.Forbidden})
	got := s.event(t, "opened", n)
	if got.Code != 1 || got.Outputs["labels"] != "[]" || strings.Contains(got.Stderr, "added") || strings.Contains(got.Summary, "| added |") {
		t.Errorf("exit %d, output %s: %s%s", got.Code, got.Outputs["labels"], got.Stdout, got.Summary)
	}
}

// manyRules has channels by mail, each with its own address, and labels that lead
// to all of them.
func manyRules(channels, labels int) string {
	var b strings.Builder
	var names, all []string
	for i := range labels {
		names = append(names, fmt.Sprintf("label-%02d-%s", i, strings.Repeat("x", 40)))
	}
	for i := range channels {
		all = append(all, fmt.Sprintf("channel-%03d", i))
	}
	fmt.Fprintf(&b, "labels: [{name: %s}]\ntriage:\n", strings.Join(names, "}, {name: "))
	for _, name := range names {
		fmt.Fprintf(&b, "  - {label: %s, any: [meltdown]}\n", name)
	}
	b.WriteString("channels:\n")
	for i, name := range all {
		fmt.Fprintf(&b, "  %s: {email: [c%03d@caro.example]}\n", name, i)
	}
	fmt.Fprintf(&b, "routes:\n  - {label: [%s], to: [%s], respond: 1h}\n", strings.Join(names, ", "), strings.Join(all, ", "))
	return b.String()
}

// TestTriage_RecordsAreBounded holds that a record fits into a comment, whatever
// the number of channels and labels: each channel is notified exactly once, also
// when the claims have long run out.
func TestTriage_RecordsAreBounded(t *testing.T) {
	for name, size := range map[string][2]int{"12 channels and 60 long labels": {12, 60}, "300 channels": {300, 1}} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, manyRules(size[0], size[1]))
			n := s.Repo.OpenIssue("ann", "a meltdown", "")
			for range 2 {
				if got := s.event(t, "opened", n); got.Code != 0 {
					t.Fatalf("exit %d: %.2000s", got.Code, got.Stdout)
				}
				s.World.Advance(time.Hour)
			}
			to := map[string]int{}
			for _, letter := range s.World.Mail.Messages() {
				for _, address := range letter.To {
					to[address]++
				}
			}
			for address, times := range to {
				if times != 1 {
					t.Errorf("%s has %d mails", address, times)
				}
			}
			if len(to) != size[0] {
				t.Errorf("%d of %d channels were notified", len(to), size[0])
			}
			if s.Repo.Files("main")["reports/data/alerts.json"] != nil {
				t.Error("the issue did not take the record")
			}
			for _, c := range s.Repo.Issue(n).Comments {
				if len(c.Body) > 65536 || strings.Contains(c.Body, `"pending"`) {
					t.Errorf("a record has %d bytes, or is pending: %.200s", len(c.Body), c.Body)
				}
			}
		})
	}
}

// TestTriage_ARecordOfAnUnconfirmedDeliverySaysSo holds that the comment does not
// deny a delivery of which nobody knows.
func TestTriage_ARecordOfAnUnconfirmedDeliverySaysSo(t *testing.T) {
	s := smallStage(t, "to: [alerts]", "to: [team]", "[gone@caro.example, release@caro.example]", "[release@caro.example]")
	n := s.Repo.OpenIssue("ann", "a meltdown", "")
	s.World.Fail(fake.Fault{On: "mail", Method: "DATA", Do: fake.LostReply})
	s.event(t, "opened", n)
	body := s.Repo.Issue(n).Comments[0].Body
	if len(s.World.Mail.Messages()) == 0 || !strings.Contains(body, "unconfirmed") || strings.Contains(body, "could not be told") {
		t.Errorf("%d mails were delivered, and the record is %s", len(s.World.Mail.Messages()), body)
	}
}

// TestTriage_DryRunWithoutChangesSaysNothingToDo holds that the log has no broken
// sentence.
func TestTriage_DryRunWithoutChangesSaysNothingToDo(t *testing.T) {
	s := smallStage(t)
	n := s.Repo.OpenIssue("ann", "hm", "")
	got := s.event(t, "opened", n, "-dry-run")
	lines := strings.Split(got.Stderr, "\n")
	if strings.Contains(got.Stderr, "would nothing") || !slices.ContainsFunc(lines, func(l string) bool { return strings.HasSuffix(l, "nothing to do") }) {
		t.Errorf("the log is %s", got.Stderr)
	}
}

// TestTriage_SaysThatAnotherRunHasSent holds that a message which another run sent
// between the look and the claim is not called merely claimed.
func TestTriage_SaysThatAnotherRunHasSent(t *testing.T) {
	s := smallStage(t)
	n := s.Repo.OpenIssue("ann", "a meltdown", "")
	first := true
	s.World.Before = requestHook("POST", "/comments", func() {
		if first {
			first = false
			s.event(t, "edited", n)
		}
	})
	got := s.event(t, "opened", n)
	if len(s.told("#caro-alerts")) != 1 || strings.Contains(got.Stdout, "has claimed") || !strings.Contains(got.Stderr, "another run has told") || !strings.Contains(got.Summary, "Told by another run") {
		t.Errorf("told %q: %s%s", s.told("#caro-alerts"), got.Stdout, got.Summary)
	}
}

// requestHook calls do before each request of a method and path.
func requestHook(method, path string, do func()) func(*http.Request) {
	return func(r *http.Request) {
		if r.Method == method && strings.HasSuffix(r.URL.Path, path) {
			do()
		}
	}
}
