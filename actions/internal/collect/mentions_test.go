package collect

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// spoken is a world in which people talk, and the search of it.
func spoken(t testing.TB) (*fake.World, Mentions) {
	w := fake.New(fake.Options{})
	t.Cleanup(w.Close)
	m := Mentions{
		Web: func() *web.Client {
			return &web.Client{HTTP: &http.Client{Timeout: 10 * time.Second}, Agent: "aftercare test", Sleep: w.Sleep, Pause: time.Second}
		},
		Now: w.Now().Add(time.Hour), Since: w.Now().AddDate(0, 0, -30), Mood: func(s string) float64 { return float64(strings.Count(s, "great") - strings.Count(s, "bad")) },
		HackerNews: HackerNews{URL: w.Social.URL, Query: "caro cli"},
		Reddit:     Reddit{URL: w.Social.URL, TokenURL: w.Social.URL + "/api/v1/access_token", Subreddits: []string{"rust", "cli"}, Query: "caro"},
		Mastodon:   Mastodon{URL: w.Social.URL, Query: "caro"},
		Files:      fstest.MapFS{}, Pattern: "", Key: "k3y",
	}
	return w, m
}

// said is what was found, in short.
func saidOf(found []Mention) string {
	var lines []string
	for _, m := range found {
		mood := "-"
		if m.Sentiment != nil {
			mood = fmt.Sprintf("%+.0f", *m.Sentiment)
		}
		lines = append(lines, fmt.Sprintf("%s %d %s %s", m.Source, m.Score, mood, m.Line))
	}
	return strings.Join(lines, "\n")
}

func TestMentionsOfAllPlaces(t *testing.T) {
	w, m := spoken(t)
	w.Social.Say("hackernews", "ann", "Show HN: Caro, a great CLI for shell commands", "", 512)
	w.Social.Say("hackernews", "ben", "", "I tried caro, the CLI is bad & slow", 0)
	w.Social.Say("hackernews", "cho", "The cargo CLI", "nothing of ours", 9) // the search is content with a part of it
	w.Social.Say("reddit", "dora", "Caro is great", "", 40)
	w.Social.Say("mastodon", "eve@other.example", "", "#caro is great, mail me at eve@example.org", 7)
	m.Files = fstest.MapFS{"said/by-hand.csv": {Data: []byte("source,url,at,score,text\nX,https://x.com/a/1,2026-01-24,12,Caro is great\n")}}
	m.Pattern = "said/*.csv"
	found, gaps, refused := m.Read(t.Context())
	want := "hackernews 512 +1 Show HN: Caro, a great CLI for shell commands\nhackernews 0 -1 I tried caro, the CLI is bad & slow\nmastodon 7 +1 #caro is great, mail me at [e-mail]\nreddit 40 +1 Caro is great\nx 12 +1 Caro is great"
	if got := saidOf(found); got != want || len(gaps) != 0 || len(refused) != 0 {
		t.Errorf("got\n%s\nwant\n%s\ngaps %v, refused %q", got, want, gaps, refused)
	}
	first := found[0]
	if first.URL != "https://news.ycombinator.com/item?id="+first.ID || first.Place != "hackernews" || len(first.Author) != 12 || strings.Contains(first.Author, "ann") || !first.At.Equal(w.Now()) {
		t.Errorf("the first is %+v", first.MentionRow)
	}
	for _, r := range w.Requests() {
		if r.Server == "social" && r.Status != 200 {
			t.Errorf("%+v", r)
		}
	}
}

func TestTheSameMentionCountsOnce(t *testing.T) {
	w, m := spoken(t)
	id := w.Social.Say("hackernews", "ann", "Caro, a CLI", "", 5)
	m.Files = fstest.MapFS{"a.csv": {Data: []byte("at;source;url\n2026-01-24;hn;http://news.ycombinator.com/item?id=" + id + "\n2026-01-24 10:00;forum;https://forum.example/t/1/\n2026-01-24;forum;https://www.forum.example/t/1\n")}}
	m.Pattern = "*.csv"
	found, gaps, refused := m.Read(t.Context())
	if len(found) != 2 || found[0].Source != "forum" || found[1].Source != "hackernews" || len(gaps)+len(refused) != 0 {
		t.Errorf("found %+v, gaps %v, refused %q", found, gaps, refused)
	}
	again, _, _ := m.Read(t.Context())
	if fmt.Sprint(again) == "" || saidOf(again) != saidOf(found) {
		t.Error("read again it differs")
	}
}

