package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strings"
)

// TableRow is a row of a file that is a table, as a JSON object of its columns;
// or the place of one that could not be read, and why. Line is that of the file
// in a CSV file; of a row that was read, and in a Parquet file, it is the number
// of the row, the first of which is 1. Column is 0 where it is not known.
type TableRow struct {
	Line, Column int
	Object       []byte
	Why          string
}

// ReadTable reads a CSV or a Parquet file by DuckDB's own readers, within a limit
// of memory such as "512MB", row by row in their order. DuckDB reads no other
// file. It is meant for a process of its own: a file may be made to harm the
// reader.
func ReadTable(ctx context.Context, path, kind, memory string, each func(TableRow) error) error {
	own := maps.Clone(settings)
	own["memory_limit"], own["temp_directory"], own["preserve_insertion_order"] = memory, "", "true"
	db, err := connectWith(ctx, own, "")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1) // what is refused is known to the connection that read
	err = readTable(ctx, db, path, kind, each)
	return errors.Join(err, db.Close())
}

func readTable(ctx context.Context, db *sql.DB, path, kind string, each func(TableRow) error) error {
	if _, err := db.ExecContext(ctx, "SET allowed_paths = ["+quoted(path)+"];"+lockdown); err != nil {
		return err
	}
	from := "read_parquet(" + quoted(path) + ")"
	if kind != "parquet" {
		from = "read_csv(" + quoted(path) + ", all_varchar = true, header = true, store_rejects = true, rejects_limit = 0, max_line_size = 1048576)"
	}
	rows, err := db.QueryContext(ctx, "SELECT to_json(t)::VARCHAR FROM "+from+" t")
	if err != nil {
		return tableError(err)
	}
	defer rows.Close()
	for n := 1; rows.Next(); n++ {
		var object string
		if err := rows.Scan(&object); err != nil {
			return tableError(err)
		}
		if err := each(TableRow{Line: n, Object: []byte(object)}); err != nil {
			return err
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return tableError(err)
	}
	if kind == "parquet" {
		return nil
	}
	return rejects(ctx, db, each)
}

// rejects are the rows of a CSV file that could not be read, each with the first
// of its columns that was wrong.
func rejects(ctx context.Context, db *sql.DB, each func(TableRow) error) error {
	rows, err := db.QueryContext(ctx, "SELECT line, min(coalesce(column_idx, 0)), arg_min(error_message, coalesce(column_idx, 0)) FROM reject_errors GROUP BY line ORDER BY line")
	if err != nil {
		return tableError(err)
	}
	defer rows.Close()
	for rows.Next() {
		var r TableRow
		if err := rows.Scan(&r.Line, &r.Column, &r.Why); err != nil {
			return tableError(err)
		}
		r.Why = oneLine(r.Why)
		if err := each(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// tableError is DuckDB's reason in one sentence, without its advice on options
// that nobody here can set.
func tableError(err error) error {
	why, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("the table cannot be read: %s", oneLine(why))
}
