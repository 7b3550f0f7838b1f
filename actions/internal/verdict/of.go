package verdict

import "github.com/aftercare/aftercare/actions/internal/metric"

// Of is a reading as it is judged: past are the metric's values in the windows
// that cover the four weeks before, and count says that it counts things of
// which one is one.
func Of(r metric.Reading, past []float64, count bool) Reading {
	known, _ := metric.Find(r.Metric)
	of := Reading{
		Metric: r.Metric, Unit: r.Unit, Noun: known.Noun, Cases: known.Cases, Past: past, Count: count, Reason: r.Reason, Empty: r.Empty,
		Number: Number{Value: r.Value, Part: r.Part, Whole: r.Whole, Sample: r.Sample, Previous: r.Previous},
	}
	if r.Values == nil {
		return of
	}
	of.Values = map[string]Number{}
	for _, e := range r.Values {
		of.Values[e.Key] = Number{Value: e.Value, Part: e.Part, Whole: e.Whole, Previous: e.Previous}
	}
	return of
}
