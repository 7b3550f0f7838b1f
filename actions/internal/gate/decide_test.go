package gate

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

var now = time.Date(2026, 2, 14, 9, 30, 0, 0, time.UTC)

func section(t testing.TB, src string) Section {
	t.Helper()
	var s Section
	if err := yaml.Unmarshal([]byte(src), &s); err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return s
}

func is(x float64) *float64 { return &x }

func count(n float64) verdict.Reading {
	return verdict.Reading{Unit: "issues", Count: true, Number: verdict.Number{Value: &n}}
}

func share(part, whole float64) verdict.Reading {
	return verdict.Reading{Unit: "%", Number: verdict.Number{Part: &part, Whole: &whole}}
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestOutcome(t *testing.T) {
	shipped := day("2026-01-24")
	waiver := ", waived: {owner: ann, reason: known and small, until: 2026-02-14}}"
	over := ", waived: {owner: ann, reason: known and small, until: 2026-02-13}}"
	for _, c := range []struct {
		name, criterion string
		answers         Answers
		ticks           map[string]Tick
		state           State
		want            string
	}{
		{"met", "{metric: m, is: '>= 75%'}", readings(share(900, 1000)), nil, Met, "met: 90% (900 of 1,000, 95% CI 88–91.7%)"},
		{"met by few", "{metric: m, is: '>= 75%'}", readings(share(3, 4)), nil, Met, "met: 75% (3 of 4, 95% CI 30.1–95.4%); the interval reaches past the target, so another sample might say the opposite"},
		{"missed", "{metric: m, is: '>= 75%'}", readings(share(700, 1000)), nil, Missed, "missed: 70% (700 of 1,000, 95% CI 67.1–72.8%)"},
		{"missed by few", "{metric: m, is: '>= 75%'}", readings(share(7, 10)), nil, Missed, "missed: 70% (7 of 10, 95% CI 39.7–89.2%); the interval reaches past the target, so another sample might say the opposite"},
		{"a count", "{metric: m, is: '= 0'}", readings(count(1)), nil, Missed, "missed: 1 issue"},
		{"a spike is not the gate's matter", "{metric: m, is: < 15}", readings(spiking(count(9))), nil, Met, "met: 9 issues"},
		{"growing", "{metric: m, is: growing}", readings(verdict.Reading{Unit: "users", Number: verdict.Number{Value: is(3), Previous: is(2)}}), nil, Met, "met: 3 users, 2 in the previous period, growing"},
		{"growing, without a before", "{metric: m, is: growing}", readings(count(3)), nil, Unknown, "unknown: 3 issues, no full period before it to compare with"},
		{"a gap", "{metric: m, is: '= 0'}", readings(verdict.Reading{Reason: "github did not answer"}), nil, Unknown, "unknown: github did not answer"},
		{"a gap beside a number that is old", "{metric: m, is: '= 0'}", readings(verdict.Reading{Reason: "github did not answer", Number: verdict.Number{Value: is(0)}}), nil, Unknown, "unknown: github did not answer"},
		{"nothing was counted", "{metric: m, is: '>= 75%'}", readings(share(0, 0)), nil, Unknown, "unknown: nothing was counted"},
		{"never measured", "{metric: m, is: '= 0'}", Answers{}, nil, Unknown, "unknown: it was not measured"},
		{"measured over another window", "{metric: m, is: '= 0', window: 21d}", readings(count(0)), nil, Unknown, "unknown: it was not measured"},
		{"in another unit", "{metric: m, is: '>= 80%'}", readings(count(90)), nil, Unknown, "unknown: the bound is in % and the reading in issues"},
		{"without a bound", "{metric: m}", readings(count(0)), nil, Unknown, "unknown: the criterion has no bound"},
		{"each platform", "{metric: m, is: '< 5% each'}", readings(verdict.Reading{Unit: "%", Values: map[string]verdict.Number{"linux": share(1, 100).Number, "macos": share(9, 100).Number}}), nil, Missed, "missed: macos: 9% (9 of 100, 95% CI 4.8–16.2%); the interval reaches past the target, so another sample might say the opposite"},
		{"a platform that nobody gets in on", "{metric: m, is: '< 5% each'}", readings(verdict.Reading{Unit: "%", Values: map[string]verdict.Number{"linux": share(1, 100).Number, "bsd": share(2, 0).Number}}), nil, Unknown, "unknown: bsd: too few cases to tell: 2 of 0, 95% CI 0–100% (target below 5% for each)"},

		{"at most a tenth more than before", "{metric: m, is: '<= 110%', vs: previous}", against(share(21, 1000), 2, ""), nil, Met, "met: 2.1% (21 of 1,000, 95% CI 1.4–3.2%); same day of v1.0.0 (14 Oct 2025): 2%; the interval reaches past the target, so another sample might say the opposite"},
		{"more than a tenth more than before", "{metric: m, is: '<= 110%', vs: previous}", against(share(60, 1000), 2, ""), nil, Missed, "missed: 6% (60 of 1,000, 95% CI 4.7–7.6%); same day of v1.0.0 (14 Oct 2025): 2%"},
		{"none after none", "{metric: m, is: '<= 110%', vs: previous}", against(count(0), 0, ""), nil, Met, "met: 0 issues; same day of v1.0.0 (14 Oct 2025): 0 issues"},
		{"one after none", "{metric: m, is: '<= 110%', vs: previous}", against(count(1), 0, ""), nil, Missed, "missed: 1 issue; same day of v1.0.0 (14 Oct 2025): 0 issues"},
		{"at least as many as before", "{metric: m, is: '>= 90%', vs: previous}", against(count(9), 10, ""), nil, Met, "met: 9 issues; same day of v1.0.0 (14 Oct 2025): 10 issues"},
		{"below zero before", "{metric: m, is: '>= 90%', vs: previous}", against(count(9), -1, ""), nil, Unknown, "unknown: the earlier figure is below zero, of which there is no share"},
		{"no reading before", "{metric: m, is: '<= 110%', vs: previous}", against(count(9), 1, "there is no reading of v1.0.0"), nil, Unknown, "unknown: there is no reading of v1.0.0"},
		{"no release before", "{metric: m, is: '<= 110%', vs: previous}", readings(count(9)), nil, Unknown, "unknown: there is no earlier release to compare with"},
		{"a gap against before", "{metric: m, is: '<= 110%', vs: previous}", against(verdict.Reading{Reason: "github did not answer"}, 1, ""), nil, Unknown, "unknown: github did not answer"},

		{"days without any", "{days_without: m, is: '>= 14'}", without(Without{Since: shipped}), nil, Met, "met: 21 days without, none since the release"},
		{"days since the last", "{days_without: m, is: '>= 14'}", without(Without{Since: shipped, Last: day("2026-02-10")}), nil, Missed, "missed: 4 days without, the last one on 2026-02-10"},
		{"one seen before the release", "{days_without: m, is: '>= 14'}", without(Without{Since: shipped, Last: day("2025-12-24")}), nil, Met, "met: 21 days without, the last one on 2025-12-24"},
		{"a part of a day is none", "{days_without: m, is: '>= 2'}", without(Without{Since: shipped, Last: now.Add(-47 * time.Hour)}), nil, Missed, "missed: 1 day without, the last one on 2026-02-12"},
		{"just long enough", "{days_without: m, is: '>= 2'}", without(Without{Since: shipped, Last: now.Add(-48 * time.Hour)}), nil, Met, "met: 2 days without, the last one on 2026-02-12"},
		{"days with a gap", "{days_without: m, is: '>= 14'}", without(Without{Since: shipped, Reason: "three days have no reading"}), nil, Unknown, "unknown: three days have no reading"},
		{"days of a release to come", "{days_without: m, is: '>= 0'}", without(Without{Since: day("2026-03-01")}), nil, Unknown, "unknown: the days would be counted from 2026-03-01, which is still to come"},
		{"days of no release", "{days_without: m, is: '>= 0'}", without(Without{}), nil, Unknown, "unknown: nobody says when the release shipped"},
		{"days never measured", "{days_without: m, is: '>= 0'}", Answers{}, nil, Unknown, "unknown: it was not measured"},

		{"a box ticked", "{manual: Deployed}", Answers{}, map[string]Tick{"Deployed": {Ticked: true, By: "ann", At: now, MayWrite: true}}, Met, "met: ticked by ann on 2026-02-14 09:30 UTC"},
		{"a box not ticked", "{manual: Deployed}", Answers{}, map[string]Tick{"Deployed": {}}, Missed, "missed: not checked"},
		{"a box ticked by a stranger", "{manual: Deployed}", Answers{}, map[string]Tick{"Deployed": {Ticked: true, By: "eve", At: now}}, Missed, "missed: ticked by eve on 2026-02-14 09:30 UTC, who has no write access, so it does not count"},
		{"a box ticked by nobody knows whom", "{manual: Deployed}", Answers{}, map[string]Tick{"Deployed": {Ticked: true, MayWrite: true}}, Missed, "missed: ticked, but nobody knows by whom, so it does not count"},
		{"a box unticked by one who may", "{manual: Deployed}", Answers{}, map[string]Tick{"Deployed": {By: "ann", At: now, MayWrite: true}}, Missed, "missed: not checked"},
		{"a box that is gone", "{manual: Deployed}", Answers{}, map[string]Tick{"deployed": {Ticked: true, By: "ann", MayWrite: true}}, Unknown, "unknown: its box was not found in the gate issue"},
		{"nothing asked", "{}", Answers{}, nil, Unknown, "unknown: the criterion asks nothing"},

		{"waived to the end of the day", "{metric: m, is: '= 0'" + waiver, readings(count(1)), nil, Waived, "missed: 1 issue; waived by ann until 2026-02-14: known and small"},
		{"unknown, and waived", "{metric: m, is: '= 0'" + waiver, Answers{}, nil, Waived, "unknown: it was not measured; waived by ann until 2026-02-14: known and small"},
		{"met needs no waiver", "{metric: m, is: '= 0'" + waiver, readings(count(0)), nil, Met, "met: 0 issues"},
		{"a waiver that is over", "{metric: m, is: '= 0'" + over, readings(count(1)), nil, Missed, "missed: 1 issue; waived by ann until 2026-02-13, which is over"},
		{"a waiver of nobody", "{metric: m, is: '= 0', waived: {reason: x, until: 2026-03-01}}", readings(count(1)), nil, Missed, "missed: 1 issue"},
		{"a waiver for ever", "{metric: m, is: '= 0', waived: {owner: ann, reason: x}}", readings(count(1)), nil, Missed, "missed: 1 issue"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Decide(section(t, "{must: ["+c.criterion+"]}"), c.answers, c.ticks, now)
			o := d.Outcomes[0]
			if o.State != c.state || o.Sentence() != c.want || o.Part != "must" {
				t.Errorf("got  %s: %s\nwant %s: %s", o.State, o.Sentence(), c.state, c.want)
			}
			is := map[State]Result{Met: Go, Waived: Go, Missed: NoGo, Unknown: Undecided}[c.state]
			if d.Is != is {
				t.Errorf("a must that is %s: got %s, want %s", c.state, d.Is, is)
			}
		})
	}
}

