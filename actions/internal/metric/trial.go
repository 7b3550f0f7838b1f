package metric

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// TrialMark is the argument by which the program snapshot knows that it is to try
// queries: check, which does not link an engine, starts it so. It reads a list of
// Trial as JSON and writes it back with what is wrong.
const TrialMark = "aftercare-try-queries"

// Trial is a user's own query, tried on tables without rows.
type Trial struct {
	ID, Source, SQL string
	Wrong           string // why it cannot be a metric; empty where it can
}

// Try asks each query over a day, of facts that hold no rows: what is wrong then
// is wrong with the query.
func Try(ctx context.Context, facts Facts, trials []Trial) []Trial {
	until := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	tried := slices.Clone(trials)
	for i, t := range tried {
		d := Definition{ID: t.ID, Source: t.Source, SQL: t.SQL, Window: []string{"24h"}}
		if r := Measure(ctx, facts, []Definition{d}, until)[0]; r.Broken {
			tried[i].Wrong = r.Reason
		}
	}
	return tried
}

// onlyDuckDB are functions that DuckDB has and PostgreSQL does not.
var onlyDuckDB = lazyregexp.New(`(?i)\b(date_diff|datediff|date_sub|list_contains|list_has|list_aggregate|epoch|epoch_ms|strftime|strptime|arg_max|arg_min|max_by|min_by|median|quantile|quantile_cont|approx_count_distinct|countif|count_if|ifnull|json_extract_string|regexp_extract|labelled)\s*\(`)

// Unportable returns the functions of a query on telemetry that PostgreSQL does
// not have, each once, in lower case: with TELEMETRY_DSN it fails. It looks at no
// comments and texts.
func Unportable(query string) []string {
	var names []string
	for _, m := range onlyDuckDB.FindAllStringSubmatch(notCode.ReplaceAllString(query, " "), -1) {
		if name := strings.ToLower(m[1]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

var notCode = lazyregexp.New(`--[^\n]*|'(?:[^']|'')*'`)
