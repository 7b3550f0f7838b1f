package alert

import (
	"errors"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

var update = flag.Bool("update", false, "write the golden files anew")

var launch = time.Date(2026, 1, 24, 9, 0, 0, 0, time.UTC)

func hours(n float64) time.Time { return launch.Add(time.Duration(n * float64(time.Hour))) }

// seen is a level that crash_rate has at an hour.
type seen struct {
	hour  float64
	level verdict.Level
}

func watch(wait, clear time.Duration, all ...seen) Memory {
	var m Memory
	terms := map[string]verdict.Thresholds{"crash_rate": {For: model.Duration(wait), Clear: model.Duration(clear)}}
	for _, s := range all {
		m = m.Observe([]verdict.Verdict{judged("crash_rate", s.level)}, terms, hours(s.hour))
	}
	return m
}

const (
	ok, warn, crit, blind = verdict.OK, verdict.Warning, verdict.Critical, verdict.Unknown
	// few and fewWarn are past the critical threshold and the warning by too few
	// cases to tell; doubt is a warning that may be critical.
	few, fewWarn, doubt verdict.Level = "few", "few for a warning", "in doubt"
)

// judged is a verdict of a level, or of one of the doubtful ones.
func judged(metric string, level verdict.Level) verdict.Verdict {
	v := verdict.Verdict{Metric: metric, Level: level}
	switch level {
	case few, fewWarn:
		v.Level, v.Reason, v.Name = verdict.Watch, verdict.TooFew, map[verdict.Level]string{few: "critical", fewWarn: "warning"}[level]
	case doubt:
		v.Level, v.Reason, v.Name, v.Doubt = verdict.Warning, verdict.Past, "warning", verdict.Bound{Op: ">", Value: 1}
	}
	return v
}

func TestObserve(t *testing.T) {
	type want struct {
		episodes int // firings, silences not counted
		open     bool
		level    verdict.Level
		kind     Transition
		turn     int
		silences int
	}
	for _, c := range []struct {
		name        string
		wait, clear time.Duration
		seen        []seen
		want        want
	}{
		{"what is well does not fire", 0, 0, []seen{{0, ok}, {1, verdict.Watch}}, want{}},
		{"without for it fires at once", 0, 0, []seen{{0, warn}}, want{1, true, warn, Firing, 0, 0}},
		{"not before for has passed", 2 * time.Hour, 0, []seen{{0, warn}, {1.9, warn}}, want{}},
		{"for counts by the clock, however few the runs", 2 * time.Hour, 0, []seen{{0, warn}, {9, warn}}, want{1, true, warn, Firing, 0, 0}},
		{"for begins anew after it was well", 2 * time.Hour, 0, []seen{{0, warn}, {1, ok}, {2, warn}, {3, warn}}, want{}},
		{"watch is below the warning", 0, 0, []seen{{0, warn}, {1, verdict.Watch}}, want{1, false, warn, Firing, 0, 0}},
		{"critical has its own for", 2 * time.Hour, 0, []seen{{0, warn}, {2, crit}}, want{1, true, warn, Firing, 0, 0}},
		{"nor is it worse before for has passed", 2 * time.Hour, 0, []seen{{0, warn}, {2, warn}, {3, crit}, {4.9, crit}}, want{1, true, warn, Firing, 0, 0}},
		{"worse after for", 2 * time.Hour, 0, []seen{{0, warn}, {2, warn}, {3, crit}, {5, crit}}, want{1, true, crit, Worse, 1, 0}},
		{"critical after a warning is worse", 0, 0, []seen{{0, warn}, {1, crit}}, want{1, true, crit, Worse, 1, 0}},
		{"a warning after critical is no end and nothing new", 0, 0, []seen{{0, crit}, {1, warn}}, want{1, true, crit, Firing, 0, 0}},
		{"critical again within a day is nothing new", 0, 0, []seen{{0, crit}, {1, warn}, {20, crit}}, want{1, true, crit, Firing, 0, 0}},
		{"critical again after a day is worse", 0, 0, []seen{{0, crit}, {1, warn}, {25, crit}}, want{1, true, crit, Worse, 1, 0}},
		{"not over before clear has passed", 0, 6 * time.Hour, []seen{{0, warn}, {1, ok}, {6.9, ok}}, want{1, true, warn, Firing, 0, 0}},
		{"over after clear", 0, 6 * time.Hour, []seen{{0, warn}, {1, ok}, {7, ok}}, want{1, false, warn, Firing, 0, 0}},
		{"clear begins anew", 0, 6 * time.Hour, []seen{{0, warn}, {1, ok}, {5, warn}, {6, ok}, {11, ok}}, want{1, true, warn, Firing, 0, 0}},
		{"unknown does not fire", time.Hour, 0, []seen{{0, warn}, {1, blind}, {9, blind}}, want{}},
		{"unknown does not count towards for", 2 * time.Hour, 0, []seen{{0, warn}, {1, blind}, {9, warn}, {9.5, warn}}, want{}},
		{"for goes on after unknown", 2 * time.Hour, 0, []seen{{0, warn}, {1, blind}, {9, warn}, {10, warn}}, want{1, true, warn, Firing, 0, 0}},
		{"unknown does not end", 0, 0, []seen{{0, warn}, {1, blind}, {20, blind}}, want{1, true, warn, Firing, 0, 0}},
		{"unknown does not count towards clear", 0, 6 * time.Hour, []seen{{0, warn}, {1, ok}, {2, blind}, {20, ok}}, want{1, true, warn, Firing, 0, 0}},
		{"a day of unknown is no news yet", 0, 0, []seen{{0, ok}, {1, blind}, {26.9, blind}}, want{}},
		{"26 hours of unknown are, once", 0, 0, []seen{{0, ok}, {1, blind}, {27, blind}, {99, blind}}, want{silences: 1}},
		{"what was never known cannot fall silent", 0, 0, []seen{{0, blind}, {99, blind}}, want{}},
		{"again within a day is flapping", 0, 0, []seen{{0, warn}, {2, ok}, {4, warn}}, want{2, true, warn, Flapping, 0, 0}},
		{"flapping is not over after an hour", 0, 0, []seen{{0, warn}, {2, ok}, {4, warn}, {5, ok}, {6, warn}, {7, ok}}, want{2, true, warn, Flapping, 0, 0}},
		{"flapping is over after a day", 0, 0, []seen{{0, warn}, {2, ok}, {4, warn}, {5, ok}, {29, ok}}, want{2, false, warn, Flapping, 0, 0}},
		{"what flapped fires after a day above", 0, 0, []seen{{0, warn}, {2, ok}, {4, warn}, {28, warn}}, want{2, true, warn, Firing, 1, 0}},
		{"worse is said of what flaps", 0, 0, []seen{{0, warn}, {2, ok}, {4, warn}, {5, crit}}, want{2, true, crit, Worse, 1, 0}},
		{"again after a day is a new firing", 0, 0, []seen{{0, warn}, {2, ok}, {30, warn}}, want{2, true, warn, Firing, 0, 0}},
		{"too few to tell fires nothing", 0, 0, []seen{{0, few}, {1, fewWarn}, {30, few}}, want{}},
		{"too few to tell ends nothing", 0, 0, []seen{{0, crit}, {1, few}, {2, fewWarn}, {50, few}}, want{1, true, crit, Firing, 0, 0}},
		{"nor does it count towards clear", 0, 6 * time.Hour, []seen{{0, warn}, {1, ok}, {2, fewWarn}, {7, ok}}, want{1, true, warn, Firing, 0, 0}},
		{"below the threshold it is over, and too few for the target", 0, 0, []seen{{0, warn}, {1, few}, {2, verdict.Watch}}, want{1, false, warn, Firing, 0, 0}},
		{"too few to tell makes nothing worse", 0, 0, []seen{{0, warn}, {1, few}, {2, doubt}}, want{1, true, warn, Firing, 0, 0}},
		{"too few to tell is not below critical", 0, 0, []seen{{0, crit}, {1, few}, {30, crit}}, want{1, true, crit, Firing, 0, 0}},
		{"nor is a warning that may be critical", 0, 0, []seen{{0, crit}, {1, doubt}, {30, crit}}, want{1, true, crit, Firing, 0, 0}},
		{"too few for a warning is below critical", 0, 0, []seen{{0, crit}, {1, fewWarn}, {30, crit}}, want{1, true, crit, Worse, 1, 0}},
		{"critical again after a day below and some doubt is worse", 0, 0, []seen{{0, crit}, {1, warn}, {25, few}, {26, crit}}, want{1, true, crit, Worse, 1, 0}},
		{"too few to tell ends a silence", 0, 0, []seen{{0, ok}, {1, blind}, {27, blind}, {28, few}, {29, blind}}, want{silences: 1}},
		{"a run that comes late knows nothing newer", 0, 0, []seen{{5, warn}, {4, ok}}, want{1, true, warn, Firing, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := watch(c.wait, c.clear, c.seen...)
			var got want
			for _, e := range m.Alerts[0].Episodes {
				if e.Blind {
					got.silences++
					continue
				}
				got.episodes++
				got.open, got.level, got.kind, got.turn = e.open(), e.Level, e.Kind, e.Turn
			}
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// Nothing to measure is no silence, and the clocks stand still in it; a source
// that does not answer is one.
func TestAnEmptyWeekIsNoSilence(t *testing.T) {
	m := watch(3*time.Hour, 0, seen{0, warn}, seen{1, warn})
	thresholds := map[string]verdict.Thresholds{"crash_rate": {For: model.Duration(3 * time.Hour)}}
	for h := 2.0; h < 60; h += 6 {
		m = m.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: verdict.Unknown, Empty: true}}, thresholds, hours(h))
	}
	if n := len(m.Alerts[0].Episodes); n != 0 {
		t.Fatalf("%d episodes of an empty week", n)
	}
	if still := m.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: warn}}, thresholds, hours(60)); len(still.Alerts[0].Episodes) != 0 {
		t.Error("the empty time counted towards for")
	}
	m = m.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: verdict.Unknown}}, thresholds, hours(60))
	if all := m.Alerts[0].Episodes; len(all) != 1 || !all[0].Blind {
		t.Errorf("a source that does not answer: %+v", all)
	}
}

