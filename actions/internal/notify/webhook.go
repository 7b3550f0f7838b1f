package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// postWebhook posts to the incoming webhook. Slack confirms a delivery with
// status 200 and the body "ok", nothing else: the library looks at the status
// alone, and takes the page of a proxy for a delivery.
func (s *Slack) postWebhook(ctx context.Context, m *slack.WebhookMessage) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write the message: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Webhook, bytes.NewReader(body))
	if err != nil {
		return &hookError{said: "the webhook's address is invalid"} // the library's own error repeats it
	}
	req.Header.Set("Content-Type", "application/json")
	answer, err := staying(s.HTTP).Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	return hookAnswer(answer, string(said), err)
}

// maxAnswer is how much of a webhook's answer is read, in bytes; "ok" has two.
const maxAnswer = 4096

// hookAnswer is nil where the answer confirms the delivery.
func hookAnswer(answer *http.Response, said string, errRead error) error {
	status := answer.StatusCode
	switch {
	case status == http.StatusOK && errRead == nil && said == "ok":
		return nil
	case status == http.StatusTooManyRequests:
		return tooMany(answer)
	case status >= 500:
		return slack.StatusCodeError{Code: status, Status: answer.Status}
	case status >= 300 && status < 400:
		return &hookError{status: status, said: redirected(answer)}
	case status >= 400:
		return &hookError{status: status, said: fmt.Sprintf("the webhook refused the message: %d %s", status, brief(said))}
	}
	return &hookError{status: status, said: fmt.Sprintf("the webhook answered %d %s, not 200 ok", status, brief(said)), unsure: true}
}

// tooMany is the error of a rate limit, with the time to wait where it is named.
func tooMany(answer *http.Response) error {
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds >= 0 {
		return &slack.RateLimitedError{RetryAfter: time.Duration(seconds) * time.Second}
	}
	return slack.StatusCodeError{Code: answer.StatusCode, Status: answer.Status}
}

// redirected names both hosts; the rest of either address is a secret.
func redirected(answer *http.Response) string {
	to := "an address that is not given"
	if u, err := url.Parse(answer.Header.Get("Location")); err == nil && answer.Header.Get("Location") != "" {
		to = answer.Request.URL.ResolveReference(u).Host
	}
	return fmt.Sprintf("the webhook at %s redirects to %s with status %d, so nothing was delivered", answer.Request.URL.Host, brief(to), answer.StatusCode)
}

// brief is the beginning of what a server said, on one line, in quotation marks.
func brief(said string) string {
	words := strings.Join(strings.Fields(clean(said)), " ")
	if words == "" {
		return "(empty)"
	}
	return strconv.Quote(cut(words, 80))
}

// staying is a client that follows no redirect: what we post, and the token in
// it, is for the host that was configured.
func staying(client *http.Client) *http.Client {
	here := *client
	here.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &here
}

// hookError is an answer of a webhook that does not confirm a delivery.
type hookError struct {
	status int
	said   string
	unsure bool // the message may have been delivered
}

func (e *hookError) Error() string { return e.said }

// hint says what to do about the answer.
func (e *hookError) hint() string {
	switch {
	case e.unsure:
		return "SLACK_WEBHOOK_URL must lead to Slack itself, which answers ok: look for a proxy or another service in between"
	case e.status >= 300 && e.status < 400:
		return "set SLACK_WEBHOOK_URL to the webhook's own address, as Slack shows it"
	case e.status == http.StatusForbidden || e.status == http.StatusNotFound || e.status == http.StatusGone:
		return "the webhook is gone: make a new one and set it as SLACK_WEBHOOK_URL"
	}
	return ""
}
