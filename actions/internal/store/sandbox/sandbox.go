// Package sandbox runs users' own SQL where limits hold: in a child process that
// is killed when a query takes too long or too much memory, on a copy of the
// tables that the query names. DuckDB's own limits are not enough: some functions
// do not look at them, and others switch on logging or profiling for everybody.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// Limits bound users' own queries.
type Limits struct {
	Query  time.Duration // of one query
	Total  time.Duration // of all of a run
	Memory int           // in MiB, of DuckDB; the process may have half a GiB more
}

// DefaultLimits are those of a run.
var DefaultLimits = Limits{Query: 30 * time.Second, Total: 3 * time.Minute, Memory: 1024}

// Sandbox answers users' own queries. It may be used by several goroutines; one
// query runs at a time, so that the limit of memory is that of all.
type Sandbox struct {
	facts   *store.Store
	program string // the path of a program whose main calls Main
	clock   func() time.Time
	limits  Limits

	mu     sync.Mutex
	child  *child // of the last query; nil where there is none
	path   string // of the copy
	copied []string
	gaveUp map[string]error // by query: what stopped it
	spent  time.Duration
}

// New is a sandbox for queries about facts, which must not change while it is in
// use.
func New(facts *store.Store, program string, clock func() time.Time, limits Limits) *Sandbox {
	return &Sandbox{facts: facts, program: program, clock: clock, limits: limits, gaveUp: map[string]error{}}
}

// Query answers one SELECT; $1 and $2 are the window's ends. A query that was
// stopped is not asked again over another window.
func (s *Sandbox) Query(ctx context.Context, query string, w model.Window) (model.Table, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.gaveUp[query]; err != nil {
		return model.Table{}, err
	}
	if s.spent >= s.limits.Total {
		return model.Table{}, fmt.Errorf("the queries of rules.yaml took longer than %s in all, so that this one was not asked", s.limits.Total)
	}
	began := s.clock()
	defer func() { s.spent += s.clock().Sub(began) }()
	if err := s.start(ctx, query); err != nil {
		return model.Table{}, err
	}
	answer, err := s.child.ask(ctx, query, w, s.limits)
	if err != nil && ctx.Err() == nil {
		var stopped *stoppedError
		if errors.As(err, &stopped) {
			s.gaveUp[query] = err
		}
	}
	return answer, err
}

// start sees that there is a child for a query. Each query has a child of its own,
// so that what it sets is gone with it.
func (s *Sandbox) start(ctx context.Context, query string) error {
	if s.child != nil && s.child.query == query && !s.child.ended {
		return nil
	}
	s.stop()
	var missing []string
	for _, name := range mentioned(query) {
		if !slices.Contains(s.copied, name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 || s.path == "" {
		path, err := s.facts.Copy(ctx, missing...)
		if err != nil {
			return fmt.Errorf("copy the tables for the query: %w", err)
		}
		s.path, s.copied = path, append(s.copied, missing...)
	}
	var err error
	s.child, err = newChild(s.program, s.path, query, s.limits)
	return err
}

// mentioned are the tables whose names stand in a query.
func mentioned(query string) []string {
	query = strings.ToLower(query)
	var names []string
	for _, name := range store.Shared() {
		if strings.Contains(query, name) || name == "label_spans" && strings.Contains(query, "labelled") {
			names = append(names, name)
		}
	}
	return names
}

func (s *Sandbox) stop() {
	if s.child != nil {
		s.child.kill()
		s.child = nil
	}
}

// Close ends the child. It comes before the store is closed.
func (s *Sandbox) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop()
}
