package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/race"
	"github.com/aftercare/aftercare/actions/internal/terminal"
)

var update = flag.Bool("update", false, "write the goldens anew")

// played runs the demo and answers with what it printed and left.
func played(t *testing.T, args ...string) (string, map[string]string) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	var out, complaints bytes.Buffer
	if err := run(t.Context(), args, &out, &complaints); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), complaints.String())
	}
	return out.String(), under(t, dir)
}

// under are the files that the demo left in a folder, by their paths.
func under(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".demo", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = string(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// The story is read whole: its golden is a page, reviewed as prose. Playing it again gives
// the same bytes: those of the golden and of reports/example, and, where tests are not
// bounded, those of a second play, printed and left.
func TestTheStory(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	golden, err := filepath.Abs("testdata/story.txt")
	if err != nil {
		t.Fatal(err)
	}
	example, err := filepath.Abs("../../reports/example")
	if err != nil {
		t.Fatal(err)
	}
	again, s := staged(t)
	promised(t, again, s)
	kept(t, s)
	recomputed(t, s)
	audited(t, s, "value", "level", "status", "action", "change", "sample", "interval", "share", "total", "count", "incident", "off target", "lowest", "days", "Crash-free sessions")
	dir := t.TempDir()
	if err := leave(s, filepath.Join(dir, ".demo")); err != nil {
		t.Fatal(err)
	}
	files, story := under(t, dir), ""
	if !testing.Short() || *update {
		var second map[string]string
		story, second = played(t)
		for name := range files {
			if second[name] != files[name] {
				t.Errorf("%s is another the second time:\n%s", name, firstDifference(second[name], files[name]))
			}
		}
	}
	if *update { // again lacks the end, where the story says what to open
		if err := os.WriteFile(golden, []byte(story), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(want), again) {
		t.Errorf("the story is another (-update writes it anew):\n%s", firstDifference(again, string(want)))
	}
	isTheExample(t, example, s.repo.Files("main"))
	if story != "" && story != string(want) {
		t.Errorf("told twice, it differs:\n%s", firstDifference(story, string(want)))
	}
	for name, src := range s.repo.Files("main") {
		if strings.HasPrefix(name, "reports/") && files[".demo/"+name] != string(src) {
			t.Errorf("%s is left as another:\n%s", name, firstDifference(files[".demo/"+name], string(src)))
		}
	}
	if told := string(transcript(s.parcels())); files[".demo/messages.txt"] != told {
		t.Errorf("people are told something else by what is left:\n%s", firstDifference(files[".demo/messages.txt"], told))
	}
	if page := files[".demo/mail/week-2.html"]; !strings.Contains(page, "Top feature requests") || strings.Contains(page, "cid:") {
		t.Errorf("the mailed digest cannot be read in a browser:\n%.400s", page)
	}
	if len(files) < 60 {
		t.Errorf("%d files were left", len(files))
	}
	for _, page := range worthOpening {
		if files[".demo/"+page.name] == "" {
			t.Errorf("%s is told to be opened, and is not there", page.name)
		}
	}
}

// isTheExample holds reports/example, which visitors of the repository read, to
// what the demo writes.
func isTheExample(t *testing.T, example string, written map[string][]byte) {
	t.Helper()
	for name, want := range written {
		page, ours := strings.CutPrefix(name, "reports/")
		if !ours {
			continue
		}
		if got, err := os.ReadFile(filepath.Join(example, page)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("reports/example/%s is not what the demo writes (make reports writes it anew): %v", page, err)
		}
	}
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "got  " + a[i] + "\nwant " + b[i]
		}
	}
	return "one is longer than the other"
}

// staged plays the beta, and answers with the story and the stage as it is then.
func staged(t *testing.T) (string, *stage) {
	t.Helper()
	var out bytes.Buffer
	s, err := open(&teller{out: &out})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	if err := beta(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return out.String(), s
}

// promised is what the story shows, whatever its golden says.
func promised(t *testing.T, story string, s *stage) {
	t.Helper()
	if unknown := s.world.Unknown(); len(unknown) > 0 {
		t.Errorf("the world was asked what it does not know: %q", unknown)
	}
	// A kind may be chosen by the words of any text; what it says of labels and
	// commands counts for nothing.
	for _, label := range s.repo.Issue(s.issues["mallory"]).Labels {
		if label != "bug" && label != "needs-triage" {
			t.Errorf("the hostile text earned %q", label)
		}
	}
	for _, name := range usualChannels {
		for _, m := range s.world.Slack.Messages(name) {
			if strings.Contains(m.Text+string(m.Blocks), "<!channel> @everyone") {
				t.Errorf("the hostile title reached %s: %s", name, m.Text)
			}
		}
	}
	told := string(transcript(s.parcels()))
	for name, src := range s.repo.Files("main") {
		if strings.Contains(string(src)+told, "jane.doe@example.org") || strings.Contains(string(src)+told, "mail.example") || strings.Contains(string(src), "Show HN") {
			t.Errorf("%s holds the address that leaked", name)
		}
	}
	digest := string(s.repo.Files("main")["reports/2026/W05/README.md"])
	for _, want := range []string{"### Mail by label\n\n- `", "### Mentions by site\n\n- `Mastodon`", "Best-rated mention<br><sub>30 days</sub> | 286<br><sub>[the post](https://", "Discussion posts", "### Top feature requests\n\n- `#5 Add support for nushell (", " survey answers)`: "} {
		if !strings.Contains(digest, want) {
			t.Errorf("the digest does not tell %q:\n%s", want, digest)
		}
	}
	// Their issues and mails have notified people by their labels.
	for _, twice := range []string{"🔴 Open P0 bugs", "🔴 Privacy leak reports"} {
		if strings.Contains(story, twice) {
			t.Errorf("people are notified twice of one report: %s", twice)
		}
	}
	if page := string(s.repo.Files("main")["reports/2026/W05/README.md"]); !strings.Contains(page, "Privacy leak reports<br><sub>7 days</sub> | 1 |") {
		t.Errorf("the leak that came by mail is not in the digest of its week:\n%.2000s", page)
	}
	for _, want := range []string{
		"privacy-leak", "Yanked versions: 1 (1.1.0-beta), critical", "Resolved: Yanked versions", "Command success rate", "Resolved: Command success rate",
		"Trending on Hacker News: 286 points", "Mail labelled P0, privacy-leak", "may be known already: #5", "in Ideas: Support for nushell",
		"decision no-go", "decision go\n", "week 1 (", "week 2 (", "week 3 (",
	} {
		if !strings.Contains(story, want) {
			t.Errorf("the story does not tell %q", want)
		}
	}
}

// The plan of the demo is the repository's own.
func TestThePlanIsTheShippedOne(t *testing.T) {
	ours, err := actions.Files.ReadFile("init/plans/caro.yaml")
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := os.ReadFile("../../rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(ours, shipped) {
		t.Error("actions/init/plans/caro.yaml is not rules.yaml")
	}
}

const history = `{"type":"issue","issue":{"id":1,"number":1,"title":"Crash: thread 'main' panicked","body":"It panics.","state":"open","user":{"login":"ann","id":1},"created_at":"2024-03-01T10:00:00Z","updated_at":"2024-03-01T10:00:00Z","labels":[]},"events":[]}
{"type":"issue","issue":{"id":2,"number":2,"title":"Add an option","body":"It would be nice.","state":"open","user":{"login":"ben","id":2},"created_at":"2024-03-09T10:00:00Z","updated_at":"2024-03-09T10:00:00Z","labels":[]},"events":[]}
`

func TestAHistoryIsPlayed(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	dir := t.TempDir()
	plain, packed := filepath.Join(dir, "h.jsonl"), filepath.Join(dir, "h.jsonl.gz")
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(history)); err != nil || w.Close() != nil {
		t.Fatal("gzip")
	}
	for name, src := range map[string][]byte{plain: []byte(history), packed: b.Bytes()} {
		if err := os.WriteFile(name, src, 0o644); err != nil {
			t.Fatal(err)
		}
		story, files := played(t, "-history", name)
		for _, want := range []string{"1 March 2024 to 9 March 2024", "#1 ann: Crash", "crash", "#2 ben: Add an option", "enhancement"} {
			if !strings.Contains(story, want) {
				t.Errorf("%s: the story does not tell %q:\n%s", filepath.Base(name), want, story)
			}
		}
		if files[".demo/reports/README.md"] == "" {
			t.Errorf("%s: there is no report", filepath.Base(name))
		}
	}
}

// A user previews their own rules on their own history.
func TestAHistoryIsPlayed_ByRulesOfOnesOwn(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	dir := t.TempDir()
	name, rules := filepath.Join(dir, "h.jsonl"), filepath.Join(dir, "rules.yaml")
	own := "labels: [{name: mine}]\ntriage: [{label: mine, any: [panicked]}]\nchannels: {ops: {slack: '#my-ops'}}\nroutes: [{label: mine, to: ops}]\nmetrics: [{id: open_bugs}]\n"
	for file, text := range map[string]string{name: history, rules: own} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	story, files := played(t, "-history", name, "-rules", rules)
	if !strings.Contains(story, "mine") || strings.Contains(story, "enhancement") || !strings.Contains(files[".demo/messages.txt"], "#my-ops") {
		t.Errorf("it is not played by these rules:\n%s\n%s", story, files[".demo/messages.txt"])
	}
}

// The first days of a real history are enough to see that it is played: its issues
// that were opened then, with what happened to them then.
func TestARealHistoryIsPlayed(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	src, err := unpacked(filepath.Join(contract.Folder(), "issues/bitcoin-core-gui.issues.jsonl.gz"))
	if err != nil {
		t.Skip("no real data here: AFTERCARE_DATA names its folder")
	}
	end := time.Date(2020, 7, 3, 0, 0, 0, 0, time.UTC)
	var early bytes.Buffer
	first := 0
	for line := range bytes.Lines(src) {
		var recorded struct {
			Type   string           `json:"type"`
			Issue  map[string]any   `json:"issue"`
			Events []map[string]any `json:"events"`
		}
		if err := json.Unmarshal(line, &recorded); err != nil {
			t.Fatal(err)
		}
		at := func(of map[string]any) time.Time {
			when, _ := of["created_at"].(string)
			instant, err := time.Parse(time.RFC3339, when)
			if err != nil {
				t.Fatal(err)
			}
			return instant
		}
		if recorded.Type != "issue" || !at(recorded.Issue).Before(end) {
			continue
		}
		first++
		recorded.Events = slices.DeleteFunc(recorded.Events, func(e map[string]any) bool { return !at(e).Before(end) })
		if err := json.NewEncoder(&early).Encode(recorded); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join(t.TempDir(), "gui.jsonl")
	if err := os.WriteFile(name, early.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	story, files := played(t, "-history", name)
	if n := strings.Count(story, "  issue     #"); first == 0 || n != first {
		t.Errorf("%d issues were told, of %d", n, first)
	}
	if files[".demo/reports/README.md"] == "" {
		t.Error("there is no report")
	}
}

// Of a history the days before -since are recorded alone, and the pages bear the
// name in the rules that it is played by.
func TestAHistoryIsPlayedFromADay(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	history := write("issues.jsonl", `{"type": "issue", "issue": {"id": 1, "number": 1, "title": "It crashes early", "state": "open", "user": {"login": "ann"}, "created_at": "2026-01-05T10:00:00Z"}, "events": []}
{"type": "issue", "issue": {"id": 2, "number": 2, "title": "It crashes late", "state": "open", "user": {"login": "ben"}, "created_at": "2026-01-21T10:00:00Z"}, "events": []}
`)
	rules := write("mine.yaml", `release: {project: Rocket, version: v1, shipped: 2026-01-01}
labels: [{name: broken}]
triage: [{label: broken, any: [crash]}]
metrics: [{id: issues_by_label}]
`)
	story, files := played(t, "-history", history, "-rules", rules, "-since", "2026-01-20")
	if strings.Contains(story, "early") || !strings.Contains(story, "It crashes late") || strings.Count(story, "labels  broken") != 1 {
		t.Errorf("the story is\n%s", story)
	}
	if page := files[".demo/reports/README.md"]; !strings.HasPrefix(page, "# Rocket (recorded)") {
		t.Errorf("the page begins %.80s", page)
	}
	var out bytes.Buffer
	err := run(t.Context(), []string{"-history", history, "-since", "2027-01-01", "-to", filepath.Join(dir, "later")}, &out, &out)
	if err == nil || !strings.Contains(err.Error(), "it ends on 2026-01-21, before -since 2027-01-01") {
		t.Errorf("a day behind the end: %v", err)
	}
}

func TestWhatIsNotUnderstood(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.jsonl")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("lables: []\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"a word that is no flag", []string{"now"}, `unknown argument "now"`},
		{"a history that is not there", []string{"-history", filepath.Join(dir, "none")}, "no such file"},
		{"rules without a history", []string{"-rules", empty}, "give -history as well"},
		{"rules with mistakes", []string{"-rules", bad, "-history", empty}, "unknown key"},
		{"a day that is none", []string{"-history", empty, "-since", "January"}, `-since "January" is not a day: expected one such as 2026-01-24`},
		{"a day without a history", []string{"-since", "2026-01-24"}, "give -history as well"},
		{"a history of nothing", []string{"-history", empty}, "there is no issue in it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			err := run(t.Context(), c.args, &out, &out)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestColoursAreForTerminals(t *testing.T) {
	none := func(string) string { return "" }
	if terminal.Coloured(&bytes.Buffer{}, none) {
		t.Error("a buffer is no terminal")
	}
	var out bytes.Buffer
	(&teller{out: &out}).line(shipped, "gate", terminal.Red, "no")
	if strings.Contains(out.String(), "\x1b") {
		t.Errorf("colours without a terminal: %q", out.String())
	}
	out.Reset()
	(&teller{out: &out, coloured: true}).line(shipped, "gate", terminal.Red, "no")
	if !strings.Contains(out.String(), terminal.Red+"gate") {
		t.Errorf("no colours in a terminal: %q", out.String())
	}
}

// The demo's own reports alone make way for new ones.
func TestReportsOfOthersStay(t *testing.T) {
	theirs, earlier := t.TempDir(), t.TempDir()
	for _, name := range []string{theirs + "/reports/notes.txt", earlier + "/reports/README.md", earlier + "/" + note} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-to", theirs}, &out, &out); err == nil || !strings.Contains(err.Error(), "no demo left it") || out.Len() > 0 {
		t.Errorf("%v, %s", err, out.String())
	}
	if _, err := os.Stat(theirs + "/reports/notes.txt"); err != nil {
		t.Error(err)
	}
	for _, to := range []string{earlier, t.TempDir()} {
		if err := free(to); err != nil {
			t.Error(err)
		}
	}
}
