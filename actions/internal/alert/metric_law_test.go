package alert

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/verdict"
)

func runName(id, attempt int) string { return fmt.Sprintf("%d/%d", id, attempt) }

func nextAttempt(name string) string {
	id, attempt, _ := strings.Cut(name, "/")
	n, _ := strconv.Atoi(attempt)
	return id + "/" + strconv.Itoa(n+1)
}

// seeds are how many worlds a test lives through; AFTERCARE_SEEDS asks for more,
// AFTERCARE_SEED for one.
func seeds(usual uint64) (from, until uint64) {
	if n, err := strconv.ParseUint(os.Getenv("AFTERCARE_SEED"), 10, 64); err == nil {
		return n, n + 1
	}
	if n, err := strconv.ParseUint(os.Getenv("AFTERCARE_SEEDS"), 10, 64); err == nil {
		usual = n
	}
	return 0, usual
}

// remember keeps every episode as it was committed last.
func (w *world) remember(m Memory) {
	for _, a := range m.Alerts {
		for _, e := range a.Episodes {
			key := a.Metric + " " + e.Began.Format(time.RFC3339)
			w.episodes[key] = Memory{Alerts: []MetricAlert{{Metric: a.Metric, Episodes: []Episode{e}}}}
		}
	}
}

// tally is what a world came to.
type tally struct {
	episodes, messages, faults, repeats int
	wrong                               []string
}

func (w *world) tally() tally {
	t := tally{episodes: len(w.episodes), messages: len(w.messages), faults: w.faults}
	t.doubled(w)
	for _, m := range w.episodes {
		a := m.Alerts[0]
		t.course(w, a.Metric, a.Episodes[0])
		if e := a.Episodes[0]; e.Blind {
			t.silent(w, a.Metric, e)
		} else {
			t.heard(w, a.Metric, e)
		}
	}
	return t
}

func (t *tally) fail(format string, args ...any) {
	t.wrong = append(t.wrong, fmt.Sprintf(format, args...))
}

// doubled finds messages that stand twice in a channel that can be read, or
// that are repeated elsewhere without saying so.
func (t *tally) doubled(w *world) {
	seen := map[string]bool{}
	for _, m := range w.messages {
		if seen[m.Key] && readable(m.By) {
			t.fail("doubled: %s at %s", m.Key, m.at)
		}
		if seen[m.Key] && !m.repeat {
			t.fail("repeated and not said so: %s at %s", m.Key, m.at)
		}
		if seen[m.Key] {
			t.repeats++
		}
		seen[m.Key] = true
	}
}

// course holds an episode against the truth: what is unknown, in doubt, or well,
// does not begin one; what is unknown, in doubt, or past its threshold, does not
// end one.
func (t *tally) course(w *world, metric string, e Episode) {
	began := w.level(metric, e.Began)
	if past := began == warn || began == crit || began == doubt; !e.Blind && !past || e.Blind && began != blind {
		t.fail("began falsely: %s at %s, when it was %s", metric, e.Began, began)
	}
	if e.Ended.IsZero() {
		return
	}
	ended := w.level(metric, e.Ended)
	if well := ended == ok || ended == verdict.Watch; !e.Blind && !well || e.Blind && ended == blind {
		t.fail("ended falsely: %s at %s, when it was %s", metric, e.Ended, ended)
	}
	if clear := simThresholds[metric].Clear.Duration(); !e.Blind && e.Ended.Sub(e.Began) < clear {
		t.fail("ended before it can have been clear for %s: %s at %s", clear, metric, e.Ended)
	}
}

// heard holds what stands in the channels against an episode.
func (t *tally) heard(w *world, metric string, e Episode) {
	for _, to := range demand(simRoutes, simChannels, metric, e.Level) {
		announced, turn, over := false, 0, false
		for _, m := range w.messages {
			if m.Metric != metric || !m.Episode.Equal(e.Began) || m.Channel != to.Channel || m.By != to.By {
				continue
			}
			switch {
			case m.Kind.announces():
				if over && (readable(m.By) || !m.repeat) {
					t.fail("told to last after it was told to be over: %s", m.Key)
				}
				announced, turn, over = true, max(turn, m.Turn), over || m.Over
			case m.Kind == Recovered:
				if e.open() {
					t.fail("recovered was told of what lasts: %s", m.Key)
				}
				if !announced {
					t.fail("recovered was told to somebody who heard nothing: %s", m.Key)
				}
				over = true
			}
		}
		switch place := to.Channel + "/" + to.By; {
		case !announced:
			t.fail("lost: %s heard nothing of %s at %s: %+v", place, metric, e.Began, e)
		case e.open() && turn < e.Turn:
			t.fail("lost: %s did not hear that %s is worse: %+v", place, metric, e)
		case !e.open() && !over:
			t.fail("lost: %s did not hear that %s is over: %+v", place, metric, e)
		}
	}
}

