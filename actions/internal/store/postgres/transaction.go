package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// begin is what begins the transaction of a query, in one message: the settings
// hold in it alone, so that they reach the server process that answers, whichever
// it is behind a pooler. The last statement asks whether they hold. That it is a
// query is also what keeps a later one from making the transaction writable.
func begin(settings map[string]string, timeout time.Duration) string {
	var b strings.Builder
	b.WriteString("BEGIN TRANSACTION READ ONLY;")
	set := func(name, value string) {
		fmt.Fprintf(&b, "SET LOCAL %s = %s;", quotedName(name), quoted(value))
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if name == "search_path" { // a list, of which a quoted text would be one name
			fmt.Fprintf(&b, "SELECT set_config('search_path', %s, true);", quoted(settings[name]))
			continue
		}
		set(name, settings[name])
	}
	set("statement_timeout", strconv.FormatInt(timeout.Milliseconds(), 10))
	set("TimeZone", "UTC")
	b.WriteString(verify)
	return b.String()
}

const verify = "SELECT current_setting('transaction_read_only'), current_setting('statement_timeout'), current_setting('TimeZone')"

func quoted(s string) string     { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
func quotedName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// grace is how long the server may take over the timeout, to say that it has
// stopped a query.
const grace = 5 * time.Second

// transact runs do in a read-only transaction that is rolled back. It connects
// again where the connection was lost.
func (p *Database) transact(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, p.timeout+grace)
	defer cancel()
	err := p.start(ctx)
	if err != nil && isLost(err) { // a server or a pooler ends idle connections
		if err = p.connect(ctx); err == nil {
			err = p.start(ctx)
		}
	}
	if err != nil {
		return p.explained(err)
	}
	if status := p.conn.PgConn().TxStatus(); status != 'T' {
		return errors.New("the telemetry database began no transaction, so nothing is asked of it")
	}
	return errors.Join(do(ctx), p.end(ctx))
}

// errLost is that there is no connection.
var errLost = errors.New("the connection is closed")

func isLost(err error) bool {
	var said *pgconn.PgError
	if errors.As(err, &said) { // admin_shutdown, crash_shutdown, a pooler's own errors
		return strings.HasPrefix(said.Code, "57P") || strings.HasPrefix(said.Code, "08")
	}
	return errors.Is(err, errLost) || !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) && !errors.As(err, new(*settingError))
}

// start begins the transaction, and verifies the settings that keep a query from
// harm.
func (p *Database) start(ctx context.Context) error {
	if p.conn.IsClosed() {
		return errLost
	}
	results, err := p.conn.PgConn().Exec(ctx, p.begin).ReadAll()
	if err != nil {
		return err
	}
	if len(results) == 0 || len(results[len(results)-1].Rows) != 1 {
		return &settingError{"transaction_read_only", "not told"}
	}
	row := results[len(results)-1].Rows[0]
	if is := string(row[0]); is != "on" {
		return &settingError{"transaction_read_only", is}
	}
	if is := string(row[1]); milliseconds(is) != p.timeout.Milliseconds() {
		return &settingError{"statement_timeout", is}
	}
	if is := string(row[2]); is != "UTC" {
		return &settingError{"TimeZone", is}
	}
	return nil
}

// settingError is a setting that the server did not take on.
type settingError struct{ name, is string }

func (e *settingError) Error() string {
	return fmt.Sprintf("the telemetry database does not take on %s for a transaction (it is %q), so nothing is asked of it", e.name, e.is)
}

// milliseconds reads a time as PostgreSQL writes it, such as 300ms or 2min; -1
// where it cannot be read. A number without a unit is milliseconds.
func milliseconds(s string) int64 {
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz ")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return -1
	}
	unit, known := map[string]int64{"": 1, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}[strings.TrimSpace(s[len(digits):])]
	if !known {
		return -1
	}
	return n * unit
}

// end rolls the transaction back. Where the query has ended it, nobody knows what
// else it did with the connection, which is closed.
func (p *Database) end(ctx context.Context) error {
	if p.conn.IsClosed() {
		return nil // and the server has rolled back
	}
	if p.conn.PgConn().TxStatus() == 'I' {
		_ = p.conn.Close(ctx)
		return errors.New("the query ended its transaction, which it must not")
	}
	if _, err := p.conn.PgConn().Exec(ctx, "ROLLBACK").ReadAll(); err != nil {
		_ = p.conn.Close(context.WithoutCancel(ctx))
	}
	return nil
}
