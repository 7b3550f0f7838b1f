package collect

import (
	"errors"
	"fmt"
	"time"
)

// dateOrder is the order in which the dates of a column are read: that which
// reads the most of them. Whether the day or the month stands first must be seen
// from the column: from a day over 12, from the rows' order, or from an answer
// that would be later than the latest that can be; else it is an error. Said is
// how it was decided, where a person might read it otherwise; empty where not.
func dateOrder(all []writtenTime, latest time.Time) (o order, said string, err error) {
	var month, day []time.Time
	open, slashed := 0, 0
	for _, w := range all {
		if len(w.orders()) < 2 {
			continue
		}
		slashed++
		m, errMonth := w.in(monthDayYear)
		d, errDay := w.in(dayMonthYear)
		isMonth, isDay := errMonth == nil && !late(m, latest), errDay == nil && !late(d, latest)
		if isMonth {
			month = append(month, m)
		}
		if isDay {
			day = append(day, d)
		}
		if isMonth && isDay && !m.Equal(d) {
			open++
		}
	}
	if len(month) == 0 && len(day) == 0 && slashed > 0 && !latest.IsZero() {
		return dateOrder(all, time.Time{}) // all are to come, which is said of each
	}
	switch {
	case slashed == 0 || open == 0 && len(month) >= len(day):
		return monthDayYear, "", nil
	case len(month) > len(day):
		return monthDayYear, "the month is read before the day, since some dates have a day over 12 there or would be to come", nil
	case len(day) > len(month):
		return dayMonthYear, "the day is read before the month, since some dates have a day over 12 there or would be to come", nil
	}
	switch a, b := inOrder(month), inOrder(day); {
	case a && !b:
		return monthDayYear, "the month is read before the day, since the rows are in that order", nil
	case b && !a:
		return dayMonthYear, "the day is read before the month, since the rows are in that order", nil
	}
	return 0, "", errors.New("ambiguous dates: the day or the month may come first; export them with the year first")
}

// dated reads a time in an order; one that leaves no order open is read in its own.
func dated(s string, o order) (time.Time, error) {
	w, err := readTime(s)
	if err != nil {
		return time.Time{}, err
	}
	if orders := w.orders(); len(orders) == 1 {
		o = orders[0]
	}
	t, err := w.in(o)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a time: %w", short(s), err)
	}
	return t, nil
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
