package snapshot

import (
	"context"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// mentionsReach is how far back mentions are looked for: as far as a metric of
// thirty days and the window before it.
const mentionsReach = 60 * 24 * time.Hour

// mentionSource is what is said of the project elsewhere.
type mentionSource struct{ *world }

// Name is mentions.
func (mentionSource) Name() string { return "mentions" }

// Off returns why nothing is looked for.
func (w mentionSource) Off() string {
	if m := w.Config.Sources.Mentions; m.HackerNews+m.Reddit.Query+m.Mastodon+m.Files == "" {
		return "no place is named in rules.yaml"
	}
	return ""
}

// Collect searches the places that rules.yaml names. A sweep of what is most
// urgent has no need of them.
func (w mentionSource) Collect(ctx context.Context, to collect.Writer) []model.Gap {
	m := w.Config.Sources.Mentions
	if w.asked.priority == "P0" {
		return nil
	}
	env := w.Env.Getenv
	found, gaps, refused := collect.Mentions{
		Web: w.web, Now: w.Env.Clock(), Since: w.Env.Now.Add(-mentionsReach), Mood: feeling,
		HackerNews: collect.HackerNews{URL: env("AFTERCARE_HACKERNEWS_URL"), Query: m.HackerNews},
		Reddit: collect.Reddit{
			URL: env("AFTERCARE_REDDIT_URL"), TokenURL: env("AFTERCARE_REDDIT_TOKEN_URL"), Subreddits: m.Reddit.Subreddits, Query: m.Reddit.Query,
			ID: env("REDDIT_CLIENT_ID"), Secret: env("REDDIT_CLIENT_SECRET"),
		},
		Mastodon: collect.Mastodon{URL: env("MASTODON_URL"), Query: m.Mastodon, Token: env("MASTODON_TOKEN")},
		Files:    w.Env.Files, Pattern: m.Files, Key: w.key(),
	}.Read(ctx)
	to.Refused("mentions", refused)
	if err := w.keepMentions(ctx, found); err != nil {
		gaps = append(gaps, model.Gap{Source: w.Name(), Reason: err.Error()})
	}
	return gaps
}

// keepMentions keeps what was found, and hands over what may be news: of what is
// not young, what is new or has more points than at the last reading.
func (w *world) keepMentions(ctx context.Context, found []collect.Mention) error {
	before, err := w.scores(ctx)
	if err != nil {
		return err
	}
	err = w.store.Change(ctx, func(c *store.Change) error {
		rows := make([]model.Row, 0, len(found))
		for _, m := range found {
			rows = append(rows, m.MentionRow)
			score, known := before[nameOf(m)]
			arose := known && score < m.Score || !known && !m.At.Before(w.hearing.since[m.Place])
			if w.isYoung(m.At) || !arose || !w.looksFar(m.Score) {
				continue
			}
			w.notYet(c, nameOf(m))
		}
		if err := c.Clear("mentions"); err != nil {
			return err
		}
		return c.Put(rows)
	})
	for _, m := range found {
		w.hear(m.Place, alert.Notice{Name: nameOf(m), Score: m.Score, At: m.At}, report.Heard{Source: m.Source, Line: m.Line, URL: m.URL})
	}
	return err
}

func nameOf(m collect.Mention) string { return "mention:" + m.Source + ":" + m.ID }

// scores are those of the mentions at the last reading, by their names.
func (w *world) scores(ctx context.Context) (map[string]int, error) {
	before := map[string]int{}
	err := w.each(ctx, "SELECT source, id, score FROM mentions ORDER BY source, id", func(row []any) {
		place, _ := row[0].(string)
		id, _ := row[1].(string)
		score, _ := row[2].(float64)
		before[nameOf(collect.Mention{MentionRow: model.MentionRow{Source: place, ID: id}})] = int(score)
	})
	return before, err
}

// looksFar tells a score that takes some route.
func (w *world) looksFar(score int) bool {
	return slices.ContainsFunc(w.Config.Routes, func(r alert.Route) bool { return r.Score > 0 && score >= r.Score })
}
