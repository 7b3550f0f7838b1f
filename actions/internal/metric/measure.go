package metric

import (
	"context"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// Facts are what the questions are asked of.
type Facts struct {
	Store     Querier // all tables
	Telemetry Querier // the tables of telemetry, where they are elsewhere; nil: in Store
	Own       Querier // answers users' own SQL instead of Store; nil: Store does
	Gaps      []model.Gap
	Release   model.Release
	// From is the earliest time of which the facts know; a window that begins
	// before it has no answer. Zero knows all.
	From map[string]time.Time // by source
}

// Measure asks each metric over each of its windows that end at now, and over
// the windows before. What has no answer is in the readings too, with the
// reason; a question that fails keeps no other from being asked.
func Measure(ctx context.Context, facts Facts, metrics []Definition, now time.Time) []Reading {
	var all []Reading
	for _, d := range metrics {
		for _, length := range d.Window {
			all = append(all, facts.reading(ctx, d, d.windowOf(length, now), now))
		}
	}
	return all
}

// Past are a metric's values in the windows before the one that ends at now,
// the newest first, as many as cover four weeks and lie after the release
// shipped; nil where there is none, and where one is unknown.
func Past(ctx context.Context, facts Facts, d Definition, length string, now time.Time) []float64 {
	w := d.windowOf(length, now)
	if w.Length() <= 0 {
		return nil
	}
	var values []float64
	for range max(1, int(28*24*time.Hour/w.Length())) {
		if w = w.Before(); w.From.Before(facts.Release.Shipped.Time) {
			break
		}
		a := facts.answer(ctx, d, w)
		if a.reason != "" || a.value == nil {
			return nil
		}
		values = append(values, *a.value)
	}
	return values
}

// windowOf is the window of a length; "now" is the moment.
func windowOf(length string, now time.Time) model.Window {
	d, err := model.ParseDuration(length)
	if err != nil {
		return model.Window{From: now, Until: now}
	}
	return model.Last(d.Duration(), now)
}

// windowOf is the metric's window of a length that ends at now, or at the last
// midnight UTC where the metric covers whole days.
func (d Definition) windowOf(length string, now time.Time) model.Window {
	w := windowOf(length, now)
	if !d.Days || w.Length() == 0 {
		return w
	}
	return model.Last(w.Length(), now.UTC().Truncate(24*time.Hour))
}

// before is the window before; of a moment, the same the day before.
func before(w model.Window) model.Window {
	if w.Length() > 0 {
		return w.Before()
	}
	day := w.Until.Add(-24 * time.Hour)
	return model.Window{From: day, Until: day}
}

func (f Facts) reading(ctx context.Context, d Definition, w model.Window, now time.Time) Reading {
	r := Reading{At: now, Metric: d.ID, From: w.From, Until: w.Until, Unit: d.Unit}
	a := f.answer(ctx, d, w)
	r.Value, r.Part, r.Whole, r.Values, r.Sample, r.Reason, r.Empty = a.value, a.part, a.whole, a.values, a.sample, a.reason, a.empty
	r.Broken, r.Reported = a.broken, a.reported
	if a.value != nil && *a.value > 0 {
		r.Issues, r.Names = f.issues(ctx, d, w), f.names(ctx, d, w)
		r.Leaves, r.Stays = f.leaves(ctx, d, w)
	}
	if a.reason != "" || d.Past != "" {
		return r
	}
	if before(w).From.Before(f.Release.Shipped.Time) {
		return r // there is no full window of the release to compare with
	}
	earlier := f.answer(ctx, d, before(w))
	if earlier.reason != "" {
		return r
	}
	r.Previous = earlier.value
	for i := range r.Values {
		for _, e := range earlier.values {
			if e.Key == r.Values[i].Key {
				r.Values[i].Previous = e.Value
			}
		}
	}
	return r
}

// answer is one answer to a metric's question, or why there is none.
type answer struct {
	value, part, whole, sample *float64
	reported                   *float64
	values                     []Entry
	reason                     string
	empty                      bool // the reason is that there was nothing to measure
	broken                     bool // the reason is the query itself
}

// tooFew begins the reason of a share of fewer cases than its minimum.
const tooFew = "too few cases"

// What is said where the catalogue has no words for it.
const nothingToMeasure, nothingToShare = "there is nothing to measure", "there is nothing to take a share of"

func unknown(format string, args ...any) answer { return answer{reason: fmt.Sprintf(format, args...)} }

func (f Facts) answer(ctx context.Context, d Definition, w model.Window) answer {
	parts := d.Parts
	if d.SQL != "" {
		parts = []Part{{"", d.Source, d.SQL}}
	}
	if d.Exports != "" && f.Telemetry == nil && !f.gone("telemetry") {
		return unknown("%s", d.Exports)
	}
	if shipped := f.Release.Shipped.Time; d.Days && w.Length() > 0 && !w.Until.After(shipped) {
		return answer{reason: "no whole day has passed since the release", empty: true}
	}
	if d.PerDay {
		w = f.since(ctx, d, parts, w)
	}
	for _, p := range parts {
		if p.Role == "" || p.Role == map[bool]string{true: "exports", false: "database"}[f.Telemetry == nil] {
			return f.one(ctx, d, p, w)
		}
	}
	return f.several(ctx, d, parts, w)
}

// since returns the window of a mean over days without the days before the release,
// where nothing is known of them: a mean over days on which nobody could use it
// would be too low.
func (f Facts) since(ctx context.Context, d Definition, parts []Part, w model.Window) model.Window {
	day := f.Release.Shipped.UTC().Truncate(24 * time.Hour)
	if !w.From.Before(day) || !day.Before(w.Until) || len(parts) != 1 {
		return w
	}
	before := f.one(ctx, d, parts[0], model.Window{From: w.From, Until: day})
	if before.value == nil || *before.value == 0 {
		w.From = day
	}
	return w
}

func (f Facts) gone(source string) bool {
	_, found := f.gap(source)
	return found
}

func (f Facts) one(ctx context.Context, d Definition, p Part, w model.Window) answer {
	table, reason, failed := f.ask(ctx, p, w, d.SQL != "")
	if reason != "" {
		return answer{reason: reason, broken: failed && d.SQL != ""}
	}
	a := shape(d, table)
	a.broken = d.SQL != "" && a.reason != "" && !a.empty && a.reason != nothingToMeasure && a.reason != nothingToShare
	if p.Source == "telemetry" { // that nothing is sent is news
		a.empty = false
	}
	return a
}

// several puts the answers of several queries together.
func (f Facts) several(ctx context.Context, d Definition, parts []Part, w model.Window) answer {
	got := map[string]model.Table{}
	var sum, reported float64
	missing := map[string]string{}
	for _, p := range parts {
		if _, answered := got[p.Role]; answered && p.Role != "value" || p.Role == "names" || p.Role == "leaves" {
			continue
		}
		isReport := len(d.Reports) > 0 && (p.Role == "also" || p.Source == "github")
		if p.Role == "also" {
			p.Source, p.Role = "", "value" // what is known counts, also while its source does not answer
		}
		table, reason, _ := f.ask(ctx, p, w, false)
		if reason == "" && p.Role != "value" && len(table.Columns) == 1 && (len(table.Rows) == 0 || table.Rows[0][0] == nil) {
			reason = "there is nothing to count"
		}
		if reason != "" {
			missing[p.Role] = firstOf(missing[p.Role], reason)
			continue
		}
		got[p.Role] = table
		if p.Role == "value" {
			a := shape(d, table)
			if a.reason != "" {
				return a
			}
			sum += *a.value
			if isReport {
				reported += *a.value
			}
		}
	}
	for _, role := range []string{"value", "part", "whole"} {
		if _, answered := got[role]; missing[role] != "" && (!answered || role == "value") {
			return unknown("%s", missing[role])
		}
	}
	if _, adds := got["value"]; adds {
		a := answer{value: &sum}
		if len(d.Reports) > 0 {
			a.reported = &reported
		}
		return a
	}
	return joined(d, got["part"], got["whole"])
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// joined makes a rate of two answers, or a rate for each key of the whole.
func joined(d Definition, part, whole model.Table) answer {
	if len(whole.Columns) == 1 {
		table := model.Table{Columns: []string{"part", "whole"}, Rows: [][]any{{cell(part, 0), cell(whole, 0)}}}
		return shape(d, table)
	}
	parts := map[string]any{}
	for _, row := range part.Rows {
		parts[fmt.Sprint(row[0])] = row[1]
	}
	table := model.Table{Columns: []string{"key", "part", "whole"}}
	for _, row := range whole.Rows {
		n := parts[fmt.Sprint(row[0])]
		if n == nil {
			n = 0.0
		}
		table.Rows = append(table.Rows, []any{row[0], n, row[1]})
	}
	return shape(d, table)
}

func cell(t model.Table, i int) any {
	if len(t.Rows) == 0 {
		return nil
	}
	return t.Rows[0][i]
}
