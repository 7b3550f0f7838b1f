package snapshot

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	digest "github.com/aftercare/aftercare/actions/internal/app/digest"
)

// injected is one fault of the table. Adding a fault is adding a line.
type injected struct {
	name string
	// inject makes the world fail until lift is called; nil lifts nothing.
	inject func(t *testing.T, s *stage, p0 int) (lift func())
	// repeats are the ways by which a message may come twice, because nobody can
	// know whether the first arrived. One of them says so.
	repeats []string
	// blind are metrics of which a page written under the fault shows no data.
	blind []string
	// differs is why the last page need not be that of an undisturbed run.
	differs string
	// body is the text of the urgent issue.
	body string
	// undue is in the titles of what nobody need hear of any more.
	undue string
	// program is the program snapshot, where it is not the shipped one.
	program func(t *testing.T) Program
	// long is set where the fault takes the program half a minute to stop.
	long bool
	// after looks at what else must hold in the end.
	after func(t *testing.T, s *stage)
}

var (
	ofGitHub   = []string{"Open P0 bugs", "Open bugs"}
	ofRegistry = []string{"Yanked versions"}
	ofMentions = []string{"Best-rated mention"}
)

// everything is a plan in which each source and each way out has a part.
var everything = strings.NewReplacer(
	"routes:\n", "routes:\n  - {label: privacy-leak, to: [alerts, team], respond: 15m}\n  - {score: 100, to: [monitoring]}\n",
	"triage: [", "triage: [{label: privacy-leak, any: [leaked]}, ",
	"  - {label: P0, to: [alerts],", "  - {label: P0, to: [alerts, team],",
	"sources:\n", "digest: {labels: [weekly-digest], to: [team, monitoring]}\nsources:\n  mentions: {hackernews: caro cli, files: 'mentions/*.csv'}\n  mailbox: {address: beta@caro.example}\n",
	"metrics:\n", "metrics:\n  - {id: top_mention}\n  - {id: mail_by_label}\n",
	"{name: privacy-leak}", "{name: privacy-leak}, {name: weekly-digest}",
).Replace(small)

// delivery is one message as people got it: its way, its title without figures,
// and whether it says that it may be a repeat.
type delivery struct {
	way, title string
	repeat     bool
}

var (
	figures  = regexp.MustCompile(`\d[\d.,]*`)
	repeated = regexp.MustCompile(`earlier delivery unconfirmed|possible repeat`)
	subject  = regexp.MustCompile(`(?m)^Subject: (.*)\r?$`)
)

func (s *stage) delivered() []delivery {
	var all []delivery
	for _, channel := range []string{"#caro-alerts", "#caro-monitoring"} {
		for _, m := range s.world.Slack.Messages(channel) {
			title, _, _ := strings.Cut(m.Text, ": ")
			all = append(all, delivery{"slack " + channel, figures.ReplaceAllString(title, "N"), repeated.Match(m.Blocks)})
		}
	}
	for _, m := range s.world.Mail.Messages() {
		raw := strings.ReplaceAll(string(m.Raw), "=\r\n", "")
		title := "without a subject"
		if said := subject.FindStringSubmatch(raw); said != nil {
			title = said[1]
		}
		all = append(all, delivery{"email", figures.ReplaceAllString(title, "N"), repeated.MatchString(raw)})
	}
	return all
}

// play runs the programs under a fault, and twice more after it was lifted. It
// returns the page that was written under the fault, empty where none was.
func (s *stage) play(t *testing.T, f injected) (under string) {
	t.Helper()
	s.env["IMAP_URL"] = s.world.Inbox.URL
	s.telemetry(t, 200, 0)
	s.runLimited(t, tableLimits, reads{})
	s.world.Advance(time.Hour)
	before := s.report("README.md")
	s.telemetry(t, 200, 14)
	n := s.repo.OpenIssue("ann", "a meltdown", f.body)
	event := s.repo.Event(n, "opened")
	s.world.Inbox.Deliver(mailOf("my address was leaked", "x"))
	s.world.Social.Say("hackernews", "ann", "Show HN: Caro CLI", "", 500)
	lift := f.inject(t, s, n)
	s.world.Advance(time.Minute)
	s.triageEvent(t, event)
	s.world.Advance(10 * time.Minute)
	if f.program != nil {
		s.program(t, "snapshot", f.program(t).Run, map[string]string{"GITHUB_EVENT_NAME": "schedule"})
	} else {
		s.runLimited(t, tableLimits, reads{})
	}
	s.digest(t)
	if page := s.report("README.md"); page != before {
		under = page
	}
	if lift != nil {
		lift()
	}
	for range 2 {
		s.world.Advance(20 * time.Minute)
		for _, got := range []outcome{s.runLimited(t, tableLimits, reads{}), s.digest(t)} {
			if got.code != 0 {
				t.Errorf("a run after the fault: exit %d: %s", got.code, got.stdout)
			}
		}
	}
	return under
}

