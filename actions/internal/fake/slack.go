package fake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Slack is the simulated Slack: channels by name, messages with threads and
// metadata, a bot and incoming webhooks. A channel exists from its first use,
// unless Channels fixed the list.
type Slack struct {
	// URL is the root of the API, as in SLACK_API_URL, with the slash at its end
	// that slack-go wants.
	URL string

	*server
	token    string
	fixed    bool
	channels []*channel
	sent     int
	limited  bool
	scopes   []string // of the bot; nil is every scope
	people   []slackPerson
	groups   []slackGroup
}

// SlackToken is the bot's token until SetToken says otherwise.
const SlackToken = "xoxb-simulated"

type channel struct {
	id, name string
	messages []*slackMessage
	last     time.Time
}

type slackMessage struct {
	ts        string
	text      string
	blocks    json.RawMessage
	metadata  json.RawMessage
	thread    string
	broadcast bool
	edited    bool
	by        string // bot, webhook, or a person
	at        time.Time
	reactions map[string][]string // people by the reaction's name
}

// Message is a message in a channel, as people see it.
type Message struct {
	TS        string // its id in the channel
	Text      string
	Blocks    json.RawMessage // as they were sent; nil if none
	Metadata  json.RawMessage
	Thread    string // TS of the message that it answers; empty if none
	Broadcast bool   // a thread's answer shown in the channel too
	Edited    bool
	By        string   // bot, webhook, or a person
	Pings     []string // whom its markup calls: channel, here, everyone, a user, a group
	At        time.Time
}

func newSlack(w *World) *Slack {
	s := &Slack{server: w.serve("slack"), token: SlackToken}
	s.URL = s.server.url + "/api/"
	s.server.refuse = func(status int, message string) answer {
		if status == http.StatusTooManyRequests || status == http.StatusForbidden {
			return answer{status: http.StatusTooManyRequests, body: slackNo("ratelimited")}
		}
		return answer{status: status, body: slackNo("unknown_method: " + message)}
	}
	for _, method := range []string{"GET", "POST"} {
		s.handle(method+" /api/auth.test", "", s.bot(s.authTest), slackQuery...)
		s.handle(method+" /api/conversations.list", "", s.scoped("channels:read", s.listChannels), slackQuery...)
		s.handle(method+" /api/conversations.history", "", s.scoped("channels:history", s.history), slackQuery...)
		s.handle(method+" /api/conversations.replies", "", s.scoped("channels:history", s.replies), slackQuery...)
		s.handle(method+" /api/users.info", "", s.scoped("users:read", s.userInfo), slackQuery...)
		s.handle(method+" /api/users.list", "", s.scoped("users:read", s.listUsers), slackQuery...)
		s.handle(method+" /api/usergroups.list", "", s.scoped("usergroups:read", s.listGroups), slackQuery...)
		s.handle(method+" /api/chat.getPermalink", "", s.bot(s.permalink), slackQuery...)
	}
	s.handle("POST /api/chat.postMessage", "", s.scoped("chat:write", s.post))
	s.handle("POST /api/chat.update", "", s.scoped("chat:write", s.update))
	s.handle("POST /services/{team}/{app}/{channel}", "", s.webhook)
	return s
}

// slackQuery is what the reading methods take in the address or the body.
var slackQuery = []string{
	"token", "channel", "cursor", "limit", "types", "exclude_archived", "oldest", "latest", "inclusive", "include_all_metadata", "ts",
	"message_ts", "team_id", "user", "include_locale", "include_count", "include_disabled", "include_users",
}

var slackFields = append([]string{
	"text", "blocks", "metadata", "thread_ts", "reply_broadcast", "unfurl_links", "unfurl_media", "mrkdwn", "as_user", "username",
	"icon_emoji", "icon_url", "parse", "link_names", "attachments", "replace_original", "delete_original", "response_type",
}, slackQuery...)

// SetToken gives the bot another token; the old one is not valid any more.
func (s *Slack) SetToken(token string) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	s.token = token
}

// Channels adds channels to those that there are: any other is not found.
func (s *Slack) Channels(names ...string) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	s.fixed = false
	for _, name := range names {
		s.channel(name)
	}
	s.fixed = true
}

