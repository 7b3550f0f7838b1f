package gate

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aftercare/aftercare/actions/internal/acttest"
	"github.com/aftercare/aftercare/actions/internal/apptest"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
)

const criteria = `
release: {project: Caro, version: v1.1.0-beta, shipped: 2026-01-24, ga: 2026-02-15}
metrics: [{id: p0_bugs}, {id: command_success_rate}]
gate:
  must:
    - {metric: p0_bugs, is: '= 0'}
    - {metric: command_success_rate, is: '>= 75%'}
    - {days_without: p0_bugs, is: '>= 3'}
  nice:
    - {metric: stars_per_week, is: '>= 100', window: 21d}
    - {manual: Featured on the front page}
`

var shipped = apptest.Program{Name: "gate", Run: Run}

type stage struct{ *apptest.Stage }

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{apptest.NewStage(t, criteria)}
	s.World.SetNow(time.Date(2026, 2, 10, 9, 0, 0, 0, time.UTC))
	s.Env["GITHUB_EVENT_NAME"] = "workflow_dispatch"
	return s
}

// record commits a reading a day from the day of the release to the days before
// now; p0 says how many P0 bugs stood open on a day.
func (s *stage) record(t testing.TB, last time.Time, p0 func(day time.Time) float64, success float64) {
	t.Helper()
	byMonth := map[string][]metric.Reading{}
	for at := time.Date(2026, 1, 24, 9, 0, 0, 0, time.UTC); !at.After(last); at = at.AddDate(0, 0, 1) {
		bugs, part, whole, share := p0(at), success*10, 1000.0, success
		byMonth[metric.Month(at)] = append(byMonth[metric.Month(at)],
			metric.Reading{At: at, Metric: "p0_bugs", From: at, Until: at, Unit: "issues", Value: &bugs},
			metric.Reading{At: at, Metric: "command_success_rate", From: at.AddDate(0, 0, -3), Until: at, Unit: "%", Value: &share, Part: &part, Whole: &whole})
	}
	files := map[string][]byte{}
	for month, readings := range byMonth {
		files["reports/data/readings/"+month+".ndjson"] = metric.Encode(readings)
	}
	s.Repo.Commit("github-actions[bot]", "main", "readings", files)
}

func never(time.Time) float64 { return 0 }

func (s *stage) run(t testing.TB, args ...string) (int, string) {
	t.Helper()
	o := s.Run(t.Context(), t, shipped, nil, args...)
	return o.Code, o.Log()
}

func (s *stage) page() string { return s.Report("gate.md") }

func TestTheGateDecides(t *testing.T) {
	for _, c := range []struct {
		name    string
		last    time.Time
		p0      func(time.Time) float64
		success float64
		want    string
		page    []string
	}{
		{"all is well", time.Date(2026, 2, 10, 8, 0, 0, 0, time.UTC), never, 94.8, "go", []string{"# Release gate: GO\n", "all 3 required criteria met", "| ✅ | **Command success rate**<br><sub>3 days</sub> | ≥ 75% |", "948 of 1,000", "**Open P0 bugs**<br><sub>now</sub>", "**New stars**<br><sub>21 days</sub> | ≥ 100 |", "GA planned 15 Feb\n"}},
		{"a P0 is open", time.Date(2026, 2, 10, 8, 0, 0, 0, time.UTC), func(at time.Time) float64 { return map[bool]float64{true: 1}[at.Day() == 10 && at.Month() == 2] }, 94.8, "no-go", []string{"# Release gate: NO-GO", "missed: Open P0 bugs"}},
		{"one was open yesterday", time.Date(2026, 2, 10, 8, 0, 0, 0, time.UTC), func(at time.Time) float64 { return map[bool]float64{true: 1}[at.Day() == 9 && at.Month() == 2] }, 94.8, "no-go", []string{"Days without: Open P0 bugs"}},
		{"too little works", time.Date(2026, 2, 10, 8, 0, 0, 0, time.UTC), never, 70, "no-go", []string{"| ❌ | **Command success rate**"}},
		{"the record is old", time.Date(2026, 2, 7, 8, 0, 0, 0, time.UTC), never, 94.8, "unknown", []string{"# Release gate: UNDECIDED", "it was last measured on 2026-02-07"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			s.record(t, c.last.Add(time.Hour), c.p0, c.success)
			code, out := s.run(t)
			if code != 0 || !strings.Contains(out, "decision="+c.want+"\n") {
				t.Fatalf("exit %d: %s", code, out)
			}
			for _, want := range c.page {
				if !strings.Contains(s.page(), want) {
					t.Errorf("the page lacks %q:\n%s", want, s.page())
				}
			}
			commits := len(s.Repo.Log("main"))
			if code, out := s.run(t); code != 0 || len(s.Repo.Log("main")) != commits {
				t.Errorf("the same again: exit %d, %d commits more: %s", code, len(s.Repo.Log("main"))-commits, out)
			}
			for fail, want := range map[string]int{"never": 0, "no-go": map[string]int{"no-go": 1}[c.want], "unknown": map[string]int{"no-go": 1, "unknown": 1}[c.want]} {
				if code, out := s.run(t, "-fail-on", fail); code != want {
					t.Errorf("fail-on %s: exit %d, want %d: %s", fail, code, want, out)
				}
			}
		})
	}
}

