// Package metric keeps the catalogue of what can be measured. So far it holds
// the names that rules.yaml may use, and the page on which people define their
// own.
package metric

import (
	"regexp"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/mistake"
)

// Definition is one metric: of the catalogue by its id alone, or a user's own
// with its SQL over the tables of facts.
type Definition struct {
	ID       string     `yaml:"id"`
	Title    string     `yaml:"title"` // the question that it answers
	Unit     string     `yaml:"unit"`
	Priority string     `yaml:"priority" jsonschema:"enum=P0,enum=P1,enum=P2"`
	Window   fact.Names `yaml:"window"` // now, or lengths of time
	SQL      string     `yaml:"sql"`    // gets $1 and $2: from and until
	Source   string     `yaml:"source"` // whose gap makes it unknown
}

// Sources are the names that a definition's source may have.
var Sources = []string{"github", "telemetry", "crates", "surveys", "mentions", "mailbox"}

var (
	idForm    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
	readsOnly = regexp.MustCompile(`(?is)^\s*(select|with)\b`)
)

// Validate finds what is wrong with a definition.
func (d Definition) Validate() []mistake.Mistake {
	var found []mistake.Mistake
	add := func(key, format string, args ...any) {
		found = append(found, mistake.At([]any{key}, format, args...))
	}
	if d.SQL == "" && !known(d.ID) {
		add("id", "%s", mistake.Unknown("metric", d.ID, IDs()))
	}
	if d.Priority != "" && d.Priority != "P0" && d.Priority != "P1" && d.Priority != "P2" {
		add("priority", "%s", mistake.Unknown("priority", d.Priority, []string{"P0", "P1", "P2"}))
	}
	for _, w := range d.Window {
		if _, err := fact.ParseDuration(w); err != nil && w != "now" {
			add("window", "%v, or now", err)
		}
	}
	if d.SQL == "" {
		return found
	}
	if !idForm.MatchString(d.ID) {
		add("id", "%q: small letters, digits and _ are wanted", d.ID)
	}
	if known(d.ID) {
		add("id", "%q is a metric of the catalogue: give your own another name", d.ID)
	}
	if !readsOnly.MatchString(d.SQL) || strings.Contains(strings.TrimRight(strings.TrimSpace(d.SQL), ";"), ";") {
		add("sql", "one SELECT is wanted, which changes nothing")
	}
	for _, needed := range []struct{ key, value string }{{"title", d.Title}, {"unit", d.Unit}, {"source", d.Source}} {
		if needed.value == "" {
			found = append(found, mistake.At(nil, "a metric of one's own needs `%s`", needed.key))
		}
	}
	if d.Source != "" && !contains(Sources, d.Source) {
		add("source", "%s", mistake.Unknown("source", d.Source, Sources))
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
