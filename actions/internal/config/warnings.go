package config

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Warnings returns what is valid in the file and most likely not meant, each a
// line with its place: a route that nothing reaches, a waiver that has ended, a
// runbook that is not there, a metric without its source, a pattern that no file
// matches, a secret that the workflows do not pass. files is the repository; hasDatabase reports whether
// telemetry is queried in a database.
func (b *Book) Warnings(files fs.FS, hasDatabase bool, now time.Time) []string {
	if b.root == nil {
		return []string{b.file + ":1:1: the file has no keys: nothing is labelled, measured or sent"}
	}
	var found []diag.Mistake
	found = append(found, b.endedWaivers(now)...)
	found = append(found, b.endedSilences(now)...)
	found = append(found, b.idleInhibitions()...)
	found = append(found, b.missingRunbooks(files)...)
	found = append(found, b.deadRoutes()...)
	found = append(found, b.missingSources(files, hasDatabase)...)
	found = append(found, b.missingFiles(files, hasDatabase)...)
	found = append(found, b.missingSecrets(files)...)
	found = append(found, b.unreadableAlerts(files)...)
	lines := (&Error{b.file, b.locate(found)}).Mistakes()
	if other := otherName(b.file); other != "" && exists(files, other) {
		lines = append(lines, fmt.Sprintf("%s:1:1: %s is there too, and is not read: delete one of them", b.file, other))
	}
	return lines
}

// otherName is a file's name with the other ending of YAML files.
func otherName(name string) string {
	if stem, found := strings.CutSuffix(name, ".yaml"); found {
		return stem + ".yml"
	}
	if stem, found := strings.CutSuffix(name, ".yml"); found {
		return stem + ".yaml"
	}
	return ""
}

func exists(files fs.FS, name string) bool {
	_, err := fs.Stat(files, path.Clean(strings.TrimPrefix(name, "./")))
	return err == nil
}

func (b *Book) endedWaivers(now time.Time) []diag.Mistake {
	var found []diag.Mistake
	for _, group := range b.Gate.Groups() {
		for i, c := range group.Criteria {
			if c.Waived != nil && !now.Before(c.Waived.Until.AddDate(0, 0, 1)) {
				found = append(found, diag.At([]any{"gate", group.Key, i, "waived", "until"}, "the waiver ended on %s, and the criterion counts again: renew or delete it", c.Waived.Until))
			}
		}
	}
	return found
}

func (b *Book) endedSilences(now time.Time) []diag.Mistake {
	var found []diag.Mistake
	for i, s := range b.Silence {
		if s.IsOver(now) {
			found = append(found, diag.At([]any{"silence", i, "until"}, "the silence ended on %s, and people are notified again: renew or delete it", s.Until))
		}
	}
	return found
}

// idleInhibitions finds inhibitions that keep nobody quiet, because the alert that
// explains the others cannot fire as it must.
func (b *Book) idleInhibitions() []diag.Mistake {
	var found []diag.Mistake
	for i, in := range b.Inhibits {
		at := slices.IndexFunc(b.Measured(), func(m Metric) bool { return m.ID == in.While })
		switch {
		case at < 0:
			found = append(found, diag.At([]any{"inhibits", i, "while"}, "this inhibition has no effect: %s is not measured; add it to metrics", in.While))
		case in.Level != string(verdict.Warning) && b.Measured()[at].Critical.IsZero():
			found = append(found, diag.At([]any{"inhibits", i, "while"}, "this inhibition has no effect: %s has no critical threshold", in.While))
		}
	}
	return found
}

func (b *Book) missingRunbooks(files fs.FS) []diag.Mistake {
	var found []diag.Mistake
	seen := map[string]bool{}
	for i, r := range b.Routes {
		file, _, _ := strings.Cut(r.Runbook, "#")
		again := seen[file]
		seen[file] = true
		if file != "" && !again && !strings.Contains(file, "://") && !exists(files, strings.TrimPrefix(file, "/")) {
			found = append(found, diag.At([]any{"routes", i, "runbook"}, "there is no file %s in the repository: write it, or correct the path", file))
		}
	}
	return found
}

