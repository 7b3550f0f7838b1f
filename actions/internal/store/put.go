package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// table is a table of schema.sql.
type table struct {
	name    string
	columns []string
	json    []int    // the columns that hold JSON
	types   []string // of the columns
	key     []string // of its primary key; empty where rows are added alone
}

var (
	tableForm  = regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\);`)
	columnForm = regexp.MustCompile(`^"?(\w+)"?\s+([A-Z].*)$`)
	keyForm    = regexp.MustCompile(`^PRIMARY KEY \((.*)\)$`)
)

var tables = readSchema(schema)

func readSchema(src string) map[string]table {
	all := map[string]table{}
	for _, m := range tableForm.FindAllStringSubmatch(src, -1) {
		t := table{name: m[1]}
		for _, line := range strings.Split(strings.ReplaceAll(m[2], "PRIMARY KEY (", "\nPRIMARY KEY ("), "\n") {
			line = strings.TrimSuffix(strings.TrimSpace(line), ",")
			if key := keyForm.FindStringSubmatch(line); key != nil {
				t.key = strings.Split(key[1], ", ")
				continue
			}
			column := columnForm.FindStringSubmatch(line)
			if column == nil {
				continue
			}
			if strings.HasPrefix(column[2], "JSON") {
				t.json = append(t.json, len(t.columns))
			}
			if strings.Contains(column[2], "PRIMARY KEY") {
				t.key = []string{column[1]}
			}
			kind, _, _ := strings.Cut(column[2], " ")
			t.columns, t.types = append(t.columns, column[1]), append(t.types, kind)
		}
		all[t.name] = t
	}
	return all
}

// Tables are the names of the tables of facts, in alphabetical order.
func Tables() []string {
	var names []string
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Change is several changes of the facts that hold together or not at all.
type Change struct {
	ctx        context.Context
	conn       *duckdb.Conn
	begun      bool
	arrived    *atomic.Int64 // Store.arrived
	noted      map[string]string
	forgotten  []string // prefixes of notes
	relabelled relabelled
}

// Change runs do in a transaction: an error, or the end of the process, undoes
// all that it did.
func (s *Store) Change(ctx context.Context, do func(*Change) error) error {
	return s.raw(ctx, func(conn *duckdb.Conn) error {
		c := &Change{ctx: ctx, conn: conn, arrived: &s.arrived, noted: map[string]string{}, relabelled: relabelled{issues: map[int]bool{}}}
		err := do(c)
		if err == nil {
			err = c.spans()
		}
		if err == nil {
			err = c.write(s.news(c))
		}
		switch {
		case !c.begun:
			return err
		case err != nil:
			// A context that has ended must not keep the changes from being undone.
			c.ctx = context.WithoutCancel(ctx)
			return errors.Join(err, c.exec("ROLLBACK"))
		}
		if err := c.exec("COMMIT"); err != nil {
			return err
		}
		s.remember(c)
		return nil
	})
}

// begin begins the transaction, before the first thing that a change does.
func (c *Change) begin() error {
	if c.begun {
		return nil
	}
	c.begun = true // so that exec does not begin another
	err := c.exec("BEGIN TRANSACTION")
	c.begun = err == nil
	return err
}

// Put keeps rows: a Change of one call.
func (s *Store) Put(ctx context.Context, rows []model.Row) error {
	return s.Change(ctx, func(c *Change) error { return c.Put(rows) })
}

// Clear empties tables.
func (s *Store) Clear(ctx context.Context, names ...string) error {
	return s.Change(ctx, func(c *Change) error { return c.Clear(names...) })
}

// Clear empties tables.
func (c *Change) Clear(names ...string) error {
	for _, name := range names {
		if _, known := tables[name]; !known {
			return fmt.Errorf("there is no table %s", name)
		}
		if err := c.exec("DELETE FROM " + name); err != nil {
			return err
		}
		if tellsLabels(name) {
			c.relabel()
		}
	}
	return nil
}

func (c *Change) exec(query string, args ...any) error {
	if err := c.begin(); err != nil {
		return err
	}
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	if _, err := c.conn.ExecContext(c.ctx, query, named); err != nil {
		return fmt.Errorf("change the facts: %w", err)
	}
	return nil
}

// Forget takes away what is kept of issues, so that it can be put anew: of a
// table with a column `number`.
func (c *Change) Forget(name string, numbers []int) error {
	if t, known := tables[name]; !known || !slices.Contains(t.columns, "number") {
		return fmt.Errorf("%s is not a table of issues", name)
	}
	if len(numbers) == 0 {
		return nil
	}
	list := make([]string, len(numbers))
	for i, n := range numbers {
		list[i] = fmt.Sprint(n)
	}
	if tellsLabels(name) {
		c.relabel(numbers...)
	}
	return c.exec(fmt.Sprintf("DELETE FROM %s WHERE number IN (%s)", name, strings.Join(list, ",")))
}

// Alike notes which open issues say the same as an older open one, by number, and
// which were closed while an open one said the same. Those that are not
// named stand for themselves.
func (c *Change) Alike(sameAs, closedAs map[int]int) error {
	if err := c.exec("UPDATE issues SET closed_as = NULL, same_as = NULL WHERE closed_as IS NOT NULL OR same_as IS NOT NULL"); err != nil {
		return err
	}
	for column, known := range map[string]map[int]int{"closed_as": closedAs, "same_as": sameAs} {
		var rows []string
		for _, number := range slices.Sorted(maps.Keys(known)) {
			rows = append(rows, fmt.Sprintf("(%d, %d)", number, known[number]))
		}
		if err := c.amend(fmt.Sprintf("%s = now.other FROM (VALUES %%s) AS now(number, other)", column), rows); err != nil {
			return err
		}
	}
	return nil
}

// Vote sets how many reactions issues have, and how many of them wish it; of an
// issue that is not kept it does nothing.
func (c *Change) Vote(votes []model.Votes) error {
	var rows []string
	for _, v := range votes {
		rows = append(rows, fmt.Sprintf("(%d, %d, %d)", v.Issue, v.Reactions, v.Upvotes))
	}
	return c.amend("reactions = now.reactions, upvotes = now.upvotes FROM (VALUES %s) AS now(number, reactions, upvotes)", rows)
}

// amend sets columns of issues in one statement, each by the row of its number.
func (c *Change) amend(set string, rows []string) error {
	if len(rows) == 0 {
		return nil
	}
	return c.exec("UPDATE issues SET " + fmt.Sprintf(set, strings.Join(rows, ", ")) + " WHERE issues.number = now.number")
}

// Put keeps rows. In a table with a primary key a row takes the place of the one
// with its key, the last of several that are given; in the others it is added.
func (c *Change) Put(rows []model.Row) error {
	byTable := map[string][]model.Row{}
	for _, r := range rows {
		byTable[r.Table()] = append(byTable[r.Table()], r)
	}
	for _, name := range Tables() {
		if some := byTable[name]; len(some) > 0 {
			if tellsLabels(name) {
				c.relabel(numbersOf(some)...)
			}
			if err := c.put(tables[name], some); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		delete(byTable, name)
	}
	for name := range byTable {
		return fmt.Errorf("there is no table %s", name)
	}
	return nil
}

func (c *Change) put(t table, rows []model.Row) error {
	if len(t.key) == 0 {
		return c.fill(t, rows)
	}
	c.arrived.Add(int64(len(rows)))
	rows = lastOf(t, rows)
	for some := range slices.Chunk(rows, maxReplaced) {
		statement, args := replaced(t, some)
		if err := c.exec(statement, args...); err != nil {
			return err
		}
	}
	return c.fill(t, rows)
}

// maxReplaced is how many rows one statement looks for.
const maxReplaced = 500

// replaced is the statement that takes away the rows of the same keys, and its
// values. INSERT OR REPLACE takes many times as long for few rows.
func replaced(t table, rows []model.Row) (statement string, args []any) {
	names, same, tuples := make([]string, len(t.key)), make([]string, len(t.key)), make([]string, len(rows))
	for i, name := range t.key {
		names[i] = fmt.Sprintf("%q", name)
		same[i] = fmt.Sprintf("%s.%[2]q = arriving.%[2]q", t.name, name)
	}
	for i, r := range rows {
		places, values := make([]string, len(t.key)), r.Values()
		for j, name := range t.key {
			at := slices.Index(t.columns, name)
			args = append(args, values[at])
			places[j] = fmt.Sprintf("$%d::%s", len(args), t.types[at])
		}
		tuples[i] = "(" + strings.Join(places, ", ") + ")"
	}
	return fmt.Sprintf("DELETE FROM %s USING (VALUES %s) AS arriving(%s) WHERE %s", t.name, strings.Join(tuples, ", "), strings.Join(names, ", "), strings.Join(same, " AND ")), args
}

// lastOf leaves of rows with the same key the last.
func lastOf(t table, rows []model.Row) []model.Row {
	at := map[string]int{}
	var kept []model.Row
	for _, r := range rows {
		key := keyOf(t, r.Values())
		if i, seen := at[key]; seen {
			kept[i] = r
			continue
		}
		at[key] = len(kept)
		kept = append(kept, r)
	}
	return kept
}

func keyOf(t table, values []any) string {
	var parts []string
	for _, name := range t.key {
		parts = append(parts, fmt.Sprint(values[slices.Index(t.columns, name)]))
	}
	return strings.Join(parts, "\x00")
}

func (c *Change) fill(t table, rows []model.Row) error {
	if err := c.begin(); err != nil {
		return err
	}
	appender, err := duckdb.NewAppenderFromConn(c.conn, "", t.name)
	if err != nil {
		return err
	}
	values := make([]driver.Value, len(t.columns))
	for _, r := range rows {
		cells := r.Values()
		if len(cells) != len(values) {
			return errors.Join(fmt.Errorf("a row has %d values, and the table %d columns", len(cells), len(values)), appender.Close())
		}
		for i, cell := range cells {
			values[i] = cell
		}
		for _, i := range t.json {
			if text, ok := cells[i].(string); ok {
				values[i] = json.RawMessage(text)
			}
		}
		if err := appender.AppendRow(values...); err != nil {
			return errors.Join(err, appender.Close())
		}
	}
	return appender.Close()
}
