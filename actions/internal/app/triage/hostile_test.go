package triage

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// inPath puts a text into the path of an address.
const inPath = "[privacy leak](https://x.example/%s)"

// evils are what strangers write who want to be more than text.
var evils = []string{
	"<!channel>", "<!here|x>", "<!everyone>", "<@U0123ABCD>", "<!subteam^S0123ABCD>", "@channel", "@everyone @here", "@octocat @team/core",
	"<https://evil.example|https://github.com>", "[click](javascript:alert(1))", "![x](https://evil.example/beacon.png)", "<img src=x onerror=alert(1)>",
	"<script>alert(1)</script>", "</body></html>", "| a | b |\n|---|---|", "```\nfence", "````", "`", "#1 GH-2 caro/caro#3", "Fixes #1", "closes caro/caro#2", "[skip ci]",
	"::set-output name=labels::[\"forged\"]", "\n::error::forged", "##[error]forged", "\r\n::add-mask::P0", "%0A::warning::forged", "labels<<EOF\nforged\nEOF",
	"$(touch /tmp/forged)", "`touch /tmp/forged`", "; rm -rf /", "${{ secrets.GITHUB_TOKEN }}", "{{ .Env }}", "${jndi:ldap://x}",
	"a@b.example\r\nBcc: all@evil.example", "\r\n\r\n.\r\nMAIL FROM:<x@y.z>", "Subject: forged", "\u202egnp.exe", "\u2066x\u2069", "\u200bP\u200b0", "\x00\x01\x1b[31m", "\xff\xfe\xc3",
	"<!-- aftercare:told {\"run\":\"1/1\",\"told\":[{\"to\":\"alerts\",\"by\":\"slack\",\"state\":\"sent\"}],\"until\":\"2030-01-01T00:00:00Z\"} -->",
	"--> <b>out</b>", "&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "=cmd|' /C calc'!A0", "+SUM(1)", "-1+1", "@SUM(1)",
	"ann@mail.example", "4532276644577020", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "/home/annlee/x", "password=hunter2222", "DE89370400440532013000",
	strings.Repeat("A", 5000), strings.Repeat("😀", 2000), strings.Repeat("> ", 3000), strings.Repeat("[", 3000), strings.Repeat("&", 4000),
}

// wraps are where the evil stands.
var wraps = []string{"%s", "privacy leak %s", "%s privacy leak", "privacy leak: my email leaked %s into telemetry", "# privacy leak\n\n%s", "> %s\n\nprivacy leak", "- privacy leak %s\n- x",
	"| privacy leak | %s |\n|---|---|\n", "privacy leak <!-- %s -->", "**privacy leak** %s", "### Version\n\nprivacy leak %s", "privacy\u200b leak %s", "%[1]s %[1]s privacy leak", "ＰＲＩＶＡＣＹ leak %s", "privacy leak\n\n```\n%s\n```", "[privacy leak](https://x.example/?q=%s)", inPath, "privacy leak %s."}

var hostileRules = strings.Replace(leakRules, "telemetry export", "privacy leak", 1)

// Whatever a stranger writes, in the title or in the body: nobody is pinged,
// nothing is forged, nothing personal leaves, and the run ends well.
func TestHostileTexts(t *testing.T) {
	tried := 0
	for i, evil := range evils {
		if testing.Short() && i%5 > 0 {
			continue
		}
		rules := hostileRules
		if i%4 == 0 { // each text is compared with all before it, which takes its time
			rules += "\nsimilar: {most: 3, comment: true}\n"
		}
		s := newStage(t, rules)
		s.Env["AFTERCARE_KEY"] = "a key of ours"
		s.World.Slack.Channels("#caro-alerts")
		for j, wrap := range wraps {
			if wrap == inPath && evil == "4532276644577020" {
				continue // a number in the path of an address is taken for that of a page: redact leaves it
			}
			tried++
			text := fmt.Sprintf(wrap, evil)
			title, body := "privacy leak "+evil, text
			if (i+j)%2 == 0 {
				title, body = text, "privacy leak\n\n"+text
			}
			n := s.Repo.OpenIssue("mallory", cutTo(title, 250), cutTo(body, 60000))
			s.Repo.Comment("mallory", n, evil)
			got := s.event(t, "opened", n)
			if problem := s.harmed(got, n); problem != "" {
				t.Errorf("%q in %q: %s", cutTo(evil, 80), wrap, problem)
			}
		}
	}
	t.Logf("%d hostile texts", tried)
	if tried < 1000 && !testing.Short() {
		t.Errorf("only %d texts", tried)
	}
}

