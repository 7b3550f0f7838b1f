package snapshot

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/fake"
)

// The dead send nothing: from the n-th request on all is cut, with the n-th
// carried out or not.
const (
	crashBefore = fake.Do(1000 + iota)
	crashAfter
)

func arm(w *fake.World, nth int, do fake.Do) {
	f := fake.Fault{Nth: nth, Do: do, Delay: time.Millisecond}
	switch do {
	case crashBefore:
		f.Do, f.Times = fake.Cut, 10_000
	case crashAfter:
		f.Do = fake.LostReply
		w.Fail(f)
		f = fake.Fault{Nth: nth + 1, Times: 10_000, Do: fake.Cut}
	}
	w.Fail(f)
}

// every is how many requests apart faults are tried: all requests where
// AFTERCARE_FAULTS=all asks for them, and an eighth of the usual in short mode.
func every(usual int) int {
	switch {
	case os.Getenv("AFTERCARE_FAULTS") == "all":
		return 1
	case testing.Short():
		return 8 * usual
	}
	return usual
}

// Whatever goes wrong at whichever request of a run that has news to tell: once
// later runs complete, the channel has heard once, the reports are filed, the
// memory is whole, and nothing was falsely over. AFTERCARE_FAULTS=all tries
// every request; else every few are tried.
func TestNothingIsLostAndNothingSaidTwice(t *testing.T) {
	clean := newStage(t, "")
	clean.telemetry(t, 200, 14)
	requests := len(clean.must(t).requests)
	step := every(8)
	tried, lost, doubled := 0, 0, 0
	for i, do := range append(fake.Faults(), crashBefore, crashAfter) {
		for nth := 1 + i%step; nth <= requests+2; nth += step {
			tried++
			s := newStage(t, "")
			s.telemetry(t, 200, 14)
			arm(s.world, nth, do)
			first := s.run(t)
			s.world.Heal()
			for range 2 {
				s.world.Advance(15 * time.Minute)
				s.telemetry(t, 200, 14)
				if got := s.run(t); got.code != 0 {
					t.Errorf("fault %v at request %d: a run after it: exit %d: %s", do, nth, got.code, got.stdout)
				}
			}
			said := s.said("#caro-alerts")
			switch n := len(said); {
			case n == 0:
				lost++
				t.Errorf("fault %v at request %d: nothing was told\n%s", do, nth, first.stdout)
			case n > 1:
				doubled++
				t.Errorf("fault %v at request %d: told %q", do, nth, said)
			}
			if _, err := alert.Decode([]byte(s.report("data/alerts.json"))); err != nil || !strings.Contains(s.report("README.md"), "Crash rate") {
				t.Errorf("fault %v at request %d: %v; the page is %q", do, nth, err, s.report("README.md"))
			}
			for _, c := range s.repo.Log("main") {
				if len(c.Parents) > 1 {
					t.Errorf("fault %v at request %d: a commit with %d parents", do, nth, len(c.Parents))
				}
			}
		}
	}
	t.Logf("%s", fmt.Sprintf("%d ways to fail: lost %d, doubled %d", tried, lost, doubled))
}

// Whatever goes wrong at whichever request of a run of triage, and wherever it
// dies: the sweeps after it tell what it did not, once, and the labels are there.
func TestASweepMakesGoodWhatTriageLost(t *testing.T) {
	clean := newStage(t, "")
	requests := len(clean.triage(t, clean.repo.OpenIssue("ann", "a meltdown", "")).requests)
	if requests < 3 {
		t.Fatalf("triage made %d requests", requests)
	}
	step := every(3)
	tried := 0
	for i, do := range append(fake.Faults(), crashBefore, crashAfter) {
		for nth := 1 + i%step; nth <= requests+1; nth += step {
			tried++
			s := newStage(t, "")
			n := s.repo.OpenIssue("ann", "a meltdown", "")
			arm(s.world, nth, do)
			first := s.triage(t, n)
			s.world.Heal()
			for range 2 {
				s.world.Advance(15 * time.Minute)
				if got := s.run(t, "-priority", "P0"); got.code != 0 {
					t.Errorf("fault %v at request %d: a sweep after it: exit %d: %s", do, nth, got.code, got.stdout)
				}
			}
			if said := strings.Join(s.said("#caro-alerts"), "\n"); strings.Count(said, fmt.Sprintf("(#%d)", n)) != 1 {
				t.Errorf("fault %v at request %d: told %q after\n%s%s", do, nth, said, first.stdout, first.stderr)
			}
			if labels := s.repo.Issue(n).Labels; len(labels) != 1 || labels[0] != "P0" {
				t.Errorf("fault %v at request %d: the issue has the labels %q", do, nth, labels)
			}
		}
	}
	t.Logf("%d ways to fail", tried)
}
