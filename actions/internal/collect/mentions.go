package collect

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aftercare/aftercare/actions/internal/answer"
	"github.com/aftercare/aftercare/actions/internal/budget"
	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/redact"
)

// Mention is something that was said elsewhere. Of its text the mood is kept;
// Line is its title or its beginning, masked, on one line of at most 120
// characters: for a message, and not to be kept.
type Mention struct {
	model.MentionRow
	Line  string
	Place string // where it was found: hackernews, reddit, mastodon, x, feeds or files
}

// Mentions searches public places for what is said of a project. A place whose
// query is empty is off.
type Mentions struct {
	Web        func() *web.Client // a polite reader, for each place its own
	Now, Since time.Time          // what is younger than Since is looked for
	Mood       func(text string) float64
	HackerNews HackerNews
	Reddit     Reddit
	Mastodon   Mastodon
	X          X
	Feeds      []Feed
	ParseFeed  func(src []byte) ([]FeedItem, error) // package feed's
	Name       string                               // of the project
	Before     []Mention                            // of earlier runs, of places that forget; what is found again takes their place
	Files      fs.FS
	Pattern    string            // CSV files that people fill by hand
	Note       func(text string) // tells how a file was read where that is not certain; nil is not told
	Key        string            // a secret that authors are hashed by; without one nothing is kept of them
	// MaxTime is how long the reading of one text may take; zero is ten seconds.
	MaxTime time.Duration
}

const (
	// maxLine is how much of a text a message may repeat, in characters.
	maxLine = 120
	// maxSaid is how much of a text is looked at, in bytes.
	maxSaid = 16 << 10
	// maxTextTime is how long the reading of one text may take.
	maxTextTime = 10 * time.Second
	// maxPlaceTime is how long one place may take.
	maxPlaceTime = 3 * time.Minute
	// maxPlaces is how many pages one place is asked for: what is behind them is
	// missed, and said so.
	maxPlaces = 20
)

// search is one place: what it answers, or why it is a gap.
type search struct {
	name string
	on   bool
	read func(ctx context.Context) (found []Mention, refused []string, err error)
	hint string
}

// Read searches all places at once. What does not answer is a gap of the source
// mentions, with the place as its table; what other places answered is returned
// all the same. Of one thing that two places tell the one from its own place
// stays. Sorted by source and id; an id stands once for each source. Refused are
// items that could not be read, each with its place.
func (m Mentions) Read(ctx context.Context) (found []Mention, gaps []model.Gap, refused []string) {
	places := []search{
		{"hackernews", m.HackerNews.Query != "", m.hackerNews, ""},
		{"reddit", m.Reddit.Query != "", m.reddit, "Reddit refuses many who do not say who they are: set REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET"},
		{"mastodon", m.Mastodon.Query != "", m.mastodon, "MASTODON_URL names the server, MASTODON_TOKEN lets it search"},
		{"x", m.X.Query != "", m.x, "set X_BEARER_TOKEN to the bearer token of an application that may use the recent search"},
		{"feeds", len(m.Feeds) > 0, m.feeds, ""},
		{"files", m.Pattern != "", m.byHand, ""},
	}
	type outcome struct {
		found   []Mention
		refused []string
		err     error
	}
	answers := make([]outcome, len(places))
	var all sync.WaitGroup
	for i, p := range places {
		if p.on {
			all.Go(func() {
				got, err := budget.Do(ctx, maxPlaceTime, func(ctx context.Context) (outcome, error) {
					found, refused, err := p.read(ctx)
					return outcome{found, refused, err}, nil
				})
				answers[i] = got
				if err != nil {
					answers[i].err = err
				}
			})
		}
	}
	all.Wait()
	for i, p := range places {
		a := answers[i]
		for _, why := range a.refused {
			refused = append(refused, p.name+": "+why)
		}
		for _, m := range a.found {
			m.Place = p.name
			found = append(found, m)
		}
		if a.err != nil {
			gaps = append(gaps, model.Gap{Source: "mentions", Table: p.name, Reason: a.err.Error(), Hint: p.hint})
		}
	}
	return once(append(found, m.Before...)), gaps, refused
}