// missingFiles finds patterns of sources that no file of the repository matches.
// Telemetry may come from a database or by mail, and surveys from an address.
func (b *Book) missingFiles(files fs.FS, hasDatabase bool) []diag.Mistake {
	var found []diag.Mistake
	look := func(pattern, source, key string) {
		if names, err := fs.Glob(files, strings.TrimPrefix(pattern, "./")); pattern != "" && err == nil && len(names) == 0 {
			found = append(found, diag.At([]any{"sources", source, key}, "no file in the repository matches %s: the source has no data until one does", pattern))
		}
	}
	if !hasDatabase && b.Sources.Mailbox.Address == "" {
		look(b.Sources.Telemetry.Exports, "telemetry", "exports")
	}
	if b.Sources.Surveys.URL == "" {
		look(b.Sources.Surveys.Files, "surveys", "files")
	}
	look(b.Sources.Mentions.Files, "mentions", "files")
	return found
}

// deadRoutes finds routes that can never match: because routes above take all
// that they are for, or because what they are for does not happen.
func (b *Book) deadRoutes() []diag.Mistake {
	var found []diag.Mistake
	measured := map[string]Metric{}
	for _, m := range b.Measured() {
		measured[m.ID] = m
	}
	for i, r := range b.Routes {
		switch by := takers(b.Routes[:i], r); {
		case len(by) > 0:
			found = append(found, diag.At([]any{"routes", i}, "this route can never match: the route on line %d takes all that it is for (continue: true there goes on)", b.line("routes", by[len(by)-1])))
		case len(r.Metric) > 0 && !slices.ContainsFunc(r.Metric, func(id string) bool { _, is := measured[id]; return is }):
			found = append(found, diag.At([]any{"routes", i, "metric"}, "this route can never match: %s is not measured; add it to metrics", strings.Join(r.Metric, ", ")))
		case len(r.Metric) > 0 && r.Level == string(verdict.Critical) && !slices.ContainsFunc(r.Metric, func(id string) bool { return !measured[id].Critical.IsZero() }):
			found = append(found, diag.At([]any{"routes", i}, "this route can never match: %s has no critical threshold", strings.Join(r.Metric, ", ")))
		}
	}
	return found
}

// RuleAt is the place of a rule of triage, counted from 0: rules.yaml:52.
func (b *Book) RuleAt(i int) string {
	return fmt.Sprintf("%s:%d", b.file, b.line("triage", i))
}

// line is the line of an entry of a section.
func (b *Book) line(path ...any) int {
	trail := find(b.root, path)
	return trail[len(trail)-1].Line
}

// takers are the routes above that take all that a route is for; nil where they
// leave some of it.
func takers(above []alert.Route, r alert.Route) []int {
	var by []int
	each := func(takes func(alert.Route) bool) bool {
		i := slices.IndexFunc(above, func(a alert.Route) bool { return !a.Continue && takes(a) })
		if i >= 0 {
			by = append(by, i)
		}
		return i >= 0
	}
	level := func(a alert.Route) bool { return a.Level != string(verdict.Critical) || r.Level == a.Level }
	switch {
	case len(r.Label) > 0:
		for _, name := range r.Label {
			if !each(func(a alert.Route) bool { return hasFold(a.Label, name) }) {
				return nil
			}
		}
	case r.Score > 0:
		each(func(a alert.Route) bool { return a.Score > 0 && a.Score <= r.Score })
	case len(r.Metric) > 0:
		for _, id := range r.Metric {
			if !each(func(a alert.Route) bool {
				return len(a.Label) == 0 && a.Score == 0 && level(a) && (len(a.Metric) == 0 || slices.Contains(a.Metric, id))
			}) {
				return nil
			}
		}
	default:
		each(func(a alert.Route) bool { return len(a.Label)+len(a.Metric) == 0 && a.Score == 0 && level(a) })
	}
	slices.Sort(by)
	return by
}

// secretsGiven stands for the environment of the workflows: every secret is there,
// except for the database where there is none.
func secretsGiven(hasDatabase bool) func(string) string {
	return func(name string) string {
		if name == "TELEMETRY_DSN" && !hasDatabase {
			return ""
		}
		return name
	}
}