func TestManyMentionsComeInPages(t *testing.T) {
	w, m := spoken(t)
	m.Since = w.Now()
	for n := range 250 {
		w.Advance(time.Minute)
		for _, place := range []string{"hackernews", "reddit", "mastodon"} {
			w.Social.Say(place, "ann", fmt.Sprint("caro cli ", n), "caro cli", n)
		}
	}
	m.Now = w.Now()
	found, gaps, refused := m.Read(t.Context())
	if len(found) != 750 || len(gaps)+len(refused) != 0 {
		t.Errorf("%d found, gaps %v, refused %q", len(found), gaps, refused)
	}
	m.Since = w.Now().Add(-10 * time.Minute)
	if found, _, _ = m.Read(t.Context()); len(found) != 30 {
		t.Errorf("%d found of the last ten minutes", len(found))
	}
}

// What has more pages than anybody reads is a gap: a part never passes for whole.
func TestTooManyMentionsAreAGap(t *testing.T) {
	w, m := spoken(t)
	m.HackerNews.Query, m.Reddit.Query = "", ""
	for n := range 900 {
		w.Social.Say("mastodon", "ann", "", fmt.Sprint("caro ", n), 0)
	}
	found, gaps, _ := m.Read(t.Context())
	if len(found) != 800 || len(gaps) != 1 || !strings.Contains(gaps[0].Reason, "more than 20 pages") {
		t.Errorf("%d found, gaps %v", len(found), gaps)
	}
}