// named adds the entries that an answer lacks to those that were refused, each
// once: pages may overlap.
func named(refused []string, lacks []answer.Lack) []string {
	for _, lack := range lacks {
		if text := lack.String(); !slices.Contains(refused, text) {
			refused = append(refused, text)
		}
	}
	return refused
}

// once keeps one of those that are the same by source and id, or by their
// address: the first, for the places go before the files.
func once(found []Mention) []Mention {
	ids, addresses := map[[2]string]bool{}, map[string]bool{}
	kept := slices.DeleteFunc(found, func(m Mention) bool {
		id, address := [2]string{m.Source, m.ID}, sameAddress(m.URL)
		twice := ids[id] || addresses[address] && address != ""
		ids[id], addresses[address] = true, true
		return twice
	})
	slices.SortFunc(kept, func(a, b Mention) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.ID, b.ID))
	})
	return kept
}

// sameHosts are the places that answer under several names.
var sameHosts = map[string]string{"twitter.com": "x.com", "mobile.twitter.com": "x.com", "mobile.x.com": "x.com", "old.reddit.com": "reddit.com", "new.reddit.com": "reddit.com", "np.reddit.com": "reddit.com", "m.reddit.com": "reddit.com"}

var (
	tweetPath  = lazyregexp.New(`/status(?:es)?/(\d+)`)
	redditPost = lazyregexp.New(`^(?:/(?:r|u|user)/[^/]+)?/comments/([a-z0-9]+)(?:/[^/]*(/[a-z0-9]+)?)?$`)
)

// sameAddress is an address without what does not make it another: its scheme,
// other names of its host, a slash at its end, its fragment, and what tells only
// where the reader came from.
func sameAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	if real := behindGoogle(u); real != "" {
		return sameAddress(real)
	}
	host, path, ask := strings.TrimPrefix(strings.ToLower(u.Host), "www."), strings.TrimSuffix(u.Path, "/"), u.Query()
	if same, known := sameHosts[host]; known {
		host = same
	}
	for key := range ask {
		if strings.HasPrefix(key, "utm_") || host == "x.com" || host == "reddit.com" {
			ask.Del(key)
		}
	}
	if said := tweetPath.FindStringSubmatch(path); said != nil && host == "x.com" {
		path = "/" + said[1]
	}
	if said := redditPost.FindStringSubmatch(path); said != nil && host == "reddit.com" {
		host, path = "redd.it", "/"+said[1]+said[2] // as Reddit writes it short
	}
	return host + path + "?" + ask.Encode()
}

// behindGoogle is the address to which one of Google's leads, as its alerts write
// them; "" where it is no such address.
func behindGoogle(u *url.URL) string {
	if host := strings.TrimPrefix(strings.ToLower(u.Host), "www."); !strings.HasPrefix(host, "google.") || u.Path != "/url" {
		return ""
	}
	real := cmp.Or(u.Query().Get("url"), u.Query().Get("q"))
	if !strings.HasPrefix(real, "http://") && !strings.HasPrefix(real, "https://") {
		return ""
	}
	return real
}

// item is a mention as a place tells it.
type item struct {
	source, id, author, address string
	at                          time.Time
	score                       int
	title, text                 string // plain text
}

