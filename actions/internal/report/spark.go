package report

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// sparks are the eight heights of a line of text.
var sparks = []rune("▁▂▃▄▅▆▇█")

// maxSpark is how many days a line of text shows.
const maxSpark = 14

// Spark is the last two weeks of a metric as a line of text: one sign a day, a
// dot where a day has no data; "–" where there is no past, or nothing but zero.
func Spark(history []metric.Reading, now metric.Reading) string {
	all := daily(append(slices.Clone(history), now))
	if len(all) > maxSpark {
		all = all[len(all)-maxSpark:]
	}
	low, high, known := extent(all)
	if known < 2 || low == 0 && high == 0 {
		return "–"
	}
	var line []rune
	for _, r := range all {
		switch {
		case r.Value == nil:
			line = append(line, '·')
		case high == low:
			line = append(line, sparks[3])
		default:
			line = append(line, sparks[int((*r.Value-low)/(high-low)*7+0.5)])
		}
	}
	return string(line)
}

// extent returns the lowest and the highest value of some readings, and how many
// have one.
func extent(readings []metric.Reading) (low, high float64, known int) {
	for _, r := range readings {
		if r.Value == nil {
			continue
		}
		if known == 0 || *r.Value < low {
			low = *r.Value
		}
		if known == 0 || *r.Value > high {
			high = *r.Value
		}
		known++
	}
	return low, high, known
}

// daily returns readings with an empty one for each day that has none between
// two, at most maxFilled in a row.
func daily(readings []metric.Reading) []metric.Reading {
	var all []metric.Reading
	for i, r := range readings {
		if i > 0 {
			from, until := readings[i-1].At.UTC().Truncate(day), r.At.UTC().Truncate(day)
			for n := 1; n <= maxFilled && from.Add(time.Duration(n)*day).Before(until); n++ {
				all = append(all, metric.Reading{At: from.Add(time.Duration(n) * day)})
			}
		}
		all = append(all, r)
	}
	return all
}

// maxFilled is how many days without a reading are shown in a row.
const maxFilled = 60
