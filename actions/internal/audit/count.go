package audit

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// byVersion are the columns of a table of versions, each with its metric.
var byVersion = []struct{ column, id string }{
	{"Sessions", "sessions_by_version"}, {"Share", "sessions_by_version"}, {"Crash-free sessions", "crash_rate_by_version"},
	{"Command success", "success_rate_by_version"}, {"Downloads", "version_distribution"}, {"Problems since release", "issues_by_version"},
}

// version compares a row of a table of versions: each cell is a key of a
// breakdown.
func (a *audit) version(line int, section string, by map[string]string) {
	_, window, _ := strings.Cut(section, ", ")
	length, known := lengthOf(window)
	if !known || length == 0 {
		length = 7 * day
	}
	name := words(by["Version"])
	for _, c := range byVersion {
		shown := by[c.column]
		if shown == "" || shown == "–" {
			continue
		}
		over := length
		if c.id == "issues_by_version" { // as of now
			over = 0
		}
		r, found := a.reading(a.at, c.id, over)
		value, total := 0.0, 0.0
		isKey := false
		for _, v := range r.Values {
			if v.Value == nil {
				continue
			}
			total += *v.Value
			if key := words(v.Key); key == name || strings.TrimPrefix(name, "v") == key {
				value, isKey = *v.Value, true
			}
		}
		switch c.column {
		case "Share":
			value = 100 * value / total
		case "Crash-free sessions":
			value = 100 - value
		}
		a.same(place{line: line, title: name, window: window}, c.column, shown, found && isKey && is(shown, value), told(&value))
	}
}

var tallies = []struct {
	form  *regexp.Regexp
	level string // empty: all
	what  string
}{
	{regexp.MustCompile(`(?:^|[ ·—])(\d+) critical(?: ·|$|<)`), "critical", "critical"},
	{regexp.MustCompile(`(?:^|[ ·—])(\d+) warnings?(?: ·|$|<)`), "warning", "warning"},
	{regexp.MustCompile(`(\d+)(?: more)? of \d+ metrics off target`), "watch", "off target"},
	{regexp.MustCompile(`(\d+) without data`), "unknown", "without data"},
	{regexp.MustCompile(`\d+(?: more)? of (\d+) metrics`), "", "metrics"},
}

// onTarget finds how many metrics are on target, and how many have none; earlier
// versions counted the two as one.
var onTarget = regexp.MustCompile(`(\d+) of \d+ metrics on target(?: · (\d+) without a target)?`)

// tally compares the counts of levels in a page's first lines with the verdicts of
// the readings over the window that speaks for each metric.
func (a *audit) tally(line int, text string) {
	if !strings.Contains(text, " metrics off target") && !strings.Contains(text, " metrics on target") || a.at.month {
		return
	}
	counts, whole := a.levels()
	if !whole {
		a.unread(place{line: line, title: "counts"}, "the plan had other metrics or windows then")
		return
	}
	if m := statusWord.FindStringSubmatch(a.head + text); m != nil {
		worst := worstOf(counts)
		if m[1] == "Degraded" {
			m[1] = "Warning"
		}
		// An alert that fired in the period makes it worse, though it is over.
		a.same(place{line: line, title: "Status"}, "status", m[1], slices.Index(statuses, m[1]) >= slices.Index(statuses, worst), worst)
	}
	first, _, _ := strings.Cut(text, "\n")
	for _, t := range tallies {
		if m := t.form.FindStringSubmatch(first); m != nil {
			a.same(place{line: line, title: "Counts"}, t.what, m[1], number(m[1]) == counts[t.level], fmt.Sprint(counts[t.level]))
		}
	}
	if m := onTarget.FindStringSubmatch(first); m != nil {
		a.same(place{line: line, title: "Counts"}, "on target or without a target", m[0], number(m[1])+number(m[2]) == counts["ok"], fmt.Sprint(counts["ok"]))
	}
}

// statuses are the words for the status of a page, from good to bad. No data hides
// what is off target.
var statuses = []string{"Healthy", "Off target", "No data", "Warning", "Critical"}

// statusWord finds the status; Degraded is what earlier versions wrote for Warning.
var statusWord = regexp.MustCompile(`\b(Healthy|Off target|No data|Warning|Degraded|Critical)\b`)

// worstOf is the best status that the levels of the metrics allow.
func worstOf(counts map[string]int) string {
	for _, l := range []struct{ level, word string }{{"critical", "Critical"}, {"warning", "Warning"}, {"watch", "Off target"}} {
		if counts[l.level] > 0 {
			return l.word
		}
	}
	return "Healthy"
}

// levels counts the metrics of the page by level, "" is all; false where the plan
// is not the one of the page.
func (a *audit) levels() (map[string]int, bool) {
	counts, planned := map[string]int{}, map[string]bool{}
	for _, m := range a.metrics {
		planned[m.ID] = true
		lengths := []time.Duration{m.Own}
		if !a.at.from.IsZero() {
			lengths = []time.Duration{m.Weekly, m.Own}
		}
		for _, length := range lengths {
			if r, found := a.reading(a.at, m.ID, length); found {
				if !uncompared(r) {
					counts[r.Verdict]++
				}
				counts[""]++
				break
			}
		}
	}
	if counts[""] != len(a.metrics) {
		return nil, false
	}
	for _, r := range a.days[a.at.until.Format(time.DateOnly)] {
		if !planned[r.Metric] {
			return nil, false
		}
	}
	return counts, true
}
