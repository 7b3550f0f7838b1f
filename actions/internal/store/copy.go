package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// Shared are the names of the tables that users' own queries may read.
func Shared() []string { return append(Tables(), "label_spans") }

// Copy adds copies of tables to a file of their own, which is removed when the
// store is closed, and answers with its path. The file must not be open.
func (s *Store) Copy(ctx context.Context, names ...string) (path string, err error) {
	if s.copies == "" {
		return "", errors.New("there is no folder for temporary files")
	}
	path = filepath.Join(s.copies, "copy.duckdb")
	statements := []string{"ATTACH " + quoted(path) + " AS copied (TYPE duckdb)"}
	for _, name := range names {
		if !slices.Contains(Shared(), name) {
			return "", fmt.Errorf("%s is not a table of facts", name)
		}
		statements = append(statements, fmt.Sprintf("CREATE TABLE copied.%s AS FROM %[1]s", name))
		if name == "label_spans" {
			_, macro, _ := strings.Cut(labels, "CREATE MACRO ")
			statements = append(statements, "CREATE MACRO copied."+macro)
		}
	}
	_, err = s.db.ExecContext(ctx, strings.Join(statements, ";\n"))
	_, detach := s.db.ExecContext(context.WithoutCancel(ctx), "DETACH DATABASE IF EXISTS copied")
	return path, errors.Join(err, detach)
}

// OpenCopy opens a file of copies, read-only and within a limit of memory such as
// "512MB"; nothing is written to the disk.
func OpenCopy(ctx context.Context, path, memory string) (*Store, error) {
	own := maps.Clone(settings)
	own["memory_limit"], own["temp_directory"] = memory, ""
	db, err := connectWith(ctx, own, "ATTACH "+quoted(path)+" AS facts (TYPE duckdb, READ_ONLY)")
	if err != nil {
		return nil, err
	}
	s := newStore(db)
	if _, err := db.ExecContext(ctx, lockdown); err != nil {
		return nil, errors.Join(err, s.shut())
	}
	return s, nil
}