// Algolia shows the first thousand hits of a search, and says how many there are.
func TestHitsThatAreNotShownAreAGap(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"hits":[{"objectID":"1","created_at":"2026-01-24T08:00:00Z","title":"caro cli","points":1}],"nbPages":1,"nbHits":1800}`)
	}))
	defer server.Close()
	_, m := spoken(t)
	m.HackerNews.URL, m.Reddit.Query, m.Mastodon.Query = server.URL, "", ""
	if found, gaps, _ := m.Read(t.Context()); len(found) != 1 || len(gaps) != 1 || !strings.Contains(gaps[0].Reason, "1800 hits") {
		t.Errorf("%d found, gaps %v", len(found), gaps)
	}
}

func TestRedditWithAndWithoutAnApplication(t *testing.T) {
	w, m := spoken(t)
	m.HackerNews.Query, m.Mastodon.Query = "", ""
	w.Social.Say("reddit", "ann", "caro", "", 1)
	w.Social.Secret, w.Social.Shut = "s3cret", true
	if found, gaps, _ := m.Read(t.Context()); len(found) != 0 || len(gaps) != 1 || !strings.Contains(gaps[0].Reason, "403") || !strings.Contains(gaps[0].Hint, "REDDIT_CLIENT_ID") {
		t.Errorf("without: %d found, %v", len(found), gaps)
	}
	m.Reddit.ID, m.Reddit.Secret = "id", "wrong"
	if _, gaps, _ := m.Read(t.Context()); len(gaps) != 1 || !strings.Contains(gaps[0].Reason, "401") || strings.Contains(fmt.Sprint(gaps), "wrong") {
		t.Errorf("with a wrong secret: %v", gaps)
	}
	m.Reddit.Secret = "s3cret"
	if found, gaps, _ := m.Read(t.Context()); len(found) != 1 || len(gaps) != 0 {
		t.Errorf("with it: %d found, %v", len(found), gaps)
	}
}

func TestMastodonWithAToken(t *testing.T) {
	w, m := spoken(t)
	m.HackerNews.Query, m.Reddit.Query = "", ""
	m.Mastodon.Query, m.Mastodon.Token = "caro beta", "t0ken"
	w.Social.Say("mastodon", "ann", "", "the caro beta works", 1)
	w.Social.Say("mastodon", "ann", "", "some other beta", 1)
	if found, gaps, _ := m.Read(t.Context()); len(found) != 1 || len(gaps) != 0 {
		t.Errorf("%s, %v", saidOf(found), gaps)
	}
}

// A place that is dead, slow or lying is a gap with a sentence, and the others
// are read.
func TestPlacesThatFail(t *testing.T) {
	for _, do := range fake.Faults() {
		t.Run(do.String(), func(t *testing.T) {
			w, m := spoken(t)
			w.Social.Say("hackernews", "ann", "caro cli", "", 1)
			w.Social.Say("reddit", "ann", "caro", "", 1)
			w.Fail(fake.Fault{On: "social", Path: "/search_by_date", Do: do, RetryAfter: 1})
			found, gaps, _ := m.Read(t.Context())
			if do == fake.Slow {
				if len(found) != 2 || len(gaps) != 0 {
					t.Errorf("%s, %v", saidOf(found), gaps)
				}
				return
			}
			if saidOf(found) != "reddit 1 +0 caro" || len(gaps) != 1 || gaps[0].Table != "hackernews" || gaps[0].Source != "mentions" || len(gaps[0].Reason) < 20 {
				t.Errorf("%s, %v", saidOf(found), gaps)
			}
			w.Heal()
			w.Fail(fake.Fault{On: "social", Path: "/search_by_date", Nth: 1, Do: do, RetryAfter: 1})
			if found, gaps, _ = m.Read(t.Context()); len(found) < 1 {
				t.Errorf("once: %s, %v", saidOf(found), gaps)
			}
		})
	}
}

// Servers that answer with anything at all.
func TestPlacesThatLie(t *testing.T) {
	for name, body := range map[string]string{
		"another shape":  `{"hits": {"a": 1}}`,
		"no hits":        `{"nbPages": 1}`,
		"no pages":       `{"hits": []}`,
		"null":           `null`,
		"a list":         `[]`,
		"a huge number":  `{"hits":[{"objectID":"1","created_at":"2026-01-24T08:00:00Z","title":"caro cli","points":1e300}],"nbPages":1,"nbHits":1}`,
		"an object":      `{}`,
		"null lists":     `{"hits":null,"nbPages":1,"nbHits":0,"kind":"Listing","data":{"after":null,"children":null},"statuses":null}`,
		"no number":      `{"hits":[],"nbPages":0,"kind":"Listing","data":{"children":[]}}`,
		"below zero":     `{"hits":[],"nbPages":0,"nbHits":-1,"kind":"Listing","data":{"after":7,"children":[]}}`,
		"no listing":     `{"kind":"t3","data":null}`,
		"text":           `hello`,
		"nothing at all": ``,
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
			defer server.Close()
			_, m := spoken(t)
			m.HackerNews.URL, m.Reddit.URL, m.Mastodon.URL = server.URL, server.URL, server.URL
			found, gaps, _ := m.Read(t.Context())
			want := 3
			if body == "[]" {
				want = 2 // for Mastodon that is an answer
			}
			if len(found) != 0 || len(gaps) != want {
				t.Errorf("%d found, gaps %v", len(found), gaps)
			}
		})
	}
}

func TestItemsThatCannotBe(t *testing.T) {
	items := `{"nbPages":1,"nbHits":4,"hits":[
		{"objectID":"1","created_at":"2026-01-24T08:00:00Z","title":"caro cli","points":-5},
		{"objectID":"2","created_at":"2031-01-24T08:00:00Z","title":"caro cli","points":5},
		{"objectID":"","created_at":"2026-01-24T08:00:00Z","title":"caro cli","points":5},
		{"objectID":"4","created_at":"2026-01-24T08:00:00Z","title":"caro cli <!channel> \u202e ghp_abcdefghijklmnopqrstuvwxyz0123456789","author":"ann","points":5}]}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, items) }))
	defer server.Close()
	_, m := spoken(t)
	m.HackerNews.URL, m.Reddit.Query, m.Mastodon.Query = server.URL, "", ""
	found, gaps, refused := m.Read(t.Context())
	if len(found) != 1 || len(gaps) != 0 || len(refused) != 3 || strings.Contains(found[0].Line, "ghp_") {
		t.Errorf("%s, gaps %v, refused %q", saidOf(found), gaps, refused)
	}
	for _, bad := range []string{"javascript:alert(1)", "ftp://a/b", "https://user:pass@a/b", "//", "/r/../../x"} {
		if _, why := m.mention(t.Context(), item{source: "x", id: "1", at: m.Now, address: bad}); why == "" {
			t.Errorf("%q is taken for an address", bad)
		}
	}
}

