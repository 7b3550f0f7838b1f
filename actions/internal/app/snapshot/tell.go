package snapshot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// telling is what became of the news of metrics.
type telling struct {
	view *history.View
	sent []alert.MetricNews
	left []alert.MetricNews // another run has claimed them
	// settle puts into a memory what became of what was claimed.
	settle []func(alert.Memory) alert.Memory
	err    error
}

// tell claims what is news by a commit, and sends what it has won.
func (w *world) tell(ctx context.Context, view *history.View, m measured) telling {
	t := telling{view: view}
	if app.LooksBack(w.Env) {
		return t
	}
	w.account(ctx, m)
	memory, news, left, err := w.due(ctx, view, m)
	if err == nil && w.answers(ctx, memory, news) {
		_, news, left, err = w.due(ctx, view, m)
	}
	if err != nil {
		t.err = err
		return t
	}
	t.left = left
	for _, n := range left {
		w.Env.Warn("another run has claimed to tell %s by %s of %s; should it have died, the next run tells", n.Channel, n.By, n.Metric)
	}
	if len(news) == 0 {
		return t
	}
	if w.Env.DryRun() {
		for _, n := range news {
			w.Env.Log.Info("would tell " + whom(n))
		}
		return t
	}
	return w.claimAndSend(ctx, t, m)
}

func whom(n alert.MetricNews) string {
	return fmt.Sprintf("%s by %s: %s", n.Channel, n.By, report.News(n))
}

// due is the memory once it has seen how things stand, and what must be told.
func (w *world) due(ctx context.Context, view *history.View, m measured) (memory alert.Memory, news, left []alert.MetricNews, err error) {
	if memory, err = view.Alerts(ctx, w.note); err != nil {
		return memory, nil, nil, err
	}
	thresholds := map[string]verdict.Thresholds{}
	for _, e := range m.entries {
		thresholds[e.Definition.ID] = e.Thresholds
	}
	var planned []string
	for _, p := range w.Config.Measured() {
		planned = append(planned, p.ID)
	}
	memory = memory.Retire(planned).Observe(m.verdicts(), thresholds, w.Env.Now).Notice(w.hearing.notices, w.Config.Routes, w.Config.Channels, w.Env.Now)
	for metric, covered := range w.covered {
		memory = memory.Cover(metric, covered)
	}
	for metric, at := range w.answered {
		memory = memory.Answer(metric, at)
	}
	all, left := memory.Due(w.Config.Routes, w.Config.Channels, w.Env.Run(), w.Env.Clock())
	for _, n := range w.Config.Silence.OfMetrics(all, w.Env.Clock()) {
		if w.messengers.Reaches(n.Channel, n.By) {
			news = append(news, n)
			continue
		}
		w.unreachable(n)
	}
	return memory, news, left, nil
}

// answers looks whether somebody has taken on what people are about to be
// reminded of: by an answer in the thread, or a reaction. It reports whether
// somebody has.
func (w *world) answers(ctx context.Context, memory alert.Memory, news []alert.MetricNews) bool {
	for _, n := range news {
		if _, known := w.answered[n.Metric]; known || n.Kind != alert.Reminder {
			continue
		}
		for _, t := range memory.Refs(n.Metric, n.Episode) {
			at, err := w.messengers.Answered(ctx, t.Channel, t.By, t.Ref, w.Env.Clock())
			var history *notify.HistoryError
			if err != nil && (!errors.Is(err, notify.ErrUnreadable) || errors.As(err, &history)) {
				w.Env.Log.Info(fmt.Sprintf("whether somebody answered in %s cannot be seen: %v", t.Channel, err))
			}
			if !at.IsZero() {
				w.answered[n.Metric] = at
				break
			}
		}
	}
	return len(w.answered) > 0
}

// unreachable says once for each way that nothing is set up for it.
func (w *world) unreachable(n alert.MetricNews) {
	w.note("channel %s cannot be told: %s", n.Channel, notify.Missing(n.Channel, n.By))
}

func (w *world) claimAndSend(ctx context.Context, t telling, m measured) telling {
	var won []alert.MetricNews
	view, err := w.History.File(ctx, t.view, "aftercare: claim notifications", func(v *history.View) (map[string][]byte, error) {
		memory, news, _, err := w.due(ctx, v, m)
		if err != nil {
			return nil, err
		}
		memory, won = memory.Claim(news, w.Env.Run(), w.Env.Clock())
		files := map[string][]byte{}
		history.PutAlerts(files, memory)
		return files, nil
	})
	t.view = view
	if err != nil {
		t.err = fmt.Errorf("no notification was sent: %w", err)
		return t
	}
	var errs []error
	for _, n := range won {
		settle, err := w.send(ctx, n, m)
		t.settle = append(t.settle, settle)
		if err != nil {
			errs = append(errs, fmt.Errorf("tell %s: %w", whom(n), err))
			continue
		}
		t.sent = append(t.sent, n)
		w.Env.Log.Info("told " + whom(n))
	}
	t.err = errors.Join(errs...)
	return t
}

// send delivers one message that was won, and answers with what is to be
// recorded.
func (w *world) send(ctx context.Context, n alert.MetricNews, m measured) (func(alert.Memory) alert.Memory, error) {
	run := w.Env.Run()
	nothing := func(memory alert.Memory) alert.Memory { return memory }
	failed := func(memory alert.Memory) alert.Memory { return memory.Failed(n, run) }
	sent := func(ref string) func(alert.Memory) alert.Memory {
		at := w.Env.Clock()
		return func(memory alert.Memory) alert.Memory { return memory.Sent(n, run, ref, at) }
	}
	message := w.message(n, m)
	if n.Unconfirmed {
		ref, found, err := w.messengers.Look(ctx, message, n.Claimed)
		var history *notify.HistoryError
		if errors.As(err, &history) {
			w.Env.Warn("%s: whether an earlier run has sent the message is unknown, so it may be a repeat: %v", n.Channel, history)
		}
		switch {
		case err != nil && !errors.Is(err, notify.ErrUnreadable):
			return nothing, err
		case found:
			return sent(ref), nil
		}
	}
	if err := n.InTime(w.Env.Clock()); err != nil {
		return failed, err
	}
	ref, err := w.messengers.Send(ctx, message)
	var unsure *notify.UnsureError
	var part *notify.PartError
	switch {
	case err == nil:
		return sent(ref), nil
	case ref != "" && errors.As(err, &part):
		w.Env.Warn("%s: %v", n.Channel, part)
		return sent(ref), nil
	case errors.As(err, &unsure):
		return nothing, err
	}
	return failed, err
}

func (w *world) message(n alert.MetricNews, m measured) change.Message {
	if n.Notice != nil {
		return report.NoticeMessage(n, w.heardOf(n.Metric), w.Place, w.Env.Now)
	}
	for _, e := range m.entries {
		if e.Definition.ID == n.Metric {
			e.Version = report.Explained(e, m.entries)
			return report.MetricMessage(n, e, w.Place, w.History.Path(report.DayPath(w.Env.Now)), w.Env.Now)
		}
	}
	return report.MetricMessage(n, report.Entry{}, w.Place, w.History.Path(report.DayPath(w.Env.Now)), w.Env.Now)
}

// late is how old the last full snapshot may be before a run says so.
const late = 26 * time.Hour
