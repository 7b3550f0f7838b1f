package model

import (
	"slices"
	"testing"
	"time"
)

// The page of a day shows what is to be done on it, and not the work of Friday on
// a Tuesday.
func TestPhase_TodoOn(t *testing.T) {
	p := Phase{Todo: []string{"Every day, look for P0", "On Monday, Wednesday and Friday, look at quality", "On Monday and Thursday, look at engagement", "At the weekend, rest", "On mondays do it", "On call: omar"}}
	monday := time.Date(2026, 1, 26, 12, 0, 0, 0, time.UTC)
	for day, want := range map[int][]int{0: {0, 1, 2, 4, 5}, 1: {0, 5}, 2: {0, 1, 5}, 3: {0, 2, 5}, 4: {0, 1, 5}, 5: {0, 3, 5}, 6: {0, 3, 5}} {
		var tasks []string
		for _, i := range want {
			tasks = append(tasks, p.Todo[i])
		}
		if got := p.TodoOn(monday.AddDate(0, 0, day)); !slices.Equal(got, tasks) {
			t.Errorf("day %d: got %q, want %q", day, got, tasks)
		}
	}
}

// What is to be done at the end of the week is to be done on its last day alone.
func TestPhase_TodoOnTheLastDayOfTheWeek(t *testing.T) {
	friday := Date{time.Date(2026, 2, 6, 0, 0, 0, 0, time.UTC)}
	for _, c := range []struct {
		phase Phase
		last  int // day of February 2026
	}{{Phase{Week: 2, Until: friday}, 6}, {Phase{Until: Date{friday.AddDate(0, 1, 0)}}, 8}} {
		c.phase.Todo = []string{"At the end of the week, compare", "By the end of each week, draft"}
		for day := 2; day <= 8; day++ {
			if got := len(c.phase.TodoOn(time.Date(2026, 2, day, 18, 17, 0, 0, time.UTC))); got != map[bool]int{true: 2}[day == c.last] {
				t.Errorf("phase %+v, %d Feb: %d tasks", c.phase, day, got)
			}
		}
	}
}