var tableLimits = limits{mailFetch: 500 * time.Millisecond, mailWait: 10 * time.Second, mailLate: 10 * time.Second}

func (s *stage) digest(t *testing.T) outcome {
	t.Helper()
	return s.program(t, "digest", digest.Run, map[string]string{"GITHUB_EVENT_NAME": "schedule"})
}

// rowsOf are the rows of the tables of a page, without links, by the metric's
// title.
func rowsOf(page string) map[string]string {
	rows := map[string]string{}
	for line := range strings.Lines(page) {
		cells := strings.Split(line, "|")
		if len(cells) < 5 || !strings.ContainsAny(cells[1], "🟢🟡🟠🔴⚪–") {
			continue
		}
		title, _, _ := strings.Cut(strings.TrimSpace(cells[2]), "<br>")
		rows[title] += strings.TrimSpace(line)
	}
	return rows
}

// TestFaults_EndWithEachNotificationOnceAndTruePages injects every fault of the
// table in turn into triage, snapshot with its sweep, and digest. A page that was
// written meanwhile shows no figure of a source that failed. Once the fault is
// lifted and the programs have run again, everybody who must hear has heard once,
// and the page is that of a run without a fault. In short mode
// every third named fault and every sixth of the servers' is tried.
func TestFaults_EndWithEachNotificationOnceAndTruePages(t *testing.T) {
	clean := newStage(t, everything)
	clean.play(t, namedFaults[0])
	want := clean.delivered()
	wantRows := rowsOf(clean.report("README.md"))
	if len(want) < 7 || len(wantRows) < 8 {
		t.Fatalf("without a fault %d messages %+v and rows %q", len(want), want, wantRows)
	}
	var all []injected
	for i, f := range namedFaults {
		if !testing.Short() || i%3 == 0 && !f.long {
			all = append(all, f)
		}
	}
	for i, f := range slices.Concat(ofServer("github", ofGitHub), ofServer("slack", nil), ofServer("mail", nil), ofServer("crates", ofRegistry), ofServer("social", ofMentions)) {
		if !testing.Short() || i%6 == 0 {
			all = append(all, f)
		}
	}
	for _, f := range all {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, everything)
			under := s.play(t, f)
			rows := rowsOf(under)
			for _, title := range f.blind {
				if row := rows[title]; under != "" && !strings.Contains(row, "⚪") {
					t.Errorf("the page under the fault must show no data of %q, and shows %q", title, row)
				}
			}
			left := s.delivered()
			if f.after != nil {
				f.after(t, s)
			}
			for _, w := range want {
				if f.undue != "" && strings.Contains(w.title, f.undue) {
					continue
				}
				is := func(repeat bool) func(d delivery) bool {
					return func(d delivery) bool { return d.way == w.way && d.title == w.title && d.repeat == repeat }
				}
				i := slices.IndexFunc(left, is(false))
				if i < 0 {
					i = slices.IndexFunc(left, is(true))
				}
				if i < 0 {
					t.Errorf("lost: %+v; delivered are %+v", w, s.delivered())
					continue
				}
				left = slices.Delete(left, i, i+1)
			}
			for _, d := range left {
				if !d.repeat || !slices.Contains(f.repeats, d.way) {
					t.Errorf("delivered twice, or not due: %+v", d)
				}
			}
			for title, row := range wantRows {
				if got := rowsOf(s.report("README.md"))[title]; f.differs == "" && got != row {
					t.Errorf("the last page shows\n%s\nwithout a fault\n%s", got, row)
				}
			}
		})
	}
}