// Limit lets a channel take one message a second, as Slack does.
func (s *Slack) Limit() {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	s.limited = true
}

// WebhookURL is the address of the incoming webhook of a channel: a secret.
func (s *Slack) WebhookURL(channel string) string {
	return s.server.url + "/services/T0000/B0000/" + url.PathEscape(strings.TrimPrefix(channel, "#"))
}

// Messages is what stands in a channel, the oldest first, with or without the #.
func (s *Slack) Messages(name string) []Message {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	var all []Message
	for _, c := range s.channels {
		if c.name != strings.TrimPrefix(name, "#") {
			continue
		}
		for _, m := range c.messages {
			all = append(all, Message{
				TS: m.ts, Text: m.text, Blocks: m.blocks, Metadata: m.metadata, Thread: m.thread, Broadcast: m.broadcast, Edited: m.edited,
				By: m.by, Pings: m.pings(), At: m.at,
			})
		}
	}
	return all
}

// channel finds one by its name or id, or makes it where the list is not fixed.
func (s *Slack) channel(name string) *channel {
	name = strings.TrimPrefix(name, "#")
	if c := s.byID(name); c != nil {
		return c
	}
	for _, c := range s.channels {
		if c.name == name {
			return c
		}
	}
	if s.fixed || name == "" {
		return nil
	}
	c := &channel{id: fmt.Sprintf("C%09d", len(s.channels)+1), name: name}
	s.channels = append(s.channels, c)
	return c
}

func (s *Slack) byID(id string) *channel {
	for _, c := range s.channels {
		if c.id == id {
			return c
		}
	}
	return nil
}

func slackNo(reason string) map[string]any { return map[string]any{"ok": false, "error": reason} }

// values is what a method was given, in whichever of the ways that Slack takes.
func (s *Slack) values(c *call) (map[string]string, bool) {
	given := map[string]string{}
	keep := func(values url.Values) {
		for name := range values {
			given[name] = values.Get(name)
		}
	}
	keep(c.URL.Query())
	if strings.HasPrefix(c.Header.Get("Content-Type"), "application/json") {
		var fields map[string]json.RawMessage
		if json.Unmarshal(c.body, &fields) != nil {
			return nil, false
		}
		for name, raw := range fields {
			given[name] = unquote(raw)
		}
	} else if form, err := url.ParseQuery(string(c.body)); err == nil {
		keep(form)
	}
	for name := range given {
		if !slices.Contains(slackFields, name) {
			s.world.noteUnknown(fmt.Sprintf("slack: %s: no such field: %s", c.URL.Path, name))
			return nil, false
		}
	}
	return given, true
}

