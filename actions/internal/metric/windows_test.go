package metric_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

func only(t *testing.T, id string) []metric.Definition {
	t.Helper()
	d, found := metric.Find(id)
	if !found {
		t.Fatalf("there is no metric %s", id)
	}
	return []metric.Definition{d}
}

// Daily active users are the same whenever on a day they are measured: the mean of
// the last three whole days, on none of which more people were there.
func TestDailyActiveUsers_AreOfWholeDays(t *testing.T) {
	s := newStore(t)
	midnight := now.Truncate(24 * time.Hour)
	var rows []model.Row
	for day, users := range []int{40, 50, 45, 60} { // the last is today
		for u := range users {
			at := midnight.AddDate(0, 0, day-3).Add(time.Duration(u*23) * time.Minute)
			rows = append(rows, model.SessionRow{CreatedAt: at, Session: fmt.Sprint(u)}, model.SessionRow{CreatedAt: at.Add(time.Minute), Session: fmt.Sprint(u)})
		}
	}
	if err := s.Put(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	for _, hour := range []int{0, 6, 12, 23} {
		at := midnight.Add(time.Duration(hour) * time.Hour)
		got := metric.Measure(t.Context(), metric.Facts{Store: s, Telemetry: s}, only(t, "daily_active_users"), at)[0]
		if got.Value == nil || *got.Value != 45 || !got.Until.Equal(midnight) || got.Until.Sub(got.From) != 72*time.Hour || !got.At.Equal(at) {
			t.Errorf("at %d: got %+v", hour, got)
		}
	}
}

// The figure is of the release's first two weeks, and known when they are over.
func TestWeekRetention_IsOfTheFirstTwoWeeks(t *testing.T) {
	s := newStore(t)
	shipped := time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC)
	start := func(day float64, user string) model.Row {
		return model.SessionRow{CreatedAt: shipped.Add(time.Duration(day * 24 * float64(time.Hour))), Session: user}
	}
	rows := []model.Row{
		start(-1, "before"), start(8, "before"), // not a user of week 1
		start(0, "ann"), start(7, "ann"), start(6.9, "bob"), start(13.9, "bob"), start(3, "cy"), start(14, "cy"), start(2, "dee"), start(5, "dee"),
	}
	if err := s.Put(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	facts := metric.Facts{Store: s, Telemetry: s, Release: model.Release{Version: "v1.1.0-beta", Shipped: model.Date{Time: shipped}}}
	for _, c := range []struct {
		day  float64
		want string
	}{{7, "unknown"}, {13.9, "unknown"}, {14, "2 of 4"}, {16.4, "2 of 4"}, {21, "2 of 4"}, {60, "2 of 4"}} {
		r := metric.Measure(t.Context(), facts, only(t, "week_retention"), shipped.Add(time.Duration(c.day*24*float64(time.Hour))))[0]
		got := "unknown"
		if r.Part != nil && r.Whole != nil {
			got = fmt.Sprintf("%g of %g", *r.Part, *r.Whole)
		}
		if got != c.want || got == "unknown" && !strings.Contains(r.Reason, "second week of the release is not over") {
			t.Errorf("day %g: got %s (%s), want %s", c.day, got, r.Reason, c.want)
		}
	}
}

// A window is compared with the one before only where that one is of the release
// as a whole: else "growing" would compare with a time in which nobody had it.
func TestMeasure_ComparesWithFullWindowsOnly(t *testing.T) {
	s := newStore(t)
	shipped := time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC)
	if err := s.Put(t.Context(), []model.Row{model.SessionRow{CreatedAt: shipped.Add(time.Hour), Session: "ann"}}); err != nil {
		t.Fatal(err)
	}
	facts := metric.Facts{Store: s, Telemetry: s, Release: model.Release{Version: "v1.1.0-beta", Shipped: model.Date{Time: shipped}}}
	for _, id := range []string{"total_sessions", "commands_generated", "daily_active_users"} {
		d := only(t, id)
		d[0].Window = []string{"3d"}
		for hours, want := range map[int]bool{24: false, 72: false, 143: false, 144: true, 200: true} {
			r := metric.Measure(t.Context(), facts, d, shipped.Add(time.Duration(hours)*time.Hour))[0]
			if id == "daily_active_users" && r.Value == nil {
				continue // nobody used it in the window
			}
			if got := r.Previous != nil; got != want && id != "daily_active_users" {
				t.Errorf("%s after %d hours: compared with %v", id, hours, r.Previous)
			}
		}
	}
}

