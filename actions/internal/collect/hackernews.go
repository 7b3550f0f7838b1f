package collect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// HackerNews is searched through Algolia.
type HackerNews struct {
	URL   string // of the search; empty is Algolia's
	Query string
}

// hackerNewsSearch is where Hacker News can be searched; stories and comments
// stand on its own site.
const (
	hackerNewsSearch = "https://hn.algolia.com"
	hackerNewsItem   = "https://news.ycombinator.com/item?id="
)

type hackerNewsPage struct {
	Hits  []hackerNewsHit `json:"hits"`
	Pages int             `json:"nbPages"`
	Count int             `json:"nbHits"`
}

// hackerNewsHit is a story or a comment. Algolia leaves out what only the other
// has, or says null.
type hackerNewsHit struct {
	ObjectID    string    `json:"objectID" answer:"id"`
	CreatedAt   time.Time `json:"created_at"`
	Author      string    `json:"author" answer:"null,optional"`
	Title       string    `json:"title" answer:"null,optional"`
	URL         string    `json:"url" answer:"null,optional"`
	StoryText   string    `json:"story_text" answer:"null,optional"`
	CommentText string    `json:"comment_text" answer:"null,optional"`
	Points      *int      `json:"points" answer:"optional"`
}

// Check finds a hit that is neither a story nor a comment, and a story without
// its points.
func (h *hackerNewsHit) Check() error {
	switch {
	case h.Title == "" && h.CommentText == "":
		return errors.New("lacks a title or a comment's text")
	case h.Title != "" && h.Points == nil:
		return errors.New("lacks the points")
	}
	return nil
}

// hackerNews reads stories and comments, the newest first. A story must name the
// query in its title, its address or its text, a comment in its own text.
func (m Mentions) hackerNews(ctx context.Context) (found []Mention, refused []string, err error) {
	base := strings.TrimRight(m.HackerNews.URL, "/")
	if base == "" {
		base = hackerNewsSearch
	}
	client, read := m.Web(), 0
	for page := 0; ; page++ {
		var answer hackerNewsPage
		ask := url.Values{
			"query": {m.HackerNews.Query}, "tags": {"(story,comment)"}, "typoTolerance": {"false"},
			"numericFilters": {fmt.Sprintf("created_at_i>%d", m.Since.Unix())}, "hitsPerPage": {"100"}, "page": {fmt.Sprint(page)},
		}
		lacks, err := client.Get(ctx, base+"/api/v1/search_by_date?"+ask.Encode(), nil, m.Now, &answer)
		if err != nil {
			return found, refused, fmt.Errorf("the search of Hacker News: %w", err)
		}
		refused = named(refused, lacks)
		shown := len(answer.Hits) + len(lacks)
		read += shown
		for _, h := range answer.Hits {
			i := item{source: "hackernews", id: h.ObjectID, author: h.Author, at: h.CreatedAt, title: h.Title, text: plainOf(h.StoryText + h.CommentText)}
			if h.Points != nil {
				i.score = *h.Points
			}
			i.address = hackerNewsItem + url.QueryEscape(h.ObjectID)
			if !h.CreatedAt.After(m.Since) || !speaks(m.HackerNews.Query, h.Title, h.URL, i.text) {
				continue
			}
			got, why := m.mention(ctx, i)
			if why != "" {
				refused = append(refused, why)
				continue
			}
			found = append(found, got)
		}
		last := page+1 >= answer.Pages || shown == 0
		switch {
		case last && answer.Count > read, page+1 == maxPlaces && !last: // Algolia shows the first thousand
			return found, refused, fmt.Errorf("the search of Hacker News has %d hits, more than it shows: name rarer words in rules.yaml", answer.Count)
		case last:
			return found, refused, nil
		}
	}
}
