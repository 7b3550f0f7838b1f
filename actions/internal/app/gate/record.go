package gate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// freshness is how old a reading may be to decide on.
const freshness = 26 * time.Hour

// maxRecord is how far back the record is read.
const maxRecord = 400 * 24 * time.Hour

// answers are what the record says to the gate's questions.
func (w *world) answers(ctx context.Context, view *history.View) (gate.Answers, error) {
	record, err := w.record(ctx, view)
	if err != nil {
		return gate.Answers{}, err
	}
	if len(record) == 0 {
		w.Env.Warn("there are no readings in %s, so nothing can be decided: run snapshot first, which measures what the gate asks", w.History.Path(history.ReadingsFolder))
	}
	a := gate.Answers{Readings: map[gate.Question]verdict.Reading{}, Windows: map[gate.Question]model.Duration{}, Without: map[string]gate.Without{}, Confidence: w.Config.Confidence, Leaves: map[gate.Question]time.Time{}}
	for _, r := range record {
		if r.At.After(a.Measured) && !r.At.After(w.Env.Now) {
			a.Measured = r.At
		}
	}
	for _, q := range w.Config.Gate.Questions() {
		length, m := w.window(q)
		a.Windows[q], a.Readings[q] = model.Duration(length), w.latest(record, q, length, m)
		if m.Count && length > 0 && q.Version == "" {
			a.Leaves[q] = leaves(record, q.Metric, length)
		}
	}
	a.Previous, err = w.previous(ctx, view, record)
	for _, part := range [][]gate.Criterion{w.Config.Gate.Must, w.Config.Gate.Should, w.Config.Gate.Nice} {
		for _, c := range part {
			if c.DaysWithout != "" {
				a.Without[c.DaysWithout] = w.without(record, c.DaysWithout)
			}
		}
	}
	return a, err
}

// previous is what an earlier release had on the same day after release, for each
// question that asks for it.
func (w *world) previous(ctx context.Context, view *history.View, record []metric.Reading) (map[gate.Question]gate.Previous, error) {
	var asked []gate.Question
	for _, part := range w.Config.Gate.Groups() {
		for _, c := range part.Criteria {
			if c.Vs == gate.VsPrevious {
				asked = append(asked, c.Question())
			}
		}
	}
	if len(asked) == 0 {
		return nil, nil
	}
	base, earlier, err := app.Baseline(ctx, view, w.Config.Release, w.published, record, w.Env.Now, w.Env.Warn)
	all := map[gate.Question]gate.Previous{}
	for _, q := range asked {
		length, m := w.window(q)
		all[q] = atAge(base, earlier, metric.Reading{Metric: q.Metric, At: w.Env.Now, From: w.Env.Now.Add(-length), Until: w.Env.Now, Unit: m.Unit})
	}
	return all, err
}

// atAge is what an earlier release had of a metric on the same day after release.
func atAge(base model.Baseline, record []metric.Reading, of metric.Reading) gate.Previous {
	if base.Version == "" {
		return gate.Previous{Reason: "there is no earlier release to compare with: none has readings of the same age"}
	}
	p := gate.Previous{Version: base.Version, Unit: of.Unit}
	day, known := base.Day(of.At)
	if !known {
		p.Reason = fmt.Sprintf("day %d of %s has no like: %s was replaced before it was as old", base.Age(of.At), base.Newer, base.Version)
		return p
	}
	p.Day = day
	r, found := metric.AtAge(record, of, base)
	if p.Value = r.Value; !found || r.Value == nil {
		p.Reason = fmt.Sprintf("there is no whole reading of %s on the same day after release, %s", base.Version, day.Format(time.DateOnly))
	}
	return p
}

// record are the readings since the release shipped, in the order of time.
func (w *world) record(ctx context.Context, view *history.View) ([]metric.Reading, error) {
	from := w.Config.Release.Shipped.Time
	if from.IsZero() {
		from = w.Env.Now.AddDate(0, -1, 0)
	}
	if longest := w.Env.Now.Add(-maxRecord); from.Before(longest) {
		from = longest
	}
	return view.Readings(ctx, from, w.Env.Now.Add(time.Second), w.Env.Warn)
}

// latest is the newest reading of a metric over the question's window; unknown
// where there is none that is fresh.
func (w *world) latest(record []metric.Reading, q gate.Question, length time.Duration, m metric.Definition) verdict.Reading {
	var newest metric.Reading
	for _, r := range record {
		if r.Metric == q.Metric && r.Until.Sub(r.From) == length && !r.At.After(w.Env.Now) && r.At.After(newest.At) {
			newest = r
		}
	}
	switch {
	case len(record) == 0:
		newest = metric.Reading{Metric: q.Metric, Unit: m.Unit, Reason: "there are no readings yet: snapshot must have run before"}
	case newest.At.IsZero():
		newest = metric.Reading{Metric: q.Metric, Unit: m.Unit, Reason: "it was not measured over this window yet: the next snapshot will"}
	case w.Env.Now.Sub(newest.At) > freshness:
		newest = metric.Reading{Metric: q.Metric, Unit: m.Unit, Reason: fmt.Sprintf("it was last measured on %s", newest.At.Format(time.DateOnly))}
	case newest.Value != nil || newest.Values != nil:
		newest.Reason = "" // it says why the verdict was what it was
	}
	if q.Version == gate.VersionNewest {
		newest = ofVersion(newest, w.Config.Release.Newest().Version)
	}
	return verdict.Of(newest, nil, m.Count)
}

