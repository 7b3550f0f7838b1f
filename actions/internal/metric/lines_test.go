package metric_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

func num(f float64) *float64 { return &f }

// kinds is a reading of each kind.
func kinds() []metric.Reading {
	day := now.Add(-24 * time.Hour)
	return []metric.Reading{
		{At: now, Metric: "crash_rate", From: day, Until: now, Unit: "%", Value: num(0.1), Part: num(1), Whole: num(1000), Previous: num(0), Verdict: "watch", Reason: "0.1 %: off target"},
		{At: now, Metric: "p0_bugs", From: now, Until: now, Unit: "issues", Value: num(0), Verdict: "ok"},
		{At: now, Metric: "total_sessions", From: day, Until: now, Unit: "sessions", Verdict: "unknown", Reason: "telemetry: it is \"down\""},
		{At: now, Metric: "generation_time_p50", From: day, Until: now, Unit: "ms", Value: num(12.25), Sample: num(40)},
		{At: now, Metric: "os_distribution", From: day, Until: now, Unit: "users", Values: []metric.Entry{{Key: "macOS", Value: num(60)}, {Key: "a \"linux\"\n", Value: num(40)}}},
		{At: now, Metric: "shell_distribution", From: day, Until: now, Unit: "users", Values: []metric.Entry{}},
	}
}

