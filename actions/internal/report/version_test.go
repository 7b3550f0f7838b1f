package report

import (
	"testing"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// A version that nobody runs any more is in the table for as long as problems name
// it, without figures of its use.
func TestVersionsOf_CountsProblems(t *testing.T) {
	of := func(id string, values ...any) Entry {
		e := Entry{Definition: metric.Definition{ID: id}}
		for i := 0; i < len(values); i += 2 {
			n := float64(values[i+1].(int))
			e.Reading.Values = append(e.Reading.Values, metric.Entry{Key: values[i].(string), Value: &n})
		}
		return e
	}
	problems := of("issues_by_version", "1.1.1-beta", 2, "1.1.0-beta", 3)
	got := versionsOf([]Entry{of("sessions_by_version", "1.1.2-beta", 30, "1.1.0-beta", 10), problems})
	want := []Version{
		{Name: "1.1.2-beta", Adoption: "adopted", Sessions: "30", Share: "75%", CrashFree: "–", Success: "–", Downloads: "–", Problems: "–"},
		{Name: "1.1.0-beta", Adoption: "in use", Sessions: "10", Share: "25%", CrashFree: "–", Success: "–", Downloads: "–", Problems: "3"},
		{Name: "1.1.1-beta", Adoption: "replaced", Sessions: "–", Share: "–", CrashFree: "–", Success: "–", Downloads: "–", Problems: "2"},
	}
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got  %+v\nwant %+v", got[i], want[i])
		}
	}
	if alone := versionsOf([]Entry{problems}); alone != nil {
		t.Errorf("without telemetry there is a table of %+v", alone)
	}
}
