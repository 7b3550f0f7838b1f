package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// maxGrouped is how many alerts a message lists; the page of the day has them all.
const maxGrouped = 15

// GroupMessage is the one notification about several alerts of a route. Of answers
// how a metric stands.
func GroupMessage(n alert.MetricNews, of func(metric string) Entry, place Place, page string, now time.Time) change.Message {
	all := n.Each()
	m := MetricMessage(n, of(n.Metric), place, page, now)
	m.Title, m.Summary = groupTitle(n, all), "The page of the day has the figures and what is behind them."
	var lines []string
	for _, one := range all {
		if len(lines) == maxGrouped {
			lines = append(lines, fmt.Sprintf("%d more on the page of the day", len(all)-maxGrouped))
			break
		}
		lines = append(lines, groupLine(one, of(one.Metric)))
	}
	m.Facts = []change.Fact{{Name: "Alerts", Value: strings.Join(lines, "\n")}}
	for _, f := range metricFacts(n, n.Action, now) {
		if f.Name != "Since" {
			m.Facts = append(m.Facts, f)
		}
	}
	return m
}

// groupTitle is the first line: "🔴 7 alerts: 2 critical, 5 warnings".
func groupTitle(n alert.MetricNews, all []alert.MetricNews) string {
	if n.Kind == alert.Recovered {
		return fmt.Sprintf("🟢 Resolved: %s", humanize.Count(len(all), "alert"))
	}
	by := map[verdict.Level]int{}
	for _, one := range all {
		by[one.Level]++
	}
	var levels []string
	if c := by[verdict.Critical]; c > 0 {
		levels = append(levels, fmt.Sprintf("%d critical", c))
	}
	if w := by[verdict.Warning]; w > 0 {
		levels = append(levels, humanize.Count(w, "warning"))
	}
	title := fmt.Sprintf("%s: %s", humanize.Count(len(all), "alert"), strings.Join(levels, ", "))
	if n.Kind == alert.Reminder {
		title = "Escalated, no response: " + title
	}
	return levelSigns[n.Level] + " " + title
}

// groupLine is one alert of several.
func groupLine(n alert.MetricNews, e Entry) string {
	if e.Definition.ID == "" {
		return titleOf(n.Metric)
	}
	switch n.Kind {
	case alert.Recovered:
		return figured(e)
	case alert.Flapping:
		return levelSigns[n.Level] + " " + metricState(n, e) + " (flapping)"
	}
	return levelSigns[n.Level] + " " + metricState(n, e)
}
