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

// An alert without a response comes first, then a critical one that somebody follows, mail
// that waits, an alert that ends by itself, what is off target, a source with an error. A
// page names two.
func TestNext_NamesWhatIsMostUrgent(t *testing.T) {
	since := now.Add(-3 * time.Hour)
	told := alert.MetricTold{At: since, Kind: alert.Firing, State: alert.Sent, By: "slack", Ref: "1", Respond: 4 * time.Hour}
	waiting := alert.Fired{Metric: yanked, Episode: alert.Episode{Began: since, Since: since, Level: verdict.Critical, Told: []alert.MetricTold{told}}}
	taken := waiting
	taken.Answered, taken.Answerer = since.Add(time.Minute), "lena"
	counted := waiting
	counted.Told, counted.Covered = nil, true
	mail := alert.Fired{Metric: "mail:1", Notice: &alert.Notice{Labels: []string{"privacy"}}, Episode: alert.Episode{Began: since, Since: since, Told: []alert.MetricTold{told}}}
	mail.Told[0].Respond = time.Hour
	one := 1.0
	withdrawn := Entry{Definition: metric.Definition{ID: yanked}.Whole(), Reading: metric.Reading{Value: &one, From: now, Until: now}, Verdict: verdict.Verdict{Metric: yanked, Level: verdict.OK, Number: verdict.Number{Value: &one}}}
	waits := Entry{Definition: metric.Definition{ID: "unanswered_issues"}.Whole(), Reading: metric.Reading{Value: &one, From: now, Until: now}, Verdict: verdict.Verdict{Metric: "unanswered_issues", Level: verdict.Watch, Number: verdict.Number{Value: &one}}}
	broken := []model.Gap{{Source: "surveys", Reason: "the file cannot be read", Hint: "save it as UTF-8."}}
	clock := func(t time.Time) string { return t.Format("2 Jan 15:04") + " UTC" }
	answerMail := "anyone on the team: Respond to the mail of " + clock(since) + ": Mail labelled privacy (late, due " + clock(since.Add(time.Hour)) + ")"
	const triage = "anyone on the team: Triage the issues that wait for a first response (Unanswered issues (over 24h): 1)"
	for name, c := range map[string]struct {
		day  Day
		want string // who, then what
	}{
		"an alert waits": {Day{Fired: []alert.Fired{mail, waiting}, Entries: []Entry{withdrawn, waits}},
			"anyone on the team: Respond to Yanked versions (due " + clock(since.Add(4*time.Hour)) + "): Find who withdrew the version, and publish one that replaces it; then " + answerMail},
		"a critical one is followed": {Day{Fired: []alert.Fired{taken, mail}, Entries: []Entry{withdrawn, waits}},
			"lena: Follow up on Yanked versions: Find who withdrew the version, and publish one that replaces it; then " + answerMail},
		"a mail waits":      {Day{Fired: []alert.Fired{mail}, Entries: []Entry{withdrawn, waits}}, answerMail + "; then " + triage},
		"it ends by itself": {Day{Fired: []alert.Fired{counted}, Entries: []Entry{withdrawn, waits}}, "anyone on the team: Follow up on Yanked versions; then " + triage},
		"one is off target": {Day{Entries: []Entry{withdrawn, waits}}, triage},
		"a source fails":    {Day{Entries: []Entry{withdrawn}, Gaps: broken}, "anyone on the team: Repair the source surveys: save it as UTF-8"},
		"all is well":       {Day{Entries: []Entry{withdrawn}}, ": None: no alert is active, and every metric with data is on target"},
		"nothing is known":  {Day{}, "anyone on the team: Connect a source of data: no metric tells how the release does yet"},
		"measured later":    {Day{Fired: []alert.Fired{waiting}, Afterwards: "2 Feb"}, ""},
	} {
		c.day.Now = now
		var said []string
		for _, next := range c.day.next() {
			said = append(said, next.Who+": "+next.What)
		}
		if got := strings.Join(said, "; then "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// In the week before general availability the next step is the decision of the gate, and
// follows it when it changes between two snapshots.
func TestNext_IsGeneralAvailabilityInTheWeekBefore(t *testing.T) {
	ga := time.Date(2026, 2, 15, 0, 0, 0, 0, time.UTC)
	release := model.Release{Version: "v1.1.0-beta", Shipped: dayOf("2026-01-24"), GA: dayOf("2026-02-15")}
	out := release
	out.Family = []model.Published{{Version: "v1.1.0", At: ga}}
	const decide = "Decide about general availability, planned for 15 Feb: the gate says NO-GO, 5 Feb (missed: Open P0 bugs). Meet or waive that, or move the date"
	for name, c := range map[string]struct {
		release  model.Release
		now      time.Time
		decision string
		want     string
	}{
		"ten days before":    {release, ga.AddDate(0, 0, -10), "NO-GO, 5 Feb", ""},
		"a week before":      {release, ga.AddDate(0, 0, -7), "NO-GO, 5 Feb", decide},
		"undecided":          {release, ga.AddDate(0, 0, -7), "", ""},
		"decided":            {release, ga.AddDate(0, 0, -1), "GO (1 waiver), 14 Feb", "Publish the general availability, planned for 15 Feb: the gate says GO (1 waiver), 14 Feb"},
		"published":          {out, ga.Add(time.Hour), "GO, 14 Feb", ""},
		"a day late":         {release, ga.Add(day), "NO-GO, 5 Feb", ""},
		"no date is planned": {model.Release{Version: "v1.1.0-beta"}, ga, "NO-GO, 5 Feb", ""},
	} {
		if got := gateStep(c.release, c.now, c.decision, "missed: Open P0 bugs").What; got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	d := Day{Release: release, Now: ga.AddDate(0, 0, -1), Gate: "NO-GO, 5 Feb", Lacks: "missed: Open P0 bugs"}
	for name, page := range map[string]string{"README.md": Today(d), "index.html": Index(d)} {
		if !strings.Contains(page, decide+".") {
			t.Fatalf("%s does not say %q", name, decide)
		}
		later := string(WithDecision([]byte(page), gate.Decision{Is: gate.Go}, nil, ga.Add(-5*time.Hour)))
		d.Gate = "GO, 14 Feb"
		want := map[string]string{"README.md": Today(d), "index.html": Index(d)}[name]
		if later != want {
			t.Errorf("%s: with the decision it is\n%s\nand the next snapshot writes\n%s", name, later, want)
		}
		d.Gate = "NO-GO, 5 Feb"
	}
}

// A period that is over names the mail that nobody answered, and what came of the release.
func TestRetrospective_NamesWhatWaitsAndTheOutcome(t *testing.T) {
	at := time.Date(2026, 1, 28, 11, 5, 0, 0, time.UTC)
	told := alert.MetricTold{At: at, Kind: alert.Firing, State: alert.Sent, By: "slack", Ref: "1", Respond: day}
	m := Month{Release: model.Release{Version: "v1.1.0-beta", GA: dayOf("2026-02-15"), Family: []model.Published{{Version: "v1.1.0", At: time.Date(2026, 2, 15, 9, 0, 0, 0, time.UTC)}}}, Watch: true, From: at.AddDate(0, 0, -4), Until: at.AddDate(0, 0, 30),
		Fired: []alert.Fired{{Metric: "mail:1", Notice: &alert.Notice{Labels: []string{"privacy"}}, Episode: alert.Episode{Began: at, Since: at, Told: []alert.MetricTold{told}}}}}
	page := Retrospective(m)
	for _, want := range []string{"**Next step for anyone on the team:** Respond to the mail of 28 Jan 11:05 UTC: Mail labelled privacy (late, due 29 Jan 11:05 UTC).", "GA: v1.1.0 on 15 Feb, as planned."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page[:min(len(page), 900)])
		}
	}
	m.Until = at.AddDate(0, 0, 10)
	if page := Retrospective(m); strings.Contains(page, "v1.1.0 on 15 Feb") {
		t.Error("a period names what came after it")
	}
}

func dayOf(s string) model.Date {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return model.Date{Time: at}
}

// What a decision lacks stands on the gate's page, and is read from there.
func TestGateLacks(t *testing.T) {
	outcome := func(state gate.State) gate.Outcome {
		return gate.Outcome{Part: "must", State: state, Criterion: gate.Criterion{Metric: "privacy_leaks"}}
	}
	for _, c := range []struct {
		is       gate.Result
		outcomes []gate.Outcome
		want     string
	}{
		{gate.NoGo, []gate.Outcome{outcome(gate.Met), outcome(gate.Missed)}, "missed: Privacy leak reports"},
		{gate.Undecided, []gate.Outcome{outcome(gate.Unknown)}, "no data: Privacy leak reports"},
		{gate.Go, []gate.Outcome{outcome(gate.Met)}, ""},
	} {
		page := Gate(GatePage{Now: now, Decision: gate.Decision{Is: c.is, Outcomes: c.outcomes}})
		if got := GateLacks([]byte(page)); got != c.want {
			t.Errorf("got %q, want %q, of\n%s", got, c.want, page[:200])
		}
	}
}

// A digest asks for mail of the weeks before, too, while nobody has answered it.
func TestActions_BeginWithMailThatWaits(t *testing.T) {
	at := now.AddDate(0, 0, -10)
	told := alert.MetricTold{At: at, Kind: alert.Firing, State: alert.Sent, By: "slack", Ref: "1", Respond: day}
	mail := alert.Fired{Metric: "mail:1", Notice: &alert.Notice{Labels: []string{"privacy"}}, Episode: alert.Episode{Began: at, Since: at, Told: []alert.MetricTold{told}}}
	w := Week{From: now.AddDate(0, 0, -7), Until: now, Mail: []alert.Fired{mail}}
	if got := Actions(w); len(got) != 1 || got[0].What != "Respond to the mail of "+shortMoment(at) {
		t.Errorf("got %v", got)
	}
	w.Mail[0].Answered = at.Add(time.Hour)
	if got := Actions(w); len(got) != 0 {
		t.Errorf("somebody has answered, and the digest asks for %v", got)
	}
}
