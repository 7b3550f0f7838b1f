package verdict

import (
	"math"
	"testing"

	"gopkg.in/yaml.v3"
)

func is(x float64) *float64 { return &x }

func share(part, whole float64) Number { return Number{Part: &part, Whole: &whole} }

func value(x float64) Number { return Number{Value: &x} }

func thresholds(t testing.TB, src string) Thresholds {
	t.Helper()
	var got Thresholds
	if err := yaml.Unmarshal([]byte(src), &got); err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return got
}

const (
	crashes   = "{target: < 0.1%, warning: '> 0.5%', critical: '> 1%'}"
	success   = "{target: '>= 80%', warning: '< 75%', bands: [{name: excellent, is: '> 90%'}, {name: good, is: '>= 80%'}, {name: acceptable, is: '>= 70%'}, {name: concerning, is: '< 70%'}]}"
	noP0      = "{target: '= 0', critical: '>= 1'}"
	platforms = "{target: '< 5% each', warning: '> 20% any'}"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name    string
		reading Reading
		bounds  string
		level   Level
		want    string
	}{
		{"no crash", Reading{Unit: "%", Number: share(0, 250)}, crashes, OK, "0% (0 of 250, 95% CI 0–1.5%), on target (below 0.1%)"},
		{"one crash in fifty says little", Reading{Unit: "%", Number: share(1, 50)}, crashes, Watch, "too few cases to tell: 1 of 50, 95% CI 0.35–10.5% (critical above 1%)"},
		{"past the target and no threshold", Reading{Unit: "%", Number: share(3, 1000)}, crashes, Watch, "0.3% (3 of 1,000, 95% CI 0.1–0.88%), off target (below 0.1%)"},
		{"on the target is not under it", Reading{Unit: "%", Number: share(1, 1000)}, crashes, Watch, "0.1% (1 of 1,000, 95% CI 0.02–0.56%), off target (below 0.1%)"},
		{"warning is sure", Reading{Unit: "%", Number: share(80, 10000)}, crashes, Warning, "0.8% (80 of 10,000, 95% CI 0.64–0.99%), warning above 0.5%"},
		{"warning is sure and critical is not", Reading{Unit: "%", Number: share(13, 1000)}, crashes, Warning, "1.3% (13 of 1,000, 95% CI 0.76–2.2%), warning above 0.5%; too few cases to tell whether it is critical (above 1%)"},
		{"critical is sure", Reading{Unit: "%", Number: share(24, 1000)}, crashes, Critical, "2.4% (24 of 1,000, 95% CI 1.6–3.5%), critical above 1%"},
		{"a threshold below: too few", Reading{Unit: "%", Number: share(7, 10)}, success, Watch, "too few cases to tell: 7 of 10, 95% CI 39.7–89.2% (warning below 75%)"},
		{"a threshold below: sure", Reading{Unit: "%", Number: share(600, 1000)}, success, Warning, "60% (600 of 1,000, 95% CI 56.9–63%), warning below 75%"},
		{"a rate without parts has no interval", Reading{Unit: "%", Number: value(2)}, crashes, Critical, "2%, critical above 1%"},
		{"a rate with a sample has one", Reading{Unit: "%", Number: Number{Value: is(2), Sample: is(50)}}, crashes, Watch, "too few cases to tell: sample 50, 95% CI 0.35–10.5% (critical above 1%)"},
		{"parts are right, not the value", Reading{Unit: "%", Number: Number{Value: is(99), Part: is(0), Whole: is(250)}}, crashes, OK, "0% (0 of 250, 95% CI 0–1.5%), on target (below 0.1%)"},
		{"no P0", Reading{Unit: "issues", Count: true, Number: value(0)}, noP0, OK, "0 issues, on target (0 issues)"},
		{"one P0 is one", Reading{Unit: "issues", Count: true, Number: value(1)}, noP0, Critical, "1 issue, critical at least 1 issue"},
		{"a count written as a rate has no mercy", Reading{Unit: "%", Count: true, Number: share(1, 50)}, crashes, Critical, "2% (1 of 50), critical above 1%"},
		{"a mean of parts is not a share", Reading{Unit: "sessions", Number: share(260, 40)}, "{target: '>= 5'}", OK, "6.5 sessions (260 of 40), on target (at least 5 sessions)"},
		{"a median and its sample", Reading{Unit: "hours", Number: Number{Value: is(80.25), Sample: is(12)}}, "{target: < 24, warning: '> 72'}", Warning, "80.2 h (sample 12), warning above 72 h"},
		{"a hair past is not rounded away", Reading{Unit: "ms", Number: value(2000.004)}, "{target: < 2000}", Watch, "2,000.004 ms, off target (below 2,000 ms)"},
		{"a score may be negative", Reading{Unit: "score", Number: value(-12)}, "{target: '>= 40'}", Watch, "-12, off target (at least 40)"},
		{"growing", Reading{Unit: "users", Number: Number{Value: is(120), Previous: is(100)}}, "{target: growing}", OK, "120 users, 100 in the previous period, growing"},
		{"as many as before is no growth", Reading{Unit: "users", Number: Number{Value: is(100), Previous: is(100)}}, "{target: growing}", Watch, "100 users, 100 in the previous period, not growing"},
		{"nothing before", Reading{Unit: "users", Number: value(120)}, "{target: growing}", Unknown, "120 users, no full period before it to compare with"},
		{"a window before that is not a number", Reading{Unit: "users", Number: Number{Value: is(120), Previous: is(math.NaN())}}, "{target: growing}", Unknown, "120 users, no full period before it to compare with"},
		{"a sample that is not a number", Reading{Unit: "%", Number: Number{Value: is(2), Sample: is(math.Inf(1))}}, crashes, Critical, "2%, critical above 1%"},
		{"nothing asked", Reading{Unit: "users", Number: value(1)}, "{}", OK, "1 user, no target"},
		{"a threshold without a target, not passed", Reading{Unit: "users", Number: value(3)}, "{warning: '> 5'}", OK, "3 users, no target"},
		{"a gap", Reading{Unit: "%", Reason: "telemetry did not answer: connection refused"}, crashes, Unknown, "unknown: telemetry did not answer: connection refused"},
		{"a gap beside an old value", Reading{Unit: "%", Number: share(0, 250), Reason: "telemetry did not answer"}, crashes, Unknown, "unknown: telemetry did not answer"},
		{"no value", Reading{Unit: "%"}, crashes, Unknown, "unknown: there is no value"},
		{"a gap where nothing is asked", Reading{Unit: "%"}, "{}", Unknown, "unknown: there is no value"},
		{"none of none", Reading{Unit: "%", Number: share(0, 0)}, crashes, Unknown, "unknown: nothing was counted"},
		{"some of none", Reading{Unit: "%", Number: share(3, 0)}, crashes, Unknown, "unknown: 3 of nothing is not a share"},
		{"a negative part", Reading{Unit: "%", Number: share(-1, 50)}, crashes, Unknown, "unknown: -1 of 50 is not a share"},
		{"a negative count", Reading{Unit: "downloads", Count: true, Number: value(-5)}, "{target: growing}", Unknown, "unknown: -5 is less than nothing"},
		{"more reports than attempts", Reading{Unit: "%", Number: share(30, 20)}, "{target: < 5%, warning: '> 15%'}", Warning, "150% (30 of 20, 95% CI 83.9–150%), warning above 15%"},
		{"another unit", Reading{Unit: "score", Number: value(4.2)}, "{target: '>= 80%'}", Unknown, "unknown: the bound is in % and the reading in score"},
		{"each platform well", Reading{Unit: "%", Values: map[string]Number{"linux": share(3, 100), "macos": share(1, 100)}}, platforms, OK, "linux: 3% (3 of 100, 95% CI 1–8.5%), on target (below 5% for each)"},
		{"one platform off target", Reading{Unit: "%", Values: map[string]Number{"linux": share(9, 100), "macos": share(1, 100)}}, platforms, Watch, "linux: 9% (9 of 100, 95% CI 4.8–16.2%), off target (below 5% for each)"},
		{"one platform broken", Reading{Unit: "%", Values: map[string]Number{"linux": share(40, 100), "macos": share(1, 100)}}, platforms, Warning, "linux: 40% (40 of 100, 95% CI 30.9–49.8%), warning above 20% for any"},
		{"one platform hardly used", Reading{Unit: "%", Values: map[string]Number{"bsd": share(1, 3), "macos": share(1, 100)}}, platforms, Watch, "bsd: too few cases to tell: 1 of 3, 95% CI 6.1–79.2% (warning above 20% for any)"},
		{"the sure one is named, not the worst guess", Reading{Unit: "%", Values: map[string]Number{"bsd": share(1, 2), "linux": share(40, 100)}}, platforms, Warning, "linux: 40% (40 of 100, 95% CI 30.9–49.8%), warning above 20% for any"},
		{"nobody gets in on one platform", Reading{Unit: "%", Values: map[string]Number{"bsd": share(2, 0), "macos": share(1, 100)}}, platforms, Watch, "bsd: too few cases to tell: 2 of 0, 95% CI 0–100% (warning above 20% for any)"},
		{"a platform without a value cannot be on target", Reading{Unit: "%", Values: map[string]Number{"bsd": share(2, 0), "macos": share(1, 100)}}, "{target: < 5% each}", Watch, "bsd: too few cases to tell: 2 of 0, 95% CI 0–100% (target below 5% for each)"},
		{"no platform has a value", Reading{Unit: "%", Values: map[string]Number{"bsd": share(2, 0)}}, "{target: < 5% any}", Watch, "bsd: too few cases to tell: 2 of 0, 95% CI 0–100% (target below 5% for any)"},
		{"one platform without a value, where one is enough", Reading{Unit: "%", Values: map[string]Number{"bsd": share(2, 0), "macos": share(1, 100)}}, "{target: < 5% any}", OK, "macos: 1% (1 of 100, 95% CI 0.18–5.4%), on target (below 5% for any)"},
		{"one platform without a value beside one off target", Reading{Unit: "%", Values: map[string]Number{"bsd": share(2, 0), "macos": share(9, 100)}}, "{target: < 5% each}", Watch, "macos: 9% (9 of 100, 95% CI 4.8–16.2%), off target (below 5% for each)"},
		{"the lowest is named where low is bad", Reading{Unit: "%", Values: map[string]Number{"a": share(60, 100), "b": share(20, 100), "c": share(50, 100)}}, success, Warning, "b: 20% (20 of 100, 95% CI 13.3–28.9%), warning below 75%"},
		{"one that has a value is named before one that has none", Reading{Unit: "%", Values: map[string]Number{"a": share(2, 0), "b": share(2, 3)}}, success, Watch, "b: too few cases to tell: 2 of 3, 95% CI 20.8–93.9% (warning below 75%)"},
		{"other than, and sure", Reading{Unit: "%", Number: share(500, 1000)}, "{warning: '!= 60%'}", Warning, "50% (500 of 1,000, 95% CI 46.9–53.1%), warning other than 60%"},
		{"other than, and too few", Reading{Unit: "%", Number: share(5, 10)}, "{warning: '!= 60%'}", Watch, "too few cases to tell: 5 of 10, 95% CI 23.7–76.3% (warning other than 60%)"},
		{"other than, the furthest is named", Reading{Unit: "ms", Values: map[string]Number{"a": value(61), "b": value(50), "c": value(60)}}, "{warning: '!= 60'}", Warning, "b: 50 ms, warning other than 60 ms"},
		{"equal to a threshold", Reading{Unit: "%", Number: share(0, 10)}, "{critical: '= 0%'}", Critical, "0% (0 of 10, 95% CI 0–27.8%), critical 0%"},
		{"a platform unused", Reading{Unit: "%", Values: map[string]Number{"bsd": share(0, 0), "macos": share(1, 100)}}, platforms, OK, "macos: 1% (1 of 100, 95% CI 0.18–5.4%), on target (below 5% for each)"},
		{"no platform at all", Reading{Unit: "%", Values: map[string]Number{}}, platforms, Unknown, "unknown: nothing was counted"},
		{"a key without a number", Reading{Unit: "%", Values: map[string]Number{"bsd": {}, "macos": share(1, 100)}}, platforms, Unknown, "unknown: bsd: there is no value"},
		{"a threshold for each: one is well", Reading{Unit: "%", Values: map[string]Number{"a": share(90, 100), "b": share(1, 100)}}, "{warning: '> 20% each'}", OK, "no target"},
		{"a threshold for each: none is well", Reading{Unit: "%", Values: map[string]Number{"a": share(90, 100), "b": share(60, 100)}}, "{warning: '> 20% each'}", Warning, "a: 90% (90 of 100, 95% CI 82.6–94.5%), warning above 20% for each"},
		{"a threshold for each: one is too few", Reading{Unit: "%", Values: map[string]Number{"a": share(90, 100), "b": share(1, 3)}}, "{warning: '> 20% each'}", Watch, "b: too few cases to tell: 1 of 3, 95% CI 6.1–79.2% (warning above 20% for each)"},
		{"a target for any", Reading{Unit: "users", Values: map[string]Number{"a": value(9), "b": value(2)}}, "{target: '>= 5 any'}", OK, "a: 9 users, on target (at least 5 users for any)"},
		{"a target that does not say means each", Reading{Unit: "users", Values: map[string]Number{"a": value(9), "b": value(2)}}, "{target: '>= 5'}", Watch, "b: 2 users, off target (at least 5 users)"},
		{"a breakdown of which nothing is asked", Reading{Unit: "users", Values: map[string]Number{"a": value(9), "b": value(2)}}, "{}", OK, "no target"},
		{"an empty breakdown of which nothing is asked", Reading{Unit: "users", Values: map[string]Number{}}, "{}", OK, "no target"},
		{"each key growing but one", Reading{Unit: "users", Values: map[string]Number{"a": {Value: is(9), Previous: is(3)}, "b": {Value: is(2), Previous: is(3)}}}, "{target: growing}", Watch, "b: 2 users, 3 in the previous period, not growing"},
		{"a spike of what should be few", Reading{Unit: "issues", Count: true, Number: value(9), Past: []float64{1, 2, 2, 1}}, "{target: < 10}", Warning, "9 issues; spike: usually 1.5 (p < 0.001)"},
		{"a spike of what is welcome", Reading{Unit: "stars", Count: true, Number: value(90), Past: []float64{1, 2, 2, 1}}, "{target: '>= 50'}", OK, "90 stars, on target (at least 50 stars); spike: usually 1.5 (p < 0.001)"},
		{"a spike where none are wanted", Reading{Unit: "issues", Count: true, Number: value(9), Past: []float64{0, 0, 0, 0}}, "{target: '= 0'}", Warning, "9 issues; spike: usually 0 (p < 0.001)"},
		{"a spike below its threshold", Reading{Unit: "issues", Count: true, Number: value(9), Past: []float64{0, 0, 0, 0}}, "{warning: '> 20'}", Warning, "9 issues; spike: usually 0 (p < 0.001)"},
		{"a spike below its critical threshold", Reading{Unit: "issues", Count: true, Number: value(9), Past: []float64{0, 0, 0, 0}}, "{critical: '> 20'}", Warning, "9 issues; spike: usually 0 (p < 0.001)"},
		{"a spike of which nothing is asked", Reading{Unit: "issues", Count: true, Number: value(9), Past: []float64{0, 0, 0, 0}}, "{}", OK, "9 issues, no target; spike: usually 0 (p < 0.001)"},
		{"a spike that is critical too", Reading{Unit: "issues", Count: true, Number: value(9), Past: []float64{0, 0, 0, 0}}, noP0, Critical, "9 issues, critical at least 1 issue; spike: usually 0 (p < 0.001)"},
		{"two are no spike", Reading{Unit: "issues", Count: true, Number: value(2), Past: []float64{0, 0, 0, 0}}, "{target: < 10}", OK, "2 issues, on target (below 10 issues)"},
		{"a short past tells nothing", Reading{Unit: "issues", Count: true, Number: value(9), Past: []float64{0, 0, 0}}, "{target: < 10}", OK, "9 issues, on target (below 10 issues)"},
		{"what is not a count has no spike", Reading{Unit: "hours", Number: value(9), Past: []float64{0, 0, 0, 0}}, "{target: < 10}", OK, "9 h, on target (below 10 h)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.reading.Metric = "m"
			got := Judge(c.reading, thresholds(t, c.bounds), 0)
			if got.Level != c.level || got.Sentence() != c.want || got.Metric != "m" {
				t.Errorf("got  %s: %s\nwant %s: %s", got.Level, got.Sentence(), c.level, c.want)
			}
		})
	}
}

