package web

import (
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
