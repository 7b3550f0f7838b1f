package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/sandbox"
)

// maxTable is how much a CSV or Parquet file of telemetry may hold, in bytes, when
// unpacked.
const maxTable = 1 << 30

// tables reads telemetry in CSV and Parquet, each file in a process of its own;
// nil where there is no program for that.
func (w *world) tables() collect.Tables {
	if w.queries == "" {
		return nil
	}
	return func(ctx context.Context, kind string, file io.Reader, each func(collect.TableRow) error) error {
		path, err := temporary(file)
		if err != nil {
			return err
		}
		err = sandbox.ReadTable(ctx, w.queries, path, kind, sandbox.DefaultLimits, func(row store.TableRow) error { return each(collect.TableRow(row)) })
		return errors.Join(err, os.Remove(path))
	}
}

// temporary writes what is read into a file, and returns its path.
func temporary(from io.Reader) (path string, err error) {
	out, err := os.CreateTemp("", "aftercare-table-*")
	if err != nil {
		return "", err
	}
	n, err := io.Copy(out, io.LimitReader(from, maxTable+1))
	if err == nil && n > maxTable {
		err = fmt.Errorf("the file is over %d MiB", maxTable>>20)
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return "", errors.Join(err, os.Remove(out.Name()))
	}
	return out.Name(), nil
}