// against are the answers where an earlier release had a value on the same day, or
// where why says what is missing.
func against(r verdict.Reading, before float64, why string) Answers {
	a := readings(r)
	p := Previous{Version: "v1.0.0", Day: day("2025-10-14"), Value: &before, Unit: r.Unit, Reason: why}
	if why != "" {
		p.Value = nil
	}
	a.Previous = map[Question]Previous{{Metric: "m"}: p}
	return a
}

func readings(r verdict.Reading) Answers {
	return Answers{Readings: map[Question]verdict.Reading{{Metric: "m"}: r}}
}

func without(w Without) Answers { return Answers{Without: map[string]Without{"m": w}} }

func spiking(r verdict.Reading) verdict.Reading {
	r.Past = []float64{0, 0, 0, 0}
	return r
}

func TestDecide(t *testing.T) {
	ticks := map[string]Tick{"yes": {Ticked: true, By: "ann", MayWrite: true}, "no": {}}
	for _, c := range []struct {
		name, src string
		want      Result
	}{
		{"all met", "{must: [{manual: yes}]}", Go},
		{"one missed", "{must: [{manual: yes}, {manual: no}]}", NoGo},
		{"one unknown", "{must: [{manual: yes}, {manual: gone}]}", Undecided},
		{"missed outweighs unknown", "{must: [{manual: no}, {manual: gone}]}", NoGo},
		{"missed outweighs unknown, in whatever order", "{must: [{manual: gone}, {manual: no}]}", NoGo},
		{"should and nice decide nothing", "{must: [{manual: yes}], should: [{manual: no}], nice: [{manual: gone}]}", Go},
		{"no must at all", "{should: [{manual: yes}]}", Undecided},
		{"no gate at all", "{}", Undecided},
	} {
		src := strings.NewReplacer("manual: yes", "manual: 'yes'", "manual: no", "manual: 'no'").Replace(c.src)
		if got := Decide(section(t, src), Answers{}, ticks, now); got.Is != c.want {
			t.Errorf("%s: got %s, want %s: %+v", c.name, got.Is, c.want, got.Outcomes)
		}
	}
}

