package collect_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/collect/feed"
	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/fake"
)

// elsewhere is a world in which people talk in places with feeds, and on X.
func elsewhere(t testing.TB) (*fake.World, collect.Mentions) {
	w := fake.New(fake.Options{})
	t.Cleanup(w.Close)
	return w, collect.Mentions{
		Web: func() *web.Client {
			return &web.Client{HTTP: &http.Client{Timeout: 5 * time.Second}, Agent: "aftercare test", Sleep: w.Sleep}
		},
		Now: w.Now().Add(time.Hour), Since: w.Now().AddDate(0, 0, -30), ParseFeed: feed.Parse, Files: fstest.MapFS{}, Key: "k3y",
	}
}

func lines(found []collect.Mention) string {
	var all []string
	for _, m := range found {
		all = append(all, fmt.Sprintf("%s %s %d %s %s", m.Place, m.Source, m.Score, m.URL, m.Line))
	}
	return strings.Join(all, "\n")
}

func TestFeedsAndX(t *testing.T) {
	w, m := elsewhere(t)
	w.Social.Say("lobsters", "ann", "Caro, a <b>shell</b> helper", "<p>It is great</p>", 0)
	w.Social.Say("lobsters", "ben", "Another tool", "nothing of ours", 0)
	w.Social.Say("blog", "cho", "A week with it", "of dogfood", 0)
	for i := range 130 {
		w.Social.Say("x", "dee", "", fmt.Sprintf("caro cli %d", i), i)
	}
	w.Social.Say("x", "dee", "", "caro is expensive in Spanish", 5)
	m.X = collect.X{URL: w.Social.URL, Query: "caro cli", Token: fake.XToken}
	m.Feeds = []collect.Feed{{Name: "Lobsters", URL: w.Social.URL + "/feeds/lobsters", Query: "caro"}, {Name: "Blog", URL: w.Social.URL + "/feeds/blog"}}
	m.Pattern, m.Files = "said.csv", fstest.MapFS{"said.csv": {Data: []byte("source,at,url,text\nlobsters,2026-01-24,http://www.lobsters.example/t/46000000/,the same by hand\n")}}
	found, gaps, refused := m.Read(t.Context())
	if len(gaps)+len(refused) != 0 || len(found) != 132 {
		t.Fatalf("%d found, gaps %v, refused %q", len(found), gaps, refused)
	}
	if got, want := lines(found[:3]), `feeds blog 0 https://blog.example/t/46000002 A week with it
feeds lobsters 0 https://lobsters.example/t/46000000 Caro, a shell helper
x x 0 https://x.com/i/status/46000003 caro cli 0`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// What a place forgets stays from an earlier run, and counts once.
	m.Before = found
	w.Advance(8 * 24 * time.Hour)
	m.Now = w.Now()
	again, gaps, _ := m.Read(t.Context())
	if len(again) != 132 || len(gaps) != 0 {
		t.Errorf("%d found a week later, gaps %v", len(again), gaps)
	}
	m.X.Token = "wrong-token"
	_, gaps, _ = m.Read(t.Context())
	if len(gaps) != 1 || gaps[0].Table != "x" || strings.Contains(gaps[0].Reason, "wrong-token") || !strings.Contains(gaps[0].Hint, "X_BEARER_TOKEN") {
		t.Errorf("with a wrong token: %+v", gaps)
	}
	if u := w.Unknown(); len(u) > 0 {
		t.Error(u)
	}
}

