package notify

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/service"
)

// Connect finds the ways to the channels in the environment: SLACK_BOT_TOKEN,
// else SLACK_WEBHOOK_URL_<CHANNEL>, else SLACK_WEBHOOK_URL for Slack, SMTP_URL for
// mail, and NOTIFY_URL_<NAME>, else NOTIFY_URL for other services. It opens no
// connection.
func Connect(channels alert.Channels, getenv func(string) string, now time.Time, client *http.Client, sleep func(context.Context, time.Duration) error) (Messengers, error) {
	ways := Messengers{}
	for _, name := range channels.Names() {
		channel := channels[name]
		if slack := connectSlack(name, channel, getenv); slack != nil && channel.Slack != "" {
			slack.HTTP, slack.Sleep = client, sleep
			ways[Place(name, "slack")] = slack
		}
		if server := getenv("SMTP_URL"); server != "" && len(channel.Email) > 0 {
			dial, err := ParseSMTP(server)
			if err != nil {
				return nil, err
			}
			ways[Place(name, "email")] = &Email{To: channel.Email, From: dial.From, Date: now, Dial: dial, Sleep: sleep}
		}
		for _, by := range channel.Notify {
			s, err := connectService(by, getenv)
			if err != nil {
				return nil, err
			}
			if s != nil {
				s.HTTP, s.Sleep = client, sleep
				ways[Place(name, by)] = s
			}
		}
	}
	return ways, nil
}

// connectService finds the address of a service; nil where there is none. A
// service that is named as its kind is called must be of that kind.
func connectService(name string, getenv func(string) string) (*Service, error) {
	for _, variable := range []string{alert.ServiceVariable(name), "NOTIFY_URL"} {
		address := strings.TrimSpace(getenv(variable))
		if address == "" {
			continue
		}
		if kind := service.KindOf(address); kind != strings.ToLower(name) && slices.Contains(service.Names(), strings.ToLower(name)) && slices.Contains(service.Names(), kind) {
			return nil, fmt.Errorf("%s is an address of %s, and `notify` in rules.yaml names %s: set %s, or use another name", variable, kind, name, alert.ServiceVariable(name))
		}
		to, err := service.Open(address, getenv("AFTERCARE_NOTIFY_URL"))
		if err != nil {
			return nil, fmt.Errorf("%s %w", variable, err)
		}
		return &Service{Name: name, Variable: variable, To: to, address: address}, nil
	}
	return nil, nil
}

func connectSlack(name string, channel alert.Channel, getenv func(string) string) *Slack {
	slack := &Slack{Channel: channel.Slack, API: getenv("SLACK_API_URL"), Token: getenv("SLACK_BOT_TOKEN")}
	if slack.Token != "" {
		return slack
	}
	for _, variable := range []string{alert.WebhookVariable(name), "SLACK_WEBHOOK_URL"} {
		if slack.Webhook = getenv(variable); slack.Webhook != "" {
			return slack
		}
	}
	return nil
}

// Missing says what must be set up for a way to a channel.
func Missing(channel, by string) string {
	switch by {
	case "email":
		return "set SMTP_URL to reach it by mail"
	case "slack":
		return missingSlack(channel)
	}
	return fmt.Sprintf("set %s or NOTIFY_URL to the address of the service, such as discord://TOKEN@WEBHOOK_ID", alert.ServiceVariable(by))
}

func missingSlack(channel string) string {
	return fmt.Sprintf("set SLACK_BOT_TOKEN, %s or SLACK_WEBHOOK_URL to reach it in Slack", alert.WebhookVariable(channel))
}
