package notify

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/fake"
)

var update = flag.Bool("update", false, "write the goldens anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("%s: %v\ngot\n%s\nwant\n%s", name, err, got, want)
	}
}

func message() change.Message {
	return change.Message{
		Key: "caro/caro/alerts/slack/issue-42/0", Channel: "alerts", By: "slack", Mention: "channel",
		Title:   "P0, critical: caro wiped my home directory!! (#42)",
		Summary: "Issue #42 of caro/caro is labelled P0, critical.",
		Facts: []change.Fact{
			{Name: "Why", Value: "P0: follows from critical\ncritical: “wiped my home directory” in the title"},
			{Name: "Respond by", Value: "@channel, by 10:05 UTC (within 1h)"},
			{Name: "Reported by", Value: "ann, 09:05 UTC"},
		},
		Link: "https://github.com/caro/caro/issues/42", Runbook: "https://github.com/caro/caro/blob/HEAD/docs/incident-response.md",
		Respond: time.Hour, Labels: []string{"P0", "critical"},
	}
}

// hostileMessage carries what a stranger would like to be read as markup.
func hostileMessage() change.Message {
	m := message()
	evil := "<!channel> @everyone <https://evil.example|click> *b* [x](javascript:alert(1)) <script>alert(1)</script> & ann@mail.example \u202egnp.exe\r\nBcc: all@evil.example"
	m.Title, m.Summary, m.Repeat, m.Mention = evil, evil, true, "S0123ABCDE"
	m.Facts = []change.Fact{{Name: "Why", Value: evil}}
	m.Link = "https://github.com/a|b>c"
	return m
}

func TestGoldens(t *testing.T) {
	golden(t, "slack.json", printSlack(message())+"\n")
	golden(t, "slack-hostile.json", printSlack(hostileMessage())+"\n")
	golden(t, "mail.txt", MailText(message()))
	golden(t, "mail-hostile.txt", MailText(hostileMessage()))
	for name, m := range map[string]change.Message{"mail.html": message(), "mail-hostile.html": hostileMessage()} {
		html, err := MailHTML(m)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, html)
	}
}

func TestMentions(t *testing.T) {
	for who, want := range map[string]string{
		"": "", "channel": "<!channel>", "here": "<!here>", "S0123ABCDE": "<!subteam^S0123ABCDE>", "U024BE7LH": "<@U024BE7LH>", "W012A3CDE": "<@W012A3CDE>", "team": "@team",
	} {
		if got := slackMention(who); got != want {
			t.Errorf("%q is mentioned as %q, want %q", who, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text, want string
		n          int
	}{
		{"short", "short", 10},
		{"exactly", "exactly", 7},
		{"äöüäöü", "äöü…", 4},
		{"a &amp;&amp; b", "a …", 6},
		{"a &amp; b", "a &amp;…", 8},
	} {
		if got := cut(c.text, c.n); got != c.want {
			t.Errorf("cut(%q, %d) = %q, want %q", c.text, c.n, got, c.want)
		}
	}
}

func TestParseSMTP(t *testing.T) {
	got, err := ParseSMTP("smtp://ann:p%40ss@mail.example:2525?from=release@caro.example")
	want := SMTP{Host: "mail.example", User: "ann", Password: "p@ss", Port: 2525, From: "release@caro.example"}
	if err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if got, err := ParseSMTP("smtps://release%40caro.example:x@mail.example"); err != nil || got.Port != 465 || !got.TLS || got.From != "release@caro.example" {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{"", "mail.example", "http://mail.example", "smtp://", "smtp://ann:hunter2@mail.example", "smtp://h:port?from=a@b.c", "smtps://h?from=a@b.c&tls=none", "smtp://h?from=a@b.c&tls=maybe", "smtp://ann:hunter2@%zz"} {
		if _, err := ParseSMTP(bad); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("ParseSMTP(%q): %v", bad, err)
		}
	}
}

func TestConnect(t *testing.T) {
	channels := alert.Channels{"alerts": {Slack: "#a"}, "on-call": {Slack: "#b", Email: []string{"a@b.example"}}}
	for _, c := range []struct {
		name string
		env  map[string]string
		want []string
	}{
		{"nothing is set", nil, nil},
		{"a bot reaches all", map[string]string{"SLACK_BOT_TOKEN": "x"}, []string{"alerts/slack", "on-call/slack"}},
		{"a webhook for one", map[string]string{"SLACK_WEBHOOK_URL_ON_CALL": "x"}, []string{"on-call/slack"}},
		{"a webhook for all", map[string]string{"SLACK_WEBHOOK_URL": "x"}, []string{"alerts/slack", "on-call/slack"}},
		{"mail", map[string]string{"SMTP_URL": "smtp://h?from=a@b.example"}, []string{"on-call/email"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ways, err := Connect(channels, func(k string) string { return c.env[k] }, time.Time{}, nil, nil)
			if err != nil || len(ways) != len(c.want) {
				t.Fatalf("got %v, %v; want %v", ways, err, c.want)
			}
			for _, place := range c.want {
				if ways[place] == nil {
					t.Errorf("%s is not reached", place)
				}
			}
		})
	}
	if !strings.Contains(Missing("on-call", "slack"), "SLACK_WEBHOOK_URL_ON_CALL") || !strings.Contains(Missing("x", "email"), "SMTP_URL") {
		t.Error("what is missing is not said")
	}
}

func slackOf(w *fake.World) *Slack {
	return &Slack{Channel: "#a", Token: fake.SlackToken, API: w.Slack.URL, HTTP: http.DefaultClient, Sleep: w.Sleep}
}

func TestSlackObeysLimitsAndLooksBeforeItRepeats(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault fake.Fault
		want  int
	}{
		{"a rate limit", fake.Fault{Do: fake.TooMany, RetryAfter: 7, Times: 2}, 1},
		{"a broken server", fake.Fault{Do: fake.Unavailable, Times: 2}, 1},
		{"a lost reply", fake.Fault{Do: fake.LostReply, Times: 1}, 1},
		{"an answer that is not valid JSON", fake.Fault{Do: fake.HTML, Times: 1}, 1},
		{"an empty object", fake.Fault{Do: fake.Object, Times: 1}, 1},
		{"null", fake.Fault{Do: fake.Null, Times: 1}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := fake.New(fake.Options{})
			defer w.Close()
			w.Slack.Channels("#a")
			c.fault.On, c.fault.Path = "slack", "postMessage"
			w.Fail(c.fault)
			ref, err := slackOf(w).Send(t.Context(), message())
			if err != nil || ref == "" || len(w.Slack.Messages("#a")) != c.want {
				t.Errorf("ref %q, %v, %d messages", ref, err, len(w.Slack.Messages("#a")))
			}
			if bad := w.Impatient(); len(bad) > 0 {
				t.Errorf("it did not wait: %v", bad)
			}
		})
	}
}

