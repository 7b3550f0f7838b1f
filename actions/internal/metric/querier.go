package metric

import (
	"context"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// Querier answers SQL over the tables of facts, with $1 and $2 bound to the
// window: package store in DuckDB, package postgres in PostgreSQL, for telemetry.
type Querier interface {
	Query(ctx context.Context, sql string, w model.Window) (model.Table, error)
}

// Table is the answer to a query.
type Table = model.Table
