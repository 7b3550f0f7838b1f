package model

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// Table is the answer to a query. Cells are float64, string, bool, time.Time
// (UTC) or nil.
type Table struct {
	Columns []string
	Rows    [][]any
}

// Limits of an answer. They are above what any breakdown has, and keep a query
// from filling the memory, a page or the readings that are committed.
const (
	maxRows    = 10_000
	maxColumns = 32
	maxText    = 1_000   // bytes of one cell; a longer text is cut
	maxAnswer  = 8 << 20 // bytes of all texts
)

// Answer collects a table row by row, within its limits.
type Answer struct {
	Table
	size int
}

// NewAnswer is an answer with these columns.
func NewAnswer(columns []string) (*Answer, error) {
	if len(columns) > maxColumns {
		return nil, fmt.Errorf("the query has %d columns: at most %d are allowed", len(columns), maxColumns)
	}
	for _, c := range columns {
		if len(c) > maxText {
			return nil, fmt.Errorf("the query has a column with a name of %d bytes: at most %d are allowed", len(c), maxText)
		}
	}
	return &Answer{Table: Table{Columns: columns}}, nil
}

// Add adds a row of what an engine gave; it keeps the slice. An error means that
// no more rows need be read.
func (a *Answer) Add(row []any) error {
	if len(a.Rows) == maxRows {
		return fmt.Errorf("the query has over %d rows", maxRows)
	}
	for i, given := range row {
		cell, err := Cell(given)
		if err != nil {
			return fmt.Errorf("column %s: %w", a.Columns[i], err)
		}
		if text, is := cell.(string); is {
			text = cut(text)
			cell = text
			if a.size += len(text); a.size > maxAnswer {
				return fmt.Errorf("the query has over %d MiB of text", maxAnswer>>20)
			}
		}
		row[i] = cell
	}
	a.Rows = append(a.Rows, row)
	return nil
}

// cut shortens a text, with a mark that it was longer.
func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(strings.Clone(text[:maxText-len("…")]), "") + "…"
}

// Parameter finds the ends of a window where a query asks for them, $1 and $2. It
// finds texts, names and remarks too, so that what looks like one in there is not
// taken for it.
var Parameter = lazyregexp.New(`'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|(?s:/\*.*?\*/)|\$[12]\b`)

// Cell makes of what an engine gives one of the few kinds of cells.
func Cell(given any) (any, error) {
	switch v := given.(type) {
	case nil, float64, string, bool:
		return v, nil
	case time.Time:
		return v.UTC(), nil
	case []byte:
		return string(v), nil
	case float32:
		return float64(v), nil
	case int64:
		return float64(v), nil
	case int32:
		return float64(v), nil
	case int16:
		return float64(v), nil
	case int8:
		return float64(v), nil
	case uint64:
		return float64(v), nil
	case uint32:
		return float64(v), nil
	case uint16:
		return float64(v), nil
	case uint8:
		return float64(v), nil
	}
	return nil, fmt.Errorf("expected a number, a text or a time, got %T: cast it", given)
}