func TestQuestionsAreAskedOnce(t *testing.T) {
	s := section(t, "{must: [{metric: a, is: '= 0'}, {days_without: a, is: '> 1'}], should: [{metric: a, is: '< 5'}, {metric: a, is: '= 0', window: 21d}], nice: [{manual: x}, {metric: b, is: '= 0'}]}")
	var got []string
	for _, q := range s.Questions() {
		got = append(got, q.Metric+" "+q.Window.String())
	}
	if text := strings.Join(got, ", "); text != "a 0s, a 21d, b 0s" {
		t.Errorf("got %s", text)
	}
}

// Each criterion on a metric says over which time it asks.
func TestTheWindowOfACriterion(t *testing.T) {
	s := section(t, "{must: [{metric: a, is: '= 0'}, {metric: a, is: '= 0', window: 21d}, {metric: b, is: '= 0'}, {manual: x}]}")
	d := Decide(s, Answers{Windows: map[Question]model.Duration{{Metric: "a"}: model.Duration(7 * 24 * time.Hour)}}, nil, now)
	var got []string
	for _, o := range d.Outcomes {
		got = append(got, o.Over.String())
	}
	if text := strings.Join(got, ", "); text != "7d, 21d, 0s, 0s" {
		t.Errorf("got %s", text)
	}
}

