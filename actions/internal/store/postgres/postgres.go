// Package postgres asks queries about telemetry of a database that speaks
// PostgreSQL's protocol, directly or through a pooler. It is a package of its own
// so that a program without use for it need not build its driver.
package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// Database has the tables of telemetry. It is read, never written. It may be used
// by several goroutines.
type Database struct {
	config  *pgx.ConnConfig
	secrets []string      // what no error may repeat
	timeout time.Duration // of one query
	begin   string        // begins the transaction of a query

	mu      sync.Mutex // one query at a time: there is one connection
	conn    *pgx.Conn  // closed where a query broke it; the next query opens another
	stopped int        // queries that took longer than the timeout
}

// maxTimeouts is how many queries may reach the timeout: a database that is too
// slow for all of them must not keep a run from its other work.
const maxTimeouts = 3

// maxMessage bounds what the server may send at once, in bytes: a row, above all.
const maxMessage = 4 << 20

// Open connects, and refuses a user who may do more than read. Every query runs
// in a read-only transaction of its own and ends at the timeout. The errors do
// not repeat the address, which holds a password.
func Open(ctx context.Context, dsn string, timeout time.Duration) (*Database, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, errors.New("TELEMETRY_DSN: expected postgres://user:password@host:5432/database")
	}
	config.ConnectTimeout = 15 * time.Second
	config.MaxProtocolMessageBodyLen = maxMessage
	// Behind a pooler the next statement may reach another server process, which
	// knows no statement that was prepared before.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.StatementCacheCapacity, config.DescriptionCacheCapacity = 0, 0
	p := &Database{config: config, secrets: []string{config.Password, dsn}, timeout: timeout}
	p.begin = begin(moved(config), timeout)
	if err := p.connect(ctx); err != nil {
		return nil, err
	}
	if err := p.admit(ctx); err != nil {
		return nil, errors.Join(err, p.Close(ctx))
	}
	return p, nil
}

// startup are the settings that may be sent when connecting. A pooler refuses
// the others, or accepts and drops them.
var startup = map[string]bool{"application_name": true, "client_encoding": true, "options": true}

// foreign are parameters by which other programs know a pooler; they are no
// settings of the server.
var foreign = map[string]bool{"pgbouncer": true, "connection_limit": true, "pool_timeout": true, "pool_size": true, "schema": true}

// moved takes the settings of an address that a pooler would refuse out of it.
func moved(config *pgx.ConnConfig) map[string]string {
	settings := map[string]string{}
	for name, value := range config.RuntimeParams {
		if startup[strings.ToLower(name)] {
			continue
		}
		delete(config.RuntimeParams, name)
		if !foreign[strings.ToLower(name)] {
			settings[strings.ToLower(name)] = value
		}
	}
	config.RuntimeParams["application_name"] = "aftercare"
	return settings
}

func (p *Database) connect(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, p.config)
	if err != nil {
		return fmt.Errorf("the telemetry database does not answer: %s", without(err, p.secrets...))
	}
	p.conn = conn
	return nil
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

// selects are the words that a query begins with. Other statements change
// nothing either in a transaction that is rolled back, but some would end it.
var selects = regexp.MustCompile(`^(?:\s|--[^\n]*\n|(?s:/\*.*?\*/))*(?i:select|with)\b`)

// Query answers one SELECT; $1 and $2 are the window's ends.
func (p *Database) Query(ctx context.Context, query string, w model.Window) (model.Table, error) {
	if !selects.MatchString(query) {
		return model.Table{}, errors.New("the query must be one SELECT, which changes nothing and is read-only")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped >= maxTimeouts {
		return model.Table{}, fmt.Errorf("the telemetry database stopped %d queries at their time limit of %s, so that no more are asked in this run", p.stopped, p.timeout)
	}
	var answer model.Table
	err := p.transact(ctx, func(ctx context.Context) (err error) {
		answer, err = p.read(ctx, query, w)
		return err
	})
	if errors.Is(err, errStopped) {
		p.stopped++
	}
	return answer, err
}

// read reads the answer to a query. Where it is too large the connection is
// closed, for the rest of the answer would still have to be received.
func (p *Database) read(ctx context.Context, query string, w model.Window) (model.Table, error) {
	query, named := bind(query, w)
	args := make([]any, len(named))
	for i, a := range named {
		args[i] = a.Value
	}
	rows, err := p.conn.Query(ctx, query, args...)
	if err != nil {
		return model.Table{}, p.explained(err)
	}
	defer rows.Close()
	var columns []string
	for _, f := range rows.FieldDescriptions() {
		columns = append(columns, f.Name)
	}
	answer, err := model.NewAnswer(columns)
	if err != nil {
		return model.Table{}, errors.Join(err, p.drop())
	}
	for rows.Next() {
		cells, err := rows.Values()
		if err != nil {
			return model.Table{}, p.explained(err)
		}
		for i, cell := range cells {
			cells[i] = number(cell)
		}
		if err := answer.Add(cells); err != nil {
			return model.Table{}, errors.Join(err, p.drop())
		}
	}
	return answer.Table, p.explained(rows.Err())
}

// drop closes the connection at once, without the end of an answer.
func (p *Database) drop() error {
	_ = p.conn.PgConn().Conn().Close() // it is closed on purpose
	return nil
}

// number turns PostgreSQL's numeric into a float.
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

// explained is an error in our words.
func (p *Database) explained(err error) error {
	var said *pgconn.PgError
	var long *pgproto3.ExceededMaxBodyLenErr
	switch {
	case err == nil:
		return nil
	case errors.As(err, &long):
		return fmt.Errorf("the query has a row of over %d MiB", maxMessage>>20)
	case errors.Is(err, context.DeadlineExceeded):
		return errStopped
	case !errors.As(err, &said):
		return errors.New(without(err, p.secrets...))
	}
	switch said.Code {
	case "42P01", "42703": // undefined_table, undefined_column
		return &MissingError{oneLine(said.Message)}
	case "57014": // query_canceled
		return errStopped
	case "42501": // insufficient_privilege
		return fmt.Errorf("the telemetry database refuses: %s: grant SELECT on it to the user of TELEMETRY_DSN", oneLine(said.Message))
	}
	return fmt.Errorf("the telemetry database says: %s", oneLine(said.Message))
}

var errStopped = errors.New("the telemetry database stopped the query at its time limit")

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
