package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"maps"
	"net/url"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// settings hold from the moment of connecting. Each query runs on one thread,
// because several run at once and most are small; splitting them costs more
// than it saves. No extension is loaded: a file that looks like the database of
// another system must not make DuckDB download a reader for it.
var settings = map[string]string{
	"threads":                      "1",
	"memory_limit":                 "1536MB",
	"preserve_insertion_order":     "false",
	"autoinstall_known_extensions": "false",
	"autoload_known_extensions":    "false",
}

// lockdown ends what only opening a file needs: no file is read or written but
// those that are attached, and no setting can be changed again.
const lockdown = `
SET enable_external_access = false;
SET lock_configuration = true;
`

// connect opens a file, or memory where there is no path. The file is attached
// under the name facts, because the driver reads a path as a URL: one with ?, %
// or # would open another file. Most releases have few facts, so its blocks are
// the smallest that there are.
func connect(ctx context.Context, path string) (*sql.DB, error) {
	attach := ""
	own := maps.Clone(settings)
	if path != "" {
		own["temp_directory"] = path + ".tmp"
		attach = "ATTACH " + quoted(path) + " AS facts (TYPE duckdb, BLOCK_SIZE 16384)"
	}
	return connectWith(ctx, own, attach)
}

// connectWith opens DuckDB with settings, and one file where a statement attaches
// it.
func connectWith(ctx context.Context, settings map[string]string, attach string) (*sql.DB, error) {
	query := url.Values{}
	for name, value := range settings {
		query.Set(name, value)
	}
	// The first connection is opened before any other, and before lockdown: what it
	// sets for all cannot be set by the others.
	first := []string{"SET GLOBAL TimeZone = 'UTC'"}
	if attach != "" {
		first = append(first, attach)
	}
	begun := false
	connector, err := duckdb.NewConnector("?"+query.Encode(), func(conn driver.ExecerContext) error {
		if !begun {
			if _, err := conn.ExecContext(ctx, strings.Join(first, ";"), nil); err != nil {
				return err
			}
			begun = true
		}
		if attach == "" {
			return nil
		}
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "USE facts", nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// quoted is a text as SQL writes it.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
