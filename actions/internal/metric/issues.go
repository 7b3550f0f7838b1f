package metric

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// MaxIssues is how many issues, or other things, a reading names.
const MaxIssues = 6

// names returns what a metric of the catalogue counts by name, by its query of the
// role names, at most MaxIssues; nil for a metric without one, and where they cannot
// be listed.
func (f Facts) names(ctx context.Context, d Definition, w model.Window) []string {
	var names []string
	for _, p := range d.Parts {
		if p.Role != "names" {
			continue
		}
		table, reason, _ := f.ask(ctx, p, w, false)
		if reason != "" {
			return nil
		}
		for _, row := range table.Rows[:min(len(table.Rows), MaxIssues)] {
			if name, is := row[0].(string); is {
				names = append(names, name)
			}
		}
	}
	return names
}

// leaves returns when the last of what a metric of the catalogue counts leaves the count
// by itself, and how much stays until somebody acts, by its query of the role leaves; zero
// for a metric without one, and where that cannot be told. It asks for what is known,
// whether or not a source answers now.
func (f Facts) leaves(ctx context.Context, d Definition, w model.Window) (at time.Time, stays int) {
	for _, p := range d.Parts {
		if p.Role != "leaves" {
			continue
		}
		p.Source = ""
		table, reason, _ := f.ask(ctx, p, w, false)
		if reason != "" || len(table.Rows) == 0 || len(table.Rows[0]) != 2 {
			return time.Time{}, 0
		}
		at, _ = table.Rows[0][0].(time.Time)
		n, _ := table.Rows[0][1].(float64)
		return at.UTC(), int(n)
	}
	return time.Time{}, 0
}

// countsIssues is the beginning of a query that counts issues, one a row.
var countsIssues = lazyregexp.New(`(?i)^\s*SELECT\s+count\(\*\)\s+AS\s+value\s+FROM\s+issues\s+i\s`)

// issues returns the numbers of the issues that a metric of the catalogue counts,
// the oldest first, at most MaxIssues; nil for a metric that counts none, and where
// they cannot be listed.
func (f Facts) issues(ctx context.Context, d Definition, w model.Window) []int {
	var numbers []int
	for _, p := range d.Parts {
		if !countsIssues.MatchString(p.SQL) {
			continue
		}
		p.SQL = countsIssues.ReplaceAllString(strings.TrimRight(p.SQL, " \n\t;"), "SELECT i.number AS number FROM issues i ") + fmt.Sprintf("\nORDER BY i.number LIMIT %d", MaxIssues)
		table, reason, _ := f.ask(ctx, p, w, false)
		if reason != "" {
			return nil
		}
		for _, row := range table.Rows {
			if n, is := row[0].(float64); is {
				numbers = append(numbers, int(n))
			}
		}
	}
	return numbers
}
