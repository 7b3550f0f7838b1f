package history

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/github"
)

var now = time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)

func newLedger(t testing.TB) (*Ledger, *fake.World) {
	t.Helper()
	world := fake.New(fake.Options{Now: func() time.Time { return now }})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	world.GitHub.Commit("ann", "main", "begin", map[string][]byte{"rules.yaml": []byte("release: {}\n")})
	return ledgerOf(t, world), world
}

func ledgerOf(t testing.TB, world *fake.World) *Ledger {
	t.Helper()
	hub, err := github.New(github.Options{URL: world.GitHub.URL, Token: "x", Repository: "caro/caro", Clock: world.Now, Sleep: world.Sleep, Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return &Ledger{Hub: hub, Word: "[skip ci]", Sleep: world.Sleep}
}

func file(t testing.TB, l *Ledger, files map[string]string) *View {
	t.Helper()
	view, err := l.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	view, err = l.File(t.Context(), view, "reports: 2026-01-27", func(*View) (map[string][]byte, error) { return inBytes(files), nil })
	if err != nil {
		t.Fatal(err)
	}
	return view
}

func inBytes(files map[string]string) map[string][]byte {
	all := map[string][]byte{}
	for name, text := range files {
		all[name] = []byte(text)
	}
	return all
}

func TestFilesAreReadAsTheyWereFiled(t *testing.T) {
	l, world := newLedger(t)
	long := "{" + strings.Repeat("x", 2<<20)
	file(t, l, map[string]string{"README.md": "well\n", "data/alerts.json": "{}\n", "data/long.json": long, "data/empty.json": ""})
	log := world.GitHub.Log("main")
	if len(log) != 3 || log[0].Message != "reports: 2026-01-27 [skip ci]" {
		t.Fatalf("the log is %+v", log)
	}
	view, err := l.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"README.md": "well\n", "data/alerts.json": "{}\n", "data/long.json": long, "data/empty.json": ""} {
		if got, err := view.Read(t.Context(), name); err != nil || got == nil || string(got) != want {
			t.Errorf("%s holds %d bytes, %v; want %d", name, len(got), err, len(want))
		}
	}
	if got, err := view.Read(t.Context(), "gate.md"); got != nil || err != nil {
		t.Errorf("a file that is not there: %q, %v", got, err)
	}
	if _, err := view.Read(t.Context(), "data"); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("a folder: %v", err)
	}
	again := file(t, l, map[string]string{"README.md": "well\n"})
	if got := len(world.GitHub.Log("main")); got != 3 || again.Commit() != view.Commit() {
		t.Errorf("the same again made a commit: %d", got)
	}
}

// Sixteen at once count to sixteen, each on top of what it has read.
func TestSixteenWritersLoseNothing(t *testing.T) {
	_, world := newLedger(t)
	var all sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		l := ledgerOf(t, world)
		all.Go(func() {
			for range 4 { // as often as runs come
				view, err := l.Open(t.Context())
				if err == nil {
					_, err = l.File(t.Context(), view, "count", func(v *View) (map[string][]byte, error) {
						before, err := v.Read(t.Context(), "data/count.json")
						return map[string][]byte{"data/count.json": append(before, fmt.Sprintf("%d\n", i)...)}, err
					})
				}
				if errs[i] = err; err == nil {
					return
				}
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	count := string(world.GitHub.Files("main")["reports/data/count.json"])
	if got := strings.Count(count, "\n"); got != 16 {
		t.Errorf("%d of sixteen are there: %q", got, count)
	}
	if commits := len(world.GitHub.Log("main")); commits != 18 {
		t.Errorf("%d commits in a line, want 18", commits)
	}
}

func TestABranchOfItsOwnIsMade(t *testing.T) {
	l, world := newLedger(t)
	l.Branch, l.Folder = "aftercare-reports", "watch"
	file(t, l, map[string]string{"README.md": "well\n"})
	if got := string(world.GitHub.Files("aftercare-reports")["watch/README.md"]); got != "well\n" {
		t.Errorf("the file holds %q", got)
	}
	if len(world.GitHub.Log("main")) != 2 {
		t.Error("the default branch was written to")
	}
}

func TestAProtectedBranchIsNoRace(t *testing.T) {
	l, world := newLedger(t)
	world.GitHub.Protect("main", fake.GH006)
	view, err := l.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	_, err = l.File(t.Context(), view, "reports", func(*View) (map[string][]byte, error) {
		asked++
		return map[string][]byte{"README.md": []byte("well\n")}, nil
	})
	var protected *github.ProtectedError
	if !errors.As(err, &protected) || asked != 1 || !strings.Contains(protected.Hint(), "aftercare-reports") {
		t.Errorf("after %d tries: %v", asked, err)
	}
}

func TestEarlierVersionsAreFound(t *testing.T) {
	l, _ := newLedger(t)
	good := func(b []byte) bool { return strings.HasPrefix(string(b), "{") }
	view := file(t, l, map[string]string{"data/alerts.json": "{1}"})
	first := view.Commit()
	file(t, l, map[string]string{"README.md": "x"})
	view = file(t, l, map[string]string{"data/alerts.json": "damaged"})
	got, at, err := l.Earlier(t.Context(), view, "data/alerts.json", good)
	if err != nil || string(got) != "{1}" || at != first {
		t.Errorf("got %q of %s, %v; want that of %s", got, at, err, first)
	}
	if got, at, err := l.Earlier(t.Context(), view, "data/none.json", good); got != nil || at != "" || err != nil {
		t.Errorf("of a file that never was: %q, %s, %v", got, at, err)
	}
}

type memory struct {
	sync.Mutex
	kept map[string]string
}

func (m *memory) Get(key string) (string, bool) {
	m.Lock()
	defer m.Unlock()
	v, ok := m.kept[key]
	return v, ok
}

func (m *memory) Set(key, value string) {
	m.Lock()
	defer m.Unlock()
	m.kept[key] = value
}

func TestWhatWasFiledIsNotAskedFor(t *testing.T) {
	l, world := newLedger(t)
	m := &memory{kept: map[string]string{}}
	l.Cache = m
	file(t, l, map[string]string{"data/alerts.json": "{}\n"})
	before := len(world.Requests())
	view, err := l.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, err := view.Read(t.Context(), "data/alerts.json")
	if asked := len(world.Requests()) - before; err != nil || string(got) != "{}\n" || asked != 1 {
		t.Errorf("got %q, %v with %d requests; want the one for the head", got, err, asked)
	}
	if len(m.kept) != 2 {
		t.Errorf("kept %v", m.kept)
	}
	if _, err := l.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := world.Requests(); r[len(r)-1].Status != 304 {
		t.Errorf("a branch that has not moved: %d", r[len(r)-1].Status)
	}
	file(t, ledgerOf(t, world), map[string]string{"data/alerts.json": "{2}\n"})
	view, err = l.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := view.Read(t.Context(), "data/alerts.json"); err != nil || string(got) != "{2}\n" {
		t.Errorf("after somebody else's commit: %q, %v", got, err)
	}
}

func TestACancelledRunStops(t *testing.T) {
	l, _ := newLedger(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Open(ctx); err == nil {
		t.Error("it went on")
	}
}