func TestMentionsByHand(t *testing.T) {
	for _, c := range []struct{ name, file, found, refused, gap string }{
		{"nothing yet", "", "", "", ""},
		{"a header alone", "source,at\n", "", "", ""},
		{"columns in any order", "text;at;source;url\nbad;2026-01-23 14:05;X;https://x.com/1\n", "x 0 -1 bad", "", ""},
		{"an unknown column is not read", "source,at,when,id\nx,2026-01-24,now,1\n", "x 0 - ", "", ""},
		{"no time", "source,url\nx,https://x.com/1\n", "", "", "the column at is missing"},
		{"a line that says nothing", "source,at\nx,2026-01-24\n", "", "files: a.csv:2:1: expected an id, a url, an author or a text", ""},
		{"mail from friends", "source,at,author,text\nmail,2026-01-24,Bob,Caro is great\nmail,2026-01-24,Eve,Caro is great\nmail,2026-01-24,Bob,Caro is great\n", "mail 0 +1 Caro is great\nmail 0 +1 Caro is great", "", ""},
		{"columns without a name", "source,at,,id,,\nx,2026-01-24,a,1,,\n", "x 0 - ", "", ""},
		{"a score below zero", "source,at,id,score\nx,2026-01-24,1,-5\n", "x 0 - ", "", ""},
		{"a line with a time that is none", "source,at,id\nx,yesterday,1\ny,2026-01-24,2\n", "y 0 - ", `files: a.csv:2:2: at: "yesterday" is not a time`, ""},
		{"a score that is none", "source,at,id,score\nx,2026-01-24,1,many\n", "", `a.csv:2:4: score: "many" is not a number`, ""},
		{"long ago", "source,at,id\nx,2024-01-24,1\n", "", "", ""},
		{"quotes that do not end", "source,at,id\nx,2026-01-24,1\ny,2026-01-24,\"2\n", "x 0 - \ny 0 - ", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, m := spoken(t)
			m.HackerNews.Query, m.Reddit.Query, m.Mastodon.Query = "", "", ""
			m.Files, m.Pattern = fstest.MapFS{"a.csv": {Data: []byte(c.file)}}, "*.csv"
			found, gaps, refused := m.Read(t.Context())
			gap := ""
			if len(gaps) > 0 {
				gap = gaps[0].Reason
			}
			said := strings.Join(refused, "; ")
			if saidOf(found) != c.found || !strings.Contains(said, c.refused) || (c.refused == "") != (said == "") || !strings.Contains(gap, c.gap) || (c.gap == "") != (gap == "") {
				t.Errorf("found %q, refused %q, gap %q", saidOf(found), said, gap)
			}
		})
	}
	_, m := spoken(t)
	m.HackerNews.Query, m.Reddit.Query, m.Mastodon.Query, m.Pattern = "", "", "", "none/*.csv"
	if _, gaps, _ := m.Read(t.Context()); len(gaps) != 1 || !strings.Contains(gaps[0].Reason, "there is no file none/*.csv") {
		t.Errorf("without a file: %v", gaps)
	}
}