func unquote(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// bot lets only the bot in.
func (s *Slack) bot(run func(c *call, in map[string]string) any) func(*call) answer {
	return func(c *call) answer {
		in, good := s.values(c)
		if !good {
			return ok(slackNo("invalid_arguments"))
		}
		token := in["token"]
		if token == "" {
			token = bearer(c.Request)
		}
		switch token {
		case "":
			return ok(slackNo("not_authed"))
		case s.token:
		default:
			return ok(slackNo("invalid_auth"))
		}
		said := run(c, in)
		if a, whole := said.(answer); whole {
			return a
		}
		return ok(said)
	}
}

func (s *Slack) authTest(*call, map[string]string) any {
	a := ok(map[string]any{"ok": true, "url": "https://simulated.slack.com/", "team": "Simulated", "user": "aftercare", "team_id": "T0000", "user_id": "U0000", "bot_id": "B0000"})
	if s.scopes != nil {
		a = a.with("X-OAuth-Scopes", strings.Join(s.scopes, ","))
	}
	return a
}

func (s *Slack) listChannels(_ *call, in map[string]string) any {
	from, _ := strconv.Atoi(in["cursor"])
	limit, _ := strconv.Atoi(in["limit"])
	if limit <= 0 || limit > 1000 {
		limit = 100
	}
	until := min(from+limit, len(s.channels))
	list := []any{}
	for _, c := range s.channels[min(from, until):until] {
		list = append(list, map[string]any{"id": c.id, "name": c.name, "name_normalized": c.name, "is_channel": true, "is_member": true, "is_archived": false})
	}
	next := ""
	if until < len(s.channels) {
		next = strconv.Itoa(until)
	}
	return map[string]any{"ok": true, "channels": list, "response_metadata": map[string]any{"next_cursor": next}}
}

func (s *Slack) permalink(_ *call, in map[string]string) any {
	c := s.byID(in["channel"])
	if c == nil || c.find(in["message_ts"]) == nil {
		return slackNo("message_not_found")
	}
	link := "https://simulated.slack.com/archives/" + c.id + "/p" + strings.Replace(in["message_ts"], ".", "", 1)
	return map[string]any{"ok": true, "channel": c.id, "permalink": link}
}

func (c *channel) find(ts string) *slackMessage {
	for _, m := range c.messages {
		if m.ts == ts {
			return m
		}
	}
	return nil
}

// history is what the channel shows: answers in threads only where they were
// broadcast; the newest first.
func (s *Slack) history(_ *call, in map[string]string) any {
	c := s.byID(in["channel"])
	if c == nil {
		return slackNo("channel_not_found")
	}
	var shown []*slackMessage
	for _, m := range slices.Backward(c.messages) {
		if (m.thread == "" || m.broadcast) && m.between(in) {
			shown = append(shown, m)
		}
	}
	return someMessages(shown, in)
}

// replies is a message and the answers in its thread, the oldest first.
func (s *Slack) replies(_ *call, in map[string]string) any {
	c := s.byID(in["channel"])
	if c == nil {
		return slackNo("channel_not_found")
	}
	var shown []*slackMessage
	for _, m := range c.messages {
		if (m.ts == in["ts"] || m.thread == in["ts"]) && m.between(in) {
			shown = append(shown, m)
		}
	}
	if len(shown) == 0 {
		return slackNo("thread_not_found")
	}
	return someMessages(shown, in)
}

// between holds a message against oldest and latest, which are exclusive unless
// inclusive is set.
func (m *slackMessage) between(in map[string]string) bool {
	inclusive := in["inclusive"] == "true" || in["inclusive"] == "1"
	at, _ := strconv.ParseFloat(m.ts, 64)
	if oldest, err := strconv.ParseFloat(in["oldest"], 64); err == nil && (at < oldest || at == oldest && !inclusive) {
		return false
	}
	if latest, err := strconv.ParseFloat(in["latest"], 64); err == nil && latest > 0 && (at > latest || at == latest && !inclusive) {
		return false
	}
	return true
}

func someMessages(shown []*slackMessage, in map[string]string) any {
	from, _ := strconv.Atoi(in["cursor"])
	limit, _ := strconv.Atoi(in["limit"])
	if limit <= 0 || limit > 999 {
		limit = 100
	}
	until := min(from+limit, len(shown))
	all := in["include_all_metadata"] == "true" || in["include_all_metadata"] == "1"
	list := []any{}
	for _, m := range shown[min(from, until):until] {
		list = append(list, m.shape(all))
	}
	said := map[string]any{"ok": true, "messages": list, "has_more": until < len(shown)}
	if until < len(shown) {
		said["response_metadata"] = map[string]any{"next_cursor": strconv.Itoa(until)}
	}
	return said
}

func (m *slackMessage) shape(withMetadata bool) map[string]any {
	s := map[string]any{"type": "message", "text": m.text, "ts": m.ts, "bot_id": "B0000"}
	if m.by != "bot" && m.by != "webhook" {
		delete(s, "bot_id")
		s["user"] = m.by
	}
	var reactions []any
	for _, name := range slices.Sorted(maps.Keys(m.reactions)) {
		reactions = append(reactions, map[string]any{"name": name, "users": m.reactions[name], "count": len(m.reactions[name])})
	}
	if reactions != nil {
		s["reactions"] = reactions
	}
	if m.blocks != nil {
		s["blocks"] = m.blocks
	}
	if m.thread != "" {
		s["thread_ts"] = m.thread
	}
	if m.broadcast {
		s["subtype"] = "thread_broadcast"
	}
	if m.metadata != nil && withMetadata {
		s["metadata"] = m.metadata
	}
	return s
}
