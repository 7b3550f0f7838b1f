package duplicates

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
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/race"
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

// recorded is an issue as it was written, with what was said under it.
type recorded struct {
	Doc
	author         string
	opened, closed time.Time // closed is zero while it is open
	comments       []string
}

// openAt reports whether the issue stood open at a time.
func (r recorded) openAt(t time.Time) bool { return r.closed.IsZero() || r.closed.After(t) }

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
			Issue struct {
				Number      int
				Title, Body string
				CreatedAt   time.Time `json:"created_at"`
				ClosedAt    time.Time `json:"closed_at"`
				User        struct{ Login string }
			}
			Events []struct{ Body string }
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		i := row.Issue
		r := recorded{Doc: Read(i.Number, i.Title, i.Body, nil), author: i.User.Login, opened: i.CreatedAt, closed: i.ClosedAt}
		for _, e := range row.Events {
			r.comments = append(r.comments, e.Body)
		}
		all = append(all, r)
	}
	return inOrder(all)
}

// inOrder sorts by number, the oldest first.
func inOrder(all []recorded) []recorded {
	slices.SortFunc(all, func(a, b recorded) int { return a.Number - b.Number })
	return all
}

func readStandard(t testing.TB) []recorded {
	var archive struct {
		Issues []struct {
			Number              int
			Title, Body, Author string
			CreatedAt, ClosedAt time.Time
			Comments            []struct{ Body string }
		}
	}
	if err := json.NewDecoder(open(t, "tls13-spec.archive.json.gz")).Decode(&archive); err != nil {
		t.Fatal(err)
	}
	var all []recorded
	for _, i := range archive.Issues {
		r := recorded{Doc: Read(i.Number, i.Title, i.Body, nil), author: i.Author, opened: i.CreatedAt, closed: i.ClosedAt}
		for _, c := range i.Comments {
			r.comments = append(r.comments, c.Body)
		}
		all = append(all, r)
	}
	return inOrder(all)
}

// said are the words by which people name the issue that another repeats, or in
// which it is gone on with. That two differ, or that another was once talked of,
// is not among them.
var said = regexp.MustCompile(`(?i)(?:\bduplicate[ds]? (?:of |with |by )?|\bkeep (?:the )?discussion in |\bhow (?:does )?this differs? from |\bin favou?r of |\bmoved into )` +
	referred + `|\bis ` + referred + ` the same\b`)

// referred is how people refer to an issue of the recorded repositories.
const referred = `(?:issue )?(?:#|https://github\.com/(?:bitcoin-core/gui|tlswg/tls13-spec)/issues/)(\d+)`

// pair is an issue that repeats an older one.
type pair struct{ newer, older int }

