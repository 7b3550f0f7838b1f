package verdict

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// Newcombe, Stat. Med. 17 (1998), 857–872, table I, method 3: the same four
// samples by Wilson's score without correction; and the design's own example.
func TestWilsonAgainstPublishedValues(t *testing.T) {
	for _, c := range []struct{ part, whole, low, high float64 }{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0.0000, 0.1611},
		{1, 29, 0.0061, 0.1718},
		{1, 50, 0.0035, 0.1050},
		{20, 20, 1 - 0.1611, 1},
	} {
		low, high := Wilson(c.part, c.whole, 0.95)
		if math.Abs(low-c.low) > 0.00005 || math.Abs(high-c.high) > 0.00005 {
			t.Errorf("%v of %v: got %.4f–%.4f, want %.4f–%.4f", c.part, c.whole, low, high, c.low, c.high)
		}
	}
}

// The ends solve the equation by which Wilson defines them: the share seen lies
// z standard errors from each, where the error is that of the end itself.
func TestWilsonEndsSolveTheirEquation(t *testing.T) {
	z := map[Confidence]float64{0.5: 0.674489750196082, 0.9: 1.644853626951473, 0.95: 1.959963984540054, 0.99: 2.575829303548901, 0.9999: 3.890591886413124}
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		whole := float64(1 + random.IntN(5000))
		part := float64(random.IntN(int(whole) + 1))
		for c, z := range z {
			low, high := Wilson(part, whole, c)
			p := part / whole
			if low < 0 || high > 1 || low > p || high < p {
				t.Fatalf("%v of %v at %v: got %v–%v", part, whole, c, low, high)
			}
			for _, end := range []float64{low, high} {
				got, want := (p-end)*(p-end), z*z*end*(1-end)/whole
				if math.Abs(got-want) > 1e-9 {
					t.Fatalf("%v of %v at %v: the end %v is %v from the share, want %v", part, whole, c, end, got, want)
				}
			}
		}
	}
}

func TestWilsonOfNothingIsAnything(t *testing.T) {
	if low, high := Wilson(0, 0, 0.95); low != 0 || high != 1 {
		t.Errorf("got %v–%v", low, high)
	}
	if low, high := Wilson(7, 5, 0.95); low < 0.5 || high != 1 {
		t.Errorf("seven of five: got %v–%v", low, high)
	}
}

// The tail against the sum by definition, in numbers of 300 bits: one minus
// e^−m·Σ m^i/i!, with e^−m from its own series.
func TestPoissonTailAgainstExactSums(t *testing.T) {
	for _, c := range []struct {
		count int
		mean  float64
	}{{1, 0.25}, {3, 0.25}, {3, 1.5}, {9, 1.5}, {10, 3}, {20, 7.75}, {40, 12}, {120, 80}, {200, 100}} {
		want := exactTail(c.count, c.mean)
		if got := poissonTail(float64(c.count), c.mean); math.Abs(got-want) > 1e-11*want {
			t.Errorf("at least %d where %v are usual: got %g, want %g", c.count, c.mean, got, want)
		}
	}
	if got := poissonTail(5, 0); got != 0 {
		t.Errorf("where none are usual five are impossible: got %v", got)
	}
	if got := poissonTail(5, 5); got != 1 {
		t.Errorf("the usual number: got %v", got)
	}
}

func exactTail(count int, mean float64) float64 {
	number := func(x float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(x) }
	m, below, all, term := number(mean), number(0), number(0), number(1)
	for i := range 2000 {
		if i > 0 {
			term = number(0).Quo(number(0).Mul(term, m), number(float64(i)))
		}
		all.Add(all, term)
		if i < count {
			below.Add(below, term)
		}
	}
	tail := number(1)
	tail.Sub(tail, number(0).Quo(below, all)) // all is e^mean
	result, _ := tail.Float64()
	return result
}

