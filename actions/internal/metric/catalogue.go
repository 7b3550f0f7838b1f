package metric

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// sections are the parts of a plan in the order in which pages show them. A
// metric names its section in the header of its file.
var sections = []string{
	"System health", "Privacy and security", "Installation", "Command generation", "Engagement",
	"Community", "Platforms", "Features", "Growth",
}

// digestSections are the sections of the weekly digest, in its order.
var digestSections = []string{"System health", "User engagement", "Community"}

// Own is the section of the metrics that users define.
const Own = "Custom"

// Sections returns the names of the sections in the order in which pages show
// them, the users' own last.
func Sections() []string { return append(slices.Clone(sections), Own) }

// DigestSections returns the names of the digest's sections in its order, the
// users' own last.
func DigestSections() []string { return append(slices.Clone(digestSections), Own) }

// IDs returns the catalogue's ids in the order of its sections.
func IDs() []string {
	var ids []string
	for _, d := range Catalogue() {
		ids = append(ids, d.ID)
	}
	return ids
}

// Lists returns the ids of the breakdowns that the digest shows as lists, in the
// order in which it does.
func Lists() []string {
	var all []Definition
	for _, d := range Catalogue() {
		if d.List > 0 {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b Definition) int { return cmp.Or(cmp.Compare(a.List, b.List), cmp.Compare(a.ID, b.ID)) })
	var ids []string
	for _, d := range all {
		ids = append(ids, d.ID)
	}
	return ids
}

// UnitOf returns the unit of a metric of the catalogue; empty where there is
// none of that id.
func UnitOf(id string) string {
	d, _ := Find(id)
	return d.Unit
}

// Find returns the metric of the catalogue that has an id, and reports whether
// there is one.
func Find(id string) (Definition, bool) {
	for _, d := range Catalogue() {
		if d.ID == id {
			return d, true
		}
	}
	return Definition{}, false
}

func known(id string) bool {
	_, found := Find(id)
	return found
}

//go:embed catalogue/*.sql
var files embed.FS

// Catalogue returns every metric that ships: a file of catalogue/ each, by
// section and by the order that each names within it.
var Catalogue = sync.OnceValue(func() []Definition {
	entries, err := files.ReadDir("catalogue")
	if err != nil {
		panic(err)
	}
	all := make([]Definition, 0, len(entries))
	for _, e := range entries {
		src, err := files.ReadFile("catalogue/" + e.Name())
		if err != nil {
			panic(err) // the files are embedded, and a test reads each
		}
		d, err := read(strings.TrimSuffix(e.Name(), ".sql"), string(src))
		if err != nil {
			panic(err)
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b Definition) int {
		return cmp.Or(cmp.Compare(slices.Index(sections, a.Section), slices.Index(sections, b.Section)), cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	return all
})

// Whole completes a definition of rules.yaml with what the catalogue says of
// its id; what rules.yaml says goes before it. A user's own is complete.
func (d Definition) Whole() Definition {
	if d.SQL != "" {
		d.Section, d.Digest = Own, Own
		if d.Priority == "" {
			d.Priority = "P2"
		}
		if len(d.Window) == 0 {
			d.Window = []string{"now"}
		}
		return d
	}
	c, found := Find(d.ID)
	if !found {
		return d
	}
	if d.Title != "" {
		c.Title = d.Title
	}
	if d.Priority != "" {
		c.Priority = d.Priority
	}
	if len(d.Window) > 0 {
		c.Window = d.Window
	}
	return c
}

// read reads a file of the catalogue: a header of "-- key: value" lines and a
// remark, an empty line, and the query, or several, each behind a line that
// says what it gives and from which source.
func read(id, src string) (Definition, error) {
	head, body, found := strings.Cut(src, "\n\n")
	if !found {
		return Definition{}, fmt.Errorf("catalogue/%s.sql: expected a header, an empty line and a query", id)
	}
	d := Definition{ID: id}
	for line := range strings.Lines(head) {
		key, value, found := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "-- "), ": ")
		if line == "--\n" || !found {
			break // the remark
		}
		if err := d.set(key, value); err != nil {
			return d, fmt.Errorf("catalogue/%s.sql: %w", id, err)
		}
	}
	d.Parts = parts(body, d.Source)
	return d, nil
}

// roles are what a query of several may be for.
var roles = []string{"value", "also", "part", "whole", "database", "exports", "names", "leaves"}

// parts splits a body at its "-- role: source" lines; without one it is a
// single query of the given source.
func parts(body, source string) []Part {
	var all []Part
	part, query := Part{Source: source}, []string(nil)
	end := func() {
		if part.SQL = strings.TrimSpace(strings.Join(query, "")); part.SQL != "" {
			all = append(all, part)
		}
	}
	for line := range strings.Lines(body) {
		role, of, found := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "-- "), ": ")
		if !found || !strings.HasPrefix(line, "-- ") || !slices.Contains(roles, role) {
			query = append(query, line)
			continue
		}
		end()
		part, query = Part{Role: role, Source: of}, nil
	}
	end()
	return all
}

// set takes one line of a header.
func (d *Definition) set(key, value string) error {
	switch key {
	case "title":
		d.Title = value
	case "description":
		d.Description = value
	case "unit":
		d.Unit = value
	case "noun":
		d.Noun = value
	case "cases":
		d.Cases = value
	case "section":
		if !slices.Contains(sections, value) {
			return fmt.Errorf("unknown section %q", value)
		}
		d.Section = value
	case "order":
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("order: expected a number, got %q", value)
		}
		d.Order = n
	case "digest":
		if !slices.Contains(digestSections, value) {
			return fmt.Errorf("unknown section %q of the digest", value)
		}
		d.Digest = value
	case "tile":
		d.Tile = value == "yes"
	case "daily":
		d.Daily = value == "yes"
	case "list":
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("list: expected a number, got %q", value)
		}
		d.List = n
	case "priority":
		d.Priority = value
	case "window":
		d.Window = strings.Split(value, ", ")
	case "source":
		d.Source = value
	case "target":
		d.Target = value
	case "warning":
		d.Warning = value
	case "critical":
		d.Critical = value
	case "bands":
		d.Bands = value
	case "action":
		d.Action = value
	case "ends":
		d.Ends = value
	case "follow":
		d.Follow = value
	case "note":
		d.Note = value
	case "count":
		d.Count, d.Spikes = value == "yes", true
	case "days":
		d.Days, d.PerDay = value != "", value == "mean"
	case "minimum":
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("minimum: expected a number, got %q", value)
		}
		d.Minimum = n
	case "complement":
		d.Complement = value
	case "baseline":
		d.Baseline = value
	case "reports":
		d.Reports = strings.Split(value, ", ")
	case "shares":
		d.NoShares = value == "no"
	case "worst":
		d.Lowest = value == "lowest"
	case "items":
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("items: expected a number, got %q", value)
		}
		d.Items = n
	case "past":
		d.Past = strings.TrimPrefix(value, "no, ")
	case "exports":
		d.Exports = strings.TrimPrefix(value, "no, ")
	case "empty":
		d.Empty = value
	default:
		return fmt.Errorf("unknown key %q", key)
	}
	return nil
}
