// Package metric keeps the catalogue: what can be measured, each question with
// its SQL, its words and its bounds (catalogue/, a file for each), and the page
// of rules.yaml on which people add their own. Measure asks the questions of
// whatever answers SQL over the tables of facts; readings are what comes back,
// and the lines in which they are kept. How a reading stands is package
// verdict's matter.
package metric

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Definition is one metric: of the catalogue by its id alone, or a user's own
// with its SQL over the tables of facts.
type Definition struct {
	// ID of the metric: lower-case letters, digits and _. One of the catalogue, or your own with sql.
	ID string `yaml:"id"`
	// Title is a noun phrase, shown wherever people read the metric.
	Title string `yaml:"title"`
	// Unit of the value, such as %, ms, days or issues. Required for your own metrics.
	Unit string `yaml:"unit"`
	// Priority is P0, P1 or P2: how often the metric is measured, and how prominently it is shown;
	// default: the catalogue's, else P2.
	Priority string `yaml:"priority" jsonschema:"enum=P0,enum=P1,enum=P2"`
	// Window is the period to measure, such as 24h or 7d, or now for a state, or a list of them. Alerts use the first one.
	Window model.Names `yaml:"window"`
	// SQL of your own metric: one SELECT with the parameters $1 (from) and $2 (until), that returns
	// value, or part and whole, or rows of key and value. {{version}} in it is the watched version and
	// {{newest}} the newest one of the release's family, each as a text without the leading v; {{versions}}
	// is a table of the family: name, as people and registries write a version, and version.
	SQL string `yaml:"sql"`
	// Source is the data source of your own metric: where it has a gap, the metric has no data. Required for your own metrics.
	Source string `yaml:"source"`

	Known `yaml:"-"` // of the catalogue's
}

// Known is what the catalogue says of a metric beside what a user may.
type Known struct {
	Description string // what is counted, in a sentence
	// Noun is what people read for the unit where it names what is counted too narrowly:
	// "reports" of issues and mails; empty for the unit itself.
	Noun    string
	Cases   string // what a share or a mean is of: "commands"; of a quotient what is divided by what: "commands, sessions"
	Section string // where the pages of today and the dashboard show it: System health, …
	Order   int    // its place within the section, from 1
	Digest  string // the section of the weekly digest that shows it
	Tile    bool   // has a tile at the top of the dashboard
	Daily   bool   // is a box of the daily check
	List    int    // its place among the lists of the digest, from 1; 0 is none
	Parts   []Part // its queries; empty for a user's own, which has SQL
	// Target, Warning, Critical and Bands are its bounds as rules.yaml would
	// write them; Bands are "excellent < 5%, acceptable <= 10%".
	Target, Warning, Critical, Bands string
	// Note says what to keep in mind when a value is past a band, as the plan's
	// guide does.
	Note    string
	Days    bool // covers whole days, and ends at the last midnight UTC
	PerDay  bool // is a mean over those days
	Minimum int  // of a share: of fewer cases nothing is said
	// Complement names what a share lacks to 100%, as the plan's digest tells it:
	// "installation success"; empty for none.
	Complement string
	Baseline   string // what the plan expected, in words: "94.8% (test suite)"; no target
	// Reports are the labels of the issues, mails and threads that it counts. Who
	// reads them was notified by their labels, so it does not alert for them again.
	Reports  []string
	NoShares bool   // its keys overlap or do not add up, so none has a share of the whole
	Lowest   bool   // of a breakdown the lowest value is the worst
	Items    int    // of a list of the digest: how many it names; 0 is as many as others
	Count    bool   // counts things of which one is one
	Spikes   bool   // is watched for spikes though it is no such count
	Action   string // what to do where it is off target, as an order
	// Ends says when an alert of it ends, as a clause after "ends when", where the alert lasts
	// until nothing is counted; {n} stands for the value, {more} for one more, {names} for
	// what it counts by name, {window} for its window. Empty where the thresholds say all.
	Ends string
	// Follow says what is left to do once somebody has responded to an alert of it, as an
	// order with the same places; empty where that is the action still.
	Follow  string
	Past    string // why its past cannot be asked; empty where it can
	Exports string // why exports cannot tell it; empty where they can
	Empty   string // what it means that there is no answer
}

