package github

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retrier sends requests, and sends them again where that is safe:
//
//   - what a rate limit refused was not carried out, whatever its method: it
//     waits as long as GitHub says, within the client's patience;
//   - a read that met a broken server or connection is tried up to four times;
//   - a write whose bytes went out is not repeated, because nobody knows what
//     became of it: it fails with an *AmbiguousError, and the caller looks
//     before it tries again. Only a write that its caller marked with
//     Repeatable, and one that could not even connect, is tried again.
//
// Libraries for this repeat a POST on a 502, or do not wait where a secondary
// limit names no time; both have cost others double comments.
type retrier struct {
	next     http.RoundTripper
	timeout  time.Duration // for one try
	clock    func() time.Time
	sleep    func(context.Context, time.Duration) error
	patience time.Duration
	token    string
}

// tries is how often a request that broke is sent in all.
const tries = 4

// LimitError is a request that a rate limit refused for longer than the client
// waits.
type LimitError struct {
	Until time.Time // when it would be allowed
	What  string    // primary or secondary
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("GitHub's %s rate limit is used up until %s", e.What, e.Until.UTC().Format(time.RFC3339))
}

// Hint says which token has a higher limit.
func (e *LimitError) Hint() string {
	if e.What != "primary" {
		return "wait, and run it again: what was done already is not done twice"
	}
	return "the token of a workflow has 1,000 requests an hour for the repository, one of your own (GITHUB_TOKEN, or the input github-token) 5,000"
}

// AmbiguousError is a write of which nobody knows whether it was carried out.
type AmbiguousError struct{ Err error }

func (e *AmbiguousError) Error() string { return "no answer to a write: " + e.Err.Error() }
func (e *AmbiguousError) Unwrap() error { return e.Err }

type repeatable struct{}

// Repeatable marks writes that may be sent twice without harm: adding a label,
// setting a comment's text.
func Repeatable(ctx context.Context) context.Context {
	return context.WithValue(ctx, repeatable{}, true)
}

func (r *retrier) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	ctx := req.Context()
	safe := req.Method == http.MethodGet || req.Method == http.MethodHead || ctx.Value(repeatable{}) != nil
	waited := time.Duration(0)
	for try, refused := 1, 0; ; {
		answer, err := r.once(req, body)
		if limit, what := r.limited(answer, refused); limit > 0 {
			refused++
			waited += limit
			answer.Body.Close()
			if waited > r.patience {
				return nil, &LimitError{Until: r.clock().Add(limit), What: what}
			}
			if err := r.sleep(ctx, limit); err != nil {
				return nil, err
			}
			continue
		}
		if !broken(answer, err) || ctx.Err() != nil {
			return whole(answer, err)
		}
		if !safe && !neverSent(err) {
			return nil, ambiguous(answer, err)
		}
		if try == tries {
			return whole(answer, err)
		}
		if answer != nil {
			answer.Body.Close()
		}
		if err := r.sleep(ctx, time.Second<<(try-1)); err != nil {
			return nil, err
		}
		try++
	}
}

// whole is an answer or an error, never both.
func whole(answer *http.Response, err error) (*http.Response, error) {
	if err != nil {
		return nil, err
	}
	return answer, nil
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer req.Body.Close()
	return io.ReadAll(req.Body)
}

// once sends the request a single time, within the time for one try, and reads
// the answer whole, so that a cut answer is a failed try and not half a page.
func (r *retrier) once(req *http.Request, body []byte) (*http.Response, error) {
	ctx, cancel := req.Context(), func() {}
	if r.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, r.timeout)
	}
	defer cancel()
	again := req.Clone(ctx)
	if body != nil {
		again.Body = io.NopCloser(bytes.NewReader(body))
		again.ContentLength = int64(len(body))
	}
	if r.token != "" {
		again.Header.Set("Authorization", "Bearer "+r.token)
	}
	answer, err := r.next.RoundTrip(again)
	if err != nil {
		return nil, err
	}
	whole, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	answer.Body = io.NopCloser(bytes.NewReader(whole))
	keepGoing(answer)
	return answer, lies(answer, whole)
}

// keepGoing hides from the library when the limit is renewed, where this
// answer was the last that it allows: the library would refuse the next request
// by itself, and it is for us to wait.
func keepGoing(answer *http.Response) {
	if answer.StatusCode < 400 && answer.Header.Get("X-RateLimit-Remaining") == "0" {
		answer.Header.Del("X-RateLimit-Reset")
	}
}

// lies refuses an answer that says it went well and is not valid JSON, as proxies and
// status pages send.
func lies(answer *http.Response, body []byte) error {
	if answer.StatusCode >= 300 || answer.StatusCode == http.StatusNoContent {
		return nil
	}
	start := bytes.TrimSpace(body)
	if len(start) > 0 && (start[0] == '{' || start[0] == '[' || start[0] == '"') {
		return nil
	}
	return fmt.Errorf("status %d with a body that is not valid JSON (%s)", answer.StatusCode, answer.Header.Get("Content-Type"))
}

func broken(answer *http.Response, err error) bool {
	return err != nil || answer.StatusCode >= 500
}

// neverSent tells a request that did not get as far as a connection.
func neverSent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

func ambiguous(answer *http.Response, err error) error {
	if err == nil {
		answer.Body.Close()
		err = fmt.Errorf("status %d", answer.StatusCode)
	}
	return &AmbiguousError{err}
}

// minPause is what GitHub asks for after a secondary limit that names no
// time; it grows with each refusal.
const minPause = 60 * time.Second

// limited reports whether a rate limit refused the request, and how long to wait:
// Retry-After, else until the primary limit's reset, else a minute and more.
func (r *retrier) limited(answer *http.Response, refused int) (time.Duration, string) {
	if answer == nil || answer.StatusCode != http.StatusForbidden && answer.StatusCode != http.StatusTooManyRequests {
		return 0, ""
	}
	if after, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && after >= 0 {
		return time.Duration(max(after, 1)) * time.Second, "secondary"
	}
	if answer.Header.Get("X-RateLimit-Remaining") == "0" {
		if reset, err := strconv.ParseInt(answer.Header.Get("X-RateLimit-Reset"), 10, 64); err == nil {
			return max(time.Unix(reset, 0).Sub(r.clock())+time.Second, time.Second), "primary"
		}
	}
	if answer.StatusCode == http.StatusTooManyRequests || isSecondary(answer) {
		return minPause << min(refused, 5), "secondary"
	}
	return 0, ""
}

func isSecondary(answer *http.Response) bool {
	body, _ := io.ReadAll(answer.Body)
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return strings.Contains(strings.ToLower(string(body)), "secondary rate limit")
}