func TestJudgeGivesItsReasonAsData(t *testing.T) {
	v := Judge(Reading{Unit: "%", Number: share(7, 10)}, thresholds(t, success), 0)
	if v.Reason != TooFew || v.Name != "warning" || v.Bound.String() != "< 75%" || v.Target.String() != ">= 80%" || *v.Value != 70 || *v.Part != 7 || v.Band != "acceptable" {
		t.Errorf("got %+v", v)
	}
	v = Judge(Reading{Unit: "%", Reason: "gone"}, thresholds(t, success), 0)
	if v.Reason != NoData || v.Why != "gone" || v.Value != nil || v.Low != nil || v.Band != "" {
		t.Errorf("got %+v", v)
	}
	v = Judge(Reading{Unit: "%", Values: map[string]Number{"a": share(40, 100), "b": share(1, 9)}}, thresholds(t, platforms), 0)
	if v.Key != "a" || v.Keys != 2 || *v.Value != 40 {
		t.Errorf("got %+v", v)
	}
}

func TestBands(t *testing.T) {
	for percent, want := range map[float64]string{100: "excellent", 90.01: "excellent", 90: "good", 80: "good", 79.99: "acceptable", 70: "acceptable", 69.9: "concerning", 0: "concerning"} {
		if got := Judge(Reading{Unit: "%", Number: value(percent)}, thresholds(t, success), 0).Band; got != want {
			t.Errorf("%v %%: got %q, want %q", percent, got, want)
		}
	}
}

