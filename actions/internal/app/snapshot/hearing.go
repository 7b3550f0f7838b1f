package snapshot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// hearing is what a run hears of mentions and mails, of which some are news.
//
// What is young is handed to the memory of alerts by each run, and the memory tells
// it once. What is older is handed over until a run has filed its memory: a note in
// the facts stands for what none has seen yet. So an outage loses nothing, and what
// the memory has long forgotten is not told again. What was there when its source
// was first looked at is remembered, and not told.
type hearing struct {
	notices []alert.Notice
	of      map[string]report.Heard
	since   map[string]time.Time // by source: what is older was there before anybody looked
	untold  map[string]bool      // by name: no memory that was filed has seen it
	told    map[string]bool      // by name: the memory knows it
	mu      sync.Mutex           // several sources hear at once
}

const (
	// young is how old what is handed over by each run may be.
	young = 7 * 24 * time.Hour
	// untoldNotes begin the notes of what no memory has seen. A line break ends the
	// name, for names may begin alike.
	untoldNotes = "untold/"
	// sinceNotes begin the notes of the sources: since when, and what is looked for.
	sinceNotes = "since/"
	// begun is the note that the facts are not new.
	begun = "begun"
)

// searches are the sources of what is heard, with what is looked for there; empty
// is off.
func (w *world) searches() map[string]string {
	m := w.Config.Sources.Mentions
	return map[string]string{
		mailSource: w.Config.Sources.Mailbox.Address, "hackernews": m.HackerNews, "mastodon": m.Mastodon, "files": m.Files, "x": m.X, "feeds": feedNames(w.Config.Sources.Feeds),
		"reddit": strings.TrimSpace(strings.Join(append(slices.Clone(m.Reddit.Subreddits), m.Reddit.Query), " ")),
	}
}

// feedNames are the names of the feeds, on a line.
func feedNames(feeds []config.Feed) string {
	var names []string
	for _, f := range feeds {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}

// recall reads what earlier runs have noted. Facts that were lost are told from
// those of a first run by the memory, which is committed.
func (w *world) recall(ctx context.Context, view *history.View) error {
	filed, err := view.Read(ctx, history.AlertsFile)
	if err != nil {
		return err
	}
	memory, _ := view.Alerts(ctx, w.note) // what is wrong with it is said where alerts are decided
	for _, a := range memory.Alerts {
		if a.Notice != nil {
			w.hearing.told[a.Metric] = true
		}
	}
	for key := range w.store.States(untoldNotes) {
		w.hearing.untold[strings.TrimSuffix(strings.TrimPrefix(key, untoldNotes), "\n")] = true
	}
	return w.begin(ctx, filed != nil)
}

// begin notes since when the sources are looked at. Where the facts were lost, all
// that is found again may be news that nobody has told.
func (w *world) begin(ctx context.Context, filed bool) error {
	noted := w.store.States(sinceNotes)
	from := w.Env.Now.Add(-young)
	if w.store.State(begun) == "" && filed {
		from = time.Time{}
	}
	return w.store.Change(ctx, func(c *store.Change) error {
		for source, search := range w.searches() {
			at, looked, _ := strings.Cut(noted[sinceNotes+source], " ")
			since, err := time.Parse(time.RFC3339, at)
			if err != nil || looked != search {
				since = from
			}
			w.hearing.since[source] = since
			c.SetState(sinceNotes+source, since.UTC().Format(time.RFC3339)+" "+search)
		}
		c.SetState(begun, "yes")
		return nil
	})
}

// isYoung tells what is handed over whether or not a memory has seen it.
func (w *world) isYoung(at time.Time) bool { return w.Env.Now.Sub(at) < young }

// hear hands over what may be news.
func (w *world) hear(source string, n alert.Notice, of report.Heard) {
	h := &w.hearing
	h.mu.Lock()
	defer h.mu.Unlock()
	h.of[n.Name] = of
	n.Old = !w.isYoung(n.At) && !h.untold[n.Name]
	since := h.since[source]
	if there := n.At.Before(since) && w.isYoung(since.Add(young)); !n.Old || there {
		h.notices = append(h.notices, n)
	}
}

// notYet notes that no memory has seen something.
func (w *world) notYet(c *store.Change, name string) {
	h := &w.hearing
	h.mu.Lock()
	defer h.mu.Unlock()
	h.untold[name] = true
	c.SetState(untoldNotes+name+"\n", "")
}

// heardOf is what is known of a notice; of one that could not be read again, the
// source alone.
func (w *world) heardOf(name string) report.Heard {
	if of, known := w.hearing.of[name]; known {
		return of
	}
	kind, rest, _ := strings.Cut(name, ":")
	if kind == "mention" {
		kind, _, _ = strings.Cut(rest, ":")
	}
	return report.Heard{Source: kind}
}

// heardAll takes away the notes of what was handed over, once the memory is filed.
func (w *world) heardAll(ctx context.Context) {
	if w.Env.DryRun() || app.LooksBack(w.Env) {
		return
	}
	err := w.store.Change(ctx, func(c *store.Change) error {
		w.hearing.mu.Lock()
		defer w.hearing.mu.Unlock()
		for _, n := range w.hearing.notices {
			if !w.hearing.untold[n.Name] {
				continue
			}
			if err := c.ForgetStates(untoldNotes + n.Name + "\n"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.Env.Log.Info(fmt.Sprintf("that people have heard cannot be noted: %v", err)) // the memory tells it once all the same
	}
}

// atOnce is how many rows are asked for at once.
const atOnce = 5000

// each goes through the rows of a question whose answer has an order and may be
// long.
func (w *world) each(ctx context.Context, query string, do func(row []any)) error {
	for from := 0; ; from += atOnce {
		answer, err := w.store.Query(ctx, fmt.Sprintf("%s LIMIT %d OFFSET %d", query, atOnce, from), model.Window{From: w.Env.Now, Until: w.Env.Now})
		if err != nil {
			return err
		}
		for _, row := range answer.Rows {
			do(row)
		}
		if len(answer.Rows) < atOnce {
			return nil
		}
	}
}
