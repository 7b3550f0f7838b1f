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
	"github.com/aftercare/aftercare/actions/internal/service"
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
		w.WarnClaimed(n.Metric, n.Channel+" by "+n.By)
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
	return w.deliver(ctx, t, m)
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
	for _, e := range m.first() {
		if p, found := peakOf(e); found {
			memory = memory.Reached(e.Definition.ID, p, e.Thresholds)
		}
		leaves := e.Reading.Leaves
		if e.Reading.Stays > 0 {
			leaves = time.Time{}
		}
		if e.Reading.Value != nil {
			memory = memory.Empties(e.Definition.ID, leaves)
		}
	}
	for metric, covered := range w.covered {
		memory = memory.Cover(metric, covered)
	}
	for metric, response := range w.answered {
		memory = memory.Answer(metric, response.At, response.By)
	}
	all, left := memory.Due(w.Config.Routes, w.Config.Channels, w.Env.Run(), w.Env.Clock())
	w.inhibited = w.Config.Inhibits.Active(memory)
	all = w.Config.Inhibits.OfMetrics(w.Config.Silence.OfMetrics(all, w.Env.Clock()), memory)
	all, w.waiting = alert.Awake(all, w.Env.Clock())
	for _, n := range all {
		if w.messengers.Reaches(n.Channel, n.By) {
			news = append(news, n)
			continue
		}
		w.unreachable(n)
	}
	return memory, alert.Group(news, w.opensIncidents), left, nil
}

// opensIncidents reports whether a way opens an incident for each message.
func (w *world) opensIncidents(channel, by string) bool {
	s, is := w.messengers[notify.Place(channel, by)].(*notify.Service)
	return is && service.Pages(s.To)
}

// answers looks whether somebody has taken on what people were told of and nobody has
// responded to yet: by an answer in the thread, or a reaction. A sweep, which writes no
// page, asks about what it is going to send a message about alone. It reports whether
// somebody has.
func (w *world) answers(ctx context.Context, memory alert.Memory, news []alert.MetricNews) bool {
	told := map[string]bool{}
	for _, n := range news {
		for _, one := range n.Each() {
			told[one.Metric] = true
		}
	}
	before := len(w.answered)
	for _, f := range memory.Unanswered(w.Env.Clock()) {
		if _, known := w.answered[f.Metric]; !known && (w.asked.priority == "" || told[f.Metric]) {
			w.answer(ctx, memory, f)
		}
	}
	w.responded = w.responded || len(w.answered) > before
	return len(w.answered) > before
}

// answer notes who has taken on what an alert is about, where somebody has.
func (w *world) answer(ctx context.Context, memory alert.Memory, f alert.Fired) {
	for _, t := range memory.Refs(f.Metric, f.Began) {
		if response := w.answerTo(ctx, t.Channel, t.By, t.Ref); !response.IsZero() {
			w.answered[f.Metric] = response
			return
		}
	}
}

// answerTo returns when somebody answered a message in its thread, or reacted to it,
// and who; zero where nobody has, or where that cannot be seen.
func (w *world) answerTo(ctx context.Context, channel, by, ref string) notify.Response {
	response, err := w.messengers.Responded(ctx, channel, by, ref, w.Env.Clock())
	var history *notify.HistoryError
	if err != nil && (!errors.Is(err, notify.ErrUnreadable) || errors.As(err, &history)) {
		w.Env.Log.Info(fmt.Sprintf("whether somebody answered in %s cannot be seen: %v", channel, err))
	}
	return response
}

// unreachable says once for each way that nothing is set up for it.
func (w *world) unreachable(n alert.MetricNews) {
	w.note("channel %s cannot be told: %s", n.Channel, notify.Missing(n.Channel, n.By))
}

