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
	for _, bad := range []string{"", "below five", "<", "< %", "80 < x", "=> 3", "< 1e9", "< 5% some", "NaN", "> 0x10"} {
		if got, err := ParseBound(bad); err == nil {
			t.Errorf("ParseBound(%q) = %+v, want an error", bad, got)
		}
	}
}

// What parses prints back, and parses the same.
func FuzzParseBound(f *testing.F) {
	for _, s := range []string{"< 0.1%", "growing", "> 20% any", "≥4", "5each"} {
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
