package report

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// weekEntry is a metric at a level over a week, with a value and that of the week before.
func weekEntry(t *testing.T, id, target string, level verdict.Level, value, previous float64) Entry {
	t.Helper()
	d := metric.Definition{ID: id}.Whole()
	e := Entry{Definition: d, Reading: metric.Reading{Metric: id, Value: &value},
		Verdict: verdict.Verdict{Metric: id, Level: level, Unit: d.Unit, Number: verdict.Number{Value: &value, Previous: &previous}}}
	var err error
	if e.Thresholds.Target, err = verdict.ParseBound(target); err != nil {
		t.Fatal(err)
	}
	return e
}

// An action for an alert that is over stands below those for what is open, with the day
// on which it was resolved, also where its metric is past a threshold over the week.
func TestActions_PutWhatIsOverLast(t *testing.T) {
	monday := time.Date(2026, 1, 26, 0, 0, 0, 0, time.UTC)
	fired := func(id string, ended time.Time) alert.Fired {
		return alert.Fired{Metric: id, Episode: alert.Episode{Began: monday, Since: monday, Ended: ended, Level: verdict.Critical}}
	}
	w := Week{From: monday, Until: monday.AddDate(0, 0, 7), Days: 7,
		Entries: []Entry{weekEntry(t, "pii_in_telemetry", "= 0", verdict.Critical, 1, 0), weekEntry(t, "privacy_leaks", "= 0", verdict.Critical, 1, 0), weekEntry(t, "unanswered_issues", "= 0", verdict.Watch, 2, 2)},
		Fired:   []alert.Fired{fired("pii_in_telemetry", monday.AddDate(0, 0, 2)), fired("privacy_leaks", time.Time{})}}
	all := Actions(w)
	if len(all) != 3 || !strings.HasPrefix(all[0].Why, "Privacy leak reports") || !strings.HasPrefix(all[1].Why, "Unanswered issues") || !strings.Contains(all[2].Why, "resolved 28 Jan after 2d") {
		t.Errorf("the actions are %+v", all)
	}
	for _, a := range all {
		if strings.Contains(a.What, "telemetry backend") {
			t.Errorf("%q is asked for what is over", a.What)
		}
	}
	w.Since.Resolved = []alert.Fired{fired("privacy_leaks", monday.AddDate(0, 0, 7).Add(time.Hour))} // before the digest was written
	if all = Actions(w); len(all) != 2 || !strings.Contains(all[1].Why, "resolved 2 Feb") {
		t.Errorf("after both are over the actions are %+v", all)
	}
}

// What lasts is among the highlights, before any number of worse incidents that are over.
func TestHighlights_BeginWithWhatLasts(t *testing.T) {
	monday := time.Date(2026, 1, 26, 0, 0, 0, 0, time.UTC)
	w := Week{From: monday, Until: monday.AddDate(0, 0, 7)}
	for _, id := range []string{"crash_rate", "p0_bugs", "yanked_versions", "pii_in_telemetry", "vulnerabilities"} {
		at := monday.Add(time.Duration(len(w.Fired)+1) * time.Hour)
		w.Fired = append(w.Fired, alert.Fired{Metric: id, Episode: alert.Episode{Began: at, Since: at, Ended: at.Add(time.Hour), Level: verdict.Critical}})
	}
	w.Fired = append(w.Fired, alert.Fired{Metric: "nps", Episode: alert.Episode{Began: monday, Since: monday, Level: verdict.Warning}})
	if all := w.highlights(); len(all) != maxHighlights || !strings.Contains(all[0], "Net Promoter Score") || !strings.Contains(all[0], "active at the end of the period") {
		t.Errorf("the highlights are %q", all)
	}
}

// A move away from the target is not shown as good alone: it has the sign that the table
// below has, and says where it goes.
func TestHighlights_ShowNoWorseningAsGood(t *testing.T) {
	for _, c := range []struct {
		id, target    string
		value, before float64
		want          string
	}{
		{"telemetry_opt_out_rate", "< 30%", 14.6, 10.6, ", on target and moving away from it"},
		{"telemetry_opt_out_rate", "< 30%", 10.6, 14.6, "against the previous week)"},
		{"command_success_rate", ">= 80%", 82, 95, ", on target and moving away from it"},
		{"command_success_rate", ">= 80%", 95, 82, "against the previous week)"},
	} {
		e := weekEntry(t, c.id, c.target, verdict.OK, c.value, c.before)
		if all := (Week{Entries: []Entry{e}}).moved(); len(all) != 1 || !strings.HasPrefix(all[0], "🟢 ") || !strings.HasSuffix(all[0], c.want) {
			t.Errorf("%s from %g to %g: %q, want %q", c.id, c.before, c.value, all, c.want)
		}
	}
}

