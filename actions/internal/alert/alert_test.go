package alert

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/model"
)

var now = time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)

func planned(t *testing.T) ([]Route, Channels) {
	t.Helper()
	var doc struct {
		Channels Channels `yaml:"channels"`
		Routes   []Route  `yaml:"routes"`
	}
	err := yaml.Unmarshal([]byte(`
channels:
  alerts: {slack: '#alerts'}
  monitoring: {slack: '#monitoring'}
  team: {email: [team@example.org]}
routes:
  - {label: [P0, critical, security], to: [alerts], mention: channel, respond: 1h, runbook: docs/run.md}
  - {label: privacy-leak, to: [alerts, team], mention: team, respond: 15m}
  - {label: P1, to: [monitoring], respond: 4h, continue: true}
  - {label: [P1, P0], to: [team]}
`), &doc)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Routes, doc.Channels
}

func due(channel, by string, respond time.Duration, mention string, episode int, labels ...string) Due {
	return Due{Issue: 7, Channel: channel, By: by, Labels: labels, Mention: mention, Respond: respond, Episode: episode}
}

func TestForIssue(t *testing.T) {
	routes, channels := planned(t)
	minute := 0
	at := func() time.Time { minute++; return now.Add(time.Duration(minute) * time.Minute) }
	put := func(label string) model.LabelEvent { return model.LabelEvent{Label: label, Added: true, At: at()} }
	removed := func(label string) model.LabelEvent { return model.LabelEvent{Label: label, At: at()} }
	labels := func(events ...model.LabelEvent) model.History { return model.History{Labels: events} }
	closed, reopened := model.StateEvent{Closed: true, At: now.Add(time.Hour)}, model.StateEvent{At: now.Add(2 * time.Hour)}
	for _, c := range []struct {
		name   string
		labels []string
		past   model.History
		state  string
		want   []string
	}{
		{"a label without a route leads nowhere", []string{"bug"}, model.History{}, "open", nil},
		{"the first route wins", []string{"P0"}, model.History{}, "open", []string{"alerts/slack [P0] channel 1h 0"}},
		{"labels of one route make one message", []string{"security", "P0"}, model.History{}, "open", []string{"alerts/slack [P0 security] channel 1h 0"}},
		{"the stricter terms hold for a channel", []string{"P0", "privacy-leak"}, model.History{}, "open",
			[]string{"alerts/slack [P0 privacy-leak] team 15m 0", "team/email [privacy-leak] team 15m 0"}},
		{"continue goes on", []string{"P1"}, model.History{}, "open", []string{"monitoring/slack [P1]  4h 0", "team/email [P1]  0s 0"}},
		{"labels ignore case", []string{"p0"}, model.History{}, "open", []string{"alerts/slack [p0] channel 1h 0"}},
		{"a label put back is a new episode", []string{"P0"}, labels(put("P0"), removed("p0"), removed("bug")), "open", []string{"alerts/slack [P0] channel 1h 1"}},
		{"so is another label of the same channel after the first is gone", []string{"security"}, labels(put("P0"), removed("P0"), put("security")), "open", []string{"alerts/slack [security] channel 1h 1"}},
		{"and an issue that was closed with it and reopened", []string{"P0"}, model.History{Labels: []model.LabelEvent{{Label: "P0", Added: true, At: now}}, States: []model.StateEvent{closed, reopened}}, "open", []string{"alerts/slack [P0] channel 1h 1"}},
		{"one that was closed without it had nothing to end", []string{"P0"}, model.History{States: []model.StateEvent{closed, reopened}}, "open", []string{"alerts/slack [P0] channel 1h 0"}},
		{"a label that makes way for a worse one ends nothing", []string{"P0"}, labels(put("security"), put("P0"), removed("security")), "open", []string{"alerts/slack [P0] channel 1h 0"}},
		{"what leads to another channel ends nothing here", []string{"P0"}, labels(put("P1"), removed("P1")), "open", []string{"alerts/slack [P0] channel 1h 0"}},
		{"a closed issue demands nothing", []string{"P0"}, model.History{}, "closed", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, d := range ForIssue(model.Issue{Number: 7, State: c.state}, c.labels, c.past, routes, channels) {
				got = append(got, strings.Join([]string{d.Channel + "/" + d.By, "[" + strings.Join(d.Labels, " ") + "]", d.Mention, model.Duration(d.Respond).String(), string(rune('0' + d.Episode))}, " "))
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestNews(t *testing.T) {
	hour, quarter := time.Hour, 15*time.Minute
	told := func(state State, until time.Duration, respond time.Duration, episode int) []Marker {
		return []Marker{{Comment: 1, Run: "1/1", Until: now.Add(until), Told: []Told{{Channel: "alerts", By: "slack", State: state, Respond: respond, Episode: episode}}}}
	}
	for _, c := range []struct {
		name  string
		due   Due
		heard []Marker
		news  bool
		worse bool
		left  bool
	}{
		{"nobody has heard", due("alerts", "slack", hour, "", 0, "P0"), nil, true, false, false},
		{"told before", due("alerts", "slack", hour, "", 0, "P0"), told(Sent, -hour, hour, 0), false, false, false},
		{"another channel has heard", due("team", "slack", hour, "", 0, "P0"), told(Sent, -hour, hour, 0), true, false, false},
		{"another way has heard", due("alerts", "email", hour, "", 0, "P0"), told(Sent, -hour, hour, 0), true, false, false},
		{"another run is telling", due("alerts", "slack", hour, "", 0, "P0"), told(Pending, hour, hour, 0), false, false, true},
		{"an earlier attempt of this run died telling", due("alerts", "slack", hour, "", 0, "P0"), []Marker{{Comment: 1, Run: "2/0", Until: now.Add(hour), Told: []Told{{Channel: "alerts", By: "slack", State: Pending, Respond: hour}}}}, true, false, false},
		{"another run is telling less urgently", due("alerts", "slack", quarter, "", 0, "P0"), told(Pending, hour, hour, 0), true, true, false},
		{"the other run never said that it did", due("alerts", "slack", hour, "", 0, "P0"), told(Pending, -hour, hour, 0), true, false, false},
		{"it failed for certain", due("alerts", "slack", hour, "", 0, "P0"), told(Failed, hour, hour, 0), true, false, false},
		{"more urgent than told", due("alerts", "slack", quarter, "", 0, "privacy-leak"), told(Sent, -hour, hour, 0), true, true, false},
		{"less urgent than told", due("alerts", "slack", 4*hour, "", 0, "P1"), told(Sent, -hour, hour, 0), false, false, false},
		{"a new episode", due("alerts", "slack", hour, "", 1, "P0"), told(Sent, -hour, hour, 0), true, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, left := News([]Due{c.due}, c.heard, "2/1", now)
			if (len(got) == 1) != c.news || c.news && got[0].Worse != c.worse {
				t.Errorf("got %+v; want news %v, worse %v", got, c.news, c.worse)
			}
			if (len(left) == 1) != c.left {
				t.Errorf("left to another run: %+v, want %v", left, c.left)
			}
		})
	}
}

func TestMarkersAreOurs(t *testing.T) {
	seal := Seal{Login: "github-actions[bot]", Keys: []string{"k"}, Places: []string{"9", "caro/caro"}}
	m := Marker{Run: "1/1", At: now, Until: now.Add(Hold), Told: []Told{{Channel: "alerts-->", By: "slack", State: Sent, Respond: time.Hour}}}
	line := seal.Line(7, m)
	if strings.Count(line, "-->") != 1 {
		t.Fatalf("the record can end its comment: %s", line)
	}
	for _, c := range []struct {
		name    string
		comment model.Comment
		seal    Seal
		want    bool
	}{
		{"ours", model.Comment{ID: 3, Issue: 7, Author: "github-actions[bot]", Body: line + "\nTold."}, seal, true},
		{"with the line ends of an editor", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: line + "\r\nTold."}, seal, true},
		{"a stranger's copy", model.Comment{Issue: 7, Author: "mallory", Body: line}, seal, false},
		{"not in the first line", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: "> \n" + line}, seal, false},
		{"copied from another issue", model.Comment{Issue: 8, Author: "github-actions[bot]", Body: line}, seal, false},
		{"copied from another repository", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: line}, Seal{seal.Login, []string{"k"}, []string{"other/caro"}}, false},
		{"without a MAC", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: Seal{Login: seal.Login, Places: seal.Places}.Line(7, m)}, seal, false},
		{"without a MAC, and such are believed", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: Seal{Login: seal.Login}.Line(7, m)}, Seal{seal.Login, []string{"k", Unsealed}, seal.Places}, true},
		{"a MAC of nobody's, where such without are believed", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: Seal{Login: seal.Login, Keys: []string{"x"}}.Line(7, m)}, Seal{seal.Login, []string{"k", Unsealed}, seal.Places}, false},
		{"sealed with the key before", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: line}, Seal{seal.Login, []string{"new", "k"}, seal.Places}, true},
		{"sealed with a key that is gone", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: line}, Seal{seal.Login, []string{"new"}, seal.Places}, false},
		{"sealed before the repository was renamed", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: line}, Seal{seal.Login, []string{"k"}, []string{"9", "caro/other"}}, true},
		{"no key is asked for", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: line}, Seal{Login: seal.Login}, true},
		{"half a line", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: line[:len(line)/2]}, seal, false},
		{"an empty record", model.Comment{Issue: 7, Author: "github-actions[bot]", Body: markerStart + "{}" + markerEnd}, Seal{Login: seal.Login}, false},
		{"a deleted author", model.Comment{Issue: 7, Body: line}, seal, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := c.seal.Read(c.comment)
			if ok != c.want {
				t.Fatalf("trusted: %v, want %v", ok, c.want)
			}
			if ok && (got.Run != m.Run || !reflect.DeepEqual(got.Told, m.Told) || !got.Until.Equal(m.Until)) {
				t.Errorf("got %+v, want %+v", got, m)
			}
		})
	}
}

