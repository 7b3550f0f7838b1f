package label

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/race"
)

// dataFolder is where real issues lie; tests that need them skip without.
func dataFolder(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skip("no real issues here: AFTERCARE_DATA names the folder that holds them")
	}
	return folder
}

// rulesFile lets people measure rules of their own:
// go test ./actions/internal/label -run Quality -v -rules $PWD/mine.yaml
var rulesFile = flag.String("rules", "../../../rules.yaml", "the rules to measure")

func shippedRules(t testing.TB) *Rules {
	t.Helper()
	src, err := os.ReadFile(*rulesFile)
	if err != nil {
		t.Fatal(err)
	}
	var book struct {
		Labels []struct {
			Name string `yaml:"name"`
		} `yaml:"labels"`
		Triage []Rule `yaml:"triage"`
	}
	if err := yaml.Unmarshal(src, &book); err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, l := range book.Labels {
		labels = append(labels, l.Name)
	}
	for i, r := range book.Triage {
		for _, m := range r.Validate(labels) {
			t.Fatalf("rule %d, %v: %s", i, m.Path, m)
		}
	}
	return Compile(book.Triage)
}

// labelled is a real issue with the label that its maintainers gave it.
type labelled struct {
	from, label, title, body string
}

func readLabelled(t testing.TB) []labelled {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(dataFolder(t), "labels", "nlbse24-train.csv.gz"))
	if err != nil {
		t.Skip("the labelled issues are not there")
	}
	z, err := gzip.NewReader(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{"feature": "enhancement"}
	var all []labelled
	for _, row := range rows[1:] {
		label := row[2]
		if kinds[label] != "" {
			label = kinds[label]
		}
		all = append(all, labelled{row[0], label, row[3], row[4]})
	}
	return all
}

// history reads the issues of a recorded repository.
func history(t testing.TB) []model.Issue {
	t.Helper()
	f, err := os.Open(filepath.Join(dataFolder(t), "issues", "bitcoin-core-gui.issues.jsonl.gz"))
	if err != nil {
		t.Skip("the recorded repository is not there")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 64<<20)
	var all []model.Issue
	for lines.Scan() {
		var row struct {
			Issue struct {
				Number      int    `json:"number"`
				Title       string `json:"title"`
				Body        string `json:"body"`
				Association string `json:"author_association"`
			} `json:"issue"`
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		all = append(all, model.Issue{Number: row.Issue.Number, Title: row.Issue.Title, Body: row.Issue.Body, Association: row.Issue.Association, State: "open"})
	}
	return all
}

func earn(c *Rules, issue model.Issue) []Finding {
	d := Decide(c.Read(issuetext.Read(issue.Title, issue.Body, nil), issue), issue, History{Ours: func(string) bool { return true }})
	return d.Add
}

// kind is the one of bug, enhancement and question that an issue earns; none
// of them counts as a wrong answer.
func kind(found []Finding) string {
	for _, f := range found {
		if f.Label == "bug" || f.Label == "enhancement" || f.Label == "question" {
			return f.Label
		}
	}
	return "none"
}

// tally counts answers: tally[label][answer].
type tally map[string]map[string]int

func (ta tally) add(label, answer string) {
	if ta[label] == nil {
		ta[label] = map[string]int{}
	}
	ta[label][answer]++
}

// score is precision, recall and their harmonic mean for one label.
func (ta tally) score(label string) (p, r, f1 float64) {
	hits, given, right := float64(ta[label][label]), 0.0, 0.0
	for l, answers := range ta {
		given += float64(answers[label])
		if l == label {
			for _, n := range answers {
				right += float64(n)
			}
		}
	}
	if hits == 0 {
		return 0, 0, 0
	}
	p, r = hits/given, hits/right
	return p, r, 2 * p * r / (p + r)
}

var kinds = []string{"bug", "enhancement", "question"}

func (ta tally) macro() float64 {
	sum := 0.0
	for _, k := range kinds {
		_, _, f1 := ta.score(k)
		sum += f1
	}
	return sum / float64(len(kinds))
}

// leastMacro is the mean macro-F1 over the repositories that the shipped rules
// must reach as a choice among three kinds; rules written in ten minutes reach
// 0.61.
const leastMacro = 0.70

func TestQualityOfKinds(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures, and shares nothing: it runs where the race detector is off")
	}
	c := shippedRules(t)
	by, halves := map[string]tally{}, [2]map[string]tally{{}, {}}
	for _, i := range readLabelled(t) {
		answer := kind(earn(c, model.Issue{Title: i.title, Body: i.body, State: "open"}))
		half := halves[hash(i.title)%2]
		for _, m := range []map[string]tally{by, half} {
			if m[i.from] == nil {
				m[i.from] = tally{}
			}
			m[i.from].add(i.label, answer)
		}
	}
	t.Logf("%-24s %-12s %9s %9s %9s", "repository", "label", "precision", "recall", "F1")
	for _, repo := range sortedNames(by) {
		for _, k := range kinds {
			p, r, f1 := by[repo].score(k)
			t.Logf("%-24s %-12s %9.3f %9.3f %9.3f   %v", repo, k, p, r, f1, by[repo][k])
		}
	}
	mean := meanMacro(by)
	t.Logf("mean macro-F1 %.3f over %d repositories (by halves of the issues: %.3f and %.3f)", mean, len(by), meanMacro(halves[0]), meanMacro(halves[1]))
	if mean < leastMacro {
		t.Errorf("mean macro-F1 is %.3f, want %.2f at least", mean, leastMacro)
	}
}

