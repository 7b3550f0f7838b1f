package snapshot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/collect/feed"
	"github.com/aftercare/aftercare/actions/internal/config"
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

// Collect searches the places that rules.yaml names. A sweep of what is most
// urgent has no need of them.
func (w mentionSource) Collect(ctx context.Context, to collect.Writer) []model.Gap {
	m := w.Config.Sources.Mentions
	if w.asked.priority == "P0" {
		return nil
	}
	env := w.Env.Getenv
	before, err := w.forgotten(ctx)
	if err != nil {
		return []model.Gap{{Source: w.Name(), Reason: err.Error()}}
	}
	found, gaps, refused := collect.Mentions{
		Web: w.web, Now: w.Env.Clock(), Since: w.Env.Now.Add(-mentionsReach), Mood: feeling,
		HackerNews: collect.HackerNews{URL: env("AFTERCARE_HACKERNEWS_URL"), Query: m.HackerNews},
		Reddit: collect.Reddit{
			URL: env("AFTERCARE_REDDIT_URL"), TokenURL: env("AFTERCARE_REDDIT_TOKEN_URL"), Subreddits: m.Reddit.Subreddits, Query: m.Reddit.Query,
			ID: env("REDDIT_CLIENT_ID"), Secret: env("REDDIT_CLIENT_SECRET"),
		},
		Mastodon: collect.Mastodon{URL: env("MASTODON_URL"), Query: m.Mastodon, Token: env("MASTODON_TOKEN")},
		X:        collect.X{URL: env("AFTERCARE_X_URL"), Query: m.X, Token: env("X_BEARER_TOKEN")},
		Feeds:    feedsOf(w.Config.Sources.Feeds), ParseFeed: feed.Parse, Name: w.Config.Release.Project, Before: before,
		Files: w.Env.Files, Pattern: m.Files, Key: w.key(), Note: func(text string) { to.Note("%s", text) },
	}.Read(ctx)
	to.Refused("mentions", refused)
	if err := w.keepMentions(ctx, found); err != nil {
		gaps = append(gaps, model.Gap{Source: w.Name(), Reason: err.Error()})
	}
	return gaps
}

func feedsOf(feeds []config.Feed) []collect.Feed {
	var all []collect.Feed
	for _, f := range feeds {
		all = append(all, collect.Feed(f))
	}
	return all
}

// forgotten are the mentions that earlier runs found in places that forget: X shows
// the last week, and a feed its newest entries.
func (w *world) forgotten(ctx context.Context) ([]collect.Mention, error) {
	sources := map[string]string{}
	if w.Config.Sources.Mentions.X != "" {
		sources["x"] = "x"
	}
	for _, f := range w.Config.Sources.Feeds {
		sources[strings.ToLower(f.Name)] = "feeds"
	}
	if len(sources) == 0 {
		return nil, nil
	}
	var all []collect.Mention
	err := w.each(ctx, "SELECT source, id, at, author, url, score, sentiment FROM mentions ORDER BY source, id", func(row []any) {
		place, is := sources[row[0].(string)]
		at, _ := row[2].(time.Time)
		if !is || w.Env.Now.Sub(at) >= mentionsReach {
			return
		}
		score, _ := row[5].(float64)
		m := collect.Mention{Place: place, MentionRow: model.MentionRow{At: at, Score: int(score)}}
		m.Source, _ = row[0].(string)
		m.ID, _ = row[1].(string)
		m.Author, _ = row[3].(string)
		m.URL, _ = row[4].(string)
		if mood, known := row[6].(float64); known {
			m.Sentiment = &mood
		}
		all = append(all, m)
	})
	return all, err
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
