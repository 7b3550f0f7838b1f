package verdict

import "testing"

// A pair names what it counts, a quotient both of its sides, and a mean over days that it
// is one, also where its numbers are whole.
func TestSampleWords_NameTheUnit(t *testing.T) {
	n := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		part, whole, sample *float64
		unit, cases, want   string
	}{
		{n(0), n(68), nil, "%", "daily users", "0 of 68 daily users"},
		{n(0), n(1), nil, "%", "commands", "0 of 1 command"},
		{n(2703), n(768), nil, "commands", "commands, sessions", "2,703 commands in 768 sessions"},
		{n(7.7), n(53), nil, "%", "users", "7.7 of 53 users a day"},
		{n(17), n(42), nil, "%", "users a day", "17 of 42 users a day"},
		{n(16.7), n(42.6), nil, "%", "users a day", "16.7 of 42.6 users a day"},
		{nil, nil, n(28), "score", "answers", "sample 28 answers"},
		{n(1), n(4), nil, "%", "", "1 of 4"},
	} {
		v := Verdict{Unit: c.unit, Cases: c.cases, Number: Number{Part: c.part, Whole: c.whole, Sample: c.sample}}
		if got := v.SampleWords(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