func TestObserveChangesNothingWithoutNews(t *testing.T) {
	m := watch(0, time.Hour, seen{0, ok}, seen{1, warn})
	before := string(m.Encode())
	again := m.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: warn}}, nil, hours(5))
	if got := string(again.Encode()); got != before {
		t.Errorf("a run without news changed the file:\n%s\nwas\n%s", got, before)
	}
	m.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: crit}, {Metric: "a", Level: ok}}, nil, hours(6))
	if got := string(m.Encode()); got != before {
		t.Errorf("observing wrote to the old memory:\n%s", got)
	}
}

// An episode that is over is remembered for two months, and told of for a week.
func TestEndedEpisodesAreKeptForTheRetrospective(t *testing.T) {
	m := watch(0, 0, seen{0, warn})
	told, _ := m.Due(metricRoutes, metricChannels, "1/1", hours(0))
	m, told = m.Claim(told, "1/1", hours(0))
	m = m.Sent(told[0], "1/1", "", hours(0)).Observe([]verdict.Verdict{{Metric: "crash_rate", Level: ok}}, nil, hours(1))
	for _, c := range []struct {
		hour       float64
		kept, news int
	}{{168.9, 1, 1}, {169, 1, 0}, {60*24 + 0.9, 1, 0}, {60*24 + 1, 0, 0}} {
		then := m.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: ok}}, nil, hours(c.hour))
		news, _ := then.Due(metricRoutes, metricChannels, "1/1", hours(c.hour))
		if n := len(then.Alerts[0].Episodes); n != c.kept || len(news) != c.news {
			t.Errorf("after %v hours: got %d episodes and %s, want %d and %d news", c.hour, n, said(news), c.kept, c.news)
		}
	}
	silent := watch(0, 0, seen{0, ok}, seen{1, blind}, seen{27, blind}, seen{28, ok}, seen{28 + 168, ok})
	if n := len(silent.Alerts[0].Episodes); n != 0 {
		t.Errorf("a silence that is over for a week: got %d episodes, want 0", n)
	}
}

