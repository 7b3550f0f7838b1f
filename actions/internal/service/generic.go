package service

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/change"
)

// webhook is any server that takes JSON.
type webhook struct {
	url                  string
	header               http.Header
	extra                map[string]string
	titleKey, messageKey string
}

// openGeneric reads an address as shoutrrr's: in its query `@Name` is a header,
// `$name` a field of the JSON, titlekey and messagekey name those of the title and
// of the text, and what remains is the server's own.
func openGeneric(address *url.URL, _ string) (Service, error) {
	if address.Host == "" {
		return nil, errors.New("is not an address of a webhook")
	}
	there := *address
	there.Scheme = transport(address)
	h := webhook{header: http.Header{}, extra: map[string]string{}, titleKey: "title", messageKey: "message"}
	query := address.Query()
	for name, values := range query {
		value := values[0]
		switch lower := strings.ToLower(name); {
		case len(name) > 1 && name[0] == '@':
			h.header.Set(name[1:], value)
		case len(name) > 1 && name[0] == '$':
			h.extra[name[1:]] = value
		case lower == "titlekey":
			h.titleKey = value
		case lower == "messagekey":
			h.messageKey = value
		case lower == "disabletls":
			if is := strings.ToLower(value); is == "yes" || is == "true" || is == "1" {
				there.Scheme = "http"
			}
		case lower == "template":
			if strings.ToLower(value) != "json" {
				return nil, errors.New("asks for a template, and JSON is the only one")
			}
		case lower == "contenttype", lower == "method", lower == "title":
			return nil, errors.New("sets " + lower + ", which is given here: a POST of application/json")
		default:
			continue
		}
		query.Del(name)
	}
	there.RawQuery = query.Encode()
	h.url = there.String()
	return h, nil
}

// maxWebhookText is how long the text for a webhook may be, in characters.
const maxWebhookText = 8000

// Compose writes an object: title and message for people, and the same in fields
// for programs.
func (h webhook) Compose(m change.Message) Posting {
	body := map[string]any{
		"key": m.Key, "channel": m.Channel, "level": m.Level, "resolved": m.Resolved, "incident": incidentOf(m),
		"labels": append([]string{}, m.Labels...), "link": address(m.Link), "runbook": address(m.Runbook), "repeat": m.Repeat || m.Unrecorded,
	}
	for name, value := range h.extra {
		body[name] = value
	}
	body[h.titleKey] = fit(oneLine(m.Title), maxDetail, plain)
	body[h.messageKey] = cut(plainText(m), maxWebhookText)
	return Posting{URL: h.url, Header: h.header, Body: body}
}

// Confirm takes any answer but a page, which a proxy or a login gives in place of
// the server.
func (webhook) Confirm(_ int, body []byte) (string, error) {
	if isPage(body) {
		return "", errors.New("a page came in place of an answer")
	}
	return "", nil
}

func (webhook) Wait([]byte) time.Duration { return 0 }
