package model

import (
	"strings"
	"testing"
	"time"
)

func hours(t *testing.T, s string) Hours {
	t.Helper()
	h, err := ParseHours(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestParseHours_WritesWhatItReads(t *testing.T) {
	for in, want := range map[string]string{
		"Mon–Fri 09:00–18:00 Europe/Berlin": "Mon–Fri 09:00–18:00 Europe/Berlin",
		"mon-fri 9:00-18:00":                "Mon–Fri 09:00–18:00",
		"Sun–Thu 08:30–17:00 Asia/Tel_Aviv": "Sun–Thu 08:30–17:00 Asia/Tel_Aviv",
		"Sat 10:00 – 14:00 UTC":             "Sat 10:00–14:00 UTC",
		"Mon–Sun 00:00–24:00":               "Mon–Sun 00:00–24:00",
		"Tue–Mon 00:00–24:00":               "Mon–Sun 00:00–24:00",
		"Fri–Mon 22:00–06:00":               "Fri–Mon 22:00–06:00",
	} {
		if got := hours(t, in).String(); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
	for _, bad := range []string{"", "always", "Mon-Fri", "09:00-18:00", "Mon–Fri 09:00", "Mo–Fr 09:00–18:00", "Mon–Fri 25:00–26:00", "Mon–Fri 09:60–18:00", "Mon–Fri 09:00–09:00", "Mon–Fri 24:00–06:00"} {
		if _, err := ParseHours(bad); err == nil || !strings.Contains(err.Error(), "Mon–Fri 09:00–18:00 Europe/Berlin") {
			t.Errorf("%q: got %v, want an error with an example", bad, err)
		}
	}
	for _, bad := range []string{"Mon–Fri 09:00–18:00 Berlin", "Mon–Fri 09:00–18:00 Local", "Mon–Fri 09:00–18:00 ../etc"} {
		if _, err := ParseHours(bad); err == nil || !strings.Contains(err.Error(), "unknown time zone") {
			t.Errorf("%q: got %v, want unknown time zone", bad, err)
		}
	}
}

// The 29th of March 2026 is a Sunday of 23 hours in Berlin, the 25th of October one
// of 25; the 8th of March one of 23 in New York.
func TestHours_FollowTheWallClock(t *testing.T) {
	const office, daily = "Mon–Fri 09:00–18:00 Europe/Berlin", "Mon–Sun 00:00–24:00 Europe/Berlin"
	for _, c := range []struct {
		name, hours, at string // in UTC
		open            string
		add             time.Duration
		after, end      string
	}{
		{"in winter", office, "2026-01-28 10:00", "2026-01-28 10:00", 2 * time.Hour, "2026-01-28 12:00", "2026-01-28 17:00"},
		{"in summer", office, "2026-07-01 10:00", "2026-07-01 10:00", 2 * time.Hour, "2026-07-01 12:00", "2026-07-01 16:00"},
		{"before hours", office, "2026-01-28 03:00", "2026-01-28 08:00", 4 * time.Hour, "2026-01-28 12:00", "2026-01-28 17:00"},
		{"after hours", office, "2026-01-28 17:30", "2026-01-29 08:00", 4 * time.Hour, "2026-01-29 12:00", "2026-01-29 17:00"},
		{"as the hours end", office, "2026-01-28 17:00", "2026-01-29 08:00", time.Hour, "2026-01-29 09:00", "2026-01-29 17:00"},
		{"as they begin", office, "2026-01-28 08:00", "2026-01-28 08:00", 9 * time.Hour, "2026-01-28 17:00", "2026-01-28 17:00"},
		{"over the night", office, "2026-01-28 15:00", "2026-01-28 15:00", 4 * time.Hour, "2026-01-29 10:00", "2026-01-28 17:00"},
		{"over the weekend", office, "2026-01-30 16:00", "2026-01-30 16:00", 4 * time.Hour, "2026-02-02 11:00", "2026-01-30 17:00"},
		{"at the weekend", office, "2026-01-31 12:00", "2026-02-02 08:00", 4 * time.Hour, "2026-02-02 12:00", "2026-02-02 17:00"},
		{"three days of work", office, "2026-01-28 08:00", "2026-01-28 08:00", 27 * time.Hour, "2026-01-30 17:00", "2026-01-28 17:00"},
		{"over the weekend on which clocks go forward", office, "2026-03-27 16:00", "2026-03-27 16:00", 4 * time.Hour, "2026-03-30 10:00", "2026-03-27 17:00"},
		{"over the weekend on which clocks go back", office, "2026-10-23 15:00", "2026-10-23 15:00", 4 * time.Hour, "2026-10-26 11:00", "2026-10-23 16:00"},
		{"a day of 23 hours", daily, "2026-03-28 23:00", "2026-03-28 23:00", 24 * time.Hour, "2026-03-29 23:00", "2026-03-29 22:00"},
		{"a day of 25 hours", daily, "2026-10-24 22:00", "2026-10-24 22:00", 24 * time.Hour, "2026-10-25 22:00", "2026-10-25 23:00"},
		{"a night that loses an hour", "Sat–Sun 22:00–06:00 America/New_York", "2026-03-08 04:00", "2026-03-08 04:00", 7 * time.Hour, "2026-03-09 03:00", "2026-03-08 10:00"},
		{"in a night that began the day before", "Fri 22:00–06:00 UTC", "2026-01-31 05:00", "2026-01-31 05:00", 2 * time.Hour, "2026-02-06 23:00", "2026-01-31 06:00"},
		{"where the day has another date", "Mon–Fri 09:00–18:00 Pacific/Auckland", "2026-02-01 20:30", "2026-02-01 20:30", time.Hour, "2026-02-01 21:30", "2026-02-02 05:00"},
	} {
		h, at := hours(t, c.hours), moment(t, c.at)
		for what, got := range map[string][2]time.Time{
			"open": {h.Open(at), moment(t, c.open)}, "after": {h.Add(at, c.add), moment(t, c.after)}, "end of day": {h.EndOfDay(at), moment(t, c.end)},
		} {
			if !got[0].Equal(got[1]) {
				t.Errorf("%s: %s: got %s, want %s", c.name, what, got[0], got[1])
			}
		}
	}
}

// Without hours the clock runs, and a day ends at midnight.
func TestHours_ZeroIsAroundTheClock(t *testing.T) {
	at := moment(t, "2026-01-31 20:30")
	if got := (Hours{}).Add(at, 4*time.Hour); !got.Equal(moment(t, "2026-02-01 00:30")) || !(Hours{}).IsOpen(at) {
		t.Errorf("got %s", got)
	}
	if got := (Hours{}).EndOfDay(at); !got.Equal(moment(t, "2026-02-01 00:00")) {
		t.Errorf("end of day: got %s", got)
	}
	if got := AllDay("Europe/Berlin").EndOfDay(moment(t, "2026-01-31 23:30")); !got.Equal(moment(t, "2026-02-01 23:00")) {
		t.Errorf("end of day in Berlin: got %s", got)
	}
}
