package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"time"
)

// usage of one day, before any of it is drawn.
type day struct {
	people   int
	success  float64 // the share of commands that work
	crashes  float64 // the share of sessions that end in an error
	version  string
	personal bool // an event holds a mail address, which it must not
}

// shipped is the day of the release.
var shipped = time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC)

// daily is how the beta is used on the n-th day after it shipped: it grows, and
// from the evening of day 11 to the fix on day 13 a bad build is out.
func daily(n int) day {
	d := day{people: 34 + n, success: 0.86 + 0.002*float64(n), version: "1.1.0-beta"}
	switch {
	case n == 1:
		d.personal = true
	case n == 11 || n == 12:
		d.success, d.crashes, d.version = 0.58, 0.04, "1.1.1-beta"
	case n > gateDay:
		d.version = "1.1.0"
	case n > 12:
		d.version = "1.1.2-beta"
	}
	return d
}

var (
	platforms  = []string{"linux-x86_64", "linux-x86_64", "macos-aarch64", "macos-aarch64", "windows-x86_64", "linux-aarch64"}
	shells     = []string{"bash", "zsh", "zsh", "fish", "powershell"}
	backends   = []string{"static", "static", "static", "llm"}
	categories = []string{"files", "text", "git", "network", "system"}
	refusals   = []string{"recursive_delete", "recursive_delete", "disk_overwrite", "fork_bomb", "permissions"}
	controls   = []string{"show", "show", "export", "clear"}
)

// export is what `telemetry export` would have written of a day by now: a line
// for each event; a cleaned one holds nothing personal. The same day and hour
// give the same bytes.
func export(n int, now time.Time, cleaned bool) []byte {
	w := &writer{from: shipped.AddDate(0, 0, n), until: now, draw: rand.New(rand.NewPCG(2026, uint64(n))), n: n}
	d := daily(n)
	for i := range d.people {
		w.person(i, d)
	}
	if d.personal && !cleaned {
		w.event(w.from.Add(14*time.Hour), 0, "backend_error", `"backend":"llm","error_category":"refused for jane.doe@example.org","recoverable":true`)
	}
	return w.out.Bytes()
}

func exportName(n int) string {
	return "telemetry/" + shipped.AddDate(0, 0, n).Format(time.DateOnly) + ".json"
}

// writer writes the events of one day.
type writer struct {
	out         bytes.Buffer
	from, until time.Time
	draw        *rand.Rand
	n, events   int
}

func (w *writer) event(at time.Time, session int, kind, fields string) {
	w.events++
	if at.After(w.until) {
		return
	}
	fmt.Fprintf(&w.out, `{"id":"00000000-0000-4000-8000-%04x%08x","session_id":"%08x%08x","timestamp":%q,"type":%q,%s}`+"\n",
		w.n, w.events, w.n+1, session, at.Format(time.RFC3339), kind, fields)
}

// pick draws one.
func (w *writer) pick(of []string) string { return of[w.draw.IntN(len(of))] }

// rarely happens once in so many times.
func (w *writer) rarely(in int) bool { return w.draw.IntN(in) == 0 }

// person is what somebody does in a day: a few sessions on one machine, and now
// and then a look at what is collected, or an end to it.
func (w *writer) person(i int, d day) {
	machine := fmt.Sprintf(`"version":%q,"platform":%q,"shell_type":%q`, d.version, w.pick(platforms), w.pick(shells))
	var at time.Time
	for range 1 + w.draw.IntN(3) {
		at = w.from.Add(time.Duration(w.draw.IntN(23*60)) * time.Minute)
		w.event(at, i, "session_start", machine)
		w.session(at, i, d)
	}
	if w.rarely(12) {
		w.event(at.Add(time.Hour/2), i, "command_generation", fmt.Sprintf(`"backend":"static","category":"telemetry","control":%q,"duration_ms":4,"success":true`, w.pick(controls)))
	}
	if w.rarely(8) {
		w.event(at.Add(time.Hour/2), i, "telemetry_consent", `"opted_out":true`)
	}
}

// session is some commands, one after the other; it may end in a crash.
func (w *writer) session(at time.Time, i int, d day) {
	for range 2 + w.draw.IntN(4) {
		at = at.Add(time.Duration(5+w.draw.IntN(60)) * time.Second)
		w.command(at, i, w.draw.Float64() < d.success)
	}
	if w.draw.Float64() < d.crashes {
		w.event(at, i, "backend_error", `"backend":"llm","error_category":"panic","recoverable":false`)
	}
}

// command is one that is asked for, and what the validation says of it.
func (w *writer) command(at time.Time, i int, works bool) {
	backend, millis := w.pick(backends), 20+w.draw.IntN(60)
	if backend == "llm" {
		millis = 400 + w.draw.IntN(1200)
	}
	w.event(at, i, "command_generation", fmt.Sprintf(`"backend":%q,"category":%q,"duration_ms":%d,"success":%v`, backend, w.pick(categories), millis, works))
	if w.rarely(50) {
		w.event(at, i, "safety_validation", fmt.Sprintf(`"risk_level":"critical","action_taken":"blocked","pattern_category":%q`, w.pick(refusals)))
		return
	}
	w.event(at, i, "safety_validation", `"risk_level":"safe","action_taken":"allowed"`)
}

// survey is the answers that came by a day, as the form tool exports them.
func survey(until int) []byte {
	var b bytes.Buffer
	b.WriteString("Timestamp,Overall satisfaction,How likely are you to recommend Caro?,How often does the command work?,Privacy concerns,Feature requests\n")
	draw := rand.New(rand.NewPCG(2026, 1000))
	wishes := []string{"", "", "nushell support", "a history of commands", "explain before running"}
	for n := range until + 1 {
		for i := range 4 {
			at := shipped.AddDate(0, 0, n).Add(time.Duration(8+2*i) * time.Hour)
			satisfied, concern := 4+draw.IntN(2), ""
			if draw.IntN(14) == 0 {
				satisfied, concern = 3, "what is sent?"
			}
			fmt.Fprintf(&b, "%s,%d,%d,%d,%s,%s\n", at.Format(time.RFC3339), satisfied, 5+satisfied-draw.IntN(2), 80+draw.IntN(15), concern, wishes[draw.IntN(len(wishes))])
		}
	}
	return b.Bytes()
}
