package model

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a runner may lack the zones

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// Hours are the hours in which people work, as they are written: Mon–Fri
// 09:00–18:00 Europe/Berlin. The days may wrap around (Sun–Thu), and so may the
// hours (22:00–06:00 belong to the day on which they begin). The zero value stands
// for around the clock.
type Hours struct {
	days       [7]bool // by time.Weekday
	start, end int     // minutes since midnight; end is after start, by at most a day
	zone       Zone
}

// Zone is a time zone by its name in the IANA database; empty: UTC.
type Zone string

// Location is the zone for the standard library.
func (z Zone) Location() *time.Location {
	if loc, err := zoneOf(string(z)); err == nil {
		return loc
	}
	return time.UTC
}

// zoneOf is a zone by its name. That of the machine has no name that says anything.
func zoneOf(name string) (*time.Location, error) {
	loc, err := time.LoadLocation(name)
	if err != nil || strings.EqualFold(name, "local") {
		return nil, fmt.Errorf("unknown time zone %q: expected a name such as Europe/Berlin or UTC", name)
	}
	return loc, nil
}

// UnmarshalYAML reads the name of a zone.
func (z *Zone) UnmarshalYAML(node *yaml.Node) error {
	if _, err := zoneOf(node.Value); err != nil || node.Value == "" {
		return fmt.Errorf("unknown time zone %q: expected a name such as Europe/Berlin or UTC", node.Value)
	}
	*z = Zone(node.Value)
	return nil
}

// MarshalYAML writes what UnmarshalYAML reads.
func (z Zone) MarshalYAML() (any, error) { return string(z), nil }

const dash = `\s*[-–]\s*`

var hoursForm = lazyregexp.New(`^([A-Za-z]{3})(?:` + dash + `([A-Za-z]{3}))?\s+(\d{1,2}):(\d{2})` + dash + `(\d{1,2}):(\d{2})(?:\s+(\S+))?$`)

// ParseHours reads what String writes. A hyphen is as good as a dash, one day as
// good as a range, and the zone may be left out.
func ParseHours(s string) (Hours, error) {
	bad := fmt.Errorf("%q: expected working hours as days, times and a time zone, such as Mon–Fri 09:00–18:00 Europe/Berlin", s)
	parts := hoursForm.FindStringSubmatch(strings.TrimSpace(s))
	if parts == nil {
		return Hours{}, bad
	}
	first, known := weekdays[strings.ToLower(parts[1])]
	last, alsoKnown := weekdays[strings.ToLower(firstOf(parts[2], parts[1]))]
	start, end := minutes(parts[3], parts[4]), minutes(parts[5], parts[6])
	if !known || !alsoKnown || start < 0 || start == day || end < 0 || start == end {
		return Hours{}, bad
	}
	if end < start {
		end += day
	}
	if parts[7] != "" {
		if _, err := zoneOf(parts[7]); err != nil {
			return Hours{}, err
		}
	}
	h := Hours{start: start, end: end, zone: Zone(parts[7])}
	for d := first; ; d = (d + 1) % 7 {
		h.days[d] = true
		if d == last {
			return h, nil
		}
	}
}

// day is a day in minutes.
const day = 24 * 60

var weekdays = map[string]time.Weekday{"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}

// minutes are those since midnight, up to 24:00; -1 where there is no such time.
func minutes(hour, minute string) int {
	h, _ := strconv.Atoi(hour) // two digits at most
	m, _ := strconv.Atoi(minute)
	if m > 59 || h*60+m > day {
		return -1
	}
	return h*60 + m
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// UnmarshalYAML reads a scalar.
func (h *Hours) UnmarshalYAML(node *yaml.Node) error {
	got, err := ParseHours(node.Value)
	if err != nil {
		return err
	}
	*h = got
	return nil
}

// MarshalYAML writes what UnmarshalYAML reads.
func (h Hours) MarshalYAML() (any, error) { return h.String(), nil }

// IsZero reports whether they are around the clock.
func (h Hours) IsZero() bool { return h.end == 0 }

// In returns the hours in a zone, where they name none themselves.
func (h Hours) In(zone Zone) Hours {
	if h.zone == "" {
		h.zone = zone
	}
	return h
}

// Zone is the zone that they are in.
func (h Hours) Zone() Zone { return h.zone }

// AllDay are the 24 hours of every day in a zone.
func AllDay(zone Zone) Hours {
	return Hours{days: [7]bool{true, true, true, true, true, true, true}, end: day, zone: zone}
}

// String writes the hours as people do: Mon–Fri 09:00–18:00 Europe/Berlin.
func (h Hours) String() string {
	if h.IsZero() {
		return ""
	}
	first, last := h.span()
	days := first.String()[:3]
	if first != last {
		days += "–" + last.String()[:3]
	}
	end := h.end
	if end > day {
		end -= day
	}
	return strings.TrimSpace(fmt.Sprintf("%s %02d:%02d–%02d:%02d %s", days, h.start/60, h.start%60, end/60, end%60, h.zone))
}

// span is the first and the last of the days, Monday before Sunday.
func (h Hours) span() (first, last time.Weekday) {
	for i := range 7 {
		d := time.Weekday((i + 1) % 7)
		if h.days[d] && !h.days[(d+6)%7] {
			first = d
		}
		if h.days[d] && !h.days[(d+1)%7] {
			last = d
		}
	}
	if h.days == AllDay("").days {
		return time.Monday, time.Sunday
	}
	return first, last
}

// shift is one stretch of work.
type shift struct{ from, until time.Time }

// shifts calls see with the stretches that end after a time, in order, until it
// returns false. Each is read off the wall clock of its zone: a day on which the
// clocks change is an hour shorter or longer where the stretch covers the change.
func (h Hours) shifts(t time.Time, see func(shift) bool) {
	local := t.In(h.zone.Location())
	year, month, date := local.Date()
	for i := -2; ; i++ { // a stretch may have begun the day before
		at := func(minutes int) time.Time {
			return time.Date(year, month, date+i, 0, minutes, 0, 0, local.Location())
		}
		from, until := at(h.start), at(h.end)
		if h.days[time.Date(year, month, date+i, 12, 0, 0, 0, time.UTC).Weekday()] && until.After(t) && until.After(from) && !see(shift{from, until}) {
			return
		}
	}
}

// Open is when people work next: the time itself where they work then.
func (h Hours) Open(t time.Time) time.Time {
	if h.IsZero() {
		return t
	}
	h.shifts(t, func(s shift) bool {
		if s.from.After(t) {
			t = s.from
		}
		return false
	})
	return t.UTC()
}

// IsOpen reports whether people work at a time.
func (h Hours) IsOpen(t time.Time) bool { return h.Open(t).Equal(t) }

// Add is when a length of work has passed that begins at a time.
func (h Hours) Add(t time.Time, work time.Duration) time.Time {
	if h.IsZero() || work <= 0 {
		return t.Add(work)
	}
	h.shifts(t, func(s shift) bool {
		if s.from.After(t) {
			t = s.from
		}
		if left := s.until.Sub(t); work > left {
			work -= left
			t = s.until
			return true
		}
		t = t.Add(work)
		return false
	})
	return t.UTC()
}

// EndOfDay is when the day's work ends; after hours, and on a day without work,
// that of the next day with work.
func (h Hours) EndOfDay(t time.Time) time.Time {
	if h.IsZero() {
		h = AllDay(h.zone)
	}
	h.shifts(t, func(s shift) bool {
		t = s.until
		return false
	})
	return t.UTC()
}
