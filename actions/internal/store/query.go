package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// defaultLimit is how long one question may take.
const defaultLimit = 30 * time.Second

// Query answers one SELECT about the facts; $1 and $2 are the window's ends. It
// changes nothing: any other statement, and more than one, is refused, and what
// takes longer than the limit is stopped.
func (s *Store) Query(ctx context.Context, query string, w model.Window) (model.Table, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Limit)
	defer cancel()
	query = within(query, w)
	var answer model.Table
	err := s.raw(ctx, func(conn *duckdb.Conn) error {
		stmt, err := prepareSelect(conn, query)
		if err != nil {
			return err
		}
		defer stmt.Close()
		rows, err := stmt.QueryContext(ctx, nil)
		if err != nil {
			return err
		}
		defer rows.Close()
		answer, err = read(rows)
		return err
	})
	if err == nil {
		return answer, nil
	}
	if ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return model.Table{}, SlowError{s.Limit}
	}
	return model.Table{}, fmt.Errorf("the query cannot be answered: %s", oneLine(err.Error()))
}

// SlowError is that a query was stopped at its time limit.
type SlowError struct{ Limit time.Duration }

func (e SlowError) Error() string {
	return fmt.Sprintf("the query took longer than %s and was stopped", e.Limit)
}

// selects are the words that a question begins with; a PRAGMA would be read as
// one too.
var selects = regexp.MustCompile(`^(?:\s|--[^\n]*\n|(?s:/\*.*?\*/))*(?i:select|with)\b`)

var errNoSelect = errors.New("expected one SELECT, which changes nothing")

// prepareSelect prepares a single statement, and refuses all but a SELECT: the
// driver's own Prepare carries nothing out.
func prepareSelect(conn *duckdb.Conn, query string) (*duckdb.Stmt, error) {
	if !selects.MatchString(query) {
		return nil, errNoSelect
	}
	made, err := conn.Prepare(query)
	if err != nil {
		return nil, err
	}
	stmt, ok := made.(*duckdb.Stmt)
	if !ok {
		return nil, errors.Join(driver.ErrBadConn, made.Close())
	}
	if kind, err := stmt.StatementType(); err != nil || kind != duckdb.STATEMENT_TYPE_SELECT {
		return nil, errors.Join(errNoSelect, err, stmt.Close())
	}
	return stmt, nil
}

// within puts the ends of a window into a query, where it asks for them: with
// values bound to it, DuckDB would plan each query twice.
func within(query string, w model.Window) string {
	return model.Parameter.ReplaceAllStringFunc(query, func(found string) string {
		switch found {
		case "$1":
			return instant(w.From)
		case "$2":
			return instant(w.Until)
		}
		return found
	})
}

// instant is a time as SQL writes it.
func instant(t time.Time) string {
	return "TIMESTAMPTZ '" + t.UTC().Format("2006-01-02 15:04:05.999999") + "+00'"
}

func read(rows driver.Rows) (model.Table, error) {
	answer, err := model.NewAnswer(rows.Columns())
	if err != nil {
		return model.Table{}, err
	}
	for {
		cells := make([]driver.Value, len(answer.Columns))
		err := rows.Next(cells)
		if errors.Is(err, io.EOF) {
			return answer.Table, nil
		}
		if err != nil {
			return model.Table{}, err
		}
		row := make([]any, len(cells))
		for i, cell := range cells {
			row[i] = plain(cell)
		}
		if err := answer.Add(row); err != nil {
			return model.Table{}, err
		}
	}
}

// plain turns DuckDB's own numbers into floats.
func plain(cell any) any {
	switch v := cell.(type) {
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f
	case duckdb.Decimal:
		return v.Float64()
	}
	return cell
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
