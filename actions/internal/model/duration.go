package model

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Duration is a length of time as people write it: 90s, 15m, 1h, 3d, 2w, or
// several in a row, the largest first: 1d12h. A day has 24 hours.
type Duration time.Duration

var units = []struct {
	name string
	size time.Duration
}{
	{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second},
}

// maxDuration is the longest that is taken: ten years.
const maxDuration = 3660 * 24 * time.Hour

// ParseDuration reads what String writes.
func ParseDuration(s string) (Duration, error) {
	bad := fmt.Errorf("%q is not a length of time: expected one such as 15m, 1h, 3d or 1d12h", s)
	var total time.Duration
	rest, last := strings.TrimSpace(s), -1
	if rest == "" {
		return 0, bad
	}
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		n, err := strconv.Atoi(rest[:digits])
		if err != nil || n > 1_000_000_000 || digits == len(rest) {
			return 0, bad
		}
		unit := unitAt(rest[digits:])
		if unit <= last {
			return 0, bad
		}
		if n > int(maxDuration/units[unit].size) {
			return 0, fmt.Errorf("must be at most %dd, got %q", int(maxDuration/(24*time.Hour)), s)
		}
		total += time.Duration(n) * units[unit].size
		rest, last = rest[digits+1:], unit
	}
	if total > maxDuration {
		return 0, fmt.Errorf("must be at most %dd, got %q", int(maxDuration/(24*time.Hour)), s)
	}
	return Duration(total), nil
}

func unitAt(s string) int {
	for i, u := range units {
		if strings.HasPrefix(s, u.name) {
			return i
		}
	}
	return -1
}

// Duration is the length for the standard library.
func (d Duration) Duration() time.Duration { return time.Duration(d) }

// String writes days, hours, minutes and seconds, without those that are zero;
// what is less than a second is cut off.
func (d Duration) String() string {
	rest := time.Duration(d)
	if rest < 0 {
		return "-" + (-d).String()
	}
	var b strings.Builder
	for _, u := range units[1:] {
		if n := rest / u.size; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.name)
			rest -= n * u.size
		}
	}
	if b.Len() == 0 {
		return "0s"
	}
	return b.String()
}

// UnmarshalYAML reads a scalar.
func (d *Duration) UnmarshalYAML(node *yaml.Node) error {
	got, err := ParseDuration(node.Value)
	if err != nil {
		return err
	}
	*d = got
	return nil
}

// MarshalYAML writes what UnmarshalYAML reads.
func (d Duration) MarshalYAML() (any, error) { return d.String(), nil }