func TestLinesAreInTheOrderOfTheContract(t *testing.T) {
	want := `{"at":"2026-01-27T09:00:00Z","metric":"crash_rate","from":"2026-01-26T09:00:00Z","until":"2026-01-27T09:00:00Z","unit":"%","value":0.1,"part":1,"whole":1000,"previous":0,"verdict":"watch","reason":"0.1 %: off target"}
{"at":"2026-01-27T09:00:00Z","metric":"p0_bugs","from":"2026-01-27T09:00:00Z","until":"2026-01-27T09:00:00Z","unit":"issues","value":0,"verdict":"ok"}
{"at":"2026-01-27T09:00:00Z","metric":"total_sessions","from":"2026-01-26T09:00:00Z","until":"2026-01-27T09:00:00Z","unit":"sessions","value":null,"verdict":"unknown","reason":"telemetry: it is \"down\""}
{"at":"2026-01-27T09:00:00Z","metric":"generation_time_p50","from":"2026-01-26T09:00:00Z","until":"2026-01-27T09:00:00Z","unit":"ms","value":12.25,"sample":40}
{"at":"2026-01-27T09:00:00Z","metric":"os_distribution","from":"2026-01-26T09:00:00Z","until":"2026-01-27T09:00:00Z","unit":"users","values":{"macOS":60,"a \"linux\"\n":40}}
{"at":"2026-01-27T09:00:00Z","metric":"shell_distribution","from":"2026-01-26T09:00:00Z","until":"2026-01-27T09:00:00Z","unit":"users","values":{}}
`
	if got := string(metric.Encode(kinds())); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// Readings that differ in one field alone come in the same order, however they
// were collected.
func TestEncode_IsTheSameForEveryOrder(t *testing.T) {
	one := kinds()[0]
	all := []metric.Reading{one}
	for _, change := range []func(r *metric.Reading){
		func(r *metric.Reading) { r.At = r.At.Add(time.Hour) }, func(r *metric.Reading) { r.From, r.Until = r.From.Add(time.Hour), r.Until.Add(time.Hour) },
		func(r *metric.Reading) { r.Value = num(0.2) }, func(r *metric.Reading) { r.Part = num(2) }, func(r *metric.Reading) { r.Previous = nil },
		func(r *metric.Reading) { r.Verdict = "ok" }, func(r *metric.Reading) { r.Reason = "other" },
	} {
		other := one
		change(&other)
		all = append(all, other)
	}
	want := string(metric.Encode(all))
	for i := range all {
		turned := append(slices.Clone(all[i:]), all[:i]...)
		slices.Reverse(turned)
		if got := string(metric.Encode(turned)); got != want {
			t.Fatalf("turned by %d: got\n%swant\n%s", i, got, want)
		}
	}
}

func TestLinesReadBack(t *testing.T) {
	got, damaged := metric.Decode(metric.Encode(kinds()))
	if len(damaged) > 0 || !reflect.DeepEqual(got, kinds()) {
		t.Errorf("got %+v, %v\nwant %+v", got, damaged, kinds())
	}
}

// Cut anywhere, a file keeps its whole lines and tells of the one that is not.
func TestADamagedLineIsTold(t *testing.T) {
	src := metric.Encode(kinds())
	for at := range src {
		whole := bytes.Count(src[:at], []byte("\n"))
		got, damaged := metric.Decode(src[:at])
		rest := at > 0 && src[at-1] != '\n'
		if extra := len(got) - whole; extra+len(damaged) != map[bool]int{true: 1}[rest] || extra == 1 && src[at] != '\n' {
			t.Fatalf("cut at %d: %d readings and %v, of %d whole lines", at, len(got), damaged, whole)
		}
	}
	lines := strings.Split(string(src), "\n")
	lines[2] = "<html>"
	got, damaged := metric.Decode([]byte(strings.Join(lines, "\n")))
	if len(got) != len(kinds())-1 || len(damaged) != 1 || !strings.Contains(damaged[0], "3") {
		t.Errorf("got %d readings and %v, want all but the one of line 3", len(got), damaged)
	}
}

func TestMerge(t *testing.T) {
	reading := func(at time.Time, id string, length time.Duration, value float64) metric.Reading {
		return metric.Reading{At: at, Metric: id, From: at.Add(-length), Until: at, Unit: "x", Value: &value}
	}
	day := 24 * time.Hour
	morning, evening, tomorrow := now, now.Add(9*time.Hour), now.Add(day)
	kept := []metric.Reading{reading(morning, "total_sessions", day, 1), reading(morning, "total_sessions", 7*day, 2), reading(morning, "nps", day, 3)}
	for _, c := range []struct {
		name string
		read metric.Reading
		want []float64
	}{
		{"a later run of the day takes the line's place", reading(evening, "total_sessions", day, 9), []float64{9, 2, 3}},
		{"another length of window is another line", reading(evening, "total_sessions", 30*day, 9), []float64{1, 2, 3, 9}},
		{"another day is another line", reading(tomorrow, "nps", day, 9), []float64{1, 2, 3, 9}},
	} {
		var got []float64
		once := metric.Merge(kept, []metric.Reading{c.read})
		for _, r := range once {
			got = append(got, *r.Value)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		if again := metric.Merge(once, []metric.Reading{c.read}); !reflect.DeepEqual(again, once) {
			t.Errorf("%s: merged again it is %v", c.name, again)
		}
	}
}

// What parses prints back as what parses the same, and merging it changes
// nothing more.
func FuzzDecode(f *testing.F) {
	f.Add(metric.Encode(kinds()))
	f.Add([]byte("{\"at\":\"2026-01-27T09:00:00.5+01:00\",\"metric\":\"x\",\"from\":\"2026-01-27T09:00:00Z\",\"until\":\"2026-01-27T09:00:00Z\",\"value\":1e300}\r\n\n{}"))
	f.Add([]byte("{\"at\":\"9999-12-31T23:59:59-23:59\",\"metric\":\"x\",\"from\":\"9999-12-31T23:59:59-23:59\",\"until\":\"9999-12-31T23:59:59-23:59\",\"value\":1}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		read, _ := metric.Decode(src)
		printed := metric.Encode(read)
		again, damaged := metric.Decode(printed)
		if len(damaged) > 0 || !bytes.Equal(metric.Encode(again), printed) {
			t.Fatalf("%q\nprints %q\nand then %q, %v", src, printed, metric.Encode(again), damaged)
		}
		once := metric.Merge(nil, read)
		if twice := metric.Merge(once, read); !reflect.DeepEqual(twice, metric.Merge(twice, read)) || len(twice) != len(once) {
			t.Fatalf("%q: merging is not done once", src)
		}
	})
}
