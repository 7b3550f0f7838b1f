package snapshot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/store/sandbox"
)

// TryQueries tries users' own queries on tables without rows, for a program that
// links no engine: a list of metric.Trial as JSON comes in, and goes out with what
// is wrong. Those on telemetry are asked of the database where dsn names one.
func (p Program) TryQueries(ctx context.Context, dsn string, in io.Reader, out io.Writer) error {
	var trials []metric.Trial
	if err := json.NewDecoder(in).Decode(&trials); err != nil {
		return fmt.Errorf("read the queries: %w", err)
	}
	facts, _, err := store.Open(ctx, "")
	if err != nil {
		return err
	}
	defer facts.Close()
	of := metric.Facts{Store: facts}
	if p.Queries != "" {
		own := sandbox.New(facts, p.Queries, time.Now, cmp.Or(p.Limits, sandbox.DefaultLimits))
		defer own.Close()
		of.Own = own
	}
	if dsn != "" {
		database, err := p.OpenDatabase(ctx, dsn, 30*time.Second)
		if err != nil {
			return err
		}
		defer database.Close(ctx)
		of.Telemetry = database
	}
	return json.NewEncoder(out).Encode(metric.Try(ctx, of, trials))
}