func TestSpike(t *testing.T) {
	for _, c := range []struct {
		name  string
		count float64
		past  []float64
		want  bool
	}{
		{"just improbable: 7 where 1.25 are usual", 7, []float64{1, 2, 1, 1}, true},
		{"one less is not", 6, []float64{1, 2, 1, 1}, false},
		{"three where there were none", 3, []float64{0, 0, 0, 0}, true},
		{"two where there were none", 2, []float64{0, 0, 0, 0}, false},
		{"a month of days", 4, []float64{0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, true},
		{"fewer than usual", 3, []float64{90, 80, 70, 60}, false},
		{"a past of three weeks", 9, []float64{0, 0, 0}, false},
		{"a past that is not a count", 9, []float64{0, 0, 0, -1}, false},
	} {
		if got := spikeIn(c.count, c.past); (got != nil) != c.want {
			t.Errorf("%s: got %+v", c.name, got)
		}
	}
}

// severity is the order of levels that have an answer.
func severity(l Level) int {
	return slices.Index([]Level{OK, Watch, Warning, Critical}, l)
}

// More failures never make the verdict better: of as many cases, of more cases
// all of which failed, counted, and as a rate that should be high.
func TestMoreFailuresAreNeverBetter(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	seen := map[Level]int{}
	for range 4000 {
		whole := float64(1 + random.IntN(1+random.IntN(3000)))
		part := math.Floor(whole * math.Pow(random.Float64(), 3))
		more := part + 1 + math.Floor(random.Float64()*(whole-part))
		worse := min(more, whole)
		c := Confidence(0.5 + 0.4999*random.Float64())
		at := math.Floor(1000*random.Float64()) / 10
		low := thresholds(t, fmt.Sprintf("{target: '< %v%%', warning: '> %v%%', critical: '> %v%%'}", at, at, at+3))
		high := thresholds(t, fmt.Sprintf("{target: '>= %v%%', warning: '< %v%%', critical: '< %v%%'}", at, at, at/2))
		for _, pair := range []struct {
			name         string
			bounds       Thresholds
			before, then Reading
		}{
			{"more of as many", low, Reading{Unit: "%", Number: share(part, whole)}, Reading{Unit: "%", Number: share(worse, whole)}},
			{"more cases, all failed", low, Reading{Unit: "%", Number: share(part, whole)}, Reading{Unit: "%", Number: share(more, whole+more-part)}},
			{"fewer successes", high, Reading{Unit: "%", Number: share(whole-part, whole)}, Reading{Unit: "%", Number: share(whole-worse, whole)}},
			{"counted", low, Reading{Unit: "%", Count: true, Number: value(part)}, Reading{Unit: "%", Count: true, Number: value(more)}},
			{"on one platform", low, Reading{Unit: "%", Values: map[string]Number{"a": share(part, whole), "b": share(1, 9)}}, Reading{Unit: "%", Values: map[string]Number{"a": share(worse, whole), "b": share(1, 9)}}},
			{"on one platform more", low, Reading{Unit: "%", Values: map[string]Number{"b": share(1, 9)}}, Reading{Unit: "%", Values: map[string]Number{"a": share(worse, whole), "b": share(1, 9)}}},
		} {
			a, b := Judge(pair.before, pair.bounds, c), Judge(pair.then, pair.bounds, c)
			if severity(b.Level) < severity(a.Level) {
				t.Fatalf("%s at %s: %s (%s) became %s (%s)", pair.name, c, a.Level, a.Sentence(), b.Level, b.Sentence())
			}
			seen[a.Level]++
			seen[b.Level]++
		}
	}
	for _, l := range []Level{OK, Watch, Warning, Critical} {
		if seen[l] < 500 {
			t.Errorf("only %d verdicts were %s: the law was hardly put to the test", seen[l], l)
		}
	}
}

// What is unknown stays so whatever the bounds are, and what has an answer is
// never unknown but for want of a window before.
func TestUnknownIsNeverJudged(t *testing.T) {
	for _, bounds := range []string{crashes, success, noP0, platforms, "{}", "{target: growing}", "{target: '!= 0'}"} {
		for _, r := range []Reading{
			{Reason: "gone"}, {Unit: "%", Reason: "gone", Number: share(1, 2)}, {Unit: "%", Number: share(0, 0)}, {Number: value(math.NaN())},
			{Number: value(math.Inf(1))}, {Number: share(1, math.Inf(1))}, {Reason: "gone", Count: true, Number: value(9), Past: []float64{0, 0, 0, 0}},
		} {
			if got := Judge(r, thresholds(t, bounds), 0); got.Level != Unknown || got.Value != nil || got.Spike != nil || got.Distance() != 0 {
				t.Errorf("%+v against %s: got %s: %s", r, bounds, got.Level, got.Sentence())
			}
		}
	}
}

func TestJudgeChangesNothingItWasGiven(t *testing.T) {
	n := share(3, 50)
	r := Reading{Unit: "%", Values: map[string]Number{"a": n, "b": share(1, 2)}, Past: []float64{4, 3, 2, 1}}
	first := Judge(r, thresholds(t, platforms), 0).Sentence()
	if second := Judge(r, thresholds(t, platforms), 0).Sentence(); first != second || *n.Part != 3 || n.Value != nil || len(r.Values) != 2 || r.Past[0] != 4 {
		t.Errorf("got %q, then %q, and the reading is %+v", first, second, r)
	}
}

// Whatever was measured, the verdict can be written down and has its words; a
// known one has a value that is a number, inside its interval.
func FuzzJudge(f *testing.F) {
	f.Add(1.0, 50.0, 2.0, 50.0, uint8(0b1111), "> 1%", "< 0.1%")
	f.Add(math.NaN(), math.Inf(1), math.Inf(-1), 0.0, uint8(0b1111), "> 20% any", "growing")
	f.Add(3.0, 0.0, math.NaN(), 1e-320, uint8(0b1101110), "!= 0", "< 5% each")
	f.Add(1e308, 1e-308, 1e308, math.Inf(1), uint8(0b11100001), "> 0", "= 0")
	f.Fuzz(func(t *testing.T, a, b, c, d float64, shape uint8, critical, target string) {
		bounds := Thresholds{}
		bounds.Critical, _ = ParseBound(critical)
		bounds.Target, _ = ParseBound(target)
		has := func(bit int, x float64) *float64 {
			if shape>>bit&1 == 0 {
				return nil
			}
			return &x
		}
		n := Number{Part: has(0, a), Whole: has(0, b), Value: has(1, a), Sample: has(2, d), Previous: has(3, c)}
		r := Reading{Metric: "m", Unit: "%", Number: n, Count: shape>>4&1 == 1}
		if shape>>5&1 == 1 {
			r.Values = map[string]Number{"a": n, "b": {Part: &c, Whole: &d}}
		}
		if shape>>6&1 == 1 {
			r.Past = []float64{a, b, c, d}
		}
		if shape>>7&1 == 1 {
			r.Unit = "issues"
		}
		v := Judge(r, bounds, 0)
		if _, err := json.Marshal(v); err != nil {
			t.Fatalf("%+v: %v", v, err)
		}
		if v.Level == "" || v.Reason == "" || v.Sentence() == "" || !finite(v.Distance()) && finite(v.Bound.Value) && v.Value != nil && math.Abs(*v.Value) < 1e100 && math.Abs(v.Target.Value) > 1e-100 {
			t.Fatalf("%+v says %q at %v", v, v.Sentence(), v.Distance())
		}
		if v.Value != nil && (!finite(*v.Value) || v.Low != nil && !(*v.Low <= *v.Value*(1+1e-9)+1e-9 && *v.High >= *v.Value*(1-1e-9)-1e-9)) {
			t.Fatalf("%+v: the value is outside its interval", v)
		}
	})
}
