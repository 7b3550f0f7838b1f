package digest

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// A digest names the versions that followed in its week, and the alert that began after
// the week and is active; of one whose alert ended in the meantime it does not ask what
// to do. An alert that began in the week before shows its figure too.
func TestDigest_KnowsWhatHappenedSince(t *testing.T) {
	s := newStage(t)
	s.Put(t, "rules.yaml", strings.Replace(small, "version: v1.1.0-beta,", "version: v1.1.0-beta, follow: 1.1.*,", 1))
	s.record(t, 21)
	s.World.SetNow(time.Date(2026, 1, 20, 12, 0, 0, 0, time.UTC))
	s.Repo.Release("ann", "v1.0.9", "before the watch", false)
	s.World.SetNow(time.Date(2026, 2, 5, 12, 0, 0, 0, time.UTC))
	s.Repo.Release("ann", "v1.1.1-beta", "a hot-fix", true)
	s.World.SetNow(time.Date(2026, 2, 9, 6, 0, 0, 0, time.UTC))
	s.Repo.Release("ann", "v1.1.2-beta", "after the week", true)
	crash := alert.Episode{Began: time.Date(2026, 1, 28, 9, 0, 0, 0, time.UTC), Since: time.Date(2026, 1, 28, 9, 0, 0, 0, time.UTC), Ended: time.Date(2026, 2, 9, 5, 0, 0, 0, time.UTC), Level: verdict.Critical, Kind: alert.Recovered}
	p0 := alert.Episode{Began: time.Date(2026, 2, 9, 5, 49, 0, 0, time.UTC), Since: time.Date(2026, 2, 9, 5, 49, 0, 0, time.UTC), Level: verdict.Critical, Kind: alert.Firing}
	memory := alert.Memory{Alerts: []alert.MetricAlert{{Metric: "crash_rate", At: crash.Ended, Known: true, Episodes: []alert.Episode{crash}}, {Metric: "p0_bugs", At: p0.Began, Known: true, Episodes: []alert.Episode{p0}}}}
	s.Repo.Commit("github-actions[bot]", "main", "alerts", map[string][]byte{"reports/data/alerts.json": memory.Encode()})
	s.World.SetNow(time.Date(2026, 2, 9, 6, 23, 0, 0, time.UTC))
	s.must(t)
	page := s.page("2026/W06/README.md")
	for _, want := range []string{"Released: v1.1.1-beta (5 Feb).", "**Since then**: 🔴 Open P0 bugs on 9 Feb, active since 9 Feb 05:49; 🟢 crash rate resolved 9 Feb 05:00", "crash rate 2.5% in the 24 hours to 28 Jan 09:00, resolved 9 Feb", "| 28 Jan 09:00 | 🔴 Crash rate 2.5% (25 of 1,000"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "Read the errors") {
		t.Errorf("it asks to act on an alert that is over:\n%s", page)
	}
	// A week later the next digest tells what happened.
	s.World.SetNow(time.Date(2026, 2, 17, 6, 23, 0, 0, time.UTC))
	s.must(t, "-of", "2026-W06")
	if page = s.page("2026/W06/README.md"); strings.Contains(page, "Since then") {
		t.Errorf("a late digest tells of another week:\n%s", page)
	}
}

// A state is compared with what it was when the week began, which the digest of the week
// before showed, and not with what it was the day before.
func TestStateAt_IsThatOfTheWeekBefore(t *testing.T) {
	monday, two, three := time.Date(2026, 2, 9, 0, 0, 0, 0, time.UTC), 2.0, 3.0
	state := func(at time.Time, value, previous *float64) metric.Reading {
		return metric.Reading{Metric: "unanswered_issues", At: at, From: at, Until: at, Value: value, Previous: previous, Verdict: "watch"}
	}
	all := []metric.Reading{state(monday, &two, &two), state(monday.AddDate(0, 0, 6).Add(18*time.Hour), &three, &three), state(monday.AddDate(0, 0, 7), &three, &three)}
	m := config.Metric{Definition: metric.Definition{ID: "unanswered_issues"}.Whole()}
	e, known := whole(m, all, span{monday, monday.AddDate(0, 0, 7)}, verdict.Default)
	if !known || e.Reading.Previous == nil || *e.Reading.Previous != 2 || e.Change() != "+1" {
		t.Errorf("%v: changed by %s", known, e.Change())
	}
	if e, _ = whole(m, all[1:], span{monday, monday.AddDate(0, 0, 7)}, verdict.Default); e.Change() != "–" {
		t.Errorf("without the week before it changed by %s", e.Change())
	}
}
