package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// rawEvent is an event as a machine exported it.
type rawEvent struct {
	Session  string    `json:"session_id"`
	At       time.Time `json:"timestamp"`
	Type     string
	Version  string
	Platform string
	Shell    string `json:"shell_type"`
	Backend  string
	Category string
	Control  string
	Millis   float64 `json:"duration_ms"`
	Success  bool
	Action   string `json:"action_taken"`
	Pattern  string `json:"pattern_category"`
	Error    string `json:"error_category"`
	Recovers bool   `json:"recoverable"`
	OptedOut bool   `json:"opted_out"`
	arrived  time.Time
}

// rawEvents are all events of the story, each with the time at which it reached
// the repository: the exports are written at 18:16, that of a Sunday also at the
// midnight after it, and one came by mail.
func rawEvents(t *testing.T) []rawEvent {
	t.Helper()
	var all []rawEvent
	read := func(src []byte, arrived func(time.Time) time.Time) {
		for line := range bytes.Lines(src) {
			var e rawEvent
			if err := json.Unmarshal(line, &e); err != nil {
				t.Fatal(err)
			}
			e.At = e.At.UTC()
			e.arrived = arrived(e.At)
			all = append(all, e)
		}
	}
	end := shipped.AddDate(0, 0, lastDay).Add(18*time.Hour + 16*time.Minute)
	for n := range lastDay + 1 {
		read(export(n, end, true), func(at time.Time) time.Time {
			written := at.Truncate(24 * time.Hour).Add(18*time.Hour + 16*time.Minute)
			switch {
			case !at.After(written):
			case written.Weekday() == time.Sunday:
				written = at.Truncate(24*time.Hour).AddDate(0, 0, 1).Add(16 * time.Minute)
			default:
				written = written.AddDate(0, 0, 1)
			}
			return written
		})
	}
	mailed := shipped.AddDate(0, 0, 4).Add(11*time.Hour + 5*time.Minute)
	w := &writer{from: mailed.Add(-10 * time.Hour), until: mailed, draw: rand.New(rand.NewPCG(7, 7)), n: 900}
	for i := range 4 {
		w.person(i, day{people: 4, success: 0.9, version: "1.1.0-beta"})
	}
	read(w.out.Bytes(), func(time.Time) time.Time { return mailed })
	return all
}

// facts are the events that a run knew of a window.
type facts struct {
	sessions, commands, safety, errors, consent []rawEvent
	before                                      []rawEvent // starts of a day earlier, which tell versions
	early                                       []rawEvent // commands before the window
	days                                        float64
}

// factsOf are the events that the run knew which measured a reading. The reading of
// a whole week bears the midnight that ends the week, and is measured by the run of
// 00:17 after it, which knows what was exported at 00:16.
func factsOf(all []rawEvent, r metric.Reading) facts {
	first := r.From
	if first.Before(shipped) {
		first = shipped // nobody used it before
	}
	f := facts{days: r.Until.Sub(first).Hours() / 24}
	measured := r.At
	if r.OfWeek() {
		measured = r.At.Add(17 * time.Minute)
	}
	for _, e := range all {
		if e.arrived.After(measured) || !e.At.Before(r.Until) {
			continue
		}
		if e.Type == "session_start" && !e.At.Before(r.From.AddDate(0, 0, -1)) {
			f.before = append(f.before, e)
		}
		if e.Type == "command_generation" {
			f.early = append(f.early, e)
		}
		if e.At.Before(r.From) {
			continue
		}
		switch e.Type {
		case "session_start":
			f.sessions = append(f.sessions, e)
		case "command_generation":
			f.commands = append(f.commands, e)
		case "safety_validation":
			f.safety = append(f.safety, e)
		case "backend_error":
			f.errors = append(f.errors, e)
		case "telemetry_consent":
			f.consent = append(f.consent, e)
		}
	}
	return f
}

func (f facts) version(session string) string {
	var last rawEvent
	for _, e := range f.before {
		if e.Session == session && !e.At.Before(last.At) {
			last = e
		}
	}
	if last.Version == "" {
		return "not told"
	}
	return last.Version
}

// ran are the sessions of the window, those that broke in it among them: whether
// each did.
func (f facts) ran() map[string]bool {
	broke := map[string]bool{}
	for _, e := range f.sessions {
		broke[e.Session] = false
	}
	for _, e := range f.errors {
		if !e.Recovers {
			broke[e.Session] = true
		}
	}
	return broke
}

func tally(all []rawEvent, key func(rawEvent) string) map[string]float64 {
	n := map[string]float64{}
	for _, e := range all {
		if k := key(e); k != "" {
			n[k]++
		}
	}
	return n
}

