package snapshot

import (
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app/digest"
	"github.com/aftercare/aftercare/actions/internal/report"
)

// planted are secrets and personal data of strangers. Tokens are put together
// here so that none stands in the source.
var planted = []string{
	"glpat-" + "aB3dE6gH9jK2mN5pQ8rS", "ghp_" + strings.Repeat("Ab1", 12), "sk_live_" + "4eC39HqLyjWDarjtT1zd", "whsec_" + strings.Repeat("aB3d", 8), "shpat_" + strings.Repeat("a1b2", 8),
	"hf_" + strings.Repeat("aB3", 11), "npm_" + strings.Repeat("a1B", 12), "xoxb-" + "210987654321-abcdefABCDEF", "AIza" + strings.Repeat("aB1-x", 7), "dop_v1_" + strings.Repeat("a1b2", 16),
	"gsk_" + strings.Repeat("aB3d", 13), "lin_api_" + strings.Repeat("aB3d", 10), "figd_" + strings.Repeat("aB3d", 10), "sbp_" + strings.Repeat("a1b2", 10), "r8_" + strings.Repeat("aB3d", 10),
	"AKIA" + "MVT45HU43JSIOM1T", "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiI5ODc2In0.c2lnbmF0dXJl", "https://hooks.slack.com/" + "services/T9/B9/plantedhook", "oy2" + strings.Repeat("a1b2c", 8) + "abc", "pul-" + strings.Repeat("a1b2", 10),
	"planted.person@mail.example", "planted.two [at] mail [dot] example", "planted\u200bthree@mail.example", "planted.four%40mail.example", "planted.five＠mail.example",
	"4532276644577020", "4556 7375 8689 9855", "DE89370400440532013000", "gb82west12345698765432", "531-21-7351",
	"+49 30 9018 2077", "(212) 555-0187", "83.25.191.77", "2a02:8071:b82:1::77", "00:1B:44:11:3A:B7",
	"/home/plantedann/x", `C:\Benutzer\plantedben\x`, "my password is pl4nted-Word", "postgres://ann:pl4ntedPass@db.example/x", "Authorization: Bearer pl4ntedBearerToken",
}

// needles are what of a planted text must be found nowhere.
func needles(s string) []string {
	for _, part := range []string{"plantedann", "plantedben", "pl4nted-Word", "pl4ntedPass", "pl4ntedBearerToken"} {
		if strings.Contains(s, part) {
			return []string{part}
		}
	}
	return []string{s}
}

// ownSecrets are what the run itself signs in with, by variable.
var ownSecrets = map[string]string{
	"AFTERCARE_KEY": "own-key-0123456789-abcdef", "REDDIT_CLIENT_SECRET": "own+reddit/secret==0123", "MASTODON_TOKEN": "own-mastodon-\"quoted\"-0123",
	"TELEMETRY_DSN": "postgres://own:0wn-dsn-Pass@127.0.0.1:9/caro?connect_timeout=1",
	"NOTIFY_URL":    "discord://0wn-d1scord-Tok3n-abcdef@1122334455667788",
}

// formsOfSecret are the forms in which a secret of the run may come back.
func formsOfSecret(s string) []string {
	quoted, _ := json.Marshal(s)
	return []string{s, url.QueryEscape(s), url.PathEscape(s), base64.StdEncoding.EncodeToString([]byte(s)), hex.EncodeToString([]byte(s)), string(quoted[1 : len(quoted)-1])}
}

// way is one way out, and what came out of it.
type way struct{ name, text string }

