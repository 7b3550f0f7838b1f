package metric

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"sort"
	"strings"
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
const tooFew = "too few to judge"

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
	for _, p := range parts {
		if p.Role == "" || p.Role == map[bool]string{true: "exports", false: "database"}[f.Telemetry == nil] {
			return f.one(ctx, d, p, w)
		}
	}
	return f.several(ctx, d, parts, w)
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
		if _, answered := got[p.Role]; answered && p.Role != "value" {
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

// ask asks one query, a user's own or one of the catalogue, or says why it has no
// answer, and whether it is the query that failed.
func (f Facts) ask(ctx context.Context, p Part, w model.Window, own bool) (table model.Table, reason string, failed bool) {
	if gap, found := f.gap(p.Source); found {
		return table, sentence(gap), false
	}
	if from := f.From[p.Source]; !from.IsZero() && w.Length() > 0 && w.From.Before(from) {
		return table, fmt.Sprintf("the facts reach back to %s only", from.UTC().Format(time.DateOnly)), false
	}
	engine := f.Store
	if own && f.Own != nil {
		engine = f.Own
	}
	if p.Source == "telemetry" && f.Telemetry != nil {
		engine = f.Telemetry
	}
	version := strings.TrimPrefix(f.Release.Version, "v")
	query := strings.NewReplacer("{{version}}", literal(version), "{{family}}", family(f.Release, version), "{{shipped}}", shipped(f.Release)).Replace(p.SQL)
	table, err := engine.Query(ctx, query, w)
	if err != nil {
		return model.Table{}, err.Error(), true
	}
	return table, "", false
}

// family is the condition on a row of versions that it belongs to the release: it
// is the watched version, or follows it.
func family(r model.Release, version string) string {
	is := "version = " + literal(version)
	if python := pythonForm(version); python != version {
		is = "version IN (" + literal(version) + ", " + literal(python) + ")"
	}
	if r.Follow == "" {
		return is
	}
	since := "created_at >= (SELECT min(created_at) FROM versions WHERE " + is + ")"
	if prefix, any := strings.CutSuffix(strings.TrimPrefix(r.Follow, "v"), "*"); any {
		since += " AND starts_with(version, " + literal(prefix) + ")"
	} else if r.Follow != model.FollowNewer {
		since += " AND version = " + literal(prefix)
	}
	return "(" + is + " OR " + since + ")"
}

// preRelease is what follows a version's numbers before it is final.
var preRelease = regexp.MustCompile(`^([0-9.]+)-(alpha|beta|rc)\.?([0-9]*)$`)

// pythonForm is a version as Python's index writes it: 1.1.0-beta is 1.1.0b0 there.
func pythonForm(version string) string {
	m := preRelease.FindStringSubmatch(version)
	if m == nil {
		return version
	}
	return m[1] + map[string]string{"alpha": "a", "beta": "b", "rc": "rc"}[m[2]] + firstOf(m[3], "0")
}

// shipped is the time at which the release shipped; of a release without one, the
// week before the window is its first.
func shipped(r model.Release) string {
	if r.Shipped.IsZero() {
		return "($1::timestamptz - INTERVAL '7 days')"
	}
	return "TIMESTAMPTZ " + literal(r.Shipped.UTC().Format("2006-01-02 15:04:05+00"))
}

// literal is a text as SQL writes it.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// within are the sources that are a part of another, each with its table.
var within = map[string]struct{ source, table string }{
	"security": {"github", "security_alerts"}, "discussions": {"github", "discussions"}, "findings": {"telemetry", ""},
}

// gap is the one that keeps a source from answering: of the whole source, or of
// a part that is no source of its own. A part that nobody has switched on keeps
// only itself from answering. The source versions is what registries tell besides
// downloads.
func (f Facts) gap(source string) (model.Gap, bool) {
	if source == "" { // it asks what is known
		return model.Gap{}, false
	}
	part, isPart := within[source]
	for _, g := range f.Gaps {
		switch {
		case g.Off && g.Table != "" && g.Table != source:
		case source == "versions":
			if g.Source == "registries" && !strings.HasSuffix(g.Table, model.DownloadsPart) {
				return g, true
			}
		case strings.TrimSuffix(g.Table, model.DownloadsPart) == source && g.Source != source:
			return g, true
		case isPart && g.Source == part.source && (g.Table == "" || g.Table == part.table):
			return g, true
		case !isPart && g.Source == source && !apart(g):
			return g, true
		}
	}
	return model.Gap{}, false
}

// apart tells a gap of a table that only a source of its own needs, or that
// something else can stand for.
func apart(g model.Gap) bool {
	switch g.Table {
	case "security_alerts", "discussions", "discussion_posts", "stars", "forks", "repository":
		return g.Source == "github"
	}
	return false
}

func sentence(g model.Gap) string {
	if g.Table == "" {
		return g.Source + ": " + g.Reason
	}
	return g.Source + ", " + g.Table + ": " + g.Reason
}

// shape reads what a query may return: one row value (and sample), one row part
// and whole, or rows with a key.
func shape(d Definition, t model.Table) answer {
	at := map[string]int{}
	for i, c := range t.Columns {
		at[strings.ToLower(c)] = i
	}
	_, keyed := at["key"]
	_, parted := at["part"]
	_, valued := at["value"]
	_, whole := at["whole"]
	switch {
	case keyed && (valued || parted && whole):
		return breakdown(d, t, at, parted)
	case len(t.Rows) > 1:
		return unknown("the query returns %d rows, must be one", len(t.Rows))
	case parted && whole:
		return rate(d, t, at)
	case valued || len(t.Columns) == 1:
		return single(d, t, at)
	}
	return unknown("the query returns the columns %s: must be value, or part and whole, or key and value", strings.Join(t.Columns, ", "))
}

func single(d Definition, t model.Table, at map[string]int) answer {
	value, reason := number(cell(t, at["value"]))
	empty := reason == "" && value == nil
	if empty {
		reason = firstOf(d.Empty, nothingToMeasure)
	}
	var sample *float64
	if i, there := at["sample"]; there && reason == "" || there && d.Empty != "" {
		sample, _ = number(cell(t, i))
	}
	if reason != "" {
		return answer{reason: reason, sample: sample, empty: empty}
	}
	if d.Count && *value < 0 {
		return unknown("a count below zero, %s, is no count", trim(*value))
	}
	return answer{value: value, sample: sample}
}

func rate(d Definition, t model.Table, at map[string]int) answer {
	part, reasonPart := number(cell(t, at["part"]))
	whole, reasonWhole := number(cell(t, at["whole"]))
	switch {
	case reasonPart+reasonWhole != "":
		return unknown("%s", firstOf(reasonPart, reasonWhole))
	case whole == nil || *whole == 0:
		return answer{reason: firstOf(d.Empty, nothingToShare), empty: true}
	case part == nil:
		return unknown("%s", firstOf(d.Empty, nothingToMeasure))
	case *part < 0 || *whole < 0:
		return unknown("%s of %s is no share", trim(*part), trim(*whole))
	}
	if *whole < float64(d.Minimum) {
		return answer{reason: fmt.Sprintf("%s: %s, and at least %d are needed", tooFew, trim(*whole), d.Minimum), empty: true}
	}
	return answer{value: quotient(*part, *whole, d.Unit), part: part, whole: whole}
}

// quotient is a rate's value: in per cent where that is its unit.
func quotient(part, whole float64, unit string) *float64 {
	q := part / whole
	if unit == "%" {
		q *= 100
	}
	return &q
}

func breakdown(d Definition, t model.Table, at map[string]int, rates bool) answer {
	a := answer{values: []Entry{}}
	for _, row := range t.Rows {
		e := Entry{Key: fmt.Sprint(row[at["key"]])}
		if row[at["key"]] == nil {
			e.Key = "not told"
		}
		var reason string
		if rates {
			e.Part, _ = number(row[at["part"]])
			e.Whole, reason = number(row[at["whole"]])
			if e.Part == nil || e.Whole == nil || *e.Whole <= 0 || *e.Part < 0 || reason != "" {
				continue
			}
			e.Value = quotient(*e.Part, *e.Whole, d.Unit)
		} else if e.Value, reason = number(row[at["value"]]); reason != "" || e.Value == nil {
			continue
		}
		a.values = append(a.values, e)
	}
	if rates && len(a.values) == 0 {
		return unknown("%s", firstOf(d.Empty, nothingToShare))
	}
	sort.SliceStable(a.values, func(i, j int) bool {
		if x, y := *a.values[i].Value, *a.values[j].Value; x != y {
			return x > y
		}
		return a.values[i].Key < a.values[j].Key
	})
	return a
}

// number reads a cell; nil is unknown, and what is no finite number has a
// reason.
func number(c any) (*float64, string) {
	switch v := c.(type) {
	case nil:
		return nil, ""
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, "the answer is no finite number"
		}
		return &v, ""
	case bool:
		n := 0.0
		if v {
			n = 1
		}
		return &n, ""
	}
	return nil, fmt.Sprintf("the answer is %v, must be a number", c)
}

func trim(f float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.4f", f), "0"), ".")
}