// One item that lacks what was asked for, or that cannot be, costs itself: it is
// named with its place, and the others are read.
func TestMentions_OneBadItemCostsItself(t *testing.T) {
	hit := `{"objectID":"~","created_at":"2026-01-24T08:00:00Z","title":"caro cli","author":"ann","points":5}`
	post := `{"kind":"t3","data":{"name":"t3_~","title":"caro","selftext":"","permalink":"/r/rust/comments/~/t/","url":"https://a.example/~","author":"ann","score":5,"created_utc":1769241600.0}}`
	toot := `{"id":"~","url":"https://m.example/@ann/~","uri":"https://m.example/ann/~","created_at":"2026-01-24T08:00:00Z","content":"caro","visibility":"public","favourites_count":5,"reblogs_count":0,"account":{"acct":"ann"}}`
	for _, c := range []struct{ place, from, to, want string }{
		{"hackernews", hit, "null", "hackernews: hits[1] is null"},
		{"hackernews", hit, "{}", "hits[1].objectID is missing"},
		{"hackernews", `"objectID":"b"`, `"objectID":""`, "hits[1].objectID must be an id"},
		{"hackernews", `"created_at":"2026-01-24T08:00:00Z",`, "", "hits[1] (b).created_at is missing"},
		{"hackernews", "2026-01-24", "9999-01-24", "hits[1] (b).created_at cannot be: 9999"},
		{"hackernews", "2026-01-24", "2026-02-24", "hits[1] (b).created_at cannot be: 2026-02-24"},
		{"hackernews", `,"points":5`, "", "hits[1] (b) lacks the points"},
		{"hackernews", `"points":5`, `"points":null`, "hits[1] (b) lacks the points"},
		{"hackernews", `"points":5`, `"points":-5`, "hits[1] (b).points must not be below zero"},
		{"hackernews", `"title":"caro cli",`, "", "hits[1] (b) lacks a title or a comment's text"},
		{"reddit", post, "null", "reddit: data.children[1] is null"},
		{"reddit", post, `{"kind":"t3"}`, "data.children[1].data is missing"},
		{"reddit", `,"score":5`, "", "data.children[1] (t3_b).data.score is missing"},
		{"reddit", `"score":5`, `"score":-5`, "data.children[1] (t3_b).data.score must not be below zero"},
		{"reddit", `"selftext":"",`, "", "data.selftext is missing"},
		{"reddit", `1769241600.0`, "0", "must have a time in created_utc"},
		{"reddit", `1769241600.0`, "253370764800", "must have a time in created_utc"},
		{"reddit", `1769241600.0`, "1895000000", "t3_b is of 2030"},
		{"mastodon", toot, "null", "mastodon: [1] is null"},
		{"mastodon", `"id":"b"`, `"id":""`, "[1].id must be an id"},
		{"mastodon", `"favourites_count":5`, `"favourites_count":-5`, "[1] (b).favourites_count must not be below zero"},
		{"mastodon", `"favourites_count":5,`, "", "[1] (b).favourites_count is missing"},
		{"mastodon", "2026-01-24", "9999-01-24", "[1] (b).created_at cannot be: 9999"},
		{"mastodon", "2026-01-24", "1970-01-24", "[1] (b).created_at cannot be: 1970"},
	} {
		t.Run(c.place+" "+c.want, func(t *testing.T) {
			form := map[string]string{"hackernews": hit, "reddit": post, "mastodon": toot}[c.place]
			item := func(id string) string { return strings.ReplaceAll(form, "~", id) }
			bad := strings.Replace(item("b"), strings.ReplaceAll(c.from, "~", "b"), c.to, 1)
			list := item("a") + "," + bad + "," + item("c")
			body := map[string]string{
				"hackernews": `{"hits":[` + list + `],"nbPages":1,"nbHits":3}`, "mastodon": "[" + list + "]",
				"reddit": `{"kind":"Listing","data":{"after":null,"children":[` + list + `]}}`,
			}[c.place]
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
			defer server.Close()
			_, m := spoken(t)
			m.HackerNews.URL, m.Reddit.URL, m.Mastodon.URL = server.URL, server.URL, server.URL
			if c.place != "hackernews" {
				m.HackerNews.Query = ""
			}
			if c.place != "reddit" {
				m.Reddit.Query = ""
			}
			if c.place != "mastodon" {
				m.Mastodon.Query = ""
			}
			found, gaps, refused := m.Read(t.Context())
			if len(found) != 2 || found[0].Score != 5 || found[1].Score != 5 || len(gaps) != 0 {
				t.Errorf("found %q, gaps %v", saidOf(found), gaps)
			}
			if len(refused) != 1 || !strings.Contains(refused[0], c.want) {
				t.Errorf("refused %q, want %q", refused, c.want)
			}
		})
	}
}

// A post that cannot be read does not end the search: a page that it was on
// is a whole page.
func TestMastodon_BadPostsDoNotEndThePages(t *testing.T) {
	w, m := spoken(t)
	m.HackerNews.Query, m.Reddit.Query = "", ""
	for n := range 60 {
		w.Advance(time.Minute)
		w.Social.Say("mastodon", "ann", "", fmt.Sprint("caro ", n), n)
	}
	m.Now = w.Now()
	client := m.Web
	m.Web = func() *web.Client {
		all := client()
		all.HTTP = through("/timelines/tag/caro", func(body []byte) []byte {
			return []byte(strings.Replace(string(body), `"favourites_count":50`, `"favourites_count":null`, 1))
		})
		return all
	}
	if found, gaps, refused := m.Read(t.Context()); len(found) != 59 || len(gaps) != 0 || len(refused) != 1 {
		t.Errorf("%d found, gaps %v, refused %q", len(found), gaps, refused)
	}
}

