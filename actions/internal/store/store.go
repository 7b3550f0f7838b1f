// Package store keeps facts as SQL tables (schema.sql, labels.sql) and answers
// questions about them: in DuckDB, embedded, in memory or in a file that may be
// kept between runs. It knows tables and rows; what is asked of them is package
// metric's matter, and where they come from package source's.
package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

//go:embed schema.sql
var schema string

// Store is facts in DuckDB. It may be used by several goroutines.
type Store struct {
	db    *sql.DB
	notes notes
	// Limit is how long one question may take.
	Limit time.Duration
}

// settings keep a question from more than its share, and from everything that
// is not a table of facts: each runs on one thread, since several are asked at
// once and most are small (handing one out to threads costs more than it saves); no file is read or written but the store's own, no
// extension loaded, and none of that can be switched on again.
const settings = `
SET threads = 1;
SET TimeZone = 'UTC';
SET memory_limit = '1536MB';
SET preserve_insertion_order = false;
SET autoinstall_known_extensions = false;
SET autoload_known_extensions = false;
SET enable_external_access = false;
SET lock_configuration = true;
`

// Open opens the facts in a file, or in memory where the path is empty. A file
// that is damaged, cut off or of another version is made anew, one that another
// program has open is left alone and memory used; note says so, and is empty
// where the facts are as they were kept.
func Open(ctx context.Context, path string) (s *Store, note string, err error) {
	if path == "" {
		s, err = fresh(ctx, "")
		return s, "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, "", fmt.Errorf("a folder for the facts: %w", err)
	}
	_, missing := os.Stat(path)
	s, err = kept(ctx, path)
	switch {
	case err == nil:
		return s, "", nil
	case strings.Contains(err.Error(), "Could not set lock"):
		s, err = fresh(ctx, "")
		return s, fmt.Sprintf("%s is open in another program: the facts are read anew, into memory", path), err
	case missing == nil:
		note = fmt.Sprintf("the facts kept in %s are not fit for use (%s): they are read anew", path, firstLine(err))
	}
	for _, file := range []string{path, path + ".wal"} {
		if err := os.RemoveAll(file); err != nil {
			return nil, "", fmt.Errorf("make the facts anew: %w", err)
		}
	}
	s, err = fresh(ctx, path)
	return s, note, err
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// version names the tables' form; a file of another form is made anew.
func version() string {
	sum := sha256.Sum256([]byte(schema + labels + bookkeeping))
	return hex.EncodeToString(sum[:8])
}

const bookkeeping = `
CREATE TABLE aftercare_state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE aftercare_version (version TEXT NOT NULL);
`

// connect opens a file, or memory where there is none. Most releases have few
// facts, so the blocks of the file are the smallest that there are.
func connect(path string) (*sql.DB, error) {
	connector, err := duckdb.NewConnector(path+"?default_block_size=16384", nil)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// fresh makes the tables.
func fresh(ctx context.Context, path string) (*Store, error) {
	db, err := connect(path)
	if err != nil {
		return nil, fmt.Errorf("open the facts: %w", err)
	}
	_, err = db.ExecContext(ctx, schema+labels+bookkeeping+fmt.Sprintf("INSERT INTO aftercare_version VALUES ('%s');", version())+settings)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make the tables of facts: %w", err), db.Close())
	}
	return over(db), nil
}

func over(db *sql.DB) *Store {
	return &Store{db: db, notes: notes{known: map[string]string{}, alone: map[string]bool{}}, Limit: defaultLimit}
}

// kept opens a file that is there, and reads all of it, since damage shows only
// where it is read.
func kept(ctx context.Context, path string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db, err := connect(path)
	if err != nil {
		return nil, err
	}
	s := over(db)
	if err := errors.Join(s.check(ctx), s.readNotes(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (s *Store) check(ctx context.Context) error {
	var is string
	if err := s.db.QueryRowContext(ctx, "SELECT version FROM aftercare_version").Scan(&is); err != nil {
		return err
	}
	if is != version() {
		return fmt.Errorf("they are of version %s, and this program keeps %s", is, version())
	}
	var each []string
	for _, table := range append(Tables(), "label_spans") {
		each = append(each, fmt.Sprintf("SELECT max(hash(t)) AS sum FROM %s t", table))
	}
	var sum any
	if err := s.db.QueryRowContext(ctx, "SELECT max(sum) FROM ("+strings.Join(each, " UNION ALL ")+")").Scan(&sum); err != nil {
		return err
	}
	_, err := s.db.ExecContext(ctx, settings)
	return err
}

// Close writes what is kept into the file and closes it. The tables that are named
// are emptied before.
func (s *Store) Close(emptied ...string) error {
	noted := s.Change(context.Background(), func(c *Change) error {
		return errors.Join(c.Clear(emptied...), c.write(s.alone()))
	})
	_, err := s.db.Exec("CHECKPOINT")
	return errors.Join(noted, err, s.db.Close())
}

// raw runs do on DuckDB's own connection.
func (s *Store) raw(ctx context.Context, do func(conn *duckdb.Conn) error) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		own, ok := c.(*duckdb.Conn)
		if !ok {
			return driver.ErrBadConn
		}
		return do(own)
	})
}

// Schema is the tables of facts as SQL, which PostgreSQL reads too.
func Schema() string { return schema }
