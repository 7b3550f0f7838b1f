package collect

import (
	"context"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// A Source reads one system into the store. config.AllSources lists them, with why
// one is off.
type Source interface {
	// Name is its name in gaps, and as the source of a metric: github, telemetry.
	Name() string
	// Collect reads it. What did not answer is a gap; the rest is kept.
	Collect(ctx context.Context, w Writer) []model.Gap
}

// Writer keeps what sources read. Several sources may call it at once.
type Writer interface {
	// Put keeps rows: in a table with a primary key a row takes the place of the
	// one with its key.
	Put(ctx context.Context, rows []model.Row) error
	// Query answers a SELECT about what was kept.
	Query(ctx context.Context, query string, w model.Window) (model.Table, error)
	// Note tells readers of the page of something that is no gap.
	Note(format string, args ...any)
	// Refused tells of entries that could not be read, each with its reason. What
	// is a plural, such as "answers of surveys".
	Refused(what string, why []string)
}
