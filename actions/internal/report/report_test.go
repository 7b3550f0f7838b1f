package report

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
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

var (
	now      = time.Date(2026, 1, 27, 9, 5, 0, 0, time.UTC)
	channels = alert.Channels{"alerts": {Slack: "#caro-alerts"}, "team": {Email: []string{"team@caro.example"}}}
	place    = Place{Server: "https://github.com", Repository: "caro/caro"}
	earned   = []label.Finding{
		{Label: "critical", Rule: 2, Term: "wipe|delete … my … home|file", Words: "wiped my home", In: "title", Line: 1},
		{Label: "P0", Rule: 20, From: []string{"critical"}},
	}
)

func issue() model.Issue {
	return model.Issue{Number: 42, Title: "caro wiped my home | `directory` @everyone #1 <img src=x>", URL: "https://github.com/caro/caro/issues/42",
		Author: "ann", CreatedAt: now.Add(-26 * time.Hour)}
}

func TestTriageSummary(t *testing.T) {
	d := label.Decision{Earned: earned, Add: earned[1:], Remove: []string{"P1"}, Withheld: []label.Withheld{{Label: "bug", Reason: "ann took it off on 2026-01-26"}}}
	told := []change.Message{{Channel: "alerts", By: "slack", Mention: "channel", Labels: []string{"P0"}, Respond: time.Hour}}
	golden(t, "triage.md", Triage(issue(), d, Telling{Sent: told, Left: []string{"team by email"}, Cut: []string{"monitoring by slack"}}, false))
	golden(t, "triage-dry.md", Triage(issue(), d, Telling{Sent: told}, true))
	golden(t, "triage-nothing.md", Triage(issue(), label.Decision{}, Telling{}, false))
	golden(t, "declined.md", Declined("a run for \"push\": triage acts on `issues` events"))
}

func TestIssueMessages(t *testing.T) {
	tell := IssueMessages([]alert.Due{
		{Issue: 42, Channel: "alerts", By: "slack", Labels: []string{"P0", "critical"}, Mention: "channel", Respond: time.Hour, Runbook: "docs/incident response.md"},
		{Issue: 42, Channel: "team", By: "email", Labels: []string{"security"}, Worse: true},
	}, issue(), earned, channels, place, now)
	var b strings.Builder
	for _, m := range tell.Messages {
		b.WriteString(m.Key + "\n" + m.Title + "\n" + m.Summary + "\n")
		for _, f := range m.Facts {
			b.WriteString("  " + f.Name + ": " + f.Value + "\n")
		}
		b.WriteString(m.Link + "\n" + m.Runbook + "\n" + m.Record + "\n" + m.Failing + "\n\n")
	}
	golden(t, "messages.txt", b.String())
}

func TestCodeIsNothingButText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"plain", "`plain`"},
		{"a `tick`", "`` a `tick` ``"},
		{"``", "``` `` ```"},
		{"two\nlines", "`two lines`"},
		{"a | b", "`a ¦ b`"},
		{"", "(no text)"},
		{" \u200b ", "(no text)"},
		{"@ann #1 <b>", "`@ann #1 <b>`"},
		{"ann@mail.example", "`[e-mail]`"},
		{"\u202egnp", "`gnp`"},
		{strings.Repeat("x", 50), "`" + strings.Repeat("x", 19) + "…`"},
	} {
		if got := Code(c.text, 20); got != c.want {
			t.Errorf("Code(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

// A stranger's text stays within its fence, on one line, whatever it holds.
func FuzzCode(f *testing.F) {
	for _, s := range []string{"`", "``a`", "|", "a\nb", "\\`", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Code(s, 100)
		if got == "(no text)" {
			return
		}
		fence := got[:len(got)-len(strings.TrimLeft(got, "`"))]
		inner := got[len(fence) : len(got)-len(fence)]
		if !strings.HasSuffix(got, fence) || strings.ContainsAny(got, "\n\r|") || maxRun(inner, '`') >= len(fence) {
			t.Fatalf("Code(%q) = %q", s, got)
		}
	})
}
