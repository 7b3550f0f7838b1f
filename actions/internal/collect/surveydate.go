package collect

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dateForms are the forms that form tools write, the sure ones first.
var dateForms = []string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02",
	"2006/01/02 3:04:05 PM", "2006/01/02 3:04 PM", "2006/01/02 15:04:05", "2006/01/02 15:04",
	"2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006",
	"1/2/2006 15:04:05", "1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM", "1/2/2006 15:04", "1/2/2006",
	"2/1/2006 15:04:05", "2/1/2006 3:04:05 PM", "2/1/2006 3:04 PM", "2/1/2006 15:04", "2/1/2006",
}

// dateForm is the first form that reads the most times of a file: all of them,
// where nothing is wrong with it. Whether the day or the month stands first
// must be seen from the file: from a day over 12, from the rows' order, or from
// an answer that would be later than the latest that can be; else it is an
// error.
func dateForm(records [][]string, at int, latest time.Time) (string, error) {
	best, most := dateForms[0], 0
	for _, form := range dateForms {
		if n := reads(records, at, form, latest); n > most {
			best, most = form, n
		}
	}
	if most == 0 && !latest.IsZero() {
		return dateForm(records, at, time.Time{})
	}
	behind, monthFirst := strings.CutPrefix(best, "1/2/")
	dayFirst := "2/1/" + behind
	if !monthFirst || reads(records, at, dayFirst, latest) < most {
		return best, nil
	}
	month, day := times(records, at, best), times(records, at, dayFirst)
	switch a, b := inOrder(month), inOrder(day); {
	case a && !b || same(month, day):
		return best, nil
	case b && !a:
		return dayFirst, nil
	}
	return "", errors.New("whether the day or the month stands first in the times cannot be told: export them with the year first")
}

// reads is how many times of a file a form reads, such as can be.
func reads(records [][]string, at int, form string, latest time.Time) int {
	n := 0
	for _, t := range times(records, at, form) {
		if !late(t, latest) {
			n++
		}
	}
	return n
}

func times(records [][]string, at int, form string) []time.Time {
	var all []time.Time
	for _, r := range records {
		if at < 0 || at >= len(r) {
			continue
		}
		if t, err := dated(r[at], form); err == nil {
			all = append(all, t)
		}
	}
	return all
}

// late tells an answer that is still to come. A day is left for time zones.
func late(t, latest time.Time) bool {
	return !latest.IsZero() && t.After(latest.Add(24*time.Hour))
}

// inOrder reports whether times only rise, or only fall.
func inOrder(all []time.Time) bool {
	rise, fall := true, true
	for i := 1; i < len(all); i++ {
		rise = rise && !all[i].Before(all[i-1])
		fall = fall && !all[i].After(all[i-1])
	}
	return rise || fall
}

func same(a, b []time.Time) bool {
	for i := range a {
		if i >= len(b) || !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}

var zoneForm = regexp.MustCompile(`\s+(?:GMT|UTC)([+-][0-9]{1,2}(?::?[0-9]{2})?)?$|\s+([+-][0-9]{2}:?[0-9]{2})$`)

var (
	// hardSpaces are the spaces that forms put into times so that no line breaks there.
	hardSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ")
	dottedHalf = regexp.MustCompile(`\b([AP])\. ?M\.`)
)

// dated reads a time of a form, with the zone that may stand behind it; without
// one it is UTC.
func dated(s, form string) (time.Time, error) {
	written := dottedHalf.ReplaceAllString(strings.ToUpper(strings.TrimSpace(hardSpaces.Replace(s))), "${1}M")
	zone := time.UTC
	if m := zoneForm.FindStringSubmatch(written); m != nil {
		written = written[:len(written)-len(m[0])]
		zone = offset(m[1] + m[2])
	}
	t, err := time.ParseInLocation(form, written, zone)
	if err != nil || t.Year() < 1990 || t.Year() > 2200 {
		return time.Time{}, fmt.Errorf("%q is no time of a form that is known", short(s))
	}
	return t.UTC(), nil
}

func offset(s string) *time.Location {
	digits := strings.ReplaceAll(strings.TrimLeft(s, "+-"), ":", "")
	if digits == "" {
		return time.UTC
	}
	if len(digits) <= 2 {
		digits += "00"
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return time.UTC
	}
	seconds := (n/100)*3600 + (n%100)*60
	if strings.HasPrefix(s, "-") {
		seconds = -seconds
	}
	return time.FixedZone(s, seconds)
}
