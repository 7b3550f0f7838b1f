package history

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// ReadingsFolder is the folder of the readings: a file for each month.
const ReadingsFolder = "data/readings"

func readingsFile(month string) string { return ReadingsFolder + "/" + month + ".ndjson" }

// Readings returns the readings of the months that the time from from to until,
// exclusive, touches: month by month, as they were written. A line that is
// damaged is left out, and warn says so.
func (v *View) Readings(ctx context.Context, from, until time.Time, warn func(format string, args ...any)) ([]metric.Reading, error) {
	var all []metric.Reading
	from = from.UTC()
	for at := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC); at.Before(until); at = at.AddDate(0, 1, 0) {
		file := readingsFile(metric.Month(at))
		src, err := v.Read(ctx, file)
		if err != nil {
			return nil, err
		}
		readings, damaged := metric.Decode(src)
		for _, d := range damaged {
			warn("%s, %s; the rest is taken", v.ledger.Path(file), d)
		}
		all = append(all, readings...)
	}
	return all, nil
}

// PutReadings adds readings to those of their months, among the files of a
// commit on the view.
func (v *View) PutReadings(ctx context.Context, files map[string][]byte, readings []metric.Reading) error {
	byMonth := map[string][]metric.Reading{}
	for _, r := range readings {
		byMonth[metric.Month(r.At)] = append(byMonth[metric.Month(r.At)], r)
	}
	for month, added := range byMonth {
		src, err := v.Read(ctx, readingsFile(month))
		if err != nil {
			return err
		}
		before, _ := metric.Decode(src)
		files[readingsFile(month)] = metric.Encode(metric.Merge(before, added))
	}
	return nil
}
