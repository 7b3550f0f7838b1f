package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

func (s *Slack) post(_ *call, in map[string]string) any {
	c := s.channel(in["channel"])
	if c == nil {
		return slackNo("channel_not_found")
	}
	m, wrong := s.message(c, in)
	if wrong != "" {
		return slackNo(wrong)
	}
	if a, over := s.tooFast(c); over {
		return a.with("Content-Type", "application/json; charset=utf-8")
	}
	m.by = "bot"
	c.add(s, m)
	return map[string]any{"ok": true, "channel": c.id, "ts": m.ts, "message": m.shape(true)}
}

// message reads what is to be said, and tells what is wrong with it.
func (s *Slack) message(c *channel, in map[string]string) (*slackMessage, string) {
	m := &slackMessage{text: in["text"], thread: in["thread_ts"]}
	if in["metadata"] != "" {
		m.metadata = json.RawMessage(in["metadata"])
	}
	if in["blocks"] != "" && in["blocks"] != "null" && in["blocks"] != "[]" {
		m.blocks = json.RawMessage(in["blocks"])
		if wrong := wrongBlocks(m.blocks); wrong != "" {
			return nil, wrong
		}
	}
	if m.metadata != nil {
		var meta struct {
			EventType    string         `json:"event_type"`
			EventPayload map[string]any `json:"event_payload"`
		}
		if json.Unmarshal(m.metadata, &meta) != nil || meta.EventType == "" || meta.EventPayload == nil {
			return nil, "invalid_metadata_format"
		}
	}
	switch {
	case m.text == "" && m.blocks == nil:
		return nil, "no_text"
	case len([]rune(m.text)) > 40000:
		return nil, "msg_too_long"
	case m.thread != "" && c.find(m.thread) == nil:
		return nil, "thread_not_found"
	}
	m.broadcast = m.thread != "" && (in["reply_broadcast"] == "true" || in["reply_broadcast"] == "1")
	return m, ""
}

// tooFast refuses the second message to a channel within a second.
func (s *Slack) tooFast(c *channel) (answer, bool) {
	now := s.world.Now()
	if !s.limited || c.last.IsZero() || now.Sub(c.last) >= time.Second {
		c.last = now
		return answer{}, false
	}
	s.world.askForSilence("slack", c.last.Add(time.Second))
	return answer{status: http.StatusTooManyRequests, body: slackNo("ratelimited")}.with("Retry-After", "1"), true
}

// add files a message under a timestamp that no other has.
func (c *channel) add(s *Slack, m *slackMessage) {
	s.sent++
	m.at = s.world.Now()
	m.ts = fmt.Sprintf("%d.%06d", m.at.Unix(), s.sent)
	c.messages = append(c.messages, m)
}

func (s *Slack) update(_ *call, in map[string]string) any {
	c := s.byID(in["channel"])
	if c == nil {
		return slackNo("channel_not_found")
	}
	old := c.find(in["ts"])
	if old == nil {
		return slackNo("message_not_found")
	}
	if old.by != "bot" {
		return slackNo("cant_update_message")
	}
	m, wrong := s.message(c, in)
	if wrong != "" {
		return slackNo(wrong)
	}
	old.text, old.blocks, old.edited = m.text, m.blocks, true
	if m.metadata != nil {
		old.metadata = m.metadata
	}
	return map[string]any{"ok": true, "channel": c.id, "ts": old.ts, "text": old.text, "message": old.shape(true)}
}

// webhook answers in plain text, as incoming webhooks do.
func (s *Slack) webhook(c *call) answer {
	say := func(status int, text string) answer {
		return answer{status: status, body: []byte(text)}.with("Content-Type", "text/html; charset=utf-8")
	}
	in, good := s.values(c)
	if !good {
		return say(http.StatusBadRequest, "invalid_payload")
	}
	to := s.channel(c.vars["channel"])
	if to == nil {
		return say(http.StatusNotFound, "no_service")
	}
	m, wrong := s.message(to, in)
	if wrong != "" {
		return say(http.StatusBadRequest, wrong)
	}
	if a, over := s.tooFast(to); over {
		return say(http.StatusTooManyRequests, "rate_limited").with("Retry-After", a.header.Get("Retry-After"))
	}
	m.by = "webhook"
	to.add(s, m)
	return say(http.StatusOK, "ok")
}