// silent finds silences that nobody heard of although they last.
func (t *tally) silent(w *world, metric string, e Episode) {
	if !e.open() {
		return
	}
	for _, m := range w.messages {
		if m.Kind != Blind {
			continue
		}
		for _, s := range m.Each() {
			if s.Metric == metric && s.Episode.Equal(e.Began) {
				return
			}
		}
	}
	t.fail("lost: the silence of %s since %s", metric, e.Since)
}

// Whatever goes wrong in one call of ten, over ninety days: nothing is lost,
// nothing stands twice where that can be seen, nothing unknown begins or ends.
func TestNothingIsLostOrTwice(t *testing.T) {
	var sum tally
	usual := uint64(100)
	if testing.Short() {
		usual = 10
	}
	from, until := seeds(usual)
	for seed := from; seed < until; seed++ {
		w := newWorld(seed, 90)
		w.live(90)
		got := w.tally()
		if len(got.wrong) > 0 {
			t.Fatalf("AFTERCARE_SEED=%d: %d wrong, the first:\n%s", seed, len(got.wrong), strings.Join(got.wrong[:min(5, len(got.wrong))], "\n"))
		}
		sum.episodes, sum.messages, sum.faults, sum.repeats = sum.episodes+got.episodes, sum.messages+got.messages, sum.faults+got.faults, sum.repeats+got.repeats
	}
	t.Logf("%d seeds: %d episodes, %d messages, %d faults; lost 0, doubled 0 where it can be read, repeated and said so %d",
		until-from, sum.episodes, sum.messages, sum.faults, sum.repeats)
	if sum.episodes == 0 || sum.messages == 0 || sum.faults == 0 || sum.repeats == 0 && until-from > 1 {
		t.Error("the worlds were too quiet to show anything")
	}
}

// Two calls of a whole alert go wrong, any two in any way: a warning that turns
// critical, is not answered, and ends.
func TestEveryTwoFaults(t *testing.T) {
	const calls = 20
	worlds, last := 0, 0
	for first := 1; first <= calls; first++ {
		for second := first; second <= calls; second++ {
			if testing.Short() && (first+second)%5 > 0 {
				continue
			}
			for _, fates := range pairs(first == second) {
				w := scripted(map[int]mishap{first: fates[0], second: fates[1]})
				worlds, last = worlds+1, max(last, w.calls)
				if got := w.tally(); len(got.wrong) > 0 || got.episodes != 1 {
					t.Fatalf("calls %d and %d go wrong in the ways %v: %d episodes; %s", first, second, fates, got.episodes, strings.Join(got.wrong, "\n"))
				}
			}
		}
	}
	t.Logf("%d worlds, of %d calls at most: lost 0, doubled 0 where it can be read", worlds, last)
	if w := scripted(map[int]mishap{}); w.calls > calls || len(w.messages) != 8 {
		t.Errorf("a life without faults has %d calls of the %d that go wrong, and %d messages, want 8", w.calls, calls, len(w.messages))
	}
}

// pairs are all ways in which two calls go wrong, or one.
func pairs(one bool) [][2]mishap {
	var all [][2]mishap
	for a := refused; a < mishaps; a++ {
		for b := refused; b < mishaps; b++ {
			if !one || a == b {
				all = append(all, [2]mishap{a, b})
			}
		}
	}
	return all
}

// scripted is a world in which one metric goes up, further up and down again,
// and a run looks at it every hour.
func scripted(script map[int]mishap) *world {
	w := newWorld(0, 1)
	w.script, w.fault = script, 0
	w.truth = map[string][]stretch{"crash_rate": {{hours(3), warn}, {hours(12), crit}, {hours(100), ok}}}
	for range 28 {
		w.start()
		w.run()
		w.now = w.now.Add(time.Hour)
	}
	return w
}

// The same seed lives the same life.
func TestSeedsReplay(t *testing.T) {
	lives := func() string {
		w := newWorld(7, 30)
		w.live(30)
		var keys []string
		for _, m := range w.messages {
			keys = append(keys, m.at.Format(time.RFC3339)+" "+m.Key)
		}
		return strings.Join(keys, "\n") + string(w.memory.Encode())
	}
	if a, b := lives(), lives(); a != b {
		t.Errorf("two lives of one seed:\n%s\n\n%s", a, b)
	}
}
