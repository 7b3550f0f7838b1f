package verdict

import (
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

func TestThresholdsAreReadAndWritten(t *testing.T) {
	src := `{target: < 0.1%, warning: '> 0.5%', critical: '> 1%', bands: [{name: good, is: < 1%}], for: 1h, clear: 30m}`
	got := thresholds(t, src)
	if got.Target.String() != "< 0.1%" || got.Bands[0].Name != "good" || got.For.Duration() != time.Hour || got.Clear.Duration() != 30*time.Minute {
		t.Errorf("got %+v", got)
	}
	out, err := yaml.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if again := thresholds(t, string(out)); again.Warning != got.Warning || again.Clear != got.Clear || again.Bands[0] != got.Bands[0] {
		t.Errorf("written and read again: got %+v, want %+v", again, got)
	}
}

func TestThresholdMistakes(t *testing.T) {
	for _, c := range []struct{ name, unit, src, want string }{
		{"the plan's crash rate", "%", crashes, ""},
		{"the plan's success rate", "%", success, ""},
		{"the plan's platforms", "%", platforms, ""},
		{"a count", "issues", noP0, ""},
		{"neighbouring counts", "issues", "{target: < 10, warning: '> 9'}", ""},
		{"growing, with a threshold", "users", "{target: growing, warning: < 5}", ""},
		{"nothing", "users", "{}", ""},
		{"another unit", "ms", "{target: < 5%}", `the metric is in ms, and "< 5%" is in %: give it in ms, s, min, h, d or w`},
		{"a band in another unit", "ms", "{bands: [{name: good, is: < 5%}]}", `the metric is in ms, and "< 5%" is in %: give it in ms, s, min, h, d or w`},
		{"growing as a threshold", "users", "{warning: growing}", "growing is a target, not a threshold"},
		{"growing as a band", "users", "{bands: [{name: good, is: growing}]}", "growing is a target, not a band"},
		{"a band without a name", "%", "{bands: [{is: < 5%}]}", "a band needs `name` and `is`"},
		{"a warning that the target is past", "%", "{target: '>= 80%', warning: '> 75%'}", `warning is "> 75%", and what meets the target, ">= 80%", can be past it`},
		{"a warning inside the target", "ms", "{target: < 100, critical: '> 50'}", `critical is "> 50", and what meets the target, "< 100", can be past it`},
		{"a critical before the warning", "%", "{warning: '> 5%', critical: '> 1%'}", `critical, "> 1%", is not past the warning, "> 5%"`},
		{"a critical on the other side", "%", "{warning: '> 5%', critical: < 1%}", `critical, "< 1%", is not past the warning, "> 5%"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, m := range thresholds(t, c.src).Validate(c.unit) {
				got = append(got, m.Text)
			}
			if text := strings.Join(got, "; "); text != c.want {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}

func TestBoundsThatCannotBeRead(t *testing.T) {
	for _, src := range []string{"{target: below five}", "{target: [1]}", "{target: {}}", "{for: soon}", "{bands: [{is: x}]}"} {
		var got Thresholds
		if err := yaml.Unmarshal([]byte(src), &got); err == nil {
			t.Errorf("%s reads as %+v", src, got)
		}
	}
}
