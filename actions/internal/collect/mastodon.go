package collect

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/answer"
	"github.com/aftercare/aftercare/actions/internal/collect/web"
)

// Mastodon is asked on one of its servers: with a token for what speaks of the
// query, without one for the posts under the query as a hashtag.
type Mastodon struct {
	URL   string // of the server; empty is mastodon.social
	Query string
	Token string
}

const mastodonServer = "https://mastodon.social"

type mastodonPost struct {
	ID         string    `json:"id" answer:"id"`
	URL        string    `json:"url" answer:"null"`
	URI        string    `json:"uri" answer:"id"`
	CreatedAt  time.Time `json:"created_at"`
	Content    string    `json:"content"`
	Visibility string    `json:"visibility" answer:"null,optional"`
	Favourites int       `json:"favourites_count"`
	Reblogs    int       `json:"reblogs_count"`
	Account    struct {
		Acct string `json:"acct" answer:"id"`
	} `json:"account"`
}

// mastodon reads posts, the newest first, until they are too old. A post's score
// is how often it was liked and passed on.
func (m Mentions) mastodon(ctx context.Context) (found []Mention, refused []string, err error) {
	client := m.Web()
	for page, last := 0, ""; ; page++ {
		posts, lacks, err := m.mastodonPage(ctx, client, page, last)
		if err != nil {
			return found, refused, fmt.Errorf("the search of Mastodon: %w", err)
		}
		refused = named(refused, lacks)
		old := false
		for _, p := range posts {
			last = p.ID
			if old = !p.CreatedAt.After(m.Since); old {
				break
			}
			i := item{source: "mastodon", id: p.URI, author: p.Account.Acct, address: p.URL, at: p.CreatedAt, score: p.Favourites + p.Reblogs, text: plainOf(p.Content)}
			if !m.isPublic(p) || m.Mastodon.Token != "" && !speaks(m.Mastodon.Query, i.text) {
				continue
			}
			if i.address == "" {
				refused = append(refused, fmt.Sprintf("%s has no address", short(i.id)))
				continue
			}
			got, why := m.mention(ctx, i)
			if why != "" {
				refused = append(refused, why)
				continue
			}
			found = append(found, got)
		}
		switch {
		case old || len(posts)+len(lacks) < mastodonSize:
			return found, refused, nil
		case page+1 == maxPlaces:
			return found, refused, fmt.Errorf("the search of Mastodon has more than %d pages: name rarer words in rules.yaml", maxPlaces)
		}
	}
}

// isPublic reports whether a post was said to all. A search with a token finds what was
// said to its owner alone too.
func (m Mentions) isPublic(p mastodonPost) bool {
	return p.Visibility == "public" || p.Visibility == "unlisted" || p.Visibility == "" && m.Mastodon.Token == ""
}

// mastodonSize is how many posts a page has.
const mastodonSize = 40

func (m Mentions) mastodonPage(ctx context.Context, client *web.Client, page int, last string) ([]mastodonPost, []answer.Lack, error) {
	base, header := strings.TrimRight(m.Mastodon.URL, "/"), http.Header{}
	if base == "" {
		base = mastodonServer
	}
	ask := url.Values{"limit": {fmt.Sprint(mastodonSize)}}
	if m.Mastodon.Token != "" {
		header.Set("Authorization", "Bearer "+m.Mastodon.Token)
		ask.Set("q", m.Mastodon.Query)
		ask.Set("type", "statuses")
		ask.Set("offset", fmt.Sprint(page*mastodonSize))
		var answer struct {
			Statuses []mastodonPost `json:"statuses"`
		}
		lacks, err := client.Get(ctx, base+"/api/v2/search?"+ask.Encode(), header, m.Now, &answer)
		return answer.Statuses, lacks, err
	}
	if last != "" {
		ask.Set("max_id", last)
	}
	var posts []mastodonPost
	lacks, err := client.Get(ctx, base+"/api/v1/timelines/tag/"+url.PathEscape(hashtag(m.Mastodon.Query))+"?"+ask.Encode(), header, m.Now, &posts)
	return posts, lacks, err
}

// hashtag is a query as one.
func hashtag(query string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(query), notOfWord), "")
}
