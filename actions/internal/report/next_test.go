package report

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/humanize"
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
	counted := taken
	counted.Told, counted.Covered = nil, true
	slower := waiting
	slower.Metric, slower.Level = "crash_rate", verdict.Warning
	mail := alert.Fired{Metric: "mail:1", Notice: &alert.Notice{Labels: []string{"privacy"}}, Episode: alert.Episode{Began: since, Since: since, Told: []alert.MetricTold{told}}}
	mail.Told[0].Respond = time.Hour
	one := 1.0
	withdrawn := Entry{Definition: metric.Definition{ID: yanked}.Whole(), Reading: metric.Reading{Value: &one, From: now, Until: now}, Verdict: verdict.Verdict{Metric: yanked, Level: verdict.OK, Number: verdict.Number{Value: &one}}}
	waits := Entry{Definition: metric.Definition{ID: "unanswered_issues"}.Whole(), Reading: metric.Reading{Value: &one, From: now, Until: now}, Verdict: verdict.Verdict{Metric: "unanswered_issues", Level: verdict.Watch, Number: verdict.Number{Value: &one}}}
	broken := []model.Gap{{Source: "surveys", Reason: "the file cannot be read", Hint: "save it as UTF-8."}}
	clock := func(t time.Time) string { return t.Format("2 Jan 15:04") + " UTC" }
	answerMail := "anyone on the team: Respond to the mail of " + clock(since) + ": Mail labelled privacy (late, due " + clock(since.Add(time.Hour)) + ")"
	const allow = "If the withdrawal was on purpose, allow for it in rules.yaml (yanked_versions with target <= 1 and critical >= 2). Otherwise restore each of them, or publish what replaces it"
	const triage = "anyone on the team: Triage the issues that wait for a first response (Unanswered issues (over 24h): 1)"
	for name, c := range map[string]struct {
		day  Day
		want string // who, then what
	}{
		"an alert waits": {Day{Fired: []alert.Fired{mail, waiting}, Entries: []Entry{withdrawn, waits}},
			"anyone on the team: Respond to Yanked versions (due " + clock(since.Add(4*time.Hour)) + "): Find who withdrew the version, and publish one that replaces it; then " + answerMail},
		"a critical one is followed": {Day{Fired: []alert.Fired{taken, mail}, Entries: []Entry{withdrawn, waits}},
			answerMail + "; then lena: Follow up on Yanked versions: " + allow},
		"a late issue is older than the mail": {Day{Fired: []alert.Fired{mail}, Unanswered: []Unanswered{
			{Number: 7, Title: "slow", Labels: []string{"P1"}, Since: since, Within: "1d", Due: since.Add(day)},
			{Number: 4, Title: "garbled\nnext", Labels: []string{"needs-triage"}, Since: since.Add(-2 * day), Within: "1d", Due: since.Add(-day)},
		}}, answerMail + "; then anyone on the team: Respond to issue #4 of " + humanize.Day(since.Add(-2*day)) + ": “garbled next” (needs-triage, late, limit 1d), then to 1 more"},
		"three wait": {Day{Unanswered: []Unanswered{
			{Number: 4, Title: "a", Labels: []string{"P1"}, Since: since, Within: "1d", Due: since.Add(day)},
			{Number: 5, Title: "b", Labels: []string{"P1"}, Since: since, Due: since.Add(25 * time.Hour)},
			{Number: 6, Title: "c", Labels: []string{"P1"}, Since: since, Within: "2d", Due: since.Add(2 * day)},
		}}, "anyone on the team: Respond to issue #4 of 27 Jan: “a” (P1, within 1d); then anyone on the team: Respond to issue #5 of 27 Jan: “b” (P1, due 28 Jan 07:05 UTC), then to 1 more"},
		"an urgent issue goes before a followed alert": {Day{Entries: []Entry{withdrawn}, Fired: []alert.Fired{taken}, Unanswered: []Unanswered{
			{Number: 6, Title: "it leaks", Labels: []string{"P0", "privacy-leak"}, Since: now, Within: "15m", Due: now.Add(15 * time.Minute)},
		}}, "anyone on the team: Respond to issue #6 of " + humanize.Day(now) + ": “it leaks” (P0, privacy-leak, within 15m); then lena: Follow up on Yanked versions: " + allow},
		"a mail waits": {Day{Fired: []alert.Fired{mail}, Entries: []Entry{withdrawn, waits}}, answerMail + "; then " + triage},
		"a warning waits beside it": {Day{Fired: []alert.Fired{taken, slower}, Entries: []Entry{withdrawn}},
			"anyone on the team: Respond to Crash rate; then lena: Follow up on Yanked versions: " + allow},
		"reports are counted": {Day{Fired: []alert.Fired{counted, mail}, Entries: []Entry{withdrawn}}, answerMail + "; then lena: Follow up on Yanked versions"},
		"one is off target":   {Day{Entries: []Entry{withdrawn, waits}}, triage},
		"a source fails":      {Day{Entries: []Entry{withdrawn}, Gaps: broken}, "anyone on the team: Repair the source surveys: save it as UTF-8"},
		"a source is off":     {Day{Entries: []Entry{withdrawn}, Gaps: []model.Gap{{Source: "surveys", Hint: "name the file", Off: true}}}, ": None: no alert is active, and every metric with data is on target"},
		"all is well":         {Day{Entries: []Entry{withdrawn}}, ": None: no alert is active, and every metric with data is on target"},
		"nothing is known":    {Day{}, "anyone on the team: Connect a source of data: no metric tells how the release does yet"},
		"measured later":      {Day{Fired: []alert.Fired{waiting}, Afterwards: "2 Feb"}, ""},
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
	const decide = "Decide about general availability, planned for 15 Feb: the gate says NO-GO, 5 Feb; missed: Open P0 bugs. Meet or waive that, or move the date"
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
	m.Fired[0].Answered = m.Until.Add(time.Hour)
	if page := Retrospective(m); strings.Contains(page, "v1.1.0") && strings.Contains(page, "15 Feb)") || !strings.Contains(page, "Respond to the mail of 28 Jan") {
		t.Errorf("a period knows what came after it:\n%s", page[:500])
	}
	m.Fired = nil
	for want, rows := range map[string][]targetRow{
		"Decide about new forks, on target on 1 of 9 days: plant trees, or set another target": {{missed: 0.4, Title: "New stars"}, {missed: 0.9, Title: "New forks", Share: "1 of 9", action: "Plant trees"}},
		"None: nothing was off target on most days":                                            {{missed: 0.4, Title: "New stars"}},
	} {
		if got := m.next(monthView{Targets: rows}); len(got) != 1 || got[0].What != want {
			t.Errorf("got %v, want %q", got, want)
		}
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
	w.Since.At = at.Add(time.Hour) // that it is late is known when the digest is written
	if got := Actions(w); len(got) != 1 || strings.Contains(got[0].Why, "late") {
		t.Errorf("an hour later: %v", got)
	}
	w.Mail[0].Answered = at.Add(time.Minute)
	if got := Actions(w); len(got) != 0 {
		t.Errorf("somebody has answered, and the digest asks for %v", got)
	}
}

// Who is asked to respond stands in the first route for the alert at its level.
func TestAsked_ByTheRoute(t *testing.T) {
	warning := alert.Fired{Metric: yanked, Episode: alert.Episode{Level: verdict.Warning}}
	route := func(level verdict.Level, mention string, to ...string) alert.Route {
		return alert.Route{Metric: model.Names{yanked}, Level: string(level), Mention: mention, To: to}
	}
	for _, c := range []struct {
		routes []alert.Route
		want   string
	}{
		{nil, anyone},
		{[]alert.Route{route(verdict.Critical, "here", "alerts")}, anyone},
		{[]alert.Route{route(verdict.Critical, "here", "alerts"), route(verdict.Warning, "channel", "alerts")}, "@channel"},
		{[]alert.Route{route(verdict.Warning, "", "alerts"), route(verdict.Warning, "channel", "alerts")}, "anyone in the channel alerts"},
		{[]alert.Route{route(verdict.Warning, "U0123ABCD", "alerts", "team")}, "anyone in the channels alerts and team"},
	} {
		if got := asked(c.routes, warning); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// What the gate misses is named by titles of rules.yaml, which may have signs of Markdown
// and of HTML.
func TestWithDecision_EscapesTitles(t *testing.T) {
	ga := time.Date(2026, 2, 15, 0, 0, 0, 0, time.UTC)
	titles := map[string]string{"own": "A|B <i>*now*</i> & then"}
	missed := gate.Decision{Is: gate.NoGo, Outcomes: []gate.Outcome{{Part: "must", State: gate.Missed, Criterion: gate.Criterion{Metric: "own"}}}}
	d := Day{Release: model.Release{Version: "v1.1.0-beta", Shipped: dayOf("2026-01-24"), GA: dayOf("2026-02-15")}, Now: ga.AddDate(0, 0, -1), Gate: "GO, 13 Feb"}
	readme, dashboard := Today(d), Index(d)
	d.Gate, d.Lacks = "NO-GO, 14 Feb", "missed: "+titles["own"]
	for name, c := range map[string][2]string{"README.md": {readme, Today(d)}, "index.html": {dashboard, Index(d)}} {
		if got := string(WithDecision([]byte(c[0]), missed, titles, d.Now)); got != c[1] {
			t.Errorf("%s: with the decision it is\n%s\nand the next snapshot writes\n%s", name, got[:900], c[1][:900])
		}
	}
}

// A metric of the first priority without data is named, and a text of a source has no
// signs that show nothing.
func TestNext_NamesWhatCannotBeSeen(t *testing.T) {
	one := 1.0
	seen := Entry{Definition: metric.Definition{ID: "open_bugs"}.Whole(), Reading: metric.Reading{Value: &one, From: now, Until: now}, Verdict: verdict.Verdict{Metric: "open_bugs", Level: verdict.OK, Number: verdict.Number{Value: &one}}}
	blind := Entry{Definition: metric.Definition{ID: "p0_bugs"}.Whole(), Verdict: verdict.Verdict{Metric: "p0_bugs", Level: verdict.Unknown, Why: "the source did not answer"}}
	if got := (Day{Now: now, Entries: []Entry{seen, blind}}).next(); len(got) != 1 || got[0].What != "Find why there is no data on Open P0 bugs" {
		t.Errorf("got %v", got)
	}
	gap := model.Gap{Source: "surveys", Hint: "turn \u202eright\u202c and\nleft"}
	if got := (Day{Now: now, Entries: []Entry{seen}, Gaps: []model.Gap{gap}}).next(); len(got) != 1 || got[0].What != "Repair the source surveys: turn right and left" {
		t.Errorf("got %q", got)
	}
}

// An alert of reports asks for a response to each of them, and for none of its own.
func TestIncident_OfReports(t *testing.T) {
	f := alert.Fired{Metric: "p0_bugs", Episode: alert.Episode{Began: now.Add(-3 * time.Hour), Since: now.Add(-3 * time.Hour), Ended: now, Level: verdict.Critical, Covered: true}}
	if got := incidentOf(f, Entry{}, now).Response; got != perReport {
		t.Errorf("the first response is %q", got)
	}
	c := Course{Definition: metric.Definition{ID: "p0_bugs"}.Whole()}
	if got := (Month{Until: now, Fired: []alert.Fired{f}}).firedLine(c, 1); strings.Contains(got, "response") {
		t.Errorf("a month says %q", got)
	}
	if got := followUp(f); got != "Follow up on the reports that the alert counts" {
		t.Errorf("a week says %q", got)
	}
}

// The figure of now stands beside that of the alert where a reader sees another one.
func TestActive_LeavesOutAFigureThatReadsTheSame(t *testing.T) {
	since := now.Add(-3 * time.Hour)
	for now, want := range map[float64]string{11.32: "", 9: "9%"} {
		worst := 11.34
		reading := metric.Reading{Metric: "crash_rate", At: since.Add(time.Hour), From: since, Until: since.Add(time.Hour), Value: &worst, Verdict: string(verdict.Critical)}
		e := Entry{Definition: metric.Definition{ID: "crash_rate"}.Whole(), History: []metric.Reading{reading}, Reading: metric.Reading{Value: &now, At: since.Add(2 * time.Hour)}, Verdict: verdict.Verdict{Metric: "crash_rate", Level: verdict.Critical, Number: verdict.Number{Value: &now}, Unit: "%"}}
		d := Day{Now: since.Add(2 * time.Hour), Entries: []Entry{e}, Fired: []alert.Fired{{Metric: "crash_rate", Episode: alert.Episode{Began: since, Since: since, Level: verdict.Critical}}}}
		if got := d.active()[0]; got.Now != want {
			t.Errorf("%g%%: %q beside %q, want %q", now, got.Now, got.Name(), want)
		}
	}
}

// A page of the gate about general availability says so once the version is out, once.
func TestGateAfter_SaysWhatIsOut(t *testing.T) {
	ga := time.Date(2026, 2, 15, 0, 0, 0, 0, time.UTC)
	release := model.Release{Project: "Caro", Version: "v1.1.0-beta", Shipped: dayOf("2026-01-24"), GA: dayOf("2026-02-15")}
	before := Gate(GatePage{Release: release, Now: ga.Add(-5 * time.Hour), Decision: gate.Decision{Is: gate.Go}})
	if got := GateAfter([]byte(before), release, ga.Add(time.Hour)); got != nil {
		t.Errorf("nothing is out, and the page became\n%s", got)
	}
	release.Family = []model.Published{{Version: "v1.1.0", At: ga.Add(10 * time.Hour)}}
	if got := GateAfter([]byte(before), release, ga.Add(9*time.Hour)); got != nil {
		t.Errorf("it is out an hour later, and the page became\n%s", got)
	}
	after := GateAfter([]byte(before), release, ga.Add(11*time.Hour))
	want := strings.NewReplacer(" · GA planned 15 Feb", " · GA: v1.1.0 on 15 Feb, as planned",
		"**Next step for anyone on the team:** Publish the general availability, planned for 15 Feb, from v1.1.0-beta, the newest version: nothing required blocks it.", "**Next step:** None: v1.1.0 was published on 15 Feb.").Replace(before)
	if string(after) != want || !strings.Contains(want, "as planned") || !strings.Contains(want, "None: v1.1.0") {
		t.Errorf("got\n%s\nwant\n%s", after, want)
	}
	if GateHeading(after) != GateHeading([]byte(before)) {
		t.Errorf("got %q, want %q", GateHeading(after), GateHeading([]byte(before)))
	}
	if got := GateAfter(after, release, ga.Add(12*time.Hour)); got != nil {
		t.Errorf("a second time it became\n%s", got)
	}
	late := Gate(GatePage{Release: release, Now: ga.Add(11 * time.Hour), Decision: gate.Decision{Is: gate.Go}})
	if strings.Contains(late, "GA planned") || GateAfter([]byte(late), release, ga.Add(12*time.Hour)) != nil {
		t.Errorf("a decision after it says\n%s", late)
	}
}

// A count over a window that must be zero is missed while the window holds it, and only a
// waiver or a later date helps.
func TestGate_SaysUntilWhenACountIsInItsWindow(t *testing.T) {
	two := 2.0
	o := gate.Outcome{Part: "must", State: gate.Missed, Over: model.Duration(28 * day), Leaves: time.Date(2026, 2, 24, 18, 17, 0, 0, time.UTC),
		Criterion: gate.Criterion{Metric: "privacy_leaks"}, Verdict: verdict.Verdict{Unit: "reports", Number: verdict.Number{Value: &two}}}
	d := gate.Decision{Is: gate.NoGo, Outcomes: []gate.Outcome{o}}
	page := Gate(GatePage{Now: now, Decision: d})
	for _, want := range []string{"missed: Privacy leak reports (2 reports in 28 days, in the window until 24 Feb) · decided", "- Waive **Privacy leak reports** (`waived:` in `rules.yaml`), or wait: what it counts is in the window until 24 Feb"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page)
		}
	}
	if got, want := gateWords("15 Feb", "NO-GO, 5 Feb", GateLacks([]byte(page))), "Decide about general availability, planned for 15 Feb: the gate says NO-GO, 5 Feb; missed: Privacy leak reports (2 reports in 28 days, in the window until 24 Feb). Waive that, or move the date"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	o.Leaves = time.Time{}
	page = Gate(GatePage{Now: now, Decision: gate.Decision{Is: gate.NoGo, Outcomes: []gate.Outcome{o}}, Others: []string{"Crash rate", "Yanked | versions"}})
	for _, want := range []string{"(2 reports in 28 days) · decided", "- Meet **Privacy leak reports**, or waive it", "**Not criteria of this gate**, though they raise critical alerts: Crash rate and Yanked \\| versions. "} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page)
		}
	}
}