// block is the part of Block Kit that can be wrong in ways that matter.
type block struct {
	Type     string            `json:"type"`
	Text     *blockText        `json:"text"`
	Fields   []blockText       `json:"fields"`
	Elements []json.RawMessage `json:"elements"`
	AltText  string            `json:"alt_text"`
	ImageURL string            `json:"image_url"`
}

type blockText struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// maxInBlocks is how much text all blocks of a message may hold together.
const maxInBlocks = 13200

// wrongBlocks is Slack's word for what is wrong with the blocks, or empty.
func wrongBlocks(raw json.RawMessage) string {
	var raws []json.RawMessage
	if json.Unmarshal(raw, &raws) != nil {
		return "invalid_blocks_format"
	}
	if len(raws) > 50 {
		return "invalid_blocks"
	}
	total := 0
	for _, one := range raws {
		var b block
		if looseBlock(one, &b) != nil || !b.right() {
			return "invalid_blocks"
		}
		total += b.size()
	}
	if total > maxInBlocks {
		return "msg_blocks_too_long"
	}
	return ""
}

// looseBlock reads a block; a markdown block's text is a plain string.
func looseBlock(raw json.RawMessage, b *block) error {
	var markdown struct{ Type, Text string }
	if json.Unmarshal(raw, &markdown) == nil && markdown.Type == "markdown" {
		b.Type, b.Text = "markdown", &blockText{"markdown", markdown.Text}
		return nil
	}
	return json.Unmarshal(raw, b)
}

func (b block) size() int {
	n := 0
	if b.Text != nil {
		n += len([]rune(b.Text.Text))
	}
	for _, f := range b.Fields {
		n += len([]rune(f.Text))
	}
	for _, e := range b.Elements {
		n += len([]rune(string(e)))
	}
	return n
}

// fits reports whether a text is there, of a right kind and no longer than most.
func (t *blockText) fits(most int, kinds ...string) bool {
	return t != nil && t.Text != "" && len([]rune(t.Text)) <= most && slices.Contains(kinds, t.Type)
}

func (b block) right() bool {
	switch b.Type {
	case "divider":
		return true
	case "header":
		return b.Text.fits(150, "plain_text")
	case "section":
		return b.rightSection()
	case "markdown":
		return b.Text.fits(12000, "markdown")
	case "context":
		return len(b.Elements) > 0 && len(b.Elements) <= 10 && b.rightElements()
	case "actions":
		return len(b.Elements) > 0 && len(b.Elements) <= 25
	case "rich_text":
		return len(b.Elements) > 0
	case "image":
		return b.AltText != "" && b.ImageURL != ""
	}
	return false
}

func (b block) rightSection() bool {
	if b.Text == nil && len(b.Fields) == 0 || len(b.Fields) > 10 {
		return false
	}
	if b.Text != nil && !b.Text.fits(3000, "plain_text", "mrkdwn") {
		return false
	}
	for _, f := range b.Fields {
		if !f.fits(2000, "plain_text", "mrkdwn") {
			return false
		}
	}
	return true
}

func (b block) rightElements() bool {
	for _, raw := range b.Elements {
		var t blockText
		if json.Unmarshal(raw, &t) != nil {
			return false
		}
		if t.Type != "image" && !t.fits(3000, "plain_text", "mrkdwn") {
			return false
		}
	}
	return true
}

var calling = regexp.MustCompile(`<(?:!(channel|here|everyone|subteam\^[A-Z0-9]+)|@([A-Z0-9]+))(?:\|[^>]*)?>`)

// pings is whom the markup of a message calls. A plain text calls nobody, and
// text beside blocks is not shown.
func (m *slackMessage) pings() []string {
	var found []string
	for _, hit := range calling.FindAllStringSubmatch(m.markup(), -1) {
		if name := hit[1] + hit[2]; !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	return found
}

// markup is all text that Slack reads as its markup.
func (m *slackMessage) markup() string {
	if m.blocks == nil {
		return m.text
	}
	var b strings.Builder
	var walk func(value any)
	walk = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			if text, isText := v["text"].(string); isText && v["type"] == "mrkdwn" {
				b.WriteString(text + "\n")
				return
			}
			for _, one := range v {
				walk(one)
			}
		}
	}
	var all any
	if json.Unmarshal(m.blocks, &all) == nil {
		walk(all)
	}
	return b.String()
}
