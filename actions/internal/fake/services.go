package fake

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// Services are the simulated servers of chat and paging services besides Slack,
// on one address: Discord, Workflows of Microsoft Teams, Telegram, Mattermost,
// PagerDuty, Opsgenie and a webhook. They refuse what the services refuse: a
// wrong token, what is too long, a field that they do not know.
type Services struct {
	URL string

	*server
	posts []Post
	next  int64
}

// Post is what a service was sent and took.
type Post struct {
	Service string
	Text    string            // all that people read, with a line for each part
	Title   string            // the first line
	Fields  map[string]string // by name
	Pings   []string          // who is notified: everyone, here, or a name
	Links   []string
	Action  string // of a pager: trigger or resolve
	Alert   string // of a pager: what it is about
	Level   string // of a pager
	Body    string // as it came
	Header  http.Header
}

// The tokens that the services take.
const (
	DiscordHook   = "1122334455667788"
	DiscordToken  = "dIsc0rd-Token_9f8e7d6c5b4a"
	TeamsPath     = "/workflows/0f1e2d3c4b5a/triggers/manual/paths/invoke"
	TeamsSecret   = "tEams5ig9f8e7d6c5b4a"
	TelegramToken = "987654321:tElegram9f8e7d6c5b4aTOKEN"
	TelegramChat  = "-1001234567890"
	PagerKey      = "0123456789abcdef0123456789abcdef"
	OpsgenieKey   = "0a1b2c3d-1111-2222-3333-444455556666"
	HookToken     = "mattermosthook9f8e7d6c5b4a"
	WebhookToken  = "wEbh00k-bearer-9f8e7d6c5b4a"
)

// NewServices starts the services in a world.
func NewServices(w *World) *Services {
	s := &Services{server: w.serve("services"), next: 1000}
	s.URL = s.server.url
	s.server.refuse = func(status int, message string) answer {
		return answer{status: status, body: map[string]string{"message": message}}
	}
	s.handle("POST /api/webhooks/{hook}/{token}", "", s.discord, "wait", "thread_id")
	s.handle("POST "+TeamsPath, "", s.teams, "api-version", "sp", "sv", "sig")
	s.handle("POST /{bot}/sendMessage", "", s.telegram)
	s.handle("POST /hooks/{token}", "", s.mattermost)
	s.handle("POST /v2/enqueue", "", s.pagerDuty)
	s.handle("POST /v2/alerts", "", s.opsgenie)
	s.handle("POST /v2/alerts/{alias}/close", "", s.closeAlert, "identifierType")
	s.handle("POST /any/webhook", "", s.webhook)
	return s
}

// Address is the address of a service as a secret has it, and what to use in
// place of the services' own hosts.
func (s *Services) Address(service string) string {
	host := strings.TrimPrefix(s.URL, "http://")
	return map[string]string{
		"discord":    "discord://" + DiscordToken + "@" + DiscordHook,
		"teams":      "teams+https://prod-1.westeurope.logic.azure.com" + TeamsPath + "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=" + TeamsSecret,
		"telegram":   "telegram://" + TelegramToken + "@telegram?chats=" + TelegramChat,
		"mattermost": "mattermost://" + host + "/" + HookToken + "?disabletls=yes",
		"pagerduty":  "pagerduty://events.pagerduty.com/" + PagerKey,
		"opsgenie":   "opsgenie://api.opsgenie.com/" + OpsgenieKey,
		"generic":    "generic+http://" + host + "/any/webhook?@Authorization=Bearer+" + WebhookToken,
	}[service]
}

// Posts are what a service took, the oldest first.
func (s *Services) Posts(service string) []Post {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	var all []Post
	for _, p := range s.posts {
		if p.Service == service {
			all = append(all, p)
		}
	}
	return all
}

func (s *Services) take(c *call, p Post) {
	p.Body, p.Header = string(c.body), c.Header.Clone()
	s.posts = append(s.posts, p)
}

func length(s string) int { return len(utf16.Encode([]rune(s))) }

// exceeds names the first text that is too long; empty where none is.
func exceeds(limit int, texts ...string) string {
	for _, t := range texts {
		if length(t) > limit {
			return fmt.Sprintf("must be %d or fewer in length", limit)
		}
	}
	return ""
}

var discordPing = regexp.MustCompile(`@everyone|@here|<@[!&]?\d+>`)

