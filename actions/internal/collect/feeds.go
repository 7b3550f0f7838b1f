package collect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Feed is an RSS or Atom feed: of an alert of Google, a community, a forum, a
// blog.
type Feed struct {
	Name  string // of the place, as pages show it
	URL   string
	Query string // words that an entry must have; empty: each entry is a mention
}

// FeedItem is an entry of a feed.
type FeedItem struct {
	ID, Link, Author string
	Title, Text      string // HTML
	At               time.Time
}

// maxFeedItems is how many entries of a feed are read, the first ones.
const maxFeedItems = 500

// feeds reads the feeds. Of those that cannot be read the error names each; the
// others are read.
func (m Mentions) feeds(ctx context.Context) (found []Mention, refused []string, err error) {
	var wrong []string
	for _, f := range m.Feeds {
		some, lacks, err := m.feed(ctx, f)
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("the feed %s: %v", f.Name, err))
		}
		found = append(found, some...)
		for _, lack := range lacks {
			refused = append(refused, f.Name+": "+lack)
		}
	}
	if len(wrong) > 0 {
		return found, refused, errors.New(strings.Join(wrong, "; "))
	}
	return found, refused, nil
}

func (m Mentions) feed(ctx context.Context, f Feed) (found []Mention, refused []string, err error) {
	accept := http.Header{"Accept": {"application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"}}
	src, err := m.Web().Body(ctx, f.URL, accept)
	if err != nil {
		return nil, nil, err
	}
	items, err := m.ParseFeed(src)
	if err != nil {
		return nil, nil, fmt.Errorf("its answer is not a feed: %w", err)
	}
	if len(items) > maxFeedItems {
		refused = append(refused, fmt.Sprintf("%d entries behind the first %d are left out", len(items)-maxFeedItems, maxFeedItems))
		items = items[:maxFeedItems]
	}
	for _, i := range items {
		title, text := strings.TrimSpace(plainOf(i.Title)), plainOf(i.Text)
		if !i.At.IsZero() && !i.At.After(m.Since) || f.Query != "" && !speaks(f.Query, title, text, i.Link) {
			continue
		}
		got, why := m.mention(ctx, item{source: f.source(), id: feedID(i), author: i.Author, address: direct(i.Link), at: i.At, title: title, text: text})
		if why != "" {
			refused = append(refused, why)
			continue
		}
		found = append(found, got)
	}
	return found, refused, nil
}

// source is the name of the place as mentions have it.
func (f Feed) source() string { return strings.ToLower(clean(f.Name)) }

// feedID is what an entry is known by: a long one by its hash.
func feedID(i FeedItem) string {
	id := i.ID
	if id == "" {
		id = i.Link
	}
	if len(id) > 200 {
		sum := sha256.Sum256([]byte(id))
		return hex.EncodeToString(sum[:])
	}
	return id
}

// direct is an address without what leads there by way of Google.
func direct(address string) string {
	if u, err := url.Parse(address); err == nil {
		if real := behindGoogle(u); real != "" {
			return real
		}
	}
	return address
}
