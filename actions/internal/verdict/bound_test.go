package verdict

import "testing"

func TestParseBound(t *testing.T) {
	for _, c := range []struct {
		text, back string
		value      float64
	}{
		{"< 0.1%", "< 0.1%", 0.1}, {">=80%", ">= 80%", 80}, {"≥ 4.0", ">= 4.0", 4}, {"0", "= 0", 0}, {"< 100ms", "< 100ms", 100},
		{"> 20% any", "> 20% any", 20}, {"< 5% each", "< 5% each", 5}, {"growing", "growing", 0}, {"= -1", "= -1", -1},
	} {
		got, err := ParseBound(c.text)
		if err != nil || got.String() != c.back || got.Value != c.value {
			t.Errorf("ParseBound(%q) = %q %v, %v; want %q %v", c.text, got, got.Value, err, c.back, c.value)
		}
	}
	for _, bad := range []string{"", "below five", "<", "< %", "80 < x", "=> 3", "< 1e9", "< 5% some", "NaN", "> 0x10", "< 5each any", "< 5 each any", "growing each", "< 5%%"} {
		if got, err := ParseBound(bad); err == nil {
			t.Errorf("ParseBound(%q) = %+v, want an error", bad, got)
		}
	}
}

// What parses prints back, and parses the same.
func FuzzParseBound(f *testing.F) {
	for _, s := range []string{"< 0.1%", "growing", "> 20% any", "≥4", "5each", "< 5each any", "!= -0.50ms", "<= 00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := ParseBound(s)
		if err != nil {
			return
		}
		again, err := ParseBound(b.String())
		if err != nil || again != b {
			t.Fatalf("%q parses as %+v, prints %q, which parses as %+v, %v", s, b, b, again, err)
		}
	})
}

func TestHolds(t *testing.T) {
	for _, c := range []struct {
		bound               string
		below, exact, above bool
	}{
		{"< 5", true, false, false}, {"<= 5", true, true, false}, {"> 5", false, false, true}, {">= 5", false, true, true},
		{"= 5", false, true, false}, {"!= 5", true, false, true}, {"growing", false, false, false},
	} {
		b, err := ParseBound(c.bound)
		if err != nil {
			t.Fatal(err)
		}
		if got := [3]bool{b.Holds(4.9), b.Holds(5), b.Holds(5.1)}; got != [3]bool{c.below, c.exact, c.above} {
			t.Errorf("%s: got %v below, at and above it", c.bound, got)
		}
		if opposite := b.opposite(); b.Op != "growing" {
			for _, v := range []float64{4.9, 5, 5.1} {
				if b.Holds(v) == opposite.Holds(v) {
					t.Errorf("%s and its opposite %s agree on %v", b, opposite, v)
				}
			}
		}
	}
	if (Bound{}).Holds(0) {
		t.Error("a bound that asks nothing holds")
	}
}

func TestBoundInWords(t *testing.T) {
	for _, c := range []struct{ bound, unit, want string }{
		{"< 0.1%", "%", "below 0.1%"}, {"<= 10", "hours", "at most 10 h"}, {"> 5000", "ms", "above 5,000 ms"}, {">= 4.0", "score", "at least 4"},
		{"= 0", "issues", "0 issues"}, {">= 1", "people", "at least 1 person"}, {"!= 1234567.891", "", "other than 1,234,567.891"},
		{"> 20% any", "%", "above 20% for any"}, {"growing", "users", "growing"},
	} {
		b, err := ParseBound(c.bound)
		if err != nil || b.Words(c.unit) != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.bound, b.Words(c.unit), err, c.want)
		}
	}
}

func TestParseConfidence(t *testing.T) {
	for text, want := range map[string]Confidence{"95%": 0.95, "0.95": 0.95, " 99.9% ": 0.999, "50%": 0.5, "99.99%": 0.9999} {
		if got, err := ParseConfidence(text); err != nil || got != want {
			t.Errorf("ParseConfidence(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, bad := range []string{"", "%", "95", "49%", "100%", "99.995%", "1", "0x1p-1", "9_5%", "NaN", "Inf%", "-95%", "1e-0%"} {
		if got, err := ParseConfidence(bad); err == nil {
			t.Errorf("ParseConfidence(%q) = %v, want an error", bad, got)
		}
	}
}

// What parses prints back, and parses as what prints the same.
func FuzzParseConfidence(f *testing.F) {
	for _, s := range []string{"95%", "0.95", "99.99%", "66.666666666666%", "050.0%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseConfidence(s)
		if err != nil {
			return
		}
		again, err := ParseConfidence(c.String())
		if err != nil || again.String() != c.String() {
			t.Fatalf("%q parses as %v, prints %q, which parses as %v, %v", s, float64(c), c, float64(again), err)
		}
	})
}
