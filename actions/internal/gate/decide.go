package gate

import (
	"fmt"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Question is what a criterion asks of the record: a metric over a window.
type Question struct {
	Metric string
	Window model.Duration // 0 is the metric's own
	// Version is newest where the metric's part of the newest version is asked for;
	// empty is the whole.
	Version string
}

// Answers are what the record said. A question that is not among them is
// unknown.
type Answers struct {
	Readings   map[Question]verdict.Reading
	Windows    map[Question]model.Duration // how long each question's window is; 0 is a moment
	Without    map[string]Without          // by metric
	Confidence verdict.Confidence          // of the intervals in the evidence; 0 is the default
	Previous   map[Question]Previous       // of questions that are compared with an earlier release
	Leaves     map[Question]time.Time      // of counts over a window: by when what was counted last has left it; zero where nobody knows
	Measured   time.Time                   // of the newest reading; zero where there is none
}

// Previous is what an earlier release had on the same day after release.
type Previous struct {
	Version string
	Day     time.Time // in UTC
	Value   *float64  // nil is unknown
	Unit    string    // of the value
	Reason  string    // why it is unknown
}

// Without is when something that must not be was last seen.
type Without struct {
	Since  time.Time // when the release shipped
	Last   time.Time // zero: never since then
	Reason string    // why it is unknown, such as days without a reading; empty where it is known
}

// Tick is the state of a box in the gate issue.
type Tick struct {
	Ticked   bool
	By       string    // the login of who ticked it
	At       time.Time // when
	MayWrite bool      // has write access to the repository; of others a tick does not count
}

// State is what became of a criterion.
type State string

// The states of a criterion.
const (
	Met     State = "met"
	Missed  State = "missed"
	Unknown State = "unknown"
	Waived  State = "waived" // missed or unknown, and somebody answers for it
)

// Result is what the gate says.
type Result string

// The results. Only go lets a release through.
const (
	Go        Result = "go"
	NoGo      Result = "no-go"
	Undecided Result = "unknown"
)

// Outcome is one criterion and what became of it, with its evidence.
type Outcome struct {
	Part      string // must, should, nice
	Criterion Criterion
	State     State
	Beneath   State // of a waived one: what it would be

	Over    model.Duration  // of a metric: its window; 0 is as of now
	Verdict verdict.Verdict // of a metric: the number that was held against the bound
	Few     bool            // of a rate: its interval reaches past the bound, so another sample might say the opposite
	Days    int             // of days without
	Last    time.Time       // of days without: when it was last seen; zero is never
	Tick    Tick            // of a box
	// Previous is the figure of the earlier release that the number was held against;
	// its Version is empty where it was held against none.
	Previous Previous
	// Leaves is by when a count that must be zero has left the window; zero where nobody knows.
	Leaves  time.Time
	Why     string // why it is unknown, in words
	Expired bool   // there is a waiver, and its time is over
}

// Decision is what the gate says, and why: all the outcomes, in the order of
// rules.yaml.
type Decision struct {
	Is       Result
	Outcomes []Outcome
}

// Questions are the metrics that have to be measured before a decision, each
// once, in the order of rules.yaml.
func (s Section) Questions() []Question {
	var all []Question
	seen := map[Question]bool{}
	for _, part := range s.Groups() {
		for _, c := range part.Criteria {
			q := c.Question()
			if c.Metric != "" && !seen[q] {
				seen[q] = true
				all = append(all, q)
			}
		}
	}
	return all
}

// Compares reports whether a criterion is held against an earlier release.
func (s Section) Compares() bool {
	for _, part := range s.Groups() {
		for _, c := range part.Criteria {
			if c.Vs == VsPrevious {
				return true
			}
		}
	}
	return false
}

// Decide holds each criterion against its answer, or the box against its tick
// (by its text). A must that is missed says no-go, else one that is unknown
// says unknown; should and nice decide nothing. Without a single must there is
// nothing to decide on: unknown.
func Decide(s Section, answers Answers, ticks map[string]Tick, now time.Time) Decision {
	d := Decision{Is: Go}
	if len(s.Must) == 0 {
		d.Is = Undecided
	}
	for _, part := range s.Groups() {
		for _, c := range part.Criteria {
			o := c.outcome(answers, ticks, now)
			o.Part, o.Criterion = part.Key, c
			d.Outcomes = append(d.Outcomes, c.waive(o, now))
		}
	}
	for _, o := range d.Outcomes {
		switch {
		case o.Part != "must":
		case o.State == Missed:
			d.Is = NoGo
		case o.State == Unknown && d.Is == Go:
			d.Is = Undecided
		}
	}
	return d
}

func (c Criterion) outcome(answers Answers, ticks map[string]Tick, now time.Time) Outcome {
	switch {
	case c.Metric != "":
		reading, known := answers.Readings[c.Question()]
		if !known {
			reading = verdict.Reading{Reason: "it was not measured"}
		}
		reading.Metric = c.Metric
		var o Outcome
		if c.Vs == VsPrevious {
			o = c.compared(reading, answers.Previous[c.Question()], answers.Confidence)
		} else {
			o = c.measured(reading, answers.Confidence)
		}
		o.Over = answers.over(c.Question())
		if o.State == Missed && c.Vs == "" && c.Is.Holds(0) && !c.Is.Holds(1) && answers.Leaves[c.Question()].After(now) {
			o.Leaves = answers.Leaves[c.Question()]
		}
		return o
	case c.DaysWithout != "":
		return c.without(answers.Without, now)
	case c.Manual != "":
		return c.ticked(ticks)
	}
	return Outcome{State: Unknown, Why: "the criterion asks nothing"}
}

// over is the window of a question: its own, or the metric's.
func (a Answers) over(q Question) model.Duration {
	if q.Window > 0 {
		return q.Window
	}
	return a.Windows[q]
}

// measured holds a reading against the bound as against a target: by its
// value. What the past makes of a count is not the gate's matter.
func (c Criterion) measured(r verdict.Reading, confidence verdict.Confidence) Outcome {
	r.Past = nil
	v := verdict.Judge(r, verdict.Thresholds{Target: c.Is}, confidence)
	o := Outcome{Verdict: v, State: Unknown, Why: v.Why}
	switch {
	case c.Is.IsZero():
		o.Why = "the criterion has no bound"
	case v.Level == verdict.OK:
		o.State = Met
	case v.Level == verdict.Watch && v.Reason == verdict.Missed:
		o.State = Missed
	case v.Why == "":
		o.Why = v.Sentence()
	}
	if v.Low != nil && v.High != nil && o.State != Unknown {
		o.Few = c.Is.Holds(*v.Low) != c.Is.Holds(*v.High)
	}
	return o
}

// compared holds a reading against a share of what an earlier release had at the
// same age.
func (c Criterion) compared(r verdict.Reading, p Previous, confidence verdict.Confidence) Outcome {
	switch {
	case r.Reason != "":
		return c.measured(r, confidence)
	case p.Value == nil && p.Reason == "":
		p.Reason = "there is no earlier release to compare with"
	case p.Value != nil && *p.Value < 0:
		p.Reason = "the earlier figure is below zero, of which there is no share"
	case r.Values != nil:
		p.Reason = "a breakdown has no single figure to compare"
	}
	if p.Reason != "" {
		return Outcome{State: Unknown, Why: p.Reason}
	}
	share := c
	share.Is = verdict.Bound{Op: c.Is.Op, Value: *p.Value * c.Is.Value / 100}
	o := share.measured(r, confidence)
	o.Previous = p
	return o
}

// without counts the whole days since the thing was last seen, or since the
// release where it never was.
func (c Criterion) without(answers map[string]Without, now time.Time) Outcome {
	w, known := answers[c.DaysWithout]
	o := Outcome{State: Unknown, Last: w.Last}
	from := w.Since
	if w.Last.After(from) {
		from = w.Last
	}
	switch {
	case !known:
		o.Why = "it was not measured"
	case w.Reason != "":
		o.Why = w.Reason
	case w.Since.IsZero():
		o.Why = "nobody says when the release shipped"
	case from.After(now):
		o.Why = fmt.Sprintf("the days would be counted from %s, which is still to come", from.UTC().Format(time.DateOnly))
	default:
		o.Days = int(now.Sub(from) / (24 * time.Hour))
		o.State = Missed
		if c.Is.Holds(float64(o.Days)) {
			o.State = Met
		}
	}
	return o
}

// ticked looks for the box. One that nobody ticked, or somebody who may not
// write, is missed; one that is not in the gate issue is unknown.
func (c Criterion) ticked(ticks map[string]Tick) Outcome {
	tick, known := ticks[c.Manual]
	switch {
	case !known:
		return Outcome{State: Unknown, Why: "its box was not found in the gate issue"}
	case tick.Ticked && tick.MayWrite && tick.By != "":
		return Outcome{State: Met, Tick: tick}
	}
	return Outcome{State: Missed, Tick: tick}
}

// waive lets a criterion pass for as long as somebody answers for it. One that
// is met needs no waiver; one without a complete waiver has none.
func (c Criterion) waive(o Outcome, now time.Time) Outcome {
	w := c.Waived
	if w == nil || o.State == Met || len(w.validate()) > 0 {
		return o
	}
	if w.over(now) {
		o.Expired = true
		return o
	}
	o.State, o.Beneath = Waived, o.State
	return o
}

// over reports whether the waiver's last day, in UTC, has passed.
func (w *Waiver) over(now time.Time) bool { return !now.Before(w.Until.Add(24 * time.Hour)) }
