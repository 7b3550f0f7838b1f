package report

import (
	"fmt"
	"time"
)

// DayPath is the page of a day in the folder of reports, by its ISO week.
func DayPath(t time.Time) string {
	year, week := t.UTC().ISOWeek()
	return fmt.Sprintf("%d/W%02d/%s.md", year, week, t.UTC().Format(time.DateOnly))
}

// WeekPath is the page of a time's ISO week.
func WeekPath(t time.Time) string {
	year, week := t.UTC().ISOWeek()
	return fmt.Sprintf("%d/W%02d/README.md", year, week)
}

// MonthPath is the page of a time's month.
func MonthPath(t time.Time) string { return t.UTC().Format("2006/01.md") }
