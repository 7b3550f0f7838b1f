// Package humanize writes numbers, changes, lengths of time, moments and lists
// the way people read them: one set of forms for pages, messages and errors.
// It knows nothing of metrics; a unit is a word such as "%", "ms" or "issues".
package humanize

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Number writes a number with at most three significant digits behind whole
// thousands: 6, 0.12, 34.5, 1,378. Two decimals below 1, one below 100, none
// above; zeros at the end are left out.
func Number(x float64) string { return grouped(x, decimals(x)) }

func decimals(x float64) int {
	switch abs := math.Abs(x); {
	case x == math.Trunc(x):
		return 0
	case abs < 1:
		return 2
	case abs < 100:
		return 1
	}
	return 0
}

// Exact writes a number with all its digits, and commas between thousands.
func Exact(x float64) string { return grouped(x, -1) }

// Apart writes x with as many decimals as tell it from another number that is
// not equal to it, so that 99.96 beside 100 does not read as 100.
func Apart(x, other float64) string {
	for d := decimals(x); d < 12 && x != other; d++ {
		if s := grouped(x, d); s != grouped(other, d) {
			return s
		}
	}
	return Number(x)
}

// grouped writes a number with so many decimals, or all of them where decimals
// is negative, without zeros at the end.
func grouped(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	if s == "0" {
		sign = ""
	}
	whole, rest, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		rest = "." + rest
	}
	return sign + whole + rest
}

// Unit puts a unit behind a written number: 6%, 1,378 ms, 1 issue, 3 issues. A
// score has none.
func Unit(n, unit string) string {
	switch {
	case unit == "" || unit == "score":
		return n
	case unit == "%":
		return n + "%"
	case unit == "hours":
		return n + " h"
	case n == "1":
		return "1 " + singular(unit)
	}
	return n + " " + unit
}

func singular(unit string) string {
	switch {
	case unit == "people":
		return "person"
	case len(unit) > 2:
		return strings.TrimSuffix(unit, "s")
	}
	return unit
}

// Value writes a number with its unit.
func Value(x float64, unit string) string { return Unit(Number(x), unit) }

// Count writes a whole number of things: "1 issue", "12 issues".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(float64(n), 0) + " " + noun + "s"
}

// Change writes how a number moved: "+17%", "-2 pp" for a share, "+0.2" for a
// score, "+1 day" for an age, "unchanged"; "new" where there was nothing before, and the difference,
// "+3", where it was zero before or both are small counts.
func Change(now float64, before *float64, unit string) string {
	switch {
	case before == nil:
		return "new"
	case Number(now) == Number(*before):
		return "unchanged"
	case unit == "%":
		return signed(now-*before) + " pp"
	case unit == "days":
		return signed(now-*before) + " " + strings.TrimSuffix("days", map[bool]string{true: "s"}[math.Abs(now-*before) == 1])
	case unit == "score" || *before == 0 || isCount(unit) && max(math.Abs(now), math.Abs(*before)) < smallCount || math.Signbit(now) != math.Signbit(*before):
		return signed(now - *before)
	}
	share := 100 * (now - *before) / math.Abs(*before)
	if math.Abs(share) >= 1000 {
		return "×" + Number(now / *before)
	}
	return signed(math.Round(share)) + "%"
}

// smallCount is the number of things below which a change in per cent says less
// than the difference.
const smallCount = 10

func isCount(unit string) bool { return unit != "ms" && unit != "hours" && unit != "days" }

func signed(x float64) string {
	if s := Number(x); strings.HasPrefix(s, "-") || s == "0" {
		return s
	}
	return "+" + Number(x)
}

// Duration writes a length of time in its two largest units: "3d", "2h 10m",
// "45m", "20s".
func Duration(d time.Duration) string {
	if d < 0 {
		return "-" + Duration(-d)
	}
	d = d.Round(time.Second)
	units := []struct {
		length time.Duration
		sign   string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}}
	for i, u := range units {
		if d < u.length {
			continue
		}
		text := fmt.Sprintf("%d%s", d/u.length, u.sign)
		if i+1 < len(units) {
			if rest := (d % u.length) / units[i+1].length; rest > 0 {
				text += fmt.Sprintf(" %d%s", rest, units[i+1].sign)
			}
		}
		return text
	}
	return "0s"
}

// Window writes a length of time as a window: "24 hours", "7 days"; "now" for
// none.
func Window(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d <= 0:
		return "now"
	case d == day:
		return "24 hours"
	case d%day == 0:
		return Count(int(d/day), "day")
	case d%time.Hour == 0:
		return Count(int(d/time.Hour), "hour")
	}
	return Duration(d)
}

// Moment writes a time in UTC: "14 Feb 2026 18:17 UTC".
func Moment(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") }

// Day writes the day of a time in UTC: "14 Feb".
func Day(t time.Time) string { return t.UTC().Format("2 Jan") }

// Days writes a span of whole days, the last inclusive: "26 Jan – 1 Feb 2026".
func Days(first, last time.Time) string {
	form := "2 Jan"
	if first.UTC().Year() != last.UTC().Year() {
		form = "2 Jan 2006"
	}
	return first.UTC().Format(form) + " – " + last.UTC().Format("2 Jan 2006")
}

// List joins names: "a", "a and b", "a, b and c".
func List(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// Few joins the first n names and says how many there are besides: "a, b and 3
// more".
func Few(names []string, n int) string {
	if len(names) <= n+1 {
		return List(names)
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}

// Capital writes a sentence's first letter as a capital.
func Capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