// leaves is by when what a count over a window counted last has left it: a window after the
// reading that first counted it. It is the zero time where no reading shows it come.
func leaves(record []metric.Reading, id string, length time.Duration) time.Time {
	var before *float64
	var at time.Time
	for _, r := range record {
		if r.Metric != id || r.Value == nil || r.Until.Sub(r.From) != length {
			continue
		}
		if before != nil && *r.Value > *before {
			at = r.Until.Add(length)
		}
		before = r.Value
	}
	return at
}

// ofVersion is the part of a reading by version that one version has; unknown where
// it has none.
func ofVersion(r metric.Reading, version string) metric.Reading {
	all := r.Values
	r.Values = nil
	for _, v := range all {
		if model.SameVersion(v.Key, version) {
			r.Value, r.Part, r.Whole = v.Value, v.Part, v.Whole
			return r
		}
	}
	if r.Reason == "" {
		r.Reason = "there are no data of " + version + " yet"
	}
	return r
}

// window is the length of a question's window, and its metric.
func (w *world) window(q gate.Question) (time.Duration, metric.Definition) {
	for _, m := range w.Config.Measured() {
		if m.ID != q.Metric {
			continue
		}
		if q.Window > 0 {
			return q.Window.Duration(), m.Definition
		}
		return m.Own(), m.Definition
	}
	return q.Window.Duration(), metric.Definition{ID: q.Metric}
}

// without is when what must not be was last seen since the release shipped. A
// day of which nothing is known keeps it unknown.
func (w *world) without(record []metric.Reading, id string) gate.Without {
	out := gate.Without{Since: w.Config.Release.Shipped.Time}
	if out.Since.IsZero() {
		return out
	}
	if longest := w.Env.Now.Add(-maxRecord); out.Since.Before(longest) {
		out.Since = longest
	}
	length, _ := w.window(gate.Question{Metric: id})
	days := map[string]bool{}
	for _, r := range record {
		if r.Metric != id || r.At.Before(out.Since) || r.At.After(w.Env.Now) || r.Until.Sub(r.From) != length {
			continue
		}
		if r.Value != nil {
			days[r.At.Format(time.DateOnly)] = true
		}
		if r.Value != nil && *r.Value > 0 && r.At.After(out.Last) {
			out.Last = r.At
		}
	}
	from := out.Since
	if out.Last.After(from) {
		from = out.Last
	}
	for day := from.Truncate(24 * time.Hour).Add(24 * time.Hour); day.Before(w.Env.Now.Truncate(24 * time.Hour)); day = day.Add(24 * time.Hour) {
		if !days[day.Format(time.DateOnly)] {
			out.Reason = fmt.Sprintf("there is no reading of %s", day.Format(time.DateOnly))
			return out
		}
	}
	return out
}

// issueLabel is the label that finds the gate's issue again where rules.yaml names
// none.
var issueLabel = change.Label{Name: "aftercare-gate", Color: "1d76db", Description: "The boxes that people tick before the next release"}

// ticks are the boxes that people ticked, by their text, and where. The issue is
// opened where the plan has boxes and there is none; where the plan has boxes that
// the issue lacks, they are added, and what people wrote there stays.
func (w *world) ticks(ctx context.Context) (map[string]gate.Tick, string, error) {
	list := w.Config.Gate.Checklist()
	if len(list) == 0 {
		return nil, "", nil
	}
	step := w.issue(list)
	found, err := w.Own.Find(ctx, step)
	if err != nil {
		return nil, "", err
	}
	if found.Number == 0 {
		if still(w.Env) {
			return nil, "", nil
		}
		if found, err = w.Own.Publish(ctx, step); err != nil {
			return nil, "", err
		}
	}
	boxes, err := collect.Boxes(ctx, w.Home, found.Number, list.In)
	if err != nil {
		return nil, "", err
	}
	if len(boxes) < len(list) && !still(w.Env) {
		if err := w.Own.Amend(ctx, found.Number, list.Complete); err != nil {
			return nil, "", err
		}
	}
	return w.tickOf(boxes, list), found.URL, nil
}

// issue is the gate's issue as it is opened.
func (w *world) issue(list gate.Checklist) change.Publish {
	labels := []string(w.Config.Gate.Labels)
	if len(labels) == 0 {
		labels = []string{issueLabel.Name}
	}
	return change.Publish{
		Series: "gate", Subject: w.Config.Release.Version, Title: fmt.Sprintf("%s %s: the gate", w.Config.Release.Project, w.Config.Release.Version),
		Labels: labels, Declared: append(slices.Clone(w.Config.Labels), issueLabel), Body: report.GateBoxes(w.Config.Release, list.Lines()),
	}
}

// tickOf are the boxes by their criteria; what the issue lacked is not ticked,
// unless the run changes nothing: then its box is not there.
func (w *world) tickOf(boxes []model.Box, list gate.Checklist) map[string]gate.Tick {
	ticks := map[string]gate.Tick{}
	for _, criterion := range list {
		if !still(w.Env) {
			ticks[criterion] = gate.Tick{}
		}
	}
	for _, b := range boxes {
		ticks[b.Text] = gate.Tick{Ticked: b.Ticked, By: b.By, At: b.At, MayWrite: b.MayWrite}
	}
	return ticks
}