// A share of a handful of mentions says nothing about the mood.
func TestPositiveMentions_NeedFive(t *testing.T) {
	for mentions, want := range map[int]bool{0: false, 1: false, 4: false, 5: true, 6: true} {
		s := newStore(t)
		var rows []model.Row
		for i := range mentions {
			sad := -0.5
			rows = append(rows, model.MentionRow{Source: "x", ID: fmt.Sprint(i), At: now.Add(-time.Hour), Sentiment: &sad}, model.MentionRow{Source: "y", ID: fmt.Sprint(i), At: now.Add(-time.Hour)})
		}
		if err := s.Put(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
		d := only(t, "positive_mentions")
		r := metric.Measure(t.Context(), metric.Facts{Store: s}, d, now)[0]
		if got := r.Value != nil; got != want || !want && !d[0].Nothing(r.Reason) {
			t.Errorf("%d mentions: got %v (%s)", mentions, r.Value, r.Reason)
		}
		s.Close()
	}
}

// Where exports are the only source, the share of users that they come from is no
// figure.
func TestAirGappedAdoption_NeedsAnotherSource(t *testing.T) {
	s := newStore(t)
	if err := s.Put(t.Context(), []model.Row{model.SessionRow{CreatedAt: now.Add(-time.Hour), Session: "ann", Metadata: `{"origin":"export"}`}}); err != nil {
		t.Fatal(err)
	}
	r := metric.Measure(t.Context(), metric.Facts{Store: s}, only(t, "air_gapped_adoption"), now)[0]
	if r.Value != nil || !strings.Contains(r.Reason, "exports are the only source") {
		t.Errorf("got %v (%s)", r.Value, r.Reason)
	}
}

// Ids in exports change daily, so opt-outs of a week would be divided by the users
// of all days: they are counted by day, and averaged.
func TestTelemetryOptOutRate_IsOfADayFromExports(t *testing.T) {
	s := newStore(t)
	var rows []model.Row
	for day, out := range []int{0, 3, 1} { // of ten users each
		at := now.Truncate(24*time.Hour).AddDate(0, 0, day-4).Add(9 * time.Hour)
		for u := range 10 {
			rows = append(rows, model.SessionRow{CreatedAt: at, Session: fmt.Sprint(u)}) // the same ids each day are other people
			if u < out {
				rows = append(rows, model.ConsentRow{CreatedAt: at, Session: fmt.Sprint(u), OptedOut: true})
			}
		}
	}
	rows = append(rows, model.ConsentRow{CreatedAt: rows[len(rows)-1].(model.SessionRow).CreatedAt.Add(time.Hour), Session: "0"}) // opted in again
	if err := s.Put(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	r := metric.Measure(t.Context(), metric.Facts{Store: s}, only(t, "telemetry_opt_out_rate"), now)[0]
	if r.Part == nil || r.Whole == nil || *r.Part != 1 || *r.Whole != 10 || *r.Value != 10 {
		t.Errorf("got %+v", r)
	}
	stored := metric.Measure(t.Context(), metric.Facts{Store: s, Telemetry: s}, only(t, "telemetry_opt_out_rate"), now)[0]
	if *stored.Part != 2 || *stored.Whole != 10 {
		t.Errorf("where ids are stable, got %g of %g", *stored.Part, *stored.Whole)
	}
}

// Reports count however they came; a mailbox that does not answer leaves what is
// known.
func TestReports_CountIssuesMailAndDiscussions(t *testing.T) {
	s := newStore(t)
	at := now.Add(-time.Hour)
	leak := []string{"privacy-leak", "P0"}
	rows := []model.Row{
		model.IssueRow{Issue: model.Issue{Number: 1, Title: "x", State: "open", CreatedAt: at, Labels: leak}},
		model.MailRow{ID: "a", At: at, Kind: "report", Labels: leak}, model.MailRow{ID: "b", At: at.AddDate(0, 0, -3), Kind: "report", Labels: leak}, model.MailRow{ID: "c", At: at, Kind: "report"},
		model.DiscussionRow{Number: 2, Category: "Ideas", CreatedAt: at, Labels: []string{"Privacy-Leak", "Critical"}},
	}
	if err := s.Put(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	facts := metric.Facts{Store: s, Gaps: []model.Gap{{Source: "mailbox", Reason: "it is down"}, {Source: "registries", Off: true, Reason: "none is named"}}}
	for id, want := range map[string]float64{"p0_bugs": 3, "privacy_leaks": 4, "pii_in_telemetry": 3} {
		if r := metric.Measure(t.Context(), facts, only(t, id), now)[0]; r.Value == nil || *r.Value != want {
			t.Errorf("%s: got %v (%s), want %g", id, r.Value, r.Reason, want)
		}
	}
}

// A mean over days leaves out those before the release of which nothing is known,
// and counts them where an earlier release had users.
func TestMeasure_MeansBeginWithTheRelease(t *testing.T) {
	shipped := now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -1)
	rows := func(from int) (all []model.Row) {
		for day := from; day < 1; day++ {
			for u := range 30 {
				all = append(all, model.SessionRow{CreatedAt: shipped.AddDate(0, 0, day).Add(time.Hour), Session: fmt.Sprint(u)})
			}
			all = append(all, model.DownloadRow{Registry: "crates", Package: "caro", Version: "1.1.0", Day: shipped.AddDate(0, 0, day), Downloads: 70})
		}
		return all
	}
	release := model.Release{Version: "v1.1.0", Shipped: model.Date{Time: shipped}}
	for _, c := range []struct {
		name             string
		from             int
		users, downloads float64
	}{{"the first release", 0, 30, 70}, {"with users before", -1, 20, 20}, {"with users on all days", -6, 30, 70}} {
		s := newStore(t)
		if err := s.Put(t.Context(), rows(c.from)); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]float64{"daily_active_users": c.users, "downloads_per_day": c.downloads} {
			got := metric.Measure(t.Context(), metric.Facts{Store: s, Telemetry: s, Release: release}, only(t, id), now)[0]
			if got.Value == nil || *got.Value != want {
				t.Errorf("%s: %s is %+v, want %g", c.name, id, got.Value, want)
			}
		}
	}
}

// The oldest open bug of the plan is as old as the first of the list of open bugs, also
// where a midnight more than whole days lies between.
func TestOldestOpenBug_IsAsOldAsInTheList(t *testing.T) {
	book, err := config.Read(os.DirFS("../../.."), "rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := newStore(t)
	opened := now.Add(-15*24*time.Hour - 20*time.Hour)
	if err := s.Put(t.Context(), []model.Row{model.IssueRow{Issue: model.Issue{Number: 1, Title: "x", State: "open", CreatedAt: opened, Labels: []string{"bug"}}}}); err != nil {
		t.Fatal(err)
	}
	facts := metric.Facts{Store: s}
	for _, m := range book.Measured() {
		if m.ID != "oldest_open_bug" {
			continue
		}
		got := metric.Measure(t.Context(), facts, []metric.Definition{m.Definition}, now)[0]
		listed := metric.Measure(t.Context(), facts, only(t, "open_bugs_list"), now)[0]
		if got.Value == nil || len(listed.Values) != 1 || *got.Value != *listed.Values[0].Value || *got.Value != 15 || !got.From.Equal(got.Until) {
			t.Errorf("got %+v, listed %+v", got, listed)
		}
		return
	}
	t.Fatal("rules.yaml has no such metric")
}