// waysOut reads back all that left the runs.
func (s *stage) waysOut(t *testing.T, runs []outcome) []way {
	t.Helper()
	var all []way
	for i, r := range runs {
		all = append(all, way{fmt.Sprintf("log of run %d", i), r.stdout}, way{fmt.Sprintf("errors of run %d", i), r.stderr}, way{fmt.Sprintf("summary of run %d", i), r.summary}, way{fmt.Sprintf("outputs of run %d", i), fmt.Sprint(r.outputs)})
		for _, request := range r.requests {
			all = append(all, way{"request " + request.Method + " " + request.Path, fmt.Sprintf("%+v", request)})
		}
	}
	for _, channel := range []string{"#caro-alerts", "#caro-monitoring"} {
		for _, m := range s.world.Slack.Messages(channel) {
			all = append(all, way{"Slack " + channel, m.Text + string(m.Blocks)})
		}
	}
	for _, letter := range s.world.Mail.Messages() {
		text := string(letter.Raw) + letter.Header("Subject")
		for _, p := range letter.Parts {
			text += string(p.Body)
		}
		all = append(all, way{"mail", text})
	}
	for name, src := range s.repo.Files("main") {
		if strings.HasPrefix(name, "reports/") {
			all = append(all, way{"page " + name, string(src)})
		}
	}
	for _, issue := range s.repo.Issues() {
		for _, c := range issue.Comments {
			if strings.Contains(c.Body, "aftercare") {
				all = append(all, way{"comment", c.Body})
			}
		}
		if strings.Contains(issue.Body, "aftercare") {
			all = append(all, way{"issue of ours", issue.Title + issue.Body})
		}
	}
	return append(all, s.cached(t)...)
}

