package sandbox

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/actions/internal/store"
)

// tableMark is the argument by which a program knows that it is the child that
// reads a table.
const tableMark = "aftercare-read-table"

// tableReply is some rows of a table, the last of which end it.
type tableReply struct {
	Rows  []store.TableRow
	Ended bool
	Wrong string
}

// tableRows is how many rows a child sends at a time.
const tableRows = 256

// serveTable reads a table and sends its rows.
func serveTable(ctx context.Context, path, kind, memory string, out io.Writer) error {
	mebibytes, err := strconv.Atoi(memory)
	if err != nil {
		return err
	}
	if err := restrict(mebibytes); err != nil {
		return err
	}
	replies := gob.NewEncoder(out)
	var rows []store.TableRow
	err = store.ReadTable(ctx, path, kind, memory+"MiB", func(row store.TableRow) error {
		if rows = append(rows, row); len(rows) < tableRows {
			return nil
		}
		sent := tableReply{Rows: rows}
		rows = nil
		return replies.Encode(sent)
	})
	last := tableReply{Rows: rows, Ended: true}
	if err != nil {
		last.Wrong = err.Error()
	}
	return replies.Encode(last)
}

// ReadTable reads a CSV or a Parquet file (kind: csv, parquet) row by row in a
// process of its own, which has no environment, and is killed where it takes
// longer than the limit of a query or more memory than that.
func ReadTable(ctx context.Context, program, path, kind string, limits Limits, each func(store.TableRow) error) error {
	limited, cancel := context.WithTimeout(ctx, limits.Query)
	defer cancel()
	cmd := exec.CommandContext(limited, program, tableMark, path, kind, strconv.Itoa(limits.Memory))
	cmd.Env = []string{}
	cmd.WaitDelay = time.Second
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("start a process for the table: %w", err)
	}
	errRead := takeTable(gob.NewDecoder(out), each)
	if errRead != nil {
		cancel() // it may still be writing
	}
	errEnd := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		return fmt.Errorf("the table took longer than %s to read", limits.Query)
	case errRead != nil && errEnd != nil && errors.Is(errRead, errEnded):
		return fmt.Errorf("the process that read the table ended (%w): it may need more than %d MiB of memory", errEnd, limits.Memory)
	}
	return errRead
}

var errEnded = errors.New("the rows of the table break off")

// takeTable takes the rows that a child sends.
func takeTable(replies *gob.Decoder, each func(store.TableRow) error) error {
	for {
		var r tableReply
		if err := replies.Decode(&r); err != nil {
			return errEnded
		}
		for _, row := range r.Rows {
			if err := each(row); err != nil {
				return err
			}
		}
		switch {
		case r.Wrong != "":
			return errors.New(r.Wrong)
		case r.Ended:
			return nil
		}
	}
}
