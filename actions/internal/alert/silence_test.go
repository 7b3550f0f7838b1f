package alert

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// A silence holds through its last day, and hides neither recoveries nor what it
// does not name.
func TestSilences_HoldUntilTheirLastDay(t *testing.T) {
	last := time.Date(2026, 2, 10, 0, 0, 0, 0, time.UTC)
	all := Silences{{Metric: model.Names{"crash_rate"}, Label: model.Names{"P1"}, Until: model.Date{Time: last}, Reason: "known", Who: "lena"}}
	news := []MetricNews{{Metric: "crash_rate", Kind: Firing}, {Metric: "crash_rate", Kind: Recovered}, {Metric: "p0_bugs", Kind: Firing}, {Metric: "crash_rate", Kind: Reminder}}
	if got := all.OfMetrics(news, last.Add(23*time.Hour)); len(got) != 2 || got[0].Kind != Recovered || got[1].Metric != "p0_bugs" {
		t.Errorf("on the last day the news are %+v", got)
	}
	if got := all.OfMetrics(news, last.Add(24*time.Hour)); len(got) != 4 {
		t.Errorf("the day after the news are %+v", got)
	}
	if got := all.Labels([]string{"bug", "p1"}, last); len(got) != 1 || got[0] != "bug" {
		t.Errorf("the labels are %q", got)
	}
	if got := all.Labels([]string{"bug", "p1"}, last.Add(24*time.Hour)); len(got) != 2 {
		t.Errorf("the day after the labels are %q", got)
	}
}

func TestSilenced_NeedsWhatUntilWhyAndWho(t *testing.T) {
	known := Known{Labels: []string{"P1"}, Metrics: []string{"crash_rate"}}
	until := model.Date{Time: time.Date(2026, 2, 10, 0, 0, 0, 0, time.UTC)}
	for _, c := range []struct {
		s    Silenced
		want int
	}{
		{Silenced{Metric: model.Names{"crash_rate"}, Until: until, Reason: "x", Who: "lena"}, 0},
		{Silenced{Label: model.Names{"P1"}, Until: until, Reason: "x", Who: "lena"}, 0},
		{Silenced{Metric: model.Names{"crash"}, Until: until, Reason: "x", Who: "lena"}, 1},
		{Silenced{Until: until, Reason: "x", Who: "lena"}, 1},
		{Silenced{Label: model.Names{"P1"}, Until: until, Who: "lena"}, 1},
		{Silenced{Label: model.Names{"P1"}, Reason: "x", Who: "lena"}, 1},
	} {
		if got := c.s.Validate(known); len(got) != c.want {
			t.Errorf("%+v: %v", c.s, got)
		}
	}
}
