// Package web reads documents from servers that are not GitHub: politely, one
// request after another, and again where a server is busy or broken.
package web

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/answer"
	"github.com/aftercare/aftercare/actions/internal/redirect"
)

// Client reads from one server. It is not safe for concurrent use: two requests
// are apart by at least Pause.
type Client struct {
	HTTP  *http.Client
	Agent string // who we are, and how to reach us
	Sleep func(context.Context, time.Duration) error
	// Pause is what lies between two requests.
	Pause time.Duration
	// Max is how many bytes an answer may have; 0 stands for 32 MiB.
	Max   int64
	asked bool
}

const (
	webTries = 3
	// maxAnswer is how many bytes an answer may have where Max says nothing: more
	// than any that is read.
	maxAnswer = 32 << 20
	// maxWait is the longest that a server may make us wait.
	maxWait = 2 * time.Minute
)

// ErrAbsent is a 404, or a 410.
var ErrAbsent = errors.New("it is not there (404)")

// Get reads one address into a value, strictly (package answer): an answer that
// lacks what the value names is an error, and so is a time after now plus a day.
// The lacks are entries of lists that could not be read. Its errors are a
// sentence's second half.
func (w *Client) Get(ctx context.Context, address string, header http.Header, now time.Time, into any) ([]answer.Lack, error) {
	body, err := w.Body(ctx, address, header)
	if err != nil {
		return nil, err
	}
	lacks, err := answer.Decode(body, into, answer.Options{Now: now})
	if err != nil {
		return nil, fmt.Errorf("its answer is not what its description says: %w", err)
	}
	return lacks, nil
}

// Body reads one address, again where the server is busy or broken.
func (w *Client) Body(ctx context.Context, address string, header http.Header) ([]byte, error) {
	for try := 1; ; try++ {
		if w.asked && w.Pause > 0 {
			if err := w.Sleep(ctx, w.Pause); err != nil {
				return nil, err
			}
		}
		w.asked = true
		body, wait, err := w.once(ctx, address, header)
		if err == nil || wait == 0 || try == webTries || ctx.Err() != nil {
			return body, err
		}
		if wait > maxWait {
			return nil, fmt.Errorf("%w; it wants to be left alone for %s", err, wait)
		}
		if err := w.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// once asks a single time; the wait is how long until it is worth asking again,
// 0 where it is not.
func (w *Client) once(ctx context.Context, address string, header http.Header) ([]byte, time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", w.Agent)
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json")
	}
	said, err := w.client(header).Do(req)
	if err != nil {
		if redirect.Refused(err) {
			return nil, 0, Cause(err)
		}
		return nil, time.Second, fmt.Errorf("it does not answer: %w", Cause(err))
	}
	defer said.Body.Close()
	most := cmp.Or(w.Max, maxAnswer)
	body, err := io.ReadAll(io.LimitReader(said.Body, most+1))
	switch {
	case err != nil:
		return nil, time.Second, fmt.Errorf("its answer broke off: %w", err)
	case int64(len(body)) > most:
		return nil, 0, fmt.Errorf("its answer is over %d MiB", most>>20)
	case said.StatusCode == http.StatusNotFound || said.StatusCode == http.StatusGone:
		return nil, 0, ErrAbsent
	case said.StatusCode == http.StatusTooManyRequests || said.StatusCode >= 500:
		return nil, after(said), fmt.Errorf("it answers %d", said.StatusCode)
	case said.StatusCode != http.StatusOK:
		return nil, 0, fmt.Errorf("it answers %d: %s", said.StatusCode, saying(body))
	}
	return body, 0, nil
}

// client follows redirects wherever they lead, unless the request carries a
// credential.
func (w *Client) client(header http.Header) *http.Client {
	if header.Get("Authorization") == "" {
		return w.HTTP
	}
	return redirect.Guard(w.HTTP)
}

// Cause is the error of a request without its address, which the sentence that
// it stands in names in people's words.
func Cause(err error) error {
	var asked *url.Error
	if errors.As(err, &asked) {
		return asked.Err
	}
	return err
}

// after is how long a busy server wants to be left alone: in seconds, or until
// a time, by its own clock.
func after(said *http.Response) time.Duration {
	wanted := said.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(wanted); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 86_400)) * time.Second
	}
	until, err := http.ParseTime(wanted)
	now, errNow := http.ParseTime(said.Header.Get("Date"))
	if err == nil && errNow == nil && until.After(now) {
		return until.Sub(now)
	}
	return 2 * time.Second
}

// saying is the beginning of a refusal, on one line.
func saying(body []byte) string {
	text := string(bytes.ToValidUTF8(body, []byte("?")))
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 120 {
		text = strings.ToValidUTF8(text[:120], "") + "…"
	}
	return text
}
