package gate

import (
	"fmt"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
)

// Sentence is the evidence in words, such as "met: 94.8% (237 of 250, 95% CI
// 91.3–96.9%)"; of a waived one what it would be, and who answers for it. The bound
// is the criterion's, and is not repeated. A gap's words and a login are a stranger's text: tame it
// like any other before it reaches a page.
func (o Outcome) Sentence() string {
	state := o.State
	if state == Waived {
		state = o.Beneath
	}
	s := string(state) + ": " + o.evidence()
	if o.Few {
		s += "; the interval reaches past the target, so another sample might say the opposite"
	}
	w := o.Criterion.Waived
	switch {
	case o.State == Waived:
		s += fmt.Sprintf("; waived by %s until %s: %s", w.Owner, w.Until, w.Reason)
	case o.Expired:
		s += fmt.Sprintf("; waived by %s until %s, which is over", w.Owner, w.Until)
	}
	return s
}

func (o Outcome) evidence() string {
	switch {
	case o.Why != "":
		return o.Why
	case o.Criterion.Metric != "" && o.Previous.Version != "":
		p := o.Previous
		return fmt.Sprintf("%s; same day of %s (%s): %s", o.Verdict.Subject(), p.Version, p.Day.UTC().Format("2 Jan 2006"), humanize.Value(*p.Value, p.Unit))
	case o.Criterion.Is.Op == "growing":
		return o.Verdict.Sentence()
	case o.Criterion.Metric != "":
		return o.Verdict.Subject()
	case o.Criterion.DaysWithout != "":
		return o.days()
	}
	return o.box()
}

func (o Outcome) days() string {
	days := fmt.Sprintf("%d days", o.Days)
	if o.Days == 1 {
		days = "1 day"
	}
	last := "none since the release"
	if !o.Last.IsZero() {
		last = "the last one on " + o.Last.UTC().Format(time.DateOnly)
	}
	return fmt.Sprintf("%s without, %s", days, last)
}

func (o Outcome) box() string {
	t := o.Tick
	if !t.Ticked {
		return "not checked"
	}
	by := fmt.Sprintf("ticked by %s on %s", t.By, t.At.UTC().Format("2006-01-02 15:04 MST"))
	switch {
	case t.By == "":
		return "ticked, but nobody knows by whom, so it does not count"
	case !t.MayWrite:
		return by + ", who has no write access, so it does not count"
	}
	return by
}
