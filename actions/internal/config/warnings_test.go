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
	files := fstest.MapFS{"docs/incident-response.md": {}}
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