// deliver sends what it claims of the news, and notes what is to be recorded.
func (w *world) deliver(ctx context.Context, t telling, m measured) telling {
	r := inMemory{world: w, telling: &t, measured: m}
	all, err := w.messengers.Deliver(ctx, &r, w.Env.Clock, nil)
	var errs []error
	for i, d := range all {
		n := r.won[i]
		for _, said := range []string{d.Unread, d.Refused} {
			if said != "" {
				w.Env.Warn("%s", said)
			}
		}
		if d.Err != nil {
			errs = append(errs, fmt.Errorf("tell %s: %w", whom(n), d.Err))
			continue
		}
		t.sent = append(t.sent, n)
		w.Env.Log.Info("told " + whom(n))
	}
	t.err = errors.Join(append(errs, err)...)
	return t
}

// inMemory keeps the claims and records of metrics, mails and mentions: in the
// memory of alerts among the reports.
type inMemory struct {
	*world
	*telling
	measured measured
	won      []alert.MetricNews
}

// Claim commits the claims on what is news.
func (r *inMemory) Claim(ctx context.Context) ([]notify.Claimed, error) {
	view, err := r.History.File(ctx, r.view, "aftercare: claim notifications", func(v *history.View) (map[string][]byte, error) {
		memory, news, _, err := r.due(ctx, v, r.measured)
		if err != nil {
			return nil, err
		}
		memory, r.won = memory.Claim(news, r.Env.Run(), r.Env.Clock())
		files := map[string][]byte{}
		history.PutAlerts(files, memory)
		return files, nil
	})
	r.view = view
	if err != nil {
		return nil, fmt.Errorf("no notification was sent: %w", err)
	}
	var claimed []notify.Claimed
	for _, n := range r.won {
		c := notify.Claimed{Message: r.message(n, r.measured), Until: n.Until}
		if n.Unconfirmed {
			c.Doubt, c.Since = notify.ClaimRanOut, n.Claimed
		}
		claimed = append(claimed, c)
	}
	return claimed, nil
}

// Settle notes what became of the messages. It is recorded with the pages, in the
// one commit of the run. Of what nobody knows nothing is recorded: its claim runs out.
func (r *inMemory) Settle(_ context.Context, all []notify.Delivery) error {
	for i, d := range all {
		n, run := r.won[i], r.Env.Run()
		switch d.State {
		case alert.Sent:
			r.settle = append(r.settle, func(m alert.Memory) alert.Memory { return m.Sent(n, run, d.Ref, d.At) })
		case alert.Failed:
			r.settle = append(r.settle, func(m alert.Memory) alert.Memory { return m.Failed(n, run) })
		}
	}
	return nil
}

func (w *world) message(n alert.MetricNews, m measured) change.Message {
	page := w.History.Path(report.DayPath(w.Env.Now))
	switch {
	case n.Notice != nil:
		return report.NoticeMessage(n, w.heardOf(n.Metric), w.Place, w.Env.Now)
	case len(n.With) > 0 && n.Kind != alert.Blind:
		return report.GroupMessage(n, m.entryOf, w.Place, page, w.Env.Now)
	}
	return report.MetricMessage(n, m.entryOf(n.Metric), w.Place, page, w.Env.Now)
}

// entryOf is how a metric stands, with the version that explains it; empty where it
// was not measured.
func (m measured) entryOf(id string) report.Entry {
	for _, e := range m.entries {
		if e.Definition.ID == id {
			e.Version = report.Explained(e, m.entries)
			return e
		}
	}
	return report.Entry{}
}

// late is how old the last full snapshot may be before a run says so.
const late = 26 * time.Hour

// peakOf is the figure of an entry as an alert keeps it, and reports whether there is
// one.
func peakOf(e report.Entry) (alert.Peak, bool) {
	r := e.Reading
	if r.Value == nil {
		return alert.Peak{}, false
	}
	return alert.Peak{At: r.At.UTC(), From: r.From.UTC(), Until: r.Until.UTC(), Level: e.Verdict.Level, Value: *r.Value, Part: r.Part, Whole: r.Whole, Names: r.Names}, true
}
