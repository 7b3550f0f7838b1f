package snapshot

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// talking is a plan that listens to all that people say.
const talking = `
release: {project: Caro, version: v1.1.0-beta, shipped: 2026-01-24}
labels: [{name: P0}, {name: privacy-leak}, {name: bug}]
triage: [{label: privacy-leak, any: [leaked]}, {label: bug, any: [broken]}]
channels:
  alerts: {slack: '#caro-alerts'}
  monitoring: {slack: '#caro-monitoring'}
  team: {email: [release@caro.example]}
routes:
  - {label: privacy-leak, to: [alerts, team], mention: channel, respond: 15m, runbook: docs/incident-response.md}
  - {score: 100, to: [monitoring]}
sources:
  telemetry: {exports: telemetry/*.json}
  mentions: {hackernews: caro cli, reddit: {subreddits: [rust], query: caro}, mastodon: caro}
  mailbox: {address: beta@caro.example}
metrics: [{id: positive_mentions}, {id: top_mention}, {id: mentions_by_place}, {id: mail_by_label}, {id: total_sessions}, {id: pii_in_telemetry}]
`

func talkingStage(t testing.TB) *stage {
	s := newStage(t, talking)
	s.env["IMAP_URL"] = s.world.Inbox.URL
	s.telemetry(t, 40, 0)
	return s
}

func mailOf(subject, body string) string {
	return "From: Jane Doe <jane.doe@example.org>\nTo: beta@caro.example\nSubject: " + subject + "\nContent-Type: text/plain; charset=utf-8\n\n" + body + "\n"
}

func TestAMentionThatManyLookAtIsToldOnce(t *testing.T) {
	s := talkingStage(t)
	id := s.world.Social.Say("hackernews", "ann", "Show HN: Caro CLI, it is great", "", 30)
	for range 5 {
		s.world.Social.Say("reddit", "ben", "caro is terrible and slow", "", 3)
	}
	s.must(t)
	if said := s.said("#caro-monitoring"); len(said) != 0 {
		t.Fatalf("told of 30 points: %q", said)
	}
	s.world.Social.Score(id, 512)
	for range 3 {
		s.world.Advance(6 * time.Hour)
		s.must(t)
		s.must(t, "-priority", "P0")
	}
	if said := s.said("#caro-monitoring"); len(said) != 1 || !strings.Contains(said[0], "Hacker News: 512 points") {
		t.Errorf("monitoring heard %q", said)
	}
	blocks := string(s.world.Slack.Messages("#caro-monitoring")[0].Blocks)
	contains(t, "the message", blocks, "Show HN: Caro CLI", "news.ycombinator.com/item?id="+id)
	contains(t, "the page", s.report("README.md"), "**Positive mentions**", "16.7%", "1 of 6", "512 points")
	for name, src := range s.repo.Files("main") {
		if strings.Contains(string(src), "Show HN") || strings.Contains(string(src), "terrible") {
			t.Errorf("%s keeps what a stranger said", name)
		}
	}
	if err := os.RemoveAll(filepath.Join(s.dir, ".aftercare")); err != nil {
		t.Fatal(err)
	}
	s.must(t)
	if said := s.said("#caro-monitoring"); len(said) != 1 {
		t.Errorf("without the cache it was told again: %q", said)
	}
}

// A mention is known by its address where it has no id; the address may hold signs
// of every kind. The outputs of the step take them all, and the run ends well.
func TestMention_AddressOfAnySignsEndsTheRunWell(t *testing.T) {
	s := newStage(t, strings.Replace(talking, "mastodon: caro}", "mastodon: caro, files: mentions.csv}", 1))
	s.telemetry(t, 40, 0)
	at := s.world.Now().Add(-time.Hour).Format(time.RFC3339)
	s.put(t, "mentions.csv", "source,url,at,score,text\nnews,https://example.org/a?b=c&d=@e#f;$(id)`x`%20,"+at+",512,all about caro\n")
	got := s.run(t)
	if said := s.said("#caro-monitoring"); got.code != 0 || len(said) != 1 {
		t.Errorf("exit %d, monitoring heard %q: %s", got.code, said, got.stderr)
	}
	contains(t, "the outputs", got.outputs["alerts"], `["monitoring: mention:news:https://example.org/a?b=c\u0026d=@e#f\u003b\u0024\u0028id\u0029\u0060x\u0060%20`)
}

// Of nine mentions four are glad and two are sad: those without a mood are left out.
func TestMentionsWithoutAMoodAreNeitherGladNorSad(t *testing.T) {
	s := talkingStage(t)
	for _, said := range []string{
		"Show HN: Caro, a CLI that turns words into shell commands", "How does the Caro CLI compare to others?", "caro 1.1.0-beta released",
		"caro is lovely, I use it each day", "I love caro, thanks", "caro is terrible and slow",
		"caro is lovely, my team uses it", "I love caro on Linux, thanks", "caro is terrible on Windows",
	} {
		s.world.Social.Say("reddit", "ann", said, "", 3)
	}
	s.world.Advance(time.Hour)
	s.must(t)
	contains(t, "the page", s.report("README.md"), "66.7%", "4 of 6")
}