// What is missing never helps: take an answer or a tick away, or let a bug more
// be open, and the gate is not nearer to go. And the same twice is the same.
func TestLessIsNeverBetter(t *testing.T) {
	s := section(t, "{must: [{metric: a, is: < 3}, {metric: b, is: '>= 75%', waived: {owner: x, reason: y, until: 2026-02-20}}, {days_without: a, is: '>= 5'}, {manual: box}], should: [{metric: b, is: '>= 90%'}]}")
	order := map[Result]int{Go: 2, Undecided: 1, NoGo: 0}
	random := rand.New(rand.NewPCG(5, 6))
	seen := map[Result]int{}
	for range 3000 {
		bugs, good, last := float64(random.IntN(5)), float64(random.IntN(40)), random.IntN(9)
		world := func(bugs, good float64, last int, tick Tick) (Answers, map[string]Tick) {
			return Answers{
				Readings: map[Question]verdict.Reading{{Metric: "a"}: count(bugs), {Metric: "b"}: share(good, 40)},
				Without:  map[string]Without{"a": {Since: day("2026-01-24"), Last: now.AddDate(0, 0, -last)}},
			}, map[string]Tick{"box": tick}
		}
		tick := Tick{Ticked: true, By: "ann", MayWrite: random.IntN(4) > 0}
		answers, ticks := world(bugs, good, last, tick)
		best := Decide(s, answers, ticks, now)
		seen[best.Is]++
		if again := Decide(s, answers, ticks, now); !reflect.DeepEqual(best, again) {
			t.Fatalf("twice the same: got %+v, then %+v", best, again)
		}
		check := func(what string, d Decision) {
			if order[d.Is] > order[best.Is] {
				t.Fatalf("%s: %s became %s", what, best.Is, d.Is)
			}
		}
		a, b := world(bugs+1, max(good-1, 0), max(last-1, 0), tick)
		check("worse", Decide(s, a, b, now))
		tick.MayWrite = false
		a, b = world(bugs, good, last, tick)
		check("a tick that does not count", Decide(s, a, b, now))
		if best.Is == Go {
			for _, q := range s.Questions()[:1] {
				a, b = world(bugs, good, last, tick)
				delete(a.Readings, q)
				check("an answer less", Decide(s, a, b, now))
			}
			if got := Decide(s, Answers{}, ticks, now).Is; got != Undecided {
				t.Fatalf("without any answer: got %s", got)
			}
		}
	}
	if seen[Go] < 100 || seen[NoGo] < 100 {
		t.Errorf("the law was hardly put to the test: %v", seen)
	}
}
