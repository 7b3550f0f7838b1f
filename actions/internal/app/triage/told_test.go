package triage

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// small is a plan of few words.
const small = `
labels: [{name: critical, color: b60205}, {name: P0, color: b60205}, {name: P1, color: b60205}, {name: security, color: b60205}, {name: urgent, color: b60205}]
triage:
  - {label: P0, any: [meltdown]}
  - {label: P1, any: [slowdown]}
  - {label: security, any: [exploit]}
  - {label: urgent, labels: [P0]}
  - exclusive: [P0, P1]
channels: {alerts: {slack: '#caro-alerts'}, team: {email: [gone@caro.example, release@caro.example]}}
routes:
  - {label: [P0, critical, security], to: [alerts], respond: 1h}
`

func smallStage(t *testing.T, replace ...string) *stage {
	t.Helper()
	return newStage(t, strings.NewReplacer(replace...).Replace(small))
}

func TestWhatComesBackIsNews(t *testing.T) {
	for name, again := range map[string]func(*stage, int) string{
		"another urgent label after the first is gone": func(s *stage, n int) string {
			s.Repo.Unlabel("bob", n, "critical")
			s.World.Advance(24 * time.Hour)
			s.Repo.Label("bob", n, "security")
			return "labeled"
		},
		"an issue that was closed and reopened": func(s *stage, n int) string {
			s.Repo.CloseIssue("bob", n)
			s.World.Advance(24 * time.Hour)
			s.Repo.ReopenIssue("ann", n)
			return "reopened"
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := smallStage(t)
			n := s.Repo.OpenIssue("ann", "hm", "")
			s.Repo.Label("bob", n, "critical")
			s.event(t, "labeled", n)
			s.World.Advance(time.Hour)
			event := again(s, n)
			for range 2 {
				if got := s.event(t, event, n); got.Code != 0 {
					t.Fatal(got.Stdout)
				}
			}
			if got := s.told("#caro-alerts"); len(got) != 2 || got[0] == got[1] {
				t.Errorf("told %q, want two episodes", got)
			}
		})
	}
}

func TestAnEditThatIsWorseTakesTheLabelsPlace(t *testing.T) {
	s := smallStage(t)
	n := s.Repo.OpenIssue("ann", "a slowdown", "")
	s.event(t, "opened", n)
	s.World.Advance(time.Minute)
	s.Repo.EditIssue("ann", n, "a slowdown and a meltdown", "")
	got := s.event(t, "edited", n)
	if labels := s.labels(n); labels != "P0 urgent" || len(s.told("#caro-alerts")) != 1 {
		t.Errorf("the issue has %q, told %q: %s", labels, s.told("#caro-alerts"), got.Stdout)
	}
}

func TestWhatFollowsFromALabelThatIsNotGivenIsNotGiven(t *testing.T) {
	s := smallStage(t)
	n := s.Repo.OpenIssue("ann", "a meltdown", "")
	s.Repo.Label("bob", n, "P1")
	s.World.Advance(time.Minute)
	s.event(t, "edited", n)
	if labels := s.labels(n); labels != "P1" {
		t.Errorf("the issue has %q, and a person chose P1", labels)
	}
}

// A run that died between its claim and its record is taken up at once by its
// own next attempt, and within the claim's time by nobody else.
func TestAClaimOfADeadRun(t *testing.T) {
	die := func(t *testing.T) (*stage, int) {
		s := smallStage(t)
		n := s.Repo.OpenIssue("ann", "a meltdown", "")
		s.World.Fail(fake.Fault{On: "slack", Method: "POST", Do: fake.Cut})
		s.World.Fail(fake.Fault{On: "github", Method: "PATCH", Do: fake.Cut})
		if got := s.event(t, "opened", n); got.Code == 0 {
			t.Fatalf("the first run was well: %s", got.Stdout)
		}
		s.World.Heal()
		s.World.Advance(time.Minute)
		return s, n
	}
	t.Run("its next attempt", func(t *testing.T) {
		s, n := die(t)
		s.Env["GITHUB_RUN_ID"], s.Env["GITHUB_RUN_ATTEMPT"] = "1001", "2"
		got := s.event(t, "edited", n)
		if got.Code != 0 || len(s.told("#caro-alerts")) != 1 || !strings.Contains(got.Summary, "Told alerts") {
			t.Errorf("exit %d, told %q: %s%s", got.Code, s.told("#caro-alerts"), got.Stdout, got.Summary)
		}
	})
	t.Run("another run", func(t *testing.T) {
		s, n := die(t)
		got := s.event(t, "edited", n)
		if got.Code != 0 || len(s.told("#caro-alerts")) != 0 || !strings.Contains(got.Summary, "Not yet told") || !strings.Contains(got.Stdout, "another run has claimed") {
			t.Errorf("exit %d, told %q: %s%s", got.Code, s.told("#caro-alerts"), got.Stdout, got.Summary)
		}
		s.World.Advance(time.Hour)
		if got := s.event(t, "edited", n); got.Code != 0 || len(s.told("#caro-alerts")) != 1 {
			t.Errorf("later: exit %d, told %q", got.Code, s.told("#caro-alerts"))
		}
	})
}

