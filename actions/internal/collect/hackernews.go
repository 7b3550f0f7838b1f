package collect

import (
	"context"
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
	Hits []struct {
		ObjectID    string    `json:"objectID"`
		CreatedAt   time.Time `json:"created_at"`
		Author      string    `json:"author"`
		Title       string    `json:"title"`
		StoryTitle  string    `json:"story_title"`
		URL         string    `json:"url"`
		StoryText   string    `json:"story_text"`
		CommentText string    `json:"comment_text"`
		Points      *int      `json:"points"`
	} `json:"hits"`
	Pages *int `json:"nbPages"`
	Count int  `json:"nbHits"`
}

// hackerNews reads stories and comments, the newest first. A story must name the
// query in its title, its address or its text, a comment in its own text.
func (m Mentions) hackerNews(ctx context.Context) (found []Mention, refused []string, err error) {
	base := strings.TrimRight(m.HackerNews.URL, "/")
	if base == "" {
		base = hackerNewsSearch
	}
	web, read := m.Web(), 0
	for page := 0; ; page++ {
		var answer hackerNewsPage
		ask := url.Values{
			"query": {m.HackerNews.Query}, "tags": {"(story,comment)"}, "typoTolerance": {"false"},
			"numericFilters": {fmt.Sprintf("created_at_i>%d", m.Since.Unix())}, "hitsPerPage": {"100"}, "page": {fmt.Sprint(page)},
		}
		if err := web.get(ctx, base+"/api/v1/search_by_date?"+ask.Encode(), nil, &answer); err != nil {
			return found, refused, fmt.Errorf("the search of Hacker News: %w", err)
		}
		if answer.Hits == nil || answer.Pages == nil {
			return found, refused, fmt.Errorf("the search of Hacker News names no hits, not even none")
		}
		read += len(answer.Hits)
		for _, h := range answer.Hits {
			i := item{source: "hackernews", id: h.ObjectID, author: h.Author, at: h.CreatedAt, title: h.Title, text: plainOf(h.StoryText + h.CommentText)}
			if h.Points != nil {
				i.score = *h.Points
			}
			i.address = hackerNewsItem + url.QueryEscape(h.ObjectID)
			if !h.CreatedAt.After(m.Since) || !speaks(m.HackerNews.Query, h.Title, h.URL, i.text) {
				continue
			}
			got, why := m.mention(i)
			if why != "" {
				refused = append(refused, why)
				continue
			}
			found = append(found, got)
		}
		last := page+1 >= *answer.Pages || len(answer.Hits) == 0
		switch {
		case last && answer.Count > read, page+1 == mostPlaces && !last: // Algolia shows the first thousand
			return found, refused, fmt.Errorf("the search of Hacker News has %d hits, more than it shows: name rarer words in rules.yaml", answer.Count)
		case last:
			return found, refused, nil
		}
	}
}