// One thing has many addresses.
func TestSameAddress(t *testing.T) {
	for _, same := range [][]string{
		{"https://x.com/a/status/1?s=20", "https://twitter.com/a/status/1", "http://mobile.twitter.com/b/status/1/", "https://x.com/i/web/status/1#m"},
		{"https://www.reddit.com/r/rust/comments/abc/t/", "https://np.reddit.com/r/rust/comments/abc/t", "https://old.reddit.com/r/rust/comments/abc/?share_id=x", "https://reddit.com/comments/abc", "https://redd.it/abc"},
		{"https://www.reddit.com/r/rust/comments/abc/t/def/", "https://old.reddit.com/r/rust/comments/abc/t/def"},
		{"https://forum.example/t/1", "http://www.forum.example/t/1/?utm_source=share#top"},
		{"https://forum.example/t?id=1"}, {"https://forum.example/t?id=2"}, {"https://x.com/a/status/2"}, {"https://www.reddit.com/r/rust"}, {"https://www.reddit.com/r/cli"},
	} {
		for _, address := range same {
			if got := sameAddress(address); got != sameAddress(same[0]) {
				t.Errorf("%s is %s", address, got)
			}
		}
	}
	all := map[string]string{}
	for _, address := range []string{"https://x.com/a/status/1", "https://x.com/a/status/2", "https://redd.it/abc", "https://reddit.com/r/x/comments/abc/t/def", "https://reddit.com/r/rust", "https://reddit.com/r/cli", "https://forum.example/t?id=1", "https://forum.example/t?id=2"} {
		if other, twice := all[sameAddress(address)]; twice {
			t.Errorf("%s passes for %s", address, other)
		}
		all[sameAddress(address)] = address
	}
}

func TestSpeaks(t *testing.T) {
	for _, c := range []struct {
		query, text string
		want        bool
	}{
		{"caro cli", "the CLI, called Caro!", true}, {"caro cli", "carousel cli", false}, {"caro", "https://github.com/x/caro-cli", true}, {"caro cli", "Caro’s cli", true},
		{`"caro cli"`, "I like Caro: CLI and all", true}, {`"caro cli"`, "the cli of caro", false}, {`rust “caro cli”`, "caro cli in rust", true}, {`rust "caro cli"`, "caro cli", false},
		{"カロ", "カロは最高", true}, {"カロ cli", "「カロ」のCLI", false}, {"カロ", "最高", false}, {"命令行", "好用的命令行工具", true}, {"카로", "카로를 씁니다", true},
	} {
		if got := speaks(c.query, c.text); got != c.want {
			t.Errorf("%q of %q: %v", c.query, c.text, got)
		}
	}
}

// What was not said to all is nobody's business.
func TestPrivatePostsAreLeftAlone(t *testing.T) {
	for _, token := range []string{"", "t0ken"} {
		w, m := spoken(t)
		m.HackerNews.Query, m.Reddit.Query, m.Mastodon.Token = "", "", token
		for n, to := range []string{"", "public", "unlisted", "private", "direct", "something new"} {
			w.Social.Show(w.Social.Say("mastodon", "ann", "", fmt.Sprint("caro ", to), n), to)
		}
		found, gaps, refused := m.Read(t.Context())
		if got := saidOf(found); got != "mastodon 0 +0 caro\nmastodon 1 +0 caro public\nmastodon 2 +0 caro unlisted" || len(gaps)+len(refused) != 0 {
			t.Errorf("got\n%s\ngaps %v, refused %q", got, gaps, refused)
		}
	}
	// A server may not say whom a post is for: on a public timeline it is for all.
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		posts := `[{"id":"1","uri":"https://m/1","url":"https://m/@a/1","created_at":"2026-01-24T08:00:00Z","content":"caro","favourites_count":0,"reblogs_count":0,"account":{"acct":"a"}}]`
		if r.URL.Path == "/api/v2/search" {
			posts = `{"statuses":` + posts + `}`
		}
		fmt.Fprint(w, posts)
	}))
	defer server.Close()
	for token, want := range map[string]int{"": 1, "t0ken": 0} {
		_, m := spoken(t)
		m.HackerNews.Query, m.Reddit.Query, m.Mastodon.URL, m.Mastodon.Token = "", "", server.URL, token
		if found, _, _ := m.Read(t.Context()); len(found) != want {
			t.Errorf("with the token %q: %s", token, saidOf(found))
		}
	}
}

