package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
)

// Unanswered is an open issue without a response, with a label by whose route one is
// asked for. The title is a stranger's.
type Unanswered struct {
	Number int
	Title  string
	Labels []string  // that lead to a channel
	Since  time.Time // when it got the first of them
	Within string    // the time in which a response is asked for: "1d"; empty where that is until Due, the end of a day
	Due    time.Time // when that is over
}

// reportSteps is what to do about reports of people to which a response was asked for and
// none came, the one first that was due first: pressing are those to be answered on the
// day that they came, rest all others.
func (d Day) reportSteps() (pressing, rest []step) {
	type waiting struct {
		due, since time.Time
		step
	}
	var all []waiting
	for _, u := range d.Unanswered {
		all = append(all, waiting{u.Due, u.Since, step{anyone, u.words(d.Now)}})
	}
	for _, f := range d.unansweredMail() {
		limit, due, _ := f.Late(d.Now)
		if due.IsZero() {
			due = f.Asked().Add(limit)
		}
		all = append(all, waiting{due, f.Since, step{anyone, mailStep(f, d.Now)}})
	}
	slices.SortStableFunc(all, func(a, b waiting) int { return a.due.Compare(b.due) })
	for _, w := range all {
		if w.due.Sub(w.since) < day {
			pressing = append(pressing, w.step)
		} else {
			rest = append(rest, w.step)
		}
	}
	return pressing, rest
}

// words are what to do about the issue: "Respond to issue #4 of 24 Jan: “Output is garbled”
// (needs-triage, late, limit 1d)".
func (u Unanswered) words(now time.Time) string {
	limit, late := "within "+u.Within, "late, limit "+u.Within
	if u.Within == "" {
		limit = "due " + shortMoment(u.Due)
		late = "late, " + limit
	}
	if now.After(u.Due) {
		limit = late
	}
	return fmt.Sprintf("Respond to issue #%d of %s: “%s” (%s, %s)", u.Number, humanize.Day(u.Since), oneLine(u.Title, 80), strings.Join(u.Labels, ", "), limit)
}