func TestOneRefusedAddressKeepsNobodyFromTheMail(t *testing.T) {
	s := smallStage(t, "to: [alerts]", "to: [team]")
	n := s.Repo.OpenIssue("ann", "a meltdown", "")
	s.World.Fail(fake.Fault{On: "mail", Method: "RCPT", Path: "gone@", Do: fake.Forbidden})
	got := s.event(t, "opened", n)
	letters := s.World.Mail.Messages()
	if got.Code != 0 || len(letters) != 1 || !strings.Contains(got.Stdout, "does not take") {
		t.Fatalf("exit %d, %d letters: %s", got.Code, len(letters), got.Stdout)
	}
	if got := s.event(t, "edited", n); got.Code != 0 || len(s.World.Mail.Messages()) != 1 {
		t.Errorf("the mail was sent again: %s", got.Stdout)
	}
}

func TestATokenOfAnotherAccountTellsOnce(t *testing.T) {
	s := smallStage(t)
	s.Env["AFTERCARE_LOGIN"] = "another-name" // and GitHub says who it is
	n := s.Repo.OpenIssue("ann", "a meltdown", "")
	s.event(t, "opened", n)
	s.World.Advance(3 * time.Hour)
	got := s.event(t, "edited", n)
	if len(s.told("#caro-alerts")) != 1 || !strings.Contains(got.Stdout, "set AFTERCARE_LOGIN") {
		t.Errorf("told %q: %s", s.told("#caro-alerts"), got.Stdout)
	}
}

func TestAKeyMayBeSetAndChanged(t *testing.T) {
	s := smallStage(t)
	n := s.Repo.OpenIssue("ann", "a meltdown", "")
	for _, key := range []string{"", "first,unsealed", "second,first,unsealed"} {
		s.Env["AFTERCARE_KEY"] = key
		s.World.Advance(time.Hour)
		if got := s.event(t, "edited", n); got.Code != 0 {
			t.Fatal(got.Stdout)
		}
	}
	if got := s.told("#caro-alerts"); len(got) != 1 {
		t.Errorf("told %q", got)
	}
}

func TestALabelWithoutAColourIsLeftToGitHub(t *testing.T) {
	s := smallStage(t, "{name: P0, color: b60205}", "{name: P0}", "{name: urgent, color: b60205}", "{name: urgent, description: Look now}")
	n := s.Repo.OpenIssue("ann", "a meltdown", "")
	if got := s.event(t, "opened", n); got.Code != 0 || s.labels(n) != "P0 urgent" {
		t.Errorf("exit %d, labels %q: %s", got.Code, s.labels(n), got.Stdout)
	}
}

func TestAChannelNamedTwiceHearsOnce(t *testing.T) {
	s := smallStage(t, "  - {label: [P0, critical, security], to: [alerts], respond: 1h}",
		"  - {label: P0, to: [alerts, alerts], respond: 4h, continue: true}\n  - {label: P0, to: [alerts], respond: 1h}")
	n := s.Repo.OpenIssue("ann", "a meltdown", "")
	s.event(t, "opened", n)
	messages := s.World.Slack.Messages("#caro-alerts")
	if len(messages) != 1 || strings.Contains(string(messages[0].Blocks), "P0, P0") || !strings.Contains(string(messages[0].Blocks), "(1h)") {
		t.Errorf("the messages are %+v", messages)
	}
}

// What may have been delivered is never recorded as failed.
func TestARunThatIsCancelledWhileItSendsIsUnsure(t *testing.T) {
	s := smallStage(t)
	n := s.Repo.OpenIssue("ann", "a meltdown", "")
	ctx, cancel := context.WithCancel(t.Context())
	s.World.Fail(fake.Fault{On: "slack", Method: "POST", Nth: 1, Do: fake.LostReply})
	s.World.After = func(r *http.Request) {
		if strings.Contains(r.URL.Path, "chat.postMessage") {
			cancel()
		}
	}
	if got := s.runIn(ctx, t, "issues", s.Repo.Event(n, "opened")); got.Code == 0 {
		t.Fatalf("a cancelled run was well: %s", got.Stdout)
	}
	s.World.After = nil
	s.World.Heal()
	s.World.Advance(time.Hour)
	if got := s.event(t, "edited", n); got.Code != 0 || len(s.told("#caro-alerts")) != 1 {
		t.Errorf("exit %d, told %q: %s", got.Code, s.told("#caro-alerts"), got.Stdout)
	}
}
