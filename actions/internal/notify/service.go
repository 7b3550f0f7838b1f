package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/service"
)

// Service reaches one address of a chat or paging service. It cannot be read
// back.
type Service struct {
	Name     string // as rules.yaml names it
	Variable string // the secret that holds the address
	To       service.Service
	HTTP     *http.Client
	Sleep    func(context.Context, time.Duration) error

	address string // a secret
}

// The limits of a delivery: how long one POST may take, how much of an answer is
// read, in bytes, and how long all waiting for a service may take.
const (
	serviceTime    = 20 * time.Second
	maxServiceSaid = 64 << 10
	maxServiceWait = 2 * time.Minute
)

// Look cannot: these services are not read back.
func (s *Service) Look(context.Context, change.Message, time.Time) (string, bool, error) {
	return "", false, ErrUnreadable
}

// Send posts the message. A rate limit is waited for; an answer of a broken server
// is unsure, and what is posted after it says that it may be a repeat.
func (s *Service) Send(ctx context.Context, m change.Message) (string, error) {
	waited, maybe := time.Duration(0), false
	for try := 1; ; try++ {
		ref, failed := s.post(ctx, s.To.Compose(m))
		if failed == nil {
			return ref, nil
		}
		maybe = maybe || failed.unsure
		wait := max(failed.wait, time.Second<<(try-1))
		if waited += wait; !failed.again || try == slackTries || waited > maxServiceWait || ctx.Err() != nil {
			return "", perhaps(failed, maybe)
		}
		if err := s.Sleep(ctx, wait); err != nil {
			return "", perhaps(err, maybe)
		}
		m.Repeat = m.Repeat || maybe
	}
}

// serviceError is a delivery that a service did not confirm.
type serviceError struct {
	name, said, hint string
	unsure           bool          // the message may have been delivered
	again            bool          // another try may succeed
	wait             time.Duration // how long the service asks to wait; 0 where it does not say
}

func (e *serviceError) Error() string { return e.name + ": " + e.said }

// Hint says what to do about it; empty where nothing is known.
func (e *serviceError) Hint() string { return e.hint }

func (s *Service) post(ctx context.Context, p service.Posting) (string, *serviceError) {
	ctx, cancel := context.WithTimeout(ctx, serviceTime)
	defer cancel()
	body, err := json.Marshal(p.Body)
	if err != nil {
		return "", s.failed("write the message: %v", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL, bytes.NewReader(body))
	if err != nil {
		return "", s.failed("the address in %s is invalid", s.Variable) // the library's own error repeats it
	}
	for name, values := range p.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "aftercare")
	answer, err := staying(s.HTTP).Do(req)
	if err != nil {
		failed := s.failed("%v", bare(err))
		failed.unsure, failed.again = !neverConnected(err), true
		return "", failed
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, maxServiceSaid))
	return s.judge(answer, said, err)
}

// judge reads an answer.
func (s *Service) judge(answer *http.Response, said []byte, errRead error) (string, *serviceError) {
	status := answer.StatusCode
	switch {
	case status == http.StatusTooManyRequests:
		failed := s.failed("it takes no more messages for now (status 429)")
		failed.again, failed.wait = true, max(s.To.Wait(said), retryAfter(answer.Header))
		return "", failed
	case status >= 500:
		failed := s.failed("status %d %s", status, brief(string(said)))
		failed.unsure, failed.again = true, true
		return "", failed
	case status >= 300 && status < 400:
		failed := s.failed("%s", redirected(answer))
		failed.hint = "set " + s.Variable + " to the service's own address"
		return "", failed
	case status >= 400:
		failed := s.failed("the message was refused: %d %s", status, brief(string(said)))
		failed.hint = s.hintOf(status)
		return "", failed
	case errRead != nil:
		failed := s.failed("its answer broke off: %v", bare(errRead))
		failed.unsure, failed.again = true, true
		return "", failed
	}
	ref, err := s.To.Confirm(status, said)
	if err != nil {
		failed := s.failed("it answered %d %s, which confirms nothing: %v", status, brief(string(said)), err)
		failed.unsure, failed.hint = true, s.Variable+" must lead to the service itself: look for a proxy or another service in between"
		return "", failed
	}
	return ref, nil
}

// failed is an error whose words hold neither the address nor what is secret in
// it.
func (s *Service) failed(format string, args ...any) *serviceError {
	return &serviceError{name: s.Name, said: redact.New(s.address).Text(fmt.Sprintf(format, args...))}
}

func (s *Service) hintOf(status int) string {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return "the address in " + s.Variable + " is not valid any more: make a new one at the service"
	}
	return ""
}

// retryAfter is how long an answer asks to wait; 0 where it does not say.
func retryAfter(header http.Header) time.Duration {
	n, err := strconv.ParseFloat(header.Get("Retry-After"), 64)
	if err != nil || !(n > 0) {
		return 0
	}
	return time.Duration(min(n, 86400) * float64(time.Second))
}
