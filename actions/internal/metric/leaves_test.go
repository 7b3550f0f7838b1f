package metric_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// What a count loses by itself, and when, is what pages promise: a second before that it
// counts something, from then on nothing; and what stays until somebody acts is counted
// after that too.
func TestMeasure_SaysWhenACountEmptiesByItself(t *testing.T) {
	emptied, stayed := map[string]int{}, map[string]int{}
	for seed := range uint64(12) {
		s := newStore(t)
		all := random(seed)
		for i := range all.issues {
			if all.issues[i].ClosedAt.After(now) { // nobody closes one later
				all.issues[i].ClosedAt, all.issues[i].State = time.Time{}, "open"
			}
		}
		if seed%2 == 0 { // without open issues
			all.issues = slices.DeleteFunc(all.issues, func(i model.IssueRow) bool { return i.ClosedAt.IsZero() })
		}
		if err := s.Put(t.Context(), all.rows()); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"p0_bugs", "privacy_leaks", "pii_in_telemetry"} {
			d, _ := metric.Find(id)
			value := func(at time.Time) metric.Reading {
				return metric.Measure(t.Context(), metric.Facts{Store: s}, []metric.Definition{d}, at)[0]
			}
			for _, at := range []time.Time{now, now.Add(40 * time.Hour), now.AddDate(0, 0, 5)} {
				r := value(at)
				switch {
				case r.Value == nil:
					t.Fatalf("%s: %s", id, r.Reason)
				case *r.Value == 0:
					if !r.Leaves.IsZero() || r.Stays != 0 {
						t.Errorf("seed %d: %s counts nothing, and %s leaves it, %d stay", seed, id, r.Leaves, r.Stays)
					}
				case r.Stays == 0:
					emptied[id]++
					if before, after := value(r.Leaves.Add(-time.Second)), value(r.Leaves.Add(time.Second)); *before.Value == 0 || *after.Value != 0 {
						t.Errorf("seed %d, at %s: %s is to be empty from %s on: it is %v before and %v after", seed, at, id, r.Leaves, *before.Value, *after.Value)
					}
				default:
					stayed[id]++
					if id != "pii_in_telemetry" && *value(at.AddDate(0, 1, 0)).Value < float64(r.Stays) {
						t.Errorf("seed %d, at %s: %d of %s were to stay", seed, at, r.Stays, id)
					}
				}
			}
		}
		s.Close()
	}
	for _, id := range []string{"p0_bugs", "privacy_leaks", "pii_in_telemetry"} {
		if emptied[id] == 0 || stayed[id] == 0 && id != "pii_in_telemetry" {
			t.Errorf("%s was tried with %d counts that empty and %d that stay", id, emptied[id], stayed[id])
		}
	}
}

// A finding that the run has seen is there, and leaves the count after it has gone.
func TestMeasure_AFindingStaysWhileItIsThere(t *testing.T) {
	s := newStore(t)
	found := random(1)
	found.findings = found.findings[:1]
	found.findings[0].At, found.findings[0].Until, found.findings[0].Count = now.Add(-time.Hour), now, 1
	if err := s.Put(t.Context(), found.rows()); err != nil {
		t.Fatal(err)
	}
	d, _ := metric.Find("pii_in_telemetry")
	if r := metric.Measure(t.Context(), metric.Facts{Store: s}, []metric.Definition{d}, now)[0]; r.Stays != 1 {
		t.Errorf("got %+v", r)
	}
	if r := metric.Measure(t.Context(), metric.Facts{Store: s}, []metric.Definition{d}, now.Add(time.Hour))[0]; r.Stays != 0 || r.Leaves.Before(now.AddDate(0, 0, 1)) {
		t.Errorf("got %+v", r)
	}
}
