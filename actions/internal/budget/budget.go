// Package budget bounds the time that work on foreign input takes. Parsers and
// finders are meant to be fast on any input; where one is not, the input is given
// up instead of the run.
package budget

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrBroken is the error of work that panicked. It tells nothing of the input.
var ErrBroken = errors.New("its reader broke on it")

// ErrExceeded is the error of work that took longer than its limit.
type ErrExceeded struct {
	Limit time.Duration
	// Running reports that the work did not stop when it was told to: it goes on in
	// the background, and costs a processor until the program ends.
	Running bool
}

func (e *ErrExceeded) Error() string { return fmt.Sprintf("it took longer than %s", e.Limit) }

// IsRunning reports whether an error tells of work that goes on in the background.
func IsRunning(err error) bool {
	var exceeded *ErrExceeded
	return errors.As(err, &exceeded) && exceeded.Running
}

// grace is how long work may take to stop once its time is over.
const grace = 200 * time.Millisecond

// Do runs work with a context that ends after a limit, and returns its result. Work
// that does not return in time is given up: what it returns later is dropped. So it
// must not write to anything that the caller reads. Where the context of the caller
// ends first, the error is that context's.
func Do[T any](ctx context.Context, limit time.Duration, work func(context.Context) (T, error)) (T, error) {
	type outcome struct {
		result T
		err    error
	}
	var none T
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan outcome, 1)
	go func() {
		defer func() {
			if recover() != nil {
				done <- outcome{err: ErrBroken}
			}
		}()
		result, err := work(within)
		done <- outcome{result, err}
	}()
	running := false
	select {
	case o := <-done:
		if within.Err() == nil || o.err == nil || !errors.Is(o.err, within.Err()) {
			return o.result, o.err
		}
	case <-within.Done():
		running = !stops(done)
	}
	if err := ctx.Err(); err != nil && !running {
		return none, err
	}
	return none, &ErrExceeded{limit, running}
}

// stops reports whether work whose time is over returns.
func stops[T any](done <-chan T) bool {
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case <-done:
		return true
	case <-late.C:
		return false
	}
}