func TestMoreConfidenceTellsLess(t *testing.T) {
	r, bounds := Reading{Unit: "%", Number: share(20, 1000)}, thresholds(t, crashes)
	for c, want := range map[Confidence]Level{0.5: Critical, 0.95: Critical, 0.99: Critical, 0.9999: Warning} {
		if got := Judge(r, bounds, c); got.Level != want {
			t.Errorf("at %s: got %s: %s, want %s", c, got.Level, got.Sentence(), want)
		}
	}
}

func TestSomeOfNothingHasNoValue(t *testing.T) {
	n := share(2, 0)
	n.Value = is(200) // whatever was made of it
	v := Judge(Reading{Unit: "%", Values: map[string]Number{"a": n}}, thresholds(t, crashes), 0)
	if v.Value != nil || *v.Low != 0 || *v.High != 100 || v.Band != "" || v.Distance() != 0 {
		t.Errorf("got %+v", v)
	}
}

func TestOfEqualKeysTheFirstIsNamed(t *testing.T) {
	for range 100 {
		r := Reading{Unit: "%", Values: map[string]Number{}}
		for _, key := range []string{"e", "b", "d", "a", "c"} {
			r.Values[key] = value(50)
		}
		if v := Judge(r, thresholds(t, platforms), 0); v.Key != "a" {
			t.Fatalf("got %q", v.Key)
		}
	}
}