// Part is a query of a metric that has several, each of a source of its own.
type Part struct {
	// Role is value: all of them are added; also: added to them, whether or not its
	// source answers now, by what is known; part and whole: of the first source that
	// answers; database and exports: whichever the telemetry is in; names: what the
	// value counts, a name a row; leaves: when the last of what the value counts leaves it
	// by itself, and how much of it does not before somebody acts.
	Role   string
	Source string
	SQL    string
}

var (
	idForm    = lazyregexp.New(`^[a-z][a-z0-9_]{0,63}$`)
	readsOnly = lazyregexp.New(`(?is)^\s*(select|with)\b`)
)

// Validate finds what is wrong with a definition. Sources are the names that its
// source may have.
func (d Definition) Validate(sources []string) []diag.Mistake {
	var found []diag.Mistake
	add := func(key, format string, args ...any) {
		found = append(found, diag.At([]any{key}, format, args...))
	}
	if d.SQL == "" && !known(d.ID) {
		add("id", "%s", diag.Unknown("metric", d.ID, IDs()))
	}
	if d.Priority != "" && d.Priority != "P0" && d.Priority != "P1" && d.Priority != "P2" {
		add("priority", "%s", diag.Unknown("priority", d.Priority, []string{"P0", "P1", "P2"}))
	}
	for _, w := range d.Window {
		if _, err := model.ParseDuration(w); err != nil && w != "now" {
			also := ", or now"
			if strings.HasPrefix(err.Error(), "must be at most") {
				also = ""
			}
			add("window", "%v%s", err, also)
		}
	}
	if d.SQL == "" {
		return found
	}
	if !idForm.MatchString(d.ID) {
		add("id", "%q: must be small letters, digits and _", d.ID)
	}
	if known(d.ID) {
		add("id", "%q is a metric of the catalogue: give your own another name", d.ID)
	}
	if !readsOnly.MatchString(d.SQL) || strings.Contains(strings.TrimRight(strings.TrimSpace(d.SQL), ";"), ";") {
		add("sql", "expected one SELECT, which changes nothing")
	}
	for _, needed := range []struct{ key, value string }{{"title", d.Title}, {"unit", d.Unit}, {"source", d.Source}} {
		if needed.value == "" {
			found = append(found, diag.At(nil, "a metric of one's own needs `%s`", needed.key))
		}
	}
	if d.Source != "" && !contains(sources, d.Source) {
		add("source", "%s", diag.Unknown("source", d.Source, sources))
	}
	return found
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// Counted is what people read for the unit of the value.
func (d Definition) Counted() string { return firstOf(d.Noun, d.Unit) }

// AtLeast reports whether the metric is at least so urgent; an empty priority
// asks nothing. P0 is the most urgent.
func (d Definition) AtLeast(priority string) bool {
	own := d.Priority
	if own == "" {
		own = "P2"
	}
	return priority == "" || own <= priority
}

// NotFromExports tells the reason of a reading that exports cannot give.
func (d Definition) NotFromExports(reason string) bool {
	return d.Exports != "" && unprefixed(reason) == d.Exports
}

// Nothing tells the reason of a reading whose source answered, and had nothing to
// measure. That telemetry is empty is news, and no such reason.
func (d Definition) Nothing(reason string) bool {
	reason = unprefixed(reason)
	return d.Minimum > 0 && strings.HasPrefix(reason, tooFew) || d.Source != "telemetry" && (d.Empty != "" && reason == d.Empty || reason == nothingToMeasure || reason == nothingToShare)
}

// unprefixed is a reason as Measure gives it; a judged reading says before it
// that it is unknown.
func unprefixed(reason string) string { return strings.TrimPrefix(reason, "unknown: ") }