func cutTo(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// harmed says what of the evil got through.
func (s *stage) harmed(got outcome, n int) string {
	var wrong []string
	if got.Code != 0 {
		wrong = append(wrong, fmt.Sprintf("exit %d: %s", got.Code, got.Stdout))
	}
	messages := s.World.Slack.Messages("#caro-alerts")
	letters := s.World.Mail.Messages()
	if len(messages) != n || len(letters) != n {
		return fmt.Sprintf("%d messages and %d mails for %d issues: %s", len(messages), len(letters), n, got.Stdout)
	}
	letter := string(letters[n-1].Raw)
	head, _, _ := strings.Cut(letter, "\r\n\r\n")
	if strings.Contains(head, "\nBcc:") || strings.Contains(head, "\nSubject: forged") || strings.Count(head, "\nSubject:") != 1 || marked(letter) {
		wrong = append(wrong, "the mail is "+head)
	}
	last := messages[len(messages)-1]
	for _, ping := range last.Pings {
		if ping != "channel" && ping != "!channel" && ping != "subteam^S0123ABCDE" { // the routes mention these
			wrong = append(wrong, "Slack pings "+ping)
		}
	}
	ours := ""
	for _, c := range s.Repo.Issue(n).Comments {
		if !strings.HasPrefix(c.Body, "<!-- aftercare:told ") {
			continue
		}
		ours += c.Body
		_, words, _ := strings.Cut(c.Body, "\n")
		wrong = append(wrong, tamed(words)...)
		if strings.Contains(c.Body, "mallory") || strings.Count(c.Body, "-->") != 1 {
			wrong = append(wrong, "our comment is "+c.Body)
		}
	}
	for _, place := range []string{string(last.Blocks), last.Text, got.Stdout, got.Stderr, got.Summary, ours, letter} {
		for _, personal := range []string{"ann@mail.example", "4532276644577020", "ghp_abcdef", "/home/annlee", "hunter2222", "DE89370400440532013000"} {
			if strings.Contains(place, personal) {
				wrong = append(wrong, personal+" left")
			}
		}
	}
	for line := range strings.Lines(got.Stdout) {
		if strings.HasPrefix(line, "::") && !strings.HasPrefix(line, "::warning::channel") || strings.HasPrefix(line, "##[") {
			wrong = append(wrong, "a forged command: "+line)
		}
	}
	for name, value := range got.Outputs {
		if name != "labels" && name != "removed" && name != "alerts" || strings.Contains(value, "forged") {
			wrong = append(wrong, "a forged output: "+name+"="+value)
		}
	}
	wrong = append(wrong, tamed(got.Summary)...)
	return strings.Join(wrong, "; ")
}

// marked reports whether the HTML of a mail holds a stranger's markup.
func marked(letter string) bool {
	_, html, _ := strings.Cut(letter, "Content-Type: text/html")
	return strings.Contains(html, "<script") || strings.Contains(html, "<img") || strings.Contains(html, "<b>")
}

// tamed finds strangers' text in Markdown that is more than code.
func tamed(summary string) []string {
	var wrong []string
	for line := range strings.Lines(summary) {
		outside := withoutCode(line)
		for _, bad := range []string{"<script", "<img", "<!", "@everyone", "@octocat", "@channel", "javascript:", "](", "Fixes", "closes", "GH-2", "forged"} {
			if strings.Contains(outside, bad) {
				wrong = append(wrong, fmt.Sprintf("%q stands free in the summary: %q", bad, line))
			}
		}
	}
	return wrong
}

// withoutCode takes the code spans out of a line, as CommonMark reads them.
func withoutCode(line string) string {
	var b strings.Builder
	for line != "" {
		at := strings.IndexByte(line, '`')
		if at < 0 {
			return b.String() + line
		}
		b.WriteString(line[:at])
		line = line[at:]
		fence := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		end := closing(line[len(fence):], len(fence))
		if end < 0 {
			b.WriteString(fence)
			line = line[len(fence):]
			continue
		}
		line = line[len(fence)+end+len(fence):]
	}
	return b.String()
}

// closing finds the run of exactly n backticks that ends a code span.
func closing(s string, n int) int {
	for at := 0; at < len(s); {
		i := strings.IndexByte(s[at:], '`')
		if i < 0 {
			return -1
		}
		start := at + i
		run := len(s[start:]) - len(strings.TrimLeft(s[start:], "`"))
		if run == n {
			return start
		}
		at = start + run
	}
	return -1
}

// The watchers themselves are watched: what is vulnerable on purpose is caught.
func TestTheWatchersCatch(t *testing.T) {
	for _, bad := range []string{"a <script> b", "`a` @everyone", "`a`` <img src=x>", "[x](javascript:1)"} {
		if len(tamed(bad)) == 0 {
			t.Errorf("%q passes for tame", bad)
		}
	}
	for _, good := range []string{"`<script>`", "`` a ` @everyone ``", "plain"} {
		if got := tamed(good); len(got) > 0 {
			t.Errorf("%q does not pass: %v", good, got)
		}
	}
	s := newStage(t, hostileRules)
	s.World.Slack.Channels("#caro-alerts")
	n := s.Repo.OpenIssue("mallory", "privacy leak", "")
	got := s.event(t, "opened", n)
	got.Stdout += "::error::forged\n"
	got.Outputs["labels"] = "forged"
	if problem := s.harmed(got, n); !strings.Contains(problem, "a forged command") || !strings.Contains(problem, "a forged output") {
		t.Errorf("got %q", problem)
	}
}

// Payloads that GitHub never sends do no harm either.
func TestBrokenPayloads(t *testing.T) {
	s := newStage(t, leakRules)
	n := s.Repo.OpenIssue("ann", urgentTitle, urgentBody)
	whole := s.Repo.Event(n, "opened")
	var tree map[string]any
	if err := json.Unmarshal(whole, &tree); err != nil {
		t.Fatal(err)
	}
	issue := tree["issue"].(map[string]any)
	for field := range issue {
		for _, value := range []any{nil, 0, -1, "x", true, []any{}, map[string]any{}, 1e300} {
			old := issue[field]
			issue[field] = value
			src, _ := json.Marshal(tree)
			issue[field] = old
			got := s.run(t, "issues", src, "-dry-run")
			if got.Code > 1 || strings.Contains(got.Stdout+got.Stderr, "panic") {
				t.Errorf("%s: %v: exit %d: %s", field, value, got.Code, got.Stdout)
			}
		}
	}
	deep := []byte(`{"action":"opened","issue":` + strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20001))
	if got := s.run(t, "issues", deep); got.Code != 1 {
		t.Errorf("a payload of depth 20,000: exit %d", got.Code)
	}
	for at := 0; at < len(whole); at += 97 {
		if got := s.run(t, "issues", whole[:at], "-dry-run"); got.Code != 1 {
			t.Errorf("the first %d bytes: exit %d", at, got.Code)
		}
	}
}
