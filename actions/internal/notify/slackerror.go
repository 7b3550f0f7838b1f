package notify

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/slack-go/slack"

	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/redirect"
)

// retryIn says how long to wait before another try, and whether one may help.
func retryIn(err error, try int) (time.Duration, bool) {
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		return max(limited.RetryAfter, time.Second), true
	}
	var hook *hookError
	if errors.As(err, &hook) { // another try would get the same answer
		return 0, false
	}
	return time.Second << (try - 1), isUnsure(err) || neverConnected(err) || isBusy(err)
}

func isBusy(err error) bool {
	var status slack.StatusCodeError
	return errors.As(err, &status) && status.Code == http.StatusTooManyRequests
}

// isUnsure tells errors after which the message may stand in the channel.
func isUnsure(err error) bool {
	var status slack.StatusCodeError
	if errors.As(err, &status) {
		return status.Code >= 500
	}
	var said slack.SlackErrorResponse
	if errors.As(err, &said) {
		return said.Err == "internal_error" || said.Err == "fatal_error" || said.Err == "service_unavailable" || said.Err == "request_timeout"
	}
	var hook *hookError
	if errors.As(err, &hook) {
		return hook.unsure
	}
	var limited *slack.RateLimitedError
	return !errors.As(err, &limited) && !neverConnected(err) && !redirect.Refused(err)
}

func neverConnected(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// sentence makes an error fit to be read: without the webhook's URL, which is
// a secret, and with what to do.
func (s *Slack) sentence(err error) error {
	said := error(&slackError{channel: s.Channel, cause: bare(err)})
	if isUnsure(err) {
		return &UnsureError{said}
	}
	return said
}

// bare is the innermost cause of an error of the HTTP client, whose own text
// holds the URL.
func bare(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

type slackError struct {
	channel string
	cause   error
}

func (e *slackError) Error() string { return "Slack: " + redact.Text(e.cause.Error()) }
func (e *slackError) Unwrap() error { return e.cause }

// Hint says what to do about the answers that Slack gives most.
func (e *slackError) Hint() string {
	switch e.cause.Error() {
	case "channel_not_found":
		return "there is no channel " + e.channel + ", or the bot may not see it: invite the bot, or correct `channels:` in rules.yaml"
	case "not_in_channel":
		return "invite the bot to " + e.channel
	case "invalid_auth", "token_revoked", "not_authed", "account_inactive", "token_expired":
		return "SLACK_BOT_TOKEN is not valid any more"
	case "missing_scope":
		return "the bot needs the scopes chat:write, channels:read, channels:history and users:read; actions/docs/slack-app.yaml is an app with them, and check -notify says which are missing"
	}
	var hook *hookError
	if errors.As(e.cause, &hook) {
		return hook.hint()
	}
	return ""
}
