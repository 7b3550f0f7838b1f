package collect

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/redirect"
)

// Reddit is searched in some communities: as an application where it has an id
// and a secret, else by the public listing, which Reddit shows to some.
type Reddit struct {
	URL        string // empty is Reddit's own
	TokenURL   string // empty is Reddit's own
	Subreddits []string
	Query      string
	ID, Secret string // of an application; empty for none
}

const (
	redditPublic = "https://www.reddit.com"
	redditOAuth  = "https://oauth.reddit.com"
	redditToken  = "https://www.reddit.com/api/v1/access_token"
)

type redditListing struct {
	Kind string `json:"kind"`
	Data struct {
		After    string `json:"after" answer:"null"`
		Children []struct {
			Data redditPostData `json:"data"`
		} `json:"children"`
	} `json:"data"`
}

type redditPostData struct {
	Name      string  `json:"name" answer:"id"`
	Title     string  `json:"title"`
	Text      string  `json:"selftext"`
	Permalink string  `json:"permalink"`
	URL       string  `json:"url"`
	Author    string  `json:"author" answer:"null"`
	Score     int     `json:"score"`
	Created   float64 `json:"created_utc"`
}

// Check finds a time that is none.
func (p *redditPostData) Check() error {
	if unixTime(p.Created).Year() < 1990 {
		return fmt.Errorf("must have a time in created_utc, got %g", p.Created)
	}
	return nil
}

// reddit reads posts, the newest first, until they are too old.
func (m Mentions) reddit(ctx context.Context) (found []Mention, refused []string, err error) {
	client, header := m.Web(), http.Header{}
	base := strings.TrimRight(m.Reddit.URL, "/")
	if m.Reddit.ID != "" && m.Reddit.Secret != "" {
		token, err := m.redditToken(ctx, client)
		if err != nil {
			return nil, nil, fmt.Errorf("the token of Reddit: %w", err)
		}
		header.Set("Authorization", "Bearer "+token)
		if base == "" {
			base = redditOAuth
		}
	}
	if base == "" {
		base = redditPublic
	}
	path := "/search.json"
	ask := url.Values{"q": {m.Reddit.Query}, "sort": {"new"}, "limit": {"100"}, "raw_json": {"1"}, "type": {"link"}}
	if len(m.Reddit.Subreddits) > 0 {
		path = "/r/" + url.PathEscape(strings.Join(m.Reddit.Subreddits, "+")) + path
		ask.Set("restrict_sr", "1")
	}
	for page := 1; ; page++ {
		var answer redditListing
		lacks, err := client.Get(ctx, base+path+"?"+ask.Encode(), header, m.Now, &answer)
		if err != nil {
			return found, refused, fmt.Errorf("the search of Reddit: %w", err)
		}
		if answer.Kind != "Listing" {
			return found, refused, errors.New("the answer of Reddit is not a listing of posts")
		}
		refused = named(refused, lacks)
		old := false
		for _, c := range answer.Data.Children {
			p := c.Data
			at := unixTime(p.Created)
			if old = !at.After(m.Since); old {
				break
			}
			if !speaks(m.Reddit.Query, p.Title, p.Text, p.URL) {
				continue
			}
			got, why := m.mention(ctx, item{source: "reddit", id: p.Name, author: p.Author, address: permalink(p.Permalink), at: at, score: p.Score, title: p.Title, text: p.Text})
			if why != "" {
				refused = append(refused, why)
				continue
			}
			found = append(found, got)
		}
		switch {
		case old || answer.Data.After == "" || len(answer.Data.Children)+len(lacks) == 0:
			return found, refused, nil
		case page == maxPlaces:
			return found, refused, fmt.Errorf("the search of Reddit has more than %d pages: name rarer words in rules.yaml", maxPlaces)
		}
		ask.Set("after", answer.Data.After)
	}
}

// permalink is where a post stands; one that is no path of Reddit's is empty.
func permalink(path string) string {
	if !strings.HasPrefix(path, "/r/") && !strings.HasPrefix(path, "/user/") {
		return "-" // refused as no address
	}
	return redditPublic + (&url.URL{Path: path}).EscapedPath()
}

// unixTime is a time in seconds, zero where it cannot be one.
func unixTime(seconds float64) time.Time {
	if math.IsNaN(seconds) || seconds <= 0 || seconds > 1e11 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// redditToken asks for a token of the application's own, which stands for no
// person and ends within a day.
func (m Mentions) redditToken(ctx context.Context, client *web.Client) (string, error) {
	address := m.Reddit.TokenURL
	if address == "" {
		address = redditToken
	}
	form := strings.NewReader(url.Values{"grant_type": {"client_credentials"}}.Encode())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, form)
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", client.Agent)
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(m.Reddit.ID+":"+m.Reddit.Secret)))
	answer, err := redirect.Guard(client.HTTP).Do(req)
	if redirect.Refused(err) {
		return "", web.Cause(err)
	}
	if err != nil {
		return "", fmt.Errorf("it does not answer: %w", web.Cause(err))
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return "", fmt.Errorf("its answer broke off: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("it answers %d: see that REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET are right", answer.StatusCode)
	}
	var given struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal(body, &given); err != nil || given.Token == "" {
		return "", errors.New("its answer holds no token")
	}
	return given.Token, nil
}