func TestWhatIsMissingIsSaidOnce(t *testing.T) {
	s := newStage(t)
	if code, out := s.run(t, "-fail-on", "always"); code != 2 || !strings.Contains(out, "expected never, no-go or unknown") {
		t.Errorf("exit %d: %s", code, out)
	}
	s.Env["GITHUB_REPOSITORY"] = ""
	if code, out := s.run(t); code != 2 || strings.Count(out, "no repository is named") != 1 || !strings.Contains(out, "-repository owner/name") {
		t.Errorf("exit %d: %s", code, out)
	}
}

// What somebody waives lets the release through, and nobody is told that it is
// met; when its time is over it stands in the way.
func TestAWaiverIsShown(t *testing.T) {
	s := newStage(t)
	waived := strings.Replace(criteria, "{metric: p0_bugs, is: '= 0'}", "{metric: p0_bugs, is: '= 0', waived: {owner: lena, reason: the fix ships with GA, until: 2026-02-10}}", 1)
	waived = strings.Replace(waived, "    - {days_without: p0_bugs, is: '>= 3'}\n", "", 1)
	s.Put(t, "rules.yaml", waived)
	s.record(t, s.World.Now(), func(time.Time) float64 { return 1 }, 94.8)
	_, out := s.run(t)
	for _, want := range []string{"decision=go\n", "release gate: GO (1 waiver): 1 of 2 required criteria met, waived: Open P0 bugs"} {
		if !strings.Contains(out, want) {
			t.Errorf("it said %s, without %q", out, want)
		}
	}
	for _, want := range []string{"# Release gate: GO (1 waiver)\n", "1 of 2 required criteria met, waived: Open P0 bugs", "| 🟦 | **Open P0 bugs**<br><sub>now</sub> | 0 | missed: 1 report; waived by lena until 2026-02-10: the fix ships with GA |"} {
		if !strings.Contains(s.page(), want) {
			t.Errorf("the page lacks %q:\n%s", want, s.page())
		}
	}
	s.World.Advance(24 * time.Hour)
	s.record(t, s.World.Now(), func(time.Time) float64 { return 1 }, 94.8)
	if _, out := s.run(t); !strings.Contains(out, "decision=no-go\n") || !strings.Contains(s.page(), "waived by lena until 2026-02-10, which is over") {
		t.Errorf("after its time: %s\n%s", out, s.page())
	}
}

