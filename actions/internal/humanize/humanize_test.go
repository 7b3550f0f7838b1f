package humanize

import (
	"testing"
	"time"
)

func TestNumber(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 6: "6", 0.1234: "0.12", 34.56: "34.6", 99.96: "100", 1378.4: "1,378", 1234567: "1,234,567", -0.001: "0", -2.5: "-2.5"} {
		if got := Number(x); got != want {
			t.Errorf("Number(%v): got %q, want %q", x, got, want)
		}
	}
	if got := Apart(99.96, 100); got != "99.96" {
		t.Errorf("Apart(99.96, 100): got %q", got)
	}
}

func TestUnit(t *testing.T) {
	for _, test := range []struct {
		x    float64
		unit string
		want string
	}{{6, "%", "6%"}, {1378, "ms", "1,378 ms"}, {1, "issues", "1 issue"}, {3, "issues", "3 issues"}, {1, "people", "1 person"}, {0.3, "score", "0.3"}, {2.5, "hours", "2.5 h"}} {
		if got := Value(test.x, test.unit); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestChange(t *testing.T) {
	number := func(x float64) *float64 { return &x }
	for _, test := range []struct {
		now    float64
		before *float64
		unit   string
		want   string
	}{
		{117, number(100), "users", "+17%"}, {4, number(6), "%", "-2 pp"}, {4, number(4.001), "%", "unchanged"}, {3, nil, "issues", "new"},
		{3, number(0), "issues", "+3"}, {0.4, number(0.2), "score", "+0.2"}, {0, number(5), "issues", "-5"}, {0, number(50), "issues", "-100%"}, {500, number(10), "users", "×50"},
	} {
		if got := Change(test.now, test.before, test.unit); got != test.want {
			t.Errorf("Change(%v): got %q, want %q", test.now, got, test.want)
		}
	}
}

func TestTimes(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0s", 45 * time.Minute: "45m", 130 * time.Minute: "2h 10m", 72 * time.Hour: "3d", 75 * time.Hour: "3d 3h", -time.Minute: "-1m"} {
		if got := Duration(d); got != want {
			t.Errorf("Duration(%v): got %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "now", 24 * time.Hour: "24 hours", 168 * time.Hour: "7 days", time.Hour: "1 hour", 90 * time.Minute: "1h 30m"} {
		if got := Window(d); got != want {
			t.Errorf("Window(%v): got %q, want %q", d, got, want)
		}
	}
	at := time.Date(2026, 1, 26, 18, 17, 0, 0, time.UTC)
	if got := Days(at, at.AddDate(0, 0, 6)); got != "26 Jan – 1 Feb 2026" {
		t.Errorf("Days: got %q", got)
	}
	if got := Moment(at); got != "26 Jan 2026 18:17 UTC" {
		t.Errorf("Moment: got %q", got)
	}
}

func TestLists(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e"}
	if got := List(names[:3]); got != "a, b and c" {
		t.Errorf("List: got %q", got)
	}
	if got := Few(names, 2); got != "a, b and 3 more" {
		t.Errorf("Few: got %q", got)
	}
	if got := Few(names[:3], 2); got != "a, b and c" {
		t.Errorf("Few of one more: got %q", got)
	}
}
