package notify

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
)

// Connect finds the ways to the channels in the environment: SLACK_BOT_TOKEN,
// else SLACK_WEBHOOK_URL_<CHANNEL>, else SLACK_WEBHOOK_URL for Slack, and
// SMTP_URL for mail. It opens no connection.
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
	}
	return ways, nil
}

func connectSlack(name string, channel alert.Channel, getenv func(string) string) *Slack {
	slack := &Slack{Channel: channel.Slack, API: getenv("SLACK_API_URL"), Token: getenv("SLACK_BOT_TOKEN")}
	if slack.Token != "" {
		return slack
	}
	for _, variable := range []string{webhookVariable(name), "SLACK_WEBHOOK_URL"} {
		if slack.Webhook = getenv(variable); slack.Webhook != "" {
			return slack
		}
	}
	return nil
}

var notInVariable = regexp.MustCompile(`[^A-Z0-9]+`)

// webhookVariable is where the webhook of one channel is looked for.
func webhookVariable(channel string) string {
	return "SLACK_WEBHOOK_URL_" + notInVariable.ReplaceAllString(strings.ToUpper(channel), "_")
}

// Missing says what must be set up for a way to a channel.
func Missing(channel, by string) string {
	if by == "email" {
		return "set SMTP_URL to reach it by mail"
	}
	return fmt.Sprintf("set SLACK_BOT_TOKEN, %s or SLACK_WEBHOOK_URL to reach it in Slack", webhookVariable(channel))
}