// A tick counts for who set it, whatever the line has become since; and nothing
// that a person wrote into the issue is lost when the plan gets another box.
func TestGateIssue_KeepsWhatPeopleWrote(t *testing.T) {
	for _, line := range []string{
		"1. [x] Featured on the front page", "-  [x] Featured on the front page", "-\t[x] Featured on the front page", "* [X] Featured on the front page",
		"- [x] Featured on the front page (see #12, Bo)", "- [x] ~~Featured on the front page~~", "- [x] **Featured** on the front page\n  - Reddit, 512 points",
	} {
		s := newStage(t)
		s.Repo.Role("bob", "MEMBER")
		s.record(t, s.World.Now(), never, 94.8)
		if code, out := s.run(t); code != 0 {
			t.Fatal(out)
		}
		first, _, _ := strings.Cut(s.Repo.Issue(1).Body, "\n")
		written := first + "\r\nOur own words.\r\n\r\n" + line + "\r\n\r\nMore words of ours."
		s.World.Advance(time.Hour)
		s.Repo.EditIssue("bob", 1, "Gate, renamed by Bob", written)
		if code, out := s.run(t); code != 0 || s.Repo.Issue(1).Body != written || s.Repo.Issue(1).Title != "Gate, renamed by Bob" {
			t.Errorf("%q: exit %d, the issue became\n%s\n%s", line, code, s.Repo.Issue(1).Body, out)
		}
		if !strings.Contains(s.page(), "| ✅ | **Featured on the front page**") || !strings.Contains(s.page(), "bob") {
			t.Errorf("%q is not met:\n%s", line, s.page())
		}
		more := strings.Replace(criteria, "    - {manual: Featured", "    - {manual: Announced}\n    - {manual: Featured", 1)
		s.Put(t, "rules.yaml", more)
		for range 2 {
			if code, out := s.run(t); code != 0 {
				t.Fatal(out)
			}
		}
		body := s.Repo.Issue(1).Body
		if !strings.HasPrefix(body, written) || strings.Count(body, "- [ ] Announced") != 1 || strings.Count(body, "Featured") > 1+strings.Count(line, "Featured")-1 {
			t.Errorf("%q: with another box the issue became\n%s", line, body)
		}
		if !strings.Contains(s.page(), "| ✅ | **Featured on the front page**") || !strings.Contains(s.page(), "| ➖ | **Announced**") {
			t.Errorf("%q: with another box the page says\n%s", line, s.page())
		}
	}
}

// The label of the gate's issue is the one that rules.yaml names, in the colour
// that it declares.
func TestGateIssue_HasTheLabelOfTheRules(t *testing.T) {
	for _, c := range []struct{ name, labels, gate, want string }{
		{"nothing is said", "", "", "aftercare-gate 1d76db The boxes that people tick before the next release"},
		{"declared", "labels: [{name: aftercare-gate, color: ff0000, description: Ours}]\n", "", "aftercare-gate ff0000 Ours"},
		{"named", "labels: [{name: go-no-go, color: 00ff00}]\n", "  labels: [go-no-go]\n", "go-no-go 00ff00 "},
	} {
		s := newStage(t)
		src := c.labels + strings.Replace(criteria, "gate:\n", "gate:\n"+c.gate, 1)
		s.Put(t, "rules.yaml", src)
		s.record(t, s.World.Now(), never, 94.8)
		for range 2 {
			if code, out := s.run(t); code != 0 {
				t.Fatal(out)
			}
		}
		var got []string
		for _, name := range s.Repo.Issue(1).Labels {
			color, description := s.Repo.Look(name)
			got = append(got, name+" "+color+" "+description)
		}
		if strings.Join(got, "; ") != c.want || len(s.Repo.Issues()) != 1 {
			t.Errorf("%s: %d issues, labelled %q, want %q", c.name, len(s.Repo.Issues()), got, c.want)
		}
	}
}

// The status stands on the commit of the tag, whatever signs the tag bears.
func TestTheStatusStandsOnTheReleasesCommit(t *testing.T) {
	for _, tag := range []string{"v1.1.0-beta", "@caro/cli@1.1.0", "cli/v1.1.0+build#5%20"} {
		t.Run(tag, func(t *testing.T) { standsOn(t, tag) })
	}
}

func standsOn(t *testing.T, tag string) {
	s := newStage(t)
	rules := strings.Replace(criteria, "version: v1.1.0-beta", "version: '"+tag+"'", 1)
	s.Put(t, "rules.yaml", rules)
	released := s.Repo.Commit("ann", "main", "the release", map[string][]byte{"Cargo.toml": []byte("x")})
	s.Repo.Release("ann", tag, "beta", true)
	s.record(t, s.World.Now(), never, 94.8)
	for range 2 {
		if code, out := s.run(t); code != 0 {
			t.Fatal(out)
		}
	}
	set := 0
	for _, r := range s.World.Requests() {
		if r.Method == "POST" && strings.HasSuffix(r.Path, "/statuses/"+released) {
			set++
		}
	}
	if set != 1 {
		t.Errorf("the status was set %d times on %s", set, released)
	}
}

