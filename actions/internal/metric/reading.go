package metric

import "time"

// Reading is what a metric answered over a window: a value, or part and whole
// with the value made of them, or a breakdown; or nothing, and why.
type Reading struct {
	At          time.Time // the run's now
	Metric      string    // its id
	From, Until time.Time // the window; of a state as of now, From is Until
	Unit        string

	Value       *float64 // of a rate in per cent; nil is unknown
	Part, Whole *float64 // of a rate, or of any other quotient
	Values      []Entry  // a breakdown, the largest first, ties by key; nil for a single answer, empty where nothing was found
	Sample      *float64 // how many cases a value without parts rests on
	Previous    *float64 // the value in the previous period; nil where it is unknown
	Names       []string // what it counts, such as versions, at most MaxIssues; nil where nothing is named
	Issues      []int    // numbers of the issues that it counts, the oldest first, at most MaxIssues; nil where it counts none

	Verdict string // package verdict's level; empty until it is judged
	Reason  string // why it is unknown, or why the verdict is what it is
	// Reported is how much of the value are reports whose labels have notified
	// people; nil where the metric counts none. Not kept.
	Reported *float64
	// Leaves is when the last of what it counts leaves the count by itself; zero where
	// nothing does, or nobody knows. Stays is how many of them are counted before that as
	// long as nobody acts, such as open issues. Not kept.
	Leaves time.Time
	Stays  int
	Empty  bool // it is unknown because its source, which is not telemetry, had nothing to measure; not kept
	Broken bool // it is unknown because of its own query, which rules.yaml brought; not kept
}

// Entry is one key of a breakdown. A stranger may have chosen the key.
type Entry struct {
	Key         string
	Value       *float64
	Part, Whole *float64 // of a breakdown of rates
	Previous    *float64
}

// OfWeek reports whether the reading is of a whole ISO week: it was made for the
// Monday 00:00 UTC with which the week ended, beside those of that day.
func (r Reading) OfWeek() bool { return r.At.Equal(Monday(r.At)) && !r.Until.After(r.At) }

// Monday returns the beginning of a time's ISO week, in UTC.
func Monday(t time.Time) time.Time {
	day := t.UTC().Truncate(24 * time.Hour)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}
