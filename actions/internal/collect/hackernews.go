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
	StoryTitle  string    `json:"story_title" answer:"null,optional"` // of the story that a comment is on
	StoryURL    string    `json:"story_url" answer:"null,optional"`
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

// about reports whether a hit is about what is looked for: its title, its address
// or its text has each word of the query. Where the project's name is one of the
// words, it alone must be there, for people who know what they talk of do not say
// the others: these may stand in the story that a comment is on, and a project
// that is shown by its name needs none.
func (m Mentions) about(h hackerNewsHit, text string) bool {
	if speaks(m.HackerNews.Query, h.Title, h.URL, text) {
		return true
	}
	others, isIn := m.besideName()
	if !isIn || !speaks(`"`+m.Name+`"`, h.Title, h.URL, text) {
		return false
	}
	if shown := inWords(h.Title) + " "; strings.HasPrefix(shown, "show hn "+inWords(m.Name)+" ") || strings.HasPrefix(shown, "launch hn "+inWords(m.Name)+" ") {
		return true
	}
	return len(others) > 0 && speaks(strings.Join(others, " "), h.Title, h.URL, text, h.StoryTitle, h.StoryURL)
}

// besideName are the words of the query besides the project's name, and whether the
// name is one of them.
func (m Mentions) besideName() (others []string, isIn bool) {
	name := inWords(m.Name)
	for _, term := range terms(m.HackerNews.Query) {
		if term == name {
			isIn = true
		} else {
			others = append(others, term)
		}
	}
	return others, isIn && name != ""
}

// hackerNews reads stories and comments, the newest first.
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
		if others, isIn := m.besideName(); isIn && len(others) > 0 {
			ask.Set("optionalWords", strings.Join(others, ","))
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
			if !h.CreatedAt.After(m.Since) || !m.about(h, i.text) {
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
