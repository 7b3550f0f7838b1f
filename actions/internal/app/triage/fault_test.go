package triage

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// point is a place of a run at which something can go wrong.
type point struct {
	server, method, path string
}

var points = []point{
	{"github", "GET", `/issues/\d+$`},
	{"github", "GET", `/timeline$`},
	{"github", "POST", `/issues/\d+/comments$`},
	{"github", "GET", `/issues/\d+/comments$`},
	{"slack", "POST", ``},
	{"mail", "EHLO", ``},
	{"mail", "MAIL", ``},
	{"mail", "RCPT", ``},
	{"mail", "DATA", ``},
	{"mail", "QUIT", ``},
	{"github", "POST", `/labels$`},
	{"github", "PATCH", `/issues/comments/\d+$`},
}

// crash is a fault of ours: from this point on nothing of the run gets
// through, before or after the point itself took effect.
const (
	crashBefore = fake.Do(1000 + iota)
	crashAfter
)

func arm(w *fake.World, p point, do fake.Do) {
	f := fake.Fault{On: p.server, Method: p.method, Path: p.path, Nth: 1, Do: do}
	switch do {
	case crashBefore:
		f.Do = fake.Cut
	case crashAfter:
		f.Do = fake.LostReply
	case fake.Slow:
		f.Delay = time.Millisecond
	}
	if do < crashBefore {
		w.Fail(f)
		return
	}
	// The dead send nothing: once the point was met, everything is cut.
	if p.server == "mail" {
		w.Fail(f)
		w.Fail(fake.Fault{On: "mail", Method: p.method, Do: fake.Cut})
		w.Fail(fake.Fault{On: "github", Method: "PATCH", Path: "/comments/", Do: fake.Cut})
		return
	}
	path := regexp.MustCompile(p.path)
	var met sync.Once
	w.Before = func(r *http.Request) {
		if r.Method == p.method && path.MatchString(r.URL.Path) && strings.Contains(r.URL.Path, "/repos/") == (p.server == "github") {
			met.Do(func() { w.Fail(f); w.Fail(fake.Fault{Do: fake.Cut}) })
		}
	}
}

// leakRules is the part of the plan that the faults meet; it keeps each run
// short.
const leakRules = `
labels: [{name: privacy-leak, color: b60205}, {name: P0, color: b60205}]
triage:
  - {label: privacy-leak, any: [telemetry export]}
  - {label: P0, labels: [privacy-leak]}
channels: {alerts: {slack: '#caro-alerts'}, team: {email: [release@caro.example]}}
routes:
  - {label: P0, to: [alerts], mention: channel, respond: 1h}
  - {label: privacy-leak, to: [alerts, team], mention: S0123ABCDE, respond: 15m}
`

type recovery struct {
	name string
	run  func(t *testing.T, s *stage, n int) outcome
}

var recoveries = []recovery{
	{"an edit", func(t *testing.T, s *stage, n int) outcome { return s.event(t, "edited", n) }},
	{"a run by hand", func(t *testing.T, s *stage, n int) outcome {
		return s.run(t, "workflow_dispatch", nil, "-issue", fmt.Sprint(n))
	}},
	{"the same event again", func(t *testing.T, s *stage, n int) outcome { return s.event(t, "opened", n) }},
}

// Whatever goes wrong, and wherever: once a later run completes, each channel
// has heard, a channel that can be read has heard once, one that cannot says
// that it may be a repeat, and the issue has its labels and one record.
func TestNothingIsLostAndNothingSaidTwice(t *testing.T) {
	for _, webhook := range []bool{false, true} {
		for _, event := range []string{"opened", "edited"} {
			t.Run(fmt.Sprintf("%s, webhook %v", event, webhook), func(t *testing.T) {
				t.Parallel()
				tried := 0
				for _, p := range points {
					for _, do := range append(fake.Faults(), crashBefore, crashAfter) {
						for _, r := range recoveries {
							if tried++; testing.Short() && tried%13 > 0 {
								continue
							}
							if problem := survive(t, leakRules, webhook, event, p, do, r); problem != "" {
								t.Errorf("%s %s %s, fault %v, then %s: %s", p.server, p.method, p.path, do, r.name, problem)
							}
						}
					}
				}
				t.Logf("%d ways to fail", tried)
				if tried < 500 {
					t.Errorf("only %d ways to fail were tried", tried)
				}
			})
		}
	}
}

