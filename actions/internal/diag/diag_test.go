package diag

import (
	"fmt"
	"strings"
	"testing"
)

// catalogued is what an unknown metric is told, like no known one.
const catalogued = "; `metrics` takes ids of the catalogue (actions/docs/metrics.md), and your own with `sql`"

func TestUnknown(t *testing.T) {
	known := []string{"crash_rate", "crash_free", "p0_bugs"}
	for _, c := range []struct{ word, want string }{
		{"crash_fre", `unknown metric "crash_fre"; did you mean "crash_free"?`},
		{"carsh_rate", `unknown metric "carsh_rate"; did you mean "crash_rate"?`},
		{"P0_BUGS", `unknown metric "P0_BUGS"; did you mean "p0_bugs"?`},
		{"nothing like it", `unknown metric "nothing like it"; known are crash_free, crash_rate, p0_bugs` + catalogued},
		{strings.Repeat("x", 500), `unknown metric "` + strings.Repeat("x", 500) + `"; known are crash_free, crash_rate, p0_bugs` + catalogued},
	} {
		if got := Unknown("metric", c.word, known); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	for kind, want := range map[string]string{
		"metric":  `unknown metric "x"` + catalogued,
		"label":   `unknown label "x"; declare it under ` + "`labels`, or correct the name",
		"channel": `unknown channel "x"; declare it under ` + "`channels`, or correct the name",
		"level":   `unknown level "x"`,
	} {
		if got := Unknown(kind, "x", nil); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestNearestTakesTheFirstOfEqual(t *testing.T) {
	if got := Nearest("ab", []string{"ad", "ac"}); got != "ac" {
		t.Errorf("got %q, want ac", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"über", "uber", 1}} {
		if got := distance(c.a, c.b); got != c.want || distance(c.b, c.a) != got {
			t.Errorf("distance(%q, %q) = %d, want %d both ways", c.a, c.b, got, c.want)
		}
	}
}

func TestUnderPutsPathsInFront(t *testing.T) {
	got := Under([]Mistake{At([]any{"any", 2}, "no %s", "word")}, "triage", 4)
	if fmt.Sprint(got[0].Path) != "[triage 4 any 2]" || got[0].String() != "no word" {
		t.Errorf("got %v", got)
	}
}
