// Package store keeps facts as SQL tables (schema.sql, labels.sql) and answers
// queries about them: in DuckDB, embedded, in memory or in a file that may be
// kept between runs. It knows tables and rows. Package metric knows what to
// query, and package collect where the facts come from.
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
	"strings"
	"sync/atomic"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/aftercare/aftercare/actions/internal/labelname"
)

//go:embed schema.sql
var schema string

// Store is facts in DuckDB. It may be used by several goroutines.
type Store struct {
	db    *sql.DB
	file  file // empty: in memory
	notes notes
	// copies is a folder for copies of tables; empty where there is none.
	copies string
	// Limit is how long one question may take.
	Limit time.Duration
	// arrived is how many rows with a key were put since Open. The
	// others are not kept between runs.
	arrived atomic.Int64
}

// Open opens the facts in a file, or in memory where the path is empty. A file
// that is damaged, cut off or of another version is replaced by an empty one. A
// file that another program has open is left alone, and a folder that cannot be
// written is no reason to stop: memory is used instead. The note says so; it is
// empty where the facts are as they were kept.
func Open(ctx context.Context, path string) (s *Store, note string, err error) {
	if path == "" {
		s, err = create(ctx, "")
		return s, "", err
	}
	f, err := newFile(path)
	if err == nil {
		s, note, err = f.open(ctx)
	}
	switch {
	case err == nil:
		return s, note, nil
	case isLocked(err):
		note = fmt.Sprintf("%s is open in another program: the facts are read again, into memory", path)
	default:
		note = fmt.Sprintf("%s cannot be written (%s): the facts are kept in memory and are lost after this run", path, firstLine(err))
	}
	s, err = create(ctx, "")
	return s, note, err
}

func isLocked(err error) bool { return strings.Contains(err.Error(), "Could not set lock") }

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// version names the form of the tables; a file of another form is not read.
func version() string {
	sum := sha256.Sum256([]byte(schema + labels + labelname.Version + bookkeeping))
	return hex.EncodeToString(sum[:8])
}

const notesTable = `CREATE TABLE aftercare_state (key TEXT PRIMARY KEY, value TEXT NOT NULL);`

const bookkeeping = notesTable + `
CREATE TABLE aftercare_version (version TEXT NOT NULL);
`

// create makes the tables in a new file, or in memory where there is no path.
func create(ctx context.Context, path string) (*Store, error) {
	db, err := connect(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open the facts: %w", err)
	}
	s := newStore(db)
	_, err = db.ExecContext(ctx, "BEGIN TRANSACTION;"+schema+labels+bookkeeping+fmt.Sprintf("INSERT INTO aftercare_version VALUES ('%s'); COMMIT", version()))
	if err == nil {
		err = file(path).lock(ctx, s)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("create the tables of facts: %w", err), s.shut())
	}
	return s, nil
}

func newStore(db *sql.DB) *Store {
	return &Store{db: db, notes: notes{known: map[string]string{}, alone: map[string]bool{}}, Limit: defaultLimit}
}

// checkVersion refuses a file whose tables have another form; its tables are
// found in the catalog that is named.
func checkVersion(ctx context.Context, db *sql.DB, catalog string) error {
	var is string
	if err := db.QueryRowContext(ctx, "SELECT version FROM "+catalog+".aftercare_version").Scan(&is); err != nil {
		return err
	}
	if is != version() {
		return fmt.Errorf("its tables are of version %s, and this program uses %s", is, version())
	}
	return nil
}

// Close empties the tables that are named, writes the file, with all notes anew, and
// closes it.
func (s *Store) Close(emptied ...string) error {
	noted := s.Change(context.Background(), func(c *Change) error {
		return errors.Join(c.Clear(emptied...), c.rewrite(s.States("")))
	})
	_, err := s.db.Exec("CHECKPOINT")
	if err := errors.Join(noted, err, s.shut()); err != nil || s.file == "" {
		return err
	}
	return s.file.seal()
}

// many is how many rows must have arrived for Relieve to be worth its time.
const many = 50_000

// Relieve writes the file, closes it and opens it again where many rows have
// arrived since Open: DuckDB keeps what it allocated to take them in, or to answer
// about them, until then; about a kilobyte for each issue. Nothing else may use the
// store meanwhile, and nothing can after an error. Facts in memory stay as they are.
func (s *Store) Relieve(ctx context.Context) error {
	if s.file == "" || s.arrived.Load() < many {
		return nil
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("close the facts to save memory: %w", err)
	}
	again, err := s.file.kept(ctx)
	if err != nil {
		return fmt.Errorf("open the facts again: %w", err)
	}
	s.db, s.copies = again.db, again.copies
	return nil
}

// shut closes the database and removes the copies that were made of it.
func (s *Store) shut() error {
	err := s.db.Close()
	if s.copies != "" {
		err = errors.Join(err, os.RemoveAll(s.copies))
	}
	return err
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
