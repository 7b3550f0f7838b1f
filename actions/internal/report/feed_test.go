package report

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
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
