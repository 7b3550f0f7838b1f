package verdict

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestSortPutsFirstWhatMustBeReadFirst(t *testing.T) {
	judge := func(id, bounds string, r Reading) Verdict {
		r.Metric = id
		return Judge(r, thresholds(t, bounds), 0)
	}
	all := []Verdict{
		judge("crash_rate", crashes, Reading{Unit: "%", Number: share(30, 1000)}),                                 // 30 times its target
		judge("p0_bugs", noP0, Reading{Unit: "issues", Count: true, Number: value(1)}),                            // one
		judge("command_success_rate", success, Reading{Unit: "%", Number: share(600, 1000)}),                      // loses 40 where 20 may be lost
		judge("time_to_first_response", "{target: < 24, warning: '> 72'}", Reading{Unit: "h", Number: value(80)}), // 2.3
		judge("telemetry", crashes, Reading{Unit: "%", Reason: "gone"}),
		judge("b_tie", "{target: < 10}", Reading{Number: value(15)}),
		judge("c_tie", "{target: < 20}", Reading{Number: value(30)}),
		judge("a_shrunk", "{target: growing}", Reading{Number: Number{Value: is(70), Previous: is(100)}}),
		judge("open_bugs", "{target: < 15}", Reading{Number: value(15)}),
		judge("fine", "{target: < 15}", Reading{Number: value(1)}),
		judge("bare", "{}", Reading{Number: value(1)}),
	}
	want := "crash_rate p0_bugs time_to_first_response command_success_rate telemetry b_tie c_tie a_shrunk open_bugs bare fine"
	for range 50 {
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		Sort(all)
		var ids []string
		for _, v := range all {
			ids = append(ids, v.Metric)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	}
	if got := Worst(all[4:]); got != Unknown {
		t.Errorf("the worst of what is not past a threshold: got %s, want unknown", got)
	}
	if got := Worst(nil); got != Unknown {
		t.Errorf("the worst of nothing: got %s, want unknown", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		name    string
		reading Reading
		bounds  string
		want    float64
	}{
		{"met", Reading{Unit: "%", Number: value(90)}, success, 0},
		{"a share lost", Reading{Unit: "%", Number: value(60)}, success, 1},
		{"all lost", Reading{Unit: "%", Number: value(0)}, success, 4},
		{"all wanted", Reading{Unit: "%", Number: value(50)}, "{target: '>= 100%'}", 0.5},
		{"too many of a share", Reading{Unit: "%", Number: value(9)}, "{target: < 3%}", 2},
		{"a shortfall", Reading{Unit: "stars", Number: value(20)}, "{target: '>= 50'}", 0.6},
		{"none are wanted", Reading{Unit: "issues", Number: value(3)}, noP0, 3},
		{"shrunk", Reading{Number: Number{Value: is(75), Previous: is(100)}}, "{target: growing}", 0.25},
		{"as before", Reading{Number: Number{Value: is(75), Previous: is(75)}}, "{target: growing}", 0},
		{"a threshold alone", Reading{Number: value(15)}, "{warning: '> 10'}", 0.5},
		{"a threshold alone, not passed", Reading{Number: value(5)}, "{warning: '> 10'}", 0},
	} {
		if got := Judge(c.reading, thresholds(t, c.bounds), 0).Distance(); got < c.want-1e-12 || got > c.want+1e-12 {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWorse(t *testing.T) {
	order := []Level{Critical, Warning, Unknown, Watch, OK}
	for i, a := range order {
		for j, b := range order {
			if a.Worse(b) != (i < j) {
				t.Errorf("%s worse than %s: got %v", a, b, a.Worse(b))
			}
		}
	}
	if Level("").Worse(Unknown) || !Level("").Worse(Watch) {
		t.Error("a level that was never given does not count as unknown")
	}
}

// Verdicts are kept and compared as JSON: no number in them may be one that
// JSON has not.
func TestVerdictsCanBeWrittenDown(t *testing.T) {
	for _, r := range []Reading{{Unit: "%", Number: share(3, 0)}, {Number: value(0)}, {Unit: "%", Values: map[string]Number{"a": share(2, 0)}}, {Count: true, Number: value(5), Past: []float64{0, 0, 0, 0}}} {
		if _, err := json.Marshal(Judge(r, thresholds(t, platforms), 0)); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
	}
}
