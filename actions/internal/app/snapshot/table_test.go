package snapshot

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	digest "github.com/aftercare/aftercare/actions/internal/app/digest"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/race"
)

// injected is one fault of the table. Adding a fault is adding a line.
type injected struct {
	name string
	// inject makes the world fail until lift is called; nil lifts nothing.
	inject func(t *testing.T, s *stage, p0 int) (lift func())
	// repeats are the ways by which a message may come twice, because nobody can
	// know whether the first arrived. The second says so.
	repeats []string
	// unsaid is set where that second message cannot say so: the run that sent the
	// first could leave no trace anywhere, neither a claim, nor a label, nor a file.
	unsaid bool
	// blind are metrics of which a page written under the fault shows no data.
	blind []string
	// differs is why the last page need not be that of an undisturbed run.
	differs string
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

var namedFaults = []injected{
	{name: "none", inject: func(*testing.T, *stage, int) func() { return nil }},
	{name: "mail that the server never sends to its end", inject: func(t *testing.T, s *stage, _ int) func() {
		url := s.env["IMAP_URL"]
		s.imapProxy(t)
		s.world.Inbox.Deliver(mailOf("hello", "it stalls"))
		return func() { s.env["IMAP_URL"] = url }
	}, differs: "one mail more is counted"},
	{name: "GraphQL answers {}", inject: graphQL(`{}`), blind: ofGitHub},
	{name: "GraphQL answers null", inject: graphQL(`{"data":null}`), blind: ofGitHub},
	{name: "GraphQL answers without data", inject: graphQL(`{"data":{}}`), blind: ofGitHub},
	{name: "GraphQL answers without a repository", inject: graphQL(`{"data":{"repository":null}}`), blind: ofGitHub},
	{name: "a telemetry database that is not there", inject: setting("TELEMETRY_DSN", "postgres://reader:x@127.0.0.1:1/caro"), blind: []string{"Crash rate"}},
	{name: "GitHub redirects to another host", inject: redirecting("GITHUB_API_URL")},
	{name: "Slack redirects to another host", inject: redirecting("SLACK_API_URL")},
	{name: "the registry redirects to another host", inject: redirecting("AFTERCARE_CRATES_URL"), blind: ofRegistry},
	{name: "GitHub's lists do not end", inject: endlessGitHub},
	{name: "a locked issue", inject: func(_ *testing.T, s *stage, n int) func() {
		s.repo.LockIssue("bob", n)
		return func() { s.repo.UnlockIssue("bob", n) }
	}},
	{name: "a token that may only read", inject: func(_ *testing.T, s *stage, _ int) func() {
		s.world.GitHub.Permit("ghs_reader", "issues: read", "contents: read")
		return setting("GITHUB_TOKEN", "ghs_reader")(nil, s, 0)
	}, repeats: []string{"email"}},
	{name: "labels that GitHub refuses", inject: func(_ *testing.T, s *stage, _ int) func() {
		s.repo.RefuseLabel("P0", "name is reserved")
		return func() { s.repo.RefuseLabel("P0", "") }
	}},
	{name: "a mention with an odd address", inject: func(t *testing.T, s *stage, _ int) func() {
		s.put(t, "mentions/a.csv", "source,id,author,at,url,text,score\nforum,https://news.example/?id=1&by=a@b#c,x,"+s.world.Now().Add(-time.Hour).Format(time.RFC3339)+",https://news.example/?id=1&by=a@b#c,Look at caro,9\n")
		return nil
	}, differs: "one mention more is counted"},
	{name: "a cache folder that cannot be written", inject: func(t *testing.T, s *stage, _ int) func() {
		s.put(t, "file", "x")
		return setting("AFTERCARE_CACHE", "file/facts.duckdb")(t, s, 0)
	}},
	{name: "a damaged cache", inject: func(t *testing.T, s *stage, _ int) func() {
		path := filepath.Join(s.dir, ".aftercare/facts.duckdb")
		facts, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := len(facts) / 2; i < len(facts)/2+4096; i++ {
			facts[i] ^= 0x55
		}
		if err := os.WriteFile(path, facts, 0o644); err != nil {
			t.Fatal(err)
		}
		return nil
	}},
	{name: "a head reference that is {}", inject: fault(fake.Fault{On: "github", Path: "/git/ref/", Do: fake.Object})},
	{name: "a branch that takes no commit", inject: func(_ *testing.T, s *stage, _ int) func() {
		s.repo.Protect("main", fake.GH013)
		return func() { s.repo.Protect("main", "") }
	}},
	{name: "a claim that GitHub does not let be changed", inject: fault(fake.Fault{On: "github", Method: "PATCH", Path: "/issues/comments/", Do: fake.Forbidden})},
	{name: "mail answers 421", inject: fault(fake.Fault{On: "mail", Method: "MAIL", Do: fake.Unavailable})},
	{name: "mail takes the message and says nothing", inject: fault(fake.Fault{On: "mail", Method: "DATA", Do: fake.LostReply}), repeats: []string{"email"}},
	{name: "telemetry that is no JSON", inject: func(t *testing.T, s *stage, _ int) func() {
		whole, err := os.ReadFile(filepath.Join(s.dir, "telemetry/a.json"))
		if err != nil {
			t.Fatal(err)
		}
		s.put(t, "telemetry/a.json", "<html>")
		return func() { s.put(t, "telemetry/a.json", string(whole)) }
	}, blind: []string{"Crash rate"}},
}

// unconfirmable are the faults after which nobody knows whether a mail arrived.
var unconfirmable = map[fake.Do]bool{fake.LostReply: true, fake.LostGateway: true, fake.Empty: true, fake.Truncated: true}

// ofServer is each fault of the simulated servers, at every request to one of them.
func ofServer(server string, blind []string) []injected {
	var all []injected
	for _, do := range fake.Faults() {
		f := injected{name: fmt.Sprintf("%s: %v", server, do), inject: fault(fake.Fault{On: server, Do: do, Delay: time.Millisecond})}
		if do != fake.Slow {
			f.blind = blind
		}
		if server == "github" && do == fake.Forbidden {
			f.repeats, f.unsaid = []string{"email"}, true
		}
		if server == "mail" && unconfirmable[do] {
			f.repeats = []string{"email"}
		}
		all = append(all, f)
	}
	return all
}

func fault(f fake.Fault) func(*testing.T, *stage, int) func() {
	return func(_ *testing.T, s *stage, _ int) func() { s.world.Fail(f); return s.world.Heal }
}

func setting(name, value string) func(*testing.T, *stage, int) func() {
	return func(_ *testing.T, s *stage, _ int) func() {
		before, was := s.env[name]
		s.env[name] = value
		return func() {
			if s.env[name] = before; !was {
				delete(s.env, name)
			}
		}
	}
}

func serving(name string, handler http.HandlerFunc) func(*testing.T, *stage, int) func() {
	return func(t *testing.T, s *stage, _ int) func() {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		return setting(name, server.URL)(t, s, 0)
	}
}

func graphQL(body string) func(*testing.T, *stage, int) func() {
	return serving("GITHUB_GRAPHQL_URL", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, body)
	})
}

