package fact

// Table is the answer to a query. Cells are float64, string, bool, time.Time
// (UTC) or nil.
type Table struct {
	Columns []string
	Rows    [][]any
}
