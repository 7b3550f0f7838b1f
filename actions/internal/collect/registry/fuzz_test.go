package registry

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// FuzzAnswers holds that whatever a registry answers to each request, nothing is
// taken that cannot be: no count below zero, no version without a name or of a
// time to come.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `[]`, `{"crate":{"id":"caro"},"versions":[{"num":"1.0.0","created_at":"2026-01-20T09:00:00Z","downloads":3,"yanked":false,"id":1}]}`,
		`{"versions":[{"num":"1.0.0","created_at":"9999-01-20T09:00:00Z","downloads":-3,"yanked":null}]}`,
		`{"version_downloads":[{"version":1,"downloads":5,"date":"2026-01-20"}],"meta":{"extra_downloads":[{"date":"2026-01-20","downloads":2}]}}`,
		`{"name":"caro","time":{"created":"2026-01-01T00:00:00Z","1.0.0":"2026-01-20T09:00:00Z"},"versions":{"1.0.0":{}}}`,
		`{"downloads":[{"day":"2026-01-20","downloads":7}]}`,
	} {
		f.Add([]byte(seed))
	}
	world := fake.New(fake.Options{})
	f.Cleanup(world.Close)
	f.Fuzz(func(t *testing.T, body []byte) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
		defer server.Close()
		for _, r := range All() {
			found, err := read(t, r, world, "caro", server.URL)
			if err != nil {
				continue
			}
			for _, v := range found.Versions {
				if v.Version == "" || v.Downloads < 0 || v.CreatedAt.After(world.Now().Add(24*time.Hour)) {
					t.Errorf("%s: taken: %+v", r.Name, v)
				}
			}
			for _, d := range found.Downloads {
				if d.Downloads < 0 {
					t.Errorf("%s: taken: %+v", r.Name, d)
				}
			}
		}
	})
}
