package budget

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestDo(t *testing.T) {
	failed := errors.New("no such record")
	hang := make(chan struct{})
	defer close(hang)
	for _, c := range []struct {
		name    string
		limit   time.Duration
		work    func(context.Context) (int, error)
		want    int
		is      error
		spent   bool
		running bool
	}{
		{"work in time", time.Minute, func(context.Context) (int, error) { return 7, nil }, 7, nil, false, false},
		{"an error of the work", time.Minute, func(context.Context) (int, error) { return 7, failed }, 7, failed, false, false},
		{"work that looks at its context", time.Millisecond, func(ctx context.Context) (int, error) { <-ctx.Done(); return 7, ctx.Err() }, 0, nil, true, false},
		{"work that cannot be stopped", time.Millisecond, func(context.Context) (int, error) { <-hang; return 7, nil }, 0, nil, true, true},
		{"work that panics", time.Minute, func(context.Context) (int, error) { panic("secret") }, 0, ErrBroken, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Do(t.Context(), c.limit, c.work)
			var exceeded *ErrExceeded
			if got != c.want || c.is != nil && !errors.Is(err, c.is) || c.is == nil && !c.spent && err != nil || errors.As(err, &exceeded) != c.spent || IsRunning(err) != c.running {
				t.Errorf("%d, %v", got, err)
			}
		})
	}
}

// A run that is told to stop is no input that took too long.
func TestDo_CallerStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Do(ctx, time.Minute, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
