package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// parcel is a message as it came to people: when, where, and its words.
type parcel struct {
	at    time.Time
	where string
	text  string
}

// parcels are all messages of the story, in the order in which they came.
func (s *stage) parcels() []parcel {
	var all []parcel
	for _, name := range s.channels {
		for _, m := range s.world.Slack.Messages(name) {
			where := "Slack " + name
			if m.Thread != "" {
				where += ", in a thread"
			}
			if m.By != "bot" {
				where += ", by " + m.By
			}
			all = append(all, parcel{m.At, where, strings.Join(words(m), "\n")})
		}
	}
	for _, l := range s.world.Mail.Messages() {
		all = append(all, parcel{l.At, "Mail to " + names(l.To), "Subject: " + l.Header("Subject") + "\n\n" + strings.TrimSpace(strings.ReplaceAll(l.Text("text/plain"), "\r\n", "\n"))})
	}
	slices.SortStableFunc(all, func(a, b parcel) int { return a.at.Compare(b.at) })
	return all
}

// transcript is all messages on one page of plain text.
func transcript(all []parcel) []byte {
	var b strings.Builder
	b.WriteString("Every message of the story, as it came.\n")
	for _, p := range all {
		fmt.Fprintf(&b, "\n── %s ── %s\n\n%s\n", p.at.Format("Mon 2 Jan 2006 15:04"), p.where, p.text)
	}
	return []byte(b.String())
}

// words are a message's lines as a reader of Slack sees them: its title, then
// its text, then its links.
func words(m fake.Message) []string {
	var blocks []struct {
		Text     struct{ Text string }
		Fields   []struct{ Text string }
		Elements []struct{ Text string }
	}
	if err := json.Unmarshal(m.Blocks, &blocks); err != nil || len(blocks) == 0 {
		return strings.Split(seen(m.Text), "\n")
	}
	var all []string
	add := func(text string) {
		if text != "" {
			all = append(all, strings.Split(seen(text), "\n")...)
		}
	}
	for _, b := range blocks {
		add(b.Text.Text)
		for _, f := range b.Fields {
			add(strings.Replace(f.Text, "*\n", "*  ", 1))
		}
		for _, e := range b.Elements {
			add(e.Text)
		}
	}
	return all
}

var (
	slackCall = regexp.MustCompile(`<!(\w+)>`)
	slackLink = regexp.MustCompile(`<https?://[^|>]+\|([^>]+)>`)
	slackBold = regexp.MustCompile(`(?m)^\*([^*\n]+)\*`)
)

// seen is Slack's markup without what only a machine reads.
func seen(text string) string {
	text = slackCall.ReplaceAllString(text, "@$1")
	text = slackLink.ReplaceAllString(text, "$1")
	return html.UnescapeString(slackBold.ReplaceAllString(text, "$1"))
}

// letter is the HTML of a mail as a page, its pictures within it.
func letter(l fake.Letter) []byte {
	page := l.Text("text/html")
	for _, p := range l.Parts {
		if p.Name == "" || !strings.HasPrefix(p.Type, "image/") {
			continue
		}
		name := strings.TrimSuffix(p.Name, path.Ext(p.Name))
		page = strings.ReplaceAll(page, `"cid:`+name+`"`, `"data:`+p.Type+";base64,"+base64.StdEncoding.EncodeToString(p.Body)+`"`)
	}
	return []byte(page)
}
