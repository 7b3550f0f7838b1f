package gate

import (
	"context"
	"fmt"
	"slices"
	"time"

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
		w.env.Warn("there are no readings in %s, so nothing can be decided: run snapshot first, which measures what the gate asks", w.ledger.Path("data/readings"))
	}
	a := gate.Answers{Readings: map[gate.Question]verdict.Reading{}, Windows: map[gate.Question]model.Duration{}, Without: map[string]gate.Without{}, Confidence: w.book.Confidence}
	for _, q := range w.book.Gate.Questions() {
		length, m := w.window(q)
		a.Windows[q], a.Readings[q] = model.Duration(length), w.latest(record, q, length, m)
	}
	for _, part := range [][]gate.Criterion{w.book.Gate.Must, w.book.Gate.Should, w.book.Gate.Nice} {
		for _, c := range part {
			if c.DaysWithout != "" {
				a.Without[c.DaysWithout] = w.without(record, c.DaysWithout)
			}
		}
	}
	return a, nil
}

// record are the readings since the release shipped, in the order of time.
func (w *world) record(ctx context.Context, view *history.View) ([]metric.Reading, error) {
	from := w.book.Release.Shipped.Time
	if from.IsZero() {
		from = w.env.Now.AddDate(0, -1, 0)
	}
	if longest := w.env.Now.Add(-maxRecord); from.Before(longest) {
		from = longest
	}
	var all []metric.Reading
	for at := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC); !at.After(w.env.Now); at = at.AddDate(0, 1, 0) {
		src, err := view.Read(ctx, "data/readings/"+metric.Month(at)+".ndjson")
		if err != nil {
			return nil, err
		}
		readings, damaged := metric.Decode(src)
		for _, d := range damaged {
			w.env.Warn("readings of %s, %s; the rest is taken", metric.Month(at), d)
		}
		all = append(all, readings...)
	}
	return all, nil
}

// latest is the newest reading of a metric over the question's window; unknown
// where there is none that is fresh.
func (w *world) latest(record []metric.Reading, q gate.Question, length time.Duration, m metric.Definition) verdict.Reading {
	var newest metric.Reading
	for _, r := range record {
		if r.Metric == q.Metric && r.Until.Sub(r.From) == length && !r.At.After(w.env.Now) && r.At.After(newest.At) {
			newest = r
		}
	}
	switch {
	case len(record) == 0:
		newest = metric.Reading{Metric: q.Metric, Unit: m.Unit, Reason: "there are no readings yet: snapshot must have run before"}
	case newest.At.IsZero():
		newest = metric.Reading{Metric: q.Metric, Unit: m.Unit, Reason: "it was not measured over this window yet: the next snapshot will"}
	case w.env.Now.Sub(newest.At) > freshness:
		newest = metric.Reading{Metric: q.Metric, Unit: m.Unit, Reason: fmt.Sprintf("it was last measured on %s", newest.At.Format(time.DateOnly))}
	case newest.Value != nil || newest.Values != nil:
		newest.Reason = "" // it says why the verdict was what it was
	}
	return verdict.Of(newest, nil, m.Count)
}

// window is the length of a question's window, and its metric.
func (w *world) window(q gate.Question) (time.Duration, metric.Definition) {
	for _, m := range w.book.Measured() {
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
	out := gate.Without{Since: w.book.Release.Shipped.Time}
	if out.Since.IsZero() {
		return out
	}
	if longest := w.env.Now.Add(-maxRecord); out.Since.Before(longest) {
		out.Since = longest
	}
	length, _ := w.window(gate.Question{Metric: id})
	days := map[string]bool{}
	for _, r := range record {
		if r.Metric != id || r.At.Before(out.Since) || r.At.After(w.env.Now) || r.Until.Sub(r.From) != length {
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
	for day := from.Truncate(24 * time.Hour).Add(24 * time.Hour); day.Before(w.env.Now.Truncate(24 * time.Hour)); day = day.Add(24 * time.Hour) {
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
	list := w.book.Gate.Checklist()
	if len(list) == 0 {
		return nil, "", nil
	}
	step := w.issue(list)
	found, err := w.github.Find(ctx, step)
	if err != nil {
		return nil, "", err
	}
	if found.Number == 0 {
		if still(w.env) {
			return nil, "", nil
		}
		if found, err = w.github.Publish(ctx, step); err != nil {
			return nil, "", err
		}
	}
	boxes, err := collect.Boxes(ctx, w.hub, found.Number, list.In)
	if err != nil {
		return nil, "", err
	}
	if len(boxes) < len(list) && !still(w.env) {
		if err := w.github.Amend(ctx, found.Number, list.Complete); err != nil {
			return nil, "", err
		}
	}
	return w.tickOf(boxes, list), found.URL, nil
}

// issue is the gate's issue as it is opened.
func (w *world) issue(list gate.Checklist) change.Publish {
	labels := []string(w.book.Gate.Labels)
	if len(labels) == 0 {
		labels = []string{issueLabel.Name}
	}
	return change.Publish{
		Series: "gate", Subject: w.book.Release.Version, Title: fmt.Sprintf("%s %s: the gate", w.book.Release.Project, w.book.Release.Version),
		Labels: labels, Declared: append(slices.Clone(w.book.Labels), issueLabel), Body: report.GateBoxes(w.book.Release, list.Lines()),
	}
}

// tickOf are the boxes by their criteria; what the issue lacked is not ticked,
// unless the run changes nothing: then its box is not there.
func (w *world) tickOf(boxes []model.Box, list gate.Checklist) map[string]gate.Tick {
	ticks := map[string]gate.Tick{}
	for _, criterion := range list {
		if !still(w.env) {
			ticks[criterion] = gate.Tick{}
		}
	}
	for _, b := range boxes {
		ticks[b.Text] = gate.Tick{Ticked: b.Ticked, By: b.By, At: b.At, MayWrite: b.MayWrite}
	}
	return ticks
}
