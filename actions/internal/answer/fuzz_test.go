package answer

import (
	"testing"
	"time"
)

// FuzzDecode holds that whatever a server answers, no entry is taken that lacks
// what was asked for or that cannot be.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `{"nodes":[` + good(1) + `,null]}`, `{"nodes":[` + good(1, "2026", "9999") + `]}`, `{"nodes":[` + good(1, `:1`, `:-1`) + `]}`, `{"nodes":[{"data":{"data":{}}}]}`} {
		f.Add([]byte(seed))
	}
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		var got struct{ Nodes []entry }
		lacks, err := Decode(body, &got, Options{Now: now})
		if err == nil && got.Nodes == nil {
			t.Error("no list, and no error")
		}
		for _, e := range got.Nodes {
			if e.Number <= 0 || e.Count.Total < 0 || e.At.Before(earliest) || e.At.After(now.Add(24*time.Hour)) || e.Replies == nil {
				t.Errorf("taken: %+v", e)
			}
		}
		for _, l := range lacks {
			if l.String() == "" || l.Why == "" {
				t.Errorf("a lack without a reason: %+v", l)
			}
		}
	})
}