func (s *Services) discord(c *call) answer {
	if c.vars["hook"] != DiscordHook || c.vars["token"] != DiscordToken {
		return answer{status: http.StatusUnauthorized, body: map[string]any{"message": "Invalid Webhook Token", "code": 50027}}
	}
	var m struct {
		Content string `json:"content"`
		Embeds  []struct {
			Title, URL, Description string
			Color                   int
			Fields                  []struct{ Name, Value string }
		} `json:"embeds"`
		Mentions *struct {
			Parse []string `json:"parse"`
		} `json:"allowed_mentions"`
	}
	if refused, fine := s.decode(c, &m); !fine {
		return refused
	}
	p := Post{Service: "discord", Fields: map[string]string{}}
	total := 0
	for _, e := range m.Embeds {
		p.Title, p.Text = e.Title, e.Title+"\n"+e.Description
		total += length(e.Title) + length(e.Description)
		if e.URL != "" {
			p.Links = append(p.Links, e.URL)
		}
		wrong := exceeds(256, e.Title) + exceeds(4096, e.Description)
		for _, f := range e.Fields {
			p.Fields[f.Name], p.Text = f.Value, p.Text+"\n"+f.Name+": "+f.Value
			total += length(f.Name) + length(f.Value)
			if f.Name == "" || f.Value == "" {
				wrong = "This field is required"
			}
			wrong += exceeds(256, f.Name) + exceeds(1024, f.Value)
		}
		if wrong != "" || len(e.Fields) > 25 {
			return answer{status: http.StatusBadRequest, body: map[string]any{"code": 50035, "message": "Invalid Form Body " + wrong}}
		}
	}
	if total > 6000 || length(m.Content) > 2000 || m.Content == "" && len(m.Embeds) == 0 {
		return answer{status: http.StatusBadRequest, body: map[string]any{"code": 50035, "message": "Invalid Form Body"}}
	}
	for _, ping := range discordPing.FindAllString(m.Content, -1) {
		isGroup := ping == "@everyone" || ping == "@here"
		if m.Mentions == nil || isGroup && slices.Contains(m.Mentions.Parse, "everyone") || !isGroup && len(m.Mentions.Parse) > 0 {
			p.Pings = append(p.Pings, strings.TrimPrefix(ping, "@"))
		}
	}
	s.take(c, p)
	if c.get("wait") != "true" {
		return nothing()
	}
	s.next++
	return ok(map[string]any{"id": fmt.Sprint(s.next), "type": 0, "content": m.Content, "channel_id": "42"})
}

// maxTeams is how many bytes a card may have.
const maxTeams = 28 << 10

