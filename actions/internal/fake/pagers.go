package fake

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

func (s *Services) pagerDuty(c *call) answer {
	refuse := func(why string) answer {
		return answer{status: http.StatusBadRequest, body: map[string]any{"status": "invalid event", "message": "Event object is invalid", "errors": []string{why}}}
	}
	var m struct {
		Key     string `json:"routing_key"`
		Action  string `json:"event_action"`
		Dedup   string `json:"dedup_key"`
		Client  string `json:"client"`
		Payload *struct {
			Summary, Source, Severity string
			Details                   map[string]string `json:"custom_details"`
		} `json:"payload"`
		Links []struct{ Href, Text string } `json:"links"`
	}
	if refused, fine := s.decode(c, &m); !fine {
		return refused
	}
	switch {
	case m.Key != PagerKey:
		return refuse("'routing_key' is invalid")
	case m.Action != "trigger" && m.Action != "resolve" && m.Action != "acknowledge":
		return refuse("'event_action' is invalid")
	case m.Action != "trigger" && m.Dedup == "":
		return refuse("'dedup_key' is missing")
	case length(m.Dedup) > 255:
		return refuse("'dedup_key' is too long")
	case m.Action == "trigger" && (m.Payload == nil || m.Payload.Summary == "" || m.Payload.Source == ""):
		return refuse("'payload' is missing or blank")
	case m.Payload != nil && !slices.Contains([]string{"critical", "error", "warning", "info"}, m.Payload.Severity):
		return refuse("'payload.severity' is invalid")
	case m.Payload != nil && length(m.Payload.Summary) > 1024:
		return refuse("'payload.summary' is too long")
	}
	p := Post{Service: "pagerduty", Action: m.Action, Alert: m.Dedup, Fields: map[string]string{}}
	if m.Payload != nil {
		p.Title, p.Text, p.Level, p.Fields = m.Payload.Summary, m.Payload.Summary, m.Payload.Severity, m.Payload.Details
		for name, value := range m.Payload.Details {
			p.Text += "\n" + name + ": " + value
		}
	}
	for _, l := range m.Links {
		p.Links = append(p.Links, l.Href)
	}
	s.take(c, p)
	return answer{status: http.StatusAccepted, body: map[string]any{"status": "success", "message": "Event processed", "dedup_key": m.Dedup}}
}

func (s *Services) admits(c *call) (answer, bool) {
	if c.Header.Get("Authorization") == "GenieKey "+OpsgenieKey {
		return answer{}, true
	}
	return answer{status: http.StatusUnauthorized, body: map[string]any{"message": "Could not authenticate", "took": 0.1, "requestId": "r-0"}}, false
}

func (s *Services) opsgenie(c *call) answer {
	if refused, fine := s.admits(c); !fine {
		return refused
	}
	var m struct {
		Message, Alias, Description, Source, Priority, Entity, User, Note string
		Tags, Actions                                                     []string
		Details                                                           map[string]string
		Responders, VisibleTo                                             []map[string]string
	}
	if refused, fine := s.decode(c, &m); !fine {
		return refused
	}
	if m.Message == "" || length(m.Message) > 130 || length(m.Alias) > 512 || length(m.Description) > 15000 || !slices.Contains([]string{"", "P1", "P2", "P3", "P4", "P5"}, m.Priority) {
		return answer{status: http.StatusUnprocessableEntity, body: map[string]any{"message": "Request body is not processable. Please check the errors.", "took": 0.1, "requestId": "r-0"}}
	}
	s.take(c, Post{Service: "opsgenie", Action: "trigger", Alert: m.Alias, Level: m.Priority, Title: m.Message, Text: m.Message + "\n" + m.Description, Fields: linesOf(m.Description)})
	return answer{status: http.StatusAccepted, body: map[string]any{"result": "Request will be processed", "took": 0.1, "requestId": "r-1"}}
}

func (s *Services) closeAlert(c *call) answer {
	if refused, fine := s.admits(c); !fine {
		return refused
	}
	var m struct{ Source, Note, User string }
	if refused, fine := s.decode(c, &m); !fine {
		return refused
	}
	s.take(c, Post{Service: "opsgenie", Action: "resolve", Alert: c.vars["alias"], Title: m.Note, Text: m.Note})
	return answer{status: http.StatusAccepted, body: map[string]any{"result": "Request will be processed", "took": 0.1, "requestId": "r-2"}}
}

func (s *Services) webhook(c *call) answer {
	if c.Header.Get("Authorization") != "Bearer "+WebhookToken {
		return s.refuse(http.StatusUnauthorized, "who are you?")
	}
	var m map[string]any
	if err := json.Unmarshal(c.body, &m); err != nil {
		return s.refuse(http.StatusBadRequest, "no JSON")
	}
	p := Post{Service: "generic"}
	p.Title, _ = m["title"].(string)
	p.Text, _ = m["message"].(string)
	p.Fields, p.Text = linesOf(p.Text), p.Title+"\n"+p.Text
	for _, key := range []string{"link", "runbook"} {
		if to, _ := m[key].(string); to != "" {
			p.Links = append(p.Links, to)
		}
	}
	s.take(c, p)
	return nothing()
}

// linesOf are the lines "name: value" of a text.
func linesOf(text string) map[string]string {
	fields := map[string]string{}
	for line := range strings.SplitSeq(text, "\n") {
		if name, value, isField := strings.Cut(line, ": "); isField {
			fields[name] = value
		}
	}
	return fields
}
