package program

import (
	"context"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/source"
)

// mentionsReach is how far back mentions are looked for: as far as a metric of
// thirty days and the window before it.
const mentionsReach = 60 * 24 * time.Hour

// collectMentions searches the places that rules.yaml names. A sweep of what is
// most urgent has no need of them.
func (w *world) collectMentions(ctx context.Context) {
	m := w.book.Sources.Mentions
	switch {
	case m.HackerNews+m.Reddit.Query+m.Mastodon+m.Files == "":
		w.switchedOff("mentions", "no place is named in rules.yaml")
		return
	case w.asked.priority == "P0":
		return
	}
	env := w.env.Getenv
	found, gaps, refused := source.Mentions{
		Web: w.web, Now: w.env.Clock(), Since: w.env.Now.Add(-mentionsReach), Mood: feeling,
		HackerNews: source.HackerNews{URL: env("AFTERCARE_HACKERNEWS_URL"), Query: m.HackerNews},
		Reddit: source.Reddit{
			URL: env("AFTERCARE_REDDIT_URL"), TokenURL: env("AFTERCARE_REDDIT_TOKEN_URL"), Subreddits: m.Reddit.Subreddits, Query: m.Reddit.Query,
			ID: env("REDDIT_CLIENT_ID"), Secret: env("REDDIT_CLIENT_SECRET"),
		},
		Mastodon: source.Mastodon{URL: env("MASTODON_URL"), Query: m.Mastodon, Token: env("MASTODON_TOKEN")},
		Files:    w.env.Files, Pattern: m.Files,
	}.Read(ctx)
	for _, g := range gaps {
		w.gap(g)
	}
	w.refused("mentions", len(refused), refused)
	if err := w.keepMentions(ctx, found); err != nil {
		w.gap(fact.Gap{Source: "mentions", Reason: err.Error()})
	}
}

func (w *world) keepMentions(ctx context.Context, found []source.Mention) error {
	var rows []fact.Row
	for _, m := range found {
		rows = append(rows, m.MentionRow)
		name := "mention:" + m.Source + ":" + m.ID
		w.hear(alert.Notice{Name: name, Score: m.Score, At: m.At}, report.Heard{Source: m.Source, Line: m.Line, URL: m.URL})
	}
	if err := w.store.Clear(ctx, "mentions"); err != nil {
		return err
	}
	return w.store.Put(ctx, rows)
}

// hear notes what may be news.
func (w *world) hear(n alert.Notice, of report.Heard) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notices = append(w.notices, n)
	w.heard[n.Name] = of
}

// heardOf is what is known of a notice; of one that could not be read again, the
// source alone.
func (w *world) heardOf(name string) report.Heard {
	if of, known := w.heard[name]; known {
		return of
	}
	kind, rest, _ := strings.Cut(name, ":")
	if kind == "mention" {
		kind, _, _ = strings.Cut(rest, ":")
	}
	return report.Heard{Source: kind}
}