// Google's alerts lead to their addresses through Google.
func TestFeeds_AlertsOfGoogle(t *testing.T) {
	w, m := elsewhere(t)
	const alert = `<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:google.com,2005:reader/user/1/state/com.google/alerts/2</id><title>Google Alert - caro</title>
<entry><id>tag:google.com,2013:googlealerts/feed:3</id><title type="html">&lt;b&gt;Caro&lt;/b&gt; reviewed</title><link href="https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://news.example/caro%3Fa%3D1&amp;ct=ga"/><published>2026-01-20T08:00:00Z</published><updated>2026-01-20T08:00:00Z</updated><content type="html">of the &lt;b&gt;caro&lt;/b&gt; tool&amp;nbsp;...</content></entry></feed>`
	server := serveFeed(t, alert)
	m.Feeds = []collect.Feed{{Name: "Google", URL: server}}
	m.Pattern, m.Files = "a.csv", fstest.MapFS{"a.csv": {Data: []byte("source,at,url,text\nnews,2026-01-20,https://news.example/caro?a=1&utm_source=x,the same by hand\n")}}
	found, gaps, refused := m.Read(t.Context())
	if got := lines(found); got != "feeds google 0 https://news.example/caro?a=1 Caro reviewed" || len(gaps)+len(refused) > 0 {
		t.Errorf("got %q, gaps %v, refused %q", got, gaps, refused)
	}
	_ = w
}

func serveFeed(t *testing.T, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, body) }))
	t.Cleanup(server.Close)
	return server.URL
}

// A feed that is dead, something else, empty or damaged is a gap that names it,
// and the others are read; an entry that cannot be is named.
func TestFeeds_WhatCannotBeBelieved(t *testing.T) {
	entry := func(link, at, title string) string {
		return fmt.Sprintf(`<item><guid>%s%s</guid><link>%s</link><title>%s</title><pubDate>%s</pubDate></item>`, link, title, link, title, at)
	}
	rss := func(items string) string {
		return `<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>` + items + `</channel></rss>`
	}
	good := entry("https://a.example/1", "Tue, 20 Jan 2026 08:00:00 GMT", "caro")
	for _, c := range []struct {
		name, body  string
		found       int
		gap, refuse string
	}{
		{"RSS", rss(good), 1, "", ""},
		{"HTML", "<!doctype html><p>Please sign in", 0, "the feed a: its answer is not a feed: <!doctype html><p>Please sign in", ""},
		{"JSON", `{"error":"no"}`, 0, `its answer is not a feed: {"error":"no"}`, ""},
		{"empty", "", 0, "its answer is not a feed: it is empty", ""},
		{"cut", rss(good)[:120], 0, "its answer is not a feed", ""},
		{"no entry", rss(""), 0, "", ""},
		{"no time", rss(good + entry("https://a.example/2", "", "caro")), 1, "", "has no time"},
		{"a time to come", rss(good + entry("https://a.example/2", "Tue, 20 Jan 2037 08:00:00 GMT", "caro")), 1, "", "which is to come"},
		{"a script for an address", rss(good + entry("javascript:alert(1)", "Tue, 20 Jan 2026 08:00:00 GMT", "caro")), 1, "", "has no address of the web"},
		{"an entity that grows", `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>` + rss(entry("https://a.example/1", "Tue, 20 Jan 2026 08:00:00 GMT", "&b;")), -1, "", ""},
		{"many", rss(strings.Repeat(good, 1) + strings.Repeat("<item><title>x</title></item>", 700)), 1, "", "are left out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, m := elsewhere(t)
			w.Social.Say("b", "ann", "caro", "", 0)
			m.Feeds = []collect.Feed{{Name: "a", URL: serveFeed(t, c.body)}, {Name: "b", URL: w.Social.URL + "/feeds/b"}}
			found, gaps, refused := m.Read(t.Context())
			reason := ""
			for _, g := range gaps {
				reason += g.Table + ": " + g.Reason
			}
			if c.found >= 0 && len(found) != c.found+1 || !strings.Contains(reason, c.gap) || (c.gap == "" && c.found >= 0) != (reason == "") && c.found >= 0 || !strings.Contains(strings.Join(refused, "\n"), c.refuse) {
				t.Errorf("%d found, gaps %v, refused %.300q", len(found), gaps, refused)
			}
			if !strings.Contains(lines(found), "feeds b 0") {
				t.Error("the other feed was not read")
			}
		})
	}
	w, m := elsewhere(t)
	m.Feeds = []collect.Feed{{Name: "dead", URL: "http://127.0.0.1:1/feed"}}
	if _, gaps, _ := m.Read(t.Context()); len(gaps) != 1 || !strings.Contains(gaps[0].Reason, "the feed dead: it does not answer") {
		t.Errorf("a dead feed: %v", gaps)
	}
	_ = w
}