// What fired between two looks at the memory is in it, as it was then.
func TestFired(t *testing.T) {
	m := watch(0, 0, seen{0, crit}, seen{1, ok}, seen{30, warn}, seen{40, blind}, seen{70, blind})
	news, _ := m.Due(metricRoutes, metricChannels, "1/1", hours(30))
	m, news = m.Claim(news, "1/1", hours(30))
	for _, n := range news {
		m = m.Sent(n, "1/1", "", hours(31))
	}
	m = m.Notice([]Notice{{Name: "mail:1", Labels: []string{"P0"}, At: hours(29)}}, []Route{{Label: model.Names{"P0"}, To: model.Names{"team"}}}, metricChannels, hours(35))
	for _, c := range []struct {
		name        string
		from, until float64
		want        string
	}{
		{"before all", -2, 0, ""},
		{"it began and ended", 0, 24, "crash_rate critical over"},
		{"as it was when it lasted", 0, 0.5, "crash_rate critical"},
		{"what ended at the beginning is not in it", 1, 24, ""},
		{"it lasts", 24, 30.5, "crash_rate warning monitoring"},
		{"it lasts, and a mail came", 24, 36, "mail:1 , crash_rate warning monitoring"},
		{"a mail of before is no news", 36, 99, "crash_rate warning monitoring"},
	} {
		var got []string
		for _, f := range m.Fired(hours(c.from), hours(c.until)) {
			s := f.Metric + " " + string(f.Level)
			if !f.Ended.IsZero() {
				s += " over"
			}
			got = append(got, strings.TrimSuffix(s+" "+strings.Join(f.Channels(), "+"), " "))
		}
		if text := strings.Join(got, ", "); strings.ReplaceAll(text, "mail:1,", "mail:1 ,") != c.want {
			t.Errorf("%s: got %q, want %q", c.name, text, c.want)
		}
	}
}

