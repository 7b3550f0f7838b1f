package config

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// Each of these files is valid, and does not do what its author means.
func TestWarnings(t *testing.T) {
	const labels = "labels: [{name: P0}, {name: bug}]\nchannels: {a: {slack: '#a'}}\n"
	for _, c := range []struct{ name, src, want string }{
		{"nothing to warn of", labels + "routes: [{label: P0, to: a, runbook: docs/run.md#first}, {label: bug, to: a}]\n", ""},
		{"an empty file", "# later\n", "rules.yaml:1:1: the file has no keys: nothing is labelled, measured or sent"},
		{"empty braces", "{}\n", "rules.yaml:1:1: the file has no keys"},
		{"a waiver that ended", "gate: {must: [{metric: p0_bugs, is: '= 0', waived: {owner: a, reason: b, until: 2026-01-31}}]}\n",
			"rules.yaml:1:81: the waiver ended on 2026-01-31, and the criterion counts again: renew or delete it"},
		{"a waiver on its last day", "gate: {must: [{metric: p0_bugs, is: '= 0', waived: {owner: a, reason: b, until: 2026-02-01}}]}\n", ""},
		{"a runbook that is not there", labels + "routes: [{label: P0, to: a, runbook: docs/gone.md}]\n", "rules.yaml:3:38: there is no file docs/gone.md in the repository"},
		{"a label that a route above takes", labels + "routes:\n  - {label: [P0, bug], to: a}\n  - {label: p0, to: a}\n", "rules.yaml:5:5: this route can never match: the route on line 4 takes all that it is for"},
		{"one that goes on", labels + "routes: [{label: [P0, bug], to: a, continue: true}, {label: P0, to: a}]\n", ""},
		{"half of its labels", labels + "routes: [{label: P0, to: a}, {label: [P0, bug], to: a}]\n", ""},
		{"a metric that a route above takes", labels + "metrics: [{id: p0_bugs}]\nroutes: [{level: warning, to: a}, {metric: p0_bugs, level: critical, to: a}]\n", "rules.yaml:4:35: this route can never match: the route on line 4"},
		{"a level below", labels + "metrics: [{id: p0_bugs}]\nroutes: [{level: critical, to: a}, {metric: p0_bugs, level: warning, to: a}]\n", ""},
		{"a metric that is not measured", labels + "routes: [{metric: p0_bugs, to: a}]\n", "rules.yaml:3:19: this route can never match: p0_bugs is not measured; add it to metrics"},
		{"a level without its threshold", labels + "metrics: [{id: open_bugs}]\nroutes: [{metric: open_bugs, level: critical, to: a}]\n", "rules.yaml:4:10: this route can never match: open_bugs has no critical threshold"},
		{"points that a route above takes", labels + "routes: [{score: 50, to: a}, {score: 100, to: a}]\n", "rules.yaml:3:30: this route can never match"},
		{"a metric without its source", "metrics: [{id: p0_bugs}, {id: nps}, {id: satisfaction}]\n", "rules.yaml:1:26: the source surveys is not configured, so nps and satisfaction will have no data: set sources.surveys"},
		{"its own metric without its source", "metrics: [{id: own, title: Own, unit: x, source: mailbox, sql: SELECT 1 AS value}]\n", "rules.yaml:1:11: the source mailbox is not configured"},
		{"a required criterion without its source", "gate: {must: [{metric: crash_rate, is: '< 1%'}]}\n", "rules.yaml:1:15: the required criterion on crash_rate cannot be decided: the source telemetry is not configured: set sources.telemetry.exports, or the secret TELEMETRY_DSN"},
		{"exports that are not there", "sources: {telemetry: {exports: telemetry/*.json}}\n", "rules.yaml:1:32: no file in the repository matches telemetry/*.json: the source has no data until one does"},
		{"exports that come by mail too", "sources: {telemetry: {exports: telemetry/*.json}, mailbox: {address: a@b.example}}\n", ""},
		{"surveys that are not there", "sources: {surveys: {files: surveys/*.csv, columns: {at: When}}}\n", "rules.yaml:1:28: no file in the repository matches surveys/*.csv"},
		{"surveys from an address", "sources: {surveys: {files: surveys/*.csv, url: SURVEY_URL, columns: {at: When}}}\n", ""},
		{"mentions that are not there", "sources: {mentions: {files: ./said/*.csv}}\n", "rules.yaml:1:29: no file in the repository matches ./said/*.csv"},
		{"mentions that are there", "sources: {mentions: {files: ./docs/*.md}}\n", ""},
		{"a recommended one", "gate: {should: [{metric: crash_rate, is: '< 1%'}]}\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			book, err := Parse("rules.yaml", []byte(c.src))
			if err != nil {
				t.Fatal(err)
			}
			files := fstest.MapFS{"rules.yaml": {Data: []byte(c.src)}, "docs/run.md": {}}
			got := strings.Join(book.Warnings(files, false, time.Date(2026, 2, 1, 23, 0, 0, 0, time.UTC)), "\n")
			if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWarnings_OtherEndingOfTheFile(t *testing.T) {
	src := []byte("labels: [{name: bug}]\n")
	files := fstest.MapFS{"rules.yaml": {Data: src}, "rules.yml": {Data: src}}
	book, err := Read(files, "rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if got := book.Warnings(files, true, time.Time{}); len(got) != 1 || !strings.Contains(got[0], "rules.yml is there too, and is not read") {
		t.Errorf("got %q", got)
	}
	delete(files, "rules.yaml")
	if _, err := Read(files, "rules.yaml"); err == nil || !strings.Contains(err.Error(), "but a rules.yml: rename it") {
		t.Errorf("got %v", err)
	}
}

// The shipped plan does what it says: nothing is warned of but the waivers and
// the database that a test does not have.
func TestWarnings_NoneForTheShippedPlan(t *testing.T) {
	book, err := Parse("rules.yaml", shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"docs/incident-response.md": {}, "surveys/a.csv": {}}
	if got := book.Warnings(files, true, book.Release.Shipped.Time); len(got) > 0 {
		t.Errorf("warnings:\n%s", strings.Join(got, "\n"))
	}
}

// A gate that can never be decided is warned of, where the workflow says so.
func TestWarnings_AlertsThatCannotBeRead(t *testing.T) {
	book, err := Parse("rules.yaml", []byte("gate: {must: [{metric: vulnerabilities, is: '= 0'}], should: [{metric: vulnerabilities, is: '= 0'}]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for permission, want := range map[string]int{"contents: write": 1, "vulnerability-alerts: read": 0, "AFTERCARE_TOKEN: x": 0} {
		files := fstest.MapFS{".github/workflows/snapshot.yml": {Data: []byte("permissions:\n  " + permission + "\n")}}
		if got := book.Warnings(files, true, time.Time{}); len(got) != want {
			t.Errorf("%s: %q", permission, got)
		}
	}
	if got := book.Warnings(fstest.MapFS{}, true, time.Time{}); len(got) != 0 {
		t.Errorf("without a workflow: %q", got)
	}
}

// A silence that is over notifies people again, so check says it.
func TestWarnings_SayThatASilenceIsOver(t *testing.T) {
	src := "release: {project: Caro, version: 1.1.0, shipped: 2026-01-24}\nmetrics: [{id: open_bugs}]\nsilence: [{metric: open_bugs, until: 2026-02-10, reason: known, who: lena}]\n"
	book, err := Parse("rules.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]int{"2026-02-10T23:59:00Z": 0, "2026-02-11T00:00:00Z": 1} {
		now, _ := time.Parse(time.RFC3339, at)
		got := book.Warnings(fstest.MapFS{}, false, now)
		if len(got) != want || want > 0 && !strings.Contains(got[0], "rules.yaml:3:38: the silence ended on 2026-02-10") {
			t.Errorf("%s: %q", at, got)
		}
	}
}

// A secret that is set, and that no workflow passes, reaches no program: each run
// would say that nobody can be reached, and no one looks there.
func TestWarnings_SecretsThatWorkflowsDoNotPass(t *testing.T) {
	const (
		rules = "labels: [{name: P0}]\nchannels:\n  a:\n    slack: '#a'\n    email: [a@example.org]\n    notify: [discord]\nroutes: [{label: P0, to: a}]\n"
		from  = "jobs:\n  run:\n    steps:\n      - uses: actions/checkout@0123\n        env: {SMTP_URL: not ours}\n      - uses: aftercare/aftercare/actions/"
		pin   = "@0123456789012345678901234567890123456789 # v1\n"
	)
	for _, c := range []struct {
		name, src string
		workflows map[string]string
		want      []string // the beginning of each warning
	}{
		{"no workflow is there", rules, nil, nil},
		{"all passed", rules, map[string]string{"triage.yml": from + "triage" + pin + "        env:\n          SLACK_WEBHOOK_URL: x\n          SMTP_URL: x\n          NOTIFY_URL: x\n"}, nil},
		{"none passed", rules, map[string]string{"triage.yml": from + "triage" + pin, "snapshot.yaml": from + "snapshot" + pin}, []string{
			"rules.yaml:4:12: the Slack channel of a needs a secret that snapshot.yaml and triage.yml do not pass: set SLACK_BOT_TOKEN in the repository's settings, and add the line `SLACK_BOT_TOKEN: ${{ secrets.SLACK_BOT_TOKEN }}`",
			"rules.yaml:5:12: mail to a needs a secret that snapshot.yaml and triage.yml do not pass: set SMTP_URL",
			"rules.yaml:6:14: discord of a needs a secret that snapshot.yaml and triage.yml do not pass: set NOTIFY_URL_DISCORD",
		}},
		{"one of two workflows", rules, map[string]string{"triage.yml": "env: {SLACK_WEBHOOK_URL_A: x, SMTP_URL: x, NOTIFY_URL_DISCORD: x}\n" + from + "triage" + pin, "snapshot.yml": "env: {SLACK_BOT_TOKEN: x, NOTIFY_URL: x}\n" + from + "snapshot" + pin},
			[]string{"rules.yaml:5:12: mail to a needs a secret that snapshot.yml does not pass"}},
		{"an action of this repository", rules, map[string]string{"triage.yml": "jobs: {run: {env: {SLACK_BOT_TOKEN: x, SMTP_URL: x}, steps: [{uses: ./actions/triage, env: '${{ fromJSON(x) }}'}]}}\n"}, []string{"rules.yaml:6:14: discord of a"}},
		{"a workflow with mistakes", rules, map[string]string{"triage.yml": "jobs: [\n"}, nil},
		{"a channel that nothing leads to", strings.Replace(rules, "routes", "# routes", 1), map[string]string{"triage.yml": from + "triage" + pin}, nil},
		{"a channel of the digest alone", "labels: [{name: w}]\nchannels: {a: {email: [a@example.org]}}\ndigest: {labels: w, to: a}\n",
			map[string]string{"triage.yml": from + "triage" + pin, "digest.yml": from + "digest" + pin}, []string{"rules.yaml:2:23: mail to a needs a secret that digest.yml does not pass"}},
		{"sources, which one of two jobs reads", "sources: {mailbox: {address: a@example.org}, mentions: {x: caro}, surveys: {url: SURVEY_URL_B, columns: {at: t}}}\n",
			map[string]string{"snapshot.yml": from + "snapshot" + pin + "        env: {IMAP_URL: x}\n      - uses: ./actions/snapshot\n"}, []string{
				"rules.yaml:1:60: the search on X needs a secret that snapshot.yml does not pass: set X_BEARER_TOKEN",
				"rules.yaml:1:82: the survey needs a secret that snapshot.yml does not pass: set SURVEY_URL_B"}},
		{"telemetry in a database", "metrics: [{id: crash_rate}]\n", map[string]string{"snapshot.yml": from + "snapshot" + pin}, []string{
			"rules.yaml:1:11: the source telemetry is not configured, so crash_rate will have no data: set sources.telemetry.exports, or the secret TELEMETRY_DSN, which snapshot.yml does not pass: set TELEMETRY_DSN in the repository's settings, and add the line `TELEMETRY_DSN: ${{ secrets.TELEMETRY_DSN }}`"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			book, err := Parse("rules.yaml", []byte(c.src))
			if err != nil {
				t.Fatal(err)
			}
			files := fstest.MapFS{"rules.yaml": {Data: []byte(c.src)}}
			for name, src := range c.workflows {
				files[".github/workflows/"+name] = &fstest.MapFile{Data: []byte(src)}
			}
			got := book.Warnings(files, false, time.Time{})
			for i, want := range c.want {
				if i >= len(got) || !strings.HasPrefix(got[i], want) {
					t.Errorf("got\n%s\nwant %s", strings.Join(got, "\n"), want)
				}
			}
			if len(got) != len(c.want) {
				t.Errorf("%d warnings, want %d: %q", len(got), len(c.want), got)
			}
		})
	}
}