func TestX_WhatCannotBeBelieved(t *testing.T) {
	post := `{"id":"1","text":"caro cli","author_id":"7","created_at":"2026-01-20T08:00:00.000Z","public_metrics":{"like_count":3,"retweet_count":1}}`
	for _, c := range []struct {
		name, body  string
		found       int
		gap, refuse string
	}{
		{"one", `{"data":[` + post + `],"meta":{"result_count":1}}`, 1, "", ""},
		{"none", `{"meta":{"result_count":0}}`, 0, "", ""},
		{"some are left out", `{"data":[` + post + `],"meta":{"result_count":2}}`, 0, "has 1 posts, and says that it has 2", ""},
		{"nothing", `{}`, 0, "meta is missing", ""},
		{"HTML", `<p>sorry`, 0, "invalid JSON: <p>sorry", ""},
		{"without its numbers", `{"data":[` + post + `,{"id":"2","text":"caro cli","created_at":"2026-01-20T08:00:00.000Z"}],"meta":{"result_count":2}}`, 1, "", "public_metrics is missing"},
		{"pages without end", `{"data":[` + post + `],"meta":{"result_count":1,"next_token":"x"}}`, 1, "more than 5 pages", ""},
	} {
		_, m := elsewhere(t)
		m.X = collect.X{URL: serveFeed(t, c.body), Query: "caro cli", Token: "t"}
		found, gaps, refused := m.Read(t.Context())
		reason := ""
		for _, g := range gaps {
			reason += g.Reason
		}
		if len(found) != c.found || !strings.Contains(reason, c.gap) || (c.gap == "") != (reason == "") || !strings.Contains(strings.Join(refused, "\n"), c.refuse) {
			t.Errorf("%s: %d found, gaps %v, refused %q", c.name, len(found), gaps, refused)
		}
	}
}

// A project whose name is one word of the query is found where people do not say
// the others: the story that a comment is on says them, or the project is shown.
func TestHackerNews_FindsANameAlone(t *testing.T) {
	w, m := elsewhere(t)
	m.HackerNews, m.Name = collect.HackerNews{URL: w.Social.URL, Query: "caro cli"}, "Caro"
	w.Social.Say("hackernews", "ann", "Show HN: Caro – shell commands from plain words", "", 9)
	w.Social.Say("hackernews", "ben", "Robert Caro on writing", "", 9)
	w.Social.Say("hackernews", "cho", "A CLI for gardens", "", 9)
	w.Social.Say("hackernews", "dee", "Caro, the CLI, is out", "", 9)
	w.Social.Answer("hackernews", "eve", "A CLI that writes shell commands", "I use caro for that")
	w.Social.Answer("hackernews", "fay", "Biographies", "Caro is the best")
	found, gaps, refused := m.Read(t.Context())
	want := `hackernews hackernews 9 https://news.ycombinator.com/item?id=46000000 Show HN: Caro – shell commands from plain words
hackernews hackernews 9 https://news.ycombinator.com/item?id=46000003 Caro, the CLI, is out
hackernews hackernews 0 https://news.ycombinator.com/item?id=46000004 I use caro for that`
	if got := lines(found); got != want || len(gaps)+len(refused) > 0 {
		t.Errorf("got\n%s\nwant\n%s\ngaps %v, refused %q", got, want, gaps, refused)
	}
	m.Name = "Gardens"
	if found, _, _ := m.Read(t.Context()); len(found) != 1 {
		t.Errorf("with another name: %s", lines(found))
	}
}