// aDay is the mean number of users a day by what they have.
func (f facts) aDay(of func(rawEvent) string) map[string]float64 {
	users, days := map[string]bool{}, map[string]bool{}
	n := map[string]float64{}
	for _, e := range f.sessions {
		day := e.At.Format(time.DateOnly)
		days[day] = true
		if key := day + e.Session + of(e); !users[key] {
			users[key] = true
			n[of(e)]++
		}
	}
	for k := range n {
		n[k] /= float64(len(days))
	}
	return n
}

func system(e rawEvent) string {
	os, _, _ := strings.Cut(e.Platform, "-")
	return map[string]string{"linux": "Linux", "macos": "macOS", "windows": "Windows"}[os]
}

func architecture(e rawEvent) string {
	_, arch, _ := strings.Cut(e.Platform, "-")
	return strings.Replace(arch, "aarch64", "arm64", 1)
}

func works(e rawEvent) bool { return e.Success }

func share(all []rawEvent, is func(rawEvent) bool) map[string]float64 {
	part := 0.0
	for _, e := range all {
		if is(e) {
			part++
		}
	}
	if len(all) == 0 {
		return nil
	}
	return map[string]float64{"": 100 * part / float64(len(all))}
}

func shareBy(all []rawEvent, key func(rawEvent) string) map[string]float64 {
	n := tally(all, key)
	good := tally(slices.DeleteFunc(slices.Clone(all), func(e rawEvent) bool { return !works(e) }), key)
	for k := range n {
		n[k] = 100 * good[k] / n[k]
	}
	return n
}

func (f facts) quantile(q float64) map[string]float64 {
	var all []float64
	for _, e := range f.commands {
		all = append(all, e.Millis)
	}
	if len(all) == 0 {
		return nil
	}
	slices.Sort(all)
	at := q * float64(len(all)-1)
	low := int(at)
	return map[string]float64{"": all[low] + (at-float64(low))*(all[min(low+1, len(all)-1)]-all[low])}
}

func one(v float64) map[string]float64 { return map[string]float64{"": v} }

// recompute are the metrics of telemetry in plain code: the figure under "", or
// those of a breakdown; nil where there is none.
var recompute = map[string]func(f facts) map[string]float64{
	"crash_rate": func(f facts) map[string]float64 {
		broke := 0.0
		for _, is := range f.ran() {
			if is {
				broke++
			}
		}
		if len(f.ran()) == 0 {
			return nil
		}
		return one(100 * broke / float64(len(f.ran())))
	},
	"crash_rate_by_version": func(f facts) map[string]float64 {
		part, whole := map[string]float64{}, map[string]float64{}
		for session, broke := range f.ran() {
			whole[f.version(session)]++
			if broke {
				part[f.version(session)]++
			}
		}
		for k := range whole {
			whole[k] = 100 * part[k] / whole[k]
		}
		return whole
	},
	"total_sessions":       func(f facts) map[string]float64 { return one(float64(len(f.sessions))) },
	"commands_generated":   func(f facts) map[string]float64 { return one(float64(len(f.commands))) },
	"command_success_rate": func(f facts) map[string]float64 { return share(f.commands, works) },
	"static_hit_rate": func(f facts) map[string]float64 {
		return share(f.commands, func(e rawEvent) bool { return e.Backend == "static" })
	},
	"safety_block_rate": func(f facts) map[string]float64 {
		return share(f.safety, func(e rawEvent) bool { return e.Action == "blocked" })
	},
	"success_rate_by_category": func(f facts) map[string]float64 {
		return shareBy(f.commands, func(e rawEvent) string { return e.Category })
	},
	"success_rate_by_version": func(f facts) map[string]float64 {
		return shareBy(f.commands, func(e rawEvent) string { return f.version(e.Session) })
	},
	"sessions_by_version": func(f facts) map[string]float64 {
		return tally(f.sessions, func(e rawEvent) string { return e.Version })
	},
	"error_types": func(f facts) map[string]float64 { return tally(f.errors, func(e rawEvent) string { return e.Error }) },
	"safety_block_distribution": func(f facts) map[string]float64 {
		return tally(f.safety, func(e rawEvent) string { return map[bool]string{true: e.Pattern}[e.Action == "blocked"] })
	},
	"backend_distribution": func(f facts) map[string]float64 {
		return tally(f.commands, func(e rawEvent) string { return e.Backend })
	},
	"query_categories": func(f facts) map[string]float64 {
		return tally(f.commands, func(e rawEvent) string { return e.Category })
	},
	"generation_time_p50": func(f facts) map[string]float64 { return f.quantile(0.5) },
	"generation_time_p95": func(f facts) map[string]float64 { return f.quantile(0.95) },
	"generation_time_mean": func(f facts) map[string]float64 {
		sum := 0.0
		for _, e := range f.commands {
			sum += e.Millis
		}
		if len(f.commands) == 0 {
			return nil
		}
		return one(sum / float64(len(f.commands)))
	},
	"daily_active_users": func(f facts) map[string]float64 {
		users := map[string]bool{}
		for _, e := range f.sessions {
			users[e.At.Format(time.DateOnly)+e.Session] = true
		}
		if len(users) == 0 {
			return nil
		}
		return one(float64(len(users)) / f.days)
	},
	"commands_per_session": func(f facts) map[string]float64 {
		if len(f.sessions) == 0 {
			return nil
		}
		return one(float64(len(f.commands)) / float64(len(f.sessions)))
	},
	"telemetry_opt_out_rate": func(f facts) map[string]float64 {
		users, out := map[string]bool{}, map[string]bool{}
		for _, e := range f.sessions {
			users[e.At.Format(time.DateOnly)+e.Session] = true
		}
		for _, e := range f.consent {
			key := e.At.Format(time.DateOnly) + e.Session
			users[key], out[key] = true, e.OptedOut
		}
		if len(users) == 0 {
			return nil
		}
		return one(100 * float64(len(out)) / float64(len(users)))
	},
	"opt_out_timing": func(f facts) map[string]float64 {
		n := map[string]float64{}
		for _, e := range f.consent {
			key := "before the first command"
			if slices.ContainsFunc(f.early, func(c rawEvent) bool { return c.Session == e.Session && c.At.Before(e.At) }) {
				key = "after use"
			}
			n[key]++
		}
		days := map[string]bool{}
		for _, e := range slices.Concat(f.sessions, f.consent) {
			days[e.At.Format(time.DateOnly)] = true
		}
		for key := range n {
			n[key] /= float64(len(days))
		}
		return n
	},
	"os_distribution":           func(f facts) map[string]float64 { return f.aDay(system) },
	"architecture_distribution": func(f facts) map[string]float64 { return f.aDay(architecture) },
	"shell_distribution":        func(f facts) map[string]float64 { return f.aDay(func(e rawEvent) string { return e.Shell }) },
	"macos_share": func(f facts) map[string]float64 {
		users := f.aDay(system)
		if users["macOS"]+users["Linux"] == 0 {
			return nil
		}
		return one(100 * users["macOS"] / (users["macOS"] + users["Linux"]))
	},
	"apple_silicon_share": func(f facts) map[string]float64 {
		macs := f.aDay(func(e rawEvent) string { return e.Platform })
		if macs["macos-aarch64"] == 0 {
			return nil
		}
		return one(100)
	},
	"telemetry_command_usage": func(f facts) map[string]float64 {
		n := tally(f.commands, func(e rawEvent) string { return e.Control })
		if len(f.consent) > 0 {
			n["disable"] += float64(len(f.consent))
		}
		return n
	},
}

// recomputed holds every reading of telemetry of the story, of each day and week,
// against what plain code makes of its raw events.
func recomputed(t *testing.T, s *stage) {
	t.Helper()
	events, checked := rawEvents(t), map[string]int{}
	for name, src := range s.repo.Files("main") {
		if !strings.HasSuffix(name, ".ndjson") {
			continue
		}
		readings, damaged := metric.Decode(src)
		if len(damaged) > 0 {
			t.Error(damaged)
		}
		for _, r := range readings {
			again, known := recompute[r.Metric]
			if !known {
				continue
			}
			want, got := again(factsOf(events, r)), map[string]float64{}
			for _, v := range r.Values {
				got[v.Key] = *v.Value
			}
			if r.Value != nil {
				got[""] = *r.Value
			}
			if !maps.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9*max(1, math.Abs(b)) }) {
				t.Errorf("%s at %s over %s: read %v, the raw events make %v", r.Metric, r.At, r.Until.Sub(r.From), got, want)
			}
			checked[r.Metric]++
		}
	}
	for id := range recompute {
		if checked[id] <= lastDay {
			t.Errorf("%s was held against raw events %d times only", id, checked[id])
		}
	}
	for _, d := range metric.Catalogue() {
		if d.Source == "telemetry" && d.Exports == "" && recompute[d.ID] == nil {
			t.Errorf("no plain code recomputes %s", d.ID)
		}
	}
}
