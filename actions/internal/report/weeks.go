package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// WeekEnding returns the number of the release's week that ends with the UTC day of a
// time, the first seven days being week 1; 0 on any other day.
func WeekEnding(r model.Release, at time.Time) int {
	days := int(at.UTC().Truncate(day).Sub(r.Shipped.Time) / day)
	if r.Shipped.IsZero() || days < 0 || days%7 != 6 {
		return 0
	}
	return days/7 + 1
}

// Weeks are two weeks of the release side by side: readings over the seven days to their
// last days.
type Weeks struct {
	Number        int // of the later one
	Before, After metric.Reading
	Entries       []Entry // each with the reading of the later week, and the earlier one alone as History
}

// weeksView is what a page shows of two weeks.
type weeksView struct {
	Title, Before, After string // "The 7 days to 6 Feb against the 7 days before", "To 30 Jan", "To 6 Feb"
	Windows, Summary     string
	Moved, Rest          []weekRow // those that improve or decline, and the others
	RestCount            string
}

type weekRow struct {
	Entry
	Was   string // the figure of the earlier week
	Trend string // improving, stable, declining; "–" where nothing says which way is better, or too few cases
}

// view compares the weeks; nil where there is nothing to compare.
func (w Weeks) view(shipped time.Time) *weeksView {
	if len(w.Entries) == 0 {
		return nil
	}
	v := &weeksView{
		Title:  fmt.Sprintf("The 7 days to %s against the 7 days before", humanize.Day(w.After.Until)),
		Before: "To " + humanize.Day(w.Before.Until), After: "To " + humanize.Day(w.After.Until),
		Windows: fmt.Sprintf("Weeks %d and %d since the release: %s, and %s.", w.Number-1, w.Number, weekWindow(w.Before), weekWindow(w.After)),
	}
	if w.Before.From.Before(shipped) {
		v.Windows += fmt.Sprintf(" The first %s of the earlier one were before the day of the release, so its counts are of less time, and elsewhere on this page it is no full period to compare with.", humanize.Duration(shipped.Sub(w.Before.From)))
	}
	by := map[string][]weekRow{}
	for _, e := range w.Entries {
		row := rowOfWeeks(e)
		by[row.Trend] = append(by[row.Trend], row)
	}
	v.Moved = append(by["declining"], by["improving"]...)
	v.Rest = append(by["stable"], by["–"]...)
	v.Summary = fmt.Sprintf("%d declining, %d improving, %d stable.", len(by["declining"]), len(by["improving"]), len(by["stable"]))
	v.RestCount = fmt.Sprintf("%d stable, %d without a trend", len(by["stable"]), len(by["–"]))
	return v
}

func weekWindow(r metric.Reading) string {
	return fmt.Sprintf("the 7 days to %s UTC", r.Until.UTC().Format("2 Jan 15:04"))
}

func rowOfWeeks(e Entry) weekRow {
	was := e.History[0]
	e.Verdict.Previous = was.Value
	before := e
	before.Verdict.Value = was.Value
	return weekRow{Entry: e, Was: before.Amount(), Trend: trendOf(e, was)}
}

// trendOf says which way a metric moves: stable where chance explains the change, or
// where the weeks are less than 10% apart and nothing says what chance does.
func trendOf(e Entry, was metric.Reading) string {
	now, before := *e.Verdict.Value, *was.Value
	switch {
	case !e.Judged() || isFew(e.Reading) || isFew(was):
		return "–"
	case isSteady(e, was):
		return "stable"
	case now < before == e.Thresholds.LessIsBetter():
		return "improving"
	}
	return "declining"
}

// minCases is of how many cases a median or a mean has a trend.
const minCases = 5

func isFew(r metric.Reading) bool { return r.Part == nil && r.Sample != nil && *r.Sample < minCases }

func isSteady(e Entry, was metric.Reading) bool {
	now, before := *e.Verdict.Value, *was.Value
	r := e.Reading
	switch {
	case now == before:
		return true
	case r.Unit == "%" && r.Part != nil && r.Whole != nil && was.Part != nil && was.Whole != nil:
		low, high := verdict.Wilson(*r.Part, *r.Whole, e.Verdict.Confidence)
		lowWas, highWas := verdict.Wilson(*was.Part, *was.Whole, e.Verdict.Confidence)
		return low <= highWas && lowWas <= high
	case e.Thresholds.Target.Op == "=": // of what must not be each counts
		return false
	case countUnit(e.Definition.Unit) && !e.Definition.Days && now >= 0 && before >= 0:
		return math.Abs(now-before) < 2*math.Sqrt(now+before) // Poisson, 95%
	}
	return math.Abs(now-before) < 0.1*math.Abs(before)
}

// atEnd stands in place of the window of a state as of now, on a page about a week.
const atEnd = "at the end of the week"

// Comparison is a row of the table as Markdown.
func (r weekRow) Comparison() string {
	title := Cell(r.Title())
	title += "<br><sub>" + firstOf(r.Window(), atEnd) + "</sub>"
	value := Cell(r.Amount())
	if sample := r.Sample(); sample != "" {
		value += "<br><sub>" + Cell(sample) + "</sub>"
	}
	return "| " + strings.Join([]string{title, Cell(r.Was), value, Cell(r.Target()), r.Change(), r.Trend}, " | ") + " |"
}
