package snapshot

import (
	"context"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// measured is what the plan's metrics answered, and how they stand.
type measured struct {
	plan     []config.Metric
	entries  []report.Entry   // as of now
	filled   []filled         // the days of a back-fill
	earlier  []metric.Reading // of those days
	readings []metric.Reading // all that is to be kept
}

// verdicts are those that speak for their metric: of its first window.
func (m measured) verdicts() []verdict.Verdict {
	var all []verdict.Verdict
	for _, e := range m.first() {
		all = append(all, e.Verdict)
	}
	return all
}

func (m measured) first() []report.Entry {
	var all []report.Entry
	for i, e := range m.entries {
		if i == 0 || m.entries[i-1].Definition.ID != e.Definition.ID {
			all = append(all, e)
		}
	}
	return all
}

func (w *world) measure(ctx context.Context) measured {
	var plan []config.Metric
	for _, m := range w.Config.Measured() {
		if m.AtLeast(w.asked.priority) {
			plan = append(plan, m)
		}
	}
	if len(plan) == 0 {
		w.Env.Warn("there is nothing to measure: name metrics in rules.yaml, such as {id: open_bugs}, or ask for another priority")
	}
	facts := metric.Facts{Store: w.store, Gaps: w.gaps, Release: w.Config.Release}
	if w.own != nil {
		facts.Own = w.own
	}
	if w.telemetry != nil {
		facts.Telemetry = w.telemetry
	}
	m := measured{plan: plan}
	m.filled, m.earlier = w.fillIn(ctx, facts, plan)
	for i, a := range w.ask(ctx, facts, plan) {
		if a.past != nil {
			m.readings = append(m.readings, a.past...)
			continue
		}
		for _, e := range a.entries {
			if e.Reading.Broken {
				w.note("the metric %s has no answer, see its sql in rules.yaml: %s", plan[i].ID, e.Verdict.Why)
			}
			e.History = w.historyOf(e.Reading)
			e = sinceYesterday(e)
			e.Since = since(e)
			m.entries = append(m.entries, e)
			m.readings = append(m.readings, e.Reading)
		}
		for _, e := range a.beside {
			m.readings = append(m.readings, e.Reading)
		}
	}
	m.readings = slices.Concat(m.earlier, w.lastWeek(ctx, facts, plan), m.readings)
	return m
}

// answered is what became of one metric of the plan: what was found of it over
// its windows and those beside them, or, of one that only the present tells, where
// the run is about the past, what the record says.
type answered struct {
	entries, beside []report.Entry
	past            []metric.Reading
}

// ask puts the questions of the plan, two at once for each processor, since they
// wait for one another inside the store, and answers in the order of the plan. A
// sweep keeps no readings beside.
func (w *world) ask(ctx context.Context, facts metric.Facts, plan []config.Metric) []answered {
	all := make([]answered, len(plan))
	var asking errgroup.Group
	asking.SetLimit(2 * runtime.GOMAXPROCS(0))
	for i, p := range plan {
		if app.LooksBack(w.Env) && p.Past != "" {
			for _, e := range w.pastDay(ctx, facts, []config.Metric{p}, w.Env.Now).entries {
				all[i].past = append(all[i].past, e.Reading)
			}
			continue
		}
		asking.Go(func() error {
			all[i].entries = w.judged(ctx, facts, p, p.Window, w.Env.Now)
			if w.asked.priority != "P0" {
				all[i].beside = w.judged(ctx, facts, p, p.Beside, w.Env.Now)
			}
			return nil
		})
	}
	_ = asking.Wait() // none fails: what has no answer is an entry that says why
	return all
}

// judged are a metric's readings over windows, each with its verdict.
func (w *world) judged(ctx context.Context, facts metric.Facts, p config.Metric, windows []string, now time.Time) []report.Entry {
	var all []report.Entry
	asked := p.Definition
	asked.Window = windows
	for i, r := range metric.Measure(ctx, facts, []metric.Definition{asked}, now) {
		var past []float64
		if (p.Count || p.Spikes) && r.Value != nil && *r.Value >= verdict.FewestSpike {
			past = metric.Past(ctx, facts, p.Definition, windows[i], now)
		}
		v := verdict.Judge(verdict.Of(r, past, p.Count || p.Spikes), p.Thresholds, w.Config.Confidence)
		r.Verdict = string(v.Level)
		if v.Key != "" {
			r.Previous = v.Previous // of the key that decides; those of the others are not kept
		}
		if v.Level != verdict.OK {
			r.Reason = v.Sentence()
		}
		all = append(all, report.Entry{Definition: p.Definition, Thresholds: p.Thresholds, Reading: r, Verdict: v})
	}
	return all
}

// maxHistory is how many days a page looks back.
const maxHistory = 35

// historyOf are the readings of the same metric and window of earlier days.
func (w *world) historyOf(r metric.Reading) []metric.Reading {
	var all []metric.Reading
	today := r.At.UTC().Format(time.DateOnly)
	for _, h := range w.readings {
		if h.Metric == r.Metric && !h.OfWeek() && h.Until.Sub(h.From) == r.Until.Sub(r.From) && h.At.Before(r.At) && h.At.UTC().Format(time.DateOnly) != today {
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b metric.Reading) int { return a.At.Compare(b.At) })
	if len(all) > maxHistory {
		all = all[len(all)-maxHistory:]
	}
	return all
}

// since is when a metric began to stand as it does, by the record of days; zero
// where the record does not reach back.
func since(e report.Entry) time.Time {
	if len(e.History) == 0 {
		return time.Time{}
	}
	at := e.Reading.At // it began today
	for _, h := range slices.Backward(e.History) {
		if h.Verdict != string(e.Verdict.Level) {
			return at
		}
		at = h.At
	}
	if len(e.History) == maxHistory {
		return time.Time{} // it began before what was looked at
	}
	return at
}

// sinceYesterday compares what only the present tells, as of now, with the record of the
// day before.
func sinceYesterday(e report.Entry) report.Entry {
	if e.Definition.Past == "" || e.Reading.Value == nil || e.Reading.Previous != nil || !e.Reading.Until.Equal(e.Reading.From) || len(e.History) == 0 {
		return e
	}
	last := e.History[len(e.History)-1]
	if e.Reading.At.UTC().Truncate(24*time.Hour).Sub(last.At.UTC().Truncate(24*time.Hour)) != 24*time.Hour || last.Value == nil {
		return e
	}
	e.Reading.Previous, e.Verdict.Previous = last.Value, last.Value
	return e
}