// lacks is the first source that all of a metric's queries need and that is not
// configured; empty where one query has its source.
func (b *Book) lacks(d metric.Definition, hasDatabase bool) string {
	sources := []string{d.Source}
	if d.SQL == "" {
		sources = nil
		for _, p := range d.Parts {
			sources = append(sources, p.Source)
		}
	}
	for _, source := range sources {
		if b.Sources.Off(source, secretsGiven(hasDatabase)) == "" {
			return ""
		}
	}
	if len(sources) == 0 {
		return ""
	}
	first, _ := sourceOf(sources[0])
	return first.Name
}

// missingSources finds metrics, and required criteria on them, that have no data
// because their source is not configured. Those of one source are one warning.
func (b *Book) missingSources(files fs.FS, hasDatabase bool) []diag.Mistake {
	var found []diag.Mistake
	bySource, order := map[string][]string{}, []string(nil)
	first := map[string]int{}
	for i, m := range b.Metrics {
		source := b.lacks(m.Definition.Whole(), hasDatabase)
		if source == "" {
			continue
		}
		if bySource[source] == nil {
			order, first[source] = append(order, source), i
		}
		bySource[source] = append(bySource[source], m.ID)
	}
	for _, source := range order {
		found = append(found, diag.At([]any{"metrics", first[source]}, "the source %s is not configured, so %s will have no data: %s", source, humanize.Few(bySource[source], 3), configure(source, files)))
	}
	for i, c := range b.Gate.Must {
		id := c.Metric + c.DaysWithout
		if id == "" {
			continue
		}
		if source := b.lacks(b.defined(id), hasDatabase); source != "" {
			found = append(found, diag.At([]any{"gate", "must", i}, "the required criterion on %s cannot be decided: the source %s is not configured: %s", id, source, configure(source, files)))
		}
	}
	return found
}

// unreadableAlerts finds required criteria on Dependabot alerts where the workflow
// that measures may not read them: the gate would stay undecided.
func (b *Book) unreadableAlerts(files fs.FS) []diag.Mistake {
	workflow, err := fs.ReadFile(files, ".github/workflows/snapshot.yml")
	if err != nil || alertsForm.Match(workflow) {
		return nil
	}
	var found []diag.Mistake
	for i, c := range b.Gate.Must {
		d := b.defined(c.Metric + c.DaysWithout)
		if slices.ContainsFunc(d.Parts, func(p metric.Part) bool { return p.Source == "security" }) {
			found = append(found, diag.At([]any{"gate", "must", i}, "the required criterion on %s cannot be decided: snapshot.yml may not read Dependabot alerts: add the permission `vulnerability-alerts: read`, or pass the secret AFTERCARE_TOKEN", d.ID))
		}
	}
	return found
}

var alertsForm = lazyregexp.New(`(?m)^\s*(vulnerability-alerts: read|AFTERCARE_TOKEN:)`)

// configure says how a source is configured.
func configure(name string, files fs.FS) string {
	source, _ := sourceOf(name)
	if source.Name == "telemetry" {
		return source.HowTo + databaseHint(files)
	}
	return source.HowTo
}

// defined is the definition of a metric, the user's own or the catalogue's.
func (b *Book) defined(id string) metric.Definition {
	for _, m := range b.Metrics {
		if m.ID == id {
			return m.Definition.Whole()
		}
	}
	return metric.Definition{ID: id}.Whole()
}

// Place returns where a value of the file stands, by the path of its keys and
// indices: "rules.yaml:14:7".
func (b *Book) Place(keys ...any) string {
	if b.root == nil {
		return b.file + ":1:1"
	}
	trail := find(b.root, keys)
	node := trail[len(trail)-1]
	return fmt.Sprintf("%s:%d:%d", b.file, node.Line, node.Column)
}

// Mistaken returns what somebody else found wrong with values of the file as an
// *Error; nil where that is nothing.
func (b *Book) Mistaken(found []diag.Mistake) error {
	if len(found) == 0 {
		return nil
	}
	return &Error{b.file, b.locate(found)}
}

// locate puts mistakes into their places, in order.
func (b *Book) locate(found []diag.Mistake) []located {
	all := make([]located, len(found))
	for i, m := range found {
		trail := find(b.root, m.Path)
		node := trail[len(trail)-1]
		all[i] = located{node.Line, node.Column, m.Text}
	}
	return inOrder(all)
}
