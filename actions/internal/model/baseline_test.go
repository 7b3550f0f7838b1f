package model

import (
	"testing"
	"time"
)

// A release is compared with the first version of the release before it, and its
// newest hot-fix with the watched version.
func TestRelease_Baselines(t *testing.T) {
	on := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 9, 0, 0, 0, time.UTC) }
	published := []Published{
		{Version: "v1.0.1", At: on(1, 9), Release: true}, {Version: "v1.0.0", At: on(1, 5), Release: true}, {Version: "v1.0.0-beta", At: on(1, 2), Release: true},
		{Version: "v0.9.0", At: on(1, 12), Release: true}, {Version: "v1.0.9", At: on(1, 4)}, {Version: "other-v1.0.0", At: on(1, 1), Release: true},
		{Version: "v1.1.1", At: on(2, 5), Release: true}, {Version: "v1.1.2", At: on(2, 8), Release: true},
	}
	watched := Release{Project: "Caro", Version: "v1.1.0", Follow: "1.1.*", Shipped: Date{time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC)}}
	got := watched.WithFamily(published).Baselines(published)
	want := []Baseline{
		{"v1.0.0", on(1, 5), watched.Shipped.Time, "v1.1.0", watched.Shipped.Time},
		{"v1.1.0", watched.Shipped.Time, on(2, 5), "v1.1.2", on(2, 8)},
	}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	beta := watched
	beta.Version = "v1.1.0-beta"
	if got := beta.Baselines(published); len(got) != 1 || got[0].Version != "v1.0.0-beta" {
		t.Errorf("a pre-release is compared with %+v", got)
	}
	if got := (Release{Version: "v1.1.0"}).Baselines(published); got != nil {
		t.Errorf("a release that nobody knows the day of is compared with %+v", got)
	}
}

// The same age is the same number of UTC days, whatever the hour, for as long as
// the earlier version was the newest.
func TestBaseline_Day(t *testing.T) {
	b := Baseline{Version: "v1.0.0", Shipped: time.Date(2026, 1, 5, 23, 0, 0, 0, time.UTC), Until: time.Date(2026, 1, 9, 9, 0, 0, 0, time.UTC), Newer: "v1.1.0", Since: time.Date(2026, 2, 1, 1, 0, 0, 0, time.UTC)}
	for at, want := range map[time.Time]string{
		time.Date(2026, 2, 1, 18, 0, 0, 0, time.UTC): "2026-01-05", time.Date(2026, 2, 2, 0, 30, 0, 0, time.UTC): "2026-01-06",
		time.Date(2026, 2, 5, 18, 0, 0, 0, time.UTC): "2026-01-09", time.Date(2026, 2, 6, 18, 0, 0, 0, time.UTC): "", time.Date(2026, 2, 1, 0, 30, 0, 0, time.UTC): "",
	} {
		day, found := b.Day(at)
		if got := map[bool]string{true: day.Format(time.DateOnly)}[found]; got != want {
			t.Errorf("%s: got %q, want %q", at, got, want)
		}
	}
	if got := b.Age(time.Date(2026, 2, 3, 5, 0, 0, 0, time.UTC)); got != 3 {
		t.Errorf("the age is day %d", got)
	}
	if _, found := (Baseline{}).Day(b.Since); found {
		t.Error("no baseline has a day")
	}
}
