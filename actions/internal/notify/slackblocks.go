package notify

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/redact"
)

// slackBlocks lays a message out in Block Kit. Only the mention is ours to be
// parsed; all else is escaped and verbatim, so that nothing in it can mention,
// link or ping.
func slackBlocks(m change.Message) []slack.Block {
	blocks := []slack.Block{slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, cut(plainTitle(m.Title), maxTitle), false, false))}
	if note := m.RepeatNote(); note != "" {
		blocks = append(blocks, section("_"+note+"_"))
	}
	if mention := slackMention(m.Mention); mention != "" {
		blocks = append(blocks, slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, mention, false, false), nil, nil))
	}
	if m.Summary != "" {
		blocks = append(blocks, section(cut(escape(clean(m.Summary)), maxSection)))
	}
	var fields []*slack.TextBlockObject
	for _, f := range m.Facts[:min(len(m.Facts), maxFields)] {
		fields = append(fields, verbatim("*"+escape(f.Name)+"*\n"+cut(escape(clean(f.Value)), maxField)))
	}
	if len(fields) > 0 {
		blocks = append(blocks, slack.NewSectionBlock(nil, fields, nil))
	}
	if links := slackLinks(m); links != "" {
		blocks = append(blocks, slack.NewContextBlock("", verbatim(links)))
	}
	return blocks
}

func section(text string) slack.Block { return slack.NewSectionBlock(verbatim(text), nil, nil) }

func verbatim(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}

var (
	slackGroup  = regexp.MustCompile(`^S[A-Z0-9]{7,}$`)
	slackMember = regexp.MustCompile(`^[UW][A-Z0-9]{7,}$`)
)

// slackMention writes a mention of channel, here, a person (U… or W…) or a user
// group (S…). Slack notifies nobody of a handle: rules.yaml takes none.
func slackMention(who string) string {
	switch {
	case who == "":
		return ""
	case who == "channel" || who == "here" || who == "everyone":
		return "<!" + who + ">"
	case slackGroup.MatchString(who):
		return "<!subteam^" + who + ">"
	case slackMember.MatchString(who):
		return "<@" + who + ">"
	}
	return "@" + escape(who)
}

func slackLinks(m change.Message) string {
	var links []string
	if m.Link != "" {
		links = append(links, slackLink(m.Link, m.Leads()))
	}
	if m.Runbook != "" {
		links = append(links, slackLink(m.Runbook, "Runbook"))
	}
	return strings.Join(links, "  ·  ")
}

func slackLink(address, words string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return escape(clean(words))
	}
	return "<" + strings.NewReplacer("|", "%7C", ">", "%3E", "<", "%3C").Replace(u.String()) + "|" + words + ">"
}

// clean masks a plain text and takes out what does not print.
func clean(s string) string { return redact.Printing(s) }

var slackEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape is what Slack asks for in its markup: & < > as entities.
func escape(s string) string { return slackEscapes.Replace(s) }

// plainTitle needs no escapes, since a header is plain text; angle brackets that
// enclose something become quotation marks all the same, for clients that read it
// otherwise. A sign of comparison, with a space behind < or before >, stays.
func plainTitle(s string) string {
	runes := []rune(strings.ReplaceAll(clean(s), "\n", " "))
	for i, r := range runes {
		switch {
		case r == '<' && (i+1 == len(runes) || runes[i+1] != ' '):
			runes[i] = '‹'
		case r == '>' && (i == 0 || runes[i-1] != ' '):
			runes[i] = '›'
		}
	}
	return string(runes)
}

// cut shortens to at most n characters, at the end of a character and not
// within an entity.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)[:n-1]
	for i := len(runes) - 1; i >= 0 && i > len(runes)-7; i-- {
		if runes[i] == ';' {
			break
		}
		if runes[i] == '&' {
			runes = runes[:i]
			break
		}
	}
	return string(runes) + "…"
}