func TestTheOldestLiveClaimWins(t *testing.T) {
	claim := func(id int64, state State, until time.Duration) Marker {
		return Marker{Comment: id, Run: "r", Until: now.Add(until), Told: []Told{{Channel: "alerts", By: "slack", State: state, Respond: time.Hour}}}
	}
	mine := claim(5, Pending, Hold)
	for _, c := range []struct {
		name  string
		other Marker
		won   bool
		spent bool
	}{
		{"an older claim that lives", claim(4, Pending, time.Minute), false, false},
		{"an older claim that ran out", claim(4, Pending, -time.Minute), true, true},
		{"an older one that was sent", claim(4, Sent, -time.Minute), false, false},
		{"an older one that failed", claim(4, Failed, time.Minute), true, true},
		{"a younger claim", claim(6, Pending, Hold), true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := []Marker{c.other, mine}
			if got := Taken(mine, mine.Told[0], all, now) == ""; got != c.won {
				t.Errorf("won: %v, want %v", got, c.won)
			}
			done := mine
			done.Told = []Told{{Channel: "alerts", By: "slack", State: Sent}}
			if _, spent := Fold(done, all, now); (len(spent) == 1) != c.spent {
				t.Errorf("spent: %v, want %v", spent, c.spent)
			}
		})
	}
}

