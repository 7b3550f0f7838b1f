package snapshot

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/service"
)

// alarm plays the same story in a world of its own: an issue that is urgent, a
// metric that becomes critical, nobody who responds, and its recovery. It returns
// the titles of what the channel #caro-alerts, or the service, has got.
func alarm(t *testing.T, channel string, titles func(*stage) []string) []string {
	t.Helper()
	s := newStage(t, strings.Replace(small, "alerts: {slack: '#caro-alerts'}", "alerts: "+channel, 1))
	services := fake.NewServices(s.world)
	s.services = services
	for _, kind := range service.Names() {
		s.env["NOTIFY_URL_"+strings.ToUpper(kind)] = services.Address(kind)
	}
	s.env["AFTERCARE_NOTIFY_URL"] = services.URL
	s.telemetry(t, 200, 0)
	s.must(t)
	n := s.repo.OpenIssue("mallory", "total meltdown <!channel> @everyone [x](https://evil.example)", "it is a meltdown", "bug")
	if got := s.triage(t, n); got.code != 0 {
		t.Fatal(got.stderr)
	}
	s.world.Advance(25 * time.Hour)
	s.telemetry(t, 200, 40)
	s.must(t)
	s.world.Advance(2 * time.Hour)
	s.must(t, "-priority", "P0")
	for range 3 {
		s.world.Advance(26 * time.Hour)
		s.telemetry(t, 200, 0)
		s.must(t)
	}
	return titles(s)
}

// differs are the signs that a service needs in a title, besides the words.
var differs = strings.NewReplacer("\u2060", "", `\`, "", "‹", "<", "›", ">")

// heading is a title with what differs between services taken out, as long as the
// shortest limit.
func heading(s string) string {
	words := strings.Join(strings.Fields(differs.Replace(s)), " ")
	return string([]rune(words)[:min(60, len([]rune(words)))])
}

var slackHeader = regexp.MustCompile(`"type":"header","text":\{"type":"plain_text","text":"((?:[^"\\]|\\.)*)"`)

// A team on any other service gets the same alerts as one on Slack, each once: the
// issue, the metric, its escalation and its resolution, in the same order.
func TestServices_TellWhatSlackTells(t *testing.T) {
	slack := alarm(t, "{slack: '#caro-alerts'}", func(s *stage) []string {
		var all []string
		for _, m := range s.world.Slack.Messages("#caro-alerts") {
			found := slackHeader.FindStringSubmatch(string(m.Blocks))
			if found == nil {
				t.Fatalf("a message without a header: %s", m.Blocks)
			}
			var title string
			if err := json.Unmarshal([]byte(`"`+found[1]+`"`), &title); err != nil {
				t.Fatal(err)
			}
			all = append(all, heading(title))
		}
		return all
	})
	if len(slack) < 4 {
		t.Fatalf("Slack got %q: the story has too few alerts", slack)
	}
	t.Logf("%q", slack)
	names := service.Names()
	got := map[string][]string{}
	alarm(t, "{notify: ["+strings.Join(names, ", ")+"]}", func(s *stage) []string {
		for _, kind := range names {
			for _, p := range s.services.Posts(kind) {
				title := heading(p.Title)
				if p.Action == "resolve" && kind == "pagerduty" {
					title = "resolves " + p.Alert
				}
				got[kind] = append(got[kind], title)
				if len(p.Pings) > 1 { // one is the mention of the route
					t.Errorf("%s: a stranger notified %v", kind, p.Pings)
				}
			}
		}
		if len(s.world.Slack.Messages("#caro-alerts")) > 0 {
			t.Error("Slack was told too")
		}
		return nil
	})
	for _, kind := range names {
		if len(got[kind]) != len(slack) {
			t.Errorf("%s got %q, Slack %q", kind, got[kind], slack)
			continue
		}
		for i, title := range got[kind] {
			if title != slack[i] && !strings.HasPrefix(title, "resolves ") {
				t.Errorf("%s, message %d: %q, in Slack %q", kind, i, title, slack[i])
			}
		}
	}
}