// redirecting answers each request of a client with a redirect to another host,
// which must not see a credential.
func redirecting(name string) func(*testing.T, *stage, int) func() {
	return func(t *testing.T, s *stage, _ int) func() {
		other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				t.Errorf("a credential went to another host: %s %s", r.Method, r.URL)
			}
		}))
		t.Cleanup(other.Close)
		return serving(name, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
		})(t, s, 0)
	}
}

func endlessGitHub(t *testing.T, s *stage, _ int) func() {
	address, stop, err := fake.Endless(s.env["GITHUB_API_URL"])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return setting("GITHUB_API_URL", address)(t, s, 0)
}

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
	n := s.repo.OpenIssue("ann", "a meltdown", "")
	s.world.Inbox.Deliver(mailOf("my address was leaked", "x"))
	s.world.Social.Say("hackernews", "ann", "Show HN: Caro CLI", "", 500)
	lift := f.inject(t, s, n)
	s.world.Advance(time.Minute)
	s.triage(t, n)
	s.world.Advance(10 * time.Minute)
	s.runLimited(t, tableLimits, reads{})
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
// and the page is that of a run without a fault. In short mode, and under the race
// detector, every sixth fault of the servers is tried.
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
		if !race.Enabled || i%3 == 0 {
			all = append(all, f)
		}
	}
	for i, f := range slices.Concat(ofServer("github", ofGitHub), ofServer("slack", nil), ofServer("mail", nil), ofServer("crates", ofRegistry), ofServer("social", ofMentions)) {
		if !testing.Short() && !race.Enabled || i%6 == 0 {
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
			for _, w := range want {
				i := slices.IndexFunc(left, func(d delivery) bool { return d.way == w.way && d.title == w.title })
				if i < 0 {
					t.Errorf("lost: %+v; delivered are %+v", w, s.delivered())
					continue
				}
				left = slices.Delete(left, i, i+1)
			}
			for _, d := range left {
				if !d.repeat && !f.unsaid || !slices.Contains(f.repeats, d.way) {
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