// full is a memory with everything in it.
func full() Memory {
	m := watch(0, time.Hour, seen{0, warn}, seen{1, ok}, seen{2, ok}, seen{3, warn}, seen{4, crit}, seen{5, blind}, seen{40, blind})
	m = m.Observe([]verdict.Verdict{{Metric: "active_users", Level: warn}}, nil, hours(41))
	news, _ := m.Due(metricRoutes, metricChannels, "7/1", hours(41))
	m, news = m.Claim(news, "7/1", hours(41))
	m = m.Sent(news[0], "7/1", "1700000000.1", hours(41))
	return m.Failed(news[1], "7/1").Answer("crash_rate", hours(42), "")
}

func TestMemoryFile(t *testing.T) {
	m := full()
	data := m.Encode()
	golden(t, "testdata/memory.json", data)
	got, err := Decode(data)
	if err != nil || !reflect.DeepEqual(got, m) {
		t.Errorf("read back: %v\ngot  %+v\nwant %+v", err, got, m)
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(got) != string(want) {
		t.Errorf("%s: %v\ngot  %s\nwant %s", path, err, got, want)
	}
}

func TestEveryDamageIsNoticed(t *testing.T) {
	data := full().Encode()
	damaged := func(what string, at int, data []byte) {
		t.Helper()
		if _, err := Decode(data); !errors.As(err, new(Damaged)) {
			t.Fatalf("%s at byte %d: %v, want Damaged", what, at, err)
		}
	}
	for i := range data {
		damaged("cut", i, data[:i])
		for _, bits := range []byte{1, 0x20, 0x80, 0xff} {
			other := append([]byte{}, data...)
			other[i] ^= bits
			damaged("flipped", i, other)
		}
	}
	damaged("doubled", len(data), append(data, data...))
	damaged("longer", len(data), append(data, '\n'))
}

func TestDecodeMistakes(t *testing.T) {
	for _, c := range []struct{ name, rest, want string }{
		{"a later form is named, not damaged", `"version": 4, "more": true}`, "form 4"},
		{"an earlier form there never was", `"version": 0, "alerts": []}`, "version is 0"},
		{"a field that this form has not", `"version": 1, "alerts": [], "more": 1}`, "unknown field"},
		{"a metric twice", `"version": 1, "alerts": [{"metric": "a"}, {"metric": "a"}]}`, "in order"},
		{"metrics out of order", `"version": 1, "alerts": [{"metric": "b"}, {"metric": "a"}]}`, "in order"},
		{"a metric without a name", `"version": 1, "alerts": [{}]}`, "in order"},
		{"something behind the end", `"version": 1, "alerts": []} {}`, "JSON"},
		{"no JSON", `]`, "JSON"},
	} {
		_, err := Decode(withSum([]byte(c.rest)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", c.name, err, c.want)
		}
		if newer := errors.As(err, new(Newer)); newer != strings.Contains(c.want, "form") {
			t.Errorf("%s: newer is %v", c.name, newer)
		}
	}
}

// What is read is written the same, and read again the same; nothing panics.
func FuzzDecode(f *testing.F) {
	rest, _ := checked(full().Encode())
	f.Add(rest)
	f.Add([]byte(`"version": 1, "alerts": [{"metric": "a", "at": "2026-01-24T09:00:00+01:00"}]}`))
	f.Fuzz(func(t *testing.T, rest []byte) {
		_, _ = Decode(rest)
		m, err := Decode(withSum(rest))
		if err != nil {
			return
		}
		once := m.Encode()
		again, err := Decode(once)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, once)
		}
		if twice := again.Encode(); string(twice) != string(once) {
			t.Fatalf("got  %s\nwant %s", twice, once)
		}
		news, _ := m.Due(metricRoutes, metricChannels, "1/1", hours(0))
		m.Claim(news, "1/1", hours(0))
	})
}
