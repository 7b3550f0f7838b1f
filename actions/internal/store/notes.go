package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// notes are what sources and programs remember for their next run, such as a
// cursor or an ETag, by their keys. They are read whole when the facts are
// opened, and asked for without a query.
type notes struct {
	mu    sync.Mutex
	known map[string]string
	alone map[string]bool // the keys of those that no change has written yet
}

// readNotes reads them from the table that keeps them.
func (s *Store) readNotes(ctx context.Context) error {
	rows, err := s.db.QueryContext(ctx, "SELECT key, value FROM aftercare_state")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return err
		}
		s.notes.known[key] = value
	}
	return rows.Err()
}

// State is what was noted under a key; empty where nothing was.
func (s *Store) State(key string) string {
	s.notes.mu.Lock()
	defer s.notes.mu.Unlock()
	return s.notes.known[key]
}

// States are the notes whose keys begin with a prefix, by their keys.
func (s *Store) States(prefix string) map[string]string {
	s.notes.mu.Lock()
	defer s.notes.mu.Unlock()
	all := map[string]string{}
	for key, value := range s.notes.known {
		if strings.HasPrefix(key, prefix) {
			all[key] = value
		}
	}
	return all
}

// SetState notes something for the next run that can be found out again: it is
// written when the facts are closed, and lost where the process ends before.
func (s *Store) SetState(key, value string) {
	s.notes.mu.Lock()
	defer s.notes.mu.Unlock()
	s.notes.known[key] = value
	s.notes.alone[key] = true
}

// DropState takes a note away: when the facts are closed, or not at all where the
// process ends before.
func (s *Store) DropState(key string) {
	s.notes.mu.Lock()
	defer s.notes.mu.Unlock()
	delete(s.notes.known, key)
	delete(s.notes.alone, key)
}

// SetState notes something for the next run, together with what else the change
// does.
func (c *Change) SetState(key, value string) { c.noted[key] = value }

// ForgetStates takes away the notes whose keys begin with a prefix.
func (c *Change) ForgetStates(prefix string) error {
	maps.DeleteFunc(c.noted, func(key, _ string) bool { return strings.HasPrefix(key, prefix) })
	c.forgotten = append(c.forgotten, prefix)
	return c.exec("DELETE FROM aftercare_state WHERE starts_with(key, $1)", prefix)
}

// write puts notes into their table, all by one statement.
func (c *Change) write(notes map[string]string) error {
	if len(notes) == 0 {
		return nil
	}
	var keys, rows []string
	var named, all []any
	for i, key := range slices.Sorted(maps.Keys(notes)) {
		named, all = append(named, key), append(all, key, notes[key])
		keys = append(keys, fmt.Sprintf("$%d", i+1))
		rows = append(rows, fmt.Sprintf("($%d, $%d)", 2*i+1, 2*i+2))
	}
	if err := c.exec("DELETE FROM aftercare_state WHERE key IN ("+strings.Join(keys, ", ")+")", named...); err != nil {
		return err
	}
	return c.exec("INSERT INTO aftercare_state VALUES "+strings.Join(rows, ", "), all...)
}

// rewrite puts all notes into a new table. DuckDB keeps the room of rows that were
// deleted until it has a hundred thousand of them, and notes are long and change in
// each run: the file would grow by them without end.
func (c *Change) rewrite(notes map[string]string) error {
	if err := c.exec("DROP TABLE aftercare_state;" + notesTable); err != nil {
		return err
	}
	return c.write(notes)
}

// news are the notes of a change that are not written as they are already.
func (s *Store) news(c *Change) map[string]string {
	s.notes.mu.Lock()
	defer s.notes.mu.Unlock()
	all := map[string]string{}
	for key, value := range c.noted {
		known, there := s.notes.known[key]
		if !there || known != value || s.notes.alone[key] || c.forgets(key) {
			all[key] = value
		}
	}
	return all
}

func (c *Change) forgets(key string) bool {
	return slices.ContainsFunc(c.forgotten, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// remember makes known what a change has noted, once it holds.
func (s *Store) remember(c *Change) {
	s.notes.mu.Lock()
	defer s.notes.mu.Unlock()
	if len(c.forgotten) > 0 {
		maps.DeleteFunc(s.notes.known, func(key, _ string) bool { return c.forgets(key) })
		maps.DeleteFunc(s.notes.alone, func(key string, _ bool) bool { return c.forgets(key) })
	}
	maps.Copy(s.notes.known, c.noted)
}