func (s *Services) teams(c *call) answer {
	if c.get("sig") != TeamsSecret {
		return answer{status: http.StatusUnauthorized, body: map[string]any{"error": map[string]string{"code": "DirectApiAuthorizationRequired"}}}
	}
	if len(c.body) > maxTeams {
		return s.refuse(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	}
	var m struct {
		Type        string `json:"type"`
		Attachments []struct {
			ContentType string  `json:"contentType"`
			ContentURL  *string `json:"contentUrl"`
			Content     struct {
				Schema  string `json:"$schema"`
				Type    string `json:"type"`
				Version string `json:"version"`
				Body    []struct {
					Type    string `json:"type"`
					Inlines []struct {
						Type, Text, Weight, Size string
						Italic                   bool
					} `json:"inlines"`
				} `json:"body"`
				Actions []struct{ Type, Title, URL string } `json:"actions"`
			} `json:"content"`
		} `json:"attachments"`
	}
	if refused, fine := s.decode(c, &m); !fine {
		return refused
	}
	p := Post{Service: "teams", Fields: map[string]string{}}
	for _, a := range m.Attachments {
		for i, block := range a.Content.Body {
			line := ""
			for _, run := range block.Inlines {
				line += run.Text
			}
			if i == 0 {
				p.Title = line
			}
			if len(block.Inlines) == 2 {
				p.Fields[strings.TrimSuffix(block.Inlines[0].Text, ": ")] = block.Inlines[1].Text
			}
			if strings.Contains(line, "<at>") {
				p.Pings = append(p.Pings, line)
			}
			p.Text += line + "\n"
		}
		for _, act := range a.Content.Actions {
			p.Links = append(p.Links, act.URL)
		}
	}
	if m.Type != "message" || p.Title == "" {
		return s.refuse(http.StatusBadRequest, "the trigger's schema wants a card")
	}
	s.take(c, p)
	return answer{status: http.StatusAccepted}
}

var (
	telegramPing = regexp.MustCompile(`(?:^|\W)@([A-Za-z]\w{3,})`)
	telegramTag  = regexp.MustCompile(`<a href="([^"]*)">|</?[abi]>`)
	anyTag       = regexp.MustCompile(`<[^>]*>?`)
)

func (s *Services) telegram(c *call) answer {
	refuse := func(status int, text string) answer {
		return answer{status: status, body: map[string]any{"ok": false, "error_code": status, "description": text}}
	}
	if c.vars["bot"] != "bot"+TelegramToken {
		return refuse(http.StatusUnauthorized, "Unauthorized")
	}
	var m struct {
		Chat    string `json:"chat_id"`
		Thread  int    `json:"message_thread_id"`
		Text    string `json:"text"`
		Mode    string `json:"parse_mode"`
		Preview struct {
			IsDisabled bool `json:"is_disabled"`
		} `json:"link_preview_options"`
		IsSilent bool `json:"disable_notification"`
	}
	if refused, fine := s.decode(c, &m); !fine {
		return refused
	}
	if m.Chat != TelegramChat {
		return refuse(http.StatusBadRequest, "Bad Request: chat not found")
	}
	p := Post{Service: "telegram", Fields: map[string]string{}}
	for _, found := range telegramTag.FindAllStringSubmatch(m.Text, -1) {
		if found[1] != "" {
			p.Links = append(p.Links, found[1])
		}
	}
	plain := telegramTag.ReplaceAllString(m.Text, "")
	if anyTag.MatchString(plain) {
		return refuse(http.StatusBadRequest, "Bad Request: can't parse entities")
	}
	p.Text = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(plain)
	if n := length(p.Text); n == 0 || n > 4096 {
		return refuse(http.StatusBadRequest, "Bad Request: message is too long")
	}
	lines := strings.Split(p.Text, "\n")
	p.Title = lines[0]
	for _, line := range lines[1:] {
		if name, value, isField := strings.Cut(line, ": "); isField {
			p.Fields[name] = value
		}
	}
	for _, found := range telegramPing.FindAllStringSubmatch(p.Text, -1) {
		p.Pings = append(p.Pings, found[1])
	}
	s.take(c, p)
	s.next++
	return ok(map[string]any{"ok": true, "result": map[string]any{"message_id": s.next, "date": c.at.Unix(), "text": p.Text, "chat": map[string]any{"id": -1001234567890, "type": "supergroup"}}})
}

var mmPing = regexp.MustCompile(`(?:^|[^\w\\])@([a-z][\w.-]*)|<!(channel|here|all|everyone)>`)

func (s *Services) mattermost(c *call) answer {
	if c.vars["token"] != HookToken {
		return answer{status: http.StatusBadRequest, body: map[string]any{"id": "web.incoming_webhook.invalid.app_error", "message": "Invalid webhook.", "status_code": 400}}
	}
	var m struct {
		Text, Channel, Username string
		Icon                    string `json:"icon_url"`
		Emoji                   string `json:"icon_emoji"`
		Attachments             []struct {
			Fallback, Color, Title, Text string
			Link                         string `json:"title_link"`
			Fields                       []struct{ Title, Value string }
		} `json:"attachments"`
	}
	if refused, fine := s.decode(c, &m); !fine {
		return refused
	}
	p := Post{Service: "mattermost", Fields: map[string]string{}}
	for _, a := range m.Attachments {
		p.Title, p.Text = a.Title, a.Title+"\n"+a.Text
		if a.Link != "" {
			p.Links = append(p.Links, a.Link)
		}
		for _, f := range a.Fields {
			p.Fields[f.Title], p.Text = f.Value, p.Text+"\n"+f.Title+": "+f.Value
		}
	}
	if length(p.Text)+length(m.Text) > 16383 {
		return s.refuse(http.StatusBadRequest, "Unable to create post: too long")
	}
	for _, found := range mmPing.FindAllStringSubmatch(m.Text+"\n"+p.Text, -1) {
		p.Pings = append(p.Pings, found[1]+found[2])
	}
	s.take(c, p)
	return answer{status: http.StatusOK, body: []byte("ok")}.with("Content-Type", "text/plain")
}
