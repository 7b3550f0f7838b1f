package model

import (
	"fmt"
	"regexp"
	"time"
)

// Table is the answer to a query. Cells are float64, string, bool, time.Time
// (UTC) or nil.
type Table struct {
	Columns []string
	Rows    [][]any
}

// MostRows is how many rows an answer may have: more than any breakdown has.
const MostRows = 10_000

// Parameter finds the ends of a window where a query asks for them, $1 and $2. It
// finds texts, names and remarks too, so that what looks like one in there is not
// taken for it.
var Parameter = regexp.MustCompile(`'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|(?s:/\*.*?\*/)|\$[12]\b`)

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
	return nil, fmt.Errorf("a number, a text or a time is wanted, and this is %T: cast it", given)
}
