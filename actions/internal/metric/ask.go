package metric

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"github.com/aftercare/aftercare/actions/internal/model"
)

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
	query := strings.NewReplacer("{{version}}", literal(f.Release.Number()), "{{newest}}", literal(f.Release.Newest().Number()), "{{family}}", family(f.Release), "{{versions}}", versions(f.Release), "{{shipped}}", shipped(f.Release)).Replace(p.SQL)
	table, err := engine.Query(ctx, query, w)
	if err != nil {
		return model.Table{}, err.Error(), true
	}
	return table, "", false
}

// family is the condition on a row of versions that it belongs to the release: it
// is the watched version, or follows it.
func family(r model.Release) string {
	is := "version IN (" + strings.Join(namesOf(r.Version), ", ") + ")"
	if r.Follow == "" {
		return is
	}
	watched := is
	for _, p := range r.Family {
		is += " OR version IN (" + strings.Join(namesOf(p.Version), ", ") + ")"
	}
	since := "created_at >= (SELECT min(created_at) FROM versions WHERE " + watched + ")"
	if prefix, any := strings.CutSuffix(strings.TrimPrefix(r.Follow, "v"), "*"); any {
		since += " AND starts_with(version, " + literal(prefix) + ")"
	} else if r.Follow != model.FollowNewer {
		since += " AND version = " + literal(prefix)
	}
	return "(" + is + " OR " + since + ")"
}

// versions are the versions of the release as a table of SQL: each name that a
// registry or a person gives one, and its number.
func versions(r model.Release) string {
	var rows []string
	for _, p := range append([]model.Published{{Version: r.Version}}, r.Family...) {
		for _, name := range namesOf(p.Version) {
			if row := "(" + name + ", " + literal(p.Number()) + ")"; !slices.Contains(rows, row) {
				rows = append(rows, row)
			}
		}
	}
	return "(VALUES " + strings.Join(rows, ", ") + ") AS family(name, version)"
}

// namesOf are the names that registries give a version, as SQL: its number, the
// form of Python's index, and the whole tag.
func namesOf(version string) []string {
	number := model.Published{Version: version}.Number()
	names := []string{literal(number), literal(pythonForm(number)), literal(strings.TrimPrefix(version, "v"))}
	slices.Sort(names)
	return slices.Compact(names)
}

// preRelease is what follows a version's numbers before it is final.
var preRelease = lazyregexp.New(`^([0-9.]+)-(alpha|beta|rc)\.?([0-9]*)$`)

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
	"security": {"github", "security_alerts"}, "discussions": {"github", "discussions"}, "findings": {"telemetry", ""}, "ci": {"github", "ci_runs"},
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
	case "security_alerts", "ci_runs", "discussions", "discussion_posts", "stars", "forks", "repository", "releases":
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
