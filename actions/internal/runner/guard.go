package runner

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// guard keeps the run's secrets out of what is sent to servers as JSON, and out
// of what servers answer: one that echoes a request's header would otherwise put
// a token into pages, messages and the cache. Credentials in headers and forms
// pass, since they are how the run signs in.
type guard struct {
	next   http.RoundTripper
	redact func(string) string
}

// RoundTrip sends the request without secrets in its body.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil && strings.Contains(req.Header.Get("Content-Type"), "json") {
		body, err := io.ReadAll(req.Body)
		req.Body.Close()
		if err != nil {
			return nil, err
		}
		if clean := g.redact(string(body)); clean != string(body) {
			body = []byte(clean)
		}
		req = req.Clone(req.Context())
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	}
	answer, err := g.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	answer.Status = g.redact(answer.Status)
	for _, values := range answer.Header {
		for i, v := range values {
			values[i] = g.redact(v)
		}
	}
	answer.Body = &answerBody{from: answer.Body, redact: g.redact}
	return answer, nil
}

// maxGuarded is how much of an answer is searched, in bytes. What is longer is
// an export or a listing, and no echo.
const maxGuarded = 8 << 20

// answerBody is the body of an answer without secrets. It is read when it is
// asked for.
type answerBody struct {
	from   io.ReadCloser
	redact func(string) string
	clean  io.Reader // nil before the first Read
}

func (b *answerBody) Read(p []byte) (int, error) {
	if b.clean == nil {
		src, err := io.ReadAll(io.LimitReader(b.from, maxGuarded))
		b.clean = io.MultiReader(strings.NewReader(b.redact(string(src))), b.from)
		if err != nil {
			b.clean = io.MultiReader(strings.NewReader(b.redact(string(src))), brokenReader{err})
		}
	}
	return b.clean.Read(p)
}

func (b *answerBody) Close() error { return b.from.Close() }

// brokenReader is a reader that ends with an error.
type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }
