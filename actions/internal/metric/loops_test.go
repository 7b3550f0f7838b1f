package metric_test

import (
	"encoding/json"
	"math"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// expected is what a plain loop says: a value, or values by key; neither where
// there is no answer.
type expected struct {
	value  *float64
	values map[string]float64
}

type loop func(m made, w model.Window) expected

func count[T any](rows []T, is func(T) bool) float64 {
	n := 0.0
	for _, r := range rows {
		if is(r) {
			n++
		}
	}
	return n
}

func in(w model.Window, t time.Time) bool { return !t.Before(w.From) && t.Before(w.Until) }

func a(value float64) expected { return expected{value: &value} }

func quotient(part, whole, times float64) expected {
	if whole == 0 {
		return expected{}
	}
	return a(times * part / whole)
}

func quantile(all []float64, q float64) expected {
	if len(all) == 0 {
		return expected{}
	}
	sort.Float64s(all)
	at := q * float64(len(all)-1)
	low := int(at)
	high := min(low+1, len(all)-1)
	return a(all[low] + (at-float64(low))*(all[high]-all[low]))
}

func meta(src, key string) string {
	var all map[string]string
	_ = json.Unmarshal([]byte(src), &all)
	return all[key]
}

func orNotTold(s string) string {
	if s == "" {
		return "not told"
	}
	return s
}

func distinct[T any](rows []T, of func(T) (string, bool)) map[string]bool {
	seen := map[string]bool{}
	for _, r := range rows {
		if key, counts := of(r); counts {
			seen[key] = true
		}
	}
	return seen
}

func usersIn(m made, w model.Window) map[string]bool {
	return distinct(m.sessions, func(s model.SessionRow) (string, bool) { return s.Session, in(w, s.CreatedAt) })
}

func sessionsIn(m made, w model.Window) float64 {
	return count(m.sessions, func(s model.SessionRow) bool { return in(w, s.CreatedAt) })
}

func commandsIn(m made, w model.Window) float64 {
	return count(m.commands, func(c model.CommandRow) bool { return in(w, c.CreatedAt) })
}

// usersBy is the mean number of users a day, by what they have.
func usersBy(key string) loop {
	return func(m made, w model.Window) expected {
		users, days := map[string]map[string]bool{}, map[string]bool{}
		for _, s := range m.sessions {
			if name := orNotTold(meta(s.Metadata, key)); in(w, s.CreatedAt) {
				if users[name] == nil {
					users[name] = map[string]bool{}
				}
				day := s.CreatedAt.Format(time.DateOnly)
				users[name][day+s.Session], days[day] = true, true
			}
		}
		values := map[string]float64{}
		for name, of := range users {
			values[name] = float64(len(of)) / float64(len(days))
		}
		return expected{values: values}
	}
}

// daysOf are the days on which each user was there.
func daysOf(m made, w model.Window) map[string]map[string]bool {
	days := map[string]map[string]bool{}
	for _, s := range m.sessions {
		if !in(w, s.CreatedAt) {
			continue
		}
		if days[s.Session] == nil {
			days[s.Session] = map[string]bool{}
		}
		days[s.Session][s.CreatedAt.Format(time.DateOnly)] = true
	}
	return days
}

// daysUsed counts the days of a window with a session or a consent event.
func daysUsed(m made, w model.Window) int {
	days := map[string]bool{}
	for _, s := range m.sessions {
		if in(w, s.CreatedAt) {
			days[s.CreatedAt.Format(time.DateOnly)] = true
		}
	}
	for _, c := range m.consent {
		if in(w, c.CreatedAt) {
			days[c.CreatedAt.Format(time.DateOnly)] = true
		}
	}
	return len(days)
}

func commandsBy(key func(model.CommandRow) string) loop {
	return func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, c := range m.commands {
			if in(w, c.CreatedAt) {
				values[orNotTold(key(c))]++
			}
		}
		return expected{values: values}
	}
}

func category(c model.CommandRow) string { return meta(c.Metadata, "category") }

func worked(c model.CommandRow) bool {
	return c.Success || meta(c.Metadata, "error_category") == "safety"
}

func shareOfCommands(is func(model.CommandRow) bool) loop {
	return func(m made, w model.Window) expected {
		part := count(m.commands, func(c model.CommandRow) bool { return in(w, c.CreatedAt) && is(c) })
		return quotient(part, commandsIn(m, w), 100)
	}
}

func speed(q float64) loop {
	return func(m made, w model.Window) expected {
		var all []float64
		for _, c := range m.commands {
			if in(w, c.CreatedAt) && c.Millis != nil {
				all = append(all, *c.Millis)
			}
		}
		return quantile(all, q)
	}
}

// versionOf is the version of the latest start of a session, at most a day before
// a window.
func versionOf(m made, w model.Window, session string) string {
	latest, version := time.Time{}, ""
	for _, s := range m.sessions {
		v := meta(s.Metadata, "version")
		if s.Session != session || v == "" || s.CreatedAt.Before(w.From.Add(-24*time.Hour)) || !s.CreatedAt.Before(w.Until) {
			continue
		}
		if s.CreatedAt.After(latest) || s.CreatedAt.Equal(latest) && v > version {
			latest, version = s.CreatedAt, v
		}
	}
	return orNotTold(version)
}

// shares are the parts of wholes, by key.
func shares(part, whole map[string]float64) expected {
	if len(whole) == 0 {
		return expected{}
	}
	values := map[string]float64{}
	for key, n := range whole {
		values[key] = 100 * part[key] / n
	}
	return expected{values: values}
}

// telemetryLoops are the questions of telemetry as plain loops.
var telemetryLoops = map[string]loop{
	"crash_rate": func(m made, w model.Window) expected {
		all := usersIn(m, w)
		broken := distinct(m.errors, func(e model.BackendErrorRow) (string, bool) {
			return e.Session, !e.Recoverable && in(w, e.CreatedAt)
		})
		for s := range broken {
			all[s] = true
		}
		return quotient(float64(len(broken)), float64(len(all)), 100)
	},
	"crash_rate_by_version": func(m made, w model.Window) expected {
		part, whole, all := map[string]float64{}, map[string]float64{}, usersIn(m, w)
		broken := distinct(m.errors, func(e model.BackendErrorRow) (string, bool) {
			return e.Session, !e.Recoverable && in(w, e.CreatedAt)
		})
		for s := range broken {
			all[s] = true
		}
		for s := range all {
			whole[versionOf(m, w, s)]++
			if broken[s] {
				part[versionOf(m, w, s)]++
			}
		}
		return shares(part, whole)
	},
	"success_rate_by_version": func(m made, w model.Window) expected {
		part, whole := map[string]float64{}, map[string]float64{}
		for _, c := range m.commands {
			if !in(w, c.CreatedAt) {
				continue
			}
			version := versionOf(m, w, c.Session)
			whole[version]++
			if worked(c) {
				part[version]++
			}
		}
		return shares(part, whole)
	},
	"sessions_by_version": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, s := range m.sessions {
			if in(w, s.CreatedAt) {
				values[orNotTold(meta(s.Metadata, "version"))]++
			}
		}
		return expected{values: values}
	},
	"error_types": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, e := range m.errors {
			if in(w, e.CreatedAt) {
				values[orNotTold(e.Kind)]++
			}
		}
		return expected{values: values}
	},
	"generation_time_mean": func(m made, w model.Window) expected {
		sum, n := 0.0, 0.0
		for _, c := range m.commands {
			if in(w, c.CreatedAt) && c.Millis != nil {
				sum, n = sum+*c.Millis, n+1
			}
		}
		return quotient(sum, n, 1)
	},
	"apple_silicon_share": func(m made, w model.Window) expected {
		macs, silicon := map[string]bool{}, map[string]bool{}
		for _, s := range m.sessions {
			if meta(s.Metadata, "os_name") != "macOS" || !in(w, s.CreatedAt) {
				continue
			}
			key := s.CreatedAt.Format(time.DateOnly) + s.Session
			macs[key] = true
			if meta(s.Metadata, "architecture") == "aarch64" {
				silicon[key] = true
			}
		}
		days := float64(daysUsed(m, w))
		return quotient(float64(len(silicon))/days, float64(len(macs))/days, 100)
	},
	"macos_share": func(m made, w model.Window) expected {
		all, macs := map[string]bool{}, map[string]bool{}
		for _, s := range m.sessions {
			os := meta(s.Metadata, "os_name")
			if !in(w, s.CreatedAt) || os != "macOS" && os != "Linux" {
				continue
			}
			key := s.CreatedAt.Format(time.DateOnly) + s.Session
			all[key] = true
			if os == "macOS" {
				macs[key] = true
			}
		}
		days := float64(daysUsed(m, w))
		return quotient(float64(len(macs))/days, float64(len(all))/days, 100)
	},
	"opt_out_timing": func(m made, w model.Window) expected {
		first, values := map[string]time.Time{}, map[string]float64{}
		for _, c := range m.consent {
			if at, known := first[c.Session]; c.OptedOut && in(w, c.CreatedAt) && (!known || c.CreatedAt.Before(at)) {
				first[c.Session] = c.CreatedAt
			}
		}
		for user, at := range first {
			key := "before the first command"
			for _, c := range m.commands {
				if c.Session == user && c.CreatedAt.Before(at) {
					key = "after use"
				}
			}
			values[key]++
		}
		for key := range values {
			values[key] /= float64(daysUsed(m, w))
		}
		return expected{values: values}
	},
	"returning_users": func(m made, w model.Window) expected {
		part, days := 0.0, daysOf(m, w)
		for _, of := range days {
			part += map[bool]float64{true: 1}[len(of) > 1]
		}
		return quotient(part, float64(len(days)), 100)
	},
	"usage_frequency": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, of := range daysOf(m, w) {
			switch n := len(of); {
			case n >= 5:
				values["daily"]++
			case n >= 2:
				values["weekly"]++
			default:
				values["occasional"]++
			}
		}
		return expected{values: values}
	},
	"total_sessions": func(m made, w model.Window) expected { return a(sessionsIn(m, w)) },
	"telemetry_opt_out_rate": func(m made, w model.Window) expected {
		users, last := usersIn(m, w), map[string]model.ConsentRow{}
		for _, c := range m.consent {
			if in(w, c.CreatedAt) && (!users[c.Session] || !c.CreatedAt.Before(last[c.Session].CreatedAt)) {
				users[c.Session], last[c.Session] = true, c
			}
		}
		out := 0.0
		for _, c := range last {
			if c.OptedOut {
				out++
			}
		}
		return quotient(out, float64(len(users)), 100)
	},
	"command_success_rate": shareOfCommands(worked),
	"static_hit_rate":      shareOfCommands(func(c model.CommandRow) bool { return c.Backend == "static" }),
	"success_rate_by_category": func(m made, w model.Window) expected {
		part, values := map[string]float64{}, commandsBy(category)(m, w).values
		for _, c := range m.commands {
			if in(w, c.CreatedAt) && worked(c) {
				part[orNotTold(category(c))]++
			}
		}
		for key, whole := range values {
			values[key] = 100 * part[key] / whole
		}
		if len(values) == 0 {
			return expected{}
		}
		return expected{values: values}
	},
	"generation_time_p50": speed(0.5),
	"generation_time_p95": speed(0.95),
	"safety_block_rate": func(m made, w model.Window) expected {
		whole := count(m.safety, func(s model.SafetyRow) bool { return in(w, s.CreatedAt) })
		return quotient(count(m.safety, func(s model.SafetyRow) bool { return in(w, s.CreatedAt) && s.Blocked }), whole, 100)
	},
	"safety_block_distribution": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, s := range m.safety {
			if s.Blocked && in(w, s.CreatedAt) {
				values[orNotTold(s.Pattern)]++
			}
		}
		return expected{values: values}
	},
	"backend_distribution": commandsBy(func(c model.CommandRow) string { return c.Backend }),
	"query_categories":     commandsBy(category),
	"daily_active_users": func(m made, w model.Window) expected {
		days := distinct(m.sessions, func(s model.SessionRow) (string, bool) {
			return s.CreatedAt.Format(time.DateOnly) + s.Session, in(w, s.CreatedAt)
		})
		if len(days) == 0 {
			return expected{}
		}
		return a(float64(len(days)) / (w.Length().Hours() / 24))
	},
	"sessions_per_user": func(m made, w model.Window) expected {
		return quotient(sessionsIn(m, w), float64(len(usersIn(m, w))), 1)
	},
	"commands_per_session": func(m made, w model.Window) expected { return quotient(commandsIn(m, w), sessionsIn(m, w), 1) },
	"week_retention": func(m made, w model.Window) expected {
		earlier, again := usersIn(m, model.Last(7*24*time.Hour, w.From)), 0.0
		for user := range usersIn(m, w) {
			if earlier[user] {
				again++
			}
		}
		return quotient(again, float64(len(earlier)), 100)
	},
	"power_users": func(m made, w model.Window) expected {
		by, busy := map[string]int{}, 0.0
		for _, c := range m.commands {
			if in(w, c.CreatedAt) {
				if by[c.Session]++; by[c.Session] == 21 {
					busy++
				}
			}
		}
		return a(busy)
	},
	"commands_generated":        func(m made, w model.Window) expected { return a(commandsIn(m, w)) },
	"os_distribution":           usersBy("os_name"),
	"architecture_distribution": usersBy("architecture"),
	"shell_distribution":        usersBy("shell_type"),
	"telemetry_command_usage": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, c := range m.commands {
			if use := meta(c.Metadata, "control"); use != "" && in(w, c.CreatedAt) {
				values[use]++
			}
		}
		if out := count(m.consent, func(c model.ConsentRow) bool { return c.OptedOut && in(w, c.CreatedAt) }); out > 0 {
			values["disable"] += out
		}
		return expected{values: values}
	},
	"air_gapped_adoption": func(m made, w model.Window) expected {
		part := count(m.sessions, func(s model.SessionRow) bool { return in(w, s.CreatedAt) && meta(s.Metadata, "origin") == "export" })
		return quotient(part, sessionsIn(m, w), 100)
	},
}

// Each question of the catalogue answers what a plain loop over the same facts
// says, over its window and the one before.
func TestEachAnswerIsThatOfAPlainLoop(t *testing.T) {
	known := map[string]bool{}
	seeds := uint64(40)
	if testing.Short() {
		seeds = 8
	}
	for seed := range seeds {
		m := random(seed)
		s := newStore(t)
		if err := s.Put(t.Context(), m.rows()); err != nil {
			t.Fatal(err)
		}
		for _, r := range metric.Measure(t.Context(), metric.Facts{Store: s, Telemetry: s, Release: release}, wholeCatalogue(), now) {
			ask := telemetryLoops[r.Metric]
			if ask == nil {
				ask = otherLoops[r.Metric]
			}
			if ask == nil {
				t.Fatalf("there is no loop for %s", r.Metric)
			}
			w := model.Window{From: r.From, Until: r.Until}
			want := ask(m, w)
			if problem := differs(r, want); problem != "" {
				t.Errorf("seed %d: %s over %s: %s", seed, r.Metric, w.Length(), problem)
			}
			known[r.Metric] = known[r.Metric] || want.value != nil || len(want.values) > 0
			if r.Previous == nil {
				continue
			}
			earlier := w.Before()
			if w.Length() == 0 {
				day := w.Until.Add(-24 * time.Hour)
				earlier = model.Window{From: day, Until: day}
			}
			if p := ask(m, earlier); p.value == nil || !near(*p.value, *r.Previous) {
				t.Errorf("seed %d: %s before: got %v, want %v", seed, r.Metric, *r.Previous, p)
			}
		}
		s.Close()
	}
	for _, id := range metric.IDs() {
		if !known[id] && !testing.Short() {
			t.Errorf("%s never had an answer: the facts do not reach it", id)
		}
	}
}

func near(x, y float64) bool { return math.Abs(x-y) <= 1e-6*max(1, math.Abs(y)) }

// differs says what is other in a reading; empty where nothing is.
func differs(r metric.Reading, want expected) string {
	text := func(want expected) string {
		out, _ := json.Marshal(map[string]any{"value": want.value, "values": want.values})
		return string(out)
	}
	got := expected{value: r.Value}
	if r.Values != nil {
		got.values = map[string]float64{}
		for _, e := range r.Values {
			got.values[e.Key] = *e.Value
		}
	}
	same := (got.value == nil) == (want.value == nil) && (got.values == nil) == (want.values == nil) && len(got.values) == len(want.values)
	if same && want.value != nil {
		same = near(*got.value, *want.value)
	}
	for key, value := range want.values {
		other, there := got.values[key]
		same = same && there && near(other, value)
	}
	if same && (want.value != nil || want.values != nil) == (r.Reason == "") {
		return ""
	}
	return "got " + text(got) + " " + r.Reason + ", want " + text(want)
}

// top are the first n of values, ties by what less says of the keys.
func top(n int, values map[string]float64, less func(a, b string) int) map[string]float64 {
	var keys []string
	for key := range values {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(x, y string) int {
		if values[x] != values[y] {
			return int(math.Copysign(1, values[y]-values[x]))
		}
		return less(x, y)
	})
	first := map[string]float64{}
	for _, key := range keys[:min(n, len(keys))] {
		first[key] = values[key]
	}
	return first
}
