package snapshot

import (
	"context"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// telemetrySource is the telemetry: exports in the repository and by mail, or a
// database.
type telemetrySource struct{ *world }

// Name is telemetry.
func (telemetrySource) Name() string { return "telemetry" }

// Collect reads the exports; a database is asked when metrics are measured.
func (w telemetrySource) Collect(ctx context.Context, _ collect.Writer) []model.Gap {
	pattern := w.Config.Sources.Telemetry.Exports
	mailed, findings, err := w.mailed(ctx)
	if err != nil {
		return []model.Gap{{Source: w.Name(), Reason: err.Error()}}
	}
	if pattern == "" && len(mailed) == 0 {
		if findings == 0 && w.telemetry == nil && w.Env.Getenv("TELEMETRY_DSN") == "" {
			return []model.Gap{{Source: w.Name(), Reason: config.TelemetryOff, Off: true}}
		}
		return nil
	}
	var done collect.Exported
	err = w.store.Change(ctx, func(c *store.Change) (err error) {
		done, err = collect.Telemetry{Files: w.Env.Files, Pattern: pattern, Mailed: mailed, Now: w.Env.Now, Tables: w.tables()}.Read(ctx, c.Put)
		return err
	})
	if err != nil {
		if w.telemetry == nil {
			return []model.Gap{{Source: w.Name(), Reason: err.Error(), Hint: "put what people exported there, or set TELEMETRY_DSN"}}
		}
		return nil
	}
	switch n := done.Personal; {
	case n == 1:
		w.note("1 event of telemetry holds personal data and was not taken in")
	case n > 1:
		w.note("%d events of telemetry hold personal data and were not taken in", n)
	}
	w.refused("records of telemetry", done.Refused, done.Why)
	return nil
}
