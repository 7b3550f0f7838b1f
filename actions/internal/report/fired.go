package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// calendar names the day of a time; empty where it goes without saying.
type calendar func(time.Time) string

// ofDay names each day but that of a page.
func ofDay(page time.Time) calendar {
	return func(t time.Time) string {
		if t.UTC().Format(time.DateOnly) == page.UTC().Format(time.DateOnly) {
			return ""
		}
		return dated(t)
	}
}

// ofWeek names the days of a week by their names.
func ofWeek(w Week) calendar {
	return func(t time.Time) string {
		if t.Before(w.From) || !t.Before(w.Until) {
			return dated(t)
		}
		return t.UTC().Format("Monday")
	}
}

// dated names a day by its date.
func dated(t time.Time) string { return t.UTC().Format("2 January") }

// moment is a time of a day that may go without saying.
func (c calendar) moment(t time.Time) string {
	return strings.TrimSpace(c(t) + " " + t.UTC().Format("15:04"))
}

// stretch is from when to when something was so; what lasts has been so since.
func (c calendar) stretch(f alert.Fired) string {
	switch from, to := c(f.Since), c(f.Ended); {
	case f.Ended.IsZero():
		return "since " + c.moment(f.Since) + " UTC"
	case from == to && from != "":
		return fmt.Sprintf("on %s from %s to %s UTC", from, f.Since.UTC().Format("15:04"), f.Ended.UTC().Format("15:04"))
	case from != "" && to == "":
		return fmt.Sprintf("from %s to today %s UTC", c.moment(f.Since), c.moment(f.Ended))
	}
	return fmt.Sprintf("from %s to %s UTC", c.moment(f.Since), c.moment(f.Ended))
}

// levelWords is how bad an episode was. What became worse was not so all the time.
func levelWords(f alert.Fired) string {
	switch {
	case f.Level != verdict.Critical:
		return "past its warning"
	case f.Kind == alert.Worse:
		return "past its warning, critical at worst,"
	}
	return "critical"
}

// firedLine tells of an episode: how bad it was, when, and who was told.
func firedLine(f alert.Fired, c calendar) string {
	if f.Notice != nil {
		what := News(alert.MetricNews{Metric: f.Metric, Kind: alert.Firing, Notice: f.Notice})
		if len(f.Notice.Labels) > 0 {
			what = "a mail (" + strings.Join(f.Notice.Labels, ", ") + ")"
		}
		return fmt.Sprintf("%s, %s UTC: %s", Cell(what), c.moment(f.Began), toldTo(f))
	}
	was := "was"
	if f.Ended.IsZero() {
		was = "has been"
	}
	line := fmt.Sprintf("**%s** %s %s %s", f.Metric, was, levelWords(f), c.stretch(f))
	if f.Flapping {
		line += ", going up and down"
	}
	return line + ": " + toldTo(f)
}

// toldTo says who heard of an episode, and whether somebody answered in time.
func toldTo(f alert.Fired) string {
	channels := f.Channels()
	if len(channels) == 0 {
		return "nobody was told"
	}
	text := "told " + and(channels)
	if f.Reminded() {
		text += ", where nobody answered in time"
	}
	return text
}

// and puts names into a list as people say it.
func and(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// worstOf is the reading that was worst while an episode lasted, and whether
// there is one that was past a threshold.
func worstOf(f alert.Fired, readings []metric.Reading) (metric.Reading, bool) {
	worst, found := metric.Reading{}, false
	for _, r := range readings {
		if r.At.Before(f.Since) || !f.Ended.IsZero() && r.At.After(f.Ended) || !alarming(r) {
			continue
		}
		if !found || verdict.Level(r.Verdict).Worse(verdict.Level(worst.Verdict)) {
			worst, found = r, true
		}
	}
	return worst, found
}

// firedOf are the episodes of one metric.
func firedOf(all []alert.Fired, metric string) []alert.Fired {
	var some []alert.Fired
	for _, f := range all {
		if f.Metric == metric {
			some = append(some, f)
		}
	}
	return some
}
