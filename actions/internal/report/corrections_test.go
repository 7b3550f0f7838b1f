package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// A table shows what the plan expected before the beta beside the figure.
func TestDayPage_ShowsTheBaseline(t *testing.T) {
	def, _ := metric.Find("command_success_rate")
	value := 86.0
	d := Day{Release: wholeDay().Release, Now: now, Entries: []Entry{{Definition: def, Reading: metric.Reading{At: now, Metric: def.ID, Unit: "%", From: now.Add(-3 * day), Until: now, Value: &value}, Verdict: verdict.Verdict{Metric: def.ID, Level: verdict.OK, Unit: "%", Number: verdict.Number{Value: &value}}}}}
	if page := DayPage(d); !strings.Contains(page, "baseline 94.8% (test suite)") {
		t.Errorf("the baseline is not there:\n%s", page)
	}
}

// Of a long breakdown people see the most and the least used, the total, and how many are
// not shown; of rates the worst first.
func TestEntry_KeysShowBothEnds(t *testing.T) {
	of := func(id string, values ...float64) Entry {
		def, _ := metric.Find(id)
		e := Entry{Definition: def}
		for i, v := range values {
			e.Reading.Values = append(e.Reading.Values, metric.Entry{Key: string(rune('a' + i)), Value: &v})
		}
		return e
	}
	most := of("query_categories", 40, 30, 20, 5, 3, 1, 1).Keys()
	if want := []string{"2 more, the least `g` 1 (1%)", "total 100"}; !slices.Equal(most[5:], want) {
		t.Errorf("got %q, want %q at the end", most, want)
	}
	if worst := of("success_rate_by_category", 99, 80, 60).Keys(); worst[0] != "`c` 60%" {
		t.Errorf("the worst is not first: %q", worst)
	}
}
