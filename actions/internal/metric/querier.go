package metric

import (
	"context"

	"github.com/aftercare/aftercare/actions/internal/fact"
)

// Querier answers SQL over the tables of facts, with $1 and $2 bound to the
// window: package store in DuckDB, package postgres in PostgreSQL, for telemetry.
type Querier interface {
	Query(ctx context.Context, sql string, w fact.Window) (fact.Table, error)
}

// Table is the answer to a query.
type Table = fact.Table