// Nothing is kept of an author that can be tried out, and without a key nothing.
func TestAuthorsAreHidden(t *testing.T) {
	one, same, other, none := Mentions{Key: "a"}.hashed("reddit", "ann"), Mentions{Key: "a"}.hashed("reddit", "ann"), Mentions{Key: "b"}.hashed("reddit", "ann"), Mentions{}.hashed("reddit", "ann")
	if one != same || one == other || len(one) != 12 || none != "" || (Mentions{Key: "a"}).hashed("x", "ann") == one || (Mentions{Key: "a"}).hashed("reddit", "") != "" {
		t.Errorf("%q, %q, %q, %q", one, same, other, none)
	}
}

// What was recorded of the real places is read.
func TestRecordedMentions(t *testing.T) {
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = "../../../../shared/data"
	}
	answers := map[string][]byte{}
	for path, name := range map[string]string{"/api/v1/search_by_date": "hackernews-search.json", "/search.json": "reddit-search.json"} {
		src, err := os.ReadFile(folder + "/social/" + name)
		if err != nil {
			t.Skip("no recorded answers here: AFTERCARE_DATA names the folder that holds them")
		}
		answers[path] = src
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(answers[r.URL.Path]) }))
	defer server.Close()
	_, m := spoken(t)
	m.Since = time.Time{}
	m.HackerNews, m.Reddit, m.Mastodon = HackerNews{URL: server.URL, Query: "ssh everything"}, Reddit{URL: server.URL, Query: "ssh"}, Mastodon{}
	found, gaps, refused := m.Read(t.Context())
	if len(gaps) != 0 || len(refused) != 0 || len(found) != 8 {
		t.Fatalf("%d found, gaps %v, refused %q", len(found), gaps, refused)
	}
	best := model.MentionRow{}
	for _, f := range found {
		if f.Score > best.Score {
			best = f.MentionRow
		}
	}
	if best.Source != "reddit" || best.Score != 880 || best.ID != "t3_2r539r" || best.URL != "https://www.reddit.com/r/linux/comments/2r539r/why_arent_we_using_ssh_for_everything/" {
		t.Errorf("the best is %+v", best)
	}
}

func FuzzMentionsByHand(f *testing.F) {
	f.Add([]byte("source,at,id,url,score,text\nx,2026-01-24,1,https://x.com/1,3,great\n"))
	f.Add([]byte("\xff\xfes\x00o\x00"))
	_, m := spoken(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		m.Files, m.Pattern = fstest.MapFS{"a.csv": {Data: src}}, "*.csv"
		found, _, err := m.byHand(context.Background())
		if err != nil && len(err.Error()) > 2000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
		for _, one := range found {
			if one.ID == "" || one.At.IsZero() || !utf8.ValidString(one.Line) || utf8.RuneCountInString(one.Line) > maxLine || strings.ContainsAny(one.Line, "\r\n") {
				t.Errorf("%+v", one)
			}
		}
	})
}

// A text that takes too long to read costs itself: it is named and counted among
// the refused, and the others of its place are kept.
func TestMentions_ATextThatTakesTooLongIsGivenUp(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	w, m := spoken(t)
	m.MaxTime = 50 * time.Millisecond
	m.Mood = func(text string) float64 {
		if strings.Contains(text, "slow") {
			<-hang
		}
		return 0
	}
	for _, place := range []string{"hackernews", "reddit", "mastodon"} {
		w.Social.Say(place, "ann", "slow caro cli", "caro slow", 5)
		w.Social.Say(place, "ann", "quick caro cli", "caro quick", 5)
	}
	m.Files, m.Pattern = fstest.MapFS{"a.csv": {Data: []byte("source,id,at,text\nforum,1,2026-01-24,slow\nforum,2,2026-01-24,quick\n")}}, "*.csv"
	found, gaps, refused := m.Read(t.Context())
	if len(found) != 4 || strings.Contains(saidOf(found), "slow") || len(gaps) != 0 {
		t.Errorf("found\n%s\ngaps %v", saidOf(found), gaps)
	}
	if len(refused) != 4 || strings.Count(strings.Join(refused, "\n"), "is given up: it took longer than 50ms") != 4 {
		t.Errorf("refused %q", refused)
	}
}
