package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// status judges the period of the page: by the alerts that fired in it, also where
// they are over, and by the targets that were missed on most days.
func (m Month) status(targets []targetRow) Status {
	missed, always := 0, 0
	for _, t := range targets {
		switch {
		case t.missed == 0:
			always++
		case t.missed > 0.5:
			missed++
		}
	}
	level := verdict.OK
	switch {
	case m.Days == 0:
		level = verdict.Unknown
	case m.has(verdict.Critical):
		level = verdict.Critical
	case m.has(verdict.Warning):
		level = verdict.Warning
	case missed > 0:
		level = verdict.Watch
	}
	alerts := m.alerts()
	tally := "no alerts"
	if len(alerts) > 0 {
		tally = humanize.Count(len(alerts), "alert")
		if lasting := len(ongoing(alerts)); lasting > 0 {
			tally += fmt.Sprintf(" (%d not over at the end)", lasting)
		} else {
			tally += " (all resolved)"
		}
	}
	tally += fmt.Sprintf(" · %d of %s met on every day, %d missed on most days", always, humanize.Count(len(targets), "target"), missed)
	return Status{Level: level, Sign: levelSigns[level], Word: statusWords[level], Tally: tally}
}

// alerts are the alerts of metrics that were active in the period.
func (m Month) alerts() []alert.Fired {
	return slices.DeleteFunc(slices.Clone(m.Fired), func(f alert.Fired) bool { return f.Notice != nil })
}

// has reports whether something of a level fired in the period.
func (m Month) has(level verdict.Level) bool {
	return slices.ContainsFunc(m.Fired, func(f alert.Fired) bool { return Urgency(f) == level })
}

// maxConcluded is how many incidents, and how many metrics of a kind, the conclusions
// name.
const maxConcluded = 3

// conclusions say what the tables below show, the worst first: the worst incidents,
// the targets that were missed on most days, and what to change. They are Markdown.
func (m Month) conclusions(v monthView) []string {
	var all []string
	incidents := incidentsOf(m.alerts(), m.entries(), m.Until)
	slices.SortStableFunc(incidents, func(a, b Incident) int {
		return cmp.Or(cmp.Compare(rank(b.Level), rank(a.Level)), cmp.Compare(b.length, a.length))
	})
	for _, in := range incidents[:min(len(incidents), maxConcluded)] {
		all = append(all, highlight(in))
	}
	var missed []string
	for _, t := range v.Targets {
		if t.missed > 0.5 {
			missed = append(missed, fmt.Sprintf("%s (on target on %s days)", Cell(t.Title), t.Share))
		}
	}
	if len(missed) > 0 {
		all = append(all, "🟡 Missed on most days: "+few(missed)+".")
	}
	if len(v.WhatIf) > 0 {
		var rows []string
		for _, row := range v.WhatIf {
			rows = append(rows, Cell(fmt.Sprintf("%s (%s: %s; it would have been %s)", row.Title, row.Threshold, row.Alerts, row.Other)))
		}
		all = append(all, "Thresholds worth a review, by the number of alerts: "+few(rows)+".")
	}
	if v.Unmeasured > 0 {
		all = append(all, fmt.Sprintf("Connect or remove %s without data in the whole period.", humanize.Count(v.Unmeasured, "metric")))
	}
	if wrong := m.falseAlarms(); wrong > 0 {
		all = append(all, fmt.Sprintf("Tighten the rules behind %s.", humanize.Count(wrong, "false alarm")))
	}
	if len(all) == 0 && m.Days > 0 {
		all = append(all, "Nothing fired, and no target was missed on most days.")
	}
	return all
}

// few names some of a list, and says how many more there are.
func few(all []string) string {
	if left := len(all) - maxConcluded; left > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:maxConcluded], ", "), left)
	}
	return humanize.List(all)
}

// entries are the metrics of the period, for what says how far an incident went.
func (m Month) entries() []Entry {
	var all []Entry
	for _, c := range m.Metrics {
		all = append(all, Entry{Definition: c.Definition, Thresholds: c.Thresholds, History: c.Readings})
	}
	return all
}
