package similar

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// dataFolder is where recorded repositories lie; tests that need them skip
// without.
func dataFolder(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skip("no recorded repositories here: AFTERCARE_DATA names the folder that holds them")
	}
	return folder
}

// recorded is an issue with what was said under it.
type recorded struct {
	Doc
	comments []string
}

// open reads a packed file of the record.
func open(t testing.TB, name string) io.Reader {
	t.Helper()
	f, err := os.Open(filepath.Join(dataFolder(t), "issues", name))
	if err != nil {
		t.Skipf("%s is not there", name)
	}
	t.Cleanup(func() { f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func readWallet(t testing.TB) []recorded {
	lines := bufio.NewScanner(open(t, "bitcoin-core-gui.issues.jsonl.gz"))
	lines.Buffer(nil, 64<<20)
	var all []recorded
	for lines.Scan() {
		var row struct {
			Issue  Doc
			Events []struct{ Body string }
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		r := recorded{Doc: row.Issue}
		for _, e := range row.Events {
			r.comments = append(r.comments, e.Body)
		}
		all = append(all, r)
	}
	return all
}

func readStandard(t testing.TB) []recorded {
	var archive struct {
		Issues []struct {
			Doc
			Comments []struct{ Body string }
		}
	}
	if err := json.NewDecoder(open(t, "tls13-spec.archive.json.gz")).Decode(&archive); err != nil {
		t.Fatal(err)
	}
	var all []recorded
	for _, i := range archive.Issues {
		r := recorded{Doc: i.Doc}
		for _, c := range i.Comments {
			r.comments = append(r.comments, c.Body)
		}
		all = append(all, r)
	}
	return all
}

// said are the words by which people name the issue that another repeats.
var said = regexp.MustCompile(`(?i)\b(?:duplicate[ds]?|discussion in|differs from)\b[^#\n]{0,60}(?:\B#|/issues/)(\d+)`)

// pair is an issue that repeats an older one.
type pair struct{ newer, older int }

// pairs finds the repeated issues by what was said under them. Where people
// kept the newer of two, the pair is read the same way: the newer repeats.
func pairs(all []recorded, saying *regexp.Regexp) []pair {
	known := map[int]bool{}
	for _, r := range all {
		known[r.Number] = true
	}
	var found []pair
	for _, r := range all {
		for _, c := range r.comments {
			for _, m := range saying.FindAllStringSubmatch(c, -1) {
				n, _ := strconv.Atoi(m[1])
				p := pair{max(n, r.Number), min(n, r.Number)}
				if known[n] && n != r.Number && !slices.Contains(found, p) {
					found = append(found, p)
				}
			}
		}
	}
	return found
}

// rank is the place of the original among the issues older than the one that
// repeats it, from 1; 0 where it is not found.
func rank(all []recorded, p pair) int {
	var older []Doc
	var asked Doc
	for _, r := range all {
		d := Doc{r.Number, r.Title, r.Body, true}
		switch {
		case r.Number < p.newer:
			older = append(older, d)
		case r.Number == p.newer:
			asked = d
		}
	}
	at := slices.IndexFunc(Of(older).Nearest(asked, len(older)), func(m Match) bool { return m.Number == p.older })
	return at + 1
}

// TestQuality asks, for each issue of two recorded repositories of which people
// said that it repeats another, for its nearest among the issues older than it.
func TestQuality(t *testing.T) {
	const wanted = 0.60
	found, first := 0, 0
	for _, all := range [][]recorded{readWallet(t), readStandard(t)} {
		for _, p := range pairs(all, said) {
			r := rank(all, p)
			t.Logf("#%d repeats #%d: place %d", p.newer, p.older, r)
			found++
			if r > 0 && r <= 3 {
				first++
			}
		}
	}
	if found == 0 {
		t.Fatal("no repeated issues were found: the search for them is broken")
	}
	share := float64(first) / float64(found)
	t.Logf("near-duplicates: the original is among the first three for %d of %d (%.2f; wanted %.2f)", first, found, share, wanted)
	if share < wanted {
		t.Errorf("got %.2f, want %.2f", share, wanted)
	}
}