func TestAnUrgentMailIsToldOnce(t *testing.T) {
	s := talkingStage(t)
	s.world.Inbox.Deliver(mailOf("my address was leaked", "Hello, my home path and jane.doe@example.org stand in the export."))
	s.world.Inbox.Deliver(mailOf("it is broken", "on Windows"))
	s.world.Inbox.Deliver("From: x\nTo: other@caro.example\nSubject: leaked\n\nnot for us")
	s.world.Inbox.Deliver("From: mailer-daemon@caro.example\nTo: beta@caro.example\nAuto-Submitted: auto-replied\nSubject: leaked? no, a bounce\n\nbounced")
	for range 3 {
		s.must(t, "-priority", "P0")
		s.must(t)
		s.world.Advance(time.Minute)
	}
	said := s.said("#caro-alerts")
	if len(said) != 1 || !strings.Contains(said[0], "Mail labelled privacy-leak") || len(s.world.Mail.Messages()) != 1 {
		t.Fatalf("alerts heard %q, the team %d mails", said, len(s.world.Mail.Messages()))
	}
	contains(t, "the page", s.report("README.md"), "Mail by label", "automatic", "bug", "privacy-leak")
	for name, src := range s.repo.Files("main") {
		if strings.Contains(string(src), "jane.doe") || strings.Contains(string(src), "home path") {
			t.Errorf("%s keeps what a mail says", name)
		}
	}
	if text := string(s.world.Slack.Messages("#caro-alerts")[0].Blocks) + string(s.world.Mail.Messages()[0].Raw); strings.Contains(text, "home path") || strings.Contains(text, "jane") {
		t.Errorf("a message tells what a mail says: %s", text)
	}
	// A lost cache and a mailbox that is read again change nothing.
	if err := os.RemoveAll(filepath.Join(s.dir, ".aftercare")); err != nil {
		t.Fatal(err)
	}
	s.must(t)
	if again := s.said("#caro-alerts"); len(again) != 1 {
		t.Errorf("told again: %q", again)
	}
	contains(t, "the page", s.report("README.md"), "privacy-leak")
	// Nobody answers: once more, louder; then an answer in the thread.
	s.world.Advance(20 * time.Minute)
	s.must(t, "-priority", "P0")
	s.world.Slack.Answer("#caro-alerts", s.world.Slack.Messages("#caro-alerts")[0].TS, "ULENA", "mine")
	s.world.Advance(time.Hour)
	s.must(t, "-priority", "P0")
	if again := s.said("#caro-alerts"); len(again) != 3 || again[2] != "mine" || !strings.Contains(again[1], "no response") {
		t.Errorf("alerts heard %q", again)
	}
}

func TestAnExportByMailIsTakenInWithoutWhatIsPersonal(t *testing.T) {
	s := talkingStage(t)
	at := s.world.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	event := func(n int, kind, fields string) string {
		return fmt.Sprintf(`{"id":"10000000-0000-4000-8000-00000000000%d","session_id":"bb0000000000000%d","timestamp":"%s","type":"%s",%s}`, n, n, at, kind, fields)
	}
	export := "[" + event(1, "session_start", `"version":"1.1.0-beta","platform":"linux-x86_64","shell_type":"fish"`) + "," +
		event(2, "session_start", `"version":"1.1.0-beta","platform":"linux-x86_64","shell_type":"fish"`) + "," +
		event(3, "backend_error", `"backend":"llm","error_category":"refused for jane.doe@example.org","recoverable":true`) + "]"
	s.world.Inbox.Deliver("From: jane\nTo: beta@caro.example\nSubject: telemetry\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhere it is\n--b\n" +
		"Content-Type: application/json; name=export.json\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=export.json\n\n" + base64.StdEncoding.EncodeToString([]byte(export)) + "\n--b\n" +
		"Content-Type: application/zip; name=log.zip\nContent-Disposition: attachment; filename=log.zip\n\nPK\n--b--\n")
	for n := range 2 {
		got := s.must(t)
		contains(t, "the page", s.report("README.md"), "<br><sub>24 hours</sub> | 42<br>", "Personal data found in telemetry", "24 hours</sub> | 1 |")
		if told := strings.Contains(got.stdout, "::warning::an attachment that came by mail was refused: 1 in an archive"); told != (n == 0) || strings.Contains(got.stdout+got.stderr, "log.zip") {
			t.Errorf("told of the archive: %v: %s", told, got.stdout)
		}
		s.world.Advance(time.Minute)
	}
	facts, err := os.ReadFile(filepath.Join(s.dir, ".aftercare/facts.duckdb"))
	if err != nil || strings.Contains(string(facts), "jane.doe") {
		t.Errorf("the facts keep an address that was found (%v)", err)
	}
}

// A mailbox or a place that is dead, slow or lying is unknown, and the rest is
// measured; when it answers again, what came meanwhile is told.
func TestADeadMailboxIsAGap(t *testing.T) {
	s := talkingStage(t)
	box := s.env["IMAP_URL"]
	for name, address := range map[string]string{
		"nobody there":     "imap://beta:s3cretpass@127.0.0.1:9/INBOX",
		"a wrong password": strings.Replace(box, "simulated", "s3cretpass", 1),
		"no such box":      strings.Replace(box, "/INBOX", "/Nothing", 1),
		"no address":       "beta@s3cretpass",
	} {
		s.env["IMAP_URL"] = address
		got := s.must(t)
		page := s.report("README.md")
		if !strings.Contains(page, "mailbox: ") || strings.Contains(got.stdout+got.stderr+page, "s3cretpass") {
			t.Errorf("%s: %s\n%s", name, got.stdout, page)
		}
		contains(t, "the page", page, "<br><sub>24 hours</sub> | 40<br>")
	}
	s.world.Inbox.Deliver(mailOf("leaked", "my path"))
	s.env["IMAP_URL"] = box
	s.world.Fail(fake.Fault{On: "slack", Path: "postMessage", Nth: 1, Do: fake.Unavailable})
	s.run(t)
	s.world.Heal()
	s.world.Advance(11 * time.Minute)
	s.must(t)
	if said := s.said("#caro-alerts"); len(said) != 1 {
		t.Errorf("alerts heard %q", said)
	}
}
