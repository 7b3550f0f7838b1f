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
			s.repo.Unlabel("bob", n, "critical")
			s.world.Advance(24 * time.Hour)
			s.repo.Label("bob", n, "security")
			return "labeled"
		},
		"an issue that was closed and reopened": func(s *stage, n int) string {
			s.repo.CloseIssue("bob", n)
			s.world.Advance(24 * time.Hour)
			s.repo.ReopenIssue("ann", n)
			return "reopened"
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := smallStage(t)
			n := s.repo.OpenIssue("ann", "hm", "")
			s.repo.Label("bob", n, "critical")
			s.event(t, "labeled", n)
			s.world.Advance(time.Hour)
			event := again(s, n)
			for range 2 {
				if got := s.event(t, event, n); got.code != 0 {
					t.Fatal(got.stdout)
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
	n := s.repo.OpenIssue("ann", "a slowdown", "")
	s.event(t, "opened", n)
	s.world.Advance(time.Minute)
	s.repo.EditIssue("ann", n, "a slowdown and a meltdown", "")
	got := s.event(t, "edited", n)
	if labels := s.labels(n); labels != "P0 urgent" || len(s.told("#caro-alerts")) != 1 {
		t.Errorf("the issue has %q, told %q: %s", labels, s.told("#caro-alerts"), got.stdout)
	}
}

func TestWhatFollowsFromALabelThatIsNotGivenIsNotGiven(t *testing.T) {
	s := smallStage(t)
	n := s.repo.OpenIssue("ann", "a meltdown", "")
	s.repo.Label("bob", n, "P1")
	s.world.Advance(time.Minute)
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
		n := s.repo.OpenIssue("ann", "a meltdown", "")
		s.world.Fail(fake.Fault{On: "slack", Method: "POST", Do: fake.Cut})
		s.world.Fail(fake.Fault{On: "github", Method: "PATCH", Do: fake.Cut})
		if got := s.event(t, "opened", n); got.code == 0 {
			t.Fatalf("the first run was well: %s", got.stdout)
		}
		s.world.Heal()
		s.world.Advance(time.Minute)
		return s, n
	}
	t.Run("its next attempt", func(t *testing.T) {
		s, n := die(t)
		s.env["GITHUB_RUN_ID"], s.env["GITHUB_RUN_ATTEMPT"] = "1001", "2"
		got := s.event(t, "edited", n)
		if got.code != 0 || len(s.told("#caro-alerts")) != 1 || !strings.Contains(got.summary, "Told alerts") {
			t.Errorf("exit %d, told %q: %s%s", got.code, s.told("#caro-alerts"), got.stdout, got.summary)
		}
	})
	t.Run("another run", func(t *testing.T) {
		s, n := die(t)
		got := s.event(t, "edited", n)
		if got.code != 0 || len(s.told("#caro-alerts")) != 0 || !strings.Contains(got.summary, "Not yet told") || !strings.Contains(got.stdout, "another run has claimed") {
			t.Errorf("exit %d, told %q: %s%s", got.code, s.told("#caro-alerts"), got.stdout, got.summary)
		}
		s.world.Advance(time.Hour)
		if got := s.event(t, "edited", n); got.code != 0 || len(s.told("#caro-alerts")) != 1 {
			t.Errorf("later: exit %d, told %q", got.code, s.told("#caro-alerts"))
		}
	})
}

func TestOneRefusedAddressKeepsNobodyFromTheMail(t *testing.T) {
	s := smallStage(t, "to: [alerts]", "to: [team]")
	n := s.repo.OpenIssue("ann", "a meltdown", "")
	s.world.Fail(fake.Fault{On: "mail", Method: "RCPT", Path: "gone@", Do: fake.Forbidden})
	got := s.event(t, "opened", n)
	letters := s.world.Mail.Messages()
	if got.code != 0 || len(letters) != 1 || !strings.Contains(got.stdout, "does not take") {
		t.Fatalf("exit %d, %d letters: %s", got.code, len(letters), got.stdout)
	}
	if got := s.event(t, "edited", n); got.code != 0 || len(s.world.Mail.Messages()) != 1 {
		t.Errorf("the mail was sent again: %s", got.stdout)
	}
}

func TestATokenOfAnotherAccountTellsOnce(t *testing.T) {
	s := smallStage(t)
	s.env["AFTERCARE_LOGIN"] = "another-name" // and GitHub says who it is
	n := s.repo.OpenIssue("ann", "a meltdown", "")
	s.event(t, "opened", n)
	s.world.Advance(3 * time.Hour)
	got := s.event(t, "edited", n)
	if len(s.told("#caro-alerts")) != 1 || !strings.Contains(got.stdout, "set AFTERCARE_LOGIN") {
		t.Errorf("told %q: %s", s.told("#caro-alerts"), got.stdout)
	}
}

func TestAKeyMayBeSetAndChanged(t *testing.T) {
	s := smallStage(t)
	n := s.repo.OpenIssue("ann", "a meltdown", "")
	for _, key := range []string{"", "first,unsealed", "second,first,unsealed"} {
		s.env["AFTERCARE_KEY"] = key
		s.world.Advance(time.Hour)
		if got := s.event(t, "edited", n); got.code != 0 {
			t.Fatal(got.stdout)
		}
	}
	if got := s.told("#caro-alerts"); len(got) != 1 {
		t.Errorf("told %q", got)
	}
}

func TestALabelWithoutAColourIsLeftToGitHub(t *testing.T) {
	s := smallStage(t, "{name: P0, color: b60205}", "{name: P0}", "{name: urgent, color: b60205}", "{name: urgent, description: Look now}")
	n := s.repo.OpenIssue("ann", "a meltdown", "")
	if got := s.event(t, "opened", n); got.code != 0 || s.labels(n) != "P0 urgent" {
		t.Errorf("exit %d, labels %q: %s", got.code, s.labels(n), got.stdout)
	}
}

func TestAChannelNamedTwiceHearsOnce(t *testing.T) {
	s := smallStage(t, "  - {label: [P0, critical, security], to: [alerts], respond: 1h}",
		"  - {label: P0, to: [alerts, alerts], respond: 4h, continue: true}\n  - {label: P0, to: [alerts], respond: 1h}")
	n := s.repo.OpenIssue("ann", "a meltdown", "")
	s.event(t, "opened", n)
	messages := s.world.Slack.Messages("#caro-alerts")
	if len(messages) != 1 || strings.Contains(string(messages[0].Blocks), "P0, P0") || !strings.Contains(string(messages[0].Blocks), "(1h)") {
		t.Errorf("the messages are %+v", messages)
	}
}

// What may have been delivered is never recorded as failed.
func TestARunThatIsCancelledWhileItSendsIsUnsure(t *testing.T) {
	s := smallStage(t)
	n := s.repo.OpenIssue("ann", "a meltdown", "")
	ctx, cancel := context.WithCancel(t.Context())
	s.world.Fail(fake.Fault{On: "slack", Method: "POST", Nth: 1, Do: fake.LostReply})
	s.world.After = func(r *http.Request) {
		if strings.Contains(r.URL.Path, "chat.postMessage") {
			cancel()
		}
	}
	if got := s.runIn(ctx, t, "issues", s.repo.Event(n, "opened")); got.code == 0 {
		t.Fatalf("a cancelled run was well: %s", got.stdout)
	}
	s.world.After = nil
	s.world.Heal()
	s.world.Advance(time.Hour)
	if got := s.event(t, "edited", n); got.code != 0 || len(s.told("#caro-alerts")) != 1 {
		t.Errorf("exit %d, told %q: %s", got.code, s.told("#caro-alerts"), got.stdout)
	}
}
