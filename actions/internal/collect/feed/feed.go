// Package feed reads RSS and Atom feeds. It is apart from package collect, so that
// programs that read no feed do not link their parser.
package feed

import (
	"bytes"
	"errors"
	"strings"

	"github.com/mmcdole/gofeed"

	"github.com/aftercare/aftercare/actions/internal/collect"
)

// Parse reads a feed of any version of RSS or Atom, or a JSON feed. An entry
// without a time has the zero time.
func Parse(src []byte) ([]collect.FeedItem, error) {
	told, err := gofeed.NewParser().Parse(bytes.NewReader(src))
	if err != nil || told.FeedType == "json" && told.FeedVersion == "" { // any object passes for a JSON feed
		return nil, errors.New(beginning(src))
	}
	var items []collect.FeedItem
	for _, i := range told.Items {
		if i == nil {
			continue
		}
		item := collect.FeedItem{ID: i.GUID, Link: i.Link, Title: i.Title, Text: i.Content}
		if item.Text == "" {
			item.Text = i.Description
		}
		if len(i.Authors) > 0 && i.Authors[0] != nil {
			item.Author = i.Authors[0].Name
		}
		switch {
		case i.PublishedParsed != nil:
			item.At = i.PublishedParsed.UTC()
		case i.UpdatedParsed != nil:
			item.At = i.UpdatedParsed.UTC()
		}
		items = append(items, item)
	}
	return items, nil
}

// beginning is the first words of what is no feed.
func beginning(src []byte) string {
	const most = 60
	text := strings.Join(strings.Fields(strings.ToValidUTF8(string(src[:min(len(src), 4*most)]), "?")), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	if text == "" {
		return "it is empty"
	}
	return text
}
