package check

import (
	"github.com/aftercare/aftercare/actions/internal/backtest"
	"github.com/aftercare/aftercare/actions/internal/report"
)

// differenceView returns a difference as the page shows it.
func differenceView(d backtest.Difference) report.Difference {
	view := report.Difference{Issues: d.Issues, Before: d.Before, After: d.After}
	for _, c := range d.Labels {
		view.Labels = append(view.Labels, report.LabelChange(c))
	}
	return view
}

// recordViews returns the records of rules as the page shows them.
func recordViews(records []backtest.Record) []report.RuleRecord {
	var views []report.RuleRecord
	for _, r := range records {
		views = append(views, report.RuleRecord(r))
	}
	return views
}
