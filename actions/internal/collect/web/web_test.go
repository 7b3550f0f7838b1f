package web

import (
	"io"
	"net/http"
	"testing"
	"time"
)

func TestABusyServerSaysForHowLong(t *testing.T) {
	for _, c := range []struct {
		name, wanted, date string
		want               time.Duration
	}{
		{"seconds", "7", "", 7 * time.Second},
		{"a time, by its own clock", "Tue, 27 Jan 2026 09:01:30 GMT", "Tue, 27 Jan 2026 09:01:00 GMT", 30 * time.Second},
		{"a time that is over", "Tue, 27 Jan 2026 09:00:00 GMT", "Tue, 27 Jan 2026 09:01:00 GMT", 2 * time.Second},
		{"more seconds than there are", "9999999999999", "", 24 * time.Hour},
		{"nothing", "", "", 2 * time.Second},
		{"below zero", "-5", "", 2 * time.Second},
	} {
		got := after(&http.Response{Header: http.Header{"Retry-After": {c.wanted}, "Date": {c.date}}})
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// spaces is a transport that answers with n spaces.
type spaces int64

func (n spaces) RoundTrip(req *http.Request) (*http.Response, error) {
	body := io.LimitReader(endless{}, int64(n))
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(body), Request: req}, nil
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// An answer is read up to Max bytes, or up to 32 MiB.
func TestBody_StopsAtMax(t *testing.T) {
	for _, c := range []struct {
		max  int64
		size spaces
		want string
	}{
		{0, 32 << 20, ""},
		{0, 32<<20 + 1, "its answer is over 32 MiB"},
		{1 << 20, 1 << 20, ""},
		{1 << 20, 1 << 40, "its answer is over 1 MiB"},
	} {
		w := &Client{HTTP: &http.Client{Transport: c.size}, Max: c.max}
		body, err := w.Body(t.Context(), "http://127.0.0.1", nil)
		if c.want == "" && (err != nil || len(body) != int(c.size)) || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("%d bytes of at most %d: %d, %v; want %q", c.size, c.max, len(body), err, c.want)
		}
	}
}