// pairs finds the repeated issues by what was said under them. Where people
// kept the newer of two, the pair is read the same way: the newer repeats. An
// issue that says word for word what its author said before, in more than two
// words of his own, repeats that, too.
func pairs(all []recorded) []pair {
	known, first := map[int]bool{}, map[string]int{}
	usual := usualOf(docsOf(all))
	var found []pair
	add := func(a, b int) {
		if p := (pair{max(a, b), min(a, b)}); a != b && known[a] && known[b] && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	for _, r := range all {
		known[r.Number] = true
	}
	for _, r := range all {
		words := strings.Join([]string{r.author, r.Title, r.Body}, "\n")
		if older, again := first[words]; again && len(stemmer{}.bag(r.Doc, usual)) > 2 {
			add(r.Number, older)
		}
		first[words] = r.Number
		for _, c := range r.comments {
			for _, m := range said.FindAllStringSubmatch(c, -1) {
				n, _ := strconv.Atoi(m[1] + m[2])
				add(r.Number, n)
			}
		}
	}
	return found
}

func docsOf(all []recorded) []Doc {
	var docs []Doc
	for _, r := range all {
		docs = append(docs, r.Doc)
	}
	return docs
}

func TestSaid(t *testing.T) {
	for _, c := range []struct{ name, comment, want string }{
		{"a duplicate", "Closing as a duplicate of #12.", "12"},
		{"a duplicate by its address", "It looks like a duplicate of https://github.com/bitcoin-core/gui/issues/12", "12"},
		{"it goes on there", "Please keep the discussion in #12", "12"},
		{"a question that doubts", "How does this differ from #12, please?", "12"},
		{"a question whether it is the same", "What is it then: is #12 the same?", "12"},
		{"one in favour of the other", "Let us close this in favor of #12", "12"},
		{"two that differ are not the same", "It differs from #12 in its cause.", ""},
		{"a discussion is no duplicate", "There was a discussion in #12.", ""},
		{"a mention is no duplicate", "See #12", ""},
		{"an issue of another repository", "a duplicate of https://github.com/other/one/issues/12", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if m := said.FindStringSubmatch(c.comment); m != nil {
				got = m[1] + m[2]
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// older are the issues before one, those that stood open when it was opened
// marked so.
func older(all []recorded, asked recorded) []Doc {
	var docs []Doc
	for _, r := range all {
		if r.Number < asked.Number {
			r.Open = r.openAt(asked.opened)
			docs = append(docs, r.Doc)
		}
	}
	return docs
}

// rank is the place of the original among all issues older than the one that
// repeats it, from 1; 0 where it is not found.
func rank(all []recorded, p pair) int {
	asked := all[slices.IndexFunc(all, func(r recorded) bool { return r.Number == p.newer })]
	docs := older(all, asked)
	for i := range docs {
		docs[i].Open = true // people named originals that were closed, too
	}
	return 1 + slices.IndexFunc(Of(docs).Nearest(asked.Doc, len(docs)), func(m Match) bool { return m.Number == p.older })
}

// TestQuality asks, for each issue of two recorded repositories of which people
// said that it repeats another, for its nearest among the issues older than it.
func TestQuality(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	const wanted = 0.85
	found, first := 0, 0
	for _, all := range [][]recorded{readWallet(t), readStandard(t)} {
		for _, p := range pairs(all) {
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
	t.Logf("near-duplicates: the original is among the first three for %d of %d (%.2f; wanted %.2f; pairs that people named under an issue, or that one author wrote twice)", first, found, share, wanted)
	if share < wanted {
		t.Errorf("got %.2f, want %.2f", share, wanted)
	}
}

// TestQualityOfRemarks opens the issues of two recorded repositories one after
// the other, and counts where people would be told that one may be known
// already: by the three nearest of the issues that stood open then.
func TestQualityOfRemarks(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	const wanted = 0.5
	issues, told, right := 0, 0, 0
	for _, all := range [][]recorded{readWallet(t), readStandard(t)} {
		author := map[int]string{}
		named := pairs(all)
		for i, asked := range all {
			if testing.Short() && i%4 > 0 {
				author[asked.Number] = asked.author
				continue
			}
			issues++
			var near []int
			for _, m := range Of(stillOpen(older(all, asked))).Nearest(asked.Doc, 3) {
				if m.Near(author[m.Number] == asked.author) {
					near = append(near, m.Number)
				}
			}
			author[asked.Number] = asked.author
			if len(near) == 0 {
				continue
			}
			told++
			isRight := slices.ContainsFunc(near, func(n int) bool { return slices.Contains(named, pair{asked.Number, n}) })
			if isRight {
				right++
			}
			t.Logf("#%d is told of %v: right %t", asked.Number, near, isRight)
		}
	}
	t.Logf("remarks: %d of %d issues would be told that they may be known, %d rightly (wanted: at least half; right is what people named)", told, issues, right)
	if told == 0 || float64(right) < wanted*float64(told) {
		t.Errorf("%d of %d are right, want at least half", right, told)
	}
}

func stillOpen(docs []Doc) []Doc {
	return slices.DeleteFunc(docs, func(d Doc) bool { return !d.Open })
}

// referredTo is how the reporters of a recorded tracker name another issue.
var referredTo = regexp.MustCompile(`#(\d+)`)

// labelledDuplicates are the issues of a recorded tracker, and of those that
// its triagers labelled as duplicates the ones that name one other issue.
func labelledDuplicates(t testing.TB) ([]Doc, []pair) {
	lines := bufio.NewScanner(open(t, "matomo-2008-2014.jsonl.gz"))
	lines.Buffer(nil, 64<<20)
	var docs []Doc
	var named []pair
	for lines.Scan() {
		var row struct {
			Issue struct {
				Number      int
				Title, Body string
				Labels      []struct{ Name string }
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		i := row.Issue
		d := Read(i.Number, i.Title, referredTo.ReplaceAllString(i.Body, " "), nil)
		d.Open = true
		docs = append(docs, d)
		refers := referredTo.FindAllStringSubmatch(i.Body, -1)
		for _, l := range i.Labels {
			if l.Name == "duplicate" && len(refers) == 1 {
				n, _ := strconv.Atoi(refers[0][1])
				named = append(named, pair{i.Number, n})
			}
		}
	}
	return docs, named
}

// TestQualityOfLabelledDuplicates asks, for the issues of a large tracker that
// were labelled as duplicates and name another one, whether it is among the
// three nearest of some 5,700.
func TestQualityOfLabelledDuplicates(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	const wanted = 0.45
	docs, named := labelledDuplicates(t)
	x, at := Of(docs), map[int]Doc{}
	for _, d := range docs {
		at[d.Number] = d
	}
	var first, all [2]int
	for _, p := range named {
		if _, known := at[p.older]; !known || p.older == p.newer {
			continue
		}
		all[p.newer%2]++
		if slices.ContainsFunc(x.Nearest(at[p.newer], 3), func(m Match) bool { return m.Number == p.older }) {
			first[p.newer%2]++
		}
	}
	t.Logf("labelled duplicates: the issue they name is among the first three of %d for %d of %d (even numbers) and %d of %d (odd ones)", len(docs), first[0], all[0], first[1], all[1])
	if got := float64(first[0]+first[1]) / float64(max(1, all[0]+all[1])); got < wanted {
		t.Errorf("got %.2f, want %.2f", got, wanted)
	}
}