// A month asks for a response to the issue or mail that has waited longest.
func TestMonth_AsksForTheOldestReport(t *testing.T) {
	told := alert.MetricTold{At: now.Add(-48 * time.Hour), Kind: alert.Firing, State: alert.Sent, By: "slack", Ref: "1", Respond: day}
	mail := alert.Fired{Metric: "mail:1", Notice: &alert.Notice{Labels: []string{"privacy"}}, Episode: alert.Episode{Began: told.At, Since: told.At, Told: []alert.MetricTold{told}}}
	issue := Urgent{Number: 4, Title: "garbled", Labels: []string{"needs-triage"}, Told: 1, Opened: told.At.Add(-time.Hour)}
	younger, answered, closed, wrong, silent := issue, issue, issue, issue, issue
	younger.Number, younger.Opened = 5, told.At.Add(time.Hour)
	answered.Number, answered.Answered = 6, time.Hour
	closed.Number, closed.Closed = 7, true
	wrong.Number, wrong.False = 8, true
	silent.Number, silent.Told = 9, 0
	for name, c := range map[string]struct {
		issues []Urgent
		want   string
	}{
		"an older issue":  {[]Urgent{silent, wrong, closed, answered, younger, issue}, "Respond to issue #4 of " + humanize.Day(issue.Opened) + ": “garbled” (needs-triage)"},
		"an older mail":   {[]Urgent{younger}, mailStep(mail, now)},
		"none that waits": {[]Urgent{silent, wrong, closed, answered}, mailStep(mail, now)},
	} {
		if got := (Month{Until: now, Issues: c.issues, Fired: []alert.Fired{mail}}).oldestReport().What; got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if got := (Month{Until: now}).oldestReport(); got != (step{}) {
		t.Errorf("nothing waits: got %v", got)
	}
}