func TestAScheduledRunWaitsForItsWeek(t *testing.T) {
	s := newStage(t)
	s.Env["GITHUB_EVENT_NAME"] = "schedule"
	s.World.SetNow(time.Date(2026, 2, 2, 7, 41, 0, 0, time.UTC))
	if code, out := s.run(t); code != 0 || !strings.Contains(out, "begins on 2026-02-09") || s.page() != "" {
		t.Errorf("exit %d: %s", code, out)
	}
	s.World.SetNow(time.Date(2026, 2, 9, 7, 41, 0, 0, time.UTC))
	if code, out := s.run(t); code != 0 || !strings.Contains(out, "decision=unknown") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestADryRunTouchesNothing(t *testing.T) {
	s := newStage(t)
	s.record(t, s.World.Now(), never, 94.8)
	before := len(s.World.Requests())
	if code, out := s.run(t, "-dry-run"); code != 0 || !strings.Contains(out, "decision=go") {
		t.Fatalf("exit %d: %s", code, out)
	}
	for _, r := range s.World.Requests()[before:] {
		if r.Method != "GET" && r.Path != "/graphql" {
			t.Errorf("it sent %s %s", r.Method, r.Path)
		}
	}
	if _, err := os.Stat(filepath.Join(s.Dir, "dry-run/reports/gate.md")); err != nil {
		t.Error(err)
	}
}

// Where nothing was measured yet, it is said what to do; so where one criterion is
// new.
func TestTheGateBeforeTheFirstSnapshot(t *testing.T) {
	s := newStage(t)
	if code, out := s.run(t, "-dry-run"); code != 0 || !strings.Contains(out, "there are no readings in reports/data/readings, so nothing can be decided: run snapshot first") {
		t.Errorf("exit %d: %s", code, out)
	}
	if page, _ := os.ReadFile(filepath.Join(s.Dir, "dry-run/reports/gate.md")); strings.Count(string(page), "there are no readings yet: snapshot must have run before") != 3 {
		t.Errorf("the page says\n%s", page)
	}
	s.record(t, s.World.Now(), never, 94.8)
	if _, out := s.run(t); strings.Contains(out, "run snapshot first") || !strings.Contains(s.page(), "it was not measured over this window yet: the next snapshot will") {
		t.Errorf("%s\n%s", out, s.page())
	}
}

// A decision about a past day changes nothing of today's, and looks at no
// reading that was still to come.
func TestLookingBack(t *testing.T) {
	s := newStage(t)
	s.record(t, s.World.Now(), func(at time.Time) float64 { return map[bool]float64{true: 1}[at.Day() == 9 && at.Month() == 2] }, 94.8)
	before := len(s.World.Requests())
	if code, out := s.run(t, "-as-of", "2026-02-05T10:00:00Z"); code != 0 || !strings.Contains(out, "decision=go") {
		t.Errorf("exit %d: %s", code, out)
	}
	for _, r := range s.World.Requests()[before:] {
		if r.Method != "GET" && r.Path != "/graphql" {
			t.Errorf("it sent %s %s", r.Method, r.Path)
		}
	}
	measured := humanize.Moment(time.Date(2026, 2, 5, 9, 0, 0, 0, time.UTC))
	if page, err := os.ReadFile(filepath.Join(s.Dir, "dry-run/reports/gate.md")); !strings.Contains(string(page), "Decided on the readings of "+measured) {
		t.Errorf("the page does not say that it was decided on the readings of %s: %v\n%s", measured, err, page)
	}
}

// TestTheShippedWorkflow runs .github/workflows/gate.yml itself.
func TestTheShippedWorkflow(t *testing.T) {
	s := newStage(t)
	s.World.SetNow(time.Now().UTC())
	log, err := acttest.Run(t, acttest.Job{
		Workflow: ".github/workflows/gate.yml", Event: "workflow_dispatch", Payload: []byte(`{"inputs":{"fail-on":"no-go"}}`),
		Env:     map[string]string{"GITHUB_API_URL": s.World.GitHub.URL, "GITHUB_GRAPHQL_URL": s.World.GitHub.URL + "/graphql"},
		Secrets: map[string]string{"GITHUB_TOKEN": fake.WorkflowToken},
		Files:   map[string]string{"rules.yaml": criteria},
	})
	if err != nil || !strings.Contains(log, "release gate: UNDECIDED") || !strings.Contains(s.page(), "# Release gate: UNDECIDED") {
		t.Errorf("%v\n%s", err, log)
	}
}

// A criterion against the release before is decided by its readings of the same day
// after release, and has no data, with a sentence, where there are none.
func TestTheGateComparesWithTheReleaseBefore(t *testing.T) {
	plan := strings.Replace(criteria, "    - {days_without: p0_bugs, is: '>= 3'}\n", "    - {metric: command_success_rate, vs: previous, is: '>= 99%'}\n", 1)
	s := &stage{apptest.NewStage(t, plan)}
	s.World.SetNow(time.Date(2026, 2, 10, 9, 0, 0, 0, time.UTC))
	s.Env["GITHUB_EVENT_NAME"] = "workflow_dispatch"
	s.record(t, s.World.Now(), never, 90)
	if code, out := s.run(t); code != 0 || !strings.Contains(out, "decision=unknown") || !strings.Contains(s.page(), "| ≥ 99% of the release before, same day | there is no earlier release to compare with") {
		t.Fatalf("exit %d: %s\n%s", code, out, s.page())
	}
	s.World.SetNow(time.Date(2025, 11, 3, 9, 0, 0, 0, time.UTC))
	s.Repo.Release("lena", "v1.0.0-beta", "Caro 1.0.0-beta", true)
	s.World.SetNow(time.Date(2026, 2, 10, 9, 0, 0, 0, time.UTC))
	earlier := func(value float64) {
		at := time.Date(2025, 11, 20, 9, 0, 0, 0, time.UTC) // day 18, as 10 February is
		part, whole := value*10, 1000.0
		s.Repo.Commit("github-actions[bot]", "main", "earlier", map[string][]byte{"reports/data/readings/2025-11.ndjson": metric.Encode([]metric.Reading{
			{At: at, Metric: "command_success_rate", From: at.AddDate(0, 0, -3), Until: at, Unit: "%", Value: &value, Part: &part, Whole: &whole}})})
	}
	for value, want := range map[float64]string{90: "decision=go\n", 95: "decision=no-go\n"} {
		earlier(value)
		if code, out := s.run(t); code != 0 || !strings.Contains(out, want) {
			t.Errorf("after %g%%: exit %d: %s", value, code, out)
		}
		if said := fmt.Sprintf("| ≥ 99%% of v1.0.0-beta, same day | 90%% (900 of 1,000 commands, 95%% CI 88–91.7%%); same day of v1.0.0-beta (20 Nov 2025): %g%%", value); !strings.Contains(s.page(), said) {
			t.Errorf("the page lacks %q:\n%s", said, s.page())
		}
	}
}

// What a count counted last has left its window that long after the reading that rose.
func TestLeaves_IsAfterTheLastRise(t *testing.T) {
	length := 28 * 24 * time.Hour
	at := func(day int) time.Time { return time.Date(2026, 1, day, 18, 0, 0, 0, time.UTC) }
	of := func(day int, value float64) metric.Reading {
		return metric.Reading{Metric: "privacy_leaks", At: at(day), From: at(day).Add(-length), Until: at(day), Value: &value}
	}
	other := of(29, 9)
	other.Metric = "p0_bugs"
	shorter := of(29, 9)
	shorter.From = shorter.Until.Add(-24 * time.Hour)
	unknown := of(28, 0)
	unknown.Value = nil
	for name, c := range map[string]struct {
		record []metric.Reading
		want   time.Time
	}{
		"none":              {nil, time.Time{}},
		"from the first on": {[]metric.Reading{of(24, 1), of(25, 1)}, time.Time{}},
		"two rises":         {[]metric.Reading{of(24, 0), of(25, 1), of(26, 1), of(27, 2), of(28, 2)}, at(27).Add(length)},
		"a fall":            {[]metric.Reading{of(24, 0), of(25, 2), of(26, 1)}, at(25).Add(length)},
		"of others":         {[]metric.Reading{of(24, 0), other, shorter}, time.Time{}},
		"a gap":             {[]metric.Reading{of(27, 0), unknown, of(29, 1)}, at(29).Add(length)},
	} {
		if got := leaves(c.record, "privacy_leaks", length); !got.Equal(c.want) {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// What pages people and is no criterion is named: metrics of the first priority that have a
// threshold for critical alerts.
func TestOthers_AreWhatPages(t *testing.T) {
	book, err := config.Read(fstest.MapFS{"rules.yaml": {Data: []byte(`
release: {project: Caro, version: v1, shipped: 2026-01-24}
metrics:
  - {id: crash_rate}
  - {id: p0_bugs}
  - {id: stars_per_week, critical: '< 1'}
gate: {must: [{metric: p0_bugs, is: '= 0'}]}
`)}}, "rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if got := others(book); !slices.Equal(got, []string{"Crash rate"}) {
		t.Errorf("got %q", got)
	}
}
