package report

import (
	"testing"
	"time"

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
	got := versionsOf([]Entry{of("sessions_by_version", "1.1.2-beta", 30, "1.1.0-beta", 10), problems}, "")
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
	if alone := versionsOf([]Entry{problems}, ""); alone != nil {
		t.Errorf("without telemetry there is a table of %+v", alone)
	}
}

// The day after a version is out it is adopted where the sessions of the last day are its
// own, though those of a week are of the one before, and however a pre-release of a later
// number is named.
func TestVersionsOf_JudgesAdoptionByTheLastDay(t *testing.T) {
	over := func(window time.Duration, newest, older float64) Entry {
		return Entry{Definition: metric.Definition{ID: "sessions_by_version"}, Reading: metric.Reading{
			From: now.Add(-window), Until: now, Values: []metric.Entry{{Key: "1.1.0", Value: &newest}, {Key: "1.1.2-beta", Value: &older}},
		}}
	}
	for _, c := range []struct {
		newest, older float64 // sessions of the last day
		want          [2]string
	}{{90, 5, [2]string{"adopted", "replaced"}}, {5, 90, [2]string{"low", "in use"}}, {60, 40, [2]string{"adopted", "in use"}}} {
		got := versionsOf([]Entry{over(7*day, 205, 563), over(day, c.newest, c.older)}, "v1.1.0")
		if len(got) != 2 || got[0].Name != "1.1.2-beta" || got[0].Sessions != "563" || got[1].Adoption != c.want[0] || got[0].Adoption != c.want[1] {
			t.Errorf("%v and %v sessions: %+v, want %v", c.newest, c.older, got, c.want)
		}
	}
}

// The worst figure of an alert may be of a run between two readings of a day: the version
// is that of the breakdown next to it.
func TestExplaining_TakesTheBreakdownNextToAFigure(t *testing.T) {
	bad, good := 12.8, 0.0
	e := Entry{Definition: metric.Definition{ID: "crash_rate_by_version"}, Reading: metric.Reading{At: now, Values: []metric.Entry{{Key: "1.1.1-beta", Value: &bad}, {Key: "1.1.0-beta", Value: &good}}}}
	for away, want := range map[time.Duration]string{0: "1.1.1-beta", 4 * time.Hour: "1.1.1-beta", -4 * time.Hour: "1.1.1-beta", 13 * time.Hour: ""} {
		if got := explaining("crash_rate", now.Add(away), []Entry{e}); got != want {
			t.Errorf("%s away: %q, want %q", away, got, want)
		}
	}
}