// mention makes a fact of an item, or says why it is none. An item whose text takes
// too long to read is given up.
func (m Mentions) mention(ctx context.Context, i item) (Mention, string) {
	address, err := url.Parse(i.address)
	switch {
	case i.id == "" || len(i.id) > 200:
		return Mention{}, "an item has no id"
	case i.at.IsZero():
		return Mention{}, fmt.Sprintf("%s has no time", short(i.id))
	case i.at.After(m.Now.Add(24 * time.Hour)):
		return Mention{}, fmt.Sprintf("%s is of %s, which is to come", short(i.id), i.at.UTC().Format(time.DateOnly))
	case i.address != "" && (err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" || address.User != nil):
		return Mention{}, fmt.Sprintf("%s has no address of the web", short(i.id))
	}
	read, err := budget.Do(ctx, cmp.Or(m.MaxTime, maxTextTime), func(context.Context) (Mention, error) { return m.read(i), nil })
	if err != nil {
		return Mention{}, fmt.Sprintf("the text of %s is given up: %v", short(i.id), err)
	}
	row := model.MentionRow{Source: i.source, ID: clean(i.id), At: i.at.UTC().Truncate(time.Second), Author: m.hashed(i.source, i.author), Score: max(0, i.score)}
	if address != nil && i.address != "" {
		row.URL = address.String()
	}
	row.Sentiment = read.Sentiment
	return Mention{MentionRow: row, Line: read.Line}, ""
}

// read finds the sentiment of an item's text, and its line.
func (m Mentions) read(i item) Mention {
	said := i.title + "\n\n" + i.text
	if len(said) > maxSaid {
		said = strings.ToValidUTF8(said[:maxSaid], "")
	}
	read := Mention{Line: lineOf120(cmp.Or(strings.TrimSpace(i.title), i.text))}
	if m.Mood != nil && strings.TrimSpace(said) != "" {
		mood := m.Mood(said)
		read.Sentiment = &mood
	}
	return read
}

// hashed stands for an author: the same person of one place has the same, and
// nobody without the key can tell who it is. Without a key it is empty, for names
// are few enough to try them all.
func (m Mentions) hashed(source, author string) string {
	if author == "" || m.Key == "" {
		return ""
	}
	h := hmac.New(sha256.New, []byte(m.Key))
	h.Write([]byte("author\x00" + source + "\x00" + author))
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// clean takes out what no id has.
func clean(id string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, id)
}

// lineOf120 masks a text and cuts it to a line.
func lineOf120(text string) string {
	if len(text) > maxSaid {
		text = text[:maxSaid]
	}
	runes := []rune(strings.Join(strings.Fields(redact.Text(strings.ToValidUTF8(text, "\uFFFD"))), " "))
	if len(runes) > maxLine {
		return strings.TrimSpace(string(runes[:maxLine-1])) + "…"
	}
	return string(runes)
}

var (
	htmlBreak = lazyregexp.New(`(?i)<(?:br|/?p|/?li|/?div)\b[^>]*>`)
	htmlTag   = lazyregexp.New(`<[^<>]*>`)
)

// plainOf is the text of a little HTML, as these places write it.
func plainOf(markup string) string {
	if len(markup) > 4*maxSaid {
		markup = markup[:4*maxSaid]
	}
	markup = htmlBreak.ReplaceAllString(markup, "\n")
	return html.UnescapeString(htmlTag.ReplaceAllString(markup, " "))
}

// speaks reports whether a text has each word of a query as a word of its own, and
// what stands there in quotation marks in a row: the searches of these places are
// content with less. Scripts without spaces have no words of their own: there a
// word may stand within others.
func speaks(query string, texts ...string) bool {
	text := " " + inWords(strings.Join(texts, " ")) + " "
	for _, term := range terms(query) {
		if !strings.ContainsFunc(term, withoutSpaces) {
			term = " " + term + " "
		}
		if !strings.Contains(text, term) {
			return false
		}
	}
	return true
}

// inWords is a text in small letters, its words parted by single spaces.
func inWords(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), notOfWord), " ")
}

// terms are the words of a query; those in quotation marks are one term.
func terms(query string) []string {
	var all []string
	for i, part := range strings.Split(marks.Replace(query), `"`) {
		if i%2 == 0 {
			all = append(all, strings.Fields(inWords(part))...)
		} else if phrase := inWords(part); phrase != "" {
			all = append(all, phrase)
		}
	}
	return all
}

var marks = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`)

func withoutSpaces(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func notOfWord(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f && r != '’' && r != '“' && r != '”' && r != '–' && r != '—' && r != '…')
}
