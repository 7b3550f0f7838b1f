package report

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// A figure of all versions is not taken for that of the version that explains it.
func TestIncident_TellsAFigureOfAllVersionsFromAVersion(t *testing.T) {
	for _, c := range []struct{ id, version, want string }{
		{"crash_rate", "1.1.1-beta", "worst in 1.1.1-beta"},
		{"yanked_versions", "1.1.1-beta", "1.1.1-beta"},
		{"crash_rate", "", ""},
	} {
		if got := (Incident{Metric: c.id, Version: c.version}).About(); got != c.want {
			t.Errorf("%s of %q: %q, want %q", c.id, c.version, got, c.want)
		}
	}
}

// A mail to which a response was asked for stands on each day's page until somebody
// responds, for four weeks at most.
func TestDayPage_NamesMailThatWaits(t *testing.T) {
	at := time.Date(2026, 1, 28, 11, 5, 0, 0, time.UTC)
	told := alert.MetricTold{At: at.Add(14 * time.Minute), Kind: alert.Firing, State: alert.Sent, By: "slack", Ref: "1", Respond: day}
	mail := alert.Fired{Metric: "mail:1", Notice: &alert.Notice{Labels: []string{"privacy"}}, Episode: alert.Episode{Began: at, Since: at, Told: []alert.MetricTold{told}}}
	answered, unasked := mail, mail
	answered.Answered = at.Add(time.Hour)
	unasked.Told = nil
	for _, c := range []struct {
		name string
		now  time.Time
		mail alert.Fired
		want string
	}{
		{"in time", at.Add(7 * time.Hour), mail, "28 Jan 11:05: Mail labelled privacy (due 29 Jan 11:19 UTC)"},
		{"late", at.AddDate(0, 0, 3), mail, "28 Jan 11:05: Mail labelled privacy (late, due 29 Jan 11:19 UTC)"},
		{"a week later", at.AddDate(0, 0, 8), mail, "28 Jan 11:05: Mail labelled privacy (late, due 29 Jan 11:19 UTC)"},
		{"a month later", at.AddDate(0, 0, 29), mail, ""},
		{"answered", at.AddDate(0, 0, 3), answered, ""},
		{"nobody asked", at.AddDate(0, 0, 3), unasked, ""},
	} {
		page := DayPage(Day{Now: c.now, Fired: []alert.Fired{c.mail}})
		if c.want == "" {
			if strings.Contains(page, "Mail without a response") {
				t.Errorf("%s: the page names it", c.name)
			}
		} else if !strings.Contains(page, "- [ ] **Mail without a response**: 1 mail\n  - "+c.want) {
			t.Errorf("%s: the page does not say %q", c.name, c.want)
		}
	}
}

// Counts by label do not add up, and the dashboard orders a breakdown as the pages do.
func TestKeys_OfLabelsAndOfRates(t *testing.T) {
	n := func(v float64) *float64 { return &v }
	mail := Entry{Definition: metric.Definition{ID: "mail_by_label"}.Whole(), Reading: metric.Reading{Values: []metric.Entry{{Key: "bug", Value: n(1)}, {Key: "privacy", Value: n(1)}}}}
	if got := mail.Keys(); !slices.Contains(got, overlap) {
		t.Errorf("the table says %q", got)
	}
	if got := listText(mail); got != "bug 1, privacy 1; "+overlap {
		t.Errorf("the checklist says %q", got)
	}
	rates := Entry{Definition: metric.Definition{ID: "success_rate_by_category"}.Whole(), Reading: metric.Reading{Values: []metric.Entry{{Key: "a", Value: n(100)}, {Key: "b", Value: n(91)}, {Key: "c", Value: n(90)}, {Key: "d", Value: n(88)}}}}
	if got := (tile{Entry: rates}).Shown(); !strings.HasPrefix(got, "d 88%, c 90%, b 91%, 1 more") {
		t.Errorf("the dashboard says %q", got)
	}
}

// A threshold is worth a review where it would alert of what misses the target, and of
// nothing else.
func TestMisses(t *testing.T) {
	for _, c := range []struct {
		target string
		value  float64
		want   bool
	}{{">= 60%", 75, false}, {">= 60%", 60, false}, {">= 60%", 50, true}, {"< 10%", 10, false}, {"< 10%", 15, true}, {"growing", 3, true}, {"", 3, true}} {
		if got := misses(bound(t, c.target), c.value); got != c.want {
			t.Errorf("target %q, threshold at %g: %v", c.target, c.value, got)
		}
	}
}

// A figure of a whole day stands in the row of the day on which it was read.
func TestMetricPage_SaysThatFiguresAreOfTheDayBefore(t *testing.T) {
	until := time.Date(2026, 2, 4, 0, 0, 0, 0, time.UTC)
	e := Entry{Definition: metric.Definition{ID: "installation_failure_rate"}.Whole(), Reading: metric.Reading{From: until.Add(-day), Until: until}, Verdict: verdict.Verdict{}}
	if got := pastSummary(e, nil); !strings.Contains(got, "the whole day before it") {
		t.Errorf("got %q", got)
	}
	e.Definition = metric.Definition{ID: "crash_rate"}.Whole()
	if got := pastSummary(e, nil); strings.Contains(got, "whole day") {
		t.Errorf("got %q", got)
	}
}