// cached reads the cache: its bytes, since an export of them is what another
// run restores, and its rows, since they are packed in the bytes.
func (s *stage) cached(t *testing.T) []way {
	t.Helper()
	var all []way
	folder := filepath.Join(s.dir, ".aftercare")
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := os.ReadFile(path)
		all = append(all, way{"cache file " + d.Name(), string(src)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", filepath.Join(folder, "facts.duckdb")+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables, err := db.Query("SELECT table_name FROM information_schema.tables")
	if err != nil {
		t.Fatal(err)
	}
	defer tables.Close()
	rows := 0
	for tables.Next() {
		var table string
		if err := tables.Scan(&table); err != nil {
			t.Fatal(err)
		}
		lines, err := db.Query(fmt.Sprintf("SELECT to_json(x)::VARCHAR FROM %q x", table))
		if err != nil {
			t.Fatal(err)
		}
		for lines.Next() {
			var line string
			if err := lines.Scan(&line); err != nil {
				t.Fatal(err)
			}
			rows++
			all = append(all, way{"cache table " + table, line})
		}
		lines.Close()
	}
	if rows == 0 {
		t.Error("the cache has no rows: the test reads nothing")
	}
	return all
}

// Strangers plant forty secrets in everything that the programs read, and a
// server answers with the run's own credentials in every form. None of them may
// leave: in a message, a mail, a page, a reading, the summary, the outputs, the
// log, an error or the cache.
func TestNoSecretLeavesByAnyWay(t *testing.T) {
	if len(planted) != 40 {
		t.Fatalf("%d are planted, expected 40", len(planted))
	}
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		var own []string
		for _, secret := range ownSecrets {
			own = append(own, formsOfSecret(secret)...)
			if u, err := url.Parse(secret); err == nil && u.User != nil {
				own = append(own, u.User.Username())
			}
		}
		detail, _ := json.Marshal("refused: " + r.Header.Get("Authorization") + " " + strings.Join(own, " ") + " " + strings.Join(planted, " "))
		fmt.Fprintf(w, `{"errors":[{"detail":%s}],"message":%s}`, detail, detail)
	}))
	defer echo.Close()
	s := talkingStage(t)
	for name, secret := range ownSecrets {
		s.env[name] = secret
	}
	s.env["AFTERCARE_CRATES_URL"], s.env["MASTODON_URL"], s.env["AFTERCARE_NOTIFY_URL"] = echo.URL, echo.URL, echo.URL
	s.put(t, "rules.yaml", strings.Replace(strings.Replace(strings.Replace(strings.Replace(talking, "alerts: {slack: '#caro-alerts'}", "alerts: {slack: '#caro-alerts', notify: [discord]}", 1), "metrics: [", "metrics: [{id: pain_points}, {id: survey_themes}, ", 1), "mastodon: caro}", "mastodon: caro, files: said/*.csv}", 1), "sources:\n", "sources:\n  crates: {package: caro}\n  surveys: {files: surveys/*.csv, columns: {at: Timestamp, satisfaction: Overall satisfaction, requests: Wishes}}\n", 1))
	at := s.world.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	survey, export, said := "Timestamp,Overall satisfaction,Wishes\n", "", "source,at,author,text,"+strings.ReplaceAll(planted[0], ",", "")+"\n"
	for i, secret := range planted {
		cell := strings.ReplaceAll(secret, `"`, `""`)
		survey += fmt.Sprintf("%s,5,\"please add %s\"\n", at, cell)
		said += fmt.Sprintf("mail,%s,ann,\"it leaked %s\",\"%s\"\nmail,\"soon %s\",ann,x\n", at, cell, cell, cell)
		quoted, _ := json.Marshal("refused for " + secret)
		export += fmt.Sprintf(`{"id":"20000000-0000-4000-8000-%012d","session_id":"cc%014d","timestamp":"%s","type":"backend_error","backend":"llm","error_category":%s,"recoverable":true}`+"\n", i, i, at, quoted)
		s.world.Social.Say("hackernews", "ann", "Show HN: Caro CLI, it leaked "+secret, secret, 200+i)
		s.world.Inbox.Deliver(mailOf("leaked "+strings.ReplaceAll(secret, "\n", " "), "Hello, "+secret+" leaked."))
	}
	s.put(t, "surveys/b.csv", survey)
	s.put(t, "said/b.csv", said)
	s.put(t, "telemetry/b.json", export)
	var runs []outcome
	for i := 0; i < len(planted); i += 8 {
		some := strings.Join(planted[i:i+8], " , ")
		n := s.repo.OpenIssue("mallory", "it leaked "+planted[i], "leaked: "+some, "bug")
		s.repo.Comment("mallory", n, some)
		runs = append(runs, s.triage(t, n))
	}
	runs = append(runs, s.run(t, "-priority", "P0"), s.run(t))
	s.world.Advance(8 * 24 * time.Hour)
	runs = append(runs, s.run(t), s.program(t, "digest", digest.Run, map[string]string{"GITHUB_EVENT_NAME": "schedule"}))

	ways := s.waysOut(t, runs)
	leaks := 0
	look := func(what string, needles []string) {
		for _, needle := range needles {
			for _, w := range ways {
				if strings.Contains(w.text, needle) && leaks < 40 {
					leaks++
					i := strings.Index(w.text, needle)
					t.Errorf("%s leaves by the %s: %q", what, w.name, w.text[max(0, i-60):min(len(w.text), i+len(needle)+20)])
				}
			}
		}
	}
	for _, secret := range planted {
		look(secret, needles(secret))
	}
	for name, secret := range ownSecrets {
		if u, err := url.Parse(secret); err == nil && u.User != nil {
			if word, has := u.User.Password(); has {
				secret = word
			} else {
				secret = u.User.Username()
			}
		}
		look(name, formsOfSecret(secret))
	}
	seen := map[string]bool{}
	for _, w := range ways {
		kind, _, _ := strings.Cut(w.name, " ")
		seen[kind] = true
	}
	for _, w := range ways {
		if strings.HasSuffix(w.name, report.FeedPath) || strings.HasSuffix(w.name, report.BadgePath) {
			seen[filepath.Base(w.name)] = true
		}
	}
	for _, kind := range []string{"Slack", "mail", "page", "comment", "cache", "summary", "outputs", "log", "errors", "feed.xml", "badge.json"} {
		if !seen[kind] {
			t.Errorf("nothing left by the %s: the test reads nothing there", kind)
		}
	}
	t.Logf("%d texts that left were read", len(ways))
}
