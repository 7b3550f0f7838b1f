package fake

import (
	"cmp"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Social is where people talk, on one server: a search of Hacker News as Algolia
// answers it, a Reddit, a Mastodon, an X, and feeds of any other place.
type Social struct {
	// URL is the root of each of them.
	URL string
	// Secret is required for Reddit's token where it is set; Shut is a Reddit that
	// shows nobody its listing without one.
	Secret string
	Shut   bool

	*server
	posts []*post
}

// post is one thing that was said.
type post struct {
	place, id, author, title, text string
	at                             time.Time
	score                          int
	on                             string // the title of the story that a comment is on
	to                             string // whom it was said to, in Mastodon's words; empty is all
}

func newSocial(w *World) *Social {
	s := &Social{server: w.serve("social")}
	s.URL = s.server.url
	s.server.refuse = func(status int, message string) answer {
		return answer{status: status, body: map[string]any{"message": message, "error": status}}
	}
	s.handle("GET /api/v1/search_by_date", "", s.algolia, "query", "tags", "typoTolerance", "numericFilters", "hitsPerPage", "page", "optionalWords")
	listing := []string{"q", "sort", "limit", "raw_json", "type", "restrict_sr", "after"}
	s.handle("GET /search.json", "", s.listing, listing...)
	s.handle("GET /r/{subreddits}/search.json", "", s.listing, listing...)
	s.handle("POST /api/v1/access_token", "", s.redditToken)
	s.handle("GET /api/v1/timelines/tag/{tag}", "", s.timeline, "limit", "max_id")
	s.handle("GET /api/v2/search", "", s.search, "q", "type", "limit", "offset")
	s.handle("GET /2/tweets/search/recent", "", s.recent, "query", "max_results", "tweet.fields", "next_token")
	s.handle("GET /feeds/{place}", "", s.feed)
	return s
}

// recent is the search of X: the posts of the last seven days.
func (s *Social) recent(c *call) answer {
	if c.Header.Get("Authorization") != "Bearer "+XToken {
		return answer{status: http.StatusUnauthorized, body: map[string]any{"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}}
	}
	query, _ := strings.CutSuffix(c.get("query"), " -is:retweet")
	found := slices.DeleteFunc(s.newest("x", query), func(p *post) bool { return p.at.Before(s.world.Now().AddDate(0, 0, -7)) })
	from, _ := strconv.Atoi(strings.TrimPrefix(c.get("next_token"), "after"))
	shown := part(found, from, c.number("max_results", 10))
	meta := map[string]any{"result_count": len(shown)}
	if from+len(shown) < len(found) {
		meta["next_token"] = fmt.Sprintf("after%d", from+len(shown))
	}
	told := map[string]any{"meta": meta}
	posts := []any{}
	for _, p := range shown {
		posts = append(posts, map[string]any{
			"id": p.id, "text": p.text, "author_id": p.author, "created_at": p.at.UTC().Format("2006-01-02T15:04:05.000Z"), "edit_history_tweet_ids": []string{p.id},
			"public_metrics": map[string]any{"retweet_count": 0, "reply_count": 0, "like_count": p.score, "quote_count": 0, "bookmark_count": 0, "impression_count": 9 * p.score},
		})
	}
	if len(posts) > 0 {
		told["data"] = posts
	}
	return ok(told)
}

// XToken is the bearer token that the simulated X takes.
const XToken = "simulated-x-token"

// feed is an Atom feed of what was said in a place, the newest first, at most
// twenty.
func (s *Social) feed(c *call) answer {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>` + c.vars["place"] + `</title><id>urn:` + c.vars["place"] + `</id>`)
	for _, p := range slices.Backward(s.posts) {
		if p.place == c.vars["place"] {
			fmt.Fprintf(&b, `<entry><id>tag:%s</id><title type="html">%s</title><link href="https://%s.example/t/%s"/><published>%s</published><author><name>%s</name></author><content type="html">%s</content></entry>`,
				p.id, html.EscapeString(p.title), p.place, p.id, p.at.UTC().Format(time.RFC3339), html.EscapeString(p.author), html.EscapeString(p.text))
		}
	}
	return answer{status: http.StatusOK, body: []byte(b.String() + "</feed>")}.with("Content-Type", "application/atom+xml")
}

// Say is what somebody says in a place, hackernews, reddit or mastodon, x or any other that has a feed, now; it
// tells the id there. A title is a story or a post, no title a comment.
func (s *Social) Say(place, author, title, text string, score int) string {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	id := fmt.Sprintf("%d", 46000000+len(s.posts))
	s.posts = append(s.posts, &post{place: place, id: id, author: author, title: title, text: text, at: s.world.Now(), score: score})
	return id
}

// Answer is a comment on a story of a title, now.
func (s *Social) Answer(place, author, story, text string) string {
	id := s.Say(place, author, "", text, 0)
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	s.posts[len(s.posts)-1].on = story
	return id
}

// Score is how many points something has from now on.
func (s *Social) Score(id string, score int) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	for _, p := range s.posts {
		if p.id == id {
			p.score = score
		}
	}
}

// Show is whom something is shown to from now on: public, unlisted, private or
// direct.
func (s *Social) Show(id, to string) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	for _, p := range s.posts {
		if p.id == id {
			p.to = to
		}
	}
}

// newest are the posts of a place that name one of the words, the newest first.
func (s *Social) newest(place, query string) []*post {
	var found []*post
	for _, p := range s.posts {
		said := strings.ToLower(p.title + " " + p.text)
		words := strings.Fields(strings.ToLower(strings.ReplaceAll(query, `"`, " ")))
		if p.place == place && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(said, w) }) {
			found = append(found, p)
		}
	}
	slices.Reverse(found)
	return found
}

