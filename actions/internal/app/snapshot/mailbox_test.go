package snapshot

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/fake"
)

// enclosed is a mail with attachments, each given by its content and the lines of
// its header.
func enclosed(head, text string, parts ...[2]string) string {
	var b strings.Builder
	b.WriteString(head + "To: beta@caro.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n" + text + "\n")
	for _, p := range parts {
		b.WriteString("--b\n" + p[1] + "\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(p[0])) + "\n")
	}
	b.WriteString("--b--\n")
	return b.String()
}

const asJSON = "Content-Type: application/json; name=export.json"

// mailedEvents is an export of sessions, in each the kinds of events with some
// fields.
func (s *stage) mailedEvents(sessions int, kinds map[string]string) string {
	var b strings.Builder
	at := s.world.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	for i := range sessions {
		for kind, fields := range kinds {
			fmt.Fprintf(&b, `{"id":"%s%08x","session_id":"cc%014x","timestamp":%q,"type":%q,%s}`+"\n", kind, i, i, at, kind, fields)
		}
	}
	return b.String()
}

// Nothing that a stranger writes into a mail goes anywhere: not its header, its
// text, the name of a file, nor any field of an export.
func TestNothingOfAMailGoesAnywhere(t *testing.T) {
	breakdowns := "{id: pii_in_telemetry}, {id: shell_distribution}, {id: version_distribution}, {id: backend_distribution}, {id: query_categories}, {id: os_distribution}, {id: safety_block_distribution}, {id: success_rate_by_category}, {id: telemetry_command_usage}, {id: platform_failures}]"
	s := newStage(t, strings.Replace(talking, "{id: pii_in_telemetry}]", breakdowns, 1))
	s.env["IMAP_URL"] = s.world.Inbox.URL
	s.telemetry(t, 40, 0)
	fields := `"version":"1-Canary","platform":"Canary-x86_64","shell_type":"Canary","backend":"Canary","category":"Canary words","control":"Canary","error_category":"no Canary","risk_level":"Canary","action_taken":"Canary","pattern_category":"canary that sings","success":true,"recoverable":true,"opted_out":true,"Canary":"Canary"`
	kinds := map[string]string{"CanaryKind": `"x":1`}
	for _, kind := range []string{"session_start", "command_generation", "safety_validation", "backend_error", "telemetry_consent"} {
		kinds[kind] = fields
	}
	export := s.mailedEvents(3, kinds)
	foul := strings.ReplaceAll(strings.ReplaceAll(export, "cc0", "Canary"), "2026-", "Canary-")
	head := "From: Canary <canary@canary.example>\nSubject: Canary leaked\nMessage-ID: <canary@canary.example>\nX-Canary: canary\n"
	s.world.Inbox.Deliver(enclosed(head, "the canary sings, and canary@canary.example is its address", [2]string{export, "Content-Type: application/json; name=\"Canary 1.json\""},
		[2]string{foul, "Content-Type: application/json; name=\"Canary 2.json\""}, [2]string{"\x1f\x8bcanary", "Content-Type: application/gzip; name=Canary.json.gz"},
		[2]string{"PK canary", "Content-Disposition: attachment; filename=\"Canary @everyone.zip\""}, [2]string{"canary", "Content-Type: image/png; name=canary.png"}))
	s.world.Inbox.Deliver("Subject: canary\nTo: beta@caro.example\nContent-Type: image/png; name=canary.png\n\ncanary")
	var said string
	for range 2 {
		got := s.must(t)
		said += got.stdout + got.stderr + got.summary
		s.world.Advance(time.Hour)
		got = s.must(t, "-priority", "P0")
		said += got.stdout + got.stderr + got.summary
	}
	contains(t, "the log", said, "2 attachments that came by mail were refused: 1 damaged, 1 in an archive", "21 records of telemetry that came by mail were refused: 3 of a kind that is not known, 18 that are not events", "a mail held nothing that could be read but its subject")
	contains(t, "the page", s.report("README.md"), "other", "<br><sub>24 hours</sub> | 43<br>")
	for name, src := range s.repo.Files("main") {
		said += "\n" + name + "\n" + string(src)
	}
	for _, channel := range []string{"#caro-alerts", "#caro-monitoring"} {
		for _, m := range s.world.Slack.Messages(channel) {
			said += m.Text + string(m.Blocks)
		}
	}
	for _, m := range s.world.Mail.Messages() {
		said += string(m.Raw)
	}
	facts, err := os.ReadFile(filepath.Join(s.dir, ".aftercare/facts.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	said = strings.ToLower(said + string(facts))
	if i := strings.Index(said, "canary"); i >= 0 {
		t.Errorf("it sings: …%q…", said[max(0, i-200):min(len(said), i+200)])
	}
}

// One mail adds no more than a person could, and a mailbox no more than a run can
// bear.
func TestOneMailAddsLittle(t *testing.T) {
	s := talkingStage(t)
	start := map[string]string{"session_start": `"version":"1.1.0-beta"`}
	s.world.Inbox.Deliver(enclosed("Subject: telemetry\n", "", [2]string{s.mailedEvents(collect.MostMailSessions, start), asJSON}))
	s.world.Inbox.Deliver(enclosed("Subject: flood\n", "", [2]string{strings.ReplaceAll(s.mailedEvents(collect.MostMailSessions+1, start), "cc0", "dd0"), asJSON}))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	for range 64 {
		_, _ = io.WriteString(z, strings.Repeat(" ", 1<<20))
	}
	_ = z.Close()
	s.world.Inbox.Deliver(enclosed("Subject: bomb\n", "", [2]string{packed.String(), "Content-Type: application/gzip"}))
	got := s.must(t)
	contains(t, "the page", s.report("README.md"), "<br><sub>24 hours</sub> | 240<br>")
	contains(t, "the log", got.stdout, "201 records of telemetry that came by mail were refused: 201 in a mail with too many sessions", "an attachment that came by mail was refused: 1 too large")
	// After two months it counts no more, and is kept no more.
	s.world.Advance(collect.MailedFor)
	s.telemetry(t, 40, 0)
	s.must(t)
	contains(t, "the page", s.report("README.md"), "<br><sub>24 hours</sub> | 40 |")
	facts, err := os.ReadFile(filepath.Join(s.dir, ".aftercare/facts.duckdb"))
	if err != nil || len(facts) > 16<<20 {
		t.Errorf("the facts hold %d bytes (%v)", len(facts), err)
	}
}

// What many mails hold together has an end too: the largest are let go first, and
// a small one stays.
func TestManyMailsHaveAnEnd(t *testing.T) {
	p := &postbox{held: map[string]int{"small": 1 << 10}}
	var dropped []string
	for n := range 20 {
		dropped = append(dropped, p.room(fmt.Sprintf("large%02d", n), 3<<20+n)...)
	}
	all := 0
	for _, n := range p.held {
		all += n
	}
	if p.held["small"] == 0 || all > maxMailed || all < maxMailed-4<<20 || len(dropped)+len(p.held) != 21 || p.count.dropped != len(dropped) {
		t.Errorf("held %v, %d bytes, dropped %v", p.held, all, dropped)
	}
}

// A report is one in whatever form mail programs send it, and what it quotes is
// none.
func TestReportsInAllFormsOfMail(t *testing.T) {
	s := talkingStage(t)
	const to = "From: ann\nTo: beta@caro.example\nSubject: hello\n"
	reports := []string{
		"List-Id: <beta.caro.example>\nPrecedence: list\n" + to + "\nMy address leaked.\n",
		to + "\nHello,\n\n    My address leaked.\n",
		to + "Content-Type: text/html\n\n<html>\n  <body>\n    <p>Hello</p>\n    <p>My address leaked.</p>\n  </body>\n</html>\n",
		to + "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nSee below.\n--b\nContent-Type: text/html\n\n<p>My address leaked.</p>\n--b--\n",
		enclosed("From: ann\nSubject: Fwd: hello\n", "see", [2]string{"Subject: inner\n\nMy address leaked.\n", "Content-Type: message/rfc822; name=inner.eml"}),
	}
	others := []string{
		"Precedence: bulk\n" + to + "\nMy address leaked.\n",
		"X-Autoreply: yes\n" + to + "\nMy address leaked.\n",
		to + "\nThanks.\n\n-----Original Message-----\nFrom: Ann\n\nMy address leaked.\n",
		to + "Content-Type: text/html\n\n<p>Thanks.</p><blockquote>My address leaked.</blockquote>\n",
	}
	for n, mail := range append(reports, others...) {
		s.world.Inbox.Deliver(fmt.Sprintf("Message-ID: <%d@mail.example>\n", n) + mail)
	}
	s.world.Advance(time.Minute)
	s.must(t)
	if said := s.said("#caro-alerts"); len(said) != len(reports) {
		t.Errorf("alerts heard of %d mails, want %d", len(said), len(reports))
	}
	contains(t, "the page", s.report("README.md"), "`privacy-leak` 5<br>`automatic` 2<br>`report` 2")
}

// Where telemetry comes by mail alone, it counts.
func TestTelemetryByMailAlone(t *testing.T) {
	for name, c := range map[string]struct {
		fields, want, finding string
		late                  time.Duration
	}{
		"events":                           {`"version":"1.1.0-beta"`, "| 5 |", "| 0 |", 0},
		"personal data":                    {`"version":"jane.doe@example.org"`, "", "| 5 |", 0},
		"personal data that is found late": {`"version":"jane.doe@example.org"`, "", "| 5 |", 3 * day},
		"nothing has come":                 {"", "| –<br>", "| –<br>", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, strings.Replace(talking, "  telemetry: {exports: telemetry/*.json}\n", "", 1))
			s.env["IMAP_URL"] = s.world.Inbox.URL
			if c.fields != "" {
				s.world.Inbox.Deliver(enclosed("Subject: telemetry\n", "", [2]string{s.mailedEvents(5, map[string]string{"session_start": c.fields}), asJSON}))
			}
			s.world.Advance(c.late)
			s.must(t)
			seen := 0
			for line := range strings.Lines(s.report("README.md")) {
				for title, want := range map[string]string{"Sessions": c.want, "Personal data found in telemetry": c.finding} {
					if strings.Contains(line, "<sub>24 hours") && strings.Contains(line, title) {
						seen++
						if !strings.Contains(line, want) && !strings.Contains(line, strings.Replace(want, " |", "<br>", 1)) {
							t.Errorf("%q lacks %q", line, want)
						}
					}
				}
			}
			if seen < 2 {
				t.Errorf("%d rows of the page were looked at", seen)
			}
		})
	}
}

// A mail that is read twice is one mail: one row, one message.
func TestAMailboxThatWasMadeAnewTellsNothingAgain(t *testing.T) {
	s := talkingStage(t)
	s.world.Inbox.Deliver("Message-ID: <1@mail.example>\n" + mailOf("leaked", "x"))
	s.world.Inbox.Deliver(mailOf("leaked too", "x"))
	s.world.Inbox.Deliver(enclosed("Subject: telemetry\n", "", [2]string{s.mailedEvents(5, map[string]string{"session_start": `"version":"1"`}), asJSON}))
	check := func(when string) {
		t.Helper()
		s.must(t)
		if said := s.said("#caro-alerts"); len(said) != 2 {
			t.Errorf("%s alerts heard %q", when, said)
		}
		contains(t, when, s.report("README.md"), "`privacy-leak` 2<br>`export` 1", "<br><sub>24 hours</sub> | 45<br>")
	}
	s.world.Advance(time.Minute)
	check("at first")
	s.world.Advance(time.Minute)
	s.world.Inbox.Deliver("Received: over a list\nMessage-ID: <1@mail.example>\n" + mailOf("leaked", "x"))
	check("delivered twice")
	s.world.Advance(time.Minute)
	s.world.Inbox.Anew()
	check("made anew")
}

// Mail for others does not keep a run from what is for us, however short the
// connection lasts.
func TestMailForOthersIsNoHindrance(t *testing.T) {
	for _, to := range []string{"other", "beta"} {
		s := talkingStage(t)
		for n := range 60 {
			s.world.Inbox.Deliver(fmt.Sprintf("From: a\nTo: %s@caro.example\nSubject: x%d\n\n%s\n", to, n, strings.Repeat("hello ", 200)))
		}
		s.world.Inbox.Deliver(mailOf("leaked", "x"))
		u, err := url.Parse(s.env["IMAP_URL"])
		if err != nil {
			t.Fatal(err)
		}
		address, stop, err := fake.CutAfter(u.Host, 40_000)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
		s.env["IMAP_URL"] = strings.Replace(s.env["IMAP_URL"], u.Host, address, 1)
		for range 8 {
			s.must(t, "-priority", "P0")
			s.world.Advance(15 * time.Minute)
		}
		if said := s.said("#caro-alerts"); len(said) == 0 || !strings.HasPrefix(said[0], "🔴 Mail labelled privacy-leak") {
			t.Errorf("behind mail to %s alerts heard %q", to, said)
		}
	}
}
