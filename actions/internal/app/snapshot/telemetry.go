package snapshot

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

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
		return errors.Join(err, w.sight(c, done.Findings))
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

// sightings prefixes the notes of the personal data that the scan found in exports, by
// kind and file: a run sees what is there now, and a window may have ended before.
const sightings = "telemetry/finding/"

// sighting is personal data of one kind in one file: Count of it was found at At, and
// was there until Until at least.
type sighting struct {
	At, Until time.Time
	Count     int
}

// sight notes what a scan found, and puts all that is known of findings among the
// facts. What is there already keeps the time at which it was found.
func (w *world) sight(c *store.Change, found []model.FindingRow) error {
	known := map[string][]sighting{}
	for key, note := range w.store.States(sightings) {
		var all []sighting
		if json.Unmarshal([]byte(note), &all) != nil {
			all = nil // a damaged note knows nothing
		}
		known[key] = all
	}
	for _, f := range found {
		key := sightings + f.Kind + "/" + f.File
		left := f.Count
		for i, s := range known[key] {
			if left <= 0 {
				break
			}
			known[key][i].Until, left = f.Until, left-s.Count
		}
		if left > 0 {
			known[key] = append(known[key], sighting{f.At, f.Until, left})
		}
	}
	var rows []model.Row
	for _, key := range slices.Sorted(maps.Keys(known)) {
		all := slices.DeleteFunc(known[key], func(s sighting) bool { return w.Env.Now.Sub(s.Until) >= collect.MailedFor })
		if len(all) == 0 {
			if err := c.ForgetStates(key); err != nil {
				return err
			}
			continue
		}
		note, err := json.Marshal(all)
		if err != nil {
			return err
		}
		c.SetState(key, string(note))
		kind, file, _ := strings.Cut(strings.TrimPrefix(key, sightings), "/")
		for _, s := range all {
			rows = append(rows, model.FindingRow{At: s.At, Until: s.Until, File: file, Kind: kind, Count: s.Count})
		}
	}
	return c.Put(rows)
}
