package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// file is the path of a file of facts, absolute. Beside it lies, while no
// program has it open, its checksum: DuckDB reads a block, of an index above
// all, only when it needs it, and would notice damage in the middle of a run.
type file string

// newFile is the file at a path, in a folder that can be written.
func newFile(path string) (file, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if strings.Contains(filepath.Dir(path), "?") {
		return "", errors.New(`DuckDB cannot write in a folder with "?" in its name`)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	return file(path), file(path).probe()
}

// minRoom is how many bytes must be free beside the file when it is opened.
const minRoom = 8 << 20

// probe writes as much as a run needs at least, and removes it again: a folder
// that is full or read-only shows here, and not in the middle of a run.
func (f file) probe() error {
	out, err := os.CreateTemp(filepath.Dir(string(f)), ".probe-*")
	if err != nil {
		return err
	}
	chunk := make([]byte, 1<<20)
	for range minRoom / len(chunk) {
		if _, err = out.Write(chunk); err != nil {
			break
		}
	}
	return errors.Join(err, out.Close(), os.Remove(out.Name()))
}

// open opens what is kept, or creates the file anew; the note says why.
func (f file) open(ctx context.Context) (s *Store, note string, err error) {
	_, missing := os.Stat(string(f))
	s, err = f.kept(ctx)
	if err == nil {
		return s, "", nil
	}
	if isLocked(err) || errors.Is(err, context.Canceled) {
		return nil, "", err
	}
	if missing == nil {
		note = fmt.Sprintf("the facts kept in %s cannot be used (%s): they are read again", f, firstLine(err))
	}
	if err := f.remove(); err != nil {
		return nil, "", err
	}
	s, err = create(ctx, string(f))
	if err != nil {
		return nil, "", err
	}
	s.file = f
	return s, note, nil
}

// kept opens a file that is there. One without a checksum was left by a program
// that did not end as it should: its tables are copied into a new file, which
// reads every row and builds every index again.
func (f file) kept(ctx context.Context) (*Store, error) {
	if _, err := os.Stat(string(f)); err != nil {
		return nil, err
	}
	switch sealed, err := f.sealed(); {
	case err != nil:
		return nil, err
	case !sealed:
		if err := f.salvage(ctx); err != nil {
			return nil, err
		}
	}
	db, err := connect(ctx, string(f))
	if err != nil {
		return nil, err
	}
	s := newStore(db)
	s.file = f
	if err := errors.Join(f.lock(ctx, s), checkVersion(ctx, db, "facts"), s.readNotes(ctx), f.unseal()); err != nil {
		return nil, errors.Join(err, s.shut())
	}
	return s, nil
}

// salvage puts a copy of the file in its place.
func (f file) salvage(ctx context.Context) error {
	whole := f + ".new"
	if err := whole.remove(); err != nil {
		return err
	}
	if err := f.copyTo(ctx, whole); err != nil {
		return errors.Join(err, whole.remove())
	}
	if err := os.Remove(f.wal()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(string(whole), string(f))
}

func (f file) copyTo(ctx context.Context, whole file) error {
	db, err := connect(ctx, string(whole))
	if err != nil {
		return err
	}
	copyAll := func() error {
		if _, err := db.ExecContext(ctx, schema+labels+bookkeeping+"ATTACH "+quoted(string(f))+" AS old (TYPE duckdb)"); err != nil {
			return err
		}
		if err := checkVersion(ctx, db, "old"); err != nil {
			return err
		}
		for _, name := range append(Tables(), "label_spans", "aftercare_state", "aftercare_version") {
			if _, err := db.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s SELECT * FROM old.%[1]s", name)); err != nil {
				return err
			}
		}
		_, err := db.ExecContext(ctx, "DETACH old; CHECKPOINT")
		return err
	}
	return errors.Join(copyAll(), db.Close())
}

// beside is the name that DuckDB gives to a file beside this one: it puts the
// end before a question mark.
func (f file) beside(end string) string {
	name, rest, asks := strings.Cut(string(f), "?")
	if !asks {
		return name + end
	}
	return name + end + "?" + rest
}

func (f file) wal() string   { return f.beside(".wal") }
func (f file) seals() string { return string(f) + ".sha256" }

// lock ends what only opening a file needs. What can still be written are the
// files beside this one, which DuckDB does not know as its own where the name has
// a question mark, and the folder of copies.
func (f file) lock(ctx context.Context, s *Store) error {
	allow := ""
	if strings.Contains(string(f), "?") {
		allow = fmt.Sprintf("SET allowed_paths = [%s, %s, %s];", quoted(f.wal()), quoted(f.beside(".wal.checkpoint")), quoted(f.beside(".wal.recovery")))
	}
	if dir, err := os.MkdirTemp("", "aftercare-"); err == nil {
		s.copies = dir
		allow += fmt.Sprintf("SET allowed_directories = [%s];", quoted(dir+string(filepath.Separator)))
	}
	_, err := s.db.ExecContext(ctx, allow+lockdown)
	return err
}

// remove removes the file and what lies beside it.
func (f file) remove() error {
	return errors.Join(os.RemoveAll(string(f)), os.RemoveAll(f.wal()), os.RemoveAll(f.seals()))
}

// seal writes the checksum of a file that was closed.
func (f file) seal() error {
	sum, err := f.sum()
	if err != nil {
		return err
	}
	return os.WriteFile(f.seals(), []byte(sum), 0o644)
}

// unseal removes the checksum, since the file is about to change.
func (f file) unseal() error {
	if err := os.Remove(f.seals()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

var errDamaged = errors.New("it is damaged: its checksum does not match")

// sealed reports whether the file has a checksum; the error is that it is not
// that of the file.
func (f file) sealed() (bool, error) {
	want, err := os.ReadFile(f.seals())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	sum, err := f.sum()
	if err == nil && sum != string(want) {
		err = errDamaged
	}
	return true, err
}

func (f file) sum() (string, error) {
	in, err := os.Open(string(f))
	if err != nil {
		return "", err
	}
	defer in.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, in); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
