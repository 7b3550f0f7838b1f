package label

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
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
		Include model.Names         `yaml:"include"`
		Lists   map[string][]string `yaml:"lists"`
		Triage  []Rule              `yaml:"triage"`
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
	Bind(book.Triage, Vocabulary{book.Include, book.Lists})
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

// maxFalsePages is the share of real issues that may wake people for nothing.
const maxFalsePages = 1.0 / 1000

// rightPages are the real issues that do report what the plan would wake people
// for, each read by a person. Every other page is counted as false.
var rightPages = map[string]string{
	"SQLite version vulnerability":            "a dependency of the release is vulnerable, with its CVE",
	"Pruning should be based on bitcoin.conf": "the program deleted all of somebody's data",
}

func TestQualityOfPages(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
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
	if float64(wrong) > maxFalsePages*float64(len(all)) {
		t.Errorf("%d of %d real issues would page wrongly, want at most %.1f in 1,000", wrong, len(all), maxFalsePages*1000)
	}
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