// part is a part of a list.
func part(all []*post, from, size int) []*post {
	from = min(max(from, 0), len(all))
	return all[from:min(from+size, len(all))]
}

func (s *Social) algolia(c *call) answer {
	since, _ := strconv.ParseInt(strings.TrimPrefix(c.get("numericFilters"), "created_at_i>"), 10, 64)
	size, page := c.number("hitsPerPage", 20), c.number("page", 0)
	found := slices.DeleteFunc(s.newest("hackernews", c.get("query")), func(p *post) bool { return p.at.Unix() <= since })
	hits := []any{}
	for _, p := range part(found, page*size, size) {
		hit := map[string]any{
			"objectID": p.id, "created_at": p.at.UTC().Format("2006-01-02T15:04:05.000Z"), "created_at_i": p.at.Unix(), "author": p.author,
			"title": nil, "url": nil, "points": nil, "story_text": nil, "comment_text": html.EscapeString(p.text), "_tags": []string{"comment"}, "story_title": p.on, "story_url": nil,
		}
		if p.title != "" {
			hit["title"], hit["points"], hit["story_text"], hit["comment_text"] = p.title, p.score, html.EscapeString(p.text), nil
			hit["_tags"] = []string{"story"}
		}
		hits = append(hits, hit)
	}
	return ok(map[string]any{"hits": hits, "nbHits": len(found), "page": page, "nbPages": (len(found) + size - 1) / size, "hitsPerPage": size})
}

func (s *Social) redditToken(c *call) answer {
	if _, secret, _ := c.BasicAuth(); s.Secret == "" || secret != s.Secret {
		return answer{status: http.StatusUnauthorized, body: map[string]any{"message": "Unauthorized", "error": 401}}
	}
	return ok(map[string]any{"access_token": "simulated-" + s.Secret, "token_type": "bearer", "expires_in": 86400, "scope": "*"})
}

func (s *Social) listing(c *call) answer {
	if s.Shut && c.Header.Get("Authorization") != "Bearer simulated-"+s.Secret {
		return answer{status: http.StatusForbidden, body: []byte("<!doctype html><title>Blocked</title>")}
	}
	found, size := s.newest("reddit", c.get("q")), c.number("limit", 25)
	from := 0
	if after := c.get("after"); after != "" {
		from = 1 + slices.IndexFunc(found, func(p *post) bool { return "t3_"+p.id == after })
	}
	children, after := []any{}, any(nil)
	shown := part(found, from, size)
	for _, p := range shown {
		children = append(children, map[string]any{"kind": "t3", "data": map[string]any{
			"name": "t3_" + p.id, "title": p.title, "selftext": p.text, "permalink": "/r/rust/comments/" + p.id + "/said/", "author": p.author,
			"score": p.score, "created_utc": float64(p.at.Unix()), "url": "https://www.reddit.com/r/rust/comments/" + p.id + "/said/", "subreddit": "rust",
		}})
	}
	if from+len(shown) < len(found) && len(shown) > 0 {
		after = "t3_" + shown[len(shown)-1].id
	}
	return ok(map[string]any{"kind": "Listing", "data": map[string]any{"after": after, "before": nil, "dist": len(children), "children": children}})
}

func (s *Social) statuses(posts []*post) []any {
	shown := []any{}
	for _, p := range posts {
		shown = append(shown, map[string]any{
			"id": p.id, "uri": "https://social.example/users/" + p.author + "/statuses/" + p.id, "url": "https://social.example/@" + p.author + "/" + p.id,
			"created_at": p.at.UTC().Format("2006-01-02T15:04:05.000Z"), "content": "<p>" + html.EscapeString(p.text) + "</p>",
			"visibility": cmp.Or(p.to, "public"), "favourites_count": p.score, "reblogs_count": 0, "account": map[string]any{"acct": p.author},
		})
	}
	return shown
}

func (s *Social) timeline(c *call) answer {
	found := s.newest("mastodon", c.vars["tag"])
	from := 0
	if last := c.get("max_id"); last != "" {
		from = 1 + slices.IndexFunc(found, func(p *post) bool { return p.id == last })
	}
	return ok(s.statuses(part(found, from, c.number("limit", 20))))
}

func (s *Social) search(c *call) answer {
	if c.Header.Get("Authorization") == "" {
		return answer{status: http.StatusUnauthorized, body: map[string]any{"error": "This method requires an authenticated user"}}
	}
	found := part(s.newest("mastodon", c.get("q")), c.number("offset", 0), c.number("limit", 20))
	return ok(map[string]any{"accounts": []any{}, "hashtags": []any{}, "statuses": s.statuses(found)})
}