func meanMacro(by map[string]tally) float64 {
	sum := 0.0
	for _, ta := range by {
		sum += ta.macro()
	}
	return sum / float64(len(by))
}

func hash(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}

func sortedNames(m map[string]tally) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// paging are the labels that wake people.
var paging = []string{"P0", "critical", "security", "privacy-leak"}

func pages(found []Finding) string {
	for _, f := range found {
		for _, p := range paging {
			if f.Label == p && f.Words != "" {
				return fmt.Sprintf("%s: %q", f.Label, f.Words)
			}
		}
	}
	return ""
}

// mostFalsePages is the share of real issues that may wake people for nothing.
const mostFalsePages = 1.0 / 1000

// rightPages are the real issues that do report what the plan would wake people
// for, each read by a person. Every other page is counted as false.
var rightPages = map[string]string{
	"SQLite version vulnerability":            "a dependency of the release is vulnerable, with its CVE",
	"Pruning should be based on bitcoin.conf": "the program deleted all of somebody's data",
}

func TestQualityOfPages(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures, and shares nothing: it runs where the race detector is off")
	}
	c := shippedRules(t)
	var all []model.Issue
	for _, i := range readLabelled(t) {
		all = append(all, model.Issue{Title: i.title, Body: i.body, State: "open"})
	}
	all = append(all, history(t)...)
	wrong := 0
	for _, i := range all {
		why := pages(earn(c, i))
		if why == "" {
			continue
		}
		if right := rightPages[i.Title]; right != "" {
			t.Logf("pages rightly: %.90q because %s: %s", i.Title, why, right)
			continue
		}
		wrong++
		t.Logf("pages wrongly: %.90q because %s", i.Title, why)
	}
	t.Logf("%d of %d real issues would page wrongly", wrong, len(all))
	if float64(wrong) > mostFalsePages*float64(len(all)) {
		t.Errorf("%d of %d real issues would page wrongly, want at most %.1f in 1,000", wrong, len(all), mostFalsePages*1000)
	}
}

// report is a text in the voice of somebody in a hurry, and the labels that it
// must earn; none of the paging ones where Pages is false.
type report struct {
	Title string   `yaml:"title"`
	Body  string   `yaml:"body"`
	Want  []string `yaml:"want"`
}

func TestQualityOfUrgentReports(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures, and shares nothing: it runs where the race detector is off")
	}
	src, err := os.ReadFile("testdata/reports.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var reports struct {
		Urgent []report `yaml:"urgent"`
		Calm   []report `yaml:"calm"`
	}
	if err := yaml.Unmarshal(src, &reports); err != nil {
		t.Fatal(err)
	}
	c := shippedRules(t)
	found := 0
	for _, r := range reports.Urgent {
		got := earn(c, model.Issue{Title: r.Title, Body: r.Body, State: "open"})
		if missing := lacking(got, r.Want); missing != "" {
			t.Logf("missed %s: %.80q %.80q", missing, r.Title, r.Body)
			continue
		}
		found++
	}
	share := float64(found) / float64(len(reports.Urgent))
	t.Logf("%d of %d urgent reports would page as they should (%.1f %%)", found, len(reports.Urgent), 100*share)
	if len(reports.Urgent) < 120 || share < 0.95 {
		t.Errorf("%d of %d urgent reports page, want 95 %% of 120 at least", found, len(reports.Urgent))
	}
	for _, r := range reports.Calm {
		if why := pages(earn(c, model.Issue{Title: r.Title, Body: r.Body, State: "open"})); why != "" {
			t.Errorf("would page: %q %q because %s", r.Title, r.Body, why)
		}
	}
}

func lacking(found []Finding, want []string) string {
	var missing []string
	for _, w := range want {
		if indexOf(found, w) < 0 {
			missing = append(missing, w)
		}
	}
	return strings.Join(missing, ", ")
}

func BenchmarkRealIssues(b *testing.B) {
	c := shippedRules(b)
	all := history(b)
	for _, i := range readLabelled(b) {
		all = append(all, model.Issue{Title: i.title, Body: i.body, State: "open"})
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		earn(c, all[n%len(all)])
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "issues/s")
}
