package service

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/incident/opsgenie"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/incident/pagerduty"

	"github.com/aftercare/aftercare/actions/internal/change"
)

// incidentOf names what a message is about for a pager: each message of one
// incident has the same name, so that a repeat opens nothing anew and the
// resolution closes it.
func incidentOf(m change.Message) string {
	name := m.Incident
	if name == "" {
		name = m.Key
	}
	sum := sha256.Sum256([]byte(name))
	return "aftercare-" + hex.EncodeToString(sum[:16])
}

// pagerDuty is one integration of PagerDuty's Events API v2.
type pagerDuty struct{ url, key, source string }

func openPagerDuty(address *url.URL, base string) (Service, error) {
	c := pagerduty.Config{Host: "events.pagerduty.com", Source: "aftercare"}
	if c.SetURL(address) != nil { // its error may repeat the key
		return nil, errors.New("is not an address of a PagerDuty integration, whose key has 32 hexadecimal digits")
	}
	host := c.Host
	if c.Port != 0 && c.Port != 443 {
		host = fmt.Sprintf("%s:%d", c.Host, c.Port)
	}
	return pagerDuty{at(base, host, "/v2/enqueue"), c.IntegrationKey, c.Source}, nil
}

// maxPagerSummary is how long PagerDuty lets a summary be, in characters.
const maxPagerSummary = 1024

type pagerEvent struct {
	Key     string        `json:"routing_key"`
	Action  string        `json:"event_action"`
	Dedup   string        `json:"dedup_key"`
	Client  string        `json:"client,omitempty"`
	Payload *pagerPayload `json:"payload,omitempty"`
	Links   []pagerLink   `json:"links,omitempty"`
}

type pagerPayload struct {
	Summary  string            `json:"summary"`
	Source   string            `json:"source"`
	Severity string            `json:"severity"`
	Details  map[string]string `json:"custom_details,omitempty"`
}

type pagerLink struct {
	Href string `json:"href"`
	Text string `json:"text"`
}

// Compose opens an incident, adds to it, or resolves it.
func (p pagerDuty) Compose(m change.Message) Posting {
	event := pagerEvent{Key: p.key, Action: "trigger", Dedup: incidentOf(m)}
	if m.Resolved {
		event.Action = "resolve"
		return Posting{URL: p.url, Body: event}
	}
	event.Client = "Aftercare"
	event.Payload = &pagerPayload{Summary: fit(oneLine(m.Title), maxPagerSummary, plain), Source: p.source, Severity: severityOf(m), Details: detailsOf(m)}
	for _, l := range links(m) {
		event.Links = append(event.Links, pagerLink{l.url, l.words})
	}
	return Posting{URL: p.url, Body: event}
}

// severityOf is how urgent a message is, in PagerDuty's words. An issue that
// somebody must answer is an error.
func severityOf(m change.Message) string {
	switch {
	case m.Level == "critical", m.Level == "warning":
		return m.Level
	case m.Respond > 0:
		return "error"
	}
	return "info"
}

// maxDetail is how long one detail may be, in characters.
const maxDetail = 500

func detailsOf(m change.Message) map[string]string {
	all := map[string]string{}
	if m.Summary != "" {
		all["Summary"] = fit(oneLine(m.Summary), maxDetail, plain)
	}
	for _, f := range facts(m) {
		all[fit(oneLine(f.Name), maxName, plain)] = fit(oneLine(f.Value), maxDetail, plain)
	}
	if note := m.RepeatNote(); note != "" {
		all["Note"] = note
	}
	return all
}

func (pagerDuty) Confirm(_ int, body []byte) (string, error) {
	var said struct {
		Status string `json:"status"`
		Dedup  string `json:"dedup_key"`
	}
	if json.Unmarshal(body, &said) != nil || said.Status != "success" {
		return "", errors.New("PagerDuty answers success")
	}
	return said.Dedup, nil
}

func (pagerDuty) Wait([]byte) time.Duration { return 0 }

// opsgenieAPI is one API integration of Opsgenie.
type opsgenieAPI struct {
	url    string
	config opsgenie.Config
}

func openOpsgenie(address *url.URL, base string) (Service, error) {
	var c opsgenie.Config
	if c.SetURL(address) != nil || strings.Trim(c.APIKey, "/") == "" {
		return nil, errors.New("is not an address of an Opsgenie integration")
	}
	host := c.Host
	if c.Port != 443 {
		host = fmt.Sprintf("%s:%d", c.Host, c.Port)
	}
	return opsgenieAPI{at(base, host, "/v2/alerts"), c}, nil
}

// maxOpsgenieMessage and maxOpsgenieText are how long Opsgenie lets the message
// and the description be, in characters.
const maxOpsgenieMessage, maxOpsgenieText = 130, 15000

// Compose creates an alert, or closes it.
func (o opsgenieAPI) Compose(m change.Message) Posting {
	header := http.Header{"Authorization": {"GenieKey " + o.config.APIKey}}
	if m.Resolved {
		return Posting{URL: o.url + "/" + incidentOf(m) + "/close?identifierType=alias", Header: header, Body: map[string]string{"source": "Aftercare", "note": fit(oneLine(m.Title), maxDetail, plain)}}
	}
	c := o.config
	return Posting{URL: o.url, Header: header, Body: opsgenie.AlertPayload{
		Message: fit(oneLine(m.Title), maxOpsgenieMessage, plain), Alias: incidentOf(m), Description: cut(plainText(m), maxOpsgenieText),
		Responders: c.Responders, VisibleTo: c.VisibleTo, Actions: c.Actions, Tags: c.Tags, Details: c.Details, Entity: c.Entity,
		Source: "Aftercare", Priority: priorityOf(m, c.Priority),
	}}
}

// priorityOf is how urgent a message is, in Opsgenie's words, unless the address
// says it.
func priorityOf(m change.Message, given string) string {
	if given != "" {
		return given
	}
	return map[string]string{"critical": "P1", "error": "P2", "warning": "P3", "info": "P5"}[severityOf(m)]
}

func (opsgenieAPI) Confirm(_ int, body []byte) (string, error) {
	var said struct {
		ID string `json:"requestId"`
	}
	if json.Unmarshal(body, &said) != nil || said.ID == "" {
		return "", errors.New("the answer names no request")
	}
	return said.ID, nil
}

func (opsgenieAPI) Wait([]byte) time.Duration { return 0 }

func hexColor(c int) string { return fmt.Sprintf("#%06x", c) }

// Pages reports whether a service opens an incident for a message, which stays open
// until a message resolves it.
func Pages(s Service) bool {
	switch s.(type) {
	case pagerDuty, opsgenieAPI:
		return true
	}
	return false
}