// A digest names the versions and the decisions of the gate of its week, and what began
// after the week and is active when it is written; Slack has the same.
func TestDigest_SaysWhatHappenedSince(t *testing.T) {
	monday := time.Date(2026, 2, 9, 0, 0, 0, 0, time.UTC)
	later, six := monday.AddDate(0, 0, 7).Add(5*time.Hour), 6.0
	crash := weekEntry(t, "crash_rate", "< 0.1%", verdict.OK, 0, 0)
	crash.Reading = metric.Reading{}
	crash.History = []metric.Reading{{Metric: "crash_rate", At: later, From: later.Add(-day), Until: later, Value: &six, Verdict: "critical"}}
	feed := Feed(nil, "X", "https://x.example/", []FeedEntry{
		GateEntry("X", "v1", gate.Decision{Is: gate.NoGo}, nil, monday.Add(-time.Hour)),
		GateEntry("X", "v1", gate.Decision{Is: gate.Go, Outcomes: []gate.Outcome{{Part: "must", State: gate.Waived, Criterion: gate.Criterion{Metric: "privacy_leaks"}}}}, nil, monday.Add(5*day)),
	})
	w := Week{Year: 2026, Number: 7, From: monday, Until: monday.AddDate(0, 0, 7), Days: 7, Gate: GateDecisions(feed, monday, monday.AddDate(0, 0, 7)),
		Release: model.Release{Project: "X", Version: "v1-beta", Family: []model.Published{{Version: "v1-beta", At: monday.AddDate(0, 0, -14)}, {Version: "v1", At: monday.Add(6 * day)}}},
		Since:   Since{At: later.Add(time.Hour), Fired: []alert.Fired{{Metric: "crash_rate", Episode: alert.Episode{Began: later, Since: later, Level: verdict.Critical}}}, Entries: []Entry{crash}}}
	page, message := Digest(w), DigestMessage(alert.Due{Channel: "team", By: "slack"}, w, alert.Channel{}, "", place)
	for _, want := range []string{"**Since then**: 🔴 Crash rate 6% in the 24 hours to 16 Feb 05:00, active since 16 Feb 05:00", "Released: v1 (15 Feb).", "Release gate: GO (1 waiver), 14 Feb: 0 of 1 required criteria met, waived: Privacy leak reports."} {
		if !strings.Contains(page, want) {
			t.Errorf("the digest lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "NO-GO") || strings.Contains(page, "v1-beta (") {
		t.Errorf("the digest tells of another week:\n%s", page)
	}
	if len(message.Facts) < 3 || message.Facts[0].Name != "Since then" || !strings.HasPrefix(message.Facts[0].Value, "🔴 Crash rate 6%") {
		t.Errorf("the message says %+v", message.Facts)
	}
	w.Since, w.Gate, w.Release.Family = Since{}, nil, nil
	if page = Digest(w); strings.Contains(page, "Since then") || strings.Contains(page, "Released") || strings.Contains(page, "gate") {
		t.Errorf("a quiet week says\n%s", page)
	}
}

// A first response after the time in which it was asked for is marked so, with the limit.
func TestIncidents_MarkALateResponse(t *testing.T) {
	at := time.Date(2026, 2, 1, 9, 34, 0, 0, time.UTC)
	for answered, want := range map[time.Duration]string{14 * time.Minute: "14m", 18 * time.Minute: "18m (late, limit 15m)"} {
		f := alert.Fired{Metric: "yanked_versions", Episode: alert.Episode{Began: at, Since: at, Level: verdict.Critical, Answered: at.Add(answered), Told: []alert.MetricTold{
			{Channel: "team", Kind: alert.Firing, State: alert.Sent, At: at, Respond: time.Hour}, {Channel: "alerts", Kind: alert.Firing, State: alert.Sent, At: at, Respond: 15 * time.Minute}}}}
		if got := incidentOf(f, Entry{}, at.Add(time.Hour)).Response; got != want {
			t.Errorf("after %s: %q, want %q", answered, got, want)
		}
		if f.Level = verdict.Warning; incidentOf(f, Entry{}, at.Add(time.Hour)).Response != strings.Split(want, " ")[0] {
			t.Error("of a warning, whose time runs in the hours of its route, the limit is known")
		}
	}
}

// The page of the gate says what is decided and how far a window reaches back before the
// release; nothing on it is stale the day after.
func TestGate_NamesItsWindowAndWhatIsDecided(t *testing.T) {
	date := func(s string) model.Date { at, _ := time.Parse(time.DateOnly, s); return model.Date{Time: at} }
	zero := 0.0
	outcome := func(days int) gate.Outcome {
		return gate.Outcome{Part: "must", State: gate.Met, Criterion: gate.Criterion{Metric: "privacy_leaks"}, Over: model.Duration(time.Duration(days) * day), Verdict: verdict.Verdict{Unit: "reports", Number: verdict.Number{Value: &zero}}}
	}
	p := GatePage{Release: model.Release{Project: "X", Version: "v1.1.0-beta", Shipped: date("2026-01-24"), GA: date("2026-02-15")}, Now: date("2026-02-14").Time.Add(19 * time.Hour), Decision: gate.Decision{Is: gate.Go, Outcomes: []gate.Outcome{outcome(28), outcome(21)}}}
	page := Gate(p)
	for _, want := range []string{"X v1.1.0-beta, decision on its general availability · ", "GA planned 15 Feb\n", "; the window began 6 days before the release"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "tomorrow") || strings.Count(page, "before the release") != 1 {
		t.Errorf("the page says\n%s", page)
	}
	p.Release.Family = []model.Published{{Version: "v1.1.0-beta"}, {Version: "v1.1.0"}}
	if page = Gate(p); strings.Contains(page, "decision on") {
		t.Errorf("after general availability the page says\n%s", page)
	}
}

// A figure and how much of it came from surveys stand in one pair of brackets.
func TestCounting(t *testing.T) {
	for key, want := range map[string]string{
		"#5 Add nushell (6 survey answers)":             "#5 Add nushell (15 votes, 6 of them survey answers)",
		"#5 Add (a|b) (1 survey answer)":                "#5 Add (a|b) (15 votes, 1 of them a survey answer)",
		"a history (7 survey answers without an issue)": "a history (7 survey answers without an issue) (15 votes)",
		"#7 an undo": "#7 an undo (15 votes)",
	} {
		if got := counting(key, "15 votes"); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}

// A phase that begins or ends within a week is named with its days: the last day of a week
// does not name the others.
func TestWeek_NamesPhasesByTheirDays(t *testing.T) {
	date := func(d int) model.Date { return model.Date{Time: time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC)} }
	r := model.Release{Shipped: date(24), Phases: []model.Phase{
		{Name: "Launch", Week: 1, Focus: []string{"stability"}, Todo: []string{"Look at P0 bugs"}}, {Name: "Stabilization", Week: 2, Focus: []string{"requests"}, Todo: []string{"Compare the weeks"}},
	}}
	r.Resolve()
	for _, c := range []struct {
		from               int
		period, name, todo string
	}{
		{12, "ISO week 2026-W03", "Launch from 24 Jan", "Look at P0 bugs"},
		{19, "ISO week 2026-W04 · phase Launch from 24 Jan", "Launch to 30 Jan, Stabilization from 31 Jan", "Look at P0 bugs; From 31 Jan: Compare the weeks"},
		{26, "ISO week 2026-W05 · phase Launch to 30 Jan, Stabilization from 31 Jan", "Stabilization to 6 Feb", "Compare the weeks"},
		{33, "ISO week 2026-W06 · phase Stabilization to 6 Feb", "", ""},
	} {
		w := Week{Release: r, From: date(c.from).Time, Until: date(c.from + 7).Time}
		w.Year, w.Number = w.From.ISOWeek()
		name, focus, todo := w.ahead()
		if got := w.period(); got != c.period {
			t.Errorf("period: got %q, want %q", got, c.period)
		}
		if name != c.name || strings.Join(todo, "; ") != c.todo {
			t.Errorf("ahead: got %q, %q, want %q, %q", name, todo, c.name, c.todo)
		}
		if c.from == 19 && focus != "stability; from 31 Jan: requests" {
			t.Errorf("focus: got %q", focus)
		}
	}
}

// The plan's digest tells how many installations succeed, this week and the last.
func TestWeek_TellsTheInstallationSuccess(t *testing.T) {
	d, _ := metric.Find("installation_failure_rate")
	value, before := 2.25, 0.04
	e := Entry{Definition: d, Verdict: verdict.Verdict{Level: verdict.OK, Unit: "%", Number: verdict.Number{Value: &value, Previous: &before}}}
	w := Week{From: time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC)}
	if got := w.score(e).Sub; got != "installation success 97.8%, the week before 99.96%" {
		t.Errorf("got %q", got)
	}
	e.Definition, _ = metric.Find("crash_rate")
	if got := w.score(e).Sub; got != "" {
		t.Errorf("a rate without a complement: %q", got)
	}
}