func TestFoldKeepsWhatWasSent(t *testing.T) {
	old := Marker{Comment: 1, Until: now.Add(-time.Hour), Told: []Told{
		{Channel: "alerts", By: "slack", State: Sent, Ref: "C1/2"}, {Channel: "team", By: "email", State: Failed}}}
	mine := Marker{Comment: 2, Until: now.Add(Hold), Told: []Told{{Channel: "team", By: "email", State: Sent}}}
	got, spent := Fold(mine, []Marker{old, mine}, now)
	if len(spent) != 1 || len(got.Told) != 2 || got.Told[0].Ref != "C1/2" || got.Told[1].State != Sent {
		t.Errorf("got %+v and %+v spent", got, spent)
	}
	other := Marker{Comment: 2, Told: []Told{{Channel: "monitoring", By: "slack", State: Sent}}}
	if _, spent := Fold(other, []Marker{old, other}, now); len(spent) != 0 {
		t.Errorf("what nobody took up is spent: %+v", spent)
	}
}

func TestRouteMistakes(t *testing.T) {
	known := Known{Labels: []string{"P0"}, Metrics: []string{"crash_rate"}, Channels: []string{"alerts"}}
	for _, c := range []struct{ name, src, want string }{
		{"a good one", `{label: P0, to: alerts, mention: channel, respond: 1h}`, ""},
		{"a metric's", `{metric: crash_rate, level: critical, to: alerts}`, ""},
		{"nobody hears it", `{label: P0}`, "needs `to`"},
		{"for nothing", `{to: alerts}`, "what it is for"},
		{"a label that is not declared", `{label: P00, to: alerts}`, `did you mean "P0"?`},
		{"a metric that is not measured", `{metric: crash_fre, to: alerts}`, `did you mean "crash_rate"?`},
		{"a channel that is not there", `{label: P0, to: alertz}`, `did you mean "alerts"?`},
		{"both at once", `{label: P0, metric: crash_rate, to: alerts}`, "make two of it"},
		{"a level that is none", `{level: fatal, to: alerts}`, "unknown level"},
		{"a mention with an at sign", `{label: P0, to: alerts, mention: '@team'}`, "notifies nobody of a handle"},
		{"a mention by handle", `{label: P0, to: alerts, mention: team}`, "Copy group ID"},
		{"a person by name", `{label: P0, to: alerts, mention: jane.doe}`, "Copy member ID"},
		{"a person by ID", `{label: P0, to: alerts, mention: U024BE7LH}`, ""},
		{"a person of a grid by ID", `{label: P0, to: alerts, mention: W012A3CDE}`, ""},
		{"a group by ID", `{label: P0, to: alerts, mention: S0123ABCDE}`, ""},
		{"those who are here", `{label: P0, to: alerts, mention: here}`, ""},
		{"a runbook that is code", `{label: P0, to: alerts, runbook: 'javascript://x'}`, "http(s)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r Route
			if err := yaml.Unmarshal([]byte(c.src), &r); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range r.Validate(known) {
				got = append(got, m.Text)
			}
			text := strings.Join(got, "\n")
			if (c.want == "") != (text == "") || !strings.Contains(text, c.want) {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}

// A marker is ours or nothing; whatever is read prints back as what reads the
// same, and no text of a comment makes it panic.
func FuzzSealRead(f *testing.F) {
	seal := Seal{Login: "bot", Places: []string{"a/b"}}
	f.Add(seal.Line(7, Marker{Run: "1/1", At: now, Until: now, Told: []Told{{Channel: "x", By: "slack", State: Sent}}}))
	f.Add(markerStart + `{"run":"x","told":[{}],"until":"9999-12-31T23:59:59Z"}` + markerEnd)
	f.Add(markerStart + markerEnd)
	f.Fuzz(func(t *testing.T, body string) {
		m, ok := seal.Read(model.Comment{Issue: 7, Author: "bot", Body: body})
		if !ok {
			return
		}
		again, ok := seal.Read(model.Comment{Issue: 7, Author: "bot", Body: seal.Line(7, m)})
		if !ok || !reflect.DeepEqual(again, m) {
			t.Fatalf("read %+v, and again %+v, %v", m, again, ok)
		}
		if _, ok := (Seal{Login: "bot", Keys: []string{"k"}}).Read(model.Comment{Issue: 7, Author: "bot", Body: body}); ok {
			t.Fatal("a marker without a good MAC was trusted")
		}
	})
}

// An account that was deleted has no login. It is not ours, whatever ours is.
func TestSeal_NobodyIsNotUs(t *testing.T) {
	for _, login := range []string{"", "github-actions[bot]"} {
		if (Seal{Login: login}).Ours("") {
			t.Errorf("with the login %q an account without a login is ours", login)
		}
	}
}
