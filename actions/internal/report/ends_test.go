package report

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

func bound(t *testing.T, text string) verdict.Bound {
	t.Helper()
	if text == "" {
		return verdict.Bound{}
	}
	b, err := verdict.ParseBound(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Whoever is to follow up until an alert is resolved reads what resolves it: a value, the
// time at which a count is empty by itself, or what somebody must do.
func TestEnds_SayWhatEndsAnAlert(t *testing.T) {
	leaves := time.Date(2026, 2, 3, 8, 45, 0, 0, time.UTC)
	for _, c := range []struct {
		id, warning, critical, clear string
		value                        float64
		reading                      metric.Reading
		flapping                     bool
		want                         string
	}{
		{"crash_rate", "> 0.5%", "> 1%", "", 6, metric.Reading{}, false, "Ends when it is at most 0.5% over 24 hours"},
		{"crash_rate", "", "> 1%", "2h", 6, metric.Reading{}, false, "Ends when it is at most 1% over 24 hours, and has been so for 2h"},
		{"crash_rate", "", "> 1%", "2h", 6, metric.Reading{}, true, "Ends when it is at most 1% over 24 hours, and has been so for 1d"},
		{"command_success_rate", "< 75%", "", "", 70, metric.Reading{}, false, "Ends when it is at least 75% over 3 days"},
		{"installation_failure_rate", "> 15%", "", "", 20, metric.Reading{}, false, "Ends when it is at most 15% over a whole day"},
		{"platform_failures", "> 20% any", "", "", 30, metric.Reading{Values: []metric.Entry{}}, false, "Ends when each is at most 20% over 24 hours"},
		{"privacy_leaks", "", ">= 1", "", 2, metric.Reading{Leaves: leaves}, false, "Ends by itself after 3 Feb 08:45 UTC, unless more is counted"},
		{"privacy_leaks", "", ">= 1", "", 2, metric.Reading{Leaves: leaves, Stays: 1, At: leaves.Add(-time.Hour)}, false, "Ends when each issue among them is closed and the newest report is older than 7 days, not before 3 Feb 08:45 UTC"},
		{"privacy_leaks", "", ">= 1", "", 2, metric.Reading{Leaves: leaves, Stays: 1, At: leaves}, false, "Ends when each issue among them is closed and the newest report is older than 7 days"},
		{"privacy_leaks", "", ">= 3", "", 3, metric.Reading{Leaves: leaves}, false, "Ends when it is below 3 over 7 days"},
		{"yanked_versions", "", ">= 1", "", 1, metric.Reading{Names: []string{"1.1.1-beta"}}, false, "Ends when rules.yaml allows for it, if the withdrawal was on purpose (yanked_versions with target <= 1 and critical >= 2), or else when 1.1.1-beta can be installed again"},
		{"nps", "", "", "", 1, metric.Reading{}, false, ""},
	} {
		e := Entry{Definition: metric.Definition{ID: c.id}.Whole(), Reading: c.reading, Thresholds: verdict.Thresholds{Warning: bound(t, c.warning), Critical: bound(t, c.critical)}, Verdict: verdict.Verdict{Number: verdict.Number{Value: &c.value}}}
		if c.clear != "" {
			wait, err := model.ParseDuration(c.clear)
			if err != nil {
				t.Fatal(err)
			}
			e.Thresholds.Clear = wait
		}
		if c.reading.Names != nil {
			e.Reading.Value = &c.value
		}
		if got := e.Ends(alert.Episode{Flapping: c.flapping}); got != c.want {
			t.Errorf("%s: got  %q\nwant %q", c.id, got, c.want)
		}
	}
}

// A digest measures nothing: it has the time at which a count is empty from the alert.
func TestEnds_AreKnownToADigest(t *testing.T) {
	leaves := time.Date(2026, 2, 3, 8, 45, 0, 0, time.UTC)
	e := Entry{Definition: metric.Definition{ID: "privacy_leaks"}.Whole(), Thresholds: verdict.Thresholds{Critical: bound(t, ">= 1")}}
	if got := e.Ends(alert.Episode{Leaves: leaves}); got != "Ends by itself after 3 Feb 08:45 UTC, unless more is counted" {
		t.Errorf("got %q", got)
	}
}

// What ends an alert of yanked versions, as it says, ends it: rules.yaml that allows for
// one more.
func TestEnds_OfYankedVersionsIsTrue(t *testing.T) {
	one := 1.0
	v := verdict.Judge(verdict.Of(metric.Reading{Metric: yanked, Unit: "versions", Value: &one}, nil, true), verdict.Thresholds{Target: bound(t, "<= 1"), Critical: bound(t, ">= 2")}, 0)
	if v.Level != verdict.OK {
		t.Errorf("one yanked version is %s where one is allowed", v.Level)
	}
}

// Page, digest and message say what ends an alert, and the same first step, also where the
// week is at another level than the alert.
func TestAlert_HasOneFirstStepAndOneEnd(t *testing.T) {
	two := 2.0
	since := now.Add(-time.Hour)
	e := Entry{Definition: metric.Definition{ID: "crash_rate"}.Whole(), Thresholds: verdict.Thresholds{Warning: bound(t, "> 0.5%"), Critical: bound(t, "> 1%")}, Verdict: verdict.Verdict{Metric: "crash_rate", Unit: "%", Level: verdict.Watch, Number: verdict.Number{Value: &two}}}
	f := alert.Fired{Metric: "crash_rate", Episode: alert.Episode{Began: since, Since: since, Level: verdict.Critical}}
	ends := "Ends when it is at most 0.5% over 24 hours"
	for _, c := range []struct {
		routes []alert.Route
		step   string
	}{
		{nil, "Read the errors of the version that crashes, and fix or withdraw it"},
		{[]alert.Route{{Level: "critical", Action: "read the logs"}}, "Read the logs"},
	} {
		if got := (Day{Now: now, Routes: c.routes, Entries: []Entry{e}, Fired: []alert.Fired{f}}).active()[0]; got.Step != c.step || !strings.HasSuffix(got.Text(), ". "+ends+".") {
			t.Errorf("the page says %q", got.Text())
		}
		if got := Actions(Week{From: now.AddDate(0, 0, -7), Until: now, Routes: c.routes, Entries: []Entry{e}, Fired: []alert.Fired{f}})[0]; got.What != c.step || !strings.HasSuffix(got.Why, ". "+ends) {
			t.Errorf("the digest says %+v", got)
		}
		n := alert.MetricNews{Metric: "crash_rate", Kind: alert.Firing, Level: verdict.Critical, Since: since, Respond: time.Hour}
		if len(c.routes) > 0 {
			n.Action = c.routes[0].Action
		}
		m := MetricMessage(n, e, Place{}, "", now)
		if got := factNamed(m.Facts, "First step"); got != c.step || !strings.HasSuffix(m.Summary, ends+".") {
			t.Errorf("the message says %q, %q", got, m.Summary)
		}
	}
}

// A message about what somebody has responded to asks for no response: it says who
// responded, and when.
func TestMetricMessage_AsksNobodyAgain(t *testing.T) {
	e := Entry{Definition: metric.Definition{ID: "crash_rate"}.Whole()}
	n := alert.MetricNews{Metric: "crash_rate", Kind: alert.Firing, Level: verdict.Critical, Respond: time.Hour, Answered: now.Add(-2 * time.Hour), Answerer: "lena"}
	facts := MetricMessage(n, e, Place{}, "", now).Facts
	if got := factNamed(facts, "First response"); got != clock(n.Answered, now)+" by lena, before this message" || factNamed(facts, "Respond by")+factNamed(facts, "First step") != "" {
		t.Errorf("got %+v", facts)
	}
	n.Since, n.Critical = n.Answered.Add(-time.Minute), n.Answered.Add(time.Minute)
	if facts := MetricMessage(n, e, Place{}, "", now).Facts; !strings.HasSuffix(factNamed(facts, "First response"), " by lena, to the warning, which counts for this alert too") || factNamed(facts, "First step") == "" {
		t.Errorf("it is critical since: %+v", facts)
	}
	n.Answered = time.Time{}
	if facts := MetricMessage(n, e, Place{}, "", now).Facts; factNamed(facts, "Respond by") == "" || factNamed(facts, "First response") != "" {
		t.Errorf("nobody has responded: %+v", facts)
	}
}

// A warning that may be critical says so in its message, as the page does.
func TestMetricMessage_SaysWhyItIsNotCritical(t *testing.T) {
	e := Entry{Definition: metric.Definition{ID: "crash_rate"}.Whole(), Verdict: verdict.Verdict{Unit: "%", Doubt: bound(t, "> 1%")}}
	n := alert.MetricNews{Metric: "crash_rate", Kind: alert.Firing, Level: verdict.Warning}
	if got := MetricMessage(n, e, Place{}, "", now).Summary; !strings.HasPrefix(got, "Too few cases to tell whether it is critical (> 1%).") {
		t.Errorf("got %q", got)
	}
}

// factNamed is the value of a fact; empty where there is none.
func factNamed(all []change.Fact, name string) string {
	for _, f := range all {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}
