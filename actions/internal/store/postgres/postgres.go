// Package postgres asks questions about telemetry of a database that speaks
// PostgreSQL's protocol. It is a room of its own so that who has no use for it
// need not build its driver.
package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// Database has the tables of telemetry. It is read, never written.
type Database struct {
	mu   sync.Mutex // one question at a time: there is one connection
	conn *pgx.Conn
}

// Open connects. Every statement is read-only and ends at the timeout,
// for which the server itself is asked. The errors do not repeat the address,
// which holds a password.
func Open(ctx context.Context, dsn string, timeout time.Duration) (*Database, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, errors.New("TELEMETRY_DSN: postgres://user:password@host:5432/database is wanted")
	}
	for name, value := range map[string]string{
		"default_transaction_read_only": "on", "statement_timeout": fmt.Sprint(timeout.Milliseconds()),
		"TimeZone": "UTC", "application_name": "aftercare",
	} {
		config.RuntimeParams[name] = value
	}
	config.ConnectTimeout = 15 * time.Second
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("the telemetry database does not answer: %s", without(err, config.Password, dsn))
	}
	return &Database{conn: conn}, nil
}

// without is an error's first line without secrets.
func without(err error, secrets ...string) string {
	line := oneLine(err.Error())
	for _, s := range secrets {
		if s != "" {
			line = strings.ReplaceAll(line, s, "***")
			line = strings.ReplaceAll(line, url.QueryEscape(s), "***")
		}
	}
	return line
}

// Close ends the connection.
func (p *Database) Close(ctx context.Context) error { return p.conn.Close(ctx) }

// MissingError is a table or a column that the telemetry does not have.
type MissingError struct{ Said string }

func (e *MissingError) Error() string { return "the telemetry database has it not: " + e.Said }

// Query answers one SELECT; $1 and $2 are the window's ends.
func (p *Database) Query(ctx context.Context, query string, w model.Window) (model.Table, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	query, named := bind(query, w)
	args := make([]any, len(named))
	for i, a := range named {
		args[i] = a.Value
	}
	rows, err := p.conn.Query(ctx, query, args...)
	if err != nil {
		return model.Table{}, explained(err)
	}
	defer rows.Close()
	var answer model.Table
	for _, f := range rows.FieldDescriptions() {
		answer.Columns = append(answer.Columns, f.Name)
	}
	for rows.Next() {
		if len(answer.Rows) == model.MostRows {
			return model.Table{}, fmt.Errorf("the query has over %d rows", model.MostRows)
		}
		cells, err := rows.Values()
		if err != nil {
			return model.Table{}, explained(err)
		}
		for i, cell := range cells {
			if cells[i], err = model.Cell(number(cell)); err != nil {
				return model.Table{}, fmt.Errorf("column %s: %w", answer.Columns[i], err)
			}
		}
		answer.Rows = append(answer.Rows, cells)
	}
	return answer, explained(rows.Err())
}

// number makes a plain one of PostgreSQL's numeric.
func number(cell any) any {
	numeric, ok := cell.(pgtype.Numeric)
	if !ok {
		return cell
	}
	f, err := numeric.Float64Value()
	if err != nil || !f.Valid {
		return nil
	}
	return f.Float64
}

func explained(err error) error {
	var said *pgconn.PgError
	if !errors.As(err, &said) {
		return err
	}
	switch said.Code {
	case "42P01", "42703": // undefined_table, undefined_column
		return &MissingError{oneLine(said.Message)}
	case "57014": // query_canceled
		return errors.New("the telemetry database stopped the query at its time limit")
	case "42501": // insufficient_privilege
		return fmt.Errorf("the telemetry database refuses: %s: grant SELECT on it to the user of TELEMETRY_DSN", oneLine(said.Message))
	}
	return fmt.Errorf("the telemetry database says: %s", oneLine(said.Message))
}

// bind gives a query the ends that it asks for. PostgreSQL takes no value
// for a parameter that does not stand in the query, so one that asks for $2
// alone asks for it as $1.
func bind(query string, w model.Window) (string, []driver.NamedValue) {
	used := map[string]bool{}
	for _, found := range model.Parameter.FindAllString(query, -1) {
		if found[0] == '$' {
			used[found] = true
		}
	}
	ends := []driver.NamedValue{{Ordinal: 1, Value: w.From.UTC()}, {Ordinal: 2, Value: w.Until.UTC()}}
	switch {
	case used["$1"] && used["$2"]:
		return query, ends
	case used["$1"]:
		return query, ends[:1]
	case used["$2"]:
		only := model.Parameter.ReplaceAllStringFunc(query, func(found string) string {
			if found == "$2" {
				return "$1"
			}
			return found
		})
		return only, []driver.NamedValue{{Ordinal: 1, Value: w.Until.UTC()}}
	}
	return query, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