func TestSlackErrorsTellWhatToDoAndNoSecret(t *testing.T) {
	w := fake.New(fake.Options{})
	defer w.Close()
	s := slackOf(w)
	s.Token = "xoxb-wrong"
	_, err := s.Send(t.Context(), message())
	var hinting interface{ Hint() string }
	if !errors.As(err, &hinting) || !strings.Contains(hinting.Hint(), "SLACK_BOT_TOKEN") {
		t.Errorf("got %v", err)
	}
	hook := &Slack{Channel: "#a", Webhook: "http://127.0.0.1:1/services/T0/B0/canary", HTTP: http.DefaultClient, Sleep: w.Sleep}
	if _, err := hook.Send(t.Context(), message()); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
}

func TestMailIsSentOnceThoughTheServerIsBusy(t *testing.T) {
	w := fake.New(fake.Options{})
	defer w.Close()
	dial, err := ParseSMTP(w.Mail.URL + "?tls=none&from=aftercare@caro.example")
	if err != nil {
		t.Fatal(err)
	}
	w.Fail(fake.Fault{On: "mail", Method: "MAIL", Nth: 1, Do: fake.Unavailable})
	e := &Email{To: []string{"release@caro.example", "ann@caro.example"}, From: dial.From, Date: w.Now(), Dial: dial, Sleep: w.Sleep}
	if _, err := e.Send(t.Context(), hostileMessage()); err != nil {
		t.Fatal(err)
	}
	letters := w.Mail.Messages()
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	raw := string(letters[0].Raw)
	head, _, _ := strings.Cut(raw, "\r\n\r\n")
	if strings.Contains(head, "\r\nBcc:") || strings.Contains(raw, "ann@mail.example") || !strings.Contains(head, "Message-ID: <") || strings.Contains(head, "localhost") {
		t.Errorf("the letter is\n%s", raw)
	}
	if _, found, err := e.Look(context.Background(), message(), time.Time{}); found || !errors.Is(err, ErrUnreadable) {
		t.Errorf("mail was read back: %v %v", found, err)
	}
}

// printSlack is the message as Slack would get it.
func printSlack(m change.Message) string {
	src, _ := json.MarshalIndent(slack.Blocks{BlockSet: slackBlocks(m)}, "", "  ")
	return string(src)
}
