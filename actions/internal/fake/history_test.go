package fake_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/race"
)

// recorded is a recorded history of the data, or skips the test.
func recorded(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(contract.Folder(), "issues", name))
	if err != nil {
		t.Skip("the recorded histories are not here: ", err)
	}
	return raw
}

const gui = "bitcoin-core-gui.issues.jsonl.gz"

func loaded(t testing.TB, names ...string) *fake.World {
	t.Helper()
	w := fake.New(fake.Options{Repository: "bitcoin-core/gui"})
	t.Cleanup(w.Close)
	for _, name := range names {
		if err := w.GitHub.Load(bytes.NewReader(recorded(t, name))); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func TestLoadKeepsTheRecordedHistory(t *testing.T) {
	w := loaded(t, gui)
	var want struct {
		Repos map[string]struct {
			Issues, Open, Closed, Comments int
			Labels                         map[string]int
			First, Last                    time.Time
			With                           int                      `json:"with_first_response"`
			Response                       struct{ Median float64 } `json:"ttfr_hours"`
		}
	}
	if err := json.Unmarshal(recorded(t, "reference_metrics.json"), &want); err != nil {
		t.Fatal(err)
	}
	ref := want.Repos["bitcoin-core-gui"]
	labels, open, comments := map[string]int{}, 0, 0
	var waits []float64
	for _, i := range w.GitHub.Issues() {
		for _, l := range i.Labels {
			labels[l]++
		}
		if i.State == "open" {
			open++
		}
		comments += len(i.Comments)
		if hours, answered := firstResponse(i); answered {
			waits = append(waits, hours)
		}
	}
	sort.Float64s(waits)
	if n := len(w.GitHub.Issues()); n != ref.Issues || open != ref.Open || comments != ref.Comments {
		t.Errorf("got %d issues, %d open, %d comments; want %d, %d, %d", n, open, comments, ref.Issues, ref.Open, ref.Comments)
	}
	for l, n := range ref.Labels {
		if labels[l] != n {
			t.Errorf("%d issues labelled %s, want %d", labels[l], l, n)
		}
	}
	half := len(waits) / 2
	if median := (waits[half-1] + waits[half]) / 2; len(waits) != ref.With || median < ref.Response.Median-0.0001 || median > ref.Response.Median+0.0001 {
		t.Errorf("%d were answered, half of them within %.4f hours; want %d, %.4f", len(waits), median, ref.With, ref.Response.Median)
	}
}

func firstResponse(i fake.Issue) (hours float64, answered bool) {
	for _, c := range i.Comments {
		if c.Author != i.Author && !strings.HasSuffix(strings.TrimSuffix(strings.ToLower(c.Author), "[bot]"), "bot") {
			return c.CreatedAt.Sub(i.CreatedAt).Hours(), true
		}
	}
	return 0, false
}

func TestTheRecordedHistoryKeepsTheDescription(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	w := loaded(t, gui)
	contract.Hold(t, w, "")
	api := w.GitHub.URL + "/repos/bitcoin-core/gui"
	for path, want := range map[string]int{"/issues?state=all&per_page=100": 341, "/issues/comments?per_page=100": 1332, "/issues/events?per_page=100": 2475} {
		n := 0
		for next := api + path; next != ""; {
			got := ask(t, "GET", next, nil)
			var page []json.RawMessage
			got.into(t, &page)
			n, next = n+len(page), linked(got, "next")
		}
		if n != want {
			t.Errorf("%s has %d entries in all, want %d", path, n, want)
		}
	}
	ask(t, "GET", api+"/labels?per_page=100", nil)
	for _, n := range []string{"1", "66", "240", "430"} {
		ask(t, "GET", api+"/issues/"+n+"/timeline?per_page=100", nil)
	}
}

func TestPullRequestsOfAHistoryComeInTheIssuesListing(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	w := loaded(t, gui, "bitcoin-core-gui.pulls.jsonl.gz")
	pulls := 0
	for _, i := range w.GitHub.Issues() {
		if i.PullRequest {
			pulls++
		}
	}
	if n := len(w.GitHub.Issues()); n != 878 || pulls != 537 {
		t.Fatalf("got %d entries, %d of them pull requests; want 878, 537", n, pulls)
	}
	contract.Hold(t, w, "")
	api := w.GitHub.URL + "/repos/bitcoin-core/gui"
	ask(t, "GET", api+"/issues?state=all&per_page=100&page=5", nil)
	ask(t, "GET", api+"/pulls?state=all&per_page=20", nil)
	for _, n := range []string{"3", "100", "400"} {
		ask(t, "GET", api+"/issues/"+n+"/timeline?per_page=100", nil)
		ask(t, "GET", api+"/issues/"+n+"/events?per_page=100", nil)
	}
}

func TestReplayEndsWhereTheHistoryEnded(t *testing.T) {
	end := loaded(t, gui)
	w := fake.New(fake.Options{Repository: "bitcoin-core/gui"})
	defer w.Close()
	steps, last, renamed := map[string]int{}, time.Time{}, 0
	err := w.GitHub.Replay(bytes.NewReader(recorded(t, gui)), func(s fake.Step) error {
		steps[s.Action]++
		if s.At.Before(last) || !w.Now().Equal(s.At) {
			t.Fatalf("step %+v: the clock stands at %s, the last step was at %s", s, w.Now(), last)
		}
		if s.Action == "edited" && strings.Contains(string(w.GitHub.Event(s.Number, "edited")), `"title":{"from":`) {
			renamed++
		}
		last = s.At
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if steps["opened"] != 341 || steps["commented"] != 1332 || steps["reopened"] != 12 || renamed != 61 {
		t.Errorf("got the steps %v, %d of them another title; want 341 opened, 1332 commented, 12 reopened, 61", steps, renamed)
	}
	for n, want := range end.GitHub.Issues() {
		got := w.GitHub.Issues()[n]
		if got.Title != want.Title || got.State != want.State || set(got.Labels) != set(want.Labels) || len(got.Comments) != len(want.Comments) {
			t.Errorf("#%d: got %q %s %v %d comments; want %q %s %v %d", got.Number, got.Title, got.State, got.Labels, len(got.Comments), want.Title, want.State, want.Labels, len(want.Comments))
		}
	}
}

// set is labels as a set: sorted, and without case, as GitHub compares them.
func set(labels []string) string {
	low := strings.Split(strings.ToLower(strings.Join(labels, "\n")), "\n")
	sort.Strings(low)
	return strings.Join(low, ", ")
}

func TestABadHistoryIsRefusedWithItsLine(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":    "{\"issue\":{\"number\":1}}\n{",
		"no issue":   "{\"issue\":{\"number\":1}}\n{\"type\":\"issue\"}",
		"no number":  "{\"issue\":{\"number\":1}}\n{\"issue\":{}}",
		"wrong type": "{\"issue\":{\"number\":1}}\n{\"issue\":[]}",
	} {
		err := world(t).GitHub.Load(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: got %v, want an error that names line 2", name, err)
		}
	}
	w := world(t)
	w.GitHub.OpenIssue("ana", "there already", "")
	if err := w.GitHub.Load(strings.NewReader(`{"issue":{"number":1}}`)); err == nil {
		t.Error("a number that is there already was taken")
	}
}

// linked is the address of a relation in the Link header, or empty.
func linked(r reply, rel string) string {
	for _, part := range strings.Split(r.header.Get("Link"), ", ") {
		if address, found := strings.CutSuffix(part, `>; rel="`+rel+`"`); found {
			return strings.TrimPrefix(address, "<")
		}
	}
	return ""
}

// FuzzLoad: a history is taken or refused, and what was taken can be listed.
func FuzzLoad(f *testing.F) {
	f.Add(`{"issue":{"number":1,"title":"a","user":{"login":"b"}},"events":[{"event":"labeled","label":{"name":"x"}}]}`)
	f.Add(`{"pull":{"number":2,"title":"a"},"events":[{"event":"commented","body":null},{"event":"renamed"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		w := world(t)
		if w.GitHub.Load(strings.NewReader(text)) != nil {
			return
		}
		for _, i := range w.GitHub.Issues() {
			if len(w.GitHub.Event(i.Number, "opened")) == 0 {
				t.Fatal("an issue without a payload")
			}
		}
		if got := ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/issues?state=all", nil); got.status != 200 {
			t.Fatalf("the listing answered %d: %s", got.status, got.body)
		}
		_ = w.GitHub.Replay(io.LimitReader(strings.NewReader(""), 0), nil)
	})
}

// What the simulation itself costs, in the figures of others that run on it.
func BenchmarkPages(b *testing.B) {
	w := loaded(b, gui, "bitcoin-core-gui.pulls.jsonl.gz")
	api := w.GitHub.URL + "/repos/bitcoin-core/gui"
	for _, path := range []string{"/issues?state=all&per_page=100", "/issues/comments?per_page=100", "/issues/events?per_page=100&page=40", "/issues/1"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				ask(b, "GET", api+path, nil)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		loaded(b, gui, "bitcoin-core-gui.pulls.jsonl.gz").Close()
	}
}
