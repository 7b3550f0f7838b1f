package check

import (
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

const channels = `labels: [{name: P0, color: b60205}]
channels:
  alerts: {slack: '#alerts'}
  people: {slack: '#people'}
  team: {email: [a@caro.example, b@caro.example]}
  every: {slack: '#alerts', email: [a@caro.example], notify: [discord, teams, telegram, mattermost, pagerduty, opsgenie, generic]}
routes:
  - {label: P0, to: [alerts], mention: channel, continue: true}
  - {label: P0, to: [people], mention: U024BE7LH, continue: true}
  - {label: P0, to: [people], mention: S0123ABCD}
`

// ways adds the ways to people to the environment.
func (s *stage) ways() {
	s.Env["SLACK_API_URL"], s.Env["SLACK_BOT_TOKEN"] = s.World.Slack.URL, fake.SlackToken
	s.Env["SMTP_URL"] = s.World.Mail.URL + "?tls=none&from=aftercare@caro.example"
	s.services = fake.NewServices(s.World)
	s.Env["AFTERCARE_NOTIFY_URL"] = s.services.URL
	for _, kind := range []string{"discord", "teams", "telegram", "mattermost", "pagerduty", "opsgenie", "generic"} {
		s.Env["NOTIFY_URL_"+strings.ToUpper(kind)] = s.services.Address(kind)
	}
	s.World.Slack.Person("U024BE7LH", "ann", "Ann Lee")
	s.World.Slack.Group("S0123ABCD", "on-call", "On call")
}

// A test says what works and what does not, with the scope to add; it fails only where
// somebody would not be notified.
func TestCheck_TestsAChannel(t *testing.T) {
	const warnScope = "add the scope "
	for _, c := range []struct {
		name    string
		set     func(*stage)
		channel string
		code    int
		want    []string // in what it prints
		sent    int      // messages in #alerts and #people
	}{
		{"all works", func(*stage) {}, "people", 0, []string{"all works", "as aftercare in the workspace Simulated", "| ✅ | Slack #\u2060people | mention U024BE7LH | Ann Lee |", "On call (@\u2060on-call)"}, 1},
		{"mail", func(*stage) {}, "team", 0, []string{"| ✅ | mail | send a message |"}, 0},
		{"no history", func(s *stage) { s.World.Slack.Scopes("chat:write", "channels:read", "users:read", "usergroups:read") }, "alerts", 0,
			[]string{"messages arrive; 2 checks without effect on that failed", "no response in Slack is seen", warnScope + "channels:history"}, 1},
		{"no channels:read", func(s *stage) { s.World.Slack.Scopes("chat:write", "channels:history", "users:read") }, "alerts", 0, []string{warnScope + "channels:read"}, 1},
		{"no users:read", func(s *stage) { s.World.Slack.Scopes("chat:write", "channels:read", "channels:history") }, "people", 0,
			[]string{warnScope + "users:read", warnScope + "usergroups:read", "who responds in Slack is not named", "whether U024BE7LH is somebody cannot be seen"}, 1},
		{"no chat:write", func(s *stage) { s.World.Slack.Scopes("channels:read") }, "alerts", 1, []string{"1 of 2 checks failed", warnScope + "chat:write"}, 0},
		{"a token that is none", func(s *stage) { s.Env["SLACK_BOT_TOKEN"] = "xoxb-other-token" }, "alerts", 1, []string{"invalid_auth", "SLACK_BOT_TOKEN is not valid any more"}, 0},
		{"a channel that Slack does not have", func(s *stage) { s.World.Slack.Channels("elsewhere") }, "alerts", 1, []string{"channel_not_found", "invite the bot"}, 0},
		{"a person who left", func(s *stage) { s.World.Slack.Deactivate("U024BE7LH") }, "people", 1, []string{"the account of Ann Lee is deactivated"}, 1},
		{"a person that is not there", func(s *stage) {
			s.World.Slack.Scopes("chat:write", "channels:read", "channels:history", "users:read", "usergroups:read")
			s.other()
		}, "people", 1, []string{"mention U99999999: Slack: user_not_found"}, 1},
		{"nothing is set up", func(s *stage) { s.Env["SLACK_BOT_TOKEN"] = "" }, "alerts", 1, []string{"nothing is set up: set SLACK_BOT_TOKEN, SLACK_WEBHOOK_URL_ALERTS or SLACK_WEBHOOK_URL"}, 0},
		{"a webhook", func(s *stage) {
			s.Env["SLACK_BOT_TOKEN"], s.Env["SLACK_WEBHOOK_URL"] = "", s.World.Slack.WebhookURL("alerts")
		}, "alerts", 0, []string{"an incoming webhook can only write", "set SLACK_BOT_TOKEN for both"}, 1},
		{"a webhook that is gone", func(s *stage) {
			s.Env["SLACK_BOT_TOKEN"], s.Env["SLACK_WEBHOOK_URL"] = "", s.World.Slack.WebhookURL("alerts")+"/gone"
		}, "alerts", 1, []string{"the webhook is gone"}, 0},
		{"a mail server that is down", func(s *stage) { s.Env["SMTP_URL"] = "smtp://127.0.0.1:1?tls=none&from=a@b.example" }, "team", 1, []string{"mail: send a message: "}, 0},
		{"no such channel", func(*stage) {}, "alert", 2, []string{`unknown channel "alert"; did you mean "alerts"?`}, 0},
		{"every service", func(*stage) {}, "every", 0, []string{"| ✅ | discord |", "| ✅ | generic |", "resolve the incident that it opened"}, 1},
		{"one of several ways", func(s *stage) { delete(s.Env, "NOTIFY_URL_TEAMS") }, "every", 1, []string{"| ✅ | discord |", "| ❌ | teams | send a message | nothing is set up: set NOTIFY", "does not get all messages: teams: send a message"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			s.rules = channels
			s.ways()
			c.set(s)
			code, out, summary := s.run(t, s.rules, "-notify", c.channel)
			for _, want := range c.want {
				if code != c.code || !strings.Contains(out+summary, want) {
					t.Errorf("exit %d, want %d with %q:\n%s\n%s", code, c.code, want, out, summary)
				}
			}
			if sent := len(s.World.Slack.Messages("alerts")) + len(s.World.Slack.Messages("people")); sent != c.sent {
				t.Errorf("%d messages, want %d", sent, c.sent)
			}
			for _, m := range append(s.World.Slack.Messages("alerts"), s.World.Slack.Messages("people")...) {
				if len(m.Pings) > 0 || !strings.Contains(m.Text, "nothing is to be done") {
					t.Errorf("a test message mentions %q: %s", m.Pings, m.Text)
				}
			}
			for _, secret := range []string{fake.SlackToken, "xoxb-other-token", "/services/T0000"} {
				if strings.Contains(out+summary, secret) {
					t.Errorf("the secret %s is printed:\n%s", secret, out)
				}
			}
			if strings.Contains(s.World.GitHub.URL, c.channel) || s.World.Count("github", "", "") > 0 {
				t.Error("a test of a channel asks GitHub")
			}
		})
	}
}

// other makes a route mention somebody who is not in the workspace.
func (s *stage) other() { s.rules = strings.ReplaceAll(channels, "U024BE7LH", "U99999999") }

// A dry run sends nothing, and a pager's incident does not stay open.
func TestCheck_TestsAChannelDry(t *testing.T) {
	s := newStage(t)
	s.ways()
	code, out, _ := s.run(t, channels, "-notify", "every", "-dry-run")
	if code != 0 || strings.Count(out, "would send to every by ") != 9 || len(s.World.Slack.Messages("alerts"))+len(s.World.Mail.Messages())+len(s.services.Posts("discord")) != 0 {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, out, _ = s.run(t, channels, "-notify", "every"); code != 0 {
		t.Fatalf("exit %d: %s", code, out)
	}
	posts := s.services.Posts("pagerduty")
	if len(posts) != 2 || posts[0].Alert == "" || posts[0].Alert != posts[1].Alert || posts[0].Action != "trigger" || posts[1].Action != "resolve" {
		t.Errorf("the pager got %+v", posts)
	}
}

// Slack notifies nobody of a handle, so it is a mistake; whose it is check finds, for
// people to write the ID.
func TestCheck_NamesTheIDOfAHandle(t *testing.T) {
	for _, c := range []struct{ handle, want string }{
		{"'@ann'", `rules.yaml:9:40: "@ann" is Ann Lee: write mention: U024BE7LH`},
		{"On-Call", `rules.yaml:9:40: "On-Call" is On call (@on-call): write mention: S0123ABCD`},
		{"nobody", `rules.yaml:9:40: no member and no user group of the workspace goes by "nobody"`},
	} {
		s := newStage(t)
		s.ways()
		for i := range 450 { // three pages
			s.World.Slack.Person("U1"+strings.Repeat("0", 6)+string(rune('A'+i%26)), "person", "Person")
		}
		rules := strings.Replace(channels, "U024BE7LH", c.handle, 1)
		if code, out, _ := s.run(t, rules); code != 2 || !strings.Contains(out, "is not an ID") || !strings.Contains(out, c.want) {
			t.Errorf("exit %d, want %s:\n%s", code, c.want, out)
		}
		s.Env["SLACK_BOT_TOKEN"] = ""
		before := s.World.Count("slack", "", "")
		if code, out, _ := s.run(t, rules); code != 2 || strings.Contains(out, c.want) || s.World.Count("slack", "", "") != before {
			t.Errorf("without a token: exit %d:\n%s", code, out)
		}
	}
}
