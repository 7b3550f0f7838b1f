package report

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

func feedDay() Day {
	now := time.Date(2026, 2, 5, 12, 0, 0, 0, time.UTC)
	return Day{
		Release: model.Release{Project: "Caro", Version: "v1.1.0-beta"}, Now: now, Page: "https://github.com/caro/caro/blob/HEAD/reports/README.md",
		Fired: []alert.Fired{{Metric: "crash_rate", Episode: alert.Episode{Level: verdict.Critical, Since: now.Add(-2 * time.Hour)}}},
	}
}

// A feed reader that has seen an incident gets one entry of it, also when it ends
// and when runs repeat.
func TestFeed_KeepsOneEntryOfEach(t *testing.T) {
	d := feedDay()
	const home = "https://github.com/caro/caro/blob/HEAD/reports/"
	first := Feed(nil, "Caro", home, IncidentEntries(d))
	if again := Feed(first, "Caro", home, IncidentEntries(d)); string(again) != string(first) {
		t.Errorf("another run writes another feed:\n%s\n%s", first, again)
	}
	d.Fired[0].Ended = d.Now
	over := Feed(first, "Caro", home, append(IncidentEntries(d), FeedEntry{ID: "gate-1", Title: "a < b & \x01\u202e c", Updated: d.Now.Add(time.Hour), Link: "gate.md"}))
	var feed atomFeed
	if err := xml.Unmarshal(over, &feed); err != nil {
		t.Fatalf("%v\n%s", err, over)
	}
	if len(feed.Entries) != 2 || feed.Entries[0].Title != "a < b &  c" || feed.Entries[0].Link.Href != home+"gate.md" || feed.Updated != "2026-02-05T13:00:00Z" {
		t.Errorf("got %+v", feed)
	}
	if !strings.Contains(feed.Entries[1].Summary, "Lasted 2h") || feed.Entries[1].ID != home+"feed.xml#incident-crash_rate-20260205T100000Z" {
		t.Errorf("got %+v", feed.Entries[1])
	}
}

// A feed that is damaged or not there is written anew, and one of nothing is not.
func TestFeed_Damaged(t *testing.T) {
	if got := Feed([]byte("<feed"), "Caro", "", IncidentEntries(feedDay())); !strings.Contains(string(got), "incident-crash_rate") {
		t.Errorf("got %s", got)
	}
	if got := Feed(nil, "Caro", "", nil); got != nil {
		t.Errorf("got %s", got)
	}
}

// The badge says how the release stands, and since when that is known.
func TestBadge(t *testing.T) {
	var got map[string]any
	if err := json.Unmarshal(Badge(feedDay()), &got); err != nil {
		t.Fatal(err)
	}
	if got["schemaVersion"] != 1.0 || got["label"] != "Caro v1.1.0-beta" || got["message"] != "critical, 5 Feb" || got["color"] != "red" {
		t.Errorf("got %v", got)
	}
}

// A reader of the feed sees when each thing was decided, and a run that decides the same
// again moves nothing.
func TestFeed_CarriesTheTimeOfTheRun(t *testing.T) {
	decided, monday := time.Date(2026, 2, 14, 19, 0, 0, 0, time.UTC), time.Date(2026, 2, 9, 0, 0, 0, 0, time.UTC)
	entries := func(at time.Time) []FeedEntry {
		w := Week{Year: 2026, Number: 6, From: monday.AddDate(0, 0, -7), Until: monday}
		return []FeedEntry{GateEntry("Caro", "v1", gate.Decision{Is: gate.Go}, nil, at), WeekEntry(w, monday.Add(6*time.Hour+23*time.Minute))}
	}
	first := Feed(nil, "Caro", "", entries(decided))
	var feed atomFeed
	if err := xml.Unmarshal(first, &feed); err != nil {
		t.Fatal(err)
	}
	if len(feed.Entries) != 2 || feed.Updated != "2026-02-14T19:00:00Z" || feed.Entries[0].Updated != feed.Updated || feed.Entries[1].Updated != "2026-02-09T06:23:00Z" {
		t.Errorf("got %+v", feed)
	}
	if again := Feed(first, "Caro", "", entries(decided.Add(time.Hour))); string(again) != string(first) {
		t.Errorf("the same decision an hour later writes another feed:\n%s", again)
	}
	other := Feed(first, "Caro", "", []FeedEntry{GateEntry("Caro", "v1", gate.Decision{Is: gate.NoGo}, nil, decided.Add(time.Hour))})
	if !strings.Contains(string(other), "<updated>2026-02-14T20:00:00Z</updated>") {
		t.Errorf("another decision of the day keeps the time of the first:\n%s", other)
	}
}

// Of an alert of which nobody was notified by itself the feed says what told people
// instead, or kept it quiet, also once it is over.
func TestIncidentEntries_SayWhatCoversAnAlert(t *testing.T) {
	d := feedDay()
	fired := func(id string, level verdict.Level, change func(*alert.Episode)) alert.Fired {
		e := alert.Episode{Level: level, Began: d.Now.Add(-5 * time.Hour), Since: d.Now.Add(-5 * time.Hour), Ended: d.Now.Add(-time.Hour)}
		if change != nil {
			change(&e)
		}
		return alert.Fired{Metric: id, Episode: e}
	}
	d.Fired = []alert.Fired{
		fired("privacy_leaks", verdict.Critical, func(e *alert.Episode) { e.Covered = true }),
		fired("yanked_versions", verdict.Critical, func(e *alert.Episode) {
			e.Told = []alert.MetricTold{{Channel: "alerts", Kind: alert.Firing, State: alert.Sent}}
		}),
		fired("install_script_errors", verdict.Warning, nil),
		fired("crash_rate", verdict.Warning, nil),
		fired("generation_time_p95", verdict.Warning, func(e *alert.Episode) { e.Ended = time.Time{} }),
		fired("static_hit_rate", verdict.Warning, nil),
	}
	leaks, _ := metric.Find("privacy_leaks")
	d.Entries = []Entry{{Definition: leaks}}
	d.Inhibits = alert.Inhibitions{{While: "yanked_versions", Quiet: []string{"install_script_errors"}}}
	d.AllSilences = alert.Silences{{Metric: []string{"crash_rate"}, Until: model.Date{Time: d.Now.Truncate(24 * time.Hour)}, Who: "lena", Reason: "known"}}
	d.Waiting = []alert.Waiting{{What: "generation_time_p95", Until: d.Now.Add(20 * time.Hour)}}
	got := IncidentEntries(d)
	for i, want := range []string{
		"covered by the notifications about each report labelled privacy-leak.",
		"notified: alerts.",
		"covered by the alert Yanked versions.",
		"silenced until 5 Feb by lena: known.",
		"notified: nobody before the working hours that begin 6 Feb 2026 08:00 UTC.",
		"notified: nobody.",
	} {
		if !strings.HasSuffix(got[i].Summary, "; "+want) {
			t.Errorf("%s: got %q, want %q", d.Fired[i].Metric, got[i].Summary, want)
		}
	}
}
