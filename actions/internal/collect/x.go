package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// X is searched by its API, with the token of an application: the posts of the
// last seven days.
type X struct {
	URL   string // of the API; empty is X's
	Query string
	Token string
}

const xAPI = "https://api.x.com"

// maxXPages is how many pages of a hundred posts are read: posts are paid for.
const maxXPages = 5

type xPost struct {
	ID        string    `json:"id" answer:"id"`
	Text      string    `json:"text"`
	Author    string    `json:"author_id" answer:"optional"`
	CreatedAt time.Time `json:"created_at"`
	Metrics   struct {
		Likes   int `json:"like_count"`
		Reposts int `json:"retweet_count"`
	} `json:"public_metrics"`
}

// x reads posts, the newest first; reposts are not posts of their own. A post's
// score is how often it was liked and reposted.
func (m Mentions) x(ctx context.Context) (found []Mention, refused []string, err error) {
	if m.X.Token == "" {
		return nil, nil, errors.New("the search of X: there is no token")
	}
	base := strings.TrimRight(m.X.URL, "/")
	if base == "" {
		base = xAPI
	}
	header := http.Header{"Authorization": {"Bearer " + m.X.Token}}
	ask := url.Values{"query": {m.X.Query + " -is:retweet"}, "max_results": {"100"}, "tweet.fields": {"author_id,created_at,public_metrics"}}
	client := m.Web()
	for page := 1; ; page++ {
		var told struct {
			Data []xPost `json:"data" answer:"optional"` // left out where nothing was found
			Meta struct {
				Count int    `json:"result_count"`
				Next  string `json:"next_token" answer:"optional"`
			} `json:"meta"`
		}
		lacks, err := client.Get(ctx, base+"/2/tweets/search/recent?"+ask.Encode(), header, m.Now, &told)
		if err == nil && told.Meta.Count != len(told.Data)+len(lacks) {
			err = fmt.Errorf("its answer has %d posts, and says that it has %d", len(told.Data), told.Meta.Count)
		}
		if err != nil {
			return found, refused, fmt.Errorf("the search of X: %w", err)
		}
		refused = named(refused, lacks)
		for _, p := range told.Data {
			if !p.CreatedAt.After(m.Since) || !speaks(m.X.Query, p.Text) {
				continue
			}
			got, why := m.mention(ctx, item{source: "x", id: p.ID, author: p.Author, address: "https://x.com/i/status/" + url.PathEscape(p.ID), at: p.CreatedAt, score: p.Metrics.Likes + p.Metrics.Reposts, text: p.Text})
			if why != "" {
				refused = append(refused, why)
				continue
			}
			found = append(found, got)
		}
		switch {
		case told.Meta.Next == "":
			return found, refused, nil
		case page == maxXPages:
			return found, refused, fmt.Errorf("the search of X has more than %d pages: name rarer words in rules.yaml", maxXPages)
		}
		ask.Set("next_token", told.Meta.Next)
	}
}