// Sixteen runs about one issue at once tell it once.
func TestRunsThatMeetTellOnce(t *testing.T) {
	s := newStage(t, leakRules)
	s.World.Slack.Channels("#caro-alerts")
	n := s.Repo.OpenIssue("ann", "My email address is in the telemetry export", "")
	var all sync.WaitGroup
	for i := range 16 {
		event := []string{"opened", "edited", "labeled", "reopened"}[i%4]
		payload := s.Repo.Event(n, event)
		all.Go(func() {
			if got := s.run(t, "issues", payload); got.Code != 0 {
				t.Errorf("exit %d: %s", got.Code, got.Stdout)
			}
		})
	}
	all.Wait()
	if problem := s.settled(n, false, outcome{}); problem != "" {
		t.Error(problem)
	}
	if messages, letters := s.World.Slack.Messages("#caro-alerts"), s.World.Mail.Messages(); len(messages) != 1 || len(letters) != 1 {
		t.Errorf("%d messages and %d mails, want one each", len(messages), len(letters))
	}
	if c := s.Repo.Issue(n).Comments; len(c) != 1 {
		t.Errorf("%d comments, want one: %+v", len(c), c)
	}
}

func survive(t *testing.T, rules string, webhook bool, event string, p point, do fake.Do, r recovery) string {
	t.Helper()
	s := newStage(t, rules)
	if webhook {
		s.Env["SLACK_BOT_TOKEN"] = ""
		s.Env["SLACK_WEBHOOK_URL_ALERTS"] = s.World.Slack.WebhookURL("caro-alerts")
	}
	s.World.Slack.Channels("#caro-alerts")
	n := s.Repo.OpenIssue("ann", "My email address is in the telemetry export", "")
	arm(s.World, p, do)
	first := s.event(t, event, n)
	s.World.Heal()
	s.World.Before = nil
	s.World.Advance(11 * time.Minute)
	second := r.run(t, s, n)
	s.World.Advance(11 * time.Minute)
	third := s.event(t, "edited", n)
	if second.Code != 0 || third.Code != 0 {
		return fmt.Sprintf("recovery exits %d and %d: %s %s", second.Code, third.Code, second.Stdout, third.Stdout)
	}
	return s.settled(n, webhook, first)
}

// settled says what is wrong with the world after it calmed down.
func (s *stage) settled(n int, webhook bool, first outcome) string {
	messages := s.World.Slack.Messages("#caro-alerts")
	letters := s.World.Mail.Messages()
	var wrong []string
	if !strings.Contains(s.labels(n), "privacy-leak") || !strings.Contains(s.labels(n), "P0") {
		wrong = append(wrong, fmt.Sprintf("the labels are %q", s.labels(n)))
	}
	if len(messages) == 0 || len(letters) == 0 {
		wrong = append(wrong, fmt.Sprintf("lost: %d messages and %d mails", len(messages), len(letters)))
	}
	if !webhook && len(messages) > 1 {
		wrong = append(wrong, fmt.Sprintf("%d messages in a channel that can be read", len(messages)))
	}
	for _, m := range messages[min(1, len(messages)):] {
		if !strings.Contains(string(m.Blocks), "earlier delivery unconfirmed") {
			wrong = append(wrong, "a repeat does not say so: "+string(m.Blocks))
		}
	}
	for _, l := range letters[min(1, len(letters)):] {
		if !strings.Contains(string(l.Raw), "earlier delivery unconfirmed") {
			wrong = append(wrong, "a repeated mail does not say so")
		}
	}
	if len(messages) > 2 || len(letters) > 2 {
		wrong = append(wrong, fmt.Sprintf("%d messages and %d mails", len(messages), len(letters)))
	}
	pending := 0
	for _, c := range s.Repo.Issue(n).Comments {
		if strings.Contains(c.Body, `"state":"pending"`) || strings.Contains(c.Body, `"state":"failed"`) {
			pending++
		}
	}
	if pending > 0 {
		wrong = append(wrong, fmt.Sprintf("%d comments still wait: %+v", pending, s.Repo.Issue(n).Comments))
	}
	if len(wrong) == 0 {
		return ""
	}
	return strings.Join(wrong, "; ") + "\nfirst run: " + first.Stdout + first.Stderr
}
